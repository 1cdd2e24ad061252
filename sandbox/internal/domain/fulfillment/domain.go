// Package fulfillment answers the operations on packages: shipping, splitting and
// combining, labels and tracking. What happens to a package is decided in package
// trade.
package fulfillment

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of fulfillment.
func Register(r *gate.Registry) {
	r.Serve("GET "+documentPrefix+"{name}", serveDocument)

	r.Handle("fulfillment.SearchPackage", searchPackages)
	r.Handle("fulfillment.GetPackageDetail", getPackage)
	r.Handle("fulfillment.GetEligibleShippingService", queryShippingServices)
	r.Handle("fulfillment.CreatePackagesV202309", createPackages)
	r.Handle("fulfillment.CreatePackages", createPackages)
	r.Handle("fulfillment.SchedulePackageHandover", schedulePackage)
	r.Handle("fulfillment.GetHandoverTimeSlots", getOrderSlots)
	r.Handle("fulfillment.GetPackageHandoverTimeSlots", getPackageSlots)
	r.Handle("fulfillment.ShipPackage", shipPackage)
	r.Handle("fulfillment.BatchShipPackages", shipPackages)
	r.Handle("fulfillment.MarkPackageAsShipped", markAsShipped)
	r.Handle("fulfillment.GetOrderSplitAttributes", getSplitAttributes)
	r.Handle("fulfillment.SplitOrders", splitOrder)
	r.Handle("fulfillment.SearchCombinablePackages", searchCombinable)
	r.Handle("fulfillment.CombinePackage", combinePackages)
	r.Handle("fulfillment.UncombinePackages", uncombinePackage)
	r.Handle("fulfillment.GetPackageShippingDocument", getShippingDocument)
	r.Handle("fulfillment.GetTracking", getTracking)
	r.Handle("fulfillment.UpdateShippingInfo", updateOrderShipping)
	r.Handle("fulfillment.UpdatePackageShippingInfo", updatePackageShipping)
	r.Handle("fulfillment.UpdatePackageDeliveryStatus", deliverPackages)
	r.Handle("fulfillment.FulfillmentUploadDeliveryImage", uploadDeliveryImage)
	r.Handle("fulfillment.FulfillmentUploadDeliveryFile", uploadDeliveryFile)
	r.Handle("fulfillment.TTSTrackingValidation", validateTracking)
	r.Handle("fulfillment.CreateFirstMileBundleV202407", createBundle)
	r.Handle("fulfillment.CreateFirstMileBundle", createBundle)
	r.Handle("supply_chain.ConfirmPackageShipment", syncPackages)
}
