package logistics

import (
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The names of the delivery options.
const (
	OptionStandard = "Standard Shipping"
	OptionEconomy  = "Economy Shipping"
	OptionExpress  = "Express Shipping"
	OptionSeller   = "Shipped by Seller"
)

// deliveryOption is a way in which orders reach buyers. Every shop has the same
// ones.
type deliveryOption struct{ ID, Name, kind, description string }

// DeliveryOptions are the ways in which orders are delivered.
func DeliveryOptions() []deliveryOption {
	return []deliveryOption{
		{"7091517284000111111", OptionStandard, "STANDARD", "Shipped by the platform's carriers in 3 to 6 days"},
		{"7091516284000111111", OptionEconomy, "ECONOMY", "Shipped by the platform's carriers in 5 to 10 days"},
		{"7091518284000111111", OptionExpress, "EXPRESS", "Shipped by the platform's carriers in 1 to 3 days"},
		{"7091519284000111111", OptionSeller, "SEND_BY_SELLER", "Shipped by the seller with a carrier of their choice"},
	}
}

type deliveryOptionLimits struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Type        string      `json:"type"`
	Description string      `json:"description"`
	Dimension   optionSize  `json:"dimension_limit"`
	Weight      optionRange `json:"weight_limit"`
	Platform    []string    `json:"platform"`
}

type optionSize struct {
	MaxLength int    `json:"max_length"`
	MaxWidth  int    `json:"max_width"`
	MaxHeight int    `json:"max_height"`
	Unit      string `json:"unit"`
}

type optionRange struct {
	Max  int    `json:"max_weight"`
	Min  int    `json:"min_weight"`
	Unit string `json:"unit"`
}

// getDeliveryOptions lists the delivery options of a warehouse, the same for
// both scopes. Warehouses for returns have none.
func getDeliveryOptions(c *gate.Call) *gate.Failure {
	w := c.Shop.Warehouse(c.Param(0))
	if w == nil {
		return warehouseUnknown(c.Param(0))
	}
	size, weight := optionSize{market.MaxPackageSide / 10, market.MaxPackageSide / 10, market.MaxPackageSide / 10, "CM"}, optionRange{market.MaxPackageGrams, 1, "GRAM"}
	if c.Shop.Market.Imperial {
		size, weight = optionSize{108, 108, 108, "INCH"}, optionRange{70, 1, "POUND"}
	}
	list := []deliveryOptionLimits{}
	for _, option := range DeliveryOptions() {
		if w.Kind == world.WarehouseSales {
			list = append(list, deliveryOptionLimits{option.ID, option.Name, option.kind, option.description, size, weight, []string{"TIKTOK_SHOP"}})
		}
	}
	c.JSON(struct {
		Options []deliveryOptionLimits `json:"delivery_options"`
	}{list})
	return nil
}

// getShippingProviders lists the carriers that a seller may ship with.
func getShippingProviders(c *gate.Call) *gate.Failure {
	type provider struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	for _, option := range DeliveryOptions() {
		switch {
		case option.ID != c.Param(0):
			continue
		case option.Name != OptionSeller:
			return gate.Fail(codeOptionPlatform, "the platform ships delivery option ", option.ID, ", ", option.Name)
		}
		list := []provider{}
		for _, by := range market.Carriers(c.Shop.Region) {
			list = append(list, provider{by.ID, by.Name})
		}
		c.JSON(struct {
			Providers []provider `json:"shipping_providers"`
		}{list})
		return nil
	}
	return gate.Fail(codeOptionUnknown, "the shop has no delivery option ", strconv.Quote(c.Param(0)))
}

// shippingTemplate is a template of a shop, made in Seller Center. Whose it is,
// template_party, is a number without a documented meaning.
type shippingTemplate struct {
	ID        string `json:"template_id"`
	Name      string `json:"template_name"`
	IsDefault bool   `json:"is_default"`
	Party     int    `json:"template_party"`

	grams, side float64 // that it takes, sides in millimetres
}

func shippingTemplates(s *world.Shop) []shippingTemplate {
	first := 7_300_000_000_000_000_000 + invent.Mix(s.World.Seed^invent.FNVOf("template", s.ID))%100_000_000_000_000_000
	id := func(n uint64) string { return strconv.FormatUint(first+n*1_048_573, 10) }
	return []shippingTemplate{
		{id(0), "Parcels", true, 1, market.MaxPackageGrams, market.MaxPackageSide},
		{id(1), "Letters", false, 1, 500, 350},
	}
}

type templateAvailability struct {
	Template  shippingTemplate      `json:"template"`
	Available bool                  `json:"template_is_available"`
	Reasons   []unreachableServices `json:"service_unreachable_reason"`
}

type unreachableServices struct {
	ServiceID string         `json:"service_id"`
	Reasons   []filterReason `json:"filter_reason"`
}

type filterReason struct {
	Type   string `json:"filter_type"`
	Reason string `json:"reason"`
}

// getShippingTemplates tells which templates suit a product. Its units are
// numbers without a documented meaning: here 2 stands for pounds and inches and
// everything else for grams and centimetres. How the reasons are called is not
// documented either.
func getShippingTemplates(c *gate.Call) *gate.Failure {
	type measured struct {
		Unit                          int `json:"unit"`
		Weight, Length, Width, Height string
	}
	var input struct {
		Product struct {
			Weight    measured `json:"weight"`
			Dimension measured `json:"dimension"`
		} `json:"product_attribute"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	read := func(name, value string, unit int, metric, imperial float64) (float64, *gate.Failure) {
		if value == "" {
			return 0, nil
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || !(n >= 0) {
			return 0, gate.Fail(gate.CodeInvalidParameter, "'product_attribute.", name, "' is not a number")
		}
		if unit == 2 {
			return n * imperial, nil
		}
		return n * metric, nil
	}
	in := input.Product
	grams, f := read("weight.weight", in.Weight.Weight, in.Weight.Unit, 1, 453.59237)
	if f != nil {
		return f
	}
	longest := 0.0
	for name, value := range map[string]string{"length": in.Dimension.Length, "width": in.Dimension.Width, "height": in.Dimension.Height} {
		side, f := read("dimension."+name, value, in.Dimension.Unit, 10, 25.4)
		if f != nil {
			return f
		}
		longest = max(longest, side)
	}
	list := []templateAvailability{}
	for _, template := range shippingTemplates(c.Shop) {
		var why []filterReason
		if grams > template.grams {
			why = append(why, filterReason{"WEIGHT", "the product is too heavy"})
		}
		if longest > template.side {
			why = append(why, filterReason{"DIMENSION", "the product is too large"})
		}
		shown := templateAvailability{Template: template, Available: why == nil, Reasons: []unreachableServices{}}
		if why != nil {
			shown.Reasons = append(shown.Reasons, unreachableServices{DeliveryOptions()[0].ID, why})
		}
		list = append(list, shown)
	}
	c.JSON(struct {
		Templates []templateAvailability `json:"templates"`
	}{list})
	return nil
}
