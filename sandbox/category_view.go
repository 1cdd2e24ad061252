package sandbox

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxDescription = 10000

// leaf returns a category that products can be in.
func leaf(c *call, id string) (*category, *failure) {
	node := catalogOf(c.state.world).byID[id]
	switch {
	case node == nil:
		return nil, fail(codeCategoryUnknown, "no category has the id ", id)
	case node.leaf == nil:
		return nil, fail(codeCategoryHasChildren, "category ", id, " has sub-categories, choose one of them")
	}
	return node, nil
}

// plainText reports whether a text is free of HTML entities, emoji and control
// characters. Line breaks are allowed.
func plainText(text string) bool {
	for i, r := range text {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
		case unicode.IsControl(r), r == utf8.RuneError:
			return false
		case r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2600 && r <= 0x27BF, r == 0xFE0F:
			return false
		case r == '&':
			name, _, ok := strings.Cut(text[i+1:], ";")
			if ok && name != "" && len(name) <= 8 && strings.IndexFunc(name, func(r rune) bool {
				return r != '#' && !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
			}) < 0 {
				return false
			}
		}
	}
	return true
}

type categoryView struct {
	ID        string `json:"id"`
	ParentID  string `json:"parent_id"`
	LocalName string `json:"local_name"`
	IsLeaf    bool   `json:"is_leaf"`
}

func categoryViews(chain []*category, locale string) []categoryView {
	views := make([]categoryView, len(chain))
	for i, node := range chain {
		views[i] = categoryView{node.id, "0", node.name.in(locale), node.leaf != nil}
		if node.parent != nil {
			views[i].ParentID = node.parent.id
		}
	}
	return views
}

// locale reads the language of names in an answer. Unknown ones fall back to
// English, as the world speaks two languages only.
func locale(c *call) string {
	if locale, _ := lookup(c.query, "locale"); locale != "" {
		return locale
	}
	if c.shop == nil {
		return "en-US"
	}
	return c.shop.region.locale
}
