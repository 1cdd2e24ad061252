package operation

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// examples returns examples of the operation's command: the minimum it needs and,
// for lists, how to fetch all of it. The ids are those of a sandbox; the other values
// are made up in the form that each field takes.
func (o *operationOptions) examples() string {
	command := "ttshop " + o.family.Command()
	if o.op.Version() != o.family.Versions[0].Version() {
		command += " --api-version " + o.op.Version()
	}
	if o.op.AssetCipher == catalog.RuleRequired {
		command += " --category-asset-cipher TTP_a7Yc0wAAAAB3kq9xLr"
	}
	for _, f := range o.fields {
		text, needed := o.exampleFlag(f)
		if !needed {
			continue
		}
		command += " --" + f.Name
		if f.Field.Type != catalog.Boolean {
			command += " " + console.ShellWord(text)
		}
	}
	lines := exampleLines(command)
	if o.op.Paging != nil {
		lines += "\n" + exampleLines(command+" --all --ndjson")
	}
	if market := exampleMarket(o.op); market != "" && o.op.ShopCipher != catalog.RuleAbsent {
		lines = "  # a shop in " + market + "; see ttshop use --help\n" + lines
	}
	return lines
}

// exampleLines breaks a command into lines that fit.
func exampleLines(command string) string {
	const indent, more = "  ", " \\\n    "
	words := strings.Split(command, " --")
	for i := 1; i < len(words); i++ {
		words[i] = "--" + words[i]
	}
	return indent + strings.Join(console.Wrap(words, " ", console.Width-len(more)), more)
}

// exampleText returns a value for a field as a flag takes it.
func exampleText(f *catalog.Field) string { return flagText(f, exampleValue(f)) }

// exampleValue returns a value for a field: the first that is known, within the
// limits; of an object only the required fields.
func exampleValue(f *catalog.Field) any {
	switch f.Type {
	case catalog.Boolean:
		return true
	case catalog.Integer, catalog.Number:
		switch {
		case f.Kind == catalog.KindUnix && endsRange(f.Name):
			return json.Number("1769817600")
		case f.Kind == catalog.KindUnix:
			return json.Number("1767225600")
		case f.Kind == catalog.KindUnixMilli:
			return json.Number("1767225600000")
		case f.Min != "" && f.Min != "0":
			return json.Number(f.Min)
		case strings.HasSuffix(f.Name, "_rate"):
			return json.Number("1000") // hundredths of a percent, where it is whole
		}
		return json.Number("1")
	case catalog.Array:
		if f.Items == nil {
			return []any{}
		}
		return []any{exampleValue(f.Items)}
	case catalog.Object:
		object := make(map[string]any)
		for i := range f.Fields {
			if f.Fields[i].Required {
				object[f.Fields[i].Name] = exampleValue(&f.Fields[i])
			}
		}
		return object
	case catalog.File:
		return "photo.png"
	}
	switch {
	case len(f.Enum) > 0:
		return f.Enum[0]
	case f.Kind == catalog.KindUnix && endsRange(f.Name):
		return "1769817600"
	case f.Kind == catalog.KindUnix:
		return "1767225600"
	case f.Kind == catalog.KindDecimal:
		return "9.90"
	case f.Min != "" && f.Min != "0":
		return f.Min
	}
	return fitLength(f, exampleWord(f))
}

// exampleWord returns a text of the kind that a field's name and description
// ask for.
func exampleWord(f *catalog.Field) string {
	name := f.Name
	ends := func(endings ...string) bool {
		return slices.ContainsFunc(endings, func(ending string) bool { return name == ending || strings.HasSuffix(name, "_"+ending) })
	}
	var d catalog.Description
	if f.Description != nil {
		d = *f.Description
	}
	switch {
	case len(d.Values) > 0:
		return slices.Min(slices.Collect(maps.Keys(d.Values)))
	case ends("phone_number_country_code"):
		return "+353"
	case name == "category_version":
		return "v1" // not in a list of values, but in its description
	case name == "status" && strings.Contains(d.Text, "products"):
		return "PUBLISHED" // likewise, of global products
	case d.Unit != "", strings.HasPrefix(name, "avg_"), ends("rate", "ratio", "weight", "weight_value", "length", "width", "height", "quantity"):
		return "1.5"
	case name == "", strings.HasSuffix(name, "id"), strings.HasSuffix(name, "ids"):
		return madeUpID
	case endsRange(name) && strings.Contains(name, "date"):
		return "2026-02-28"
	case ends("date", "date_ge", "date_lt"), strings.Contains(d.Format, "YYYY-MM-DD"):
		return "2026-01-31"
	case ends("url", "uri", "link", "address") && (name != "address" || strings.Contains(d.Text, "HTTPS")):
		return "https://shop.example.com/page"
	case strings.Contains(name, "currency"):
		return "GBP"
	case strings.Contains(d.Text, "of the EU"):
		return "DE"
	case ends("region", "region_code", "country", "country_code", "market"):
		return "GB"
	case ends("locale", "language", "language_code"):
		return "en-GB"
	case ends("email"):
		return "seller@example.com"
	case ends("phone", "phone_number", "local_number", "tel", "telephone"):
		return "7400123456"
	}
	return "text"
}

// endsRange reports whether a field is the end of a range by its name, so that the
// range of an example is not empty.
func endsRange(name string) bool {
	return strings.HasSuffix(name, "_lt") || strings.HasSuffix(name, "_le") || strings.HasPrefix(name, "end_") || strings.Contains(name, "_end_")
}

// fitLength cuts or pads a text to the limits of a field.
func fitLength(f *catalog.Field, text string) string {
	if f.MaxLength > 0 && len(text) > f.MaxLength {
		text = text[:f.MaxLength]
	}
	if len(text) < f.MinLength {
		text += strings.Repeat("x", f.MinLength-len(text))
	}
	return text
}
