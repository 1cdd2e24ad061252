package globalproduct

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
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
	SourceID  string               `json:"source_sku_id"`
	Price     *product.PriceInput  `json:"price"`
	Inventory []product.StockInput `json:"inventory"`
}

// replicateProduct copies a product to other markets. A market that cannot have
// it is named in the answer, the others get it. No document names the codes;
// those of the publication are used.
func replicateProduct(c *gate.Call) *gate.Failure {
	var in replicateInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	if !c.SellsGlobally() {
		return gate.Fail(codeGlobalForbidden, "only sellers with shops in several markets replicate products")
	}
	if len(in.Targets) == 0 {
		return gate.Missing("replicate_target")
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
			return gate.Missing("replicate_target.region")
		}
		if f := replicate(c, source, target); f != nil {
			problems = append(problems, problem{f.Code, f.Message, detail{target.Region}})
		}
	}
	if problems != nil {
		c.JSON(struct {
			Errors []problem `json:"errors"`
		}{problems})
	}
	return nil
}

// replicable returns a copy of the product that the path names. No two shops
// are locked at once, so what follows works on the copy.
func replicable(c *gate.Call) (*product.Product, *gate.Failure) {
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	p, f := product.FindProduct(c, c.Param(0))
	if f != nil {
		return nil, f
	}
	if slices.Contains([]string{product.ProductDraft, product.ProductFreeze, product.ProductDeleted}, p.Status) {
		return nil, gate.Fail(product.CodeProductStatus, "product ", p.ID, " cannot be replicated in the state ", p.Status)
	}
	return &product.Product{ID: p.ID, Live: p.Live.Clone()}, nil
}

// replicate makes the copy in one market and tells the shop of the source.
func replicate(c *gate.Call, source *product.Product, target *replicateTarget) *gate.Failure {
	s := shopIn(c, target.Region)
	switch s {
	case nil:
		return gate.Fail(codeRegionInactive, "the seller has no shop in ", target.Region)
	case c.Shop:
		return gate.Fail(codeInputRejected, "product ", source.ID, " is of ", target.Region, " itself")
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
	c.Shop.Mu.Lock()
	defer c.Shop.Mu.Unlock()
	c.Shop.Emit(int(event.TypeGlobalReplicationStatusChange), struct {
		SourceID   string     `json:"source_product_id"`
		Replicated replicated `json:"replicated_product"`
	}{source.ID, outcome})
	return nil
}

// replicaSKUs reads the SKUs that a copy is to have.
func replicaSKUs(c *gate.Call, s *world.Shop, source *product.Product, target *replicateTarget) ([]localSKU, *gate.Failure) {
	if len(target.SKUs) == 0 {
		return nil, gate.Missing("replicate_target.skus")
	}
	s.Mu.RLock() // its warehouses
	defer s.Mu.RUnlock()
	b := &product.Builder{Call: c, Terms: product.TermsOf(s), MostStock: maxReplicaStock}
	var skus []localSKU
	for i := range target.SKUs {
		in := &target.SKUs[i]
		from := source.Live.SKU(in.SourceID)
		switch {
		case from == nil:
			return nil, gate.Fail(product.CodeSKUUnknown, "product ", source.ID, " has no SKU ", in.SourceID)
		case slices.ContainsFunc(skus, func(other localSKU) bool { return other.from == from }):
			return nil, gate.Fail(product.CodeSKURepeated, "SKU ", in.SourceID, " occurs twice")
		case in.Price == nil:
			return nil, gate.Fail(product.CodeSalePriceMissing, "SKU ", in.SourceID, " has no price for ", s.Region)
		}
		in.Price.Amount = in.Price.SalePrice
		price, f := product.ReadPrice(s.Market, s.SellerType, in.Price)
		if f != nil {
			return nil, f
		}
		if len(in.Inventory) == 0 {
			return nil, gate.Missing("replicate_target.skus.inventory")
		}
		places, f := b.Places(in.Inventory, "")
		if f != nil {
			return nil, f
		}
		skus = append(skus, localSKU{from: from, price: price, stock: places})
	}
	return skus, nil
}

// replicateIn makes the copy, a draft where the market objects to the content.
func replicateIn(c *gate.Call, s *world.Shop, source *product.Product, skus []localSKU) (id string, problems []failReason, f *gate.Failure) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	if slices.ContainsFunc(product.Of(s).List, func(p *product.Product) bool { return of(p.Replica, source.ID) && p.Status != product.ProductDeleted }) {
		return "", nil, gate.Fail(codeRegionPublished, "product ", source.ID, " has a copy in ", s.Region, " already")
	}
	next, places, mappings := localise(s, c.State.World, &source.Live, skus)
	replica := &product.ReplicaSource{ShopID: c.Shop.ID, ProductID: source.ID, SKUs: map[string]string{}}
	for _, m := range mappings {
		replica.SKUs[m.LocalSKUID] = m.GlobalSKUID
	}
	id = s.IDs.New()
	p := &product.Product{
		ID: id, Number: invent.Number(id), Created: c.Now.Unix(), Updated: c.Now.Unix(),
		Status: product.ProductDraft, Audit: product.AuditNone, Live: next, Stock: places, Replica: replica,
	}
	problems = objections(s, &next)
	product.Enlist(c, s, p, problems == nil, "GPR_PRODUCT")
	return id, problems, nil
}

// of tells whether a product is a copy of the one with an id.
func of(r *product.ReplicaSource, id string) bool { return r != nil && r.ProductID == id }

func getReplicatedProducts(c *gate.Call) *gate.Failure {
	if !c.SellsGlobally() {
		return gate.Fail(codeGlobalForbidden, "only sellers with shops in several markets have replicated products")
	}
	c.Shop.Mu.Lock()
	p, f := product.FindProduct(c, c.Param(0))
	c.Shop.Mu.Unlock()
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
	for _, s := range c.Grant.Shops {
		s.Mu.RLock()
		for _, other := range product.Of(s).List {
			if of(other.Replica, p.ID) {
				list = append(list, view{other.ID, other.Status, s.Region, s.ID})
			}
		}
		s.Mu.RUnlock()
	}
	c.JSON(struct {
		Products []view `json:"replicated_products"`
	}{list})
	return nil
}

// getGlobalListingRules tells how products come to a shop. Every shop has its
// own stock here.
func getGlobalListingRules(c *gate.Call) *gate.Failure {
	if !c.SellsGlobally() {
		return gate.Fail(codeGlobalForbidden, "only sellers with shops in several markets have listing rules")
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
	for _, w := range c.Shop.SalesWarehouses() {
		rules = append(rules, rule{"MANUAL", w.ID, []place{}})
	}
	c.JSON(struct {
		Inventory []rule   `json:"inventory_rules"`
		Methods   []string `json:"listing_methods"`
	}{rules, []string{methodPublish, methodReplicate}})
	return nil
}
