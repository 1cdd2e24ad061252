package sandbox

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

func avatar(c *call, cr *creator) linkedImage { return linkedImage{imageURL(c, cr.avatar)} }

// getContentDetails lists the creators who promote a product of the shop.
func getContentDetails(c *call) *failure {
	id, _ := lookup(c.query, "product_id")
	return listAffiliate(c, &struct{}{}, id, func(a *affiliate, l *financeList) *failure {
		p := productsOf(c.shop).byID[id]
		o := a.openFor(id, c.now.Unix())
		if p == nil || o == nil {
			return fail(codeInvalidParameter, "'product_id' ", id, " is in no open collaboration of the shop")
		}
		page, next, total := financePageOf(l, promoters(c.shop, o, c.now.Unix()),
			func(p promoter) cursor { return cursor{0, number(p.userID)} }, func(promoter) bool { return true })
		type product struct {
			ID    string `json:"id"`
			Image string `json:"image_url"`
		}
		answer := struct {
			pageEnd
			Details []contentDetail `json:"creator_content_details"`
			Product product         `json:"product"`
		}{pageEnd{next, total}, []contentDetail{}, product{p.id, mainImage(c, p)}}
		for _, who := range page {
			answer.Details = append(answer.Details, contentDetail{
				contentProfile{avatar(c, who.creator), who.openID, who.followers, who.nickname, who.username},
				who.lives, who.videos, o.End, o.status(),
			})
		}
		jsonAs(c, answer)
		return nil
	})
}

func removePromoter(c *call) *failure { return removePromoterBy(c, "creator_user_open_id", byOpenID) }

func removePromoter202405(c *call) *failure { return removePromoterBy(c, "creator_user_id", byUserID) }

// removePromoterBy expels a creator from an open collaboration. They may join
// again; here nobody does so for them.
func removePromoterBy(c *call, field string, of func(*creator) string) *failure {
	var in struct {
		OpenID  string `json:"creator_user_open_id"`
		UserID  string `json:"creator_user_id"`
		Product string `json:"product_id"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	creator := map[string]string{"creator_user_open_id": in.OpenID, "creator_user_id": in.UserID}[field]
	id := c.param(0)
	return onAffiliate(c, id, func(a *affiliate) *failure {
		now := c.now.Unix()
		o := a.openFor(in.Product, now)
		if o == nil || o.ID != id {
			return fail(codeInvalidParameter, "'product_id' ", in.Product, " is not in 'open_collaboration_id' ", id)
		}
		for _, p := range promoters(c.shop, o, now) {
			if of(p.creator) == creator {
				o.Removed[p.userID] = now
				return nil
			}
		}
		return fail(codeInvalidParameter, "'", field, "' ", creator, " promotes nothing in open collaboration ", id)
	})
}
