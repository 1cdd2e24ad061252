package ttshop

import "math/big"

// The platform writes rates in four ways. Each has a type of its own, so that
// what a number means is not a matter of memory; all give the same exact fraction.

// BasisPoints is a rate in hundredths of a percent: 1550 means 15.5 %.
type BasisPoints int64

// Fraction returns the rate as a fraction of one: 0.1550 for 15.5 %.
func (b BasisPoints) Fraction() Decimal { return number{big.NewInt(int64(b)), 4}.decimal() }

// Percent returns the rate in percent: 15.50 for 15.5 %.
func (b BasisPoints) Percent() Decimal { return number{big.NewInt(int64(b)), 2}.decimal() }

// Of returns the exact part of an amount, not rounded.
func (b BasisPoints) Of(amount Decimal) Decimal { return amount.Times(int64(b)).shift(4) }

// String returns the rate in percent, such as 15.50%.
func (b BasisPoints) String() string { return string(b.Percent()) + "%" }

// BasisPointsText is a rate in hundredths of a percent that the platform writes
// as text: "1550" means 15.5 %. Empty means none.
type BasisPointsText string

// Fraction returns the rate as a fraction of one: 0.1550 for 15.5 %.
func (b BasisPointsText) Fraction() Decimal { return Decimal(b).shift(4) }

// Percent returns the rate in percent: 15.50 for 15.5 %.
func (b BasisPointsText) Percent() Decimal { return Decimal(b).shift(2) }

// Of returns the exact part of an amount, not rounded.
func (b BasisPointsText) Of(amount Decimal) Decimal { return b.Fraction().times(amount) }

// String returns the rate in percent, such as 15.50%; nothing if there is none.
func (b BasisPointsText) String() string { return percent(string(b), b.Percent()) }

// Percent is a rate in whole percent: 5 means 5 %.
type Percent int64

// Fraction returns the rate as a fraction of one: 0.05 for 5 %.
func (p Percent) Fraction() Decimal { return number{big.NewInt(int64(p)), 2}.decimal() }

// Of returns the exact part of an amount, not rounded.
func (p Percent) Of(amount Decimal) Decimal { return amount.Times(int64(p)).shift(2) }

// String returns the rate, such as 5%.
func (p Percent) String() string { return string(number{digits: big.NewInt(int64(p))}.decimal()) + "%" }

// PercentText is a rate in percent that the platform writes as text: "5" means
// 5 %, "12.5" 12.5 %. Empty means none.
type PercentText string

// Fraction returns the rate as a fraction of one: 0.125 for 12.5 %.
func (p PercentText) Fraction() Decimal { return Decimal(p).shift(2) }

// Percent returns the rate in percent: 12.5 for 12.5 %.
func (p PercentText) Percent() Decimal { return Decimal(p).shift(0) }

// Of returns the exact part of an amount, not rounded.
func (p PercentText) Of(amount Decimal) Decimal { return p.Fraction().times(amount) }

// String returns the rate, such as 12.5%; nothing if there is none.
func (p PercentText) String() string { return percent(string(p), p.Percent()) }

// FractionText is a rate as a fraction of one that the platform writes as text:
// "0.05" means 5 %. Empty means none.
type FractionText string

// Fraction returns the rate as a fraction of one: 0.05 for 5 %.
func (f FractionText) Fraction() Decimal { return Decimal(f).shift(0) }

// Percent returns the rate in percent: 5.00 for the fraction 0.0500.
func (f FractionText) Percent() Decimal { return Decimal(f).shift(-2) }

// Of returns the exact part of an amount, not rounded.
func (f FractionText) Of(amount Decimal) Decimal { return f.Fraction().times(amount) }

// String returns the rate in percent, such as 5.00%; nothing if there is none.
func (f FractionText) String() string { return percent(string(f), f.Percent()) }

// percent prints a rate that is given in text.
func percent(text string, rate Decimal) string {
	if text == "" {
		return ""
	}
	return string(rate) + "%"
}

// shift returns d with the point moved to the left, or to the right if places
// is negative.
func (d Decimal) shift(places int) Decimal {
	n, ok := parseNumber(string(d))
	if !ok {
		return d.invalid()
	}
	n.scale += places
	if n.scale < 0 {
		n = number{n.digits.Mul(n.digits, power(-n.scale)), 0}
	}
	return n.decimal()
}

// times returns the product of d and other.
func (d Decimal) times(other Decimal) Decimal {
	a, ok := parseNumber(string(d))
	if !ok {
		return d.invalid()
	}
	b, ok := parseNumber(string(other))
	if !ok {
		return other.invalid()
	}
	return number{a.digits.Mul(a.digits, b.digits), a.scale + b.scale}.decimal()
}
