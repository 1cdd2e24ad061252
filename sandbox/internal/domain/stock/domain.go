// Package stock reads and changes how much of a SKU lies in which warehouse, and
// announces every change.
package stock

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// Register binds the operations of stock.
func Register(r *gate.Registry) {
	r.BareBody(event.TypeInventoryChanged, bareInventory)

	r.Read("product.InventorySearch", searchInventory)

	// The request may leave the shop out; an id says which one to lock.
	r.Handle("product.UpdateInventory", updateInventory)

	r.Limit("sku_ids", gate.Limit{Code: codeTooManySKUs}, "product.InventorySearch")
	r.Limit("product_ids", gate.Limit{Code: codeTooManySKUs}, "product.InventorySearch")
	// A partial failure, and a switch decides on the zero.
	r.Limit("skus.inventory.quantity", gate.Limit{InOperation: true}, "product.UpdateInventory")
}
