package sandbox

import (
	"strconv"
	"strings"
)

// region is what differs between markets.
type region struct {
	code     string
	locale   string
	currency string
	decimals int
	prefix   string // of codes, tokens and ciphers
	dialling string // country calling code
	zone     string // in which the market counts days

	// Prices that the market allows, in the smallest unit, ends included.
	priceMin, priceMax int64

	titleMin, titleMax int // in characters
	maxSKUs            int

	hold             bool // orders pause in ON_HOLD after the payment
	packageAtPayment bool // else packages begin with shipping
	cod              bool // cash on delivery
	southEastAsia    bool
	lineCancel       bool // sellers may cancel single lines
	imperial         bool // pounds and inches are accepted
	listPrice        bool // list prices are kept

	// The category trees that products may use; the first one is the default.
	categoryVersions []string
	weightUnits      []string
}

// regionOf returns the market of a region code. The sandbox has shops in three
// markets and no use for others.
func regionOf(code string) *region {
	switch code {
	case "US":
		return &region{
			code: "US", locale: "en-US", currency: "USD", decimals: 2, prefix: "TTP_", dialling: "1", zone: "America/Los_Angeles",
			priceMin: 1, priceMax: 7_600_00,
			titleMin: 1, titleMax: 255, maxSKUs: 300,
			hold: true, imperial: true, listPrice: true, lineCancel: true,
			categoryVersions: []string{"v2"},
			weightUnits:      []string{"KILOGRAM", "POUND"},
		}
	case "GB":
		return &region{
			code: "GB", locale: "en-GB", currency: "GBP", decimals: 2, prefix: "GCP_", dialling: "44", zone: "Europe/London",
			priceMin: 1, priceMax: 5_600_00,
			titleMin: 1, titleMax: 255, maxSKUs: 300,
			hold: true, packageAtPayment: true, lineCancel: true,
			categoryVersions: []string{"v1"},
			weightUnits:      []string{"KILOGRAM"},
		}
	case "VN":
		return &region{
			code: "VN", locale: "vi-VN", currency: "VND", decimals: 0, prefix: "ROW_", dialling: "84", zone: "Asia/Ho_Chi_Minh",
			priceMin: 1, priceMax: 180_000_000,
			titleMin: 25, titleMax: 255, maxSKUs: 100,
			packageAtPayment: true, cod: true, southEastAsia: true,
			// The documents name v1 for Vietnam on most operations and v2 on
			// product creation, so both are taken.
			categoryVersions: []string{"v1", "v2"},
			weightUnits:      []string{"KILOGRAM"},
		}
	}
	panic("sandbox: no market " + code)
}

// money writes an amount given in the smallest unit as a decimal string.
func (r *region) money(amount int64) string {
	if r.decimals == 0 {
		return strconv.FormatInt(amount, 10)
	}
	sign := ""
	if amount < 0 {
		sign, amount = "-", -amount
	}
	digits := strconv.FormatInt(amount, 10)
	if short := r.decimals + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - r.decimals
	return sign + digits[:point] + "." + digits[point:]
}

// parseMoney reads a decimal string with at most the currency's decimals.
func (r *region) parseMoney(s string) (int64, bool) {
	whole, fraction, hasPoint := strings.Cut(s, ".")
	if whole == "" || len(whole) > 15 || hasPoint && fraction == "" || len(fraction) > r.decimals {
		return 0, false
	}
	digits := whole + fraction + strings.Repeat("0", r.decimals-len(fraction))
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
	}
	amount, err := strconv.ParseInt(digits, 10, 64)
	return amount, err == nil
}

// cents reads an amount that the sandbox wrote itself. Absent is nothing.
func (r *region) cents(text string) int64 {
	if text == "" {
		return 0
	}
	amount, ok := r.parseMoney(text)
	if !ok {
		panic("sandbox: amount " + text + " of " + r.currency)
	}
	return amount
}
