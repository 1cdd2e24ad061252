// Package market has what differs by country: money, language, rules and carriers.
package market

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // markets count days in zones that a system may not know
)

// Region is what differs between markets.
type Region struct {
	Code     string
	Locale   string
	Currency string
	Decimals int
	Prefix   string // of codes, tokens and ciphers
	Dialling string // country calling code
	Zone     string // in which the market counts days

	// Prices that the market allows, in the smallest unit, ends included.
	PriceMin, PriceMax int64

	TitleMin, TitleMax int // in characters
	MaxSKUs            int

	PackageAtPayment bool // else packages begin with shipping
	ByPackage        bool // packages are split and combined before they are shipped, one by one
	LocalOnly        bool // nobody sells there from abroad
	Invoices         bool // no package is shipped without an invoice
	COD              bool // cash on delivery
	SouthEastAsia    bool
	LineCancel       bool // sellers may cancel single lines
	Imperial         bool // pounds and inches are accepted
	ListPrice        bool // list prices are kept

	TrackingHours int64 // in which a tracking number may be corrected; 0 for any time

	// The category trees that products may use; the first one is the default.
	CategoryVersions []string
	WeightUnits      []string
}

// Known tells whether there is a market of a region code.
func Known(code string) bool { return code == "US" || code == "GB" || code == "VN" || code == "BR" }

// RegionOf returns the market of a region code. The sandbox has shops in four
// markets and no use for others.
func RegionOf(code string) *Region {
	switch code {
	case "US":
		return &Region{
			Code: "US", Locale: "en-US", Currency: "USD", Decimals: 2, Prefix: "TTP_", Dialling: "1", Zone: "America/Los_Angeles",
			PriceMin: 1, PriceMax: 7_600_00,
			TitleMin: 1, TitleMax: 255, MaxSKUs: 300,
			Imperial: true, ListPrice: true, LineCancel: true, TrackingHours: 72,
			CategoryVersions: []string{"v2"},
			WeightUnits:      []string{"KILOGRAM", "POUND"},
		}
	case "GB":
		return &Region{
			Code: "GB", Locale: "en-GB", Currency: "GBP", Decimals: 2, Prefix: "GCP_", Dialling: "44", Zone: "Europe/London",
			PriceMin: 1, PriceMax: 5_600_00,
			TitleMin: 1, TitleMax: 255, MaxSKUs: 300,
			PackageAtPayment: true, LineCancel: true, TrackingHours: 72,
			CategoryVersions: []string{"v1"},
			WeightUnits:      []string{"KILOGRAM"},
		}
	case "VN":
		return &Region{
			Code: "VN", Locale: "vi-VN", Currency: "VND", Decimals: 0, Prefix: "ROW_", Dialling: "84", Zone: "Asia/Ho_Chi_Minh",
			PriceMin: 1, PriceMax: 180_000_000,
			TitleMin: 25, TitleMax: 255, MaxSKUs: 100,
			PackageAtPayment: true, ByPackage: true, COD: true, SouthEastAsia: true, TrackingHours: 72,
			// The documents name v1 for Vietnam on most operations and v2 on
			// product creation, so both are taken.
			CategoryVersions: []string{"v1", "v2"},
			WeightUnits:      []string{"KILOGRAM"},
		}
	case "BR":
		return &Region{
			Code: "BR", Locale: "pt-BR", Currency: "BRL", Decimals: 2, Prefix: "ROW_", Dialling: "55", Zone: "America/Sao_Paulo",
			PriceMin: 50, PriceMax: 10_000_00,
			TitleMin: 1, TitleMax: 300, MaxSKUs: 300,
			PackageAtPayment: true, ByPackage: true, LocalOnly: true, Invoices: true,
			// No document names the tree of Brazil, so both are taken.
			CategoryVersions: []string{"v1", "v2"},
			WeightUnits:      []string{"KILOGRAM"},
		}
	}
	panic("sandbox: no market " + code)
}

// Money writes an amount given in the smallest unit as a decimal string, without
// zeros at its end: "189.2", "39", "0". Answers of the platform were recorded so.
func (r *Region) Money(amount int64) string {
	if r.Decimals == 0 {
		return strconv.FormatInt(amount, 10)
	}
	sign := ""
	if amount < 0 {
		sign, amount = "-", -amount
	}
	digits := strconv.FormatInt(amount, 10)
	if short := r.Decimals + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - r.Decimals
	if fraction := strings.TrimRight(digits[point:], "0"); fraction != "" {
		return sign + digits[:point] + "." + fraction
	}
	return sign + digits[:point]
}

// ParseMoney reads a decimal string with at most the currency's decimals.
func (r *Region) ParseMoney(s string) (int64, bool) {
	whole, fraction, hasPoint := strings.Cut(s, ".")
	if whole == "" || len(whole) > 15 || hasPoint && fraction == "" || len(fraction) > r.Decimals {
		return 0, false
	}
	digits := whole + fraction + strings.Repeat("0", r.Decimals-len(fraction))
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
	}
	amount, err := strconv.ParseInt(digits, 10, 64)
	return amount, err == nil
}

// CheckMoney checks an amount in the currency of the market; an absent one is
// nothing.
func (r *Region) CheckMoney(amount string) error {
	if amount == "" {
		return nil
	}
	if _, ok := r.ParseMoney(amount); !ok {
		return fmt.Errorf("is %.40q, want an amount of %s", amount, r.Currency)
	}
	return nil
}

// Cents reads an amount that the sandbox wrote itself. Absent is nothing.
func (r *Region) Cents(text string) int64 {
	if text == "" {
		return 0
	}
	amount, ok := r.ParseMoney(text)
	if !ok {
		panic("sandbox: amount " + text + " of " + r.Currency)
	}
	return amount
}

// Location returns the time zone in which the market counts days.
func (r *Region) Location() *time.Location {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		panic("sandbox: " + err.Error()) // it is linked in
	}
	return zone
}
