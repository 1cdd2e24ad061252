package sandbox

import (
	"maps"
	"slices"
)

// maxBatch is the number of products that one batch call takes.
const maxBatch = 20

// savedSKU is a SKU in the answer to a creation or an edit.
type savedSKU struct {
	ID              string                `json:"id"`
	SellerSKU       string                `json:"seller_sku,omitempty"`
	ExternalSKUID   string                `json:"external_sku_id,omitempty"`
	SalesAttributes []savedSalesAttribute `json:"sales_attributes"`
	Fees            []fee                 `json:"fees,omitempty"`
}

type savedSalesAttribute struct {
	ID      string `json:"id"`
	ValueID string `json:"value_id"`
}

type savedProduct struct {
	ProductID string      `json:"product_id"`
	SKUs      []savedSKU  `json:"skus"`
	Audit     *savedAudit `json:"audit,omitempty"`   // edits only
	Warnings  []warning   `json:"warnings,omitzero"` // partial edits have none
}

type savedAudit struct {
	Status string `json:"status"`
}

type warning struct {
	Message string `json:"message"`
}

func saved(p *product, shown *content) savedProduct {
	answer := savedProduct{ProductID: p.id, SKUs: []savedSKU{}, Warnings: []warning{}}
	for _, s := range shown.skus {
		shown := savedSKU{ID: s.id, SellerSKU: s.sellerSKU, ExternalSKUID: s.externalID, SalesAttributes: []savedSalesAttribute{}, Fees: s.fees}
		for _, a := range s.attributes {
			shown.SalesAttributes = append(shown.SalesAttributes, savedSalesAttribute{a.id, a.valueID})
		}
		answer.SKUs = append(answer.SKUs, shown)
	}
	return answer
}

func createProduct(c *call) *failure {
	var input productInput
	if f := c.decode(&input); f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	// What a repeated key does is not documented. Here it answers with the
	// product that it made, which is what the key is for.
	if p := productsOf(c.shop).idempotencyKeys[input.IdempotencyKey]; p != nil {
		c.json(saved(p, &p.live))
		return nil
	}
	b, f := build(c, &input, nil, nil, false)
	if f != nil {
		return f
	}
	id := c.shop.ids.new()
	p := &product{
		id: id, number: number(id), created: c.now.Unix(), updated: c.now.Unix(),
		status: productDraft, audit: auditNone, live: b.next, stock: b.stock,
	}
	enlist(c, c.shop, p, b.listing())
	if input.IdempotencyKey != "" {
		productsOf(c.shop).idempotencyKeys[input.IdempotencyKey] = p
	}
	c.json(saved(p, &p.live))
	return nil
}

// enlist adds a new product to a shop and sends it into review where it is to
// be listed. The caller holds the shop's lock.
func enlist(c *call, s *shop, p *product, listing bool, types ...string) {
	defer announceProduct(s, p, p.before(), c.now)
	if listing {
		p.submit(c.now, s.auditDelay)
	}
	announceCreation(s, p, c.now, types...)
	productsOf(s).byID[p.id] = p
	productsOf(s).list = append(productsOf(s).list, p)
	c.state.world.owners.add(s, p.id)
	own(c, s, &p.live)
}

// own makes the SKUs of a content known as the shop's.
func own(c *call, s *shop, shown *content) {
	for i := range shown.skus {
		c.state.world.owners.add(s, shown.skus[i].id)
	}
}

func editProduct(c *call) *failure { return edit(c, false) }

func partialEditProduct(c *call) *failure { return edit(c, true) }

// edit changes a product. What becomes of the change depends on the state: a
// live product keeps its old content until the new one has passed the review,
// unless only prices and stock changed.
func edit(c *call, partial bool) *failure {
	var input productInput
	if f := c.decode(&input); f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	p, f := findProduct(c, c.param(0))
	if f != nil {
		return f
	}
	asDraft := input.SaveMode == saveDraft
	if p.status == productFreeze || p.status == productDeleted || asDraft && p.status == productPending {
		return fail(codeProductStatus, "product ", p.id, " cannot be edited in the state ", p.status)
	}
	old := &p.live
	switch {
	case asDraft && p.draft != nil:
		old = p.draft
	case p.review != nil:
		old = p.review
	}
	b, f := build(c, &input, p, old, partial)
	if f != nil {
		return f
	}
	shown := revise(c, c.shop, p, &b.next, b.stock, asDraft)
	answer := saved(p, shown)
	answer.Audit = &savedAudit{p.audit}
	if p.audit == auditFailed { // an earlier one: saving a draft begins no review
		answer.Audit.Status = auditNone
	}
	if partial {
		answer.Warnings = nil
	}
	c.json(answer)
	return nil
}

// revise takes over an edit and returns the content that it went into. The
// caller holds the shop's lock.
func revise(c *call, s *shop, p *product, next *content, places map[string][]stock, asDraft bool) *content {
	own(c, s, next)
	defer announceProduct(s, p, p.before(), c.now)
	p.updated = c.now.Unix()
	if asDraft && p.status != productDraft {
		// The draft of a product that has been listed has no stock of its own.
		p.draft = next
		return p.draft
	}
	p.restock(places)
	p.draft = nil
	if p.status == productActivate {
		if p.review == nil && next.sameBut(&p.live) {
			p.publish(*next)
			return &p.live
		}
		p.review = next
		p.startAudit(c.now, s.auditDelay)
		return p.review
	}
	p.publish(*next)
	// An edit lists drafts and products that the review or the platform
	// turned down. What the seller has hidden stays hidden: no source knows
	// another way back than switching it on.
	if !asDraft && p.status != productSellerDeactivated {
		p.submit(c.now, s.auditDelay)
	}
	return &p.live
}

// restock takes over the stock that came with an edit.
func (p *product) restock(places map[string][]stock) {
	maps.Copy(p.stock, places)
}

// batchError is the failure of one product of a batch. The batch as a whole
// succeeds.
type batchError struct {
	Code    int         `json:"code"`
	Message string      `json:"message"`
	Detail  batchDetail `json:"detail"`
}

type batchDetail struct {
	ProductID   string       `json:"product_id"`
	ExtraErrors []extraError `json:"extra_errors,omitempty"`
}

type extraError struct {
	Code        int    `json:"code"`
	Message     string `json:"message"`
	WarehouseID string `json:"warehouse_id,omitempty"`
}

// batch applies a change of state to products. The product is left alone where
// its state is not among those that the change starts from.
func batch(c *call, from []string, change func(p *product)) *failure {
	var input struct {
		ProductIDs       []string `json:"product_ids"`
		ListingPlatforms []string `json:"listing_platforms"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.ProductIDs) == 0 {
		return missing("product_ids")
	}
	if len(input.ProductIDs) > maxBatch {
		return fail(codeTooManyProducts, "'product_ids' takes at most 20 ids")
	}
	if platform := []string{"TIKTOK_SHOP", "TOKOPEDIA"}; len(input.ListingPlatforms) > 0 {
		for _, name := range input.ListingPlatforms {
			if !slices.Contains(platform, name) {
				return notAllowed("listing_platforms", name, platform)
			}
		}
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	var problems []batchError
	seen := map[string]bool{}
	for _, id := range input.ProductIDs {
		if seen[id] {
			continue
		}
		seen[id] = true
		p, f := findProduct(c, id)
		if f == nil && !slices.Contains(from, p.status) {
			f = fail(codeProductStatus, "the state ", p.status, " of product ", id, " forbids this")
		}
		if f != nil {
			problems = append(problems, batchError{f.code, f.message, batchDetail{ProductID: id}})
			continue
		}
		before := p.before()
		change(p)
		p.updated = c.now.Unix()
		announceProduct(c.shop, p, before, c.now)
	}
	if problems != nil {
		c.json(struct {
			Errors []batchError `json:"errors"`
		}{problems})
	}
	return nil
}

func activateProducts(c *call) *failure {
	return batch(c, []string{productSellerDeactivated, productPlatformDeactivated}, func(p *product) {
		p.submit(c.now, c.shop.auditDelay)
	})
}

func deactivateProducts(c *call) *failure {
	return batch(c, []string{productActivate}, func(p *product) {
		p.withdraw()
		p.status = productSellerDeactivated
	})
}

// deleteProducts refuses frozen products only, so that deleting twice is no
// error.
func deleteProducts(c *call) *failure {
	from := slices.DeleteFunc(slices.Clone(productStatuses), func(s string) bool { return s == productFreeze })
	return batch(c, from, func(p *product) {
		p.withdraw()
		p.status = productDeleted
	})
}

// recoverProducts brings deleted products back, hidden.
func recoverProducts(c *call) *failure {
	return batch(c, []string{productDeleted}, func(p *product) {
		p.status = productSellerDeactivated
	})
}

func updatePrices(c *call) *failure {
	var input struct {
		SKUs []struct {
			ID                 string              `json:"id"`
			Price              *priceInput         `json:"price"`
			ListPrice          *listPriceInput     `json:"list_price"`
			ExternalListPrices []externalListPrice `json:"external_list_prices"`
		} `json:"skus"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if len(input.SKUs) == 0 {
		return missing("skus")
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	p, f := findProduct(c, c.param(0))
	if f != nil {
		return f
	}
	if p.status != productActivate {
		return fail(codeProductStatus, "prices change on live products only, product ", p.id, " is ", p.status)
	}
	// All prices change or none.
	next := p.live.clone()
	seen := map[string]bool{}
	for _, in := range input.SKUs {
		switch {
		case in.ID == "":
			return missing("skus.id")
		case seen[in.ID]:
			return fail(codeSKURepeated, "SKU ", in.ID, " occurs twice")
		case in.Price == nil:
			return missing("skus.price")
		}
		seen[in.ID] = true
		s := next.sku(in.ID)
		if s == nil {
			return fail(codeSKUForeign, "product ", p.id, " has no SKU ", in.ID)
		}
		price, f := readPrice(c.shop, in.Price)
		if f != nil {
			return f
		}
		s.price = price
		if f := listPrices(c.shop, s, in.ListPrice, in.ExternalListPrices); f != nil {
			return f
		}
	}
	p.live = next
	for _, other := range []*content{p.review, p.draft} { // newer versions keep up
		for id := range seen {
			if s := other.sku(id); s != nil {
				s.price = next.sku(id).price
			}
		}
	}
	p.updated = c.now.Unix()
	return nil
}

// productFilter is the body of the product search. Every version of the
// operation reads its own part of it.
type productFilter struct {
	Status              string   `json:"status"`
	SellerSKUs          []string `json:"seller_skus"`
	SKUIDs              []string `json:"sku_ids"`
	CreateTimeGE        *int64   `json:"create_time_ge"`
	CreateTimeLE        *int64   `json:"create_time_le"`
	UpdateTimeGE        *int64   `json:"update_time_ge"`
	UpdateTimeLE        *int64   `json:"update_time_le"`
	AuditStatus         []string `json:"audit_status"`
	CategoryVersion     string   `json:"category_version"`
	ListingQualityTier  string   `json:"listing_quality_tier"`
	ListingQualityTiers []string `json:"listing_quality_tiers"`
	ListingPlatforms    []string `json:"listing_platforms"`
	ReturnDraftVersion  bool     `json:"return_draft_version"`
	SNSFilter           string   `json:"sns_filter"`
}

func (f *productFilter) validate() *failure {
	statuses := append([]string{"ALL"}, productStatuses...)
	audits := []string{auditAuditing, auditFailed, auditApproved}
	tiers := []string{"POOR", "FAIR", "GOOD"}
	switch {
	case f.Status != "" && !slices.Contains(statuses, f.Status):
		return notAllowed("status", f.Status, statuses)
	case len(f.SellerSKUs) > 10:
		return fail(codeTooManySellerSKUs, "'seller_skus' takes at most 10 values")
	case len(f.SKUIDs) > 10:
		return fail(codeTooManySKUIDs, "'sku_ids' takes at most 10 values")
	case f.ListingQualityTier != "" && !slices.Contains(tiers, f.ListingQualityTier):
		return notAllowed("listing_quality_tier", f.ListingQualityTier, tiers)
	}
	if f.ListingQualityTier != "" { // the older version takes one
		f.ListingQualityTiers = append(f.ListingQualityTiers, f.ListingQualityTier)
	}
	for _, status := range f.AuditStatus {
		if !slices.Contains(audits, status) {
			return notAllowed("audit_status", status, audits)
		}
	}
	for _, tier := range f.ListingQualityTiers {
		if !slices.Contains(tiers, tier) {
			return notAllowed("listing_quality_tiers", tier, tiers)
		}
	}
	return nil
}

// matches reports whether a product passes the filter. Both ends of a time
// range belong to it. Seller SKUs and SKU ids are looked up in the live
// content.
func (f *productFilter) matches(p *product, r *region) bool {
	return (f.Status == "" || f.Status == "ALL" || p.status == f.Status) &&
		(f.CreateTimeGE == nil || p.created >= *f.CreateTimeGE) &&
		(f.CreateTimeLE == nil || p.created <= *f.CreateTimeLE) &&
		(f.UpdateTimeGE == nil || p.updated >= *f.UpdateTimeGE) &&
		(f.UpdateTimeLE == nil || p.updated <= *f.UpdateTimeLE) &&
		(len(f.AuditStatus) == 0 || slices.Contains(f.AuditStatus, p.audit)) &&
		(len(f.ListingQualityTiers) == 0 || slices.Contains(f.ListingQualityTiers, p.quality)) &&
		(f.CategoryVersion == "" || slices.Contains(r.categoryVersions, f.CategoryVersion)) &&
		(!f.ReturnDraftVersion || p.draft != nil || p.status == productDraft) &&
		!slices.Contains(f.ListingPlatforms, "TOKOPEDIA") &&
		p.live.hasAny(f.SellerSKUs, func(s *sku) string { return s.sellerSKU }) &&
		p.live.hasAny(f.SKUIDs, func(s *sku) string { return s.id })
}

// hasAny reports whether a SKU carries one of the values. No values exclude
// nothing.
func (c *content) hasAny(values []string, of func(*sku) string) bool {
	if len(values) == 0 {
		return true
	}
	for i := range c.skus {
		if slices.Contains(values, of(&c.skus[i])) {
			return true
		}
	}
	return false
}

// foundProduct is a product in a search result. Fields that an older version
// of the operation lacks are left out.
type foundProduct struct {
	ID                 string     `json:"id"`
	Title              string     `json:"title"`
	Status             string     `json:"status"`
	SalesRegions       []string   `json:"sales_regions"`
	CreateTime         int64      `json:"create_time"`
	UpdateTime         int64      `json:"update_time"`
	SKUs               []foundSKU `json:"skus"`
	Audit              *auditView `json:"audit,omitempty"`
	IsNotForSale       *bool      `json:"is_not_for_sale,omitempty"`
	ListingQualityTier string     `json:"listing_quality_tier,omitempty"`
	HasDraft           *bool      `json:"has_draft,omitempty"`
}

type foundSKU struct {
	ID                 string              `json:"id"`
	SellerSKU          string              `json:"seller_sku"`
	Price              priceView           `json:"price"`
	Inventory          []stockView         `json:"inventory"`
	Fees               []fee               `json:"fees,omitempty"`
	ListPrice          *listPriceView      `json:"list_price,omitempty"`
	ExternalListPrices []externalListPrice `json:"external_list_prices,omitempty"`
	PreSale            *preSale            `json:"pre_sale,omitempty"`
	StatusInfo         *statusView         `json:"status_info,omitempty"`
}

// The versions of the product search, by what they show.
const (
	searchBase  = iota // 202309
	searchAudit        // 202312
	searchDraft        // 202502
)

func searchProducts202309(c *call) *failure {
	// This version reads the category version from the query.
	version, f := c.oneOf("category_version", "", "v1", "v2")
	if f != nil {
		return f
	}
	return searchProducts(c, searchBase, version)
}

func searchProducts202312(c *call) *failure { return searchProducts(c, searchAudit, "") }

func searchProducts202502(c *call) *failure { return searchProducts(c, searchDraft, "") }

func searchProducts(c *call, version int, categoryVersion string) *failure {
	page, f := c.page(codePageSize)
	if f != nil {
		return f
	}
	scope := "products " + c.shop.ID
	after, f := page.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	var filter productFilter
	if f := c.decode(&filter); f != nil {
		return f
	}
	if f := filter.validate(); f != nil {
		return f
	}
	if categoryVersion != "" {
		filter.CategoryVersion = categoryVersion
	}
	c.shop.mu.Lock() // a look may end a review
	defer c.shop.mu.Unlock()
	for _, p := range productsOf(c.shop).list {
		settleProduct(c.shop, p, c.now)
	}
	// The order is not documented; the newest come first.
	found, next, total := paginate(productsOf(c.shop).list, true, after, page.size,
		func(p *product) cursor { return cursor{0, p.number} },
		func(p *product) bool { return filter.matches(p, c.shop.region) })
	answer := struct {
		NextPageToken string         `json:"next_page_token"`
		Products      []foundProduct `json:"products"`
		TotalCount    int            `json:"total_count"`
	}{Products: []foundProduct{}, TotalCount: total}
	if next != nil {
		answer.NextPageToken = next.encode(c.state.world.seed, scope)
	}
	for _, p := range found {
		shown := &p.live
		if filter.ReturnDraftVersion && p.draft != nil {
			shown = p.draft
		}
		answer.Products = append(answer.Products, newFoundProduct(c, p, shown, version))
	}
	c.json(answer)
	return nil
}

func newFoundProduct(c *call, p *product, shown *content, version int) foundProduct {
	r := c.shop.region
	found := foundProduct{
		ID: p.id, Title: shown.title, Status: p.status, SalesRegions: []string{r.code},
		CreateTime: p.created, UpdateTime: p.updated, SKUs: make([]foundSKU, len(shown.skus)),
	}
	for i := range shown.skus {
		s := &shown.skus[i]
		found.SKUs[i] = foundSKU{ID: s.id, SellerSKU: s.sellerSKU, Price: newPriceView(r, s.price), Inventory: stockViews(p.stock[s.id]), Fees: s.fees}
		if version >= searchAudit {
			found.SKUs[i].ListPrice, found.SKUs[i].ExternalListPrices = newListPriceView(r, s.listPrice), s.externalLists
		}
		if version >= searchDraft {
			found.SKUs[i].PreSale, found.SKUs[i].StatusInfo = s.preSale, &statusView{Status: "NORMAL"}
		}
	}
	if version >= searchAudit {
		found.Audit = &auditView{p.audit, []string{}}
		found.IsNotForSale = &shown.notForSale
		found.ListingQualityTier = p.quality
	}
	if version >= searchDraft {
		found.HasDraft = new(p.draft != nil)
	}
	return found
}
