package fulfillment

import (
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
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

func bought(v *trade.ShippingService) boughtService {
	return boughtService{v.ID, v.Name, v.Price, v.Currency, v.EarliestDays, v.LatestDays, v.ProviderID, v.ProviderName}
}

// measures are weight and size of a package in grams and millimetres.
type measures struct {
	grams                 float64
	length, width, height float64
}

// measure reads weight and size.
func measure(weight *trade.MeasuredWeight, size *trade.MeasuredSize) (measures, *gate.Failure) {
	var m measures
	switch {
	case weight == nil:
		return m, gate.Missing("weight")
	case size == nil:
		return m, gate.Missing("dimension")
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
			return m, gate.Missing(value.name)
		}
		unitName := strings.SplitN(value.name, ".", 2)[0] + ".unit"
		if value.unit == "" {
			return m, gate.Missing(unitName)
		}
		factor, ok := value.units[value.unit]
		if !ok {
			allowed := []string{"GRAM", "POUND"}
			if unitName == "dimension.unit" {
				allowed = []string{"CM", "INCH"}
			}
			return m, gate.NotAllowed(unitName, value.unit, allowed)
		}
		n, err := strconv.ParseFloat(value.text, 64)
		if err != nil || !(n > 0) || n > 1e9 {
			return m, gate.Fail(codeFieldRejected, "'", value.name, "' is not a positive number")
		}
		*value.to = n * factor
	}
	return m, nil
}

// shippingServices returns what the carriers of the market offer for a package,
// the default first.
func shippingServices(s *world.Shop, m measures) ([]trade.ShippingService, *gate.Failure) {
	if m.grams > market.MaxPackageGrams {
		return nil, gate.Fail(codeNoCarrierService, "no shipping service takes this weight")
	}
	if max(m.length, m.width, m.height) > market.MaxPackageSide {
		return nil, gate.Fail(codePackageLarge, "no shipping service takes this size")
	}
	var list []trade.ShippingService
	for i, by := range market.Carriers(s.Region) {
		for j, name := range []string{"Ground", "Express"} {
			cents := int64(395+60*i) + int64(m.grams)*int64(9+3*i)/100
			early, late := 3+i, 6+i
			if j == 1 {
				cents, early, late = cents*2, 1, 2+i
			}
			list = append(list, trade.ShippingService{
				ID:   by.ID[:15] + strconv.Itoa(1000+100*i+j), // stable, and unlike a provider's id
				Name: by.Name + " " + name, Price: s.Market.Money(product.LocalPrice(s.Market, cents)), Currency: s.Market.Currency,
				EarliestDays: early, LatestDays: late, ProviderID: by.ID, ProviderName: by.Name, IsDefault: i+j == 0,
			})
		}
	}
	return list, nil
}

// queryShippingServices tells for which services a label could be bought.
func queryShippingServices(c *gate.Call) *gate.Failure {
	var input struct {
		Lines     []string              `json:"order_line_item_ids"`
		Weight    *trade.MeasuredWeight `json:"weight"`
		Dimension *trade.MeasuredSize   `json:"dimension"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	measured, f := measure(input.Weight, input.Dimension)
	if f != nil {
		return f
	}
	o, f := trade.FindOrder(c, c.Param(0), codeForeignPackage)
	if f != nil {
		return f
	}
	lines, f := trade.PickLines(c.Shop, o, input.Lines)
	if f != nil {
		return f
	}
	if c.Shop.Market.PackageAtPayment || o.ShippingType != trade.ShippingTikTok {
		return gate.Fail(codeNoService, "no labels are sold for order ", o.ID)
	}
	services, f := shippingServices(c.Shop, measured)
	if f != nil {
		return f
	}
	c.JSON(struct {
		OrderID   string                  `json:"order_id"`
		Lines     []string                `json:"order_line_id"`
		Weight    *trade.MeasuredWeight   `json:"weight"`
		Dimension *trade.MeasuredSize     `json:"dimension"`
		Services  []trade.ShippingService `json:"shipping_services"`
	}{o.ID, lines, input.Weight, input.Dimension, services})
	return nil
}

// pickupSlot is a time at which the carrier could come. Its flag is spelt as on
// the wire.
type pickupSlot struct {
	trade.PickupWindow
	Available bool `json:"avaliable"`
}

// pickupSlots returns the slots of the three days to come, two a day in the
// market's own time. Which are taken follows from their time alone, so that a
// slot that was seen free stays free.
func pickupSlots(r *market.Region, now int64) []pickupSlot {
	offset := map[string]int64{"US": -8, "VN": 7, "BR": -3}[r.Code] * 3600
	const day = int64(24 * time.Hour / time.Second)
	midnight := (now+offset)/day*day - offset
	slots := []pickupSlot{}
	for i := int64(1); i <= 3; i++ {
		for _, hour := range []int64{9, 14} {
			start := midnight + i*day + hour*3600
			taken := invent.Mix(uint64(start))%5 == 0 && hour == 14
			slots = append(slots, pickupSlot{trade.PickupWindow{StartTime: start, EndTime: start + 4*3600}, !taken})
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
func handoverTimes(c *gate.Call) *gate.Failure {
	c.JSON(handoverView{
		CanDropOff: true, CanPickup: true,
		DropOffPointURL: c.BaseURL() + documentPrefix + dropOffPage,
		PickupSlots:     pickupSlots(c.Shop.Market, c.Now.Unix()),
	})
	return nil
}

// getPackageSlots shows the hand-over slots of a package.
func getPackageSlots(c *gate.Call) *gate.Failure {
	p := trade.Of(c.Shop).Packages[c.Param(0)]
	switch {
	case p == nil:
		return gate.Fail(codeFieldsRejected, "package ", c.Param(0), " does not exist or is not the shop's")
	case p.ShippingType != trade.ShippingTikTok:
		return gate.Fail(codeNoCarrierService, "package ", p.ID, " is shipped by the seller")
	}
	return handoverTimes(c)
}

// getOrderSlots shows the hand-over slots of an order that has no package yet.
func getOrderSlots(c *gate.Call) *gate.Failure {
	if f := c.WithShop(c.Param(0)); f != nil {
		return f
	}
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	o, f := trade.FindOrder(c, c.Param(0), codeFieldsRejected)
	if f != nil {
		return f
	}
	if _, f := trade.PickLines(c.Shop, o, c.List("order_line_item_ids")); f != nil {
		return f
	}
	if o.ShippingType != trade.ShippingTikTok {
		return gate.Fail(codeNoCarrierService, "order ", o.ID, " is shipped by the seller")
	}
	return handoverTimes(c)
}
