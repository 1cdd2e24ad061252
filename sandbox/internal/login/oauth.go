package login

import (
	"net/http"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// tokenData is the data of both token endpoints. The times of expiry are
// moments, not durations, whatever their names say.
type tokenData struct {
	AccessToken          string   `json:"access_token"`
	AccessTokenExpireIn  int64    `json:"access_token_expire_in"`
	RefreshToken         string   `json:"refresh_token"`
	RefreshTokenExpireIn int64    `json:"refresh_token_expire_in"`
	OpenID               string   `json:"open_id"`
	SellerName           string   `json:"seller_name"`
	SellerBaseRegion     string   `json:"seller_base_region"`
	UserType             int      `json:"user_type"`
	GrantedScopes        []string `json:"granted_scopes"`
}

// data describes a pair of tokens. The caller holds the lock.
func data(a *authority.Authority, access, refresh string) tokenData {
	t := a.Accesses.ByValue[access]
	g := t.Grant
	return tokenData{
		AccessToken: access, AccessTokenExpireIn: t.Expires,
		RefreshToken: refresh, RefreshTokenExpireIn: g.Expires,
		OpenID: g.OpenID, SellerName: g.Name, SellerBaseRegion: g.Region,
		UserType: g.UserType, GrantedScopes: g.Scopes,
	}
}

// checkApp checks what both token endpoints share. The code for a wrong key or
// secret is not documented; 98001004 is the host's code for bad parameters.
func checkApp(c *gate.Call, grantTypes ...string) *gate.Failure {
	if c.Request.Method != http.MethodGet {
		return gate.Fail(gate.CodeMethodNotAllowed, "method ", c.Request.Method, " is not allowed on this path")
	}
	key, _ := wire.Lookup(c.Query, "app_key")
	secret, _ := wire.Lookup(c.Query, "app_secret")
	grantType, _ := wire.Lookup(c.Query, "grant_type")
	c.App = c.State.Authority.App(key)
	switch {
	case c.App == nil:
		return gate.Fail(gate.CodeAuthParameter, "'app_key' does not belong to an app")
	case secret != c.App.Secret:
		return gate.Fail(gate.CodeAuthParameter, "'app_secret' does not fit the app")
	case !slices.Contains(grantTypes, grantType):
		return gate.Fail(gate.CodeAuthParameter, "'grant_type' must be ", grantTypes[0])
	}
	return nil
}

func getToken(c *gate.Call) *gate.Failure {
	if f := checkApp(c, "authorized_code"); f != nil {
		return f
	}
	code, _ := wire.Lookup(c.Query, "auth_code")
	if code == "" {
		return gate.Fail(gate.CodeAuthParameter, "'auth_code' is required")
	}
	a := c.State.Authority
	a.Mu.Lock()
	defer a.Mu.Unlock()
	issued, ok := a.Codes.ByValue[code]
	if ok && issued.Grant.App != c.App { // it stays good for the app that it is for
		return gate.Fail(codeAuthCode, "'auth_code' is wrong, used or expired")
	}
	delete(a.Codes.ByValue, code)
	if !ok || issued.Grant.Revoked || c.Now.Unix() >= issued.Expires {
		return gate.Fail(codeAuthCode, "'auth_code' is wrong, used or expired")
	}
	access, refresh := a.Issue(issued.Grant, c.Now)
	c.JSON(data(a, access, refresh))
	return nil
}

func refreshToken(c *gate.Call) *gate.Failure {
	grantTypes := []string{"refresh_token", "authorized_code"}
	if c.Gate.Settings.StrictRefreshGrant {
		grantTypes = grantTypes[:1]
	}
	if f := checkApp(c, grantTypes...); f != nil {
		return f
	}
	refresh, _ := wire.Lookup(c.Query, "refresh_token")
	if refresh == "" {
		return gate.Fail(gate.CodeAuthParameter, "'refresh_token' is required")
	}
	a := c.State.Authority
	a.Mu.Lock()
	defer a.Mu.Unlock()
	issued, ok := a.Refreshes.ByValue[refresh]
	if !ok || issued.Grant.App != c.App || issued.Grant.Revoked || c.Now.Unix() >= issued.Expires {
		// The code is known for an expired refresh token, from an FAQ's title;
		// that an unknown or a revoked one answers alike is our reading.
		return gate.Fail(codeRefreshToken, "'refresh_token' is unknown or expired")
	}
	if rotation := a.Config.Rotation; rotation != authority.RotationOff {
		if rotation == authority.RotationStrict {
			delete(a.Refreshes.ByValue, refresh)
		}
		refresh = a.IssueRefresh(issued.Grant, c.Now)
	}
	c.JSON(data(a, a.IssueAccess(issued.Grant, c.Now), refresh))
	return nil
}
