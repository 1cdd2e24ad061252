package field

import "github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"

// OperationsGroup is the group of the commands that come from the catalogue.
const OperationsGroup = "operations"

// Domains lists the domains of the catalogue with a line about each, so that
// the commands for them cost next to nothing before one is asked for.
func Domains() []console.Row {
	return []console.Row{
		{Label: "affiliate", Value: "A creator's LIVE rooms and showcase"},
		{Label: "affiliate_creator", Value: "Creators: collaborations, samples, links"},
		{Label: "affiliate_partner", Value: "Affiliate partners: campaigns and their orders"},
		{Label: "affiliate_seller", Value: "Sellers with creators: collaborations, chat"},
		{Label: "analytics", Value: "How shop, products, videos and LIVEs perform"},
		{Label: "authorization", Value: "Shops and assets that a token opens"},
		{Label: "customer_engagement", Value: "Messages to groups of buyers"},
		{Label: "customer_service", Value: "Conversations with buyers"},
		{Label: "data_reconciliation", Value: "Comparing orders with outside channels"},
		{Label: "epharmacy", Value: "Prescriptions and pharmacies"},
		{Label: "event", Value: "Webhook addresses of a shop"},
		{Label: "fbt", Value: "Goods, stock and orders fulfilled by TikTok"},
		{Label: "finance", Value: "Statements, payments, transactions, tax"},
		{Label: "fulfillment", Value: "Packages, labels, shipping, delivery"},
		{Label: "gs_full_service_commodity", Value: "Global selling: products of suppliers"},
		{Label: "gs_full_service_inventory", Value: "Global selling: virtual stock"},
		{Label: "gs_full_service_shipment", Value: "Global selling: stock-up and delivery orders"},
		{Label: "logistics", Value: "Warehouses, carriers, delivery options"},
		{Label: "open", Value: "Uploads of large files for other domains"},
		{Label: "order", Value: "Orders and their prices"},
		{Label: "product", Value: "Products, stock, prices, categories, images"},
		{Label: "promotion", Value: "Discounts, flash deals, coupons"},
		{Label: "return_refund", Value: "Returns, refunds, cancellations"},
		{Label: "review_rating", Value: "Importing product reviews"},
		{Label: "seller", Value: "The seller's shops, permissions and status"},
		{Label: "supply_chain", Value: "Shipments confirmed by warehouse services"},
	}
}
