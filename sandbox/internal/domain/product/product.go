package product

import (
	"slices"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The states of a product.
const (
	ProductDraft               = "DRAFT"
	ProductPending             = "PENDING"
	ProductFailed              = "FAILED"
	ProductActivate            = "ACTIVATE"
	ProductSellerDeactivated   = "SELLER_DEACTIVATED"
	ProductPlatformDeactivated = "PLATFORM_DEACTIVATED"
	ProductFreeze              = "FREEZE"
	ProductDeleted             = "DELETED"
)

// ProductStatuses are the states of a product.
var ProductStatuses = []string{
	ProductDraft, ProductPending, ProductFailed, ProductActivate,
	ProductSellerDeactivated, ProductPlatformDeactivated, ProductFreeze, ProductDeleted,
}

// The states of a product's review.
const (
	AuditNone     = "NONE"
	AuditAuditing = "AUDITING"
	auditFailed   = "FAILED"
	AuditApproved = "APPROVED"
)

// Product is a product of a shop.
type Product struct {
	ID      string `json:"id"`
	Number  int64  `json:"-"`       // the id
	Created int64  `json:"created"` // Unix seconds
	Updated int64  `json:"updated"` // Unix seconds

	Status   string         `json:"status"`
	Audit    string         `json:"audit"`
	Verdict  time.Time      `json:"verdict"` // when the running review ends well; zero: not by itself
	Failures []AuditFailure `json:"failures"`
	Quality  string         `json:"quality"`
	Passed   bool           `json:"passed"` // a review once; the first time is announced differently

	Live   Content  `json:"live"`   // what buyers see, or would see
	Review *Content `json:"review"` // the edit of a live product that is under review
	Draft  *Content `json:"draft"`  // the saved but unpublished edit of a live product

	// stock is kept apart from the content: it is changed without a review.
	Stock map[string][]Stock `json:"stock"` // by SKU id

	Association *GlobalAssociation `json:"association,omitempty"` // to the global product that it was published from
	Replica     *ReplicaSource     `json:"replica,omitempty"`     // what it is a copy of
}

// AuditFailure says why a review was lost.
type AuditFailure struct {
	Position    string   `json:"position"`
	Reasons     []string `json:"reasons"`
	Suggestions []string `json:"suggestions"`
	Platform    string   `json:"listing_platform"`
}

// Content is what an edit of a product replaces.
type Content struct {
	Title            string                `json:"title"`
	Description      string                `json:"description"`
	CategoryID       string                `json:"category_id"`
	BrandID          string                `json:"brand_id"`
	Images           []string              `json:"images"` // URIs
	Attributes       []ProductAttribute    `json:"attributes"`
	SKUs             []SKU                 `json:"skus"`
	Weight           *Weight               `json:"weight"`
	Dimensions       *Dimensions           `json:"dimensions"`
	Certifications   []media.Certification `json:"certifications"`
	SizeChart        *compliance.SizeChart `json:"size_chart"`
	VideoID          string                `json:"video_id"`
	ExternalID       string                `json:"external_id"`
	COD              bool                  `json:"cod"`
	NotForSale       bool                  `json:"not_for_sale"`
	PreOwned         bool                  `json:"pre_owned"`
	MinimumQuantity  int                   `json:"minimum_quantity"`
	Insurance        string                `json:"insurance"`
	ShippingTemplate string                `json:"shipping_template"`
	DeliveryOptions  []string              `json:"delivery_options"`
	Manufacturers    []string              `json:"manufacturers"`
	Responsible      []string              `json:"responsible"`
	PrimaryCombined  string                `json:"primary_combined"`
}

// SKU is a variant of a product.
type SKU struct {
	ID            string              `json:"id"`
	SellerSKU     string              `json:"seller_sku"`
	ExternalID    string              `json:"external_id"`
	Price         int64               `json:"price"`      // in the smallest unit; sale price and price before tax alike
	ListPrice     int64               `json:"list_price"` // 0: none
	Attributes    []SalesAttribute    `json:"attributes"`
	Identifier    *IdentifierCode     `json:"identifier"`
	ExternalURLs  []string            `json:"external_urls"`
	UnitCount     string              `json:"unit_count"`
	Combined      []CombinedSKU       `json:"combined"`
	ExternalLists []externalListPrice `json:"external_lists"`
	PreSale       *preSale            `json:"pre_sale"`
	Fees          []Fee               `json:"fees"`
	ExtraCodes    []string            `json:"extra_codes"`
}

// SalesAttribute tells a SKU apart from its siblings.
type SalesAttribute struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	ValueID string   `json:"value_id"`
	Value   string   `json:"value"`
	Image   string   `json:"image"` // URI
	More    []string `json:"more"`
}

// ProductAttribute describes a product as a whole.
type ProductAttribute struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	Values []ProductValue `json:"values"`
}

// ProductValue is a value of an attribute of a product.
type ProductValue struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Stock is what one warehouse holds of a SKU.
type Stock struct {
	Warehouse    string `json:"warehouse"`
	Available    int64  `json:"available"` // can be ordered
	Committed    int64  `json:"committed"` // reserved by orders
	Backorder    int64  `json:"backorder"`
	HandlingTime int64  `json:"handling_time"`
}

// SKU returns a SKU of the content by its id, or nil.
func (c *Content) SKU(id string) *SKU {
	if c == nil {
		return nil
	}
	for i := range c.SKUs {
		if c.SKUs[i].ID == id {
			return &c.SKUs[i]
		}
	}
	return nil
}

// Clone returns a copy that shares no SKU with the original. Lists within
// are replaced as a whole, never changed.
func (c *Content) Clone() Content {
	copied := *c
	copied.SKUs = slices.Clone(c.SKUs)
	return copied
}

// submit sends a product that is not live into review.
func (p *Product) submit(now time.Time, delay time.Duration) {
	p.Status = ProductPending
	p.startAudit(now, delay)
}

// startAudit begins a review, which ends after the delay, or never where that
// is negative.
func (p *Product) startAudit(now time.Time, delay time.Duration) {
	p.Audit, p.Failures = AuditAuditing, nil
	p.Verdict = time.Time{}
	if delay >= 0 {
		p.Verdict = now.Add(delay)
	}
}

// settle ends a review whose time has come: the product, or the edit under
// review, goes live.
func (p *Product) settle(now time.Time) {
	if p.Audit != AuditAuditing || p.Verdict.IsZero() || now.Before(p.Verdict) {
		return
	}
	p.Audit, p.Updated = AuditApproved, max(p.Updated, p.Verdict.Unix())
	if p.Status == ProductPending {
		p.Status = ProductActivate
	}
	if p.Review != nil {
		p.publish(*p.Review)
	}
	p.Verdict = time.Time{}
}

// publish makes a content the live one and drops the stock of SKUs that it no
// longer has.
func (p *Product) publish(c Content) {
	p.Live, p.Review = c, nil
	for id := range p.Stock {
		if p.Live.SKU(id) == nil && p.Draft.SKU(id) == nil {
			delete(p.Stock, id)
		}
	}
}

// withdraw ends a running review without a verdict.
func (p *Product) withdraw() {
	p.Audit, p.Review, p.Verdict = AuditNone, nil, time.Time{}
}

// products are the products of a shop.
type products struct {
	ByID map[string]*Product
	List []*Product // in ascending order of their ids

	upgradeEnds     int64               // of the last move to the newer categories, in Unix seconds
	idempotencyKeys map[string]*Product // of creations
	customIDs       map[string]string   // of names of the seller's own
	listings        []*combinedListing
}

// FindProduct returns a product of the caller's shop, or says why there is
// none. The caller holds the shop's lock.
func FindProduct(c *gate.Call, id string) (*Product, *gate.Failure) {
	if p := Of(c.Shop).ByID[id]; p != nil {
		return p, nil
	}
	if owner := c.State.World.Owners.Of(id); owner != nil && owner != c.Shop {
		return nil, gate.Fail(CodeProductForeign, "product ", id, " belongs to another shop")
	}
	return nil, gate.Fail(CodeProductUnknown, "no product has the id ", id)
}

// StockLeft is what can be ordered of all SKUs.
func (p *Product) StockLeft() (sum int64) {
	for i := range p.Live.SKUs {
		sum += p.Available(p.Live.SKUs[i].ID)
	}
	return sum
}

// Available is what can be ordered of a SKU, in all warehouses.
func (p *Product) Available(sku string) (sum int64) {
	for _, place := range p.Stock[sku] {
		sum += place.Available
	}
	return sum
}

// Of returns the products of a shop. The shop's lock guards them.
func Of(s *world.Shop) *products { return world.RoomIn[products](s.Rooms) }
