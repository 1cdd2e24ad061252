package tokenstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// TestNothingSpentThatCannotBeKept: if the store refuses writes, no refresh token
// is spent, before the access token's end or after it, and the health says why.
func TestNothingSpentThatCannotBeKept(t *testing.T) {
	t.Parallel()
	for _, class := range []error{tokenstore.ErrFull, tokenstore.ErrReadOnly} {
		synctest.Test(t, func(t *testing.T) {
			p, memory := newPlatform(), new(tokenstore.Memory)
			store := &wobblyStore{Store: memory}
			f := p.fleet(t, store, tokenstore.FleetConfig{OnLost: func(g tokenstore.Grant, err error) { t.Errorf("called lost: %v", err) }})
			p.add(t, f, "o1")
			keeper := &tokenstore.Keeper{Fleet: f}
			keeper.Round(t.Context())
			store.set(class, nil)
			time.Sleep(week * 9 / 10)
			health := keeper.Round(t.Context())
			if err := call(t.Context(), f, "id-o1-0"); err != nil {
				t.Errorf("the old token does not serve: %v", err)
			}
			if len(health.Failing) != 1 || !strings.Contains(health.Failing[0].Reason, class.Error()) || health.Status(time.Now()) != tokenstore.StatusDegraded {
				t.Errorf("health %+v", health)
			}
			time.Sleep(week)
			if err := call(t.Context(), f, "id-o1-0"); !errors.Is(err, ttshop.ErrUnavailable) || errors.Is(err, oauth.ErrAuthorizationLost) {
				t.Errorf("after the token's end: error %v", err)
			}
			if p.total() != 0 {
				t.Errorf("%d refresh tokens were spent", p.total())
			}
			store.set(nil, nil)
			time.Sleep(time.Minute)
			if err := call(t.Context(), f, "id-o1-0"); err != nil || p.total() != 1 {
				t.Errorf("with the store back: error %v, %d refreshes", err, p.total())
			}
			if grant, err := memory.Load(t.Context(), f.Key("o1")); err != nil || !grant.Intent.IsZero() {
				t.Errorf("intent %v is left, error %v", grant.Intent, err)
			}
		})
	}
}

// TestIntentWithoutResult: the previous process ended while it refreshed. The
// refresh token is tried once: if the platform accepts it, nothing is lost.
func TestIntentWithoutResult(t *testing.T) {
	t.Parallel()
	for _, spent := range []bool{false, true} {
		for _, firm := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				p, memory := newPlatform(), new(tokenstore.Memory)
				var store tokenstore.Store = memory
				if !firm {
					store = &wobblyStore{Store: memory}
				}
				var lost []string
				f := p.fleet(t, store, tokenstore.FleetConfig{OnLost: func(g tokenstore.Grant, err error) { lost = append(lost, err.Error()) }})
				p.add(t, f, "o1")
				time.Sleep(week)
				grant, err := memory.Load(t.Context(), f.Key("o1"))
				if err != nil {
					t.Fatal(err)
				}
				grant.Intent = tokenstore.Intent{ID: "of a process that ended", At: time.Now()}
				if _, err := memory.Save(t.Context(), grant); err != nil {
					t.Fatal(err)
				}
				if spent {
					p.revoke("o1")
				}
				asked, began := p.calls, time.Now()
				err = call(t.Context(), f, "id-o1-0")
				synctest.Wait()
				took := time.Since(began)
				if spent != errors.Is(err, oauth.ErrAuthorizationLost) || spent != (len(lost) == 1) {
					t.Errorf("spent %v: error %v, told %q", spent, err, lost)
				}
				if spent && (p.calls-asked != 1 || !strings.Contains(lost[0], "ended before its result was stored") || took < 5*time.Second) {
					t.Errorf("%d requests, told %q after %v", p.calls-asked, lost, took)
				}
				if !spent && (p.total() != 1 || firm && took > time.Second) {
					t.Errorf("%d refreshes within %v", p.total(), took)
				}
			})
		}
	}
}

// looseStore is a store whose locks can be lost, like those of a database session.
type looseStore struct {
	*tokenstore.Memory
	mu    sync.Mutex
	locks []*looseLock
}

type looseLock struct {
	lose   context.CancelCauseFunc
	unlock func()
}

func (s *looseStore) LocksAreFirm() bool { return false }

func (s *looseStore) Lock(ctx context.Context, key tokenstore.Key) (context.Context, func(), error) {
	held, unlock, err := s.Memory.Lock(ctx, key)
	if err != nil {
		return nil, nil, err
	}
	held, lose := context.WithCancelCause(held)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locks = append(s.locks, &looseLock{lose: lose, unlock: unlock})
	return held, func() { lose(nil); unlock() }, nil
}

// loseLocks frees all locks without telling their holders.
func (s *looseStore) loseLocks() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.locks {
		l.lose(tokenstore.ErrLockLost)
		l.unlock()
	}
	s.locks = nil
}

// slowPlatform answers refreshes after a while.
type slowPlatform struct {
	*platform
	slow time.Duration
}

func (p slowPlatform) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := p.platform.RoundTrip(r) // spends the token first
	if r.URL.Path == "/api/v2/token/refresh" {
		select {
		case <-time.After(p.slow):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return response, err
}

// TestLockLostDuringRefresh: the lock is lost while the platform is slow to answer,
// and another process gets it. That one waits for the result of the first, whose
// request goes on.
func TestLockLostDuringRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), &looseStore{Memory: new(tokenstore.Memory)}
		config := tokenstore.FleetConfig{
			OnLost:   func(g tokenstore.Grant, err error) { t.Errorf("called lost: %v", err) },
			OnFailed: func(key tokenstore.Key, err error) { t.Errorf("failed: %v", err) },
		}
		app := &oauth.App{Key: appKey, Secret: appSecret, HTTPClient: &http.Client{Transport: slowPlatform{p, 20 * time.Second}}}
		config.ClientOptions = []ttshop.Option{ttshop.WithHTTPClient(&http.Client{Transport: p})}
		var fleets []*tokenstore.Fleet
		for range 2 {
			f := tokenstore.NewFleet(app, store, config)
			defer f.Close(context.Background())
			fleets = append(fleets, f)
		}
		p.add(t, fleets[0], "o1")
		time.Sleep(week)
		var wg sync.WaitGroup
		for _, f := range fleets {
			wg.Go(func() {
				if err := call(t.Context(), f, "id-o1-0"); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(5 * time.Second)
		store.loseLocks()
		wg.Wait()
		if n := p.count("o1"); n != 1 {
			t.Errorf("%d refreshes", n)
		}
		if grant, err := store.Load(t.Context(), fleets[0].Key("o1")); err != nil || !grant.Intent.IsZero() || !grant.Token.ValidAt(time.Now()) {
			t.Errorf("grant %v, intent %v, error %v", grant, grant.Intent, err)
		}
	})
}

// TestRefusalIsNotBelievedAtOnce: the result of the process that spent the
// refresh token reaches the store some seconds after the refusal.
func TestRefusalIsNotBelievedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		f := p.fleet(t, store, tokenstore.FleetConfig{OnLost: func(g tokenstore.Grant, err error) { t.Errorf("called lost: %v", err) }})
		p.add(t, f, "o1")
		time.Sleep(week)
		p.mu.Lock()
		token := p.issue("o1") // ends the stored refresh token
		p.mu.Unlock()
		time.AfterFunc(3*time.Second, func() {
			grant, err := store.Load(context.Background(), f.Key("o1"))
			if err == nil {
				grant.Token, grant.RefreshedAt, grant.Intent = token, time.Now(), tokenstore.Intent{}
				_, err = store.Save(context.Background(), grant)
			}
			if err != nil {
				t.Error(err)
			}
		})
		if err := call(t.Context(), f, "id-o1-0"); err != nil {
			t.Error(err)
		}
	})
}

// TestRefreshAnsweredForAnotherUser: nothing of such an answer is stored.
func TestRefreshAnsweredForAnotherUser(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		app := &oauth.App{Key: appKey, Secret: appSecret, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			body, err := json.Marshal(map[string]any{"code": 0, "data": map[string]any{
				"access_token": "planted-access-other", "refresh_token": "planted-refresh-other", "open_id": "other",
				"access_token_expire_in": time.Now().Add(week).Unix(),
			}})
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(string(body))), ContentLength: int64(len(body))}, err
		})}}
		f := tokenstore.NewFleet(app, store, tokenstore.FleetConfig{})
		defer f.Close(context.Background())
		grant := tokenstore.Grant{Key: f.Key("o1"), Token: p.grant("o1", 1)}
		if _, err := store.Save(t.Context(), grant); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Refresh(t.Context(), grant.Key); !errors.Is(err, oauth.ErrOtherUser) {
			t.Errorf("error %v", err)
		}
		got, err := store.Load(t.Context(), grant.Key)
		if err != nil || got.Token.AccessToken != grant.Token.AccessToken || got.Token.RefreshToken != grant.Token.RefreshToken || got.Lost() {
			t.Errorf("stored %v, error %v", got, err)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestStoreGoesBackInTime: a lagging standby took over. A process that knows the
// newer token puts it back before the spent one is used.
func TestStoreGoesBackInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		f := p.fleet(t, store, tokenstore.FleetConfig{})
		p.add(t, f, "o1")
		old, err := store.Load(t.Context(), f.Key("o1"))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(week * 9 / 10)
		if _, err := f.Refresh(t.Context(), f.Key("o1")); err != nil {
			t.Fatal(err)
		}
		store.SetBack(old)
		(&tokenstore.Keeper{Fleet: f}).Round(t.Context())
		other := p.fleet(t, store, tokenstore.FleetConfig{OnLost: func(g tokenstore.Grant, err error) { t.Errorf("called lost: %v", err) }})
		if _, err := other.Refresh(t.Context(), f.Key("o1")); err != nil {
			t.Errorf("refresh by another process: %v", err)
		}
	})
}
