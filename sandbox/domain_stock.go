package sandbox

import "github.com/ttshop-go/ttshop/webhook/event"

// registerStock binds the operations of stock.
func registerStock(r *registry) {
	r.bareBody(event.TypeInventoryChanged, bareInventory)

	r.handle("product.UpdateInventory", updateInventory)
	r.handle("product.InventorySearch", searchInventory)

	// A partial failure, and a switch decides on the zero.
	r.limit("skus.inventory.quantity", limit{inOperation: true}, "product.UpdateInventory")
}
