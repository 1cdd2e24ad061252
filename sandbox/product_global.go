package sandbox

const codeGlobalUnknown = 12052260

// globalAssociation ties a local product to the global one that it was
// published from.
type globalAssociation struct {
	GlobalProductID string       `json:"global_product_id"`
	SKUs            []skuMapping `json:"sku_mappings"`
}

type skuMapping struct {
	GlobalSKUID string             `json:"global_sku_id"`
	LocalSKUID  string             `json:"local_sku_id"`
	Attributes  []attributeMapping `json:"sales_attribute_mappings"`
}

type attributeMapping struct {
	GlobalID      string `json:"global_attribute_id"`
	GlobalValueID string `json:"global_value_id"`
	LocalID       string `json:"local_attribute_id"`
	LocalValueID  string `json:"local_value_id"`
}

// of returns the association as far as a content still has the SKUs.
func (a *globalAssociation) of(shown *content) *globalAssociation {
	if a == nil {
		return nil
	}
	view := globalAssociation{a.GlobalProductID, []skuMapping{}}
	for _, m := range a.SKUs {
		if shown.sku(m.LocalSKUID) != nil {
			view.SKUs = append(view.SKUs, m)
		}
	}
	return &view
}

// isCounter tells a counter from a shop.
func isCounter(s *shop) bool { return s.ID == "" }

// replicaSource is what a product is a copy of.
type replicaSource struct {
	ShopID    string            `json:"shop_id"`
	ProductID string            `json:"product_id"`
	SKUs      map[string]string `json:"skus"` // ids of the copy to ids of the source
}

type listingPolicyView struct {
	InventoryType string          `json:"inventory_type"`
	PriceSync     bool            `json:"price_sync"`
	Source        replicateSource `json:"replicate_source"`
}

type replicateSource struct {
	ProductID string `json:"product_id"`
	ShopID    string `json:"shop_id"`
	SKUID     string `json:"sku_id"`
}

// listingPolicy tells where a SKU of a copy comes from. Copies have stock and
// prices of their own here.
func (p *product) listingPolicy(skuID string) *listingPolicyView {
	if p.replica == nil || p.replica.SKUs[skuID] == "" {
		return nil
	}
	return &listingPolicyView{"EXCLUSIVE", false, replicateSource{p.replica.ProductID, p.replica.ShopID, p.replica.SKUs[skuID]}}
}
