package gateway

import (
	"context"
	"errors"
	"net/http"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// subject is for whom a call is made.
type subject struct {
	reach tokenstore.Reach
	grant string // open id, where the call is for a creator or a partner
	asset string // cipher of a category asset
}

// subjectOf finds out for whom a request is made.
func (g *Gateway) subjectOf(ctx context.Context, r *http.Request, a asked, client *policy.Client, op *operation) (subject, *refusal) {
	s := subject{}
	if op.AssetCipher != ttshop.CipherNone {
		s.asset = a.query.Get("category_asset_cipher")
	}
	shop, cipher, grant := r.Header.Get(HeaderShop), a.query.Get("shop_cipher"), r.Header.Get(HeaderGrant)
	if grant != "" && (shop != "" || cipher != "") {
		return s, refuse(http.StatusBadRequest, ReasonShop, "the request names a shop and a grant; name one of them")
	}
	ref := shop
	switch {
	case shop != "" && cipher != "" && shop != cipher:
		one, err := g.fleet.Reach(ctx, shop)
		if err == nil {
			var other tokenstore.Reach
			if other, err = g.fleet.Reach(ctx, cipher); err == nil && one.Shop.ID != other.Shop.ID {
				return s, refuse(http.StatusBadRequest, ReasonShop, "the header "+HeaderShop+" and the parameter shop_cipher name different shops")
			}
		}
		if err != nil {
			return s, g.shopRefusal(err, client)
		}
	case cipher != "":
		ref = cipher
	}
	if ref == "" && grant == "" {
		ref, _ = client.OnlyShop()
	}
	if ref == "" && grant == "" {
		grant, _ = client.OnlyGrant()
	}
	// Foreign SDKs can set no header but this one, which carries a token elsewhere.
	if token := r.Header.Get("X-Tts-Access-Token"); ref == "" && grant == "" && token != "" {
		if reach, err := g.fleet.Reach(ctx, token); err == nil {
			s.reach = reach
			return s, nil
		}
	}
	var err error
	switch {
	case grant != "":
		s.grant = grant
		s.reach, err = g.fleet.ReachUser(ctx, grant)
	case ref != "":
		s.reach, err = g.fleet.Reach(ctx, ref)
	default:
		return s, refuse(http.StatusBadRequest, ReasonShop, "say for which shop the call is: header "+HeaderShop+" with its id, code or name, or parameter shop_cipher")
	}
	if err != nil {
		return s, g.shopRefusal(err, client)
	}
	return s, nil
}

// shopRefusal is the answer where a shop was not found. It does not tell apart one
// that does not exist from one that the key may not use.
func (g *Gateway) shopRefusal(err error, client *policy.Client) *refusal {
	if errors.Is(err, tokenstore.ErrNotFound) {
		return &refusal{status: http.StatusForbidden, reason: ReasonPolicy, message: noSuchShop(client), rule: string(policy.RuleShop)}
	}
	g.logger.Error("the token store cannot be read", "error", err.Error())
	return refuse(http.StatusServiceUnavailable, ReasonStore, "the gateway cannot look up the shop at the moment")
}

func noSuchShop(client *policy.Client) string {
	return "key " + client.Name() + " has no such shop"
}

// request returns what the policy decides about.
func (s subject) request(op *operation) policy.Request {
	q := policy.Request{Operation: op.Name, Grant: s.grant, Shop: policyShop(s.reach.Shop)}
	if s.grant == "" && op.ShopCipher == ttshop.CipherNone {
		q.Account = make([]policy.Shop, len(s.reach.Shops))
		for i, shop := range s.reach.Shops {
			q.Account[i] = policyShop(shop)
		}
	}
	return q
}

// lacks refuses what the platform would: an operation without the cipher that it
// needs.
func (s subject) lacks(op *operation) *refusal {
	switch {
	case op.ShopCipher == ttshop.CipherRequired && s.grant != "":
		return refuse(http.StatusBadRequest, ReasonShop, op.Name+" is for a shop, not for a creator or a partner")
	case op.AssetCipher == ttshop.CipherRequired && s.asset == "":
		return refuse(http.StatusBadRequest, ReasonShop, op.Name+" is for a category asset: add parameter category_asset_cipher")
	}
	return nil
}

func policyShop(s tokenstore.Shop) policy.Shop {
	return policy.Shop{ID: s.ID, Code: s.Code, Name: s.Name, Region: s.Region}
}
