package product

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// sampleProducts names products for samples of webhooks.
func sampleProducts(s *world.Shop, _ event.Type) map[string][]string {
	own := map[string][]string{}
	for _, p := range Of(s).List {
		if p.Status == ProductActivate && len(own["product_id"]) < 2 {
			own["product_id"] = append(own["product_id"], p.ID)
			own["sku_id"] = append(own["sku_id"], p.Live.SKUs[0].ID)
			own["category_id"] = append(own["category_id"], p.Live.CategoryID)
		}
	}
	for _, l := range Of(s).listings {
		own["combined_listing_id"] = append(own["combined_listing_id"], l.ID)
	}
	own["current_category_id"] = own["category_id"]
	own["source_product_id"], own["local_product_id"] = own["product_id"], own["product_id"]
	return own
}
