package apigen

import "github.com/ttshop-go/ttshop/catalog"

// neutral has what can be said of members of types that are shared so widely that
// no description holds for most of their uses: what a value is of, the field that
// holds it says.
var neutral = map[string]string{
	"amount":         "How much. What it is of, the field that holds it says.",
	"highest_amount": "The highest of the amounts.",
	"lowest_amount":  "The lowest of the amounts.",
	"maximum_amount": "The highest of the amounts.",
	"minimum_amount": "The lowest of the amounts.",
	"unit":           "Unit of the value beside it, as the field that holds both takes it.",
	"uri":            "URI that UploadProductImage answered, for the use case of the field that holds it.",
	"value":          "The value. What it is of, the field that holds it says.",
}

// majority returns the description that holds for the uses of a slot: the one of
// at least half of them or, where there is none, what holds for all.
func (s *slot) majority(best *catalog.Description, times, all int) *catalog.Description {
	text, ok := neutral[s.name]
	if 2*times >= all || !ok {
		return best
	}
	return &catalog.Description{Text: text}
}
