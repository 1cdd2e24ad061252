// Package fulfillment answers the operations on packages: shipping, splitting and
// combining, labels and tracking. What happens to a package is decided in package
// trade.
package fulfillment

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Register binds the operations of fulfillment.
func Register(r *gate.Registry) {
	r.Steer(gate.ControlEndpoint{Pattern: "POST /_sandbox/packages/{id}/invoice", Help: invoiceHelp, Handle: postInvoice})
	r.Serve("GET "+documentPrefix+"{name}", serveDocument)

	r.Read("fulfillment.GetEligibleShippingService", queryShippingServices)
	r.Read("fulfillment.GetPackageHandoverTimeSlots", getPackageSlots)
	r.Write("fulfillment.ShipPackage", shipPackage)
	r.Write("fulfillment.BatchShipPackages", shipPackages)
	r.Write("fulfillment.MarkPackageAsShipped", markAsShipped)
	r.Read("fulfillment.GetOrderSplitAttributes", getSplitAttributes)
	r.Write("fulfillment.SplitOrders", splitOrder)
	r.Read("fulfillment.SearchCombinablePackages", searchCombinable)
	r.Write("fulfillment.CombinePackage", combinePackages)
	r.Write("fulfillment.UncombinePackages", uncombinePackage)
	r.Read("fulfillment.GetPackageShippingDocument", getShippingDocument)
	r.Read("fulfillment.GetTracking", getTracking)
	r.Read("logistics.GetLogisticsTracking", getLogisticsTracking)
	r.Write("fulfillment.UpdateShippingInfo", updateOrderShipping)
	r.Write("fulfillment.UpdatePackageShippingInfo", updatePackageShipping)
	r.Write("fulfillment.UpdatePackageDeliveryStatus", deliverPackages)
	r.Handle("fulfillment.FulfillmentUploadDeliveryImage", uploadDeliveryImage)
	r.Handle("fulfillment.FulfillmentUploadDeliveryFile", uploadDeliveryFile)
	r.Read("fulfillment.TTSTrackingValidation", validateTracking)
	r.Write("fulfillment.UploadInvoice", uploadInvoices)

	// The request may leave the shop out; an id says which one to lock.
	r.Handle("fulfillment.SearchPackage", searchPackages)
	r.Handle("fulfillment.GetPackageDetail", getPackage)
	r.Handle("fulfillment.CreatePackagesV202309", createPackages)
	r.Handle("fulfillment.CreatePackages", createPackages)
	r.Handle("fulfillment.SchedulePackageHandover", schedulePackage)
	r.Handle("fulfillment.GetHandoverTimeSlots", getOrderSlots)
	r.Handle("fulfillment.CreateFirstMileBundleV202407", createBundle)
	r.Handle("fulfillment.CreateFirstMileBundle", createBundle)
	r.Handle("supply_chain.ConfirmPackageShipment", syncPackages)
}
