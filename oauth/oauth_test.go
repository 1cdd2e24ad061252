package oauth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/internal/testdiff"
	"github.com/ttshop-go/ttshop/oauth"
)

const (
	secret  = "planted-app-secret"
	code    = "planted-auth-code"
	refresh = "planted-refresh-token"
)

func authHost(t *testing.T, status int, answer string, seen func(*http.Request)) *oauth.App {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if seen != nil {
			seen(r)
		}
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return &oauth.App{Key: "k", Secret: secret, ServiceID: "7", Endpoint: server.URL}
}

const granted = `{"code":0,"message":"success","request_id":"r","data":{
	"access_token":"ROW_a","access_token_expire_in":1700600000,"refresh_token":"ROW_r","refresh_token_expire_in":4838400000,
	"open_id":"o1","seller_name":"Shop & Co","seller_base_region":"GB","user_type":0,"granted_scopes":["seller.order.info"],
	"new_field":{"x":1}}}`

func TestExchange(t *testing.T) {
	t.Parallel()
	var query url.Values
	app := authHost(t, 200, granted, func(r *http.Request) {
		query = r.URL.Query()
		if r.Method != "GET" || r.URL.Path != "/api/v2/token/get" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
	})
	got, err := app.Exchange(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if want := "app_key=k&app_secret=" + secret + "&auth_code=" + code + "&grant_type=authorized_code"; query.Encode() != want {
		t.Errorf("query %s, want %s", query.Encode(), want)
	}
	want := ttshop.Token{
		AccessToken: "ROW_a", AccessTokenExpiresAt: time.Unix(1700600000, 0).UTC(),
		RefreshToken: "ROW_r", RefreshTokenExpiresAt: time.Unix(4838400000, 0).UTC(),
		OpenID: "o1", SellerName: "Shop & Co", SellerBaseRegion: "GB", UserType: ttshop.UserSeller,
		GrantedScopes: []string{"seller.order.info"}, Extra: map[string]json.RawMessage{"new_field": json.RawMessage(`{"x":1}`)},
	}
	if diff := testdiff.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A recorded answer of the platform is read whole: its refresh token ends in 2125.
func TestExchangeAsRecorded(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../sandbox/testdata/platform/answers/token.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct{ Data json.RawMessage }
	if err := json.Unmarshal(raw, &recorded); err != nil {
		t.Fatal(err)
	}
	got, err := authHost(t, 200, `{"code":0,"message":"success","data":`+string(recorded.Data)+`}`, nil).Exchange(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	want := ttshop.Token{
		AccessToken: "GCP_x", AccessTokenExpiresAt: time.Unix(1782408746, 0).UTC(),
		RefreshToken: "GCP_x", RefreshTokenExpiresAt: time.Unix(4903858076, 0).UTC(),
		OpenID: "x", SellerName: "t", SellerBaseRegion: "FR", UserType: ttshop.UserSeller, GrantedScopes: []string{"seller.order.info"},
	}
	if diff := testdiff.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	var query url.Values
	app := authHost(t, 200, `{"code":0,"message":"success","data":{"access_token":"ROW_b","access_token_expire_in":"1700600000"}}`, func(r *http.Request) {
		query = r.URL.Query()
		if r.URL.Path != "/api/v2/token/refresh" {
			t.Errorf("path %s", r.URL.Path)
		}
	})
	got, err := app.Refresh(t.Context(), refresh)
	if err != nil {
		t.Fatal(err)
	}
	if want := "app_key=k&app_secret=" + secret + "&grant_type=refresh_token&refresh_token=" + refresh; query.Encode() != want {
		t.Errorf("query %s, want %s", query.Encode(), want)
	}
	if got.AccessToken != "ROW_b" || got.RefreshToken != refresh || got.AccessTokenExpiresAt.Unix() != 1700600000 || !got.RefreshTokenExpiresAt.IsZero() || got.Extra != nil {
		t.Errorf("an answer without refresh token keeps the old one; got %#v", got)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		answer string
		class  error
		want   string
	}{
		{"used code", 200, `{"code":36004004,"message":"auth code ` + code + ` is invalid","request_id":"r"}`, ttshop.ErrUnauthorized, "send the user through the authorization link again"},
		{"ended refresh token", 200, `{"code":36004001,"message":"rt expired"}`, ttshop.ErrUnauthorized, "authorize the app again"},
		{"wrong secret", 400, `{"code":98001004,"message":"app_secret ` + secret + ` is wrong"}`, ttshop.ErrInvalidRequest, "[secret]"},
		{"down", 503, `<html>`, ttshop.ErrUnavailable, "HTTP 503"},
		{"no token in it", 200, `{"code":0,"message":"success","data":{}}`, ttshop.ErrOutcomeUnknown, "holds no access token"},
		{"a page", 200, `<html>`, ttshop.ErrOutcomeUnknown, "not the platform's JSON"},
		{"redirect", 302, ``, nil, "HTTP 302"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			app := authHost(t, tt.status, tt.answer, nil)
			app.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			_, err := app.Exchange(t.Context(), code)
			if err == nil || tt.class != nil && !errors.Is(err, tt.class) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want class %v and %q", err, tt.class, tt.want)
			}
			shown := fmt.Sprintf("%v %+v %#v %v %+v %#v", err, err, err, app, app, app) + log.String()
			for _, s := range []string{secret, code} {
				if strings.Contains(shown, s) {
					t.Errorf("%q is shown in %s", s, shown)
				}
			}
		})
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, fetch := range map[string]func(*oauth.App) error{
		"exchange": func(a *oauth.App) error { _, err := a.Exchange(ctx, code); return err },
		"refresh":  func(a *oauth.App) error { _, err := a.Refresh(ctx, refresh); return err },
	} {
		err := fetch(authHost(t, 200, granted, nil))
		if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	err := (func() error {
		_, err := (&oauth.App{Key: "k", Secret: secret, Endpoint: "http://127.0.0.1:1"}).Exchange(t.Context(), code)
		return err
	})()
	if !errors.Is(err, ttshop.ErrUnavailable) || strings.Contains(err.Error(), secret) {
		t.Errorf("no connection: error %v", err)
	}
}

func TestEmptyInput(t *testing.T) {
	t.Parallel()
	app := &oauth.App{Key: "k", Secret: secret}
	if _, err := app.Exchange(t.Context(), ""); !errors.Is(err, ttshop.ErrInvalidRequest) {
		t.Errorf("empty code: error %v", err)
	}
	if _, err := app.Refresh(t.Context(), ""); !errors.Is(err, ttshop.ErrInvalidRequest) {
		t.Errorf("empty refresh token: error %v", err)
	}
	if _, err := (&oauth.App{Key: "k"}).Exchange(t.Context(), code); !errors.Is(err, ttshop.ErrInvalidRequest) {
		t.Errorf("empty secret: error %v", err)
	}
}

func TestAuthorizeURL(t *testing.T) {
	t.Parallel()
	app := &oauth.App{Key: "k", ServiceID: "7"}
	for audience, want := range map[oauth.Audience]string{
		oauth.Seller:       "https://services.tiktokshop.com/open/authorize?service_id=7&state=s+1",
		oauth.SellerUS:     "https://services.us.tiktokshop.com/open/authorize?service_id=7&state=s+1",
		oauth.Creator:      "https://shop.tiktok.com/alliance/creator/auth?app_key=k&state=s+1",
		oauth.Partner:      "https://partner.tiktokshop.com/open/authorize?service_id=7&state=s+1",
		oauth.PartnerUS:    "https://partner.us.tiktokshop.com/open/authorize?service_id=7&state=s+1",
		oauth.SellerLegacy: "https://auth.tiktok-shops.com/oauth/authorize?app_key=k&state=s+1",
	} {
		if got, err := app.AuthorizeURL(audience, "s 1"); got != want || err != nil {
			t.Errorf("audience %d: %s, %v; want %s", audience, got, err, want)
		}
	}
	local := &oauth.App{ServiceID: "7", Endpoint: "http://127.0.0.1:9"}
	if got, err := local.AuthorizeURL(oauth.Seller, "s"); got != "http://127.0.0.1:9/open/authorize?service_id=7&state=s" || err != nil {
		t.Errorf("with an endpoint: %s, %v", got, err)
	}
	if got, err := local.AuthorizeURL(oauth.Seller, "s", oauth.RedirectTo("https://h/cb?x=1")); got != "http://127.0.0.1:9/open/authorize?redirect_uri=https%3A%2F%2Fh%2Fcb%3Fx%3D1&service_id=7&state=s" || err != nil {
		t.Errorf("with a redirect: %s, %v", got, err)
	}
	for want, f := range map[string]func() (string, error){
		"is not a valid address":  func() (string, error) { return app.AuthorizeURL(oauth.Seller, "s", oauth.RedirectTo("/cb")) },
		"the state is empty":      func() (string, error) { return app.AuthorizeURL(oauth.Seller, "") },
		"the service id is empty": func() (string, error) { return (&oauth.App{Key: "k"}).AuthorizeURL(oauth.Seller, "s") },
		"the app key is empty":    func() (string, error) { return (&oauth.App{ServiceID: "7"}).AuthorizeURL(oauth.Creator, "s") },
		"99 is not an audience":   func() (string, error) { return app.AuthorizeURL(99, "s") },
	} {
		if _, err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestNewState(t *testing.T) {
	t.Parallel()
	if a, b := oauth.NewState(), oauth.NewState(); a == b || len(a) < 26 {
		t.Errorf("states %q and %q", a, b)
	}
}

func TestParseCallback(t *testing.T) {
	t.Parallel()
	const state = "s1"
	tests := []struct {
		name, url string
		want      oauth.Callback
		err       error
		text      string
	}{
		{"observed", "https://example.com/cb?app_key=k&code=ROW_c&locale=en&shop_region=GB&state=s1", oauth.Callback{Code: "ROW_c", AppKey: "k", ShopRegion: "GB", Locale: "en", State: state}, nil, ""},
		{"documented", "https://example.com/cb?code=ROW_c&state=s1", oauth.Callback{Code: "ROW_c", State: state}, nil, ""},
		{"declined", "https://example.com/cb?code=null&error=auth_denied", oauth.Callback{}, oauth.ErrDenied, ""},
		{"other error", "https://example.com/cb?code=null&error=server_error&state=s1", oauth.Callback{}, nil, `"server_error"`},
		{"forged", "https://example.com/cb?code=ROW_c&state=other", oauth.Callback{}, oauth.ErrState, ""},
		{"no state", "https://example.com/cb?code=ROW_c", oauth.Callback{}, oauth.ErrState, ""},
		{"null code", "https://example.com/cb?code=null&state=s1", oauth.Callback{}, nil, "no auth code"},
		{"no code", "https://example.com/cb?state=s1", oauth.Callback{}, nil, "no auth code"},
		{"no URL", "http://[::1", oauth.Callback{}, nil, "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := oauth.ParseCallbackURL(tt.url, state)
			if got != tt.want {
				t.Errorf("got %#v", got)
			}
			switch failed := tt.err != nil || tt.text != ""; {
			case failed != (err != nil), tt.err != nil && !errors.Is(err, tt.err):
				t.Errorf("error %v, want %v %s", err, tt.err, tt.text)
			case err != nil && (!strings.Contains(err.Error(), tt.text) || strings.Contains(err.Error(), "ROW_c")):
				t.Errorf("error %v, want %q and no code", err, tt.text)
			}
		})
	}
	if _, err := oauth.ParseCallback(url.Values{"code": {"c"}, "state": {""}}, ""); err == nil {
		t.Error("an empty expected state accepts any callback")
	}
	if shown := fmt.Sprintf("%v %+v %#v", oauth.Callback{Code: code}, oauth.Callback{Code: code}, oauth.Callback{Code: code}); strings.Contains(shown, code) {
		t.Errorf("the code is shown in %s", shown)
	}
}

func FuzzParseCallbackURL(f *testing.F) {
	f.Add("https://example.com/cb?app_key=k&code=ROW_c&locale=en&shop_region=GB&state=s1")
	f.Add("https://example.com/cb?code=null&error=auth_denied")
	f.Fuzz(func(t *testing.T, redirectURL string) {
		c, err := oauth.ParseCallbackURL(redirectURL, "s1")
		if err == nil && (c.State != "s1" || c.Code == "" || c.Code == "null") {
			t.Errorf("accepted %#v", c)
		}
	})
}
