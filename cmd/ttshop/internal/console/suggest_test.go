package console

import (
	"slices"
	"strings"
	"testing"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ word, about, want string }{
		{"7495", "Bright Home (GB)", "7495\tBright Home (GB)"},
		{"7495", "", "7495"},
		{"GCP_a-b=", "Café 店", "GCP_a-b=\tCafé 店"},
		{"7495", "Red\x1b[31m\x07 shop", "7495\tRed\\u001b[31m\\u0007 shop"},
		{"7495", "one\ntwo\tthree\r", "7495\tone two three\\u000d"},
		{"7495", "gpj\u202eevil \xff", "7495\tgpj\\u202eevil \\xff"},
		{"7495", strings.Repeat("n", 200), "7495\t" + strings.Repeat("n", 66) + "…" + strings.Repeat("n", 33)},
		{"", "nothing", ""},
		{"7495\x1b[2J", "cleared", ""},
		{"7495\nother", "two lines", ""},
		{"$(reboot)", "run", ""},
		{"a b", "two words", ""},
	} {
		var want []string
		if tt.want != "" {
			want = []string{tt.want}
		}
		if got := Suggest(nil, tt.word, tt.about); !slices.Equal(got, want) {
			t.Errorf("%q, %q: %q, want %q", tt.word, tt.about, got, want)
		}
	}
}
