package tokenstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

const (
	appKey    = "k"
	appSecret = "planted-app-secret"
	week      = 7 * 24 * time.Hour
)

// platform is the authorization host and the API without a network. A refresh
// ends the previous refresh token and access token.
type platform struct {
	mu        sync.Mutex
	shops     map[string][]tokenstore.Shop // by open id
	serial    int
	access    map[string]string // open id by access token
	refresh   map[string]string // open id by refresh token
	ends      map[string]time.Time
	refreshes map[string]int  // by open id
	revoked   map[string]bool // access tokens that deauthorize ended
	down      bool
	calls     int
	refused   int // calls with a token that was ended
}

func newPlatform() *platform {
	return &platform{
		shops: map[string][]tokenstore.Shop{}, access: map[string]string{}, refresh: map[string]string{},
		ends: map[string]time.Time{}, refreshes: map[string]int{}, revoked: map[string]bool{},
	}
}

// grant has a seller with some shops authorize the app.
func (p *platform) grant(openID string, shops int) ttshop.Token {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shops[openID] = nil
	for i := range shops {
		id := fmt.Sprintf("%s-%d", openID, i)
		p.shops[openID] = append(p.shops[openID], tokenstore.Shop{ID: "id-" + id, Cipher: "cipher-" + id, Code: "code-" + id, Name: id, Region: "GB", SellerType: "LOCAL"})
	}
	return p.issue(openID)
}

func (p *platform) issue(openID string) ttshop.Token {
	p.serial++
	access, refresh := fmt.Sprintf("planted-access-%s-%d", openID, p.serial), fmt.Sprintf("planted-refresh-%s-%d", openID, p.serial)
	maps.DeleteFunc(p.access, func(_, owner string) bool { return owner == openID })
	maps.DeleteFunc(p.refresh, func(_, owner string) bool { return owner == openID })
	p.access[access], p.refresh[refresh] = openID, openID
	token := ttshop.Token{
		AccessToken: ttshop.Secret(access), AccessTokenExpiresAt: time.Now().Add(week), RefreshToken: ttshop.Secret(refresh),
		OpenID: openID, SellerName: "Seller " + openID, RefreshTokenExpiresAt: p.ends[openID],
	}
	return token
}

// revoke ends a seller's authorization.
func (p *platform) revoke(openID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.refresh, func(_, owner string) bool { return owner == openID })
}

// deauthorize has a seller take the app's authorization back: both tokens end.
func (p *platform) deauthorize(openID string) {
	p.revoke(openID)
	p.mu.Lock()
	defer p.mu.Unlock()
	for token, owner := range p.access {
		p.revoked[token] = owner == openID
	}
}

func (p *platform) count(openID string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refreshes[openID]
}

func (p *platform) total() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, count := range p.refreshes {
		n += count
	}
	return n
}

// RoundTrip answers a request.
func (p *platform) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body.Close()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if p.down {
		return nil, errors.New("connection refused")
	}
	data, code := p.answer(r)
	body, err := json.Marshal(map[string]any{"code": code, "message": "m", "request_id": "r", "data": data})
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(body))), Request: r, ContentLength: int64(len(body))}, nil
}

func (p *platform) answer(r *http.Request) (data any, code int) {
	query := r.URL.Query()
	if r.URL.Path == "/api/v2/token/refresh" {
		owner, ok := p.refresh[query.Get("refresh_token")]
		if query.Get("app_secret") != appSecret {
			return nil, 98001004
		}
		if !ok {
			return nil, 36004001
		}
		p.refreshes[owner]++
		t := p.issue(owner)
		return map[string]any{
			"access_token": t.AccessToken.Reveal(), "access_token_expire_in": t.AccessTokenExpiresAt.Unix(),
			"refresh_token": t.RefreshToken.Reveal(), "refresh_token_expire_in": ttshop.TimeOf(t.RefreshTokenExpiresAt), "open_id": owner,
		}, 0
	}
	if p.revoked[r.Header.Get("X-Tts-Access-Token")] {
		return nil, 105001
	}
	owner, ok := p.access[r.Header.Get("X-Tts-Access-Token")]
	if !ok {
		p.refused++
		return nil, 105002
	}
	if r.URL.Path == "/authorization/202309/shops" {
		return map[string]any{"shops": p.shops[owner]}, 0
	}
	cipher := query.Get("shop_cipher")
	if !slices.ContainsFunc(p.shops[owner], func(s tokenstore.Shop) bool { return s.Cipher == cipher }) {
		return nil, 101000
	}
	return map[string]any{"cipher": cipher}, 0
}

// fleet returns a fleet of the platform over a store, closed after the test.
func (p *platform) fleet(t testing.TB, store tokenstore.Store, config tokenstore.FleetConfig) *tokenstore.Fleet {
	t.Helper()
	app := &oauth.App{Key: appKey, Secret: appSecret, HTTPClient: &http.Client{Transport: p}, Logger: config.Logger}
	config.ClientOptions = append(config.ClientOptions, ttshop.WithHTTPClient(&http.Client{Transport: p}))
	if config.Logger != nil {
		config.ClientOptions = append(config.ClientOptions, ttshop.WithLogger(config.Logger))
	}
	f := tokenstore.NewFleet(app, store, config)
	t.Cleanup(func() {
		if err := f.Close(context.Background()); err != nil {
			t.Errorf("close fleet: %v", err)
		}
	})
	return f
}

// add puts grants of one shop each into a fleet.
func (p *platform) add(t testing.TB, f *tokenstore.Fleet, openIDs ...string) {
	t.Helper()
	for _, id := range openIDs {
		if _, err := f.Add(t.Context(), p.grant(id, 1)); err != nil {
			t.Fatal(err)
		}
	}
}

// call makes a call for a shop and checks that it carries the right token and
// cipher.
func call(ctx context.Context, f *tokenstore.Fleet, ref string) error {
	client, err := f.Shop(ctx, ref)
	if err != nil {
		return err
	}
	response, err := client.Call(ctx, "POST", "/order/202309/orders/search", nil, nil)
	if err != nil {
		return err
	}
	var data struct {
		Cipher string `json:"cipher"`
	}
	if err := response.Decode(&data); err != nil {
		return err
	}
	_, want, _ := strings.Cut(ref, "-")
	if data.Cipher != "cipher-"+want {
		return fmt.Errorf("shop %s was called by %s", ref, data.Cipher)
	}
	return nil
}

// wobblyStore is a store that can be made to fail.
type wobblyStore struct {
	tokenstore.Store
	mu    sync.Mutex
	save  error // what Save fails with
	all   error // what everything fails with
	next  error // what Save fails with once an intent is saved
	calls int
}

// breakAfterIntent makes saves fail after the next intent.
func (s *wobblyStore) breakAfterIntent(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = err
}

func (s *wobblyStore) set(save, all error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.save, s.all, s.next = save, all, nil
}

func (s *wobblyStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

func (s *wobblyStore) fails(saving bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if saving && s.save != nil {
		return s.save
	}
	return s.all
}

func (s *wobblyStore) Load(ctx context.Context, key tokenstore.Key) (tokenstore.Grant, error) {
	if err := s.fails(false); err != nil {
		return tokenstore.Grant{}, err
	}
	return s.Store.Load(ctx, key)
}

func (s *wobblyStore) Save(ctx context.Context, grant tokenstore.Grant) (int64, error) {
	if err := s.fails(true); err != nil {
		return 0, err
	}
	version, err := s.Store.Save(ctx, grant)
	if err == nil && !grant.Intent.IsZero() {
		s.mu.Lock()
		s.save = s.next
		s.mu.Unlock()
	}
	return version, err
}

func (s *wobblyStore) List(ctx context.Context, appKey string) ([]tokenstore.Grant, error) {
	if err := s.fails(false); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, appKey)
}

func (s *wobblyStore) Lock(ctx context.Context, key tokenstore.Key) (context.Context, func(), error) {
	if err := s.fails(false); err != nil {
		return nil, nil, err
	}
	return s.Store.Lock(ctx, key)
}
