package sandbox

// registerLogistics binds the operations of logistics.
func registerLogistics(r *registry) {
	r.handle("logistics.GetWarehouseList", getWarehouses)
	r.handle("logistics.CreateWarehouse", createWarehouse)
	r.handle("logistics.UpdateWarehouse", updateWarehouse)
	r.handle("logistics.StandardizeWarehouseAddress", standardizeAddress)
	r.handle("logistics.GetGlobalSellerWarehouse", getGlobalWarehouses)
	r.handle("logistics.GetWarehouseDeliveryOptions", getDeliveryOptions)
	r.handle("logistics.GetShippingProviders", getShippingProviders)
	r.handle("logistics.GetAvailableShippingTemplate", getShippingTemplates)
}
