package sandbox

import (
	"net/http"
	"slices"
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
func data(a *authority, access, refresh string) tokenData {
	t := a.accesses.byValue[access]
	g := t.grant
	return tokenData{
		AccessToken: access, AccessTokenExpireIn: t.expires,
		RefreshToken: refresh, RefreshTokenExpireIn: g.expires,
		OpenID: g.openID, SellerName: g.name, SellerBaseRegion: g.region,
		UserType: g.userType, GrantedScopes: g.scopes,
	}
}

// checkApp checks what both token endpoints share. The code for a wrong key or
// secret is not documented; 98001004 is the host's code for bad parameters.
func checkApp(c *call, grantTypes ...string) *failure {
	if c.request.Method != http.MethodGet {
		return fail(codeMethodNotAllowed, "method ", c.request.Method, " is not allowed on this path")
	}
	key, _ := lookup(c.query, "app_key")
	secret, _ := lookup(c.query, "app_secret")
	grantType, _ := lookup(c.query, "grant_type")
	c.app = c.state.authority.app(key)
	switch {
	case c.app == nil:
		return fail(codeAuthParameter, "'app_key' does not belong to an app")
	case secret != c.app.Secret:
		return fail(codeAuthParameter, "'app_secret' does not fit the app")
	case !slices.Contains(grantTypes, grantType):
		return fail(codeAuthParameter, "'grant_type' must be ", grantTypes[0])
	}
	return nil
}

func getToken(c *call) *failure {
	if f := checkApp(c, "authorized_code"); f != nil {
		return f
	}
	code, _ := lookup(c.query, "auth_code")
	if code == "" {
		return fail(codeAuthParameter, "'auth_code' is required")
	}
	a := c.state.authority
	a.mu.Lock()
	defer a.mu.Unlock()
	issued, ok := a.codes.byValue[code]
	if ok && issued.grant.app != c.app { // it stays good for the app that it is for
		return fail(codeAuthCode, "'auth_code' is wrong, used or expired")
	}
	delete(a.codes.byValue, code)
	if !ok || issued.grant.revoked || c.now.Unix() >= issued.expires {
		return fail(codeAuthCode, "'auth_code' is wrong, used or expired")
	}
	access, refresh := a.issue(issued.grant, c.now)
	c.json(data(a, access, refresh))
	return nil
}

func refreshToken(c *call) *failure {
	grantTypes := []string{"refresh_token", "authorized_code"}
	if c.sb.settings.strictRefreshGrant {
		grantTypes = grantTypes[:1]
	}
	if f := checkApp(c, grantTypes...); f != nil {
		return f
	}
	refresh, _ := lookup(c.query, "refresh_token")
	if refresh == "" {
		return fail(codeAuthParameter, "'refresh_token' is required")
	}
	a := c.state.authority
	a.mu.Lock()
	defer a.mu.Unlock()
	issued, ok := a.refreshes.byValue[refresh]
	if !ok || issued.grant.app != c.app || issued.grant.revoked || c.now.Unix() >= issued.expires {
		// The code is known for an expired refresh token, from an FAQ's title;
		// that an unknown or a revoked one answers alike is our reading.
		return fail(codeRefreshToken, "'refresh_token' is unknown or expired")
	}
	if rotation := a.config.rotation; rotation != rotationOff {
		if rotation == rotationStrict {
			delete(a.refreshes.byValue, refresh)
		}
		refresh = a.issueRefresh(issued.grant, c.now)
	}
	c.json(data(a, a.issueAccess(issued.grant, c.now), refresh))
	return nil
}
