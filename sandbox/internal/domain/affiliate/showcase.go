package affiliate

import (
	"regexp"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// maxShowcase is how many products a creator can show, and maxLive how many a LIVE
// can.
const (
	maxShowcase = 2000
	maxLive     = 100
)

// shelfProduct is a product in a showcase or a LIVE, with the members of all
// versions.
type shelfProduct struct {
	Collaboration *shelfCollaboration `json:"collaboration,omitempty"`
	Commission    shelfCommission     `json:"commission"`
	Link          string              `json:"detail_link"`
	URL           string              `json:"detail_url"`
	ID            string              `json:"id"`
	Images        []shelfImage        `json:"main_images"`
	Price         shelfPrice          `json:"price"`
	Regions       []string            `json:"sale_regions"`
	Shop          offeredBy           `json:"shop"`
	ShopName      string              `json:"shop_name"`
	Source        string              `json:"source"`
	Status        shelfStatus         `json:"status"`
	Title         string              `json:"title"`
}

type (
	shelfCollaboration struct {
		ID   string `json:"id"`
		Type string `json:"type"` // a number
	}
	shelfCommission struct {
		Rate       int64 `json:"rate"`
		Reward     int64 `json:"reward_rate"`
		Commission int64 `json:"commission_rate"`
		Inclusive  int64 `json:"inclusive_reward_commission_rate"`
	}
	shelfImage struct {
		Height   int    `json:"height"`
		Misspelt int    `json:"heigth"` // by the platform
		URL      string `json:"url"`
		Width    int    `json:"width"`
	}
	shelfPrice struct {
		Original shelfPriceRange `json:"original_price"`
		Platform shelfPriceRange `json:"platform_discount_price"`
		Seller   shelfPriceRange `json:"seller_discount_price"`
	}
	shelfPriceRange struct {
		priceRange
		Highest string `json:"highest_amount"`
		Lowest  string `json:"lowest_amount"`
	}
	shelfStatus struct {
		Added     string `json:"added_status"`
		Inventory string `json:"inventory_status"`
		Hidden    bool   `json:"is_hidden"`
		Review    string `json:"review_status"`
	}
)

func newShelfPrice(r priceRange) shelfPriceRange { return shelfPriceRange{r, r.Maximum, r.Minimum} }

// newShelfProduct shows a product. The caller holds its shop's lock.
func newShelfProduct(c *gate.Call, in *shown) shelfProduct {
	p, r := in.product, in.shop.Market
	v := shelfProduct{
		Commission: shelfCommission{Rate: in.rate.Rate, Commission: in.rate.Rate}, Link: affiliateLink(c, "product", p.ID), URL: affiliateLink(c, "product", p.ID),
		ID: p.ID, Images: shelfImages(c, p), Regions: []string{in.shop.Region}, Shop: offeredBy{in.shop.Name}, ShopName: in.shop.Name,
		Source: "AFFILIATE", Title: p.Live.Title,
		Price:  shelfPrice{newShelfPrice(pricesOf(r, p, true)), newShelfPrice(pricesOf(r, p, false)), newShelfPrice(pricesOf(r, p, false))},
		Status: shelfStatus{Added: "ADDED", Inventory: "IN_STOCK", Review: "APPROVED"},
	}
	switch {
	case in.open != "":
		v.Collaboration = &shelfCollaboration{in.open, "1"}
	case in.target != "":
		v.Collaboration = &shelfCollaboration{in.target, "2"}
	default:
		v.Source, v.Status.Review = "TIKTOK_STORE", "ZERO_COMMISSION"
	}
	if p.Status != product.ProductActivate {
		v.Status.Review = "UNAVAILABLE"
	}
	if p.StockLeft() == 0 {
		v.Status.Inventory = "SOLD_OUT"
	}
	return v
}

// shelfImages are the pictures of a product.
func shelfImages(c *gate.Call, p *product.Product) []shelfImage {
	list := []shelfImage{}
	for _, uri := range p.Live.Images {
		if info := media.ImagesOf(c.State.World).Get(uri); info != nil {
			list = append(list, shelfImage{info.Height, info.Height, media.ImageURL(c, uri), info.Width})
		}
	}
	return list
}

// showcaseProducts lists a creator's showcase as answers show it.
func showcaseProducts(c *gate.Call, cr *creator) []shelfProduct {
	return showcase(c, cr, func(in *shown) shelfProduct { return newShelfProduct(c, in) })
}

// listShowcase pages through the showcase. Where the request comes from a LIVE,
// the state of a product is whether the LIVE has it.
func listShowcase(c *gate.Call) *gate.Failure {
	cr := acting(c)
	l, f := c.TimedList("", "", cr.OpenID)
	if f != nil {
		return f
	}
	list, in := showcaseProducts(c, cr), shelfOf(c.State.World, cr)
	if param(c, "origin") == "LIVE" {
		for i := range list {
			if !slices.Contains(in.Live, list[i].ID) {
				list[i].Status.Added = "NOT_ADDED"
			}
		}
	}
	page, next, total := gate.TimedPage(l, invent.Indexed(list), func(i int) gate.Cursor { return gate.Cursor{ID: int64(i)} }, func(int) bool { return true })
	c.JSONAs(struct {
		gate.PageEnd
		Live     []string       `json:"live_product_ids"`
		Products []shelfProduct `json:"products"`
	}{gate.PageEnd{NextPageToken: next, TotalCount: total}, append([]string{}, in.Live...), invent.Each(page, func(i int) shelfProduct { return list[i] })})
	return nil
}

// shelfError is a product that could not be added.
type shelfError struct {
	Code    int         `json:"code"`
	Detail  errorDetail `json:"detail"`
	Message string      `json:"message"`
}

type errorDetail struct {
	Product string `json:"product_id"`
}

func answerErrors(c *gate.Call, errors []shelfError) *gate.Failure {
	c.JSON(struct {
		Errors []shelfError `json:"errors"`
	}{errors})
	return nil
}

// idInLink is the number at the end of a product's address.
var idInLink = regexp.MustCompile(`[0-9]{10,19}`)

// addToShowcase puts products into the showcase: those that are offered openly, for
// which the creator thereby joins, those of invitations, which are thereby
// accepted, and those of the own shop.
func addToShowcase(c *gate.Call) *gate.Failure {
	var in struct {
		Type string   `json:"add_type"` // the older date knows ids only
		IDs  []string `json:"product_ids"`
		Link string   `json:"product_link"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	ids := in.IDs
	if in.Type == "PRODUCT_LINK" {
		if ids = idInLink.FindAllString(in.Link, -1); len(ids) == 0 {
			return gate.Fail(gate.CodeInvalidParameter, "'product_link' leads to no product")
		}
	}
	if len(ids) == 0 {
		return gate.Missing("product_ids")
	}
	cr := acting(c)
	there := showcase(c, cr, func(in *shown) string { return in.product.ID })
	errors := []shelfError{}
	for _, id := range ids {
		why := ""
		switch {
		case slices.Contains(there, id):
			continue
		case len(there) >= maxShowcase:
			why = "the showcase is full"
		default:
			why = show(c, cr, id)
		}
		if why != "" {
			errors = append(errors, shelfError{gate.CodeInvalidParameter, errorDetail{id}, why})
			continue
		}
		there = append(there, id)
	}
	return answerErrors(c, errors)
}

// show lets a creator promote a product, or says why that cannot be.
func show(c *gate.Call, cr *creator, id string) (why string) {
	s := c.State.World.Owners.Of(id)
	if s == nil || s.Region != cr.region.Code {
		return "no product of the creator's market has this id"
	}
	own := boundShop(c.State.World, cr) == s
	lockedFor(c, s, func(s *world.Shop) {
		p, now := product.Of(s).ByID[id], c.Now.Unix()
		switch {
		case p == nil:
			why = "no product of the creator's market has this id"
			return
		case p.Status != product.ProductActivate:
			why = "the product is not on sale"
			return
		}
		for _, t := range Of(s).Targets {
			for i := range t.Creators {
				to := &t.Creators[i]
				if to.Creator == cr.userID && to.Left == 0 && t.runs(now) && t.promotes(id) && to.Dropped[id] == 0 {
					to.Accepted, own = now, false
					return
				}
			}
		}
		if o := Of(s).openFor(id, now); o != nil {
			o.join(cr, now)
			own = false
			return
		}
		if !own {
			why = "the product is not offered to this creator"
		}
	})
	if why == "" && own {
		arrange(c.State.World, cr, func(in *shelf) { in.Own = first(in.Own, []string{id}) })
	}
	return why
}

type shelfInput struct {
	IDs []string `json:"product_ids"`
}

// removeFromShowcase takes products out of the showcase. The creator leaves their
// collaborations with that; what is not there is left out.
func removeFromShowcase(c *gate.Call) *gate.Failure {
	var in shelfInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	if len(in.IDs) == 0 {
		return gate.Missing("product_ids")
	}
	cr, now := acting(c), c.Now.Unix()
	inMarketOf(c, cr, func(s *world.Shop) {
		for _, o := range Of(s).Open {
			if slices.Contains(in.IDs, o.Product) && slices.ContainsFunc(o.stays(cr), func(in stay) bool { return in.at(now) }) {
				o.leave(cr, now)
			}
		}
		for _, t := range Of(s).Targets {
			for i := range t.Creators {
				t.Creators[i].drop(cr, t, in.IDs, now)
			}
		}
	})
	arrange(c.State.World, cr, func(on *shelf) {
		on.Top, on.Own, on.Live = without(on.Top, in.IDs), without(on.Own, in.IDs), without(on.Live, in.IDs)
		if slices.Contains(in.IDs, on.Pinned) {
			on.Pinned = ""
		}
	})
	return nil
}

// drop takes products that the creator shows out of an invitation.
func (i *invitation) drop(cr *creator, t *targetCollaboration, ids []string, now int64) {
	at, ok := t.accepts(cr, *i)
	if i.Creator != cr.userID || !ok || at > now {
		return
	}
	for _, p := range t.promoted() {
		if slices.Contains(ids, p.ID) && i.Dropped[p.ID] == 0 {
			if i.Dropped == nil {
				i.Dropped = map[string]int64{}
			}
			i.Dropped[p.ID] = now
		}
	}
}

// topShowcase moves products to the head of the showcase, in their order.
func topShowcase(c *gate.Call) *gate.Failure { return topWith(c, codeCreatorParameter) }

func topShowcase202309(c *gate.Call) *gate.Failure { return topWith(c, gate.CodeInvalidParameter) }

func topWith(c *gate.Call, code int) *gate.Failure {
	var in shelfInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	if len(in.IDs) == 0 {
		return gate.Missing("product_ids")
	}
	cr := acting(c)
	there := showcase(c, cr, func(in *shown) string { return in.product.ID })
	for _, id := range in.IDs {
		if !slices.Contains(there, id) {
			return gate.Fail(code, "'product_ids' has ", id, ", which is not in the showcase")
		}
	}
	arrange(c.State.World, cr, func(on *shelf) { on.Top = first(on.Top, in.IDs) })
	return nil
}
