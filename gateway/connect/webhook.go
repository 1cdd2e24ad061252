package connect

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"

	"github.com/ttshop-go/ttshop/tokenstore"
)

// The platform's events about authorizations that users have ended.
const (
	sellerDeauthorization  = 6
	creatorDeauthorization = 20
)

// WebhookTypes returns the types of the platform's webhooks that /connect/webhook is
// for.
func WebhookTypes() []int { return []int{sellerDeauthorization, creatorDeauthorization} }

// webhook takes the platform's deliveries, of which it understands those about
// authorizations. It is for apps whose webhooks nobody else receives; whoever does
// can pass deliveries on, with their signature.
func (h *Handler) webhook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if !h.signer.VerifyWebhook(h.app.Key, body, r.Header.Get("Authorization")) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var delivery struct {
		Type          int    `json:"type"`
		ShopID        string `json:"shop_id"`
		SellerOpenID  string `json:"seller_open_id"`
		CreatorOpenID string `json:"creator_open_id"`
		Timestamp     int64  `json:"timestamp"` // seconds
	}
	if json.Unmarshal(body, &delivery) != nil || delivery.Type != sellerDeauthorization && delivery.Type != creatorDeauthorization {
		return // it is the platform's, and about something else
	}
	grants, err := h.fleet.Grants(r.Context())
	if err == nil {
		err = changeConnections(r.Context(), h.store, func(c *connections) (changed bool) {
			for openID, one := range c.Grants {
				g := grantOf(grants, openID)
				if delivery.Timestamp < g.AuthorizedAt.Unix() {
					continue // a late one: the user has authorized again since
				}
				of := delivery.SellerOpenID == openID || delivery.CreatorOpenID == openID
				if id := delivery.ShopID; id != "" && slices.ContainsFunc(one.Shops, func(s shop) bool { return s.ID == id }) {
					changed = one.withdraw(id, g, at(h.now())) || changed
				} else if of {
					changed = one.withdraw(wholeGrant, g, at(h.now())) || changed
				}
			}
			return changed
		})
	}
	if err != nil {
		h.logger.Error("the end of an authorization could not be noted; the platform delivers it again", "error", err.Error())
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	h.tellSoon()
}

func grantOf(grants []tokenstore.Grant, openID string) tokenstore.Grant {
	for _, g := range grants {
		if g.OpenID == openID {
			return g
		}
	}
	return tokenstore.Grant{}
}

// withdraw notes that a shop, or all of a grant, was withdrawn. The platform delivers
// twice at times: once is enough until the user authorizes again.
func (c *connection) withdraw(id string, g tokenstore.Grant, now unixTime) bool {
	if c.Withdrawn[id] > at(g.AuthorizedAt) {
		return false
	}
	if c.Withdrawn == nil {
		c.Withdrawn = map[string]unixTime{}
	}
	c.Withdrawn[id] = now
	return true
}
