package affiliate

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// invitedTo is a target collaboration as a creator in it sees it.
type invitedTo struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	Products []invitedProduct `json:"products"`
	Status   string           `json:"status"`
}

type invitedProduct struct {
	Commission offeredCommission `json:"commission"`
	ID         string            `json:"id"`
	Image      string            `json:"main_image_url"`
	Title      string            `json:"title"`
}

// The states in which a creator finds an invitation.
const (
	invitationLive    = "LIVE"
	invitationExpired = "EXPIRED" // its time is over
	invitationDeleted = "DELETED" // the seller removed it
	invitationEnded   = "ENDED"   // the seller left the creator out
)

// invitationOf is the state of a collaboration for a creator, "" where they were
// never invited.
func (t *targetCollaboration) invitationOf(cr *creator, now int64) string {
	status := ""
	for _, i := range t.Creators {
		switch {
		case i.Creator != cr.userID:
		case t.Removed > 0:
			return invitationDeleted
		case now >= t.End:
			return invitationExpired
		case i.Left == 0:
			return invitationLive
		default:
			status = invitationEnded
		}
	}
	return status
}

func (t *targetCollaboration) shownTo(c *gate.Call, s *world.Shop, status string) invitedTo {
	v := invitedTo{t.ID, t.Name, []invitedProduct{}, status}
	for _, in := range t.promoted() {
		p, rate := product.Of(s).ByID[in.ID], in.rate()
		lowest, _ := priceSpan(p, false)
		v.Products = append(v.Products, invitedProduct{
			offeredCommission{s.Market.Money(commissionOf(lowest, rate.Rate)), s.Market.Currency, rate.Rate}, p.ID, mainImage(c, p), p.Live.Title,
		})
	}
	return v
}

// searchInvitations lists the target collaborations of a shop to which the creator
// was invited. Those that are over are found by their id only.
func searchInvitations(c *gate.Call) *gate.Failure {
	var in struct {
		Keyword string `json:"keyword"`
		Type    string `json:"keyword_type"`
		Shop    string `json:"shop_id"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	cr, s := acting(c), c.State.World.ShopByID(in.Shop)
	if s == nil {
		return gate.Fail(gate.CodeInvalidParameter, "'shop_id' ", in.Shop, " is unknown")
	}
	l, f := c.TimedList("", "", cr.OpenID, in.Shop)
	if f != nil {
		return f
	}
	answer := struct {
		gate.PageEnd
		List []invitedTo `json:"target_collaborations"`
	}{List: []invitedTo{}}
	lockedFor(c, s, func(s *world.Shop) {
		now := c.Now.Unix()
		page, next, total := gate.TimedPage(l, Of(s).Targets,
			func(t *targetCollaboration) gate.Cursor { return gate.Cursor{ID: invent.Number(t.ID)} },
			func(t *targetCollaboration) bool {
				status := t.invitationOf(cr, now)
				if in.Type == "TARGET_COLLABORATIONS_ID" && in.Keyword != "" {
					return status != "" && t.ID == in.Keyword
				}
				return status == invitationLive && strings.Contains(strings.ToLower(t.Name), strings.ToLower(in.Keyword))
			})
		answer.PageEnd = gate.PageEnd{NextPageToken: next, TotalCount: total}
		for _, t := range page {
			answer.List = append(answer.List, t.shownTo(c, s, t.invitationOf(cr, now)))
		}
	})
	c.JSON(answer)
	return nil
}

// offersByID shows the offers of products that are named. What is not offered in
// the creator's market is left out.
func offersByID(c *gate.Call) *gate.Failure {
	cr, ids := acting(c), c.List("product_ids")
	products := []*offeredProduct{}
	for _, s := range c.State.World.Shops {
		if s.Region == cr.region.Code {
			products = append(products, slices.DeleteFunc(offeredProducts(c, s), func(p *offeredProduct) bool { return !slices.Contains(ids, p.ID) })...)
		}
	}
	c.JSON(struct {
		Products []*offeredProduct `json:"products"`
	}{products})
	return nil
}
