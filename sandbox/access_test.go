package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

type user struct {
	OpenID string `json:"open_id"`
	Kind   string
	Name   string
	Region string
	Cipher string `json:"category_asset_cipher"`
	Shops  []sandbox.Shop
}

// users returns the users of a kind.
func (w *world) users(t *testing.T, kind string) []user {
	t.Helper()
	var all struct{ Users []user }
	w.control(t, "GET", "users", "", &all)
	return slices.DeleteFunc(all.Users, func(u user) bool { return u.Kind != kind })
}

type given struct {
	ID           string
	User         string
	Scopes       []string
	Shops        []string
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	AuthCode     string `json:"auth_code"`
}

// give lets somebody authorize the app through the control API.
func (w *world) give(t *testing.T, order map[string]any) given {
	t.Helper()
	body, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	var g given
	if status := w.control(t, "POST", "grants", string(body), &g); status != http.StatusCreated {
		t.Fatalf("%s: status %d", body, status)
	}
	return g
}

// as sends a request with another token.
func (w *world) as(t *testing.T, token, method, path, query, body string) *answer {
	t.Helper()
	e := w.request(method, path, query, body)
	e.header.Set("x-tts-access-token", token)
	return w.send(t, e)
}

// Two sellers authorize one app: each token opens the shops of its own seller
// only.
func TestSellersAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sellers := w.users(t, "seller")
	if len(sellers) < 2 || len(sellers[0].Shops) != 4 || len(sellers[1].Shops) != 1 {
		t.Fatalf("sellers: %+v", sellers)
	}
	g := w.give(t, map[string]any{"user": sellers[1].Name})
	var shops struct{ Shops []sandbox.Shop }
	w.as(t, g.AccessToken, "GET", "/authorization/202309/shops", "", "").into(t, &shops)
	if !slices.Equal(shops.Shops, sellers[1].Shops) {
		t.Errorf("the second seller's token shows %v", shops.Shops)
	}
	mine, foreign := sellers[1].Shops[0].Cipher, sellers[0].Shops[0].Cipher
	if a := w.as(t, g.AccessToken, "POST", searchPath, "page_size=1&shop_cipher="+mine, ""); a.Code != 0 {
		t.Errorf("own shop: code %d: %s", a.Code, a.Message)
	}
	if a := w.as(t, g.AccessToken, "POST", searchPath, "page_size=1&shop_cipher="+foreign, ""); a.Code != identity {
		t.Errorf("foreign shop: code %d", a.Code)
	}
	if a := w.as(t, w.credentials.AccessToken, "POST", searchPath, "page_size=1&shop_cipher="+mine, ""); a.Code != identity {
		t.Errorf("the other way round: code %d", a.Code)
	}
}

// Codes and tokens of one app are nothing to another one.
func TestAppsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) {
		c.Apps = []sandbox.App{{Key: "second", Secret: "second-secret", RedirectURL: "http://127.0.0.1:1/second"}}
	})
	var added sandbox.App
	if status := w.control(t, "POST", "apps", `{"app_key":"third","app_secret":"third-secret","scopes":["seller.order.info"]}`, &added); status != http.StatusCreated || added.ServiceID == "" {
		t.Fatalf("status %d, %+v", status, added)
	}
	if status := w.control(t, "POST", "apps", `{"app_key":"third","app_secret":"x"}`, nil); status != http.StatusConflict {
		t.Errorf("a second third app: status %d", status)
	}
	if status := w.control(t, "POST", "apps", `{"app_key":"fourth"}`, nil); status != http.StatusBadRequest {
		t.Errorf("an app without a secret: status %d", status)
	}
	g := w.give(t, map[string]any{"app_key": "second"})
	if w.works(t, g.AccessToken) {
		t.Error("the first app works with the token of the second")
	}
	if a := w.exchange(t, g.AuthCode); a.Code != 36004004 {
		t.Errorf("the first app's exchange: code %d", a.Code)
	}
	if a := w.refresh(t, g.RefreshToken); a.Code != 36004001 {
		t.Errorf("the first app's refresh: code %d", a.Code)
	}
	var got tokens // the code is still good for its own app
	w.token(t, "get", url.Values{"app_key": {"second"}, "app_secret": {"second-secret"}, "auth_code": {g.AuthCode}, "grant_type": {"authorized_code"}}).into(t, &got)
	e := w.request("GET", "/authorization/202309/shops", "app_key=second", "")
	e.query.Set("app_key", "second")
	e.secret = "second-secret"
	e.header.Set("x-tts-access-token", got.AccessToken)
	if a := w.send(t, e); a.Code != 0 {
		t.Errorf("the second app: code %d: %s", a.Code, a.Message)
	}
	if g := w.give(t, map[string]any{"app_key": "third"}); !slices.Equal(g.Scopes, []string{"seller.order.info"}) {
		t.Errorf("an app with one scope got %v", g.Scopes)
	}
	if u := w.redirect(t, "/open/authorize?service_id="+added.ServiceID+"&approve=true"); u.Query().Get("app_key") != "third" {
		t.Errorf("the third app's link leads to %s", u)
	}
}

// The user decides about scopes, on the page and for scripts.
func TestScopesAreCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := "/open/authorize?service_id=" + w.credentials.ServiceID
	for _, choice := range []string{
		"&approve=true&scopes=seller.order.info,seller.shop.info",
		"&approve=true&chosen=true&scope=seller.order.info&scope=seller.shop.info",
	} {
		var got tokens
		w.exchange(t, w.redirect(t, link+choice).Query().Get("code")).into(t, &got)
		if !slices.Equal(got.GrantedScopes, []string{"seller.order.info", "seller.shop.info"}) {
			t.Errorf("%s: granted %v", choice, got.GrantedScopes)
		}
		query := "page_size=1&shop_cipher=" + w.shop("US").Cipher
		if a := w.as(t, got.AccessToken, "POST", searchPath, query, ""); a.Code != 0 {
			t.Errorf("orders: code %d: %s", a.Code, a.Message)
		}
		if a := w.as(t, got.AccessToken, "GET", "/authorization/202309/shops", "", ""); a.Code != scopeMissing {
			t.Errorf("shops: code %d", a.Code)
		}
	}
	for _, choice := range []string{"&approve=true&chosen=true", "&approve=true&scopes=seller.nothing", "&approve=true&user=nobody"} {
		if status, _ := w.get(link + choice); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", choice, status)
		}
	}
	if status := w.control(t, "POST", "grants", `{"scopes":["creator.nothing"]}`, nil); status != http.StatusBadRequest {
		t.Errorf("an unknown scope: status %d", status)
	}
}

// A revoked grant ends all tokens, and a new one is a new beginning.
func TestRevoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seller := w.users(t, "seller")[1]
	g := w.give(t, map[string]any{"user": seller.OpenID})
	if !w.works(t, g.AccessToken) {
		t.Fatal("the token does not work")
	}
	if status := w.control(t, "DELETE", "grants/"+g.ID, "", nil); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if status := w.control(t, "DELETE", "grants/"+g.ID, "", nil); status != http.StatusNotFound {
		t.Errorf("revoked again: status %d", status)
	}
	if a := w.as(t, g.AccessToken, "GET", "/authorization/202309/shops", "", ""); a.Code != 105001 || a.status != http.StatusUnauthorized {
		t.Errorf("status %d, code %d", a.status, a.Code)
	}
	if a := w.refresh(t, g.RefreshToken); a.Code != 36004001 {
		t.Errorf("refresh: code %d", a.Code)
	}
	if a := w.exchange(t, g.AuthCode); a.Code != 36004004 {
		t.Errorf("exchange: code %d", a.Code)
	}
	if again := w.give(t, map[string]any{"user": seller.OpenID}); again.ID == g.ID || !w.works(t, again.AccessToken) || w.works(t, g.AccessToken) {
		t.Error("the new grant does not stand apart from the revoked one")
	}
	var first struct {
		Grants []struct{ ID string }
	}
	w.control(t, "GET", "grants", "", &first)
	w.control(t, "DELETE", "grants/"+first.Grants[0].ID, "", nil)
	if w.works(t, w.credentials.AccessToken) || !w.works(t, w.Credentials().AccessToken) {
		t.Error("the standing credentials do not survive a revocation")
	}
}

// Partners come by the sellers' link, creators by their own.
func TestUsersOfLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	partner, creators := w.users(t, "partner")[0], w.users(t, "creator")
	var got tokens
	link := "/open/authorize?service_id=" + w.credentials.ServiceID
	w.exchange(t, w.redirect(t, link+"&approve=true&user="+url.QueryEscape(partner.OpenID)).Query().Get("code")).into(t, &got)
	if got.UserType != 3 || got.OpenID != partner.OpenID {
		t.Errorf("partner: %+v", got)
	}
	campaigns := "page_size=10&type=MY_CAMPAIGNS&category_asset_cipher="
	if a := w.as(t, got.AccessToken, "GET", "/affiliate_partner/202405/campaigns", campaigns+partner.Cipher, ""); a.Code != 0 {
		t.Errorf("campaigns: code %d: %s", a.Code, a.Message)
	}
	if a := w.as(t, got.AccessToken, "GET", "/affiliate_partner/202405/campaigns", campaigns+w.credentials.CategoryAssetCipher, ""); a.Code != identity {
		t.Errorf("campaigns of another one: code %d", a.Code)
	}
	if a := w.as(t, got.AccessToken, "GET", "/affiliate_partner/202405/campaigns", "page_size=10&type=MY_CAMPAIGNS", ""); a.Code != invalid || !strings.Contains(a.Message, "category_asset_cipher") {
		t.Errorf("campaigns of nobody: code %d: %s", a.Code, a.Message)
	}
	w.exchange(t, w.redirect(t, "/alliance/creator/auth?app_key="+w.credentials.AppKey+"&state=s&approve=true&user="+creators[1].Name).Query().Get("code")).into(t, &got)
	if got.UserType != 1 || got.SellerBaseRegion != creators[1].Region {
		t.Errorf("creator: %+v", got)
	}
	if status, _ := w.get(link + "&user=" + creators[0].OpenID); status != http.StatusBadRequest {
		t.Errorf("a creator on the sellers' link: status %d", status)
	}
	_, page := w.get(link)
	for _, want := range []string{w.users(t, "seller")[1].Name, partner.Name, `type="checkbox" name="scope" value="seller.order.info" checked`} {
		if !strings.Contains(page, strings.ReplaceAll(want, "&", "&amp;")) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// An app that gives a shop up loses that shop at once and is told so; with the
// last shop it loses the grant.
func TestDeauthorizeShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seller := w.users(t, "seller")[0]
	r := newReceiver(t, w)
	w.listenAt(t, r, "", "6")
	listed := func(on *world) int {
		var got struct{ Shops []sandbox.Shop }
		on.call(t, "", "GET", "/authorization/202309/shops", "", "").into(t, &got)
		return len(got.Shops)
	}
	remaining := len(seller.Shops)
	for _, shop := range seller.Shops[:remaining-1] {
		w.call(t, shop.Region, "DELETE", "/authorization/202403/shops", "", "").into(t, &struct{}{})
		remaining--
		if got := r.next(t); !got.genuine || got.ShopID != shop.ID || got.Type != 6 {
			t.Errorf("told: %+v", got)
		}
		if got := listed(w); got != remaining {
			t.Errorf("%d shops are left, want %d", got, remaining)
		}
		if a := w.call(t, shop.Region, "POST", "/order/202309/orders/search", "page_size=1", "{}"); a.Code != identity {
			t.Errorf("orders of %s: code %d: %s", shop.Region, a.Code, a.Message)
		}
		w.steer(t, "POST", "webhooks/trigger", `{"type":1,"shop_id":"`+shop.ID+`"}`, http.StatusBadRequest)
	}

	restored := newWorld(t)
	restored.steer(t, "PUT", "snapshot", string(w.steer(t, "GET", "snapshot", "", http.StatusOK)), http.StatusOK)
	if got := listed(restored); got != 1 {
		t.Errorf("%d shops are left after a restore, want 1", got)
	}

	last := seller.Shops[len(seller.Shops)-1]
	w.call(t, last.Region, "DELETE", "/authorization/202403/shops", "", "").into(t, &struct{}{})
	if w.works(t, w.credentials.AccessToken) {
		t.Error("the grant outlives its last shop")
	}
	if again := w.give(t, nil); len(again.Shops) != len(seller.Shops) || !w.works(t, again.AccessToken) {
		t.Errorf("authorized again: %+v", again)
	}
}
