package sandbox

// registerFulfil binds the operations of fulfillment.
func registerFulfil(r *registry) {
	r.serve("GET "+documentPrefix+"{name}", serveDocument)

	r.handle("fulfillment.SearchPackage", searchPackages)
	r.handle("fulfillment.GetPackageDetail", getPackage)
	r.handle("fulfillment.GetEligibleShippingService", queryShippingServices)
	r.handle("fulfillment.CreatePackagesV202309", createPackages)
	r.handle("fulfillment.CreatePackages", createPackages)
	r.handle("fulfillment.SchedulePackageHandover", schedulePackage)
	r.handle("fulfillment.GetHandoverTimeSlots", getOrderSlots)
	r.handle("fulfillment.GetPackageHandoverTimeSlots", getPackageSlots)
	r.handle("fulfillment.ShipPackage", shipPackage)
	r.handle("fulfillment.BatchShipPackages", shipPackages)
	r.handle("fulfillment.MarkPackageAsShipped", markAsShipped)
	r.handle("fulfillment.GetOrderSplitAttributes", getSplitAttributes)
	r.handle("fulfillment.SplitOrders", splitOrder)
	r.handle("fulfillment.SearchCombinablePackages", searchCombinable)
	r.handle("fulfillment.CombinePackage", combinePackages)
	r.handle("fulfillment.UncombinePackages", uncombinePackage)
	r.handle("fulfillment.GetPackageShippingDocument", getShippingDocument)
	r.handle("fulfillment.GetTracking", getTracking)
	r.handle("fulfillment.UpdateShippingInfo", updateOrderShipping)
	r.handle("fulfillment.UpdatePackageShippingInfo", updatePackageShipping)
	r.handle("fulfillment.UpdatePackageDeliveryStatus", deliverPackages)
	r.handle("fulfillment.FulfillmentUploadDeliveryImage", uploadDeliveryImage)
	r.handle("fulfillment.FulfillmentUploadDeliveryFile", uploadDeliveryFile)
	r.handle("fulfillment.TTSTrackingValidation", validateTracking)
	r.handle("fulfillment.CreateFirstMileBundleV202407", createBundle)
	r.handle("fulfillment.CreateFirstMileBundle", createBundle)
	r.handle("supply_chain.ConfirmPackageShipment", syncPackages)

	// The catalogue names no scope of these, or one that serves them only as well.
	r.scope("fulfillment.SchedulePackageHandover", "seller.fulfillment.basic")
	r.scope("fulfillment.GetHandoverTimeSlots", "seller.fulfillment.basic")
}
