package sandbox

import (
	"strconv"
	"strings"
	"time"
)

// boughtService is a service as the answer to a purchase shows it.
type boughtService struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Price        string `json:"price"`
	Currency     string `json:"currency"`
	EarliestDays int    `json:"earliest_delivery_days"`
	LatestDays   int    `json:"latest_delivery_days"`
	ProviderID   string `json:"shipping_provider_id"`
	ProviderName string `json:"shipping_provider_name"`
}

func bought(v *shippingService) boughtService {
	return boughtService{v.ID, v.Name, v.Price, v.Currency, v.EarliestDays, v.LatestDays, v.ProviderID, v.ProviderName}
}

// measures are weight and size of a package in grams and millimetres.
type measures struct {
	grams                 float64
	length, width, height float64
}

// measure reads weight and size.
func measure(weight *measuredWeight, size *measuredSize) (measures, *failure) {
	var m measures
	switch {
	case weight == nil:
		return m, missing("weight")
	case size == nil:
		return m, missing("dimension")
	}
	for _, value := range []struct {
		name, text string
		units      map[string]float64
		unit       string
		to         *float64
	}{
		{"weight.value", weight.Value, map[string]float64{"GRAM": 1, "POUND": 453.59237}, weight.Unit, &m.grams},
		{"dimension.length", size.Length, map[string]float64{"CM": 10, "INCH": 25.4}, size.Unit, &m.length},
		{"dimension.width", size.Width, map[string]float64{"CM": 10, "INCH": 25.4}, size.Unit, &m.width},
		{"dimension.height", size.Height, map[string]float64{"CM": 10, "INCH": 25.4}, size.Unit, &m.height},
	} {
		if value.text == "" {
			return m, missing(value.name)
		}
		unitName := strings.SplitN(value.name, ".", 2)[0] + ".unit"
		if value.unit == "" {
			return m, missing(unitName)
		}
		factor, ok := value.units[value.unit]
		if !ok {
			allowed := []string{"GRAM", "POUND"}
			if unitName == "dimension.unit" {
				allowed = []string{"CM", "INCH"}
			}
			return m, notAllowed(unitName, value.unit, allowed)
		}
		n, err := strconv.ParseFloat(value.text, 64)
		if err != nil || !(n > 0) || n > 1e9 {
			return m, fail(codeFieldRejected, "'", value.name, "' is not a positive number")
		}
		*value.to = n * factor
	}
	return m, nil
}

// shippingServices returns what the carriers of the market offer for a package,
// the default first.
func shippingServices(s *shop, m measures) ([]shippingService, *failure) {
	if m.grams > maxPackageGrams {
		return nil, fail(codeNoCarrierService, "no shipping service takes this weight")
	}
	if max(m.length, m.width, m.height) > maxPackageSide {
		return nil, fail(codePackageLarge, "no shipping service takes this size")
	}
	var list []shippingService
	for i, by := range carriers(s.Region) {
		for j, name := range []string{"Ground", "Express"} {
			cents := int64(395+60*i) + int64(m.grams)*int64(9+3*i)/100
			early, late := 3+i, 6+i
			if j == 1 {
				cents, early, late = cents*2, 1, 2+i
			}
			list = append(list, shippingService{
				ID:   by.id[:15] + strconv.Itoa(1000+100*i+j), // stable, and unlike a provider's id
				Name: by.name + " " + name, Price: s.region.money(localPrice(s.region, cents)), Currency: s.region.currency,
				EarliestDays: early, LatestDays: late, ProviderID: by.id, ProviderName: by.name, IsDefault: i+j == 0,
			})
		}
	}
	return list, nil
}

// queryShippingServices tells for which services a label could be bought.
func queryShippingServices(c *call) *failure {
	var input struct {
		Lines     []string        `json:"order_line_item_ids"`
		Weight    *measuredWeight `json:"weight"`
		Dimension *measuredSize   `json:"dimension"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	measured, f := measure(input.Weight, input.Dimension)
	if f != nil {
		return f
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	o, f := findOrder(c, c.param(0), codeForeignPackage)
	if f != nil {
		return f
	}
	lines, f := pickLines(c.shop, o, input.Lines)
	if f != nil {
		return f
	}
	if c.shop.region.packageAtPayment || o.ShippingType != shippingTikTok {
		return fail(codeNoService, "no labels are sold for order ", o.ID)
	}
	services, f := shippingServices(c.shop, measured)
	if f != nil {
		return f
	}
	c.json(struct {
		OrderID   string            `json:"order_id"`
		Lines     []string          `json:"order_line_id"`
		Weight    *measuredWeight   `json:"weight"`
		Dimension *measuredSize     `json:"dimension"`
		Services  []shippingService `json:"shipping_services"`
	}{o.ID, lines, input.Weight, input.Dimension, services})
	return nil
}

// pickupSlot is a time at which the carrier could come. Its flag is spelt as on
// the wire.
type pickupSlot struct {
	pickupWindow
	Available bool `json:"avaliable"`
}

// pickupSlots returns the slots of the three days to come, two a day in the
// market's own time. Which are taken follows from their time alone, so that a
// slot that was seen free stays free.
func pickupSlots(r *region, now int64) []pickupSlot {
	offset := map[string]int64{"US": -8, "VN": 7}[r.code] * 3600
	const day = int64(24 * time.Hour / time.Second)
	midnight := (now+offset)/day*day - offset
	slots := []pickupSlot{}
	for i := int64(1); i <= 3; i++ {
		for _, hour := range []int64{9, 14} {
			start := midnight + i*day + hour*3600
			taken := mix(uint64(start))%5 == 0 && hour == 14
			slots = append(slots, pickupSlot{pickupWindow{start, start + 4*3600}, !taken})
		}
	}
	return slots
}

type handoverView struct {
	CanDropOff       bool         `json:"can_drop_off"`
	CanPickup        bool         `json:"can_pickup"`
	CanVanCollection bool         `json:"can_van_collection"`
	DropOffPointURL  string       `json:"drop_off_point_url"`
	PickupSlots      []pickupSlot `json:"pickup_slots"`
}

// handoverTimes answers with the ways in which the platform's carrier gets a
// package.
func handoverTimes(c *call) *failure {
	c.json(handoverView{
		CanDropOff: true, CanPickup: true,
		DropOffPointURL: c.baseURL() + documentPrefix + dropOffPage,
		PickupSlots:     pickupSlots(c.shop.region, c.now.Unix()),
	})
	return nil
}

// getPackageSlots shows the hand-over slots of a package.
func getPackageSlots(c *call) *failure {
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	p := tradeOf(c.shop).Packages[c.param(0)]
	switch {
	case p == nil:
		return fail(codeFieldsRejected, "package ", c.param(0), " does not exist or is not the shop's")
	case p.ShippingType != shippingTikTok:
		return fail(codeNoCarrierService, "package ", p.ID, " is shipped by the seller")
	}
	return handoverTimes(c)
}

// getOrderSlots shows the hand-over slots of an order that has no package yet.
func getOrderSlots(c *call) *failure {
	if f := c.withShop(c.param(0)); f != nil {
		return f
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	o, f := findOrder(c, c.param(0), codeFieldsRejected)
	if f != nil {
		return f
	}
	if _, f := pickLines(c.shop, o, c.list("order_line_item_ids")); f != nil {
		return f
	}
	if o.ShippingType != shippingTikTok {
		return fail(codeNoCarrierService, "order ", o.ID, " is shipped by the seller")
	}
	return handoverTimes(c)
}
