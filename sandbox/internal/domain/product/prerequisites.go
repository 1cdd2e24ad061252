package product

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The things that are looked at before a shop may list, as the platform spells
// them.
const (
	itemStatus    = "SHOP_STATUS"
	itemTax       = "SHOP_TAX"
	itemPickup    = "PICKUP_WAREHOUSE"
	itemReturn    = "RETURN_WAREHOUSE"
	itemDelivery  = "DELIVERY_OPTION"
	itemTemplate  = "SHIPPING_TEMPLATE"
	itemQuantity  = "PRODUCT_QUANTITY_LIMIT"
	itemProducers = "EXTENDED_PRODUCER_RESPONSIBILITY"
	itemBank      = "BANk_ACCOUNT"
	itemContact   = "CONTACT_INFO"
)

// prerequisites are all of them, in the order of answers.
var prerequisites = []string{
	itemStatus, itemTax, itemPickup, itemReturn, itemDelivery, itemTemplate, itemQuantity, itemProducers, itemBank, itemContact,
}

// missing tells what stands between the shop and a listing, by what was looked
// at: its status, its warehouses, and the listings of the day where they are
// limited. All else is in order here. The shop's lock is held.
func missing(c *gate.Call) map[string][]string {
	found := map[string][]string{}
	has := func(kind string) bool {
		return slices.ContainsFunc(c.Shop.Warehouses, func(w world.Warehouse) bool { return w.Kind == kind && w.Status == world.WarehouseEnabled })
	}
	if status := c.Shop.Standing.Status; status != world.ShopActive {
		found[itemStatus] = []string{"the shop is " + status}
	}
	if !has(world.WarehouseSales) {
		found[itemPickup] = []string{"the shop has no " + world.WarehouseSales}
	}
	if !has(world.WarehouseReturn) {
		found[itemReturn] = []string{"the shop has no " + world.WarehouseReturn}
	}
	if most := c.Gate.Settings.ListingsPerDay; most > 0 && listedToday(c) >= most {
		found[itemQuantity] = []string{"the shop has reached its " + strconv.Itoa(most) + " listings of the day"}
	}
	return found
}

func getPrerequisites(c *gate.Call) *gate.Failure {
	type view struct {
		Item    string   `json:"check_item"`
		Failed  bool     `json:"is_failed"`
		Reasons []string `json:"fail_reasons"`
	}
	list, found := []view{}, missing(c)
	for _, item := range prerequisites {
		list = append(list, view{item, found[item] != nil, append([]string{}, found[item]...)})
	}
	c.JSON(struct {
		Results []view `json:"check_results"`
	}{list})
	return nil
}

// getPrerequisites202309 answers the same with a JSON text for each thing. What
// is in it is not documented; here it has the names of the later version.
func getPrerequisites202309(c *gate.Call) *gate.Failure {
	if f := c.WithShop(""); f != nil { // the cipher may be left out
		return f
	}
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	found := missing(c)
	text := func(item string) string {
		return string(gate.AppendJSON(nil, struct {
			Failed  bool     `json:"is_failed"`
			Reasons []string `json:"fail_reasons"`
		}{found[item] != nil, append([]string{}, found[item]...)}))
	}
	type rules struct {
		EPR      string `json:"epr"`
		Quantity string `json:"product_quantity_limit"`
	}
	type logistics struct {
		Delivery string `json:"delivery_option"`
		Pickup   string `json:"pickup_warehouse"`
		Return   string `json:"return_warehouse"`
		Template string `json:"shipping_template"`
	}
	type view struct {
		Bank      string    `json:"bank_account"`
		Contact   string    `json:"contact_info"`
		Rules     rules     `json:"gne"`
		Logistics logistics `json:"logistics"`
		Status    string    `json:"status"`
		Tax       string    `json:"tax_info"`
	}
	c.JSON(struct {
		Shop view `json:"shop"`
	}{view{
		text(itemBank), text(itemContact), rules{text(itemProducers), text(itemQuantity)},
		logistics{text(itemDelivery), text(itemPickup), text(itemReturn), text(itemTemplate)}, text(itemStatus), text(itemTax),
	}})
	return nil
}
