package sync

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Streams returns what can be copied, in the order in which it is, with the tables
// of all of them. It fails where the catalogue does not fit.
func Streams() ([]*Stream, *Schema, error) { return build(definitions()) }

// locale is what texts are asked for in: an answer in another language would look
// like a change.
const locale = "en-US"

// definitions is the table of all streams.
func definitions() []definition {
	return []definition{{
		Stream: Stream{
			Name: "orders", Class: Updates, Operation: "order.GetOrderList", Default: true,
			PageSize: 100, Total: true, Sorted: true, created: "create_time", updated: "update_time",
			DetailOf: &Detail{Operation: "order.GetOrderDetail", Items: "orders", IDsIn: "query:ids", IDsAt: 50},
		},
		comment: "orders, one row for each", key: []string{"id"}, version: "update_time",
		address: "recipient_address",
		detail:  []string{"payment_method_code", "payment_card_type", "payment_auth_code", "channel_entity_national_registry_id"},
		extra: []Column{
			{Name: "payment_method_code", Path: []string{"payment_method_code"}}, {Name: "payment_card_type", Path: []string{"payment_card_type"}},
			{Name: "payment_auth_code", Path: []string{"payment_auth_code"}}, {Name: "channel_entity_national_registry_id", Path: []string{"channel_entity_national_registry_id"}},
		},
		children: []child{
			{table: "order_line_items", comment: "pieces of an order", list: "line_items", key: []string{"id"}},
			{table: "order_packages", comment: "packages that an order travels in", list: "packages", key: []string{"id"}},
		},
	}, {
		Stream: Stream{
			Name: "packages", Class: Updates, Operation: "fulfillment.SearchPackage", Default: true,
			PageSize: 50, Total: true, Sorted: true, created: "create_time", updated: "update_time",
		},
		comment: "packages, one row for each", key: []string{"id"}, version: "update_time",
		children: []child{
			{table: "package_orders", comment: "orders that share a package", list: "orders", key: []string{"order_id"}, rename: map[string]string{"id": "order_id"}},
		},
	}, {
		Stream: Stream{
			Name: "returns", Class: Updates, Operation: "return_refund.SearchReturns", Default: true,
			PageSize: 50, SizeText: true, Total: true, Sorted: true, created: "create_time", updated: "update_time",
			Body: map[string]any{"locale": locale}, IDsIn: "body:return_ids", IDsAt: 50,
		},
		comment: "returns and refunds, one row for each", key: []string{"return_id"}, version: "update_time",
		children: []child{
			{table: "return_line_items", comment: "pieces of a return, with their refunds", list: "return_line_items", key: []string{"return_line_item_id"}},
		},
	}, {
		Stream: Stream{
			Name: "cancellations", Class: Updates, Operation: "return_refund.SearchCancellations", Default: true,
			PageSize: 50, SizeText: true, Total: true, Sorted: true, created: "create_time", updated: "update_time",
			Body: map[string]any{"locale": locale}, IDsIn: "body:cancel_ids", IDsAt: 50,
		},
		comment: "cancellations, one row for each", key: []string{"cancel_id"}, version: "update_time",
		children: []child{
			{table: "cancellation_line_items", comment: "pieces that are cancelled, with their refunds", list: "cancel_line_items", key: []string{"cancel_line_item_id"}},
		},
	}, {
		Stream: Stream{
			Name: "products", Class: Updates, Operation: "product.SearchProducts", Default: true,
			PageSize: 100, Total: true, Inclusive: true, Always: true, created: "create_time", updated: "update_time",
		},
		comment: "products, one row for each, deleted ones with their status", key: []string{"id"}, version: "update_time",
		elsewhere: []string{"skus.inventory"}, // a sale changes it and not the product's update_time
		children: []child{
			{table: "skus", comment: "what can be bought of a product", list: "skus", key: []string{"id"}},
		},
	}, {
		Stream: Stream{
			Name: "warehouses", Class: Scans, Operation: "logistics.GetWarehouseList", Default: true,
			Items: "warehouses", Rescan: 6 * time.Hour,
		},
		comment: "warehouses, one row for each", key: []string{"id"},
	}, {
		Stream: Stream{
			Name: "inventory", Class: Scans, Operation: "product.InventorySearch", Default: true,
			Items: "inventory", Rescan: 15 * time.Minute, Parent: "skus", IDsIn: "body:sku_ids", IDsAt: inventoryBatch,
			explode: explodeInventory,
		},
		comment: "stock of a SKU in a warehouse", key: []string{"sku_id", "warehouse_id"},
		columns: []Column{
			{Name: "sku_id", Path: []string{"sku", "id"}},
			{Name: "warehouse_id", Path: []string{"warehouse", "warehouse_id"}},
			{Name: "product_id", Path: []string{"product_id"}},
			{Name: "seller_sku", Path: []string{"sku", "seller_sku"}},
			{Name: "available_quantity", Type: Integer, Path: []string{"warehouse", "available_quantity"}},
			{Name: "committed_quantity", Type: Integer, Path: []string{"warehouse", "committed_quantity"}},
			{Name: "total_available_quantity", Type: Integer, Path: []string{"sku", "total_available_quantity"}},
			{Name: "total_committed_quantity", Type: Integer, Path: []string{"sku", "total_committed_quantity"}},
			{Name: "total_available_inventory_distribution", Type: JSON, Path: []string{"sku", "total_available_inventory_distribution"}},
		},
	}, {
		Stream: Stream{
			Name: "statements", Class: Creations, Operation: "finance.GetStatements", Default: true,
			PageSize: 100, Sorted: true, created: "statement_time",
			Query: map[string]string{"sort_field": "statement_time", "sort_order": "ASC"},
			Final: statusIn("payment_status", "PAID", "FAILED"),
		},
		comment: "what a day of sales comes to", key: []string{"id"},
	}, {
		Stream: Stream{
			Name: "statement_transactions", Class: Details, Operation: "finance.GetTransactionsByStatement", Default: true,
			Parent: "statements", IDsIn: "path:statement_id", IDsAt: 1, PageSize: 100, Total: true,
			Query: map[string]string{"sort_field": "order_create_time", "sort_order": "ASC"},
		},
		comment: "what a statement is made of", key: []string{"statement_id", "type", "transaction_id"},
		extra: []Column{{Name: "statement_id", derive: ofParent}, {Name: "transaction_id", derive: firstOf("id", "adjustment_id", "reserve_id")}},
	}, {
		Stream: Stream{
			Name: "payments", Class: Creations, Operation: "finance.GetPayments", Default: true,
			PageSize: 100, Sorted: true, created: "create_time",
			Query: map[string]string{"sort_field": "create_time", "sort_order": "ASC"},
			Final: func(n *node) bool { return n.get("paid_time").text() > "0" },
		},
		comment: "money that was paid out", key: []string{"id"},
	}, {
		Stream: Stream{
			Name: "withdrawals", Class: Creations, Operation: "finance.GetWithdrawals", Default: true,
			PageSize: 100, Total: true, created: "create_time",
			Query: map[string]string{"types": "WITHDRAW,SETTLE,TRANSFER,REVERSE"},
			Final: statusIn("status", "SUCCESS", "FAILED"),
		},
		comment: "movements of the balance", key: []string{"id"},
	}, {
		Stream: Stream{
			Name: "unsettled_transactions", Class: Scans, Operation: "finance.GetUnsettledTransactions", Default: true,
			PageSize: 100, Total: true, Rescan: 6 * time.Hour,
			Query: map[string]string{"sort_field": "order_create_time", "sort_order": "ASC"},
		},
		comment: "what is sold and not settled; a row is deleted once it is", key: []string{"type", "transaction_id"},
		extra: []Column{{Name: "transaction_id", derive: firstOf("id", "adjustment_id")}},
	}, {
		Stream: Stream{
			Name: "activities", Class: Scans, Operation: "promotion.SearchActivities", Default: true,
			PageSize: 100, Total: true, Rescan: time.Hour,
		},
		comment: "promotions, one row for each", key: []string{"id"}, version: "update_time",
	}, {
		Stream: Stream{
			Name: "activity_products", Class: Details, Operation: "promotion.GetActivity", Default: true,
			Items: "products", Parent: "activities", IDsIn: "path:activity_id", IDsAt: 1,
		},
		comment: "products of a promotion, as of its last change", key: []string{"activity_id", "id"},
		extra: []Column{{Name: "activity_id", derive: ofParent}},
	}, {
		Stream: Stream{
			Name: "coupons", Class: Scans, Operation: "promotion.SearchCoupons", Default: true,
			PageSize: 100, Total: true, Rescan: time.Hour,
		},
		comment: "coupons, one row for each", key: []string{"id"}, version: "update_time",
	}, {
		Stream: Stream{
			Name: "affiliate_orders", Class: Creations, Operation: "affiliate_seller.SearchSellerAffiliateOrders",
			PageSize: 100, Total: true, created: "create_time",
		},
		comment: "orders that creators brought", key: []string{"id"},
		children: []child{
			{table: "affiliate_order_skus", comment: "what was bought, with the commission", list: "skus", ordinal: true},
		},
	}, {
		Stream: Stream{
			Name: "sample_applications", Class: Scans, Operation: "affiliate_seller.SellerSearchSampleApplications",
			PageSize: 50, Total: true, Rescan: 6 * time.Hour,
		},
		comment: "samples that creators asked for", key: []string{"id"},
	}, {
		Stream: Stream{
			Name: "open_collaborations", Class: Scans, Operation: "affiliate_seller.SearchOpenCollaboration",
			PageSize: 100, Total: true, Rescan: 6 * time.Hour,
		},
		comment: "products that every creator may promote", key: []string{"id"},
	}, {
		Stream: Stream{
			Name: "conversations", Class: Scans, Operation: "customer_service.GetConversations",
			PageSize: 20, Rescan: 15 * time.Minute,
		},
		comment: "talks with buyers", key: []string{"id"},
	}, {
		Stream: Stream{
			Name: "messages", Class: Details, Operation: "customer_service.GetConversationMessages",
			Parent: "conversations", IDsIn: "path:conversation_id", IDsAt: 1, PageSize: 10,
		},
		comment: "what was said", key: []string{"conversation_id", "id"},
		extra: []Column{{Name: "conversation_id", derive: ofParent}},
	}}
}

// inventoryBatch is how many SKUs one request about stock asks for.
const inventoryBatch = 600

// statusIn returns a function that tells whether a member has one of the values.
func statusIn(member string, values ...string) func(*node) bool {
	return func(n *node) bool {
		status := n.get(member).text()
		for _, v := range values {
			if status == v {
				return true
			}
		}
		return false
	}
}

// explodeInventory makes of a product's stock an item for each SKU and warehouse. The
// parts keep the bytes that they came with.
func explodeInventory(product node) ([]node, error) {
	var items []node
	skus := product.get("skus")
	if skus.missing() {
		return nil, nil
	}
	for i := range skus.items {
		sku := &skus.items[i]
		warehouses := sku.get("warehouse_inventory")
		if warehouses.missing() {
			continue
		}
		for j := range warehouses.items {
			id, err := json.Marshal(product.get("product_id").text())
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			fmt.Fprintf(&b, `{"product_id":%s,"sku":%s,"warehouse":%s}`, id, sku.raw, warehouses.items[j].raw)
			item, err := parseJSON(b.Bytes())
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
	}
	return items, nil
}

// ofParent fills a column with the id of the parent that was asked about.
func ofParent(_ *node, parent string) string { return parent }

// firstOf fills a column with the first member that is not empty.
func firstOf(members ...string) func(*node, string) string {
	return func(n *node, _ string) string {
		for _, m := range members {
			if text := n.get(m).text(); text != "" && text != "0" {
				return text
			}
		}
		return ""
	}
}
