package market

import "testing"

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		region string
		amount int64
		want   string
	}{
		{"US", 0, "0"}, {"US", 3900, "39"}, {"US", 18920, "189.2"}, {"US", -4478, "-44.78"}, {"US", 5, "0.05"},
		{"US", -10, "-0.1"}, {"US", 100000, "1000"}, {"VN", 99000, "99000"}, {"VN", -32205, "-32205"}, {"VN", 0, "0"},
	} {
		r := RegionOf(c.region)
		got := r.Money(c.amount)
		if got != c.want {
			t.Errorf("%d in %s is written %q, want %q", c.amount, r.Currency, got, c.want)
		}
		if c.amount >= 0 {
			if back, ok := r.ParseMoney(got); !ok || back != c.amount {
				t.Errorf("%q is read as %d, want %d", got, back, c.amount)
			}
		}
	}
}
