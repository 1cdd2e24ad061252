package affiliate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// samplePeriod is how long the seller has for a sample application. No document
// tells.
const samplePeriod = 7 * invent.SecondsOfDay

// The states of sample applications that the sandbox has.
const (
	samplePending   = "PENDING"
	sampleAccepted  = "AWAITING_SHIPMENT"
	sampleRejected  = "REJECT_CANCELLED"
	sampleOverdue   = "OVERDUE_CANCELLED"
	sampleWithdrawn = "WITHDRAW_CANCELLED"
	sampleEnded     = "DEL_OPEN_COLLAB"
	sampleCompleted = "COMPLETED"
)

// sampleApplication is a creator who asks for a sample.
type sampleApplication struct {
	ID      string `json:"id"`
	Creator string `json:"creator"` // user id
	Product string `json:"product"`
	SKU     string `json:"sku"`
	Open    string `json:"open"`   // id of the collaboration
	Status  string `json:"status"` // as decided, see status
	Agency  string `json:"agency"` // that decides instead of the seller; "" for none
	Created int64  `json:"created"`
	Decided int64  `json:"decided"`
}

// given tells whether the creator gets a sample.
func (s *sampleApplication) given() bool {
	return s.Status == sampleAccepted || s.Status == sampleCompleted
}

// status is the state at a time: what waits ends with its time or with the
// collaboration.
func (s *sampleApplication) status(a *affiliate, now int64) string {
	open := a.openFor(s.Product, now)
	switch {
	case s.Status != samplePending:
		return s.Status
	case open == nil || open.ID != s.Open:
		return sampleEnded
	case now >= s.Created+samplePeriod:
		return sampleOverdue
	}
	return samplePending
}

// obstacle says why an application cannot be approved, "" where it can.
func (s *sampleApplication) obstacle(c *gate.Call) string {
	p := product.Of(c.Shop).ByID[s.Product]
	switch {
	case p.Status != product.ProductActivate || p.Live.SKU(s.SKU) == nil:
		return "OFFLINE"
	case s.left(c) == 0:
		return "OUT_OF_STOCK"
	}
	return ""
}

// left is how many samples of the product the shop can give: what its rule
// leaves, or the stock where it has none.
func (s *sampleApplication) left(c *gate.Call) int64 {
	stock := product.Of(c.Shop).ByID[s.Product].Available(s.SKU)
	if r := Of(c.Shop).rule(s.Product); r != nil {
		return min(stock, r.left(Of(c.Shop)))
	}
	return stock
}

// sampleView is an application in answers. The sandbox makes no orders for
// samples, so there are no order and no parcel to name.
type sampleView struct {
	Expires      int64         `json:"approve_expiration_time,omitempty"`
	Available    int64         `json:"available_quantity"`
	Rate         string        `json:"commission_rate"`
	Creator      sampleCreator `json:"creator"`
	Obstacles    []string      `json:"disapprovable_reasons"`
	Fulfillment  string        `json:"fulfillment_status"`
	ID           string        `json:"id"`
	IsApprovable bool          `json:"is_approvable"`
	Agency       string        `json:"partner_name,omitempty"`
	Product      sampleProduct `json:"product"`
	Status       string        `json:"status"`
}

type sampleCreator struct {
	Avatar      string               `json:"avatar_url"`
	Content     int64                `json:"content_count"`
	OpenID      string               `json:"creator_open_id"`
	Views       int64                `json:"ec_video_view"`
	Followers   int64                `json:"follower_count"`
	Fulfillment string               `json:"fulfillment_percentage"`
	GMV         promotion.PriceMoney `json:"gmv"`
	Nickname    string               `json:"nickname"`
	UserID      string               `json:"user_id"`
	Username    string               `json:"username"`
}

type sampleProduct struct {
	ID       string `json:"id"`
	SKU      string `json:"sku_id"`
	SKUImage string `json:"sku_image_url"`
	SKUName  string `json:"sku_name"`
	Title    string `json:"title"`
}

func newSampleView(c *gate.Call, s *sampleApplication) sampleView {
	a := Of(c.Shop)
	cr, p := findCreator(c.State.World, c.Shop.Region, s.Creator, byUserID), product.Of(c.Shop).ByID[s.Product]
	open := a.Open[slices.IndexFunc(a.Open, func(o *openCollaboration) bool { return o.ID == s.Open })]
	v := sampleView{
		Available: s.left(c), Rate: strconv.FormatInt(open.Rate, 10), Obstacles: []string{}, Fulfillment: "PENDING",
		ID: s.ID, Agency: s.Agency, Status: s.status(a, c.Now.Unix()),
		Creator: sampleCreator{
			media.ImageURL(c, cr.avatar), cr.videos + cr.lives, cr.OpenID, cr.views, cr.followers, hundredths(cr.response),
			worth(cr.region, cr.gmv()), cr.Nickname, cr.userID, cr.username,
		},
		Product: sampleProduct{s.Product, s.SKU, mainImage(c, p), "", p.Live.Title},
	}
	if sku := p.Live.SKU(s.SKU); sku != nil {
		name, image := trade.ShownAs(p, sku)
		v.Product.SKUName, v.Product.SKUImage = name, media.ImageURL(c, image)
	}
	switch v.Status {
	case samplePending:
		v.Expires = s.Created + samplePeriod
		if why := s.obstacle(c); why != "" {
			v.Obstacles = []string{why}
		}
		v.IsApprovable = s.Agency == "" && len(v.Obstacles) == 0
	case sampleAccepted:
	case sampleCompleted:
		v.Fulfillment = "SUCCEED"
	default:
		v.Fulfillment = "CANCELLED"
	}
	return v
}

// sampleFilter is what a search asks for.
type sampleFilter struct {
	OpenID   string `json:"creator_user_oepn_id"` // spelt so by the platform
	UserID   string `json:"creator_user_id"`
	Order    string `json:"order_id"`
	Product  string `json:"product_id"`
	Status   string `json:"status"`
	Target   string `json:"target_collabration_id"` // spelt so by the platform
	Title    string `json:"title"`
	Username string `json:"username"`
}

func (in *sampleFilter) matches(v *sampleView) bool {
	is := func(wanted, has string) bool { return wanted == "" || wanted == has }
	return is(in.OpenID, v.Creator.OpenID) && is(in.UserID, v.Creator.UserID) && is(in.Product, v.Product.ID) &&
		is(in.Status, v.Status) && is(in.Username, v.Creator.Username) && in.Order == "" && in.Target == "" &&
		strings.Contains(strings.ToLower(v.Product.Title), strings.ToLower(in.Title))
}

func searchSamples(c *gate.Call) *gate.Failure {
	var in sampleFilter
	return listAffiliate(c, &in, "", func(a *affiliate, l *gate.TimedList) *gate.Failure {
		views := invent.Each(a.Applications, func(s *sampleApplication) sampleView { return newSampleView(c, s) })
		page, next, total := gate.TimedPage(l, invent.Indexed(views),
			func(i int) gate.Cursor { return gate.Cursor{At: 0, ID: int64(i)} }, func(i int) bool { return in.matches(&views[i]) })
		c.JSONAs(struct {
			gate.PageEnd
			List []sampleView `json:"sample_applications"`
		}{gate.PageEnd{NextPageToken: next, TotalCount: total}, invent.Each(page, func(i int) sampleView { return views[i] })})
		return nil
	})
}

// reviewSample decides about an application.
func reviewSample(c *gate.Call) *gate.Failure {
	var in struct {
		Reason string `json:"reject_reason"`
		Result string `json:"review_result"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	switch {
	case in.Result == "": // the older date leaves it open
		return gate.Missing("review_result")
	case in.Result == "REJECT" && in.Reason == "":
		return gate.Missing("reject_reason")
	}
	id := c.Param(0)
	return onAffiliate(c, id, func(a *affiliate) *gate.Failure {
		i := slices.IndexFunc(a.Applications, func(s *sampleApplication) bool { return s.ID == id })
		if i < 0 {
			return gate.Fail(gate.CodeInvalidParameter, "'application_id' ", id, " is unknown in this shop")
		}
		s := a.Applications[i]
		switch status := s.status(a, c.Now.Unix()); {
		case status != samplePending:
			return gate.Fail(gate.CodeInvalidParameter, "'application_id' ", id, " is ", status)
		case s.Agency != "":
			return gate.Fail(codeSampleAgency, "sample application ", id, " is for ", s.Agency, " to decide")
		case in.Result == "REJECT":
			s.Status = sampleRejected
		case s.obstacle(c) != "":
			return gate.Fail(gate.CodeInvalidParameter, "'application_id' ", id, " cannot be approved: ", s.obstacle(c))
		default:
			s.Status = sampleAccepted
		}
		s.Decided = c.Now.Unix()
		announceSample(c.Shop, s)
		return nil
	})
}
