package sandbox

import (
	"slices"
	"strconv"
)

// Limits of the inventory search.
const (
	maxInventoryProducts = 100
	maxInventorySKUs     = 600
)

// inventoryError is the failure of one SKU of an inventory update. The others
// are updated.
type inventoryError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Detail  inventoryDetail `json:"detail"`
}

type inventoryDetail struct {
	SKUID       string       `json:"sku_id"`
	ExtraErrors []extraError `json:"extra_errors"`
}

func updateInventory(c *call) *failure {
	var input struct {
		SKUs []struct {
			ID        string       `json:"id"`
			Inventory []stockInput `json:"inventory"`
		} `json:"skus"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.SKUs) == 0 {
		return missing("skus")
	}
	seen := map[string]bool{}
	for _, s := range input.SKUs {
		switch {
		case s.ID == "":
			return missing("skus.id")
		case seen[s.ID]:
			return fail(codeSKURepeated, "SKU ", s.ID, " occurs twice")
		case len(s.Inventory) == 0:
			return missing("skus.inventory")
		}
		seen[s.ID] = true
		for _, place := range s.Inventory {
			if place.Quantity == nil {
				return missing("skus.inventory.quantity")
			}
		}
	}
	// The shop may be left out here: the product tells which it is.
	if c.shop == nil {
		owner := c.state.world.owners.of(c.param(0))
		if owner == nil || !slices.Contains(c.grant.shops, owner) {
			return fail(codeProductUnknown, "no product has the id ", c.param(0))
		}
		c.shop = owner
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	p, f := findProduct(c, c.param(0))
	if f != nil {
		return f
	}
	if p.status == productFreeze || p.status == productDeleted {
		return fail(codeProductStatus, "stock cannot change in the state ", p.status, " of product ", p.id)
	}
	var problems []inventoryError
	for _, s := range input.SKUs {
		if problem := setStock(c, p, s.ID, s.Inventory); problem != nil {
			problems = append(problems, *problem)
		}
	}
	if len(problems) < len(input.SKUs) {
		p.updated = c.now.Unix()
	}
	if problems != nil {
		c.json(struct {
			Errors []inventoryError `json:"errors"`
		}{problems})
	}
	return nil
}

// setStock sets the stock of one SKU. The request has to name all warehouses of
// the SKU; the only one may go unnamed.
func setStock(c *call, p *product, skuID string, inputs []stockInput) *inventoryError {
	problem := func(f *failure, extra ...extraError) *inventoryError {
		if extra == nil {
			extra = []extraError{}
		}
		return &inventoryError{f.code, f.message, inventoryDetail{skuID, extra}}
	}
	if p.live.sku(skuID) == nil && p.review.sku(skuID) == nil {
		if c.state.world.owners.of(skuID) != nil {
			return problem(fail(codeSKUForeign, "SKU ", skuID, " is not one of product ", p.id))
		}
		return problem(fail(codeSKUUnknown, "no SKU has the id ", skuID))
	}
	places := slices.Clone(p.stock[skuID])
	var extra []extraError
	var first *failure
	named := map[string]bool{}
	for i := range inputs {
		in := &inputs[i]
		if in.WarehouseID == "" {
			if len(places) != 1 || len(inputs) != 1 {
				return problem(fail(codeWarehouseMissing, "'warehouse_id' is needed where a SKU has several warehouses"))
			}
			in.WarehouseID = places[0].warehouse
		}
		at := slices.IndexFunc(places, func(s stock) bool { return s.warehouse == in.WarehouseID })
		f := checkWarehouse(c.shop, c, in.WarehouseID)
		switch {
		case f != nil:
		case named[in.WarehouseID]:
			f = fail(codeWarehouseSet, "warehouse ", in.WarehouseID, " occurs twice")
		case at < 0:
			f = fail(codeWarehouseSet, "warehouse ", in.WarehouseID, " is not one of the SKU's")
		default:
			f = checkQuantity(c.sb.settings, *in.Quantity)
		}
		named[in.WarehouseID] = true
		if f != nil {
			if first == nil {
				first = f
			}
			extra = append(extra, extraError{f.code, f.message, in.WarehouseID})
			continue
		}
		places[at].set(in)
	}
	if first != nil {
		return problem(first, extra...)
	}
	if len(named) < len(places) {
		return problem(fail(codeWarehouseMissing, "all warehouses of SKU ", skuID, " must be listed"))
	}
	moveStock(c.shop, p.id, skuID, stockSet, c.now.Unix(), func() { p.stock[skuID] = places })
	return nil
}

// checkQuantity holds a stock to the documented range from 1 to 99999. That 0
// is refused on the platform too is hard to believe, since a seller has to be
// able to sell out, so refusing it is a switch.
func checkQuantity(c settings, quantity int64) *failure {
	least := int64(0)
	if c.strictQuantity {
		least = minQuantity
	}
	if quantity < least || quantity > maxQuantity {
		return fail(codeQuantity, "'quantity' must be from ", strconv.Itoa(int(least)), " to 99999")
	}
	return nil
}

type inventoryView struct {
	ProductID string             `json:"product_id"`
	SKUs      []inventorySKUView `json:"skus"`
}

type inventorySKUView struct {
	ID                     string                   `json:"id"`
	SellerSKU              string                   `json:"seller_sku"`
	TotalAvailableQuantity int64                    `json:"total_available_quantity"`
	TotalCommittedQuantity int64                    `json:"total_committed_quantity"`
	Distribution           distributionView         `json:"total_available_inventory_distribution"`
	WarehouseInventory     []warehouseInventoryView `json:"warehouse_inventory"`
}

type distributionView struct {
	InShopInventory quantityView `json:"in_shop_inventory"`
}

type quantityView struct {
	Quantity int64 `json:"quantity"`
}

type warehouseInventoryView struct {
	WarehouseID       string `json:"warehouse_id"`
	AvailableQuantity int64  `json:"available_quantity"`
	CommittedQuantity int64  `json:"committed_quantity"`
}

// searchInventory reads stock by SKU, or by product where no SKU is named. Ids
// that the shop does not have are left out.
func searchInventory(c *call) *failure {
	var input struct {
		ProductIDs []string `json:"product_ids"`
		SKUIDs     []string `json:"sku_ids"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	switch {
	case len(input.SKUIDs) > maxInventorySKUs:
		return fail(codeTooManySKUs, "'sku_ids' takes at most 600 ids")
	case len(input.ProductIDs) > maxInventoryProducts:
		return fail(codeTooManySKUs, "'product_ids' takes at most 100 ids")
	}
	wanted := input.ProductIDs
	if len(input.SKUIDs) > 0 {
		wanted = input.SKUIDs
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	views := []inventoryView{}
	if len(wanted) > 0 {
		for _, p := range productsOf(c.shop).list {
			view := inventoryView{ProductID: p.id, SKUs: []inventorySKUView{}}
			whole := len(input.SKUIDs) == 0 && slices.Contains(wanted, p.id)
			for i := range p.live.skus {
				if s := &p.live.skus[i]; whole || len(input.SKUIDs) > 0 && slices.Contains(wanted, s.id) {
					view.SKUs = append(view.SKUs, inventory(p, s))
				}
			}
			if len(view.SKUs) > 0 {
				views = append(views, view)
			}
		}
	}
	c.json(struct {
		Inventory []inventoryView `json:"inventory"`
	}{views})
	return nil
}

func inventory(p *product, s *sku) inventorySKUView {
	view := inventorySKUView{ID: s.id, SellerSKU: s.sellerSKU, WarehouseInventory: []warehouseInventoryView{}}
	for _, place := range p.stock[s.id] {
		view.TotalAvailableQuantity += place.available
		view.TotalCommittedQuantity += place.committed
		view.WarehouseInventory = append(view.WarehouseInventory, warehouseInventoryView{place.warehouse, place.available, place.committed})
	}
	view.Distribution.InShopInventory.Quantity = view.TotalAvailableQuantity
	return view
}
