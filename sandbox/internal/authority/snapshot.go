package authority

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The forms of apps, users, grants and tokens in snapshots. They refer to each
// other by position.
type (
	keptAuthority struct {
		Random    invent.Random        `json:"random"`
		ServiceID string               `json:"service_id"`
		Apps      []Registration       `json:"apps"`
		Users     []keptUser           `json:"users"`
		Grants    []keptGrant          `json:"grants"`
		Last      int                  `json:"last_grant"`
		Codes     map[string]keptToken `json:"codes"`
		Accesses  map[string]keptToken `json:"accesses"`
		Refreshes map[string]keptToken `json:"refreshes"`
		Access    string               `json:"standing_access"`
		Refresh   string               `json:"standing_refresh"`
	}

	keptUser struct {
		UserType    int      `json:"user_type"`
		OpenID      string   `json:"open_id"`
		Name        string   `json:"name"`
		Region      string   `json:"region"`
		Shops       []string `json:"shops"`
		AssetCipher string   `json:"asset_cipher"`
	}

	keptGrant struct {
		ID       string   `json:"id"`
		App      int      `json:"app"`
		User     int      `json:"user"`
		Scopes   []string `json:"scopes"`
		Left     []string `json:"shops_left,omitempty"` // no longer part of it
		Expires  int64    `json:"expires"`
		Revoked  bool     `json:"revoked"`
		Reminded int64    `json:"reminded"`
	}

	keptToken struct {
		Grant   int   `json:"grant"`
		Expires int64 `json:"expires"`
	}
)

// Part holds apps, users, grants, codes and tokens.
func (a *Authority) Part(w *world.World) keep.Part {
	return keep.Part{Name: "authority", Save: func() any { return a.save() }, Load: func(raw json.RawMessage) error {
		var kept keptAuthority
		if err := keep.Decode(raw, &kept); err != nil {
			return err
		}
		return a.load(&kept, w)
	}}
}

func (a *Authority) save() keptAuthority {
	kept := keptAuthority{
		Random: a.rng, ServiceID: a.ServiceID, Last: a.last,
		Access: a.standing.access, Refresh: a.standing.refresh,
		Apps: invent.Each(a.Apps, func(known *App) Registration { return known.Registration }),
		Users: invent.Each(a.Users, func(u *User) keptUser {
			return keptUser{u.UserType, u.OpenID, u.Name, u.Region, invent.Each(u.Shops, func(s *world.Shop) string { return s.ID }), u.AssetCipher}
		}),
		Grants: invent.Each(a.Grants, func(g *Grant) keptGrant {
			return keptGrant{g.ID, slices.Index(a.Apps, g.App), slices.Index(a.Users, g.User), g.Scopes, g.left(), g.Expires, g.Revoked, g.Reminded}
		}),
	}
	tokens := func(t tokenTable) map[string]keptToken {
		list := make(map[string]keptToken, len(t.ByValue))
		for value, issued := range t.ByValue {
			list[value] = keptToken{slices.Index(a.Grants, issued.Grant), issued.Expires}
		}
		return list
	}
	kept.Codes, kept.Accesses, kept.Refreshes = tokens(a.Codes), tokens(a.Accesses), tokens(a.Refreshes)
	return kept
}

// left are the ids of the user's shops that were taken out of the grant.
func (g *Grant) left() []string {
	var list []string
	for _, s := range g.User.Shops {
		if !slices.Contains(g.Shops, s) {
			list = append(list, s.ID)
		}
	}
	return list
}

// check checks that a user has a market, whose prefix tokens have, and that a
// seller is one of the world.
func (u *keptUser) check(w *world.World) error {
	if !market.Known(u.Region) {
		return keep.Placed("region", fmt.Errorf("there is no market %.40q", u.Region))
	}
	if u.UserType == UserSeller && u.OpenID != w.Seller.OpenID && u.OpenID != w.Neighbour.OpenID {
		return keep.Placed("open_id", fmt.Errorf("there is no seller %.60q", u.OpenID))
	}
	return nil
}

func (a *Authority) load(kept *keptAuthority, w *world.World) error {
	a.Apps = invent.Each(kept.Apps, NewApp)
	a.Users, a.Grants = nil, nil
	for i, u := range kept.Users {
		if err := u.check(w); err != nil {
			return keep.Placed(fmt.Sprintf("users[%d]", i), err)
		}
		loaded := &User{UserType: u.UserType, OpenID: u.OpenID, Name: u.Name, Region: u.Region, AssetCipher: u.AssetCipher}
		for _, id := range u.Shops {
			owned := w.ShopByID(id)
			if owned == nil {
				return fmt.Errorf("no shop has the id %q", id)
			}
			loaded.Shops = append(loaded.Shops, owned)
		}
		a.Users = append(a.Users, loaded)
	}
	for _, g := range kept.Grants {
		if g.App < 0 || g.App >= len(a.Apps) || g.User < 0 || g.User >= len(a.Users) {
			return fmt.Errorf("grant %s has app %d and user %d", g.ID, g.App, g.User)
		}
		of := a.Users[g.User]
		shops := of.Shops
		if len(g.Left) > 0 {
			shops = slices.DeleteFunc(slices.Clone(shops), func(s *world.Shop) bool { return slices.Contains(g.Left, s.ID) })
		}
		a.Grants = append(a.Grants, &Grant{
			ID: g.ID, App: a.Apps[g.App], User: of, Scopes: g.Scopes, Shops: shops, Expires: g.Expires, Revoked: g.Revoked, Reminded: g.Reminded,
		})
	}
	if len(a.Apps) == 0 || len(a.Users) == 0 || len(a.Grants) == 0 {
		return fmt.Errorf("%d apps, %d users and %d grants, at least one of each is needed", len(a.Apps), len(a.Users), len(a.Grants))
	}
	tables := []struct {
		kept  map[string]keptToken
		table *tokenTable
	}{{kept.Codes, &a.Codes}, {kept.Accesses, &a.Accesses}, {kept.Refreshes, &a.Refreshes}}
	for _, t := range tables {
		*t.table = tokenTable{ByValue: make(map[string]token, len(t.kept)), full: max(1024, 2*len(t.kept))}
		for value, issued := range t.kept {
			if issued.Grant < 0 || issued.Grant >= len(a.Grants) {
				return fmt.Errorf("there is no grant %d", issued.Grant)
			}
			t.table.ByValue[value] = token{a.Grants[issued.Grant], issued.Expires}
		}
	}
	a.rng, a.ServiceID, a.last = kept.Random, kept.ServiceID, kept.Last
	a.standing.access, a.standing.refresh = kept.Access, kept.Refresh
	return nil
}
