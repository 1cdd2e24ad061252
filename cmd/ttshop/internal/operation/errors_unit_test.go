package operation

import (
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// Every code of the catalogue is told whole, in lines that fit a terminal.
func TestErrorsTellsEveryCode(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for _, code := range known.Codes() {
		var b strings.Builder
		if err := writeCode(&b, false, code, []string{"order.GetOrderList"}, false); err != nil {
			t.Fatal(err)
		}
		told := strings.Join(strings.Fields(b.String()), " ")
		want := []string{strconv.Itoa(code.Code), code.Meaning, code.Fix, code.Area, codeClass(code.Class), "order.GetOrderList"}
		for _, v := range code.Variants {
			want = append(want, v.When, v.Fix)
		}
		for _, part := range want {
			if !strings.Contains(told, strings.Join(strings.Fields(part), " ")) {
				t.Errorf("%d is told without %q:\n%s", code.Code, part, b.String())
			}
		}
		if repeatAdvice(code.Retry) == string(code.Retry) || sourceOf(code.Confidence) == code.Confidence {
			t.Errorf("%d: retry %q or confidence %q has no words", code.Code, code.Retry, code.Confidence)
		}
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > console.Width {
				t.Errorf("%d: a line has %d columns: %s", code.Code, n, line)
			}
		}
	}
}
