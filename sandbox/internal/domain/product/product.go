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
	ID      string
	Number  int64 // the id
	Created int64 // Unix seconds
	Updated int64 // Unix seconds

	Status   string
	Audit    string
	Verdict  time.Time // when the running review ends well; zero: not by itself
	Failures []AuditFailure
	quality  string
	Passed   bool // a review once; the first time is announced differently

	Live   Content  // what buyers see, or would see
	Review *Content // the edit of a live product that is under review
	Draft  *Content // the saved but unpublished edit of a live product

	// stock is kept apart from the content: it is changed without a review.
	Stock map[string][]Stock // by SKU id

	Association *GlobalAssociation // to the global product that it was published from
	Replica     *ReplicaSource     // what it is a copy of
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
	Title            string
	Description      string
	CategoryID       string
	BrandID          string
	Images           []string // URIs
	Attributes       []ProductAttribute
	SKUs             []SKU
	Weight           *Weight
	Dimensions       *Dimensions
	Certifications   []media.Certification
	SizeChart        *compliance.SizeChart
	VideoID          string
	ExternalID       string
	COD              bool
	NotForSale       bool
	preOwned         bool
	minimumQuantity  int
	Insurance        string
	ShippingTemplate string
	DeliveryOptions  []string
	Manufacturers    []string
	Responsible      []string
	PrimaryCombined  string
}

// SKU is a variant of a product.
type SKU struct {
	ID            string
	SellerSKU     string
	ExternalID    string
	Price         int64 // in the smallest unit; sale price and price before tax alike
	ListPrice     int64 // 0: none
	Attributes    []SalesAttribute
	Identifier    *IdentifierCode
	ExternalURLs  []string
	UnitCount     string
	Combined      []combinedSKU
	ExternalLists []externalListPrice
	preSale       *preSale
	Fees          []Fee
	ExtraCodes    []string
}

// SalesAttribute tells a SKU apart from its siblings.
type SalesAttribute struct {
	ID, Name       string
	ValueID, Value string
	Image          string // URI
	more           []string
}

// ProductAttribute describes a product as a whole.
type ProductAttribute struct {
	ID     string
	Name   string
	Values []ProductValue
}

// ProductValue is a value of an attribute of a product.
type ProductValue struct{ ID, Name string }

// Stock is what one warehouse holds of a SKU.
type Stock struct {
	Warehouse    string
	Available    int64 // can be ordered
	Committed    int64 // reserved by orders
	backorder    int64
	handlingTime int64
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
