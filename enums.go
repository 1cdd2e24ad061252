package ttshop

// SortOrder is the direction of a sorted list. Empty leaves it to the operation.
type SortOrder string

// The directions.
const (
	SortAscending  SortOrder = "ASC"  // smallest or oldest first
	SortDescending SortOrder = "DESC" // largest or newest first
)

// PackageStatus is the status of a package, in orders, packages and shipments
// alike. Unknown values are kept as they are.
type PackageStatus string

// The known values of [PackageStatus].
const (
	PackageToFulfill  PackageStatus = "TO_FULFILL" // the seller has yet to arrange shipping
	PackageProcessing PackageStatus = "PROCESSING" // shipping is arranged; the carrier has yet to collect
	PackageFulfilling PackageStatus = "FULFILLING" // on its way with the carrier
	PackageCompleted  PackageStatus = "COMPLETED"  // arrived
	PackageCancelled  PackageStatus = "CANCELLED"  // called off, as a rule after loss or damage
)

// ShippingType says who ships. Unknown values are kept as they are.
type ShippingType string

// The known values of [ShippingType].
const (
	ShippingByTikTok ShippingType = "TIKTOK" // the platform's logistics: the label comes from TikTok Shop
	ShippingBySeller ShippingType = "SELLER" // the seller's own carrier or fulfilment provider
)
