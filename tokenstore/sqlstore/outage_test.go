package sqlstore_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// proxy stands between a store and its database, and can be shut.
type proxy struct {
	target string
	shut   atomic.Bool
	asked  atomic.Int64 // connections that found it shut
	mu     sync.Mutex
	conns  map[net.Conn]bool
}

// newProxy returns a proxy for a connection URL, and the URL that leads
// through it.
func newProxy(t *testing.T, connection string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(connection)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{target: net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "5432")), conns: map[net.Conn]bool{}}
	t.Cleanup(func() { listener.Close(); p.cut() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(conn)
		}
	}()
	u.Host = listener.Addr().String()
	return p, u.String()
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	if p.shut.Load() {
		p.asked.Add(1)
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	p.mu.Lock()
	p.conns[client] = true
	p.mu.Unlock()
	go func() { io.Copy(server, client); server.Close() }()
	io.Copy(client, server)
	p.mu.Lock()
	delete(p.conns, client)
	p.mu.Unlock()
}

// cut ends all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		conn.Close()
	}
}

// sellers is a platform of many sellers that ends a refresh token at its use.
type sellers struct {
	clock     func() time.Time
	mu        sync.Mutex
	serial    int
	refresh   map[string]string // open id by refresh token
	refreshes map[string]int
	calls     int
}

func (s *sellers) issue(openID string) ttshop.Token {
	s.serial++
	token := ttshop.Token{
		AccessToken: ttshop.Secret(fmt.Sprintf("planted-access-%d", s.serial)), AccessTokenExpiresAt: s.clock().Add(7 * 24 * time.Hour),
		RefreshToken: ttshop.Secret(fmt.Sprintf("planted-refresh-%d", s.serial)), OpenID: openID, UserType: ttshop.UserCreator,
	}
	s.refresh[token.RefreshToken.Reveal()] = openID
	return token
}

func (s *sellers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, code := map[string]any{}, 0
	if r.URL.Path == "/api/v2/token/refresh" {
		spent := r.URL.Query().Get("refresh_token")
		if openID, ok := s.refresh[spent]; ok {
			delete(s.refresh, spent)
			s.refreshes[openID]++
			token := s.issue(openID)
			data["access_token"], data["access_token_expire_in"] = token.AccessToken.Reveal(), token.AccessTokenExpiresAt.Unix()
			data["refresh_token"], data["open_id"] = token.RefreshToken.Reveal(), openID
		} else {
			code = 36004001
		}
	} else {
		s.calls++
	}
	json.NewEncoder(w).Encode(map[string]any{"code": code, "message": "m", "data": data})
}

// refreshed returns how many sellers' tokens were refreshed, and how often in
// all.
func (s *sellers) refreshed() (sellers, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.refreshes {
		times += n
	}
	return len(s.refreshes), times
}

// TestPostgresGoesAway: the database goes away when all tokens are due, while
// two processes make calls, and comes back.
func TestPostgresGoesAway(t *testing.T) {
	t.Parallel()
	const grants, patience = 20, 2 * time.Minute
	var ahead atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	platform := &sellers{clock: clock, refresh: map[string]string{}, refreshes: map[string]int{}}
	server := httptest.NewServer(platform)
	t.Cleanup(server.Close)
	p, connection := newProxy(t, newPostgres(t))
	keys := newKeys(t)
	app := &oauth.App{Key: "app", Secret: "planted-secret", Endpoint: server.URL}
	var clients []*ttshop.Client
	for range 2 {
		store := openStore(t, connection, keys)
		fleet := tokenstore.NewFleet(app, store, tokenstore.FleetConfig{Now: clock, ClientOptions: []ttshop.Option{ttshop.WithEndpoint(server.URL)}})
		t.Cleanup(func() {
			if err := fleet.Close(context.Background()); err != nil {
				t.Error(err)
			}
			store.Close()
		})
		for i := range grants {
			openID := fmt.Sprint("user", i)
			if len(clients) < grants {
				platform.mu.Lock()
				token := platform.issue(openID)
				platform.mu.Unlock()
				if _, err := fleet.Add(t.Context(), token); err != nil {
					t.Fatal(err)
				}
			}
			client, err := fleet.Client(t.Context(), fleet.Key(openID))
			if err != nil {
				t.Fatal(err)
			}
			clients = append(clients, client)
		}
	}
	round := func() {
		t.Helper()
		var wg sync.WaitGroup
		for _, client := range clients {
			wg.Go(func() {
				if _, err := client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			t.FailNow()
		}
	}
	round()

	p.shut.Store(true)
	p.cut()
	ahead.Store(int64(6 * 24 * time.Hour)) // due, and good for another day
	began := time.Now()
	for p.asked.Load() < int64(len(clients)) || time.Since(began) < 3*time.Second {
		round()
	}
	away, asked := time.Since(began), p.asked.Load()
	if n, _ := platform.refreshed(); n != 0 {
		t.Errorf("%d refreshes without a database", n)
	}
	// Each source tries after 1, 2, 4 seconds, less at random; database/sql may
	// take three connections for one try.
	if most := int64(len(clients)) * 5 * 3; asked > most {
		t.Errorf("%d connections to a database that was away for %v, want %d at most", asked, away, most)
	}

	p.shut.Store(false)
	back := time.Now()
	for {
		round()
		if n, _ := platform.refreshed(); n == grants {
			break
		}
		if time.Since(back) > patience {
			t.Fatal("not all tokens are refreshed")
		}
	}
	took := time.Since(back)
	round()
	if _, times := platform.refreshed(); times != grants {
		t.Errorf("%d refreshes of %d grants", times, grants)
	}
	t.Logf("away for %v: %d calls went on, %d connections were tried; back: %d refreshes within %v, one per grant",
		away.Round(time.Millisecond), platform.calls, asked, grants, took.Round(time.Millisecond))
}
