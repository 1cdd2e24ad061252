package product

// CodeGlobalUnknown answers for a global product that does not exist.
const CodeGlobalUnknown = 12052260

// GlobalAssociation ties a local product to the global one that it was
// published from.
type GlobalAssociation struct {
	GlobalProductID string       `json:"global_product_id"`
	SKUs            []SKUMapping `json:"sku_mappings"`
}

// SKUMapping pairs a SKU with that of the global product.
type SKUMapping struct {
	GlobalSKUID string             `json:"global_sku_id"`
	LocalSKUID  string             `json:"local_sku_id"`
	Attributes  []AttributeMapping `json:"sales_attribute_mappings"`
}

// AttributeMapping pairs sales attributes with those of the global product.
type AttributeMapping struct {
	GlobalID      string `json:"global_attribute_id"`
	GlobalValueID string `json:"global_value_id"`
	LocalID       string `json:"local_attribute_id"`
	LocalValueID  string `json:"local_value_id"`
}

// Of returns the association without the SKUs that a content no longer has.
func (a *GlobalAssociation) Of(shown *Content) *GlobalAssociation {
	if a == nil {
		return nil
	}
	view := GlobalAssociation{a.GlobalProductID, []SKUMapping{}}
	for _, m := range a.SKUs {
		if shown.SKU(m.LocalSKUID) != nil {
			view.SKUs = append(view.SKUs, m)
		}
	}
	return &view
}

// ReplicaSource is what a product is a copy of.
type ReplicaSource struct {
	ShopID    string            `json:"shop_id"`
	ProductID string            `json:"product_id"`
	SKUs      map[string]string `json:"skus"` // ids of the copy to ids of the source
}

type listingPolicyView struct {
	InventoryType string          `json:"inventory_type"`
	PriceSync     bool            `json:"price_sync"`
	Source        replicateSource `json:"replicate_source,omitzero"`
}

type replicateSource struct {
	ProductID string `json:"product_id"`
	ShopID    string `json:"shop_id"`
	SKUID     string `json:"sku_id"`
}

// listingPolicy tells that a SKU has stock and prices of its own, as all have
// here, and where that of a copy comes from.
func (p *Product) listingPolicy(skuID string) *listingPolicyView {
	if p.Replica == nil || p.Replica.SKUs[skuID] == "" {
		return &listingPolicyView{InventoryType: "EXCLUSIVE"}
	}
	return &listingPolicyView{"EXCLUSIVE", false, replicateSource{p.Replica.ProductID, p.Replica.ShopID, p.Replica.SKUs[skuID]}}
}
