package replica

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// source is a shop, or a creator or partner, and how it is called.
type source struct {
	shop   sync.Shop
	caller sync.Caller
}

// nameOf names a shop, or who has none.
func nameOf(shop sync.Shop) string { return cmp.Or(string(shop.Kind), "shop") + " " + shop.ID }

// countSources says how many sources there are of each kind.
func countSources(sources []source) string {
	var parts []string
	for _, kind := range []struct {
		sync.Kind
		word string
	}{{sync.OfShop, "shop"}, {sync.OfCreator, "creator"}, {sync.OfPartner, "partner"}} {
		n := 0
		for _, s := range sources {
			if s.shop.Kind == kind.Kind {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, console.Count(n, kind.word))
		}
	}
	return strings.Join(parts, " and ")
}

// shopSource is the source of a shop of a client's grant.
func shopSource(client *ttshop.Client, shop tokenstore.Shop) source {
	return source{sync.Shop{ID: shop.ID, Name: shop.Name, Region: shop.Region}, client.Shop(shop.Cipher).WithShopID(shop.ID)}
}

// sandboxSources returns the sources of a sandbox that are of some kinds.
func sandboxSources(ctx context.Context, sb *sandbox.Sandbox, address string, client func(token string) *ttshop.Client, kinds map[sync.Kind]bool) ([]source, error) {
	var sources []source
	c := sb.Credentials()
	if kinds[sync.OfShop] {
		for _, shop := range c.Shops {
			sources = append(sources, shopSource(client(c.AccessToken), tokenstore.Shop{ID: shop.ID, Cipher: shop.Cipher, Name: shop.Name, Region: shop.Region}))
		}
	}
	if !kinds[sync.OfCreator] && !kinds[sync.OfPartner] {
		return sources, nil
	}
	switchboard := control.New(address)
	users, err := switchboard.Users(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask the sandbox for its users: %w", err)
	}
	for _, user := range users {
		kind := sync.Kind(user.Kind)
		if (kind != sync.OfCreator && kind != sync.OfPartner) || !kinds[kind] {
			continue
		}
		granted, err := switchboard.Authorize(ctx, control.NewGrant{User: user.OpenID})
		if err != nil {
			return nil, fmt.Errorf("let the sandbox's %s authorize the app: %w", user.Kind, err)
		}
		of, err := userSources(ctx, client(granted.AccessToken), ttshop.Token{OpenID: user.OpenID, SellerName: user.Name, SellerBaseRegion: user.Region, UserType: ttshop.UserType(user.UserType)})
		if err != nil {
			return nil, err
		}
		sources = append(sources, of...)
	}
	return sources, nil
}

// fleetSources returns the sources of some kinds that the grants in a store reach now.
func fleetSources(ctx context.Context, fleet *tokenstore.Fleet, kinds map[sync.Kind]bool) ([]source, error) {
	var sources []source
	if kinds[sync.OfShop] {
		shops, err := fleet.Shops(ctx)
		if err != nil {
			return nil, err
		}
		known := map[string]bool{}
		for _, shop := range shops {
			if known[shop.ID] {
				continue // a second grant reaches it as well
			}
			known[shop.ID] = true
			client, err := fleet.Shop(ctx, shop.ID)
			if err != nil {
				return nil, err
			}
			sources = append(sources, source{sync.Shop{ID: shop.ID, Name: shop.Name, Region: shop.Region}, client})
		}
	}
	if !kinds[sync.OfCreator] && !kinds[sync.OfPartner] {
		return sources, nil
	}
	grants, err := fleet.Grants(ctx)
	if err != nil {
		return nil, err
	}
	for _, grant := range grants {
		if !grant.LostAt.IsZero() || !kinds[kindOf(grant.Token.UserType)] || grant.Token.UserType == ttshop.UserSeller {
			continue
		}
		client, err := fleet.Client(ctx, grant.Key)
		if err != nil {
			return nil, err
		}
		of, err := userSources(ctx, client, grant.Token)
		if err != nil {
			return nil, fmt.Errorf("grant of %s %s: %w", grant.Token.UserType, grant.OpenID, err)
		}
		sources = append(sources, of...)
	}
	return sources, nil
}

// kindOf is the kind of what a user who is not a seller has.
func kindOf(user ttshop.UserType) sync.Kind {
	switch user {
	case ttshop.UserCreator:
		return sync.OfCreator
	case ttshop.UserPartner:
		return sync.OfPartner
	}
	return sync.OfShop
}

// assetsPath lists the category assets of a partner.
const assetsPath = "/authorization/202405/category_assets"

// userSources returns what a creator or partner has: a creator is one, a partner is one
// for each category asset, which has no id but the market and the category.
func userSources(ctx context.Context, client *ttshop.Client, token ttshop.Token) ([]source, error) {
	shop := sync.Shop{ID: token.OpenID, Name: token.SellerName, Region: token.SellerBaseRegion, Kind: kindOf(token.UserType)}
	if shop.Kind != sync.OfPartner {
		return []source{{shop, client}}, nil
	}
	response, err := client.Call(ctx, http.MethodGet, assetsPath, nil, nil)
	if err != nil {
		return nil, err
	}
	var data struct {
		Assets []struct {
			Cipher   string `json:"cipher"`
			Market   string `json:"target_market"`
			Category struct {
				ID json.Number `json:"id"`
			} `json:"category"`
		} `json:"category_assets"`
	}
	if err := response.Decode(&data); err != nil {
		return nil, fmt.Errorf("read the category assets: %w", err)
	}
	var sources []source
	for _, asset := range data.Assets {
		one := shop
		one.ID, one.Region = fmt.Sprintf("%s.%s.%s", shop.ID, asset.Market, asset.Category.ID), asset.Market
		sources = append(sources, source{one, client.CategoryAsset(asset.Cipher)})
	}
	return sources, nil
}

// errWhose means that a bare token does not say whose it is.
var errWhose = errors.New("an access token alone does not say which creator or partner it is of, and their rows are kept by that; sign in with ttshop login, or name a store with grants")

// tokenSources asks the platform which shops a token reaches now.
func tokenSources(ctx context.Context, client *ttshop.Client, kinds map[sync.Kind]bool) ([]source, error) {
	if kinds[sync.OfCreator] || kinds[sync.OfPartner] {
		return nil, errWhose
	}
	response, err := client.Call(ctx, http.MethodGet, platform.ShopsPath, nil, nil)
	if err != nil {
		return nil, err
	}
	var data struct {
		Shops []tokenstore.Shop `json:"shops"`
	}
	if err := response.Decode(&data); err != nil {
		return nil, fmt.Errorf("read the shops: %w", err)
	}
	var sources []source
	for _, shop := range data.Shops {
		sources = append(sources, shopSource(client, shop))
	}
	return sources, nil
}
