package importer

import (
	"regexp"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

var (
	unixExample  = regexp.MustCompile(`^1[5-9]\d{8}$`)
	milliExample = regexp.MustCompile(`^1[5-9]\d{11}$`)
	moneyExample = regexp.MustCompile(`^-?\d+(?:[.,]\d+)?$`)

	// timeName matches the names of points in time, and only those: a lead time or
	// a duration is not one.
	timeName = regexp.MustCompile(`(?:^|_)(?:time|date|timestamp|at|deadline|expire|expiration|until|start|end|since|due)(?:_(?:ge|gt|le|lt|from|to|start|end|utc))?$`)
	// pointName matches names that are points in time without an example to prove it.
	pointName = regexp.MustCompile(`(?:^|_)(?:arrive|arrived|create|end|publish|push|ship|start|update)_time(?:_(?:ge|gt|le|lt))?$`)
	unixText  = regexp.MustCompile(`(?i)unix|timestamp|epoch|seconds? since`)
	milliTxt  = regexp.MustCompile(`(?i)millisecond|\bms\b`)

	moneyName = regexp.MustCompile(`(?:^|_)(?:amount|price|prices|fee|fees|tax|taxes|cost|costs|subtotal|revenue|gmv|balance|discount|commission|subsidy|refund|gsv|aov)(?:_(?:ge|le|lt|gt|min|max|amount))?$`)
	// moneyNameBesideCurrency matches names that mean money only where a currency
	// stands beside them.
	moneyNameBesideCurrency = regexp.MustCompile(`(?:^|_)(?:value|total|payment|deduction_(?:platform|seller|platform_voucher))$`)
)

// kindOf distinguishes points in time from other numbers and amounts of money from
// other strings, by the name, the example and the prose of a field.
func kindOf(f *spec.Field, text, example string, beside map[string]schema) catalog.Kind {
	name, example := strings.ToLower(f.Name), strings.TrimSpace(example)
	switch f.Type {
	case catalog.Integer, catalog.String:
		if f.Type == catalog.Integer && f.Format != "int64" && f.Format != "int32" {
			return ""
		}
		switch {
		case f.Type == catalog.Integer && milliExample.MatchString(example) && (timeName.MatchString(name) || milliTxt.MatchString(text)),
			timeName.MatchString(name) && milliTxt.MatchString(text):
			return catalog.KindUnixMilli
		case unixExample.MatchString(example) && (timeName.MatchString(name) || strings.Contains(name, "time") || strings.Contains(name, "date")),
			f.Type == catalog.Integer && f.Format == "int64" && pointName.MatchString(name),
			timeName.MatchString(name) && unixText.MatchString(text) && (example == "" || example == "0" || unixExample.MatchString(example)):
			return catalog.KindUnix
		}
	}
	if f.Type == catalog.String && f.Enum == nil {
		_, currency := beside["currency"]
		switch number := moneyExample.MatchString(example); {
		case number && moneyName.MatchString(name),
			number && currency && moneyNameBesideCurrency.MatchString(name),
			example == "" && currency && strings.HasSuffix(name, "_price"):
			return catalog.KindDecimal
		}
	}
	return ""
}
