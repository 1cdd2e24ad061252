package importer

import (
	"fmt"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// endpointFacts is what the reference pages say beyond the OpenAPI files. Paths
// of fields are dotted, "[]" marks an array.
type endpointFacts struct {
	Scopes        []string               `json:"scopes"`
	RequiredQuery []string               `json:"required_query"`
	OptionalQuery []string               `json:"optional_query"`
	RequiredBody  []string               `json:"required_body"`
	ErrorCodes    []int                  `json:"error_codes"`
	ShopCipher    string                 `json:"shop_cipher"`
	AssetCipher   string                 `json:"category_asset_cipher"`
	Limits        map[string]fieldLimits `json:"limits"`
}

type fieldLimits struct {
	Range     []string `json:"range"`
	Default   any      `json:"default"`
	MaxLength int      `json:"max_length"`
	MaxItems  int      `json:"max_items"`
}

func parseFacts(data []byte) (map[string]endpointFacts, error) {
	var file struct {
		Source    string                   `json:"source"`
		Endpoints map[string]endpointFacts `json:"endpoints"`
	}
	if err := spec.DecodeStrict(data, &file); err != nil {
		return nil, fmt.Errorf("decoding endpoint facts: %w", err)
	}
	return file.Endpoints, nil
}

// apply enters the facts of one endpoint into op. A fact about a field that op
// does not have is an error: the two sources have drifted apart.
func (facts endpointFacts) apply(op *spec.Operation) error {
	op.Scopes = facts.Scopes
	op.Codes = facts.ErrorCodes
	op.ShopCipher = factCipher(facts.ShopCipher)
	op.AssetCipher = factCipher(facts.AssetCipher)

	fields := map[string]*spec.Field{}
	op.WalkAll(func(path string, f *spec.Field) { fields[path] = f })
	for _, name := range facts.RequiredQuery {
		if ceremonial[name] {
			continue
		}
		f := fields["query."+strings.TrimSuffix(name, "[]")]
		if f == nil {
			return fmt.Errorf("required parameter %s is not in the OpenAPI files", name)
		}
		f.Required = true
	}
	for _, path := range facts.RequiredBody {
		f := fields["body."+strings.TrimSuffix(path, "[]")]
		if f == nil {
			return fmt.Errorf("required body field %s is not in the OpenAPI files", path)
		}
		f.Required = true
	}
	for path, limits := range facts.Limits {
		f := fields[strings.TrimSuffix(path, "[]")]
		if f == nil {
			return fmt.Errorf("limited field %s is not in the OpenAPI files", path)
		}
		limits.apply(f)
	}
	return nil
}

func (limits fieldLimits) apply(f *spec.Field) {
	if len(limits.Range) == 2 {
		f.Min, f.Max = strings.TrimRight(limits.Range[0], "."), strings.TrimRight(limits.Range[1], ".")
	}
	// A default of several words was cut to the first; what cannot be a value of
	// the field is left out.
	if value := cleanDefault(f.Leaf(), fmt.Sprint(limits.Default)); value != "" {
		f.Default = value
	}
	switch {
	case f.Type == catalog.Array:
		// The pages word the length of a list and of a text alike.
		f.MaxItems = max(limits.MaxItems, limits.MaxLength)
	case f.Type == catalog.Integer:
		// "At most 50" of a page size.
		if limit := max(limits.MaxItems, limits.MaxLength); limit > 0 && f.Max == "" {
			f.Max = fmt.Sprint(limit)
		}
	case limits.MaxLength > 0:
		f.MaxLength = limits.MaxLength
	}
}

func factCipher(rule string) catalog.Rule {
	if rule == "absent" {
		return catalog.RuleAbsent
	}
	return catalog.Rule(rule)
}

// ceremonial are the parameters that the client adds to every call.
var ceremonial = map[string]bool{"app_key": true, "sign": true, "timestamp": true, "shop_cipher": true, "category_asset_cipher": true}
