package affiliate

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// postingPeriod is how long a creator has to post once a sample has come. No
// parcel brings samples here, so that it counts from the seller's decision.
const postingPeriod = 14 * invent.SecondsOfDay

// askedSample is an application as its creator sees it.
type askedSample struct {
	Created     int64        `json:"create_time"`
	Fulfillment *owedContent `json:"creator_fulfillment,omitempty"`
	ID          string       `json:"id"`
	Order       string       `json:"main_order_id"` // the sandbox makes none
	Product     askedProduct `json:"sample_product"`
	Status      string       `json:"status"`
	Type        string       `json:"type"`

	shop string
}

type askedProduct struct {
	ID     string   `json:"id"`
	SKU    string   `json:"sku_id"`
	Values []string `json:"sku_sale_property_value_names"`
}

// owedContent is what the creator has to post for a sample.
type owedContent struct {
	ProductStatus string `json:"bound_product_status"`
	Expires       int64  `json:"expiration_time"`
	ID            string `json:"id"`
	Status        string `json:"status"`
	Suspended     int64  `json:"total_suspend_duration"`
}

// boundStatus is the state of a product in the words of obligations to post.
func boundStatus(s *world.Shop, p *product.Product, now int64) string {
	switch status := affiliateStatus(p); {
	case status == "DELETE":
		return "PERMANENT_DELETED"
	case status == "OTHER":
		return "UNKNOWN"
	case status == "LIVE" && Of(s).openFor(p.ID, now) == nil:
		return "NO_PLAN"
	default:
		return status
	}
}

// askedBy lists the samples for which a creator asked in all shops of their
// market, the oldest first.
func askedBy(c *gate.Call, cr *creator) (list []askedSample) {
	inMarketOf(c, cr, func(s *world.Shop) {
		now := c.Now.Unix()
		for _, a := range Of(s).Applications {
			if a.Creator != cr.userID {
				continue
			}
			p := product.Of(s).ByID[a.Product]
			v := askedSample{
				Created: a.Created, ID: a.ID, Product: askedProduct{a.Product, a.SKU, []string{}}, Status: a.status(Of(s), now), Type: "FREE_SAMPLE", shop: s.ID,
			}
			if sku := p.Live.SKU(a.SKU); sku != nil {
				v.Product.Values = append(v.Product.Values, invent.Each(sku.Attributes, func(at product.SalesAttribute) string { return at.Value })...)
			}
			if a.given() {
				v.Fulfillment = &owedContent{boundStatus(s, p, now), a.Decided + postingPeriod, invent.FinanceID("fulfillment", a.ID), a.owed(now), 0}
			}
			list = append(list, v)
		}
	})
	slices.SortStableFunc(list, func(a, b askedSample) int { return int(a.Created - b.Created) })
	return list
}

// owed is how far the creator is with what they owe for a sample.
func (s *sampleApplication) owed(now int64) string {
	switch {
	case s.Status == sampleCompleted:
		return "SUCCEED"
	case now >= s.Decided+postingPeriod:
		return "OVERDUE"
	}
	return "PENDING"
}

// searchAskedSamples lists the creator's applications. All are meant where no state
// is named.
func searchAskedSamples(c *gate.Call) *gate.Failure {
	var in struct {
		Statuses []string `json:"application_statuses"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	cr := acting(c)
	l, f := c.TimedList("", "", cr.OpenID)
	if f != nil {
		return f
	}
	page, next, total := gate.TimedPage(l, askedBy(c, cr),
		func(a askedSample) gate.Cursor { return gate.Cursor{At: a.Created, ID: invent.Number(a.ID)} },
		func(a askedSample) bool { return len(in.Statuses) == 0 || slices.Contains(in.Statuses, a.Status) })
	c.JSONAs(struct {
		gate.PageEnd
		List []askedSample `json:"sample_applications"`
	}{gate.PageEnd{NextPageToken: next, TotalCount: total}, page})
	return nil
}

// getAskedSample shows one application, by its id: samples have no orders here by
// which the other kinds would be found.
func getAskedSample(c *gate.Call) *gate.Failure {
	var in struct {
		ID      string `json:"application_id"`
		Type    string `json:"application_type"`
		Product string `json:"product_id"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	if in.Type == "FREE_SAMPLE" && in.ID == "" {
		return gate.Missing("application_id")
	}
	list := askedBy(c, acting(c))
	i := slices.IndexFunc(list, func(a askedSample) bool { return a.Type == in.Type && a.ID == in.ID && a.Product.ID == in.Product })
	if i < 0 {
		return gate.Fail(gate.CodeInvalidParameter, "'application_id' ", in.ID, " is not an application of this creator for product ", in.Product)
	}
	c.JSONAs(struct {
		Application askedSample `json:"sample_application"`
	}{list[i]})
	return nil
}

// searchOwedContent lists what the creator has to post for samples, or has posted:
// by when it is due unless the caller wants it by when it was posted, which is not
// known here and leaves the order of the applications.
func searchOwedContent(c *gate.Call) *gate.Failure {
	var in struct {
		Statuses []string `json:"fulfillment_statuses"`
	}
	field, f := c.OneOf("sort_field", "expired_time", "expired_time", "create_time")
	if f != nil {
		return f
	}
	order, f := c.OneOf("sort_order", "ASC", "ASC", "DESC")
	if f != nil {
		return f
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	type owed struct {
		owedContent
		Application string `json:"application_id"`
		Product     string `json:"product_id"`
		Type        string `json:"sample_application_type"`
		Shop        string `json:"shop_id"`
	}
	list := []owed{}
	for _, a := range askedBy(c, acting(c)) {
		if a.Fulfillment != nil && slices.Contains(in.Statuses, a.Fulfillment.Status) {
			list = append(list, owed{*a.Fulfillment, a.ID, a.Product.ID, a.Type, a.shop})
		}
	}
	if field == "expired_time" {
		slices.SortStableFunc(list, func(a, b owed) int { return int(a.Expires - b.Expires) })
	}
	if order == "DESC" {
		slices.Reverse(list)
	}
	c.JSON(struct {
		List []owed `json:"fulfillments"`
	}{list})
	return nil
}

type sampleLabel struct {
	Application string `json:"application_id,omitempty"`
	CanApply    bool   `json:"can_apply"`
	Limit       bool   `json:"reach_limit"`
	Product     struct {
		SKUs []sampleSKU `json:"sample_sku_list"`
	} `json:"sample_product"`
	Status string `json:"status"`
}

type sampleSKU struct {
	ID          string               `json:"id"`
	IsAvailable bool                 `json:"is_available"`
	Price       promotion.PriceMoney `json:"price"`
	Properties  []sampleProperty     `json:"sale_properties"`
	Why         string               `json:"unavailable_reason,omitempty"`
}

type sampleProperty struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	ValueID string `json:"value_id"`
	Value   string `json:"value_name"`
}

// askable tells why a creator cannot ask for a sample of a product, "" where they
// can, and the application that they already made, or nil. The caller holds the
// lock.
func askable(s *world.Shop, cr *creator, p *product.Product, now int64) (why string, made *sampleApplication) {
	for _, a := range Of(s).Applications {
		if a.Creator == cr.userID && a.Product == p.ID && slices.Contains([]string{samplePending, sampleAccepted, sampleCompleted}, a.status(Of(s), now)) {
			made = a
		}
	}
	rule := Of(s).rule(p.ID)
	switch {
	case p.Status != product.ProductActivate || Of(s).openFor(p.ID, now) == nil:
		return "is not offered to creators", made
	case made != nil:
		return "was asked for already, by application " + made.ID, made
	case rule != nil && rule.left(Of(s)) == 0:
		return "has no samples left", made
	}
	return "", nil
}

// getSampleLabel tells whether the creator may ask for a sample of a product.
func getSampleLabel(c *gate.Call) *gate.Failure {
	cr, id := acting(c), param(c, "product_id")
	unknown := gate.Fail(gate.CodeInvalidParameter, "'product_id' ", id, " is not sold in the market of the creator")
	s := c.State.World.Owners.Of(id)
	if s == nil || s.Region != cr.region.Code {
		return unknown
	}
	var v *sampleLabel
	lockedFor(c, s, func(s *world.Shop) {
		p := product.Of(s).ByID[id]
		if p == nil {
			return
		}
		why, made := askable(s, cr, p, c.Now.Unix())
		v = &sampleLabel{CanApply: why == "", Status: "TO_APPLY"}
		if made != nil {
			v.Application, v.Status = made.ID, map[bool]string{true: "COMPLETE", false: "ONGOING"}[made.Status == sampleCompleted]
		}
		v.Product.SKUs = []sampleSKU{}
		for i := range p.Live.SKUs {
			sku := &p.Live.SKUs[i]
			shown := sampleSKU{
				ID: sku.ID, IsAvailable: p.Available(sku.ID) > 0, Price: promotion.PriceMoney{Amount: s.Market.Money(sku.Price), Currency: s.Market.Currency},
				Properties: []sampleProperty{},
			}
			for _, at := range sku.Attributes {
				shown.Properties = append(shown.Properties, sampleProperty{at.ID, at.Name, at.ValueID, at.Value})
			}
			switch {
			case made != nil && made.SKU == sku.ID:
				shown.IsAvailable, shown.Why = false, "ALREADY_APPLYED" // spelt so by the platform
			case !shown.IsAvailable:
				shown.Why = "OUT_OF_STOCK"
			}
			v.Product.SKUs = append(v.Product.SKUs, shown)
		}
	})
	if v == nil {
		return unknown
	}
	c.JSON(struct {
		Label *sampleLabel `json:"label"`
	}{v})
	return nil
}
