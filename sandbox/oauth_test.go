package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// tokens is the data of the token endpoints.
type tokens struct {
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

// token calls a token endpoint; the app's credentials are filled in where
// they are missing.
func (w *world) token(t testing.TB, operation string, query url.Values) *answer {
	t.Helper()
	if !query.Has("app_key") {
		query.Set("app_key", w.credentials.AppKey)
	}
	if !query.Has("app_secret") {
		query.Set("app_secret", w.credentials.AppSecret)
	}
	return w.serve(t, httptest.NewRequest("GET", "http://auth.tiktok-shops.com/api/v2/token/"+operation+"?"+query.Encode(), nil))
}

func (w *world) exchange(t testing.TB, code string) *answer {
	t.Helper()
	return w.token(t, "get", url.Values{"auth_code": {code}, "grant_type": {"authorized_code"}})
}

func (w *world) refresh(t testing.TB, token string) *answer {
	t.Helper()
	return w.token(t, "refresh", url.Values{"refresh_token": {token}, "grant_type": {"refresh_token"}})
}

// works reports whether an access token opens an operation.
func (w *world) works(t testing.TB, accessToken string) bool {
	t.Helper()
	e := w.request("GET", "/authorization/202309/shops", "", "")
	e.header.Set("x-tts-access-token", accessToken)
	return w.send(t, e).Code == 0
}

func TestTokenExchange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.exchange(t, w.credentials.AuthCode)
	if a.Message != "success" {
		t.Errorf("message %q", a.Message)
	}
	var got tokens
	a.into(t, &got)
	if want := start.Add(7 * 24 * time.Hour).Unix(); got.AccessTokenExpireIn != want {
		t.Errorf("access token expires at %d, want %d", got.AccessTokenExpireIn, want)
	}
	if want := start.Unix() + 3_122_000_000; got.RefreshTokenExpireIn != want { // in the year 2125
		t.Errorf("refresh token expires at %d, want %d", got.RefreshTokenExpireIn, want)
	}
	if got.RefreshTokenExpireIn <= got.AccessTokenExpireIn || got.OpenID == "" || got.SellerName == "" || got.UserType != 0 {
		t.Errorf("tokens %+v", got)
	}
	if !slices.Contains(got.GrantedScopes, "seller.order.info") || len(got.GrantedScopes) < 41 {
		t.Errorf("scopes %v", got.GrantedScopes)
	}
	for _, secret := range []string{got.AccessToken, got.RefreshToken, w.credentials.AuthCode} {
		if got.SellerBaseRegion != "US" || !strings.HasPrefix(secret, "TTP_") {
			t.Errorf("region %s, secret without the region's prefix", got.SellerBaseRegion)
		}
	}
	if !w.works(t, got.AccessToken) {
		t.Error("the new token does not work")
	}
}

func TestTokenExchangeRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const badCode, badParameter = 36004004, 98001004
	used := w.Credentials().AuthCode
	w.exchange(t, used).into(t, new(tokens))
	for name, test := range map[string]struct {
		query url.Values
		want  int
	}{
		"used code":        {url.Values{"auth_code": {used}}, badCode},
		"made-up code":     {url.Values{"auth_code": {"TTP_x"}}, badCode},
		"no code":          {url.Values{}, badParameter},
		"wrong key":        {url.Values{"auth_code": {"x"}, "app_key": {"other"}}, badParameter},
		"wrong secret":     {url.Values{"auth_code": {"x"}, "app_secret": {"other"}}, badParameter},
		"wrong grant type": {url.Values{"auth_code": {"x"}, "grant_type": {"refresh_token"}}, badParameter},
	} {
		if !test.query.Has("grant_type") {
			test.query.Set("grant_type", "authorized_code")
		}
		if a := w.token(t, "get", test.query); a.Code != test.want || a.RequestID == "" {
			t.Errorf("%s: code %d, want %d", name, a.Code, test.want)
		}
	}
	a := w.serve(t, httptest.NewRequest("POST", "/api/v2/token/get", strings.NewReader("{}")))
	if a.Code != badMethod || a.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d, code %d", a.status, a.Code)
	}
	if a := w.serve(t, httptest.NewRequest("GET", "/api/v2/token/revoke", nil)); a.Code != unknownPath || a.status != 404 {
		t.Errorf("unknown path: status %d, code %d", a.status, a.Code)
	}
}

func TestAuthCodeExpires(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]int{30*time.Minute - time.Second: 0, 30 * time.Minute: 36004004} {
		clock := newManualClock()
		w := newWorld(t, func(c *sandbox.Config) { c.Now = clock.Now })
		clock.advance(after)
		if a := w.exchange(t, w.credentials.AuthCode); a.Code != want {
			t.Errorf("after %v: code %d, want %d", after, a.Code, want)
		}
	}
}

func TestRefreshRotation(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		rotation       sandbox.Rotation
		same, oldWorks bool
	}{
		{"", false, true},
		{sandbox.RotationLenient, false, true},
		{sandbox.RotationOff, true, true},
		{sandbox.RotationStrict, false, false},
	} {
		t.Run(string("rotation "+test.rotation), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *sandbox.Config) { c.RefreshRotation = test.rotation })
			var first, second tokens
			w.exchange(t, w.credentials.AuthCode).into(t, &first)
			w.refresh(t, first.RefreshToken).into(t, &second)
			if (first.RefreshToken == second.RefreshToken) != test.same {
				t.Errorf("refresh token stays: %t, want %t", !test.same, test.same)
			}
			if second.AccessToken == first.AccessToken || second.OpenID != first.OpenID || second.RefreshTokenExpireIn != first.RefreshTokenExpireIn {
				t.Error("the refresh gives no new access token of the same grant")
			}
			if code := w.refresh(t, first.RefreshToken).Code; (code == 0) != test.oldWorks {
				t.Errorf("the old refresh token answers with code %d", code)
			}
			if code := w.refresh(t, second.RefreshToken).Code; code != 0 {
				t.Errorf("the new refresh token answers with code %d", code)
			}
			if !w.works(t, first.AccessToken) || !w.works(t, second.AccessToken) {
				t.Error("an access token ended before its time")
			}
			if fresh := w.Credentials(); w.refresh(t, fresh.RefreshToken).Code != 0 {
				t.Error("the credentials hold a dead refresh token")
			}
		})
	}
}

func TestRefreshRefusals(t *testing.T) {
	t.Parallel()
	clock := newManualClock()
	w := newWorld(t, func(c *sandbox.Config) { c.Now = clock.Now })
	if a := w.refresh(t, "TTP_unknown"); a.Code != 36004001 {
		t.Errorf("unknown token: code %d", a.Code)
	}
	if a := w.refresh(t, w.credentials.AccessToken); a.Code != 36004001 {
		t.Errorf("access token: code %d", a.Code)
	}
	if a := w.refresh(t, ""); a.Code != 98001004 {
		t.Errorf("no token: code %d", a.Code)
	}
	clock.advance(99 * 365 * 24 * time.Hour)
	if a := w.refresh(t, w.credentials.RefreshToken); a.Code != 36004001 {
		t.Errorf("expired token: code %d", a.Code)
	}
}

func TestRefreshGrantType(t *testing.T) {
	t.Parallel()
	for _, strict := range []bool{false, true} {
		w := newWorld(t, func(c *sandbox.Config) { c.StrictRefreshGrant = strict })
		a := w.token(t, "refresh", url.Values{"refresh_token": {w.credentials.RefreshToken}, "grant_type": {"authorized_code"}})
		if (a.Code == 0) == strict {
			t.Errorf("strict %t: code %d", strict, a.Code)
		}
	}
}

func TestAccessTokenExpires(t *testing.T) {
	t.Parallel()
	clock := newManualClock()
	w := newWorld(t, func(c *sandbox.Config) { c.Now = clock.Now; c.AccessTokenTTL = time.Hour })
	clock.advance(time.Hour - time.Second)
	w.now = clock.Now()
	if !w.works(t, w.credentials.AccessToken) {
		t.Error("expired early")
	}
	clock.advance(time.Second)
	w.now = clock.Now()
	a := w.call(t, "", "GET", "/authorization/202309/shops", "", "")
	if a.Code != tokenExpired || a.status != 401 {
		t.Errorf("status %d, code %d", a.status, a.Code)
	}
	if renewed := w.Credentials(); !w.works(t, renewed.AccessToken) {
		t.Error("the credentials hold an expired token")
	}
}

// redirect opens a page and returns where it leads.
func (w *world) redirect(t testing.TB, target string) *url.URL {
	t.Helper()
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, httptest.NewRequest("GET", target, nil))
	if recorder.Code != http.StatusFound {
		t.Fatalf("%s: status %d: %s", target, recorder.Code, recorder.Body)
	}
	u, err := url.Parse(recorder.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAuthorizeApproved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.RedirectURL = "http://127.0.0.1:9/callback?from=tiktok" })
	for name, target := range map[string]string{
		"seller":  "/open/authorize?service_id=" + w.credentials.ServiceID + "&state=a%26b",
		"legacy":  "/oauth/authorize?app_key=" + w.credentials.AppKey + "&state=a%26b",
		"creator": "/alliance/creator/auth?app_key=" + w.credentials.AppKey + "&state=a%26b",
	} {
		u := w.redirect(t, target+"&approve=true")
		code := u.Query().Get("code")
		want := "from=tiktok&app_key=" + w.credentials.AppKey + "&code=" + code + "&locale=en&shop_region=US&state=a%26b"
		if u.RawQuery != want || u.Path != "/callback" {
			t.Errorf("%s: redirected to %s, want query %s", name, u, want)
		}
		var got tokens
		w.exchange(t, code).into(t, &got)
		if wantType := map[string]int{"creator": 1}[name]; got.UserType != wantType {
			t.Errorf("%s: user type %d", name, got.UserType)
		}
	}
}

func TestAuthorizeDeclined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := w.redirect(t, "/open/authorize?service_id="+w.credentials.ServiceID+"&state=s&approve=false")
	if want := sandbox.DefaultRedirectURL + "?code=null&error=auth_denied&state=s"; u.String() != want {
		t.Errorf("redirected to %s, want %s", u, want)
	}
}

// get opens a page.
func (w *world) get(target string) (status int, page string) {
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, httptest.NewRequest("GET", target, nil))
	return recorder.Code, recorder.Body.String()
}

func TestAuthorizePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	get := w.get
	status, page := get("/open/authorize?service_id=" + w.credentials.ServiceID + `&state=%22%3E%3Cscript%3E`)
	for _, want := range []string{w.credentials.AppKey, "Việt Nam", "seller.order.info", "Allow", "Decline", `name="service_id"`, "&#34;&gt;&lt;script&gt;"} {
		if status != 200 || !strings.Contains(page, want) {
			t.Errorf("status %d, the page lacks %q", status, want)
		}
	}
	if strings.Contains(page, "<script") {
		t.Error("the page holds a script")
	}
	for _, target := range []string{
		"/open/authorize", "/open/authorize?service_id=1", "/oauth/authorize?state=s",
		"/alliance/creator/auth?app_key=" + w.credentials.AppKey,
		"/open/authorize?service_id=" + w.credentials.ServiceID + "&approve=perhaps",
	} {
		if status, page := get(target); status != 400 || !strings.Contains(page, "not possible") {
			t.Errorf("%s: status %d", target, status)
		}
	}
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, httptest.NewRequest("POST", "/open/authorize", nil))
	if recorder.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", recorder.Code)
	}
}

func TestScopesDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.request("GET", "/authorization/202309/shops", "", "")
	e.header.Set("x-tts-access-token", w.creatorToken(t))
	if a := w.send(t, e); a.Code != scopeMissing || a.status != 401 {
		t.Errorf("status %d, code %d", a.status, a.Code)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.credentials
	config := sandbox.Config{AppKey: c.AppKey, AppSecret: c.AppSecret}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(verb+verb, c, config)
		for _, secret := range []string{c.AppSecret, c.AccessToken, c.RefreshToken, c.AuthCode} {
			if strings.Contains(text, secret) {
				t.Errorf("%s prints a secret: %s", verb, text)
			}
		}
	}
}

func TestConfigErrors(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]sandbox.Config{
		"relative redirect": {RedirectURL: "/callback"},
		"unknown rotation":  {RefreshRotation: "sometimes"},
		"negative lifetime": {AccessTokenTTL: -time.Second},
		"negative throttle": {Throttle: new(-1.0)},
	} {
		if _, err := sandbox.New(config); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
