package ttshop

import (
	"fmt"
	"math/big"
)

// Money is an amount with its currency. Types of the packages below api that
// consist of an amount and its currency convert to it: ttshop.Money(price).
type Money struct {
	Amount   Decimal `json:"amount"`
	Currency string  `json:"currency"` // ISO 4217 code, such as GBP
}

// currencyDigits has the currencies of the platform's markets. Where the platform
// itself does not say how many decimals it writes, the number is that of the
// currency in daily use: Indonesia's rupiah is written without.
var currencyDigits = map[string]int{
	"BRL": 2, "EUR": 2, "GBP": 2, "IDR": 0, "JPY": 0, "MXN": 2, "MYR": 2, "PHP": 2, "SGD": 2, "THB": 2, "USD": 2, "VND": 0,
}

// CurrencyDigits returns how many decimals amounts of a currency have, or false
// for a currency of none of the platform's markets.
func CurrencyDigits(currency string) (int, bool) {
	digits, ok := currencyDigits[currency]
	return digits, ok
}

// MoneyOfMinor returns the money that is so many of a currency's smallest units,
// such as pence, or an error if the currency's digits are not known.
func MoneyOfMinor(units int64, currency string) (Money, error) {
	digits, ok := CurrencyDigits(currency)
	if !ok {
		return Money{}, unknownDigits(currency)
	}
	return Money{number{big.NewInt(units), digits}.decimal(), currency}, nil
}

// Minor returns the money in the currency's smallest units, such as pence. It is
// an error if the currency's digits are not known, or if the amount is not a number, is
// not whole in that unit, or does not fit.
func (m Money) Minor() (int64, error) {
	digits, ok := CurrencyDigits(m.Currency)
	if !ok {
		return 0, unknownDigits(m.Currency)
	}
	if err := m.Amount.Err(); err != nil {
		return 0, err
	}
	rounded := m.Amount.Round(digits)
	if !rounded.Equal(m.Amount) {
		return 0, fmt.Errorf("ttshop: %s has more than the %d decimals of its currency", m, digits)
	}
	n, _ := parseNumber(string(rounded))
	if !n.digits.IsInt64() {
		return 0, fmt.Errorf("ttshop: %s is too much for a number of 64 bits", m)
	}
	return n.digits.Int64(), nil
}

func unknownDigits(currency string) error {
	return fmt.Errorf("ttshop: the decimals of currency %.10q are not known", currency)
}

// Round returns the money rounded to the digits of its currency, halves away from
// zero. Money of a currency with unknown digits stays as it is.
func (m Money) Round() Money {
	if digits, ok := CurrencyDigits(m.Currency); ok {
		m.Amount = m.Amount.Round(digits)
	}
	return m
}

// Add returns m + other. It is an error if the currencies differ, or if an amount
// is not a number. The zero Money goes with any currency.
func (m Money) Add(other Money) (Money, error) {
	currency, err := m.with(other)
	if err != nil {
		return Money{}, err
	}
	return checked(Money{m.Amount.Add(other.Amount), currency})
}

// Sub returns m - other. It is an error if the currencies differ, or if an amount
// is not a number. The zero Money goes with any currency.
func (m Money) Sub(other Money) (Money, error) {
	currency, err := m.with(other)
	if err != nil {
		return Money{}, err
	}
	return checked(Money{m.Amount.Sub(other.Amount), currency})
}

// Cmp returns -1 if m is less than other, 0 if they are equal, and 1 if it is
// more. It is an error if the currencies differ, or if an amount is not a number.
func (m Money) Cmp(other Money) (int, error) {
	if _, err := m.with(other); err != nil {
		return 0, err
	}
	for _, amount := range []Decimal{m.Amount, other.Amount} {
		if err := amount.Err(); err != nil {
			return 0, err
		}
	}
	return m.Amount.Cmp(other.Amount), nil
}

// IsZero reports whether the amount is zero, in whatever currency.
func (m Money) IsZero() bool { return m.Amount.IsZero() }

// SumMoney returns the sum of amounts, the zero Money if there are none. It is an
// error if their currencies differ, or if an amount is not a number.
func SumMoney(amounts ...Money) (Money, error) {
	var total Money
	var err error
	for _, m := range amounts {
		if total, err = total.Add(m); err != nil {
			return Money{}, err
		}
	}
	return total, nil
}

// String returns amount and currency, such as 19.99 GBP, with at least the digits
// of the currency.
func (m Money) String() string {
	amount := m.Amount
	if n, ok := parseNumber(string(amount)); ok {
		digits := currencyDigits[m.Currency]
		amount = n.widen(max(n.scale, digits)).decimal()
	}
	if m.Currency == "" {
		return string(amount)
	}
	return string(amount) + " " + m.Currency
}

// with returns the currency of a result of m and other.
func (m Money) with(other Money) (string, error) {
	switch {
	case m.Currency == other.Currency:
		return m.Currency, nil
	case m.Currency == "" && m.IsZero():
		return other.Currency, nil
	case other.Currency == "" && other.IsZero():
		return m.Currency, nil
	}
	return "", fmt.Errorf("ttshop: %s and %s are not of one currency", m, other)
}

func checked(m Money) (Money, error) {
	if err := m.Amount.Err(); err != nil {
		return Money{}, err
	}
	return m, nil
}
