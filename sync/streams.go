package sync

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
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
			Single: &Detail{Operation: "fulfillment.GetPackageDetail", IDsIn: "path:package_id", IDsAt: 1},
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
			Single: &Detail{Operation: "return_refund.GetReturnRecords", Items: "records", IDsIn: "path:return_id", IDsAt: 1},
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
			// It may not know those that are deleted or frozen: one whose deletion a list does not
			// show yet counts as gone until it does.
			Single: &Detail{Operation: "product.GetProduct", IDsIn: "path:product_id", IDsAt: 1},
		},
		comment: "products, one row for each, deleted ones with their status", key: []string{"id"}, version: "update_time",
		elsewhere: []string{"skus.inventory"}, // a sale changes it and not the product's update_time
		children: []child{
			{table: "skus", comment: "what can be bought of a product", list: "skus", key: []string{"id"}},
		},
	}, {
		Stream: Stream{
			Name: "product_details", Class: Details, Operation: "product.GetProduct",
			Parent: "products", IDsIn: "path:product_id", IDsAt: 1, Dated: "create_time",
			Query: map[string]string{"locale": locale},
		},
		comment: "what only a request about one product tells: description, images, attributes, certifications", key: []string{"id"}, version: "update_time",
		elsewhere: []string{"skus.inventory", "skus.combined_skus.inventory"},
		children: []child{
			{table: "product_detail_skus", comment: "codes, weights and pictures of what can be bought", list: "skus", key: []string{"id"}, rename: map[string]string{"product_detail_id": "product_id"}},
		},
	}, {
		Stream: Stream{
			Name: "global_products", Class: Updates, Operation: "product.SearchGlobalProducts", OfSeller: true,
			PageSize: 100, Total: true, Inclusive: true, Always: true, created: "create_time", updated: "update_time",
			Single: &Detail{Operation: "product.GetGlobalProduct", IDsIn: "path:global_product_id", IDsAt: 1},
		},
		comment: "products that a seller has for several markets; each shop has all of them", key: []string{"id"}, version: "update_time",
		children: []child{
			{table: "global_skus", comment: "what can be bought of a global product", list: "skus", key: []string{"id"}},
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
			Parent: "statements", IDsIn: "path:statement_id", IDsAt: 1, PageSize: 100, Total: true, Dated: "statement_time",
			Query: map[string]string{"sort_field": "order_create_time", "sort_order": "ASC"},
		},
		comment: "what a statement is made of", key: []string{"statement_id", "type", "transaction_id"},
		extra: []Column{{Name: "statement_id", derive: ofParent}, {Name: "transaction_id", derive: firstOf("id", "adjustment_id", "reserve_id")}},
	}, {
		// An order is asked about once a statement has it, and again with each change of
		// that: one that is not settled costs nothing.
		Stream: Stream{
			Name: "order_transactions", Class: Details, Operation: "finance.GetTransactionsByOrder",
			Parent: "statement_transactions", ParentBy: "order_id", IDsIn: "path:order_id", IDsAt: 1, Dated: "order_create_time",
		},
		comment: "what a settled order came to", key: []string{"order_id"},
		children: []child{
			{table: "order_transaction_skus", comment: "what each SKU of a settled order came to, by statement", list: "sku_transactions", ordinal: true},
		},
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
			Items: "products", Parent: "activities", IDsIn: "path:activity_id", IDsAt: 1, Dated: "create_time",
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
			Name: "creator_orders", Class: Creations, Operation: "affiliate_creator.SearchCreatorAffiliateOrders", Of: OfCreator,
			PageSize: 100, Total: true, created: "create_time",
		},
		comment: "a creator's orders, from all shops", key: []string{"id"},
		children: []child{
			{table: "creator_order_skus", comment: "what the creator sold, with the commission", list: "skus", ordinal: true},
		},
	}, {
		// The older versions have one SKU in an order, so that an order with two could not be
		// kept apart.
		Stream: Stream{
			Name: "tap_orders", Class: Creations, Operation: "affiliate_partner.SearchTAPAffiliateOrdersV202603", Of: OfPartner,
			PageSize: 100, Total: true, created: "create_time",
		},
		comment: "what was sold in an affiliate partner's campaigns, one row for each SKU of an order", key: []string{"id", "sku_id"}, version: "last_update_time",
	}, {
		Stream: Stream{
			Name: "cap_orders", Class: Creations, Operation: "affiliate_partner.SearchCAPAffiliateOrdersV202603", Of: OfPartner,
			PageSize: 100, Total: true, created: "create_time",
		},
		comment: "what the creators of an agency sold, one row for each SKU of an order", key: []string{"id", "sku_id"}, version: "last_update_time",
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
		// A collaboration that moves on while it is read is met again: the states are in the
		// order in which it goes through them, and VALID has those before the end.
		Stream: Stream{
			Name: "target_collaborations", Class: Scans, Operation: "affiliate_seller.SearchTargetCollaborations",
			PageSize: 100, Total: true, Rescan: 6 * time.Hour,
			Parts: partsOf("collaboration_status", "ONGOING", "EXPIRING", "VALID", "CANCELING", "COMPLETED"),
		},
		comment: "collaborations that creators were invited to", key: []string{"id"}, version: "update_time",
	}, {
		Stream: Stream{
			Name: "fbt_inventory", Class: Scans, Operation: "fbt.SearchFBTInventory",
			PageSize: 100, Total: true, Rescan: time.Hour,
		},
		comment: "stock of goods in the platform's warehouses", key: []string{"goods_id", "fbt_warehouse_id"},
		children: []child{
			{table: "fbt_inventory_skus", comment: "SKUs that the goods are sold as", list: "goods.skus", key: []string{"sku_id"}, rename: map[string]string{"id": "sku_id"}},
		},
	}, {
		Stream: Stream{
			Name: "fbt_inventory_records", Class: Creations, Operation: "fbt.SearchFBTInventoryRecord",
			PageSize: 100, Total: true, Inclusive: true, created: "create_time",
			number: numbered("record", "create_time", "fbt_warehouse_id", "goods", "goods.id", "inventory_goods_type",
				"initial_on_hand_quantity", "changed_quantity", "final_on_hand_quantity", "order", "order.id", "order.type"),
		},
		comment: "changes of the stock in the platform's warehouses", key: []string{"id"},
		columns: []Column{
			{Name: "id", Path: []string{"id"}},
			{Name: "create_time", Type: Time, Path: []string{"record", "create_time"}},
			{Name: "fbt_warehouse_id", Path: []string{"record", "fbt_warehouse_id"}},
			{Name: "goods_id", Path: []string{"record", "goods", "id"}},
			{Name: "goods_name", Path: []string{"record", "goods", "name"}},
			{Name: "goods_reference_code", Path: []string{"record", "goods", "reference_code"}},
			{Name: "inventory_goods_type", Path: []string{"record", "inventory_goods_type"}},
			{Name: "initial_on_hand_quantity", Type: Integer, Path: []string{"record", "initial_on_hand_quantity"}},
			{Name: "changed_quantity", Type: Integer, Path: []string{"record", "changed_quantity"}},
			{Name: "final_on_hand_quantity", Type: Integer, Path: []string{"record", "final_on_hand_quantity"}},
			{Name: "order_id", Path: []string{"record", "order", "id"}},
			{Name: "order_type", Path: []string{"record", "order", "type"}},
		},
	}, {
		Stream: Stream{
			Name: "conversations", Class: Scans, Operation: "customer_service.GetConversations",
			PageSize: 20, Rescan: 15 * time.Minute,
		},
		comment: "talks with buyers", key: []string{"id"},
	}, {
		Stream: Stream{
			Name: "messages", Class: Details, Operation: "customer_service.GetConversationMessages",
			Parent: "conversations", IDsIn: "path:conversation_id", IDsAt: 1, PageSize: 10, Dated: "create_time",
		},
		comment: "what was said", key: []string{"conversation_id", "id"},
		extra: []Column{{Name: "conversation_id", derive: ofParent}},
	}, {
		Stream: Stream{
			Name: "shop_performance", Class: Days, Operation: "analytics.GetShopPerformance",
			Items: "performance.intervals", Query: map[string]string{"granularity": "1D", "currency": "LOCAL"},
		},
		comment: "what a day of the shop came to", key: []string{"day"},
		extra: slices.Concat(ofDay, amountAt("sales_gmv", "sales", "gmv", "overall"), amountAt("sales_gross_revenue", "sales", "gross_revenue", "overall"), amountAt("sales_refunds", "sales", "refunds")),
	}, {
		Stream: Stream{
			Name: "product_performance", Class: Days, Operation: "analytics.GetShopProductPerformanceList",
			PageSize: 100, Total: true, Query: map[string]string{"product_status_filter": "ALL", "currency": "LOCAL"},
		},
		comment: "what a product came to on a day", key: []string{"day", "id"},
		extra: slices.Concat(ofDay, amountAt("overall_performance_gmv", "overall_performance", "gmv")),
	}, {
		Stream: Stream{
			Name: "sku_performance", Class: Days, Operation: "analytics.GetShopSKUPerformanceList",
			PageSize: 100, Total: true, Query: map[string]string{"product_status_filter": "ALL", "currency": "LOCAL"},
		},
		comment: "what a SKU came to on a day", key: []string{"day", "id"},
		extra: ofDay,
	}, {
		Stream: Stream{
			Name: "video_performance", Class: Days, Operation: "analytics.GetShopVideoPerformanceList",
			PageSize: 100, Total: true, Query: map[string]string{"account_type": "ALL", "currency": "LOCAL"},
		},
		comment: "what a video came to on a day", key: []string{"day", "id"},
		extra: ofDay,
	}, {
		Stream: Stream{
			Name: "live_performance", Class: Days, Operation: "analytics.GetShopLivePerformanceList",
			PageSize: 100, Total: true, Query: map[string]string{"account_type": "ALL", "currency": "LOCAL"},
		},
		comment: "what a LIVE came to on a day", key: []string{"day", "id"},
		extra: slices.Concat(ofDay, amountAt("sales_performance_gmv", "sales_performance", "gmv"), amountAt("sales_performance_24h_live_gmv", "sales_performance", "24h_live_gmv")),
	}}
}

// ofDay is the column of the day that figures are of.
var ofDay = []Column{{Name: "day", derive: ofParent}}

// amountAt returns the columns of an amount that lies deeper than objects are flattened.
func amountAt(name string, path ...string) []Column {
	return []Column{
		{Name: name + "_amount", Type: Decimal, Path: append(slices.Clone(path), "amount")},
		{Name: name + "_currency", Path: append(slices.Clone(path), "currency")},
	}
}

// partsOf returns a body for each value of a filter.
func partsOf(filter string, values ...string) []map[string]any {
	parts := make([]map[string]any, len(values))
	for i, value := range values {
		parts[i] = map[string]any{filter: value}
	}
	return parts
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
