package recording

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// The forms of values that may stay.
var (
	word     = regexp.MustCompile(`^[A-Z]+(_[A-Z0-9]+)*$`)
	decimal  = regexp.MustCompile(`^-?\d{1,15}(\.\d{1,8})?%?$`)
	small    = regexp.MustCompile(`^-?\d{1,7}(\.\d{1,8})?%?$`) // no phone number, no number of a paper
	currency = regexp.MustCompile(`^[A-Z]{3}$`)
	region   = regexp.MustCompile(`^[A-Z]{2}$`)
	locale   = regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`)
	nothing  = regexp.MustCompile(`^[0.]*$`)
	link     = regexp.MustCompile(`^https?://`)
	member   = regexp.MustCompile(`^[a-z]+(_[a-z]+)*[0-9]?$`)
)

// The names of fields, by what they hold. Where two match, the first wins.
var (
	// secretName and personName are never kept, whatever the catalogue says.
	secretName = regexp.MustCompile(`(^|_)(token|secret|cipher|password|passwd|signature|sign|auth_code|app_key|cookie|open_id|union_id)s?($|_)`)
	personName = regexp.MustCompile(`(^|_)(name|nick_?name|username|first|last|email|phone|mobile|whatsapp|viber|tel|cpf|cnpj|rfc|iva|tax_(id|number|code)|postal|postcode|zip|zipcode|address|street|building|age|gender|birth(day)?|latitude|longitude|contact|message|note|remark|comment|avatar|bank|account|passport|license|licence|text|content|title|description)($|_|[0-9])`)
	plainID    = regexp.MustCompile(`(^|_)ids?$`)
	idName     = regexp.MustCompile(`(^|_)(code|number|sku|barcode|serial|key|uri|md5)s?$`)
	linkName   = regexp.MustCompile(`(^|_)(url|urls|link|links)$`)
	measure    = regexp.MustCompile(`(^|_)(amount|price|fee|fees|tax|total|subtotal|discount|rate|ratio|percent|percentage|quantity|count|weight|length|width|height|value|ctr|gmv|gpm|score|days|num|revenue|commission|threshold|limit)($|_)`)
	wordName   = regexp.MustCompile(`(^|_)(status|type|unit|level|mode|reason|role|method|result|platform|scope|source)s?$`)
)

// masker replaces what tells of people or gives access. The key is of one
// session and is kept nowhere, so that no replaced id leads back.
type masker struct {
	key   []byte
	items int // of a list that are kept
}

func newMasker(items int) *masker {
	key := make([]byte, 32)
	rand.Read(key)
	return &masker{key, items}
}

// data returns the masked copy of an object with the fields that the catalogue
// knows, none for an unknown operation.
func (m *masker) data(fields []catalog.Field, object map[string]any) any {
	texts := map[string]bool{}
	collect(object, texts)
	return m.object(fields, object, texts)
}

// collect gathers the texts of an answer, in lower case: none of them may be the
// name of a member that the catalogue does not know.
func collect(value any, into map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			collect(member, into)
		}
	case []any:
		for _, item := range v {
			collect(item, into)
		}
	case string:
		if v != "" {
			into[strings.ToLower(v)] = true
		}
	}
}

func (m *masker) object(fields []catalog.Field, object map[string]any, texts map[string]bool) map[string]any {
	masked := make(map[string]any, len(object))
	for i, name := range slices.Sorted(maps.Keys(object)) {
		field := named(fields, name)
		shown := name
		if field == nil && (len(name) > 48 || !member.MatchString(name) || texts[name]) {
			shown = fmt.Sprintf("member_%d", i+1) // the name may be a value
		}
		masked[shown] = m.value(field, name, object[name], texts)
	}
	return masked
}

func named(fields []catalog.Field, name string) *catalog.Field {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

// value masks a value. The field is nil where the catalogue knows none.
func (m *masker) value(field *catalog.Field, name string, value any, texts map[string]bool) any {
	switch v := value.(type) {
	case map[string]any:
		var fields []catalog.Field
		if field != nil {
			fields = field.Fields
		}
		return m.object(fields, v, texts)
	case []any:
		var items *catalog.Field
		if field != nil {
			items = field.Items
		}
		list := make([]any, 0, min(len(v), m.items))
		for _, item := range v[:min(len(v), m.items)] {
			list = append(list, m.value(items, name, item, texts))
		}
		return list
	case string:
		return m.text(field, name, v)
	case json.Number:
		return m.number(field, name, v)
	case bool:
		return v && field != nil
	}
	return value // null
}

// The replacements. They have the form of what they replace, as far as that says
// nothing.
const (
	maskedText   = "t"
	maskedSecret = "x"
	maskedLink   = "https://t"
	maskedTime   = "1700000000"
)

// text masks a text.
func (m *masker) text(field *catalog.Field, name, text string) string {
	known := field != nil
	switch {
	case nothing.MatchString(text):
		return text
	case secretName.MatchString(name):
		return maskedSecret
	case link.MatchString(text) || linkName.MatchString(name):
		return maskedLink
	case known && slices.Contains(field.Enum, text):
		return text
	case plainID.MatchString(name) && isID(text):
		return m.id(text)
	case known && isFact(field, name, text):
		return text
	case personName.MatchString(name):
		return maskedText
	case known && len(field.Enum) > 0 && isWord(text):
		return text // a value that the catalogue has not listed yet
	case idName.MatchString(name) && isID(text):
		return m.id(text)
	case known && measure.MatchString(name) && small.MatchString(text):
		return text
	case known && wordName.MatchString(name) && strings.Contains(text, "_") && isWord(text):
		return text
	}
	return maskedText
}

// isFact reports whether a text has the form of what its field is known to hold
// and tells of nobody: money, a time, a currency, a market, a language.
func isFact(field *catalog.Field, name, text string) bool {
	switch {
	case field.Kind == catalog.KindDecimal:
		return decimal.MatchString(text)
	case field.Kind != "":
		return isTime(text)
	case name == "currency" || strings.HasSuffix(name, "_currency"):
		return currency.MatchString(text)
	case name == "region" || name == "region_code" || strings.HasSuffix(name, "_region"):
		return region.MatchString(text)
	case name == "locale":
		return locale.MatchString(text)
	}
	return false
}

func isWord(text string) bool { return len(text) <= 48 && word.MatchString(text) }

// number masks a number.
func (m *masker) number(field *catalog.Field, name string, n json.Number) json.Number {
	text := n.String()
	known := field != nil && !secretName.MatchString(name) && !personName.MatchString(name)
	switch {
	case text == "0" || known && field.Kind != "":
		return n
	case (plainID.MatchString(name) || len(text) > 13) && isID(text):
		return json.Number(m.id(text))
	case known:
		return n
	case isTime(text):
		return json.Number(maskedTime + strings.Repeat("0", len(text)-len(maskedTime)))
	case strings.ContainsAny(text, ".eE"):
		return "0.5"
	}
	return "1"
}

// isTime reports whether digits may be a time in seconds or milliseconds.
func isTime(text string) bool {
	return (len(text) == 10 || len(text) == 13) && text[0] == '1' && strings.Trim(text, "0123456789") == ""
}

// isID reports whether a text has the form of an id: letters, digits and what
// joins them, without a space.
func isID(text string) bool {
	return len(text) <= 128 && strings.IndexFunc(text, func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("-_/.:", c))
	}) < 0
}

// id returns what stands for an id: of the same length, with a digit for each
// digit and a letter for each letter, and always the same for the same one.
func (m *masker) id(text string) string {
	mac := hmac.New(sha256.New, m.key)
	mac.Write([]byte(text))
	state := mac.Sum(nil)
	drawn := 0
	draw := func(n uint32) uint32 {
		if drawn == 8 {
			sum := sha256.Sum256(append(state, m.key...))
			state, drawn = sum[:], 0
		}
		v := binary.BigEndian.Uint32(state[4*drawn:])
		drawn++
		return v % n
	}
	masked := []byte(text)
	for i, c := range masked {
		switch {
		case c >= '0' && c <= '9' && i == 0:
			masked[i] = '1' + byte(draw(8)) // it fits an int64, and has no leading zero
		case c >= '0' && c <= '9':
			masked[i] = '0' + byte(draw(10))
		case c >= 'a' && c <= 'z':
			masked[i] = 'a' + byte(draw(26))
		case c >= 'A' && c <= 'Z':
			masked[i] = 'A' + byte(draw(26))
		}
	}
	return string(masked)
}
