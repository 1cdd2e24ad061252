package sandbox_test

import (
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// An operation whose announced end has passed goes on, unless the switch is
// set; before that day it is there in any case.
func TestSunset(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		now    string
		retire bool
		code   int
	}{
		{"after its end", "2026-08-15", false, 0},
		{"after its end, retired", "2026-08-15", true, 36009014},
		{"the day before, retired", "2026-08-14", true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.DateOnly, test.now)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, func(c *sandbox.Config) {
				c.Now = func() time.Time { return now }
				c.RetireSunsets = test.retire
			})
			w.now = now
			a := w.call(t, "GB", "GET", "/finance/202309/payments", "sort_field=create_time&page_size=5", "")
			if a.Code != test.code {
				t.Errorf("code %d: %s", a.Code, a.Message)
			}
			if a := w.call(t, "GB", "GET", "/finance/202309/statements", "sort_field=statement_time&page_size=5", ""); a.Code != 0 {
				t.Errorf("an operation without an end: code %d: %s", a.Code, a.Message)
			}
		})
	}
}
