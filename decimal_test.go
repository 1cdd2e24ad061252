package ttshop_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"testing/quick"

	"github.com/ttshop-go/ttshop"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]ttshop.Decimal{
		"0": "0", "25": "25", "25.00": "25.00", "-19.99": "-19.99", "+3": "3", "007.50": "7.50", "-0": "0", "-0.00": "0.00",
		"123456789012345678901234567890.1": "123456789012345678901234567890.1", "0.000000000000000000001": "0.000000000000000000001",
	} {
		if got, err := ttshop.ParseDecimal(text); err != nil || got != want {
			t.Errorf("ParseDecimal(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range notDecimals {
		if got, err := ttshop.ParseDecimal(text); err == nil || got != "" {
			t.Errorf("ParseDecimal(%q) = %q, %v, want an error", text, got, err)
		}
	}
}

var notDecimals = []string{
	"", " ", "-", "+", ".", "1.", ".5", "-.5", "much", "1/3", "0x10", "1_000", "1e9", "1e999999999", "1.2.3", "1-2", "--1", "+-1", "1,5", "1 000",
	" 1", "1 ", "١", "NaN", "Inf", "\x00",
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what string
		got  ttshop.Decimal
		want ttshop.Decimal
	}{
		{"add", ttshop.Decimal("25").Add("0.50"), "25.50"},
		{"add what a float loses", ttshop.Decimal("0.1").Add("0.2"), "0.3"},
		{"add to nothing", ttshop.Decimal("").Add("19.99"), "19.99"},
		{"nothing and nothing", ttshop.Decimal("").Add(""), "0"},
		{"subtract", ttshop.Decimal("1").Sub("1.01"), "-0.01"},
		{"subtract to zero", ttshop.Decimal("-2.50").Sub("-2.5"), "0.00"},
		{"negate", ttshop.Decimal("19.90").Neg(), "-19.90"},
		{"times", ttshop.Decimal("19.99").Times(3), "59.97"},
		{"round up", ttshop.Decimal("1.005").Round(2), "1.01"},
		{"round down", ttshop.Decimal("1.0049").Round(2), "1.00"},
		{"round below zero", ttshop.Decimal("-1.005").Round(2), "-1.01"},
		{"round to whole", ttshop.Decimal("-0.4").Round(0), "0"},
		{"round to more", ttshop.Decimal("25").Round(2), "25.00"},
		{"round to fewer than none", ttshop.Decimal("25.5").Round(-1), "26"},
		{"sum", ttshop.Sum("1", "2.5", "", "-0.25"), "3.25"},
		{"sum of nothing", ttshop.Sum(), "0"},
		{"sum of large numbers", ttshop.Sum("999999999999999999999", "0.01"), "999999999999999999999.01"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if !ttshop.Decimal("25").Equal("25.00") || ttshop.Decimal("25").Cmp("25.00") != 0 || ttshop.Decimal("9").Cmp("10") != -1 || ttshop.Decimal("").Cmp("-1") != 1 {
		t.Error("Cmp or Equal compare texts")
	}
	for text, zero := range map[ttshop.Decimal]bool{"": true, "0": true, "-0.00": true, "0.001": false, "x": false} {
		if text.IsZero() != zero {
			t.Errorf("IsZero of %q = %v", text, !zero)
		}
	}
	for text, sign := range map[ttshop.Decimal]int{"": 0, "0.00": 0, "-0.01": -1, "5": 1, "x": 0} {
		if text.Sign() != sign {
			t.Errorf("Sign of %q = %d", text, text.Sign())
		}
	}
	if r, ok := ttshop.Decimal("-19.99").Rat(); !ok || r.FloatString(2) != "-19.99" {
		t.Errorf("Rat = %v, %v", r, ok)
	}
	for _, text := range notDecimals {
		if r, ok := ttshop.Decimal(text).Rat(); ok {
			t.Errorf("Rat of %q = %v", text, r)
		}
	}
}

// A text that is not a number spoils every result and names itself.
func TestDecimalInvalid(t *testing.T) {
	t.Parallel()
	spoilt := ttshop.Decimal("1,5")
	for what, got := range map[string]ttshop.Decimal{
		"left": spoilt.Add("1"), "right": ttshop.Decimal("1").Sub(spoilt), "times": spoilt.Times(0), "round": spoilt.Round(2),
		"sum": ttshop.Sum("1", spoilt, "2"), "twice": ttshop.Sum(spoilt.Add("1"), "2").Neg(), "part": ttshop.BasisPoints(100).Of(spoilt),
	} {
		if got != `NaN("1,5")` || got.Err() == nil || !strings.Contains(got.Err().Error(), `"1,5"`) {
			t.Errorf("%s: %q, %v", what, got, got.Err())
		}
	}
	if spoilt.Equal(spoilt) || spoilt.Cmp("-999") != -1 || ttshop.Decimal("0").Cmp(spoilt) != 1 || spoilt.Cmp("x") != 0 {
		t.Error("Cmp or Equal take it for a number")
	}
	if ttshop.Decimal("").Err() != nil || ttshop.Decimal("5").Err() != nil {
		t.Error("Err of a number")
	}
}

// Results are those of exact fractions.
func TestDecimalAgainstRat(t *testing.T) {
	t.Parallel()
	random := func(digits int64, huge uint64, scale uint8, wide bool) (ttshop.Decimal, *big.Rat) {
		n := big.NewInt(digits)
		if wide {
			n.Mul(n, new(big.Int).SetUint64(huge))
		}
		r := new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale%30)), nil))
		return ttshop.Decimal(r.FloatString(int(scale % 30))), r
	}
	agree := func(x, y int64, huge uint64, scaleX, scaleY uint8, wide bool, times int64, points int64) bool {
		a, ra := random(x, huge, scaleX, wide)
		b, rb := random(y, huge, scaleY, !wide)
		same := func(d ttshop.Decimal, want *big.Rat) bool {
			got, ok := d.Rat()
			return ok && got.Cmp(want) == 0
		}
		fraction := big.NewRat(points, 10000)
		rounded, _ := new(big.Rat).SetString(ra.FloatString(2))
		return same(a, ra) &&
			same(a.Add(b), new(big.Rat).Add(ra, rb)) &&
			same(a.Sub(b), new(big.Rat).Sub(ra, rb)) &&
			same(ttshop.Sum(a, b, a), new(big.Rat).Add(ra, new(big.Rat).Add(ra, rb))) &&
			same(a.Times(times), new(big.Rat).Mul(ra, new(big.Rat).SetInt64(times))) &&
			same(a.Round(2), rounded) &&
			same(ttshop.BasisPoints(points).Of(a), new(big.Rat).Mul(ra, fraction)) &&
			same(ttshop.BasisPointsText(fmt.Sprint(points)).Of(a), new(big.Rat).Mul(ra, fraction)) &&
			a.Cmp(b) == ra.Cmp(rb) && a.Equal(b) == (ra.Cmp(rb) == 0) &&
			a.Sign() == ra.Sign() && a.IsZero() == (ra.Sign() == 0) &&
			a.Add(b).Sub(b).Equal(a) && a.Add(b) == b.Add(a)
	}
	if err := quick.Check(agree, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, text := range append([]string{"19.99", "-0.00", "+007.5", "123456789012345678.9"}, notDecimals...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ttshop.ParseDecimal(text)
		if (err == nil) != (ttshop.Decimal(text).Err() == nil && text != "") {
			t.Fatalf("ParseDecimal(%q) and Err disagree", text)
		}
		if err != nil {
			if sum := ttshop.Sum("1", ttshop.Decimal(text)); text != "" && sum.Err() == nil {
				t.Fatalf("%q hides in the sum %s", text, sum)
			}
			return
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("ParseDecimal(%q) = %q, which is no number", text, d)
		}
		if got, ok := d.Rat(); !ok || got.Cmp(want) != 0 {
			t.Fatalf("ParseDecimal(%q) = %q", text, d)
		}
		if again, err := ttshop.ParseDecimal(string(d)); err != nil || again != d {
			t.Fatalf("ParseDecimal(%q) = %q, then %q, %v", text, d, again, err)
		}
		if !d.Equal(ttshop.Decimal(text)) || !d.Sub(ttshop.Decimal(text)).IsZero() {
			t.Fatalf("%q and %q are not equal", d, text)
		}
	})
}

func TestMoney(t *testing.T) {
	t.Parallel()
	pounds := func(amount ttshop.Decimal) ttshop.Money { return ttshop.Money{Amount: amount, Currency: "GBP"} }
	if got, err := ttshop.SumMoney(pounds("25"), pounds("0.5"), ttshop.Money{}); err != nil || got != pounds("25.5") || got.String() != "25.50 GBP" {
		t.Errorf("SumMoney = %v, %v", got, err)
	}
	if got, err := ttshop.SumMoney(); err != nil || !got.IsZero() || got.String() != "0" {
		t.Errorf("SumMoney of nothing = %v, %v", got, err)
	}
	if got, err := pounds("1").Sub(pounds("1.00")); err != nil || !got.IsZero() || got.Currency != "GBP" {
		t.Errorf("Sub = %v, %v", got, err)
	}
	if c, err := pounds("9").Cmp(pounds("10.00")); err != nil || c != -1 {
		t.Errorf("Cmp = %d, %v", c, err)
	}
	for what, err := range map[string]error{
		"currencies":     second(pounds("1").Add(ttshop.Money{Amount: "1", Currency: "EUR"})),
		"no currency":    second(pounds("1").Sub(ttshop.Money{Amount: "1"})),
		"compare":        second(pounds("1").Cmp(ttshop.Money{Amount: "1", Currency: "EUR"})),
		"no number":      second(pounds("1").Add(pounds("1,5"))),
		"compare spoilt": second(pounds("1").Cmp(pounds("1,5"))),
		"sum":            second(ttshop.SumMoney(pounds("1"), pounds("x"))),
		"too fine":       second(pounds("0.001").Minor()),
		"unknown":        second(ttshop.Money{Amount: "1", Currency: "XXX"}.Minor()),
		"too much":       second(pounds("92233720368547758.08").Minor()),
		"spoilt":         second(pounds("x").Minor()),
		"from unknown":   second(ttshop.MoneyOfMinor(1, "")),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	for units, amount := range map[int64]ttshop.Decimal{0: "0.00", 1: "0.01", -1999: "-19.99", 9223372036854775807: "92233720368547758.07"} {
		m, err := ttshop.MoneyOfMinor(units, "GBP")
		if err != nil || m != pounds(amount) {
			t.Errorf("MoneyOfMinor(%d) = %v, %v", units, m, err)
		}
		if back, err := m.Minor(); err != nil || back != units {
			t.Errorf("Minor of %v = %d, %v", m, back, err)
		}
	}
	for m, want := range map[ttshop.Money]string{
		pounds("25"): "25.00 GBP", pounds("0.125"): "0.125 GBP", {Amount: "495548", Currency: "IDR"}: "495548 IDR",
		{Amount: "5", Currency: "XXX"}: "5 XXX", {Currency: "GBP"}: "0.00 GBP", pounds("x"): "x GBP",
	} {
		if m.String() != want {
			t.Errorf("String = %q, want %q", m, want)
		}
	}
	if got := (ttshop.Money{Amount: "10.5", Currency: "JPY"}).Round(); got.Amount != "11" {
		t.Errorf("Round = %v", got)
	}
	if got := (ttshop.Money{Amount: "10.555", Currency: "XXX"}).Round(); got.Amount != "10.555" {
		t.Errorf("Round of an unknown currency = %v", got)
	}
}

func second[T any](_ T, err error) error { return err }

func TestRates(t *testing.T) {
	t.Parallel()
	type rate interface {
		Fraction() ttshop.Decimal
		Of(ttshop.Decimal) ttshop.Decimal
		fmt.Stringer
	}
	for text, rates := range map[string][]rate{
		"15.50%": {ttshop.BasisPoints(1550), ttshop.BasisPointsText("1550"), ttshop.PercentText("15.50"), ttshop.FractionText("0.1550")},
		"5%":     {ttshop.Percent(5), ttshop.PercentText("5"), ttshop.FractionText("0.05")},
		"0.00%":  {ttshop.BasisPoints(0), ttshop.BasisPointsText("0")},
		"-1.00%": {ttshop.BasisPoints(-100), ttshop.FractionText("-0.0100")},
		"":       {ttshop.BasisPointsText(""), ttshop.PercentText(""), ttshop.FractionText("")},
	} {
		for _, r := range rates {
			if r.String() != text {
				t.Errorf("%T %v is printed as %q, want %q", r, r.Fraction(), r, text)
			}
			if !r.Fraction().Equal(rates[0].Fraction()) || !r.Of("19.99").Equal(rates[0].Of("19.99")) {
				t.Errorf("%T: fraction %v, of 19.99 %v; %T: %v, %v", r, r.Fraction(), r.Of("19.99"), rates[0], rates[0].Fraction(), rates[0].Of("19.99"))
			}
		}
	}
	if got := ttshop.BasisPoints(1550).Of("19.99"); got != "3.098450" {
		t.Errorf("Of = %s", got)
	}
	if got := ttshop.PercentText("much"); got.Fraction().Err() == nil || got.String() != `NaN("much")%` {
		t.Errorf("a rate that is no number: %s", got)
	}
	if b, err := json.Marshal([]any{ttshop.BasisPoints(5), ttshop.PercentText("5")}); err != nil || string(b) != `[5,"5"]` {
		t.Errorf("on the wire: %s, %v", b, err)
	}
}

func ExampleDecimal() {
	var total ttshop.Decimal
	for _, amount := range []ttshop.Decimal{"25", "0.50", "-3.25"} {
		total = total.Add(amount)
	}
	fmt.Println(total, total.Equal("22.250"), total.Err())
	// Output: 22.25 true <nil>
}

func ExampleMoney() {
	price := ttshop.Money{Amount: "19.99", Currency: "GBP"}
	fee := ttshop.BasisPoints(1550).Of(price.Amount)
	rest, err := price.Sub(ttshop.Money{Amount: fee, Currency: "GBP"})
	fmt.Println(rest.Round(), err)
	// Output: 16.89 GBP <nil>
}
