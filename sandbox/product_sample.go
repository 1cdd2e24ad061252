package sandbox

import "github.com/ttshop-go/ttshop/webhook/event"

// sampleProducts names products for samples of webhooks.
func sampleProducts(s *shop, _ event.Type) map[string][]string {
	own := map[string][]string{}
	for _, p := range productsOf(s).list {
		if p.status == productActivate && len(own["product_id"]) < 2 {
			own["product_id"] = append(own["product_id"], p.id)
			own["sku_id"] = append(own["sku_id"], p.live.skus[0].id)
			own["category_id"] = append(own["category_id"], p.live.categoryID)
		}
	}
	own["current_category_id"] = own["category_id"]
	own["source_product_id"], own["local_product_id"] = own["product_id"], own["product_id"]
	return own
}
