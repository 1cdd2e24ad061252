package importer

import (
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/internal/testdiff"
)

// A list that text or sample contradict is reported, one that agrees with them
// or that a person has settled is not.
func TestDoubts(t *testing.T) {
	t.Parallel()
	const status = `"status": {"type": "string", "description": "A sentence that must stay behind.\nPossible values:\n- NEW\n- OLD"}`
	field := func(text, sample string) string {
		return `"status": {"type": "string", "description": "` + text + `", "example": "` + sample + `"}`
	}
	at := "POST /toy/202309/toys/search body.status"
	for _, test := range []struct {
		name, field, override string
		want                  []Doubt
	}{
		{name: "text and list agree", field: status},
		{name: "sample in the list", field: field(`Possible values:\n- NEW\n- OLD`, "OLD")},
		{name: "another field is mentioned", field: field("Only if `maker` is set. Possible values:\\n- NEW\\n- OLD", "")},
		{
			name: "sample outside the list", field: field(`Possible values:\n- NEW\n- OLD`, "BROKEN"),
			want: []Doubt{{at, []string{"NEW", "OLD"}, []string{"BROKEN"}, "the sample is not in the list"}},
		},
		{
			name: "more in the text", field: field("`LOST_TOY` is a case of its own. Possible values:\\n- NEW\\n- OLD", ""),
			want: []Doubt{{at, []string{"NEW", "OLD"}, []string{"LOST_TOY"}, "the text has more"}},
		},
		{
			name: "values without a list", field: field("Such as NEW_TOY or OLD_TOY", "NEW_TOY"),
			want: []Doubt{{at, nil, []string{"NEW_TOY", "OLD_TOY"}, "the text has values and no list was read"}},
		},
		{
			name: "settled by hand", field: field(`Possible values:\n- NEW\n- OLD`, "BROKEN"),
			override: `{"` + at + `": {"enum": ["NEW", "OLD"], "reason": "r"}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document := strings.Replace(toyDocument, status, test.field, 1)
			shop := newToyshop(t, document, toyFacts, map[string]string{"fields.json": test.override})
			got, err := Doubts(shop.archive, shop.specDir)
			if err != nil {
				t.Fatal(err)
			}
			if diff := testdiff.Diff(test.want, got); diff != "" {
				t.Errorf("Doubts (-want +got):\n%s", diff)
			}
		})
	}
}
