package mcp

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/ttshop-go/ttshop/catalog"
)

var (
	writtenName = regexp.MustCompile(`(^|_)(message|content|text|comment|remark|note|review|reply|description|bio|introduction|question|answer|caption)s?$`)
	ownText     = regexp.MustCompile(`^(seller_note|content_type|message_type|.*_(type|status|reason_code))$`)
	titleName   = regexp.MustCompile(`^(title|product_name|product_title|username|user_name|nick_?name|name)$`)
	foreign     = regexp.MustCompile(`Bestselling|Opportunit|External|Candidate|AuditingResearch|Review`)
	code        = regexp.MustCompile(`^[A-Z0-9_]+$|^[0-9.,:-]*$`)
)

// originOf returns who wrote the text in a field, or nothing where it is not free
// text of somebody else.
func originOf(op *catalog.Operation, name string) string {
	lower := strings.ToLower(name)
	if ownText.MatchString(lower) {
		return ""
	}
	strangers := strings.HasPrefix(op.Domain, "affiliate") || foreign.MatchString(op.Name)
	if !writtenName.MatchString(lower) && (!strangers || !titleName.MatchString(lower)) {
		return ""
	}
	switch {
	case strings.HasPrefix(op.Domain, "affiliate_partner"):
		return "partner"
	case strings.HasPrefix(op.Domain, "affiliate"):
		return "creator"
	case op.Domain == "order", op.Domain == "return_refund", op.Domain == "customer_service", op.Domain == "review_rating":
		return "buyer"
	}
	return "others"
}

// untrusted is text that is data, whatever it says.
func untrusted(text, origin string) map[string]any {
	return map[string]any{"untrusted_text": clean(text), "origin": origin}
}

// clean takes out what people do not see and models may read: control characters,
// marks of direction, tags and other characters without a shape.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF, r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// mark wraps text that others wrote, and cleans the rest. It changes v.
func (m *masker) mark(op *catalog.Operation, name string, v any) any {
	switch v := v.(type) {
	case string:
		if origin := originOf(op, name); origin != "" && !code.MatchString(v) {
			return untrusted(m.text(v), origin)
		}
		return clean(v)
	case map[string]any:
		for key, member := range v {
			v[key] = m.mark(op, key, member)
		}
	case []any:
		for i, item := range v {
			v[i] = m.mark(op, name, item)
		}
	}
	return v
}
