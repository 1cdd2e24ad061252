package sandbox

import (
	"slices"
	"time"
)

// The states of a product.
const (
	productDraft               = "DRAFT"
	productPending             = "PENDING"
	productFailed              = "FAILED"
	productActivate            = "ACTIVATE"
	productSellerDeactivated   = "SELLER_DEACTIVATED"
	productPlatformDeactivated = "PLATFORM_DEACTIVATED"
	productFreeze              = "FREEZE"
	productDeleted             = "DELETED"
)

// productStatuses are the states of a product.
var productStatuses = []string{
	productDraft, productPending, productFailed, productActivate,
	productSellerDeactivated, productPlatformDeactivated, productFreeze, productDeleted,
}

// The states of a product's review.
const (
	auditNone     = "NONE"
	auditAuditing = "AUDITING"
	auditFailed   = "FAILED"
	auditApproved = "APPROVED"
)

// product is a product of a shop.
type product struct {
	id      string
	number  int64 // the id
	created int64 // Unix seconds
	updated int64 // Unix seconds

	status   string
	audit    string
	verdict  time.Time // when the running review ends well; zero: not by itself
	failures []auditFailure
	quality  string
	passed   bool // a review once; the first time is announced differently

	live   content  // what buyers see, or would see
	review *content // the edit of a live product that is under review
	draft  *content // the saved but unpublished edit of a live product

	// stock is kept apart from the content: it is changed without a review.
	stock map[string][]stock // by SKU id

	association *globalAssociation // to the global product that it was published from
	replica     *replicaSource     // what it is a copy of
}

// auditFailure says why a review was lost.
type auditFailure struct {
	Position    string   `json:"position"`
	Reasons     []string `json:"reasons"`
	Suggestions []string `json:"suggestions"`
	Platform    string   `json:"listing_platform"`
}

// content is what an edit of a product replaces.
type content struct {
	title            string
	description      string
	categoryID       string
	brandID          string
	images           []string // URIs
	attributes       []productAttribute
	skus             []sku
	weight           *weight
	dimensions       *dimensions
	certifications   []certification
	sizeChart        *sizeChart
	videoID          string
	externalID       string
	cod              bool
	notForSale       bool
	preOwned         bool
	minimumQuantity  int
	insurance        string
	shippingTemplate string
	deliveryOptions  []string
	manufacturers    []string
	responsible      []string
	primaryCombined  string
}

// sku is a variant of a product.
type sku struct {
	id            string
	sellerSKU     string
	externalID    string
	price         int64 // in the smallest unit; sale price and price before tax alike
	listPrice     int64 // 0: none
	attributes    []salesAttribute
	identifier    *identifierCode
	externalURLs  []string
	unitCount     string
	combined      []combinedSKU
	externalLists []externalListPrice
	preSale       *preSale
	fees          []fee
	extraCodes    []string
}

// salesAttribute tells a SKU apart from its siblings.
type salesAttribute struct {
	id, name       string
	valueID, value string
	image          string // URI
	more           []string
}

// productAttribute describes a product as a whole.
type productAttribute struct {
	id     string
	name   string
	values []productValue
}

type productValue struct{ id, name string }

// stock is what one warehouse holds of a SKU.
type stock struct {
	warehouse    string
	available    int64 // can be ordered
	committed    int64 // reserved by orders
	backorder    int64
	handlingTime int64
}

// sku returns a SKU of the content by its id, or nil.
func (c *content) sku(id string) *sku {
	if c == nil {
		return nil
	}
	for i := range c.skus {
		if c.skus[i].id == id {
			return &c.skus[i]
		}
	}
	return nil
}

// clone returns a copy that shares no SKU with the original. Lists within
// are replaced as a whole, never changed.
func (c *content) clone() content {
	copied := *c
	copied.skus = slices.Clone(c.skus)
	return copied
}

// submit sends a product that is not live into review.
func (p *product) submit(now time.Time, delay time.Duration) {
	p.status = productPending
	p.startAudit(now, delay)
}

// startAudit begins a review, which ends after the delay, or never where that
// is negative.
func (p *product) startAudit(now time.Time, delay time.Duration) {
	p.audit, p.failures = auditAuditing, nil
	p.verdict = time.Time{}
	if delay >= 0 {
		p.verdict = now.Add(delay)
	}
}

// settle ends a review whose time has come: the product, or the edit under
// review, goes live.
func (p *product) settle(now time.Time) {
	if p.audit != auditAuditing || p.verdict.IsZero() || now.Before(p.verdict) {
		return
	}
	p.audit, p.updated = auditApproved, max(p.updated, p.verdict.Unix())
	if p.status == productPending {
		p.status = productActivate
	}
	if p.review != nil {
		p.publish(*p.review)
	}
	p.verdict = time.Time{}
}

// publish makes a content the live one and drops the stock of SKUs that it no
// longer has.
func (p *product) publish(c content) {
	p.live, p.review = c, nil
	for id := range p.stock {
		if p.live.sku(id) == nil && p.draft.sku(id) == nil {
			delete(p.stock, id)
		}
	}
}

// withdraw ends a running review without a verdict.
func (p *product) withdraw() {
	p.audit, p.review, p.verdict = auditNone, nil, time.Time{}
}

// products are the products of a shop.
type products struct {
	byID map[string]*product
	list []*product // in ascending order of their ids

	upgradeEnds     int64               // of the last move to the newer categories, in Unix seconds
	idempotencyKeys map[string]*product // of creations
	customIDs       map[string]string   // of names of the seller's own
}

// findProduct returns a product of the caller's shop with its review settled,
// or says why there is none. The caller holds the shop's lock.
func findProduct(c *call, id string) (*product, *failure) {
	if p := productsOf(c.shop).byID[id]; p != nil {
		settleProduct(c.shop, p, c.now)
		return p, nil
	}
	if owner := c.state.world.owners.of(id); owner != nil && owner != c.shop {
		return nil, fail(codeProductForeign, "product ", id, " belongs to another shop")
	}
	return nil, fail(codeProductUnknown, "no product has the id ", id)
}

// stockLeft is what can be ordered of all SKUs.
func (p *product) stockLeft() (sum int64) {
	for i := range p.live.skus {
		sum += p.available(p.live.skus[i].id)
	}
	return sum
}

// available is what can be ordered of a SKU, in all warehouses.
func (p *product) available(sku string) (sum int64) {
	for _, place := range p.stock[sku] {
		sum += place.available
	}
	return sum
}

// productsOf returns the products of a shop. The shop's lock guards them.
func productsOf(s *shop) *products { return roomIn[products](s.rooms) }
