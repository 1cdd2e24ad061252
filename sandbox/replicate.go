package sandbox

import (
	"slices"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// maxReplicaStock is what a copy may have in a warehouse, more than others.
const maxReplicaStock = 999_999

type replicateInput struct {
	Targets []replicateTarget `json:"replicate_target"`
}

type replicateTarget struct {
	Region string         `json:"region"`
	SKUs   []replicateSKU `json:"skus"`
}

type replicateSKU struct {
	SourceID  string       `json:"source_sku_id"`
	Price     *priceInput  `json:"price"`
	Inventory []stockInput `json:"inventory"`
}

// replicateProduct copies a product to other markets. A market that cannot have
// it is named in the answer, the others get it. No document names the codes;
// those of the publication are used.
func replicateProduct(c *call) *failure {
	var in replicateInput
	if f := c.decode(&in); f != nil {
		return f
	}
	if !c.sellsGlobally() {
		return fail(codeGlobalForbidden, "only sellers with shops in several markets replicate products")
	}
	if len(in.Targets) == 0 {
		return missing("replicate_target")
	}
	source, f := replicable(c)
	if f != nil {
		return f
	}
	type detail struct {
		Region string `json:"region"`
	}
	type problem struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Detail  detail `json:"detail"`
	}
	var problems []problem
	for i := range in.Targets {
		target := &in.Targets[i]
		if target.Region == "" {
			return missing("replicate_target.region")
		}
		if f := replicate(c, source, target); f != nil {
			problems = append(problems, problem{f.code, f.message, detail{target.Region}})
		}
	}
	if problems != nil {
		c.json(struct {
			Errors []problem `json:"errors"`
		}{problems})
	}
	return nil
}

// replicable returns a copy of the product that the path names. No two shops
// are locked at once, so what follows works on the copy.
func replicable(c *call) (*product, *failure) {
	c.shop.mu.Lock() // a look may end a review
	defer c.shop.mu.Unlock()
	p, f := findProduct(c, c.param(0))
	if f != nil {
		return nil, f
	}
	if slices.Contains([]string{productDraft, productFreeze, productDeleted}, p.status) {
		return nil, fail(codeProductStatus, "product ", p.id, " cannot be replicated in the state ", p.status)
	}
	return &product{id: p.id, live: p.live.clone()}, nil
}

// replicate makes the copy in one market and tells the shop of the source.
func replicate(c *call, source *product, target *replicateTarget) *failure {
	s := shopIn(c, target.Region)
	switch s {
	case nil:
		return fail(codeRegionInactive, "the seller has no shop in ", target.Region)
	case c.shop:
		return fail(codeInputRejected, "product ", source.id, " is of ", target.Region, " itself")
	}
	skus, f := replicaSKUs(c, s, source, target)
	if f != nil {
		return f
	}
	id, problems, f := replicateIn(c, s, source, skus)
	if f != nil {
		return f
	}
	type replicated struct {
		ProductID string       `json:"product_id"`
		Region    string       `json:"region"`
		Result    string       `json:"result"`
		Reasons   []failReason `json:"fail_reasons"`
	}
	outcome := replicated{id, s.Region, publishSuccess, []failReason{}}
	if problems != nil {
		outcome.Result, outcome.Reasons = publishDraft, problems
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	c.shop.emit(int(event.TypeGlobalReplicationStatusChange), struct {
		SourceID   string     `json:"source_product_id"`
		Replicated replicated `json:"replicated_product"`
	}{source.id, outcome})
	return nil
}

// replicaSKUs reads the SKUs that a copy is to have.
func replicaSKUs(c *call, s *shop, source *product, target *replicateTarget) ([]localSKU, *failure) {
	if len(target.SKUs) == 0 {
		return nil, missing("replicate_target.skus")
	}
	at := *c
	at.shop = s
	b := &builder{call: &at, mostStock: maxReplicaStock}
	s.mu.RLock() // its warehouses
	defer s.mu.RUnlock()
	var skus []localSKU
	for i := range target.SKUs {
		in := &target.SKUs[i]
		from := source.live.sku(in.SourceID)
		switch {
		case from == nil:
			return nil, fail(codeSKUUnknown, "product ", source.id, " has no SKU ", in.SourceID)
		case slices.ContainsFunc(skus, func(other localSKU) bool { return other.from == from }):
			return nil, fail(codeSKURepeated, "SKU ", in.SourceID, " occurs twice")
		case in.Price == nil:
			return nil, fail(codeSalePriceMissing, "SKU ", in.SourceID, " has no price for ", s.Region)
		}
		in.Price.Amount = in.Price.SalePrice
		price, f := readPrice(s, in.Price)
		if f != nil {
			return nil, f
		}
		if len(in.Inventory) == 0 {
			return nil, missing("replicate_target.skus.inventory")
		}
		places, f := b.places(in.Inventory, "")
		if f != nil {
			return nil, f
		}
		skus = append(skus, localSKU{from: from, price: price, stock: places})
	}
	return skus, nil
}

// replicateIn makes the copy, a draft where the market objects to the content.
func replicateIn(c *call, s *shop, source *product, skus []localSKU) (id string, problems []failReason, f *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(productsOf(s).list, func(p *product) bool { return of(p.replica, source.id) && p.status != productDeleted }) {
		return "", nil, fail(codeRegionPublished, "product ", source.id, " has a copy in ", s.Region, " already")
	}
	next, places, mappings := localise(s, c.state.world, &source.live, skus)
	replica := &replicaSource{c.shop.ID, source.id, map[string]string{}}
	for _, m := range mappings {
		replica.SKUs[m.LocalSKUID] = m.GlobalSKUID
	}
	id = s.ids.new()
	p := &product{
		id: id, number: number(id), created: c.now.Unix(), updated: c.now.Unix(),
		status: productDraft, audit: auditNone, live: next, stock: places, replica: replica,
	}
	problems = objections(s, &next)
	enlist(c, s, p, problems == nil, "GPR_PRODUCT")
	return id, problems, nil
}

// of tells whether a product is a copy of the one with an id.
func of(r *replicaSource, id string) bool { return r != nil && r.ProductID == id }

func getReplicatedProducts(c *call) *failure {
	if !c.sellsGlobally() {
		return fail(codeGlobalForbidden, "only sellers with shops in several markets have replicated products")
	}
	c.shop.mu.Lock()
	p, f := findProduct(c, c.param(0))
	c.shop.mu.Unlock()
	if f != nil {
		return f
	}
	type view struct {
		ProductID     string `json:"product_id"`
		ProductStatus string `json:"product_status"`
		Region        string `json:"region"`
		ShopID        string `json:"shop_id"`
	}
	list := []view{}
	for _, s := range c.grant.shops {
		s.mu.Lock() // a look may end a review
		for _, other := range productsOf(s).list {
			if of(other.replica, p.id) {
				settleProduct(s, other, c.now)
				list = append(list, view{other.id, other.status, s.Region, s.ID})
			}
		}
		s.mu.Unlock()
	}
	c.json(struct {
		Products []view `json:"replicated_products"`
	}{list})
	return nil
}

// getGlobalListingRules tells how products come to a shop. Every shop has its
// own stock here.
func getGlobalListingRules(c *call) *failure {
	if !c.sellsGlobally() {
		return fail(codeGlobalForbidden, "only sellers with shops in several markets have listing rules")
	}
	type place struct {
		Region      string `json:"region"`
		WarehouseID string `json:"warehouse_id"`
	}
	type rule struct {
		Mode       string  `json:"allocation_mode"`
		Local      string  `json:"local_warehouse_id"`
		Associated []place `json:"associated_warehouses"`
	}
	rules := []rule{}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	for _, w := range c.shop.salesWarehouses() {
		rules = append(rules, rule{"MANUAL", w.id, []place{}})
	}
	c.json(struct {
		Inventory []rule   `json:"inventory_rules"`
		Methods   []string `json:"listing_methods"`
	}{rules, []string{methodPublish, methodReplicate}})
	return nil
}
