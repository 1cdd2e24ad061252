package keep

import (
	"strings"
	"testing"
)

func TestDecodePlace(t *testing.T) {
	t.Parallel()
	type line struct {
		ID    string   `json:"id"`
		Tax   []int    `json:"tax"`
		Notes []string `json:"notes"`
	}
	type document struct {
		Orders []struct {
			Lines []line `json:"lines"`
		} `json:"orders"`
		Returns map[string]line `json:"returns"`
	}
	for _, test := range []struct{ raw, want string }{
		{`{"orders":[{"lines":[]},{"lines":[{"id":"1"},{"id":7}]}]}`, `orders[1].lines[1].id: is a JSON number, want string`},
		{`{"orders":[{"lines":[{"id":["x"]}]}]}`, `orders[0].lines[0].id: is a JSON array, want string`},
		{`{"orders":[{"lines":{"id":"x"}}]}`, `orders[0].lines: is a JSON object, want array`},
		{`{"orders":[{"lines":[{"tax":[1,2,"x",4]}]}]}`, `orders[0].lines[0].tax[2]: is a JSON string, want integer`},
		{`{"orders":[{"lines":[{"tax":[1,1e400]}]}]}`, `orders[0].lines[0].tax[1]: is a JSON number 1e400, want integer`},
		{`{"orders":[7]}`, `orders[0]: is a JSON number, want object`},
		{`{"returns":{"7100":{"id":"a\"]"},"72 00":{"notes":[true]}}}`, `returns["72 00"].notes[0]: is a JSON bool, want string`},
		{` [1]`, `is a JSON array, want object`},
		{`{"orders":[{"lines":[` + strings.Repeat(`{},`, maxElements) + `{}]}]}`, `orders[0].lines[524288]: is element 524289 of its list, want at most 524288`},
	} {
		var v document
		if err := Decode([]byte(test.raw), &v); err == nil || err.Error() != test.want {
			t.Errorf("%.80s: error %v, want %s", test.raw, err, test.want)
		}
	}
}

func FuzzPathAt(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":"c"},{"d e":[1,true,null]}]}`), int64(20))
	f.Add([]byte(`[]]`), int64(9))
	f.Fuzz(func(_ *testing.T, raw []byte, offset int64) { pathAt(raw, offset) })
}
