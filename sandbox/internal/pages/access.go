package pages

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
)

type accessData struct {
	Now    time.Time
	Apps   []appRow
	Grants []grantRow
}

type appRow struct{ Key, Redirect, Consent string }

// grantRow is what a user allowed an app, and the tokens that follow from it.
// The tokens themselves are not shown.
type grantRow struct {
	ID, User, Kind, App string
	Scopes              int
	Shops               []string
	Expires             int64
	State               string
	Access, Refresh     tokenCount
}

// tokenCount counts tokens that are good.
type tokenCount struct {
	Good  int
	Until int64 // of the one that lasts longest
}

func (c *tokenCount) add(expires, now int64) {
	if expires > now {
		c.Good++
		c.Until = max(c.Until, expires)
	}
}

// The states of a grant.
const (
	grantActive  = "ACTIVE"
	grantRevoked = "REVOKED"
	grantExpired = "EXPIRED"
)

func (s *Site) accessView(*http.Request) view {
	a := s.State.Load().Authority
	data := accessData{Now: s.Clock.Now()}
	now := data.Now.Unix()
	a.Mu.RLock()
	defer a.Mu.RUnlock()
	for _, app := range a.Apps {
		data.Apps = append(data.Apps, appRow{app.Key, app.RedirectURL, consentLink(app.ServiceID)})
	}
	tokens := map[*authority.Grant]*grantRow{}
	data.Grants = make([]grantRow, len(a.Grants))
	for i, g := range a.Grants {
		row := grantRow{
			ID: g.ID, User: g.Name, Kind: kindOf(g.UserType), App: g.App.Key, Scopes: len(g.Scopes), Expires: g.Expires, State: grantActive,
		}
		switch {
		case g.Revoked:
			row.State = grantRevoked
		case g.Expires <= now:
			row.State = grantExpired
		}
		for _, shop := range g.Shops {
			row.Shops = append(row.Shops, shop.Name)
		}
		data.Grants[i] = row
		tokens[g] = &data.Grants[i]
	}
	for _, t := range a.Accesses.ByValue {
		tokens[t.Grant].Access.add(t.Expires, now)
	}
	for _, t := range a.Refreshes.ByValue {
		tokens[t.Grant].Refresh.add(t.Expires, now)
	}
	return view{template: "access", title: "Tokens and grants", data: data}
}

// kindOf names a kind of user.
func kindOf(userType int) string {
	switch userType {
	case authority.UserCreator:
		return "creator"
	case authority.UserPartner:
		return "partner"
	}
	return "seller"
}

// consentLink is the page on which a seller authorizes an app.
func consentLink(serviceID string) string {
	return "/open/authorize?" + url.Values{"service_id": {serviceID}, "state": {"any"}}.Encode()
}

// changeAccess expires the tokens of a grant, or revokes it.
func (s *Site) changeAccess(r *http.Request) (string, error) {
	grant := "grants/" + pathSegment(r.PostFormValue("grant"))
	switch r.PostFormValue("action") {
	case "expire":
		_, err := s.steer(r, http.MethodPost, grant+"/expire", struct{}{})
		return webLink("access", "done", "expired"), err
	case "expire-all":
		_, err := s.steer(r, http.MethodPost, grant+"/expire", map[string]bool{"refresh": true})
		return webLink("access", "done", "expired"), err
	case "revoke":
		_, err := s.steer(r, http.MethodDelete, grant, struct{}{})
		return webLink("access", "done", "revoked"), err
	}
	return "", errors.New("the form says nothing to do")
}
