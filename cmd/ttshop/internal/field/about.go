package field

import (
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// About returns the first sentence of a field's description, or nothing where
// it has none.
func About(f *catalog.Field) string {
	if f == nil || f.Description == nil {
		return ""
	}
	text := f.Description.Text
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i+1]
	}
	return text
}

// Suggestions returns the known values of a field, or of the items of a list,
// each with what it means where f is described.
func Suggestions(f *catalog.Field) []string {
	if f.Type == catalog.Boolean {
		return []string{"true", "false"}
	}
	values := f.Enum
	if f.Type == catalog.Array && f.Items != nil {
		values = f.Items.Enum
	}
	words := make([]string, len(values))
	for i, value := range values {
		about := ""
		if f.Description != nil {
			about = f.Description.Values[value]
		}
		words[i] = console.Suggestion(value, about)
	}
	return words
}
