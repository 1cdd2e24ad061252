package apigen

import "slices"

// shared has the enums that several domains speak of and that package ttshop
// declares for all of them, so that what one domain answered can be given to
// another, with the values that it declares.
var shared = map[string][]string{
	"PackageStatus": {"CANCELLED", "COMPLETED", "FULFILLING", "PROCESSING", "TO_FULFILL"},
	"ShippingType":  {"SELLER", "TIKTOK"},
	"SortOrder":     {"ASC", "DESC"},
}

// shared reports whether package ttshop declares the enum. A domain that lists
// other values under the name keeps a type of its own.
func (e *enum) shared() bool {
	values := make([]string, 0, len(e.values))
	for _, v := range e.values {
		values = append(values, v.value)
	}
	slices.Sort(values)
	return len(values) > 0 && slices.Equal(values, shared[e.name])
}

// goType returns the name of the type as the package of the domain writes it.
func (e *enum) goType() string {
	if e.shared() {
		return "ttshop." + e.name
	}
	return e.name
}
