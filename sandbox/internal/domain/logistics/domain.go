// Package logistics has warehouses, delivery options and shipping providers.
package logistics

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of logistics.
func Register(r *gate.Registry) {
	r.Read("logistics.GetWarehouseList", getWarehouses)
	r.Handle("logistics.StandardizeWarehouseAddress", standardizeAddress)
	r.Handle("logistics.GetGlobalSellerWarehouse", getGlobalWarehouses)
	r.Read("logistics.GetWarehouseDeliveryOptions", getDeliveryOptions)
	r.Handle("logistics.GetShippingProviders", getShippingProviders)
	r.Handle("logistics.GetAvailableShippingTemplate", getShippingTemplates)

	// The request may leave the shop out; an id says which one to lock.
	r.Handle("logistics.CreateWarehouse", createWarehouse)
	r.Handle("logistics.UpdateWarehouse", updateWarehouse)
	r.Limit("warehouse.type", gate.Limit{Listed: true}, "logistics.CreateWarehouse", "logistics.UpdateWarehouse")
}
