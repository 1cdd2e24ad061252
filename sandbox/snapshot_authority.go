package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
)

// The forms of apps, users, grants and tokens in snapshots. They refer to each
// other by position.
type (
	keptAuthority struct {
		Random    random               `json:"random"`
		ServiceID string               `json:"service_id"`
		Apps      []registration       `json:"apps"`
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
		Expires  int64    `json:"expires"`
		Revoked  bool     `json:"revoked"`
		Reminded int64    `json:"reminded"`
	}

	keptToken struct {
		Grant   int   `json:"grant"`
		Expires int64 `json:"expires"`
	}
)

// part holds apps, users, grants, codes and tokens.
func (a *authority) part(w *world) part {
	return part{"authority", func() any { return a.save() }, func(raw json.RawMessage) error {
		var kept keptAuthority
		if err := unmarshal(raw, &kept); err != nil {
			return err
		}
		return a.load(&kept, w)
	}}
}

func (a *authority) save() keptAuthority {
	kept := keptAuthority{
		Random: a.rng, ServiceID: a.serviceID, Last: a.last,
		Access: a.standing.access, Refresh: a.standing.refresh,
		Apps: each(a.apps, func(known *app) registration { return known.registration }),
		Users: each(a.users, func(u *user) keptUser {
			return keptUser{u.userType, u.openID, u.name, u.region, each(u.shops, func(s *shop) string { return s.ID }), u.assetCipher}
		}),
		Grants: each(a.grants, func(g *grant) keptGrant {
			return keptGrant{g.id, slices.Index(a.apps, g.app), slices.Index(a.users, g.user), g.scopes, g.expires, g.revoked, g.reminded}
		}),
	}
	tokens := func(t tokenTable) map[string]keptToken {
		list := make(map[string]keptToken, len(t.byValue))
		for value, issued := range t.byValue {
			list[value] = keptToken{slices.Index(a.grants, issued.grant), issued.expires}
		}
		return list
	}
	kept.Codes, kept.Accesses, kept.Refreshes = tokens(a.codes), tokens(a.accesses), tokens(a.refreshes)
	return kept
}

func (a *authority) load(kept *keptAuthority, w *world) error {
	a.apps = each(kept.Apps, newApp)
	a.users, a.grants = nil, nil
	for _, u := range kept.Users {
		loaded := &user{userType: u.UserType, openID: u.OpenID, name: u.Name, region: u.Region, assetCipher: u.AssetCipher}
		for _, id := range u.Shops {
			owned := w.shopByID(id)
			if owned == nil {
				return fmt.Errorf("no shop has the id %q", id)
			}
			loaded.shops = append(loaded.shops, owned)
		}
		a.users = append(a.users, loaded)
	}
	for _, g := range kept.Grants {
		if g.App < 0 || g.App >= len(a.apps) || g.User < 0 || g.User >= len(a.users) {
			return fmt.Errorf("grant %s has app %d and user %d", g.ID, g.App, g.User)
		}
		a.grants = append(a.grants, &grant{
			id: g.ID, app: a.apps[g.App], user: a.users[g.User], scopes: g.Scopes, expires: g.Expires, revoked: g.Revoked, reminded: g.Reminded,
		})
	}
	if len(a.apps) == 0 || len(a.users) == 0 || len(a.grants) == 0 {
		return fmt.Errorf("%d apps, %d users and %d grants, at least one of each is needed", len(a.apps), len(a.users), len(a.grants))
	}
	tables := []struct {
		kept  map[string]keptToken
		table *tokenTable
	}{{kept.Codes, &a.codes}, {kept.Accesses, &a.accesses}, {kept.Refreshes, &a.refreshes}}
	for _, t := range tables {
		*t.table = tokenTable{byValue: make(map[string]token, len(t.kept)), full: max(1024, 2*len(t.kept))}
		for value, issued := range t.kept {
			if issued.Grant < 0 || issued.Grant >= len(a.grants) {
				return fmt.Errorf("there is no grant %d", issued.Grant)
			}
			t.table.byValue[value] = token{a.grants[issued.Grant], issued.Expires}
		}
	}
	a.rng, a.serviceID, a.last = kept.Random, kept.ServiceID, kept.Last
	a.standing.access, a.standing.refresh = kept.Access, kept.Refresh
	return nil
}
