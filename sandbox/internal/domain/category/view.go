package category

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// MaxDescription is the length of a product's description in characters.
const MaxDescription = 10000

// Leaf returns a category that products can be in.
func Leaf(c *gate.Call, id string) (*Category, *gate.Failure) {
	node := CatalogOf(c.State.World).ByID[id]
	switch {
	case node == nil:
		return nil, gate.Fail(codeCategoryUnknown, "no category has the id ", id)
	case node.Leaf == nil:
		return nil, gate.Fail(codeCategoryHasChildren, "category ", id, " has sub-categories, choose one of them")
	}
	return node, nil
}

// PlainText reports whether a text is free of HTML entities, emoji and control
// characters. Line breaks are allowed.
func PlainText(text string) bool {
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

// CategoryView is a category of a chain in answers.
type CategoryView struct {
	ID        string `json:"id"`
	ParentID  string `json:"parent_id"`
	LocalName string `json:"local_name"`
	IsLeaf    bool   `json:"is_leaf"`
}

// CategoryViews shows a chain of categories.
func CategoryViews(chain []*Category, locale string) []CategoryView {
	views := make([]CategoryView, len(chain))
	for i, node := range chain {
		views[i] = CategoryView{node.ID, "0", node.Name.In(locale), node.Leaf != nil}
		if node.Parent != nil {
			views[i].ParentID = node.Parent.ID
		}
	}
	return views
}

// Locale reads the language of names in an answer. Unknown ones fall back to
// English, as the world speaks two languages only.
func Locale(c *gate.Call) string {
	if locale, _ := wire.Lookup(c.Query, "locale"); locale != "" {
		return locale
	}
	if c.Shop == nil {
		return "en-US"
	}
	return c.Shop.Market.Locale
}
