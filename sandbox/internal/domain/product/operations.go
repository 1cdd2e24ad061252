package product

import (
	"maps"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// maxBatch is the number of products that one batch call takes.
const maxBatch = 20

// savedSKU is a SKU in the answer to a creation or an edit.
type savedSKU struct {
	ID              string                `json:"id"`
	SellerSKU       string                `json:"seller_sku,omitempty"`
	ExternalSKUID   string                `json:"external_sku_id,omitempty"`
	SalesAttributes []SavedSalesAttribute `json:"sales_attributes"`
	Fees            []Fee                 `json:"fees"`
}

// SavedSalesAttribute is a sales attribute as it was saved.
type SavedSalesAttribute struct {
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

func saved(p *Product, shown *Content) savedProduct {
	answer := savedProduct{ProductID: p.ID, SKUs: []savedSKU{}, Warnings: []warning{}}
	for _, s := range shown.SKUs {
		shown := savedSKU{ID: s.ID, SellerSKU: s.SellerSKU, ExternalSKUID: s.ExternalID, SalesAttributes: []SavedSalesAttribute{}, Fees: append([]Fee{}, s.Fees...)}
		for _, a := range s.Attributes {
			shown.SalesAttributes = append(shown.SalesAttributes, SavedSalesAttribute{a.ID, a.ValueID})
		}
		answer.SKUs = append(answer.SKUs, shown)
	}
	return answer
}

func createProduct(c *gate.Call) *gate.Failure {
	var input ProductInput
	if f := c.Decode(&input); f != nil {
		return f
	}
	// What a repeated key does is not documented. Here it answers with the
	// product that it made, which is what the key is for.
	if p := Of(c.Shop).idempotencyKeys[input.IdempotencyKey]; p != nil {
		c.JSON(saved(p, &p.Live))
		return nil
	}
	b, f := Build(c, TermsOf(c.Shop), &input, nil, nil, false)
	if f != nil {
		return f
	}
	if f := limitListings(c); f != nil {
		return f
	}
	id := c.Shop.IDs.New()
	p := &Product{
		ID: id, Number: invent.Number(id), Created: c.Now.Unix(), Updated: c.Now.Unix(),
		Status: ProductDraft, Audit: AuditNone, Live: b.Next, Stock: b.Stock,
	}
	Enlist(c, c.Shop, p, b.listing())
	if input.IdempotencyKey != "" {
		Of(c.Shop).idempotencyKeys[input.IdempotencyKey] = p
	}
	c.JSON(saved(p, &p.Live))
	return nil
}

// limitListings holds a shop to the products that it may list on a day of UTC,
// where a limit is set. The platform's is for new shops; whose day it counts is
// not known, nor whether drafts count: here they do.
func limitListings(c *gate.Call) *gate.Failure {
	most := c.Gate.Settings.ListingsPerDay
	if most == 0 {
		return nil
	}
	if listedToday(c) >= most {
		return gate.Fail(codeListingQuota, "the shop has reached its ", strconv.Itoa(most), " listings of the day")
	}
	return nil
}

// listedToday counts the products that the shop has made on this day of UTC.
func listedToday(c *gate.Call) (count int) {
	today := c.Now.Unix() / invent.SecondsOfDay
	for _, p := range slices.Backward(Of(c.Shop).List) { // the newest come last
		if p.Created/invent.SecondsOfDay != today {
			break
		}
		count++
	}
	return count
}

// Enlist adds a new product to a shop and sends it into review where it is to
// be listed. The caller holds the shop's lock.
func Enlist(c *gate.Call, s *world.Shop, p *Product, listing bool, types ...string) {
	defer announceProduct(s, p, p.before(), c.Now)
	if listing {
		p.submit(c.Now, s.AuditDelay)
	}
	announceCreation(s, p, c.Now, append(p.Live.types(), types...)...)
	Of(s).ByID[p.ID] = p
	Of(s).List = append(Of(s).List, p)
	Combine(s)
	c.State.World.Owners.Add(s, p.ID)
	own(c, s, &p.Live)
}

// own makes the SKUs of a content known as the shop's.
func own(c *gate.Call, s *world.Shop, shown *Content) {
	for i := range shown.SKUs {
		c.State.World.Owners.Add(s, shown.SKUs[i].ID)
	}
}

func editProduct(c *gate.Call) *gate.Failure { return edit(c, false) }

func partialEditProduct(c *gate.Call) *gate.Failure { return edit(c, true) }

// edit changes a product. What becomes of the change depends on the state: a
// live product keeps its old content until the new one has passed the review,
// unless only prices and stock changed.
func edit(c *gate.Call, partial bool) *gate.Failure {
	var input ProductInput
	if f := c.Decode(&input); f != nil {
		return f
	}
	p, f := FindProduct(c, c.Param(0))
	if f != nil {
		return f
	}
	asDraft := input.SaveMode == saveDraft
	if p.Status == ProductFreeze || p.Status == ProductDeleted || asDraft && p.Status == ProductPending {
		return gate.Fail(CodeProductStatus, "product ", p.ID, " cannot be edited in the state ", p.Status)
	}
	old := &p.Live
	switch {
	case asDraft && p.Draft != nil:
		old = p.Draft
	case p.Review != nil:
		old = p.Review
	}
	b, f := Build(c, TermsOf(c.Shop), &input, p, old, partial)
	if f != nil {
		return f
	}
	shown := Revise(c, c.Shop, p, &b.Next, b.Stock, asDraft)
	answer := saved(p, shown)
	answer.Audit = &savedAudit{p.Audit}
	if p.Audit == auditFailed { // an earlier one: saving a draft begins no review
		answer.Audit.Status = AuditNone
	}
	if partial {
		answer.Warnings = nil
	}
	c.JSON(answer)
	return nil
}

// Revise takes over an edit and returns the content that it went into. The
// caller holds the shop's lock.
func Revise(c *gate.Call, s *world.Shop, p *Product, next *Content, places map[string][]Stock, asDraft bool) *Content {
	own(c, s, next)
	defer announceProduct(s, p, p.before(), c.Now)
	defer Combine(s)
	p.Updated = c.Now.Unix()
	if asDraft && p.Status != ProductDraft {
		// The draft of a product that has been listed has no stock of its own.
		p.Draft = next
		return p.Draft
	}
	p.restock(places)
	p.Draft = nil
	if p.Status == ProductActivate {
		if p.Review == nil && next.sameBut(&p.Live) {
			p.publish(*next)
			return &p.Live
		}
		p.Review = next
		p.startAudit(c.Now, s.AuditDelay)
		return p.Review
	}
	p.publish(*next)
	// An edit lists drafts and products that the review or the platform
	// turned down. What the seller has hidden stays hidden: no source knows
	// another way back than switching it on.
	if !asDraft && p.Status != ProductSellerDeactivated {
		p.submit(c.Now, s.AuditDelay)
	}
	return &p.Live
}

// restock takes over the stock that came with an edit.
func (p *Product) restock(places map[string][]Stock) {
	maps.Copy(p.Stock, places)
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
	ExtraErrors []ExtraError `json:"extra_errors,omitempty"`
}

// ExtraError says what of a request failed while the rest worked.
type ExtraError struct {
	Code        int    `json:"code"`
	Message     string `json:"message"`
	WarehouseID string `json:"warehouse_id,omitempty"`
}

// batch applies a change of state to products. The product is left alone where
// its state is not among those that the change starts from.
func batch(c *gate.Call, from []string, change func(p *Product)) *gate.Failure {
	var input struct {
		ProductIDs       []string `json:"product_ids"`
		ListingPlatforms []string `json:"listing_platforms"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.ProductIDs) == 0 {
		return gate.Missing("product_ids")
	}
	if len(input.ProductIDs) > maxBatch {
		return gate.Fail(CodeTooManyProducts, "'product_ids' takes at most 20 ids")
	}
	if platform := []string{"TIKTOK_SHOP", "TOKOPEDIA"}; len(input.ListingPlatforms) > 0 {
		for _, name := range input.ListingPlatforms {
			if !slices.Contains(platform, name) {
				return gate.NotAllowed("listing_platforms", name, platform)
			}
		}
	}
	var problems []batchError
	seen := map[string]bool{}
	for _, id := range input.ProductIDs {
		if seen[id] {
			continue
		}
		seen[id] = true
		p, f := FindProduct(c, id)
		if f == nil && !slices.Contains(from, p.Status) {
			f = gate.Fail(CodeProductStatus, "the state ", p.Status, " of product ", id, " forbids this")
		}
		if f != nil {
			problems = append(problems, batchError{f.Code, f.Message, batchDetail{ProductID: id}})
			continue
		}
		before := p.before()
		change(p)
		p.Updated = c.Now.Unix()
		Combine(c.Shop)
		announceProduct(c.Shop, p, before, c.Now)
	}
	if problems != nil {
		c.JSON(struct {
			Errors []batchError `json:"errors"`
		}{problems})
	}
	return nil
}

func activateProducts(c *gate.Call) *gate.Failure {
	return batch(c, []string{ProductSellerDeactivated, ProductPlatformDeactivated}, func(p *Product) {
		p.submit(c.Now, c.Shop.AuditDelay)
	})
}

func deactivateProducts(c *gate.Call) *gate.Failure {
	return batch(c, []string{ProductActivate}, func(p *Product) {
		p.withdraw()
		p.Status = ProductSellerDeactivated
	})
}

// deleteProducts refuses frozen products only, so that deleting twice is not
// an error.
func deleteProducts(c *gate.Call) *gate.Failure {
	from := slices.DeleteFunc(slices.Clone(ProductStatuses), func(s string) bool { return s == ProductFreeze })
	return batch(c, from, func(p *Product) {
		p.withdraw()
		p.Status = ProductDeleted
		unlist(c.Shop, p.ID)
	})
}

// recoverProducts restores deleted products, hidden.
func recoverProducts(c *gate.Call) *gate.Failure {
	return batch(c, []string{ProductDeleted}, func(p *Product) {
		p.Status = ProductSellerDeactivated
	})
}

func updatePrices(c *gate.Call) *gate.Failure {
	var input struct {
		SKUs []struct {
			ID                 string              `json:"id"`
			Price              *PriceInput         `json:"price"`
			ListPrice          *listPriceInput     `json:"list_price"`
			ExternalListPrices []externalListPrice `json:"external_list_prices"`
		} `json:"skus"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.SKUs) == 0 {
		return gate.Missing("skus")
	}
	p, f := FindProduct(c, c.Param(0))
	if f != nil {
		return f
	}
	if p.Status != ProductActivate {
		return gate.Fail(CodeProductStatus, "prices change on live products only, product ", p.ID, " is ", p.Status)
	}
	// All prices change or none.
	next := p.Live.Clone()
	seen := map[string]bool{}
	for _, in := range input.SKUs {
		switch {
		case in.ID == "":
			return gate.Missing("skus.id")
		case seen[in.ID]:
			return gate.Fail(CodeSKURepeated, "SKU ", in.ID, " occurs twice")
		case in.Price == nil:
			return gate.Missing("skus.price")
		}
		seen[in.ID] = true
		s := next.SKU(in.ID)
		if s == nil {
			return gate.Fail(CodeSKUForeign, "product ", p.ID, " has no SKU ", in.ID)
		}
		price, f := ReadPrice(c.Shop.Market, c.Shop.SellerType, in.Price)
		if f != nil {
			return f
		}
		s.Price = price
		if f := listPrices(c.Shop.Market, s, in.ListPrice, in.ExternalListPrices); f != nil {
			return f
		}
	}
	p.Live = next
	for _, other := range []*Content{p.Review, p.Draft} { // newer versions keep up
		for id := range seen {
			if s := other.SKU(id); s != nil {
				s.Price = next.SKU(id).Price
			}
		}
	}
	p.Updated = c.Now.Unix()
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

func (f *productFilter) validate() *gate.Failure {
	switch {
	case len(f.SellerSKUs) > 10:
		return gate.Fail(codeTooManySellerSKUs, "'seller_skus' takes at most 10 values")
	case len(f.SKUIDs) > 10:
		return gate.Fail(codeTooManySKUIDs, "'sku_ids' takes at most 10 values")
	}
	if f.ListingQualityTier != "" { // the older version takes one
		f.ListingQualityTiers = append(f.ListingQualityTiers, f.ListingQualityTier)
	}
	return nil
}

// matches reports whether a product passes the filter. Both ends of a time
// range belong to it. Seller SKUs and SKU ids are looked up in the live
// content.
func (f *productFilter) matches(p *Product, r *market.Region) bool {
	return (f.Status == "" || f.Status == "ALL" || p.Status == f.Status) &&
		(f.CreateTimeGE == nil || p.Created >= *f.CreateTimeGE) &&
		(f.CreateTimeLE == nil || p.Created <= *f.CreateTimeLE) &&
		(f.UpdateTimeGE == nil || p.Updated >= *f.UpdateTimeGE) &&
		(f.UpdateTimeLE == nil || p.Updated <= *f.UpdateTimeLE) &&
		(len(f.AuditStatus) == 0 || slices.Contains(f.AuditStatus, p.Audit)) &&
		(len(f.ListingQualityTiers) == 0 || slices.Contains(f.ListingQualityTiers, p.Quality)) &&
		(f.CategoryVersion == "" || slices.Contains(r.CategoryVersions, f.CategoryVersion)) &&
		(!f.ReturnDraftVersion || p.Draft != nil || p.Status == ProductDraft) &&
		!slices.Contains(f.ListingPlatforms, "TOKOPEDIA") &&
		p.Live.HasAny(f.SellerSKUs, func(s *SKU) string { return s.SellerSKU }) &&
		p.Live.HasAny(f.SKUIDs, func(s *SKU) string { return s.ID })
}

// HasAny reports whether a SKU carries one of the values. No values exclude
// nothing.
func (c *Content) HasAny(values []string, of func(*SKU) string) bool {
	if len(values) == 0 {
		return true
	}
	for i := range c.SKUs {
		if slices.Contains(values, of(&c.SKUs[i])) {
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
	Tags               []string   `json:"product_tags,omitzero"`
	Recommended        []struct{} `json:"recommended_categories,omitzero"`
}

type foundSKU struct {
	ID                 string              `json:"id"`
	SellerSKU          string              `json:"seller_sku"`
	Price              priceView           `json:"price"`
	Inventory          []stockView         `json:"inventory"`
	Fees               []Fee               `json:"fees,omitempty"`
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

func searchProducts202309(c *gate.Call) *gate.Failure {
	// This version reads the category version from the query.
	version, f := c.OneOf("category_version", "", "v1", "v2")
	if f != nil {
		return f
	}
	return searchProducts(c, searchBase, version)
}

func searchProducts202312(c *gate.Call) *gate.Failure { return searchProducts(c, searchAudit, "") }

func searchProducts202502(c *gate.Call) *gate.Failure { return searchProducts(c, searchDraft, "") }

func searchProducts(c *gate.Call, version int, categoryVersion string) *gate.Failure {
	page, f := c.Page(category.CodePageSize)
	if f != nil {
		return f
	}
	scope := "products " + c.Shop.ID
	after, f := page.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	var filter productFilter
	if f := c.Decode(&filter); f != nil {
		return f
	}
	if f := filter.validate(); f != nil {
		return f
	}
	if categoryVersion != "" {
		filter.CategoryVersion = categoryVersion
	}
	// The order is not documented; the newest come first.
	found, next, total := gate.Paginate(c, Of(c.Shop).List, true, after, page.Size,
		func(p *Product) gate.Cursor { return gate.Cursor{At: 0, ID: p.Number} },
		func(p *Product) bool { return filter.matches(p, c.Shop.Market) })
	answer := struct {
		NextPageToken string         `json:"next_page_token"`
		Products      []foundProduct `json:"products"`
		TotalCount    int            `json:"total_count"`
	}{Products: []foundProduct{}, TotalCount: total}
	if next != nil {
		answer.NextPageToken = next.Encode(c.State.World.Seed, scope)
	}
	for _, p := range found {
		shown := &p.Live
		if filter.ReturnDraftVersion && p.Draft != nil {
			shown = p.Draft
		}
		answer.Products = append(answer.Products, newFoundProduct(c, p, shown, version))
	}
	c.JSON(answer)
	return nil
}

func newFoundProduct(c *gate.Call, p *Product, shown *Content, version int) foundProduct {
	r := c.Shop.Market
	found := foundProduct{
		ID: p.ID, Title: shown.Title, Status: p.Status, SalesRegions: []string{r.Code},
		CreateTime: p.Created, UpdateTime: p.Updated, SKUs: make([]foundSKU, len(shown.SKUs)),
	}
	for i := range shown.SKUs {
		s := &shown.SKUs[i]
		found.SKUs[i] = foundSKU{ID: s.ID, SellerSKU: s.SellerSKU, Price: newPriceView(r, s.Price), Inventory: stockViews(p.Stock[s.ID]), Fees: s.Fees}
		if version >= searchAudit {
			found.SKUs[i].ListPrice, found.SKUs[i].ExternalListPrices = newListPriceView(r, s.ListPrice), s.ExternalLists
		}
		if version >= searchDraft {
			found.SKUs[i].PreSale, found.SKUs[i].StatusInfo = s.PreSale, &statusView{Status: "NORMAL"}
		}
	}
	if version >= searchAudit {
		found.Audit = &auditView{p.Audit, []string{}}
		found.IsNotForSale = &shown.NotForSale
		found.ListingQualityTier = p.Quality
	}
	if version >= searchDraft {
		found.HasDraft = new(p.Draft != nil)
		found.Tags, found.Recommended = []string{}, []struct{}{}
	}
	return found
}
