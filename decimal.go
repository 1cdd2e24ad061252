package ttshop

import (
	"fmt"
	"math/big"
	"strings"
)

// Decimal is a decimal number as the platform writes amounts of money: text such
// as "19.99", or "495548" in a currency without decimals. The currency is a
// field beside it, see [Money]. It is never turned into a float.
//
// An empty Decimal counts as zero. Compare with [Decimal.Cmp] or
// [Decimal.Equal]: "25" and "25.00" are the same number, and == compares
// texts.
//
// What the platform sends is kept as it came. A text that is not a number makes
// every result that it goes into a text that is not a number either, such as
// NaN("1,5"), so that it cannot hide in a total; [Decimal.Err] tells.
type Decimal string

// nan starts the result of an operation on a text that is not a number.
const nan = "NaN("

// ParseDecimal returns the number in text: digits, with an optional sign and,
// between digits, a point. Exponents, fractions, other bases, underscores,
// commas and spaces are errors. The result has no plus and no leading zeros.
func ParseDecimal(text string) (Decimal, error) {
	n, ok := parseNumber(text)
	if !ok || text == "" {
		return "", fmt.Errorf("ttshop: %.60q is not a decimal number", text)
	}
	return n.decimal(), nil
}

// Err returns an error if d is neither a number nor empty.
func (d Decimal) Err() error {
	if _, ok := parseNumber(string(d)); ok {
		return nil
	}
	if text, ok := strings.CutPrefix(string(d), nan); ok {
		return fmt.Errorf("ttshop: computed with %s, which is not a decimal number", strings.TrimSuffix(text, ")"))
	}
	return fmt.Errorf("ttshop: %.60q is not a decimal number", string(d))
}

// Rat returns the exact number, or false if d is empty or no number.
func (d Decimal) Rat() (*big.Rat, bool) {
	n, ok := parseNumber(string(d))
	if !ok || d == "" {
		return nil, false
	}
	return new(big.Rat).SetFrac(n.digits, power(n.scale)), true
}

// Add returns d + other, with as many decimals as the longer of both has.
func (d Decimal) Add(other Decimal) Decimal { return combine(d, other, (*big.Int).Add) }

// Sub returns d - other, with as many decimals as the longer of both has.
func (d Decimal) Sub(other Decimal) Decimal { return combine(d, other, (*big.Int).Sub) }

// Neg returns -d.
func (d Decimal) Neg() Decimal { return Decimal("").Sub(d) }

// Times returns n times d, such as the price of n pieces.
func (d Decimal) Times(n int64) Decimal {
	a, ok := parseNumber(string(d))
	if !ok {
		return d.invalid()
	}
	return number{a.digits.Mul(a.digits, big.NewInt(n)), a.scale}.decimal()
}

// Round returns d with that many decimals: zeros are added, and what is cut off
// is rounded to the nearest, halves away from zero.
func (d Decimal) Round(decimals int) Decimal {
	n, ok := parseNumber(string(d))
	if !ok {
		return d.invalid()
	}
	return n.round(max(decimals, 0)).decimal()
}

// Cmp returns -1 if d is less than other, 0 if both are the same number, and 1
// if it is greater. What is not a number comes before all numbers, as in
// [cmp.Compare].
func (d Decimal) Cmp(other Decimal) int {
	a, ok := parseNumber(string(d))
	b, otherOK := parseNumber(string(other))
	switch {
	case !ok && !otherOK:
		return 0
	case !ok:
		return -1
	case !otherOK:
		return 1
	}
	a, b = align(a, b)
	return a.digits.Cmp(b.digits)
}

// Equal reports whether both are the same number. What is not a number equals
// nothing.
func (d Decimal) Equal(other Decimal) bool {
	_, ok := parseNumber(string(d))
	return ok && d.Cmp(other) == 0
}

// IsZero reports whether d is empty or the number zero. The JSON option omitzero
// goes by it and leaves out "0.00" too: omitempty leaves out what is empty.
func (d Decimal) IsZero() bool {
	n, ok := parseNumber(string(d))
	return ok && n.digits.Sign() == 0
}

// Sign returns -1, 0 or 1 for a number below, equal to or above zero, and 0 for
// what is not a number.
func (d Decimal) Sign() int {
	n, ok := parseNumber(string(d))
	if !ok {
		return 0
	}
	return n.digits.Sign()
}

// Sum returns the sum of amounts, zero if there are none. They must be of one
// currency: see [SumMoney] where that is not certain.
func Sum(amounts ...Decimal) Decimal {
	total := number{digits: new(big.Int)}
	for _, amount := range amounts {
		n, ok := parseNumber(string(amount))
		if !ok {
			return amount.invalid()
		}
		total, n = align(total, n)
		total.digits.Add(total.digits, n.digits)
	}
	return total.decimal()
}

// invalid returns the result of an operation on d, which is not a number.
func (d Decimal) invalid() Decimal {
	if strings.HasPrefix(string(d), nan) {
		return d
	}
	return Decimal(fmt.Sprintf("%s%.60q)", nan, string(d)))
}

func combine(d, other Decimal, operation func(z, x, y *big.Int) *big.Int) Decimal {
	a, ok := parseNumber(string(d))
	if !ok {
		return d.invalid()
	}
	b, ok := parseNumber(string(other))
	if !ok {
		return other.invalid()
	}
	a, b = align(a, b)
	return number{operation(a.digits, a.digits, b.digits), a.scale}.decimal()
}

// number is digits divided by ten to the power of scale.
type number struct {
	digits *big.Int
	scale  int
}

// parseNumber returns the number in a text, zero for an empty one.
func parseNumber(text string) (number, bool) {
	if text == "" {
		return number{digits: new(big.Int)}, true
	}
	unsigned := text
	if text[0] == '-' || text[0] == '+' {
		unsigned = text[1:]
	}
	whole, decimals, point := strings.Cut(unsigned, ".")
	if !onlyDigits(whole) || point && !onlyDigits(decimals) {
		return number{}, false
	}
	if len(unsigned) <= 18 {
		var small int64
		for i := range len(unsigned) {
			if unsigned[i] != '.' {
				small = small*10 + int64(unsigned[i]-'0')
			}
		}
		if text[0] == '-' {
			small = -small
		}
		return number{big.NewInt(small), len(decimals)}, true
	}
	digits, ok := new(big.Int).SetString(whole+decimals, 10)
	if !ok {
		return number{}, false
	}
	if text[0] == '-' {
		digits.Neg(digits)
	}
	return number{digits, len(decimals)}, true
}

// onlyDigits reports whether text has digits and nothing else.
func onlyDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// align gives two numbers one scale.
func align(a, b number) (number, number) {
	scale := max(a.scale, b.scale)
	return a.widen(scale), b.widen(scale)
}

// widen returns n with a scale that is not smaller than its own.
func (n number) widen(scale int) number {
	if scale == n.scale {
		return n
	}
	return number{n.digits.Mul(n.digits, power(scale-n.scale)), scale}
}

func (n number) round(scale int) number {
	if scale >= n.scale {
		return n.widen(scale)
	}
	divisor := power(n.scale - scale)
	half := new(big.Int).Rsh(divisor, 1)
	if n.digits.Sign() < 0 {
		half.Neg(half)
	}
	return number{n.digits.Quo(n.digits.Add(n.digits, half), divisor), scale}
}

// decimal returns the text of n, which never has a minus for zero.
func (n number) decimal() Decimal {
	text, sign := n.digits.String(), ""
	if n.scale == 0 {
		return Decimal(text)
	}
	if text[0] == '-' {
		text, sign = text[1:], "-"
	}
	if missing := n.scale + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	point := len(text) - n.scale
	return Decimal(sign + text[:point] + "." + text[point:])
}

// power returns ten to the power of n.
func power(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }
