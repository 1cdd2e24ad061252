package stock

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// inventoryError is the failure of one SKU of an inventory update. The others
// are updated.
type inventoryError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Detail  inventoryDetail `json:"detail"`
}

type inventoryDetail struct {
	SKUID       string               `json:"sku_id"`
	ExtraErrors []product.ExtraError `json:"extra_errors"`
}

func updateInventory(c *gate.Call) *gate.Failure {
	var input struct {
		SKUs []struct {
			ID        string               `json:"id"`
			Inventory []product.StockInput `json:"inventory"`
		} `json:"skus"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.SKUs) == 0 {
		return gate.Missing("skus")
	}
	seen := map[string]bool{}
	for _, s := range input.SKUs {
		switch {
		case s.ID == "":
			return gate.Missing("skus.id")
		case seen[s.ID]:
			return gate.Fail(product.CodeSKURepeated, "SKU ", s.ID, " occurs twice")
		case len(s.Inventory) == 0:
			return gate.Missing("skus.inventory")
		}
		seen[s.ID] = true
		for _, place := range s.Inventory {
			if place.Quantity == nil {
				return gate.Missing("skus.inventory.quantity")
			}
		}
	}
	// The shop may be left out here: the product tells which it is.
	if c.Shop == nil {
		owner := c.State.World.Owners.Of(c.Param(0))
		if owner == nil || !slices.Contains(c.Grant.Shops, owner) {
			return gate.Fail(product.CodeProductUnknown, "no product has the id ", c.Param(0))
		}
		c.Shop = owner
	}
	c.Shop.Mu.Lock()
	defer c.Shop.Mu.Unlock()
	p, f := product.FindProduct(c, c.Param(0))
	if f != nil {
		return f
	}
	if p.Status == product.ProductFreeze || p.Status == product.ProductDeleted {
		return gate.Fail(product.CodeProductStatus, "stock cannot change in the state ", p.Status, " of product ", p.ID)
	}
	var problems []inventoryError
	for _, s := range input.SKUs {
		if problem := setStock(c, p, s.ID, s.Inventory); problem != nil {
			problems = append(problems, *problem)
		}
	}
	if len(problems) < len(input.SKUs) {
		p.Updated = c.Now.Unix()
	}
	if problems != nil {
		c.JSON(struct {
			Errors []inventoryError `json:"errors"`
		}{problems})
	}
	return nil
}

// setStock sets the stock of one SKU. The request has to name all warehouses of
// the SKU; the only one may go unnamed.
func setStock(c *gate.Call, p *product.Product, skuID string, inputs []product.StockInput) *inventoryError {
	problem := func(f *gate.Failure, extra ...product.ExtraError) *inventoryError {
		if extra == nil {
			extra = []product.ExtraError{}
		}
		return &inventoryError{f.Code, f.Message, inventoryDetail{skuID, extra}}
	}
	if p.Live.SKU(skuID) == nil && p.Review.SKU(skuID) == nil {
		if c.State.World.Owners.Of(skuID) != nil {
			return problem(gate.Fail(product.CodeSKUForeign, "SKU ", skuID, " is not one of product ", p.ID))
		}
		return problem(gate.Fail(product.CodeSKUUnknown, "no SKU has the id ", skuID))
	}
	if v := p.Live.SKU(skuID); v != nil && len(v.Combined) > 0 {
		return problem(gate.Fail(codeCombinedStock, "SKU ", skuID, " is a combined one: its stock follows that of its parts"))
	}
	places := slices.Clone(p.Stock[skuID])
	var extra []product.ExtraError
	var first *gate.Failure
	named := map[string]bool{}
	for i := range inputs {
		in := &inputs[i]
		if in.WarehouseID == "" {
			if len(places) != 1 || len(inputs) != 1 {
				return problem(gate.Fail(codeWarehouseMissing, "'warehouse_id' is needed where a SKU has several warehouses"))
			}
			in.WarehouseID = places[0].Warehouse
		}
		at := slices.IndexFunc(places, func(s product.Stock) bool { return s.Warehouse == in.WarehouseID })
		f := product.CheckWarehouse(c, c.Shop.Warehouses, in.WarehouseID)
		switch {
		case f != nil:
		case named[in.WarehouseID]:
			f = gate.Fail(product.CodeWarehouseSet, "warehouse ", in.WarehouseID, " occurs twice")
		case at < 0:
			f = gate.Fail(product.CodeWarehouseSet, "warehouse ", in.WarehouseID, " is not one of the SKU's")
		default:
			f = CheckQuantity(c.Gate.Settings, *in.Quantity)
		}
		named[in.WarehouseID] = true
		if f != nil {
			if first == nil {
				first = f
			}
			extra = append(extra, product.ExtraError{Code: f.Code, Message: f.Message, WarehouseID: in.WarehouseID})
			continue
		}
		places[at].Set(in)
	}
	if first != nil {
		return problem(first, extra...)
	}
	if len(named) < len(places) {
		return problem(gate.Fail(codeWarehouseMissing, "all warehouses of SKU ", skuID, " must be listed"))
	}
	MoveStock(c.Shop, p.ID, skuID, stockSet, c.Now.Unix(), func() { p.Stock[skuID] = places })
	return nil
}

// CheckQuantity holds a stock to the documented range from 1 to 99999. That 0
// is refused on the platform too is hard to believe, since a seller has to be
// able to sell out, so refusing it is a switch.
func CheckQuantity(c gate.Settings, quantity int64) *gate.Failure {
	least := int64(0)
	if c.StrictQuantity {
		least = product.MinQuantity
	}
	if quantity < least || quantity > product.MaxQuantity {
		return gate.Fail(product.CodeQuantity, "'quantity' must be from ", strconv.Itoa(int(least)), " to 99999")
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
func searchInventory(c *gate.Call) *gate.Failure {
	var input struct {
		ProductIDs []string `json:"product_ids"`
		SKUIDs     []string `json:"sku_ids"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	wanted := input.ProductIDs
	if len(input.SKUIDs) > 0 {
		wanted = input.SKUIDs
	}
	views := []inventoryView{}
	if len(wanted) > 0 {
		for _, p := range product.Of(c.Shop).List {
			view := inventoryView{ProductID: p.ID, SKUs: []inventorySKUView{}}
			whole := len(input.SKUIDs) == 0 && slices.Contains(wanted, p.ID)
			for i := range p.Live.SKUs {
				if s := &p.Live.SKUs[i]; whole || len(input.SKUIDs) > 0 && slices.Contains(wanted, s.ID) {
					view.SKUs = append(view.SKUs, Inventory(p, s))
				}
			}
			if len(view.SKUs) > 0 {
				views = append(views, view)
			}
		}
	}
	c.JSON(struct {
		Inventory []inventoryView `json:"inventory"`
	}{views})
	return nil
}

// Inventory shows the stock of a SKU.
func Inventory(p *product.Product, s *product.SKU) inventorySKUView {
	view := inventorySKUView{ID: s.ID, SellerSKU: s.SellerSKU, WarehouseInventory: []warehouseInventoryView{}}
	for _, place := range p.Stock[s.ID] {
		view.TotalAvailableQuantity += place.Available
		view.TotalCommittedQuantity += place.Committed
		view.WarehouseInventory = append(view.WarehouseInventory, warehouseInventoryView{place.Warehouse, place.Available, place.Committed})
	}
	view.Distribution.InShopInventory.Quantity = view.TotalAvailableQuantity
	return view
}
