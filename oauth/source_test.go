package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

var _ ttshop.Refresher = (*oauth.Source)(nil)

const week = 7 * 24 * time.Hour

// host is an authorization host without a network.
type host struct {
	mu    sync.Mutex
	life  time.Duration
	took  time.Duration // of one refresh
	fails error         // nil: refreshes succeed
	calls int
	grant time.Duration // from the start to the end of the authorization; 0 for unknown
	start time.Time
}

func (h *host) token(n int) ttshop.Token {
	token := ttshop.Token{
		AccessToken: ttshop.Secret(fmt.Sprintf("planted-access-%d", n)), AccessTokenExpiresAt: time.Now().Add(h.life),
		RefreshToken: ttshop.Secret(fmt.Sprintf("planted-refresh-%d", n)), OpenID: "o1",
	}
	if h.grant > 0 {
		token.RefreshTokenExpiresAt = h.start.Add(h.grant)
	}
	return token
}

func (h *host) renew(ctx context.Context, held ttshop.Token) (oauth.Issued, error) {
	h.mu.Lock()
	h.calls++
	n, took, fails := h.calls, h.took, h.fails
	h.mu.Unlock()
	select {
	case <-time.After(took):
	case <-ctx.Done():
		return oauth.Issued{}, ctx.Err()
	}
	if fails != nil {
		return oauth.Issued{}, fails
	}
	return oauth.Issued{Token: h.token(n), At: time.Now()}, nil
}

func (h *host) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls
}

func (h *host) set(fails error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fails = fails
}

func newHost() *host { return &host{life: week, took: 100 * time.Millisecond, start: time.Now()} }

func (h *host) source(config oauth.SourceConfig) *oauth.Source {
	return oauth.NewSource(oauth.Issued{Token: h.token(0), At: time.Now()}, h.renew, config)
}

func wantToken(t *testing.T, s *oauth.Source, want ttshop.Secret) {
	t.Helper()
	got, err := s.Token(t.Context())
	if err != nil || got.AccessToken != want {
		t.Fatalf("token %q, error %v; want %q", got.AccessToken.Reveal(), err, want.Reveal())
	}
}

func TestSourceRefreshesAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHost()
		var refreshed []string
		s := h.source(oauth.SourceConfig{OnRefreshed: func(token ttshop.Token) { refreshed = append(refreshed, token.AccessToken.Reveal()) }})
		// 20 % of the life plus a quarter of that as jitter: never before 75 %.
		time.Sleep(week * 74 / 100)
		wantToken(t, s, "planted-access-0")
		synctest.Wait()
		if h.count() != 0 {
			t.Fatal("refreshed too early")
		}
		time.Sleep(week * 6 / 100)
		begin := time.Now()
		for range 100 { // the token in hand, without waiting
			wantToken(t, s, "planted-access-0")
		}
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("waited %v for a token that was in hand", waited)
		}
		time.Sleep(time.Second)
		wantToken(t, s, "planted-access-1")
		synctest.Wait()
		if h.count() != 1 || len(refreshed) != 1 || refreshed[0] != "planted-access-1" {
			t.Errorf("%d refreshes, hook saw %v", h.count(), refreshed)
		}
	})
}

func TestSourceLead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		life          time.Duration
		config        oauth.SourceConfig
		fresh, notYet time.Duration // ages at which the token is kept, and is due
	}{
		{"a week", week, oauth.SourceConfig{}, week * 749 / 1000, week * 801 / 1000},
		{"an hour", time.Hour, oauth.SourceConfig{}, 44 * time.Minute, 50*time.Minute + time.Second},
		{"20 minutes: half its life", 20 * time.Minute, oauth.SourceConfig{}, 9 * time.Minute, 10*time.Minute + time.Second},
		{"a minute: half its life", time.Minute, oauth.SourceConfig{}, 29 * time.Second, 31 * time.Second},
		{"configured", 10 * time.Hour, oauth.SourceConfig{Ahead: 0.4, MinAhead: time.Second}, 4 * time.Hour, 6*time.Hour + time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHost()
				h.life = tt.life
				s := h.source(tt.config)
				for _, step := range []struct {
					age  time.Duration
					want int
				}{{tt.fresh, 0}, {tt.notYet, 1}} {
					time.Sleep(step.age - time.Since(h.start))
					wantToken(t, s, "planted-access-0")
					synctest.Wait()
					time.Sleep(h.took)
					synctest.Wait()
					if h.count() != step.want {
						t.Errorf("at age %v: %d refreshes, want %d", step.age, h.count(), step.want)
					}
				}
			})
		})
	}
}

func TestSourceOneRefreshForAllWaiters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHost()
		s := h.source(oauth.SourceConfig{})
		time.Sleep(week)
		// The first caller gives up; the refresh that it began goes on.
		gone, cancel := context.WithCancel(t.Context())
		first := make(chan error)
		go func() { _, err := s.Token(gone); first <- err }()
		synctest.Wait()
		cancel()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("the first caller got %v", err)
		}
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() { wantToken(t, s, "planted-access-1") })
		}
		wg.Wait()
		if h.count() != 1 {
			t.Errorf("%d refreshes", h.count())
		}
	})
}

func TestSourceRefreshOnDemand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHost()
		s := h.source(oauth.SourceConfig{})
		old, err := s.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 50 { // so many calls got 105002 at once
			wg.Go(func() {
				token, err := s.Refresh(t.Context(), old)
				if err != nil || token.AccessToken != "planted-access-1" {
					t.Errorf("token %q, error %v", token.AccessToken.Reveal(), err)
				}
			})
		}
		wg.Wait()
		if _, err := s.Refresh(t.Context(), old); err != nil || h.count() != 1 {
			t.Errorf("a late one: %d refreshes, error %v", h.count(), err)
		}
		// A platform that refuses what it has just issued causes no storm.
		for range 50 {
			fresh := s.Held().Token
			if _, err := s.Refresh(t.Context(), fresh); !errors.Is(err, ttshop.ErrUnavailable) {
				t.Errorf("error %v", err)
			}
			if _, err := s.Token(t.Context()); !errors.Is(err, ttshop.ErrUnavailable) {
				t.Errorf("error %v", err)
			}
		}
		if h.count() != 1 {
			t.Errorf("%d refreshes", h.count())
		}
		time.Sleep(time.Minute)
		wantToken(t, s, "planted-access-2")
	})
}

func TestSourceBacksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHost()
		h.fails = &ttshop.TransportError{Operation: "oauth.Refresh", Write: true, Sent: true, Err: io.ErrUnexpectedEOF}
		var failures atomic.Int32
		s := h.source(oauth.SourceConfig{OnFailed: func(ttshop.Token, error) { failures.Add(1) }})
		time.Sleep(week * 8 / 10)
		for time.Since(h.start) < week-20*time.Second {
			wantToken(t, s, "planted-access-0")
			time.Sleep(10 * time.Second)
		}
		synctest.Wait()
		// 33.6 hours at a pause of 2.5 to 5 minutes, after the growing ones.
		if n := h.count(); n < 400 || n > 850 || int(failures.Load()) != n {
			t.Errorf("%d refreshes, %d failures told", n, failures.Load())
		}
		time.Sleep(week - time.Since(h.start))
		before := h.count()
		for range 600 { // ten minutes without a token
			_, err := s.Token(t.Context())
			if !errors.Is(err, ttshop.ErrUnavailable) || errors.Is(err, ttshop.ErrUnauthorized) || errors.Is(err, ttshop.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "unexpected EOF") {
				t.Fatalf("error %v", err)
			}
			time.Sleep(time.Second)
		}
		if n := h.count() - before; n < 30 || n > 100 {
			t.Errorf("%d refreshes in ten minutes without a token", n)
		}
		h.set(nil)
		time.Sleep(15 * time.Second)
		before = h.count()
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if _, err := s.Token(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := h.count() - before; n != 1 || s.Err() != nil {
			t.Errorf("%d refreshes on return, error %v", n, s.Err())
		}
	})
}

func TestSourceLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHost()
		h.fails = fmt.Errorf("refused: %w", oauth.ErrAuthorizationLost)
		var lost atomic.Int32
		s := h.source(oauth.SourceConfig{OnLost: func(_ ttshop.Token, err error) {
			lost.Add(1)
			if !errors.Is(err, oauth.ErrAuthorizationLost) {
				t.Errorf("hook got %v", err)
			}
		}})
		time.Sleep(week * 9 / 10)
		wantToken(t, s, "planted-access-0") // it still works
		if err := s.Keep(t.Context()); !errors.Is(err, oauth.ErrAuthorizationLost) {
			t.Errorf("kept with %v", err)
		}
		wantToken(t, s, "planted-access-0")
		time.Sleep(week)
		for range 100 {
			_, err := s.Token(t.Context())
			if !errors.Is(err, oauth.ErrAuthorizationLost) || !errors.Is(err, ttshop.ErrUnauthorized) || errors.Is(err, ttshop.ErrUnavailable) {
				t.Fatalf("error %v", err)
			}
		}
		synctest.Wait()
		if h.count() != 2 || lost.Load() != 1 {
			t.Errorf("%d refreshes, told %d times", h.count(), lost.Load())
		}
		// The user authorized again, and the token came by another way.
		s.Adopt(oauth.Issued{Token: ttshop.Token{AccessToken: "planted-anew", AccessTokenExpiresAt: time.Now().Add(week), OpenID: "o1"}})
		wantToken(t, s, "planted-anew")
		for _, at := range []time.Time{h.start, {}} { // with the same end, not known to be later: an old reading
			s.Adopt(oauth.Issued{Token: h.token(0), At: at})
			wantToken(t, s, "planted-anew")
		}
	})
}

func TestSourceAnnouncesTheEnd(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]string{
		400: "[30 7 1]", // from afar
		20:  "[30 7 1]", // inside of the first mark
		6:   "[7 1]",
		0:   "[]", // not known
	} {
		t.Run(fmt.Sprint(days), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHost()
				h.grant = time.Duration(days) * 24 * time.Hour
				var marks []int
				s := h.source(oauth.SourceConfig{OnEnding: func(token ttshop.Token, mark int) {
					left := time.Until(token.RefreshTokenExpiresAt)
					if left > time.Duration(mark)*24*time.Hour {
						t.Errorf("mark %d with %v left", mark, left)
					}
					marks = append(marks, mark)
				}})
				for time.Since(h.start) < max(h.grant, 24*time.Hour) {
					if _, err := s.Token(t.Context()); err != nil {
						t.Fatal(err)
					}
					synctest.Wait()
					time.Sleep(6 * time.Hour)
				}
				if got := fmt.Sprint(marks); got != want {
					t.Errorf("marks %s, want %s", got, want)
				}
			})
		})
	}
}

func TestSourceTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHost()
		h.took = time.Hour
		s := h.source(oauth.SourceConfig{})
		time.Sleep(week)
		begin := time.Now()
		_, err := s.Token(t.Context())
		if !errors.Is(err, ttshop.ErrUnavailable) || time.Since(begin) != time.Minute {
			t.Errorf("after %v: error %v", time.Since(begin), err)
		}
	})
}

func TestSourceEmpty(t *testing.T) {
	t.Parallel()
	s := oauth.NewSource(oauth.Issued{}, func(context.Context, ttshop.Token) (oauth.Issued, error) { return oauth.Issued{}, nil }, oauth.SourceConfig{})
	if token, err := s.Token(t.Context()); err == nil {
		t.Errorf("an empty token came without an error: %v", token)
	}
}

// TestSourceOverHTTP: the codes of the authorization host mean what they say.
func TestSourceOverHTTP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		status      int
		answer      string
		lost        bool
		unavailable bool
		want        string
	}{
		{"refreshed", 200, strings.ReplaceAll(granted, "1700600000", "4102444800"), false, false, ""},
		{"refresh token ended", 200, `{"code":36004001,"message":"rt ` + refresh + ` expired"}`, true, false, "authorize the app again"},
		{"user left", 200, `{"code":105001,"message":"deauthorized"}`, true, false, ""},
		{"key refused", 200, `{"code":36004003,"message":"not in the list"}`, false, true, ""},
		{"address refused", 200, `{"code":36009033,"message":"ip"}`, false, true, ""},
		{"forbidden by a proxy", 403, `<html>`, false, true, ""},
		{"wrong secret", 200, `{"code":98001004,"message":"bad"}`, false, false, ""},
		{"broken", 500, `{"code":36009003,"message":"internal"}`, false, true, ""},
		{"no JSON", 200, `<html>`, false, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := authHost(t, tt.status, tt.answer, nil)
			s := app.Source(ttshop.Token{AccessToken: "planted-old", AccessTokenExpiresAt: time.Unix(1, 0), RefreshToken: refresh, OpenID: "o1"}, oauth.SourceConfig{})
			token, err := s.Token(t.Context())
			if tt.status == 200 && strings.Contains(tt.answer, `"code":0`) {
				if err != nil || token.AccessToken != "ROW_a" {
					t.Errorf("token %q, error %v", token.AccessToken.Reveal(), err)
				}
				return
			}
			if err == nil || errors.Is(err, oauth.ErrAuthorizationLost) != tt.lost || errors.Is(err, ttshop.ErrUnauthorized) != tt.lost ||
				errors.Is(err, ttshop.ErrUnavailable) != tt.unavailable || errors.Is(err, ttshop.ErrOutcomeUnknown) || !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("error %v", err)
			}
			for _, planted := range []string{refresh, secret, "planted-old"} {
				if shown := fmt.Sprintf("%v %+v %#v %v %+v %#v", err, err, err, s, s, s); strings.Contains(shown, planted) {
					t.Errorf("%q is shown in %s", planted, shown)
				}
			}
		})
	}
}

// TestClientRefreshesOnce: a call refused with 105002 is repeated once with the
// next token.
func TestClientRefreshesOnce(t *testing.T) {
	t.Parallel()
	var calls, refreshes atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v2/token/refresh" {
			refreshes.Add(1)
			io.WriteString(w, strings.ReplaceAll(granted, "1700600000", "4102444800"))
			return
		}
		calls.Add(1)
		if r.Header.Get("X-Tts-Access-Token") != "ROW_a" {
			io.WriteString(w, `{"code":105002,"message":"expired","request_id":"r"}`)
			return
		}
		io.WriteString(w, `{"code":0,"message":"Success","request_id":"r","data":{}}`)
	}))
	t.Cleanup(server.Close)
	app := &oauth.App{Key: "k", Secret: secret, Endpoint: server.URL}
	source := app.Source(ttshop.Token{AccessToken: "planted-old", RefreshToken: refresh, OpenID: "o1"}, oauth.SourceConfig{})
	client := ttshop.New("k", secret, ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(source))
	for range 3 {
		if _, err := client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if calls.Load() != 4 || refreshes.Load() != 1 {
		t.Errorf("%d calls, %d refreshes", calls.Load(), refreshes.Load())
	}
}

func BenchmarkSourceToken(b *testing.B) {
	source := oauth.NewSource(oauth.Issued{Token: ttshop.Token{AccessToken: "a", AccessTokenExpiresAt: time.Now().Add(week)}, At: time.Now()}, nil, oauth.SourceConfig{})
	ctx := context.Background()
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := source.Token(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := source.Token(ctx); err != nil {
					b.Error(err)
				}
			}
		})
	})
}
