package affiliate

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// contentDetail is a creator who promotes a product.
type contentDetail struct {
	Profile contentProfile `json:"creator_profile"`
	Lives   int64          `json:"live_count"`
	Videos  int64          `json:"video_count"`
	End     int64          `json:"promotion_end_time,omitempty"`
	Status  string         `json:"promotion_status"`
}

type contentProfile struct {
	Avatar    linkedImage `json:"avatar"`
	OpenID    string      `json:"creator_open_id"`
	Followers int64       `json:"follower_count"`
	Nickname  string      `json:"nickname"`
	Username  string      `json:"username"`
}

type linkedImage struct {
	URL string `json:"url"`
}

func avatar(c *gate.Call, cr *creator) linkedImage { return linkedImage{media.ImageURL(c, cr.avatar)} }

// getContentDetails lists the creators who promote a product of the shop.
func getContentDetails(c *gate.Call) *gate.Failure {
	id, _ := wire.Lookup(c.Query, "product_id")
	return listAffiliate(c, &struct{}{}, id, func(a *affiliate, l *gate.TimedList) *gate.Failure {
		p := product.Of(c.Shop).ByID[id]
		o := a.openFor(id, c.Now.Unix())
		if p == nil || o == nil {
			return gate.Fail(gate.CodeInvalidParameter, "'product_id' ", id, " is in no open collaboration of the shop")
		}
		page, next, total := gate.TimedPage(l, promoters(c.Shop, o, c.Now.Unix()),
			func(p promoter) gate.Cursor { return gate.Cursor{At: 0, ID: invent.Number(p.userID)} }, func(promoter) bool { return true })
		type product struct {
			ID    string `json:"id"`
			Image string `json:"image_url"`
		}
		answer := struct {
			gate.PageEnd
			Details []contentDetail `json:"creator_content_details"`
			Product product         `json:"product"`
		}{gate.PageEnd{NextPageToken: next, TotalCount: total}, []contentDetail{}, product{p.ID, mainImage(c, p)}}
		for _, who := range page {
			answer.Details = append(answer.Details, contentDetail{
				contentProfile{avatar(c, who.creator), who.OpenID, who.followers, who.Nickname, who.username},
				who.lives, who.videos, o.End, o.status(),
			})
		}
		c.JSONAs(answer)
		return nil
	})
}

func removePromoter(c *gate.Call) *gate.Failure {
	return removePromoterBy(c, "creator_user_open_id", byOpenID)
}

func removePromoter202405(c *gate.Call) *gate.Failure {
	return removePromoterBy(c, "creator_user_id", byUserID)
}

// removePromoterBy expels a creator from an open collaboration. They may join
// again; here nobody does so for them.
func removePromoterBy(c *gate.Call, field string, of func(*creator) string) *gate.Failure {
	var in struct {
		OpenID  string `json:"creator_user_open_id"`
		UserID  string `json:"creator_user_id"`
		Product string `json:"product_id"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	creator := map[string]string{"creator_user_open_id": in.OpenID, "creator_user_id": in.UserID}[field]
	id := c.Param(0)
	return onAffiliate(c, id, func(a *affiliate) *gate.Failure {
		now := c.Now.Unix()
		o := a.openFor(in.Product, now)
		if o == nil || o.ID != id {
			return gate.Fail(gate.CodeInvalidParameter, "'product_id' ", in.Product, " is not in 'open_collaboration_id' ", id)
		}
		for _, p := range promoters(c.Shop, o, now) {
			if of(p.creator) == creator {
				o.leave(p.creator, now)
				return nil
			}
		}
		return gate.Fail(gate.CodeInvalidParameter, "'", field, "' ", creator, " promotes nothing in open collaboration ", id)
	})
}
