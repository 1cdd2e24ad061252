package tokenstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// TestFleetWithSandbox goes all the way once: authorize, fetch shops, call.
func TestFleetWithSandbox(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	fleet := tokenstore.NewFleet(server.App, new(tokenstore.Memory), tokenstore.FleetConfig{ClientOptions: []ttshop.Option{ttshop.WithEndpoint(server.URL)}})
	grant, err := fleet.Authorize(t.Context(), server.Credentials.AuthCode)
	if err != nil {
		t.Fatal(err)
	}
	if len(grant.Shops) != len(server.Credentials.Shops) || grant.ShopsAt.IsZero() || grant.Version == 0 {
		t.Errorf("grant %v", grant)
	}
	shops, err := fleet.Shops(t.Context())
	if err != nil || len(shops) != len(grant.Shops) {
		t.Fatalf("%d shops, error %v", len(shops), err)
	}
	for _, shop := range shops {
		for _, ref := range []string{shop.ID, shop.Cipher, shop.Code} {
			client, err := fleet.Shop(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Call(t.Context(), "GET", "/logistics/202309/warehouses", nil, nil); err != nil {
				t.Errorf("shop %q: %v", ref, err)
			}
		}
	}
	if _, err := fleet.Shop(t.Context(), "nobody's"); !errors.Is(err, tokenstore.ErrNotFound) {
		t.Errorf("a shop that is not there: error %v", err)
	}
	refreshed, err := fleet.Refresh(t.Context(), grant.Key)
	if err != nil || refreshed.Token.AccessToken == grant.Token.AccessToken || len(refreshed.Shops) != len(grant.Shops) {
		t.Errorf("refreshed %v, error %v", refreshed, err)
	}
	if err := fleet.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := fleet.Refresh(t.Context(), grant.Key); err == nil {
		t.Error("a closed fleet refreshes")
	}
}

func TestFleetThousandsOfShops(t *testing.T) {
	t.Parallel()
	const grants, shops = 1000, 3
	p, store := newPlatform(), new(tokenstore.Memory)
	f := p.fleet(t, store, tokenstore.FleetConfig{})
	for i := range grants {
		if _, err := f.Add(t.Context(), p.grant(fmt.Sprintf("o%d", i), shops)); err != nil {
			t.Fatal(err)
		}
	}
	other := p.fleet(t, store, tokenstore.FleetConfig{})
	list, err := other.Shops(t.Context())
	if err != nil || len(list) != grants*shops {
		t.Fatalf("%d shops, error %v", len(list), err)
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := worker; i < grants*shops; i += 8 {
				ref := []string{"id", "cipher", "code"}[i%3] + fmt.Sprintf("-o%d-%d", i/shops, i%shops)
				if err := call(t.Context(), other, ref); err != nil {
					t.Errorf("shop %s: %v", ref, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if n := p.total(); n != 0 {
		t.Errorf("%d refreshes of fresh tokens", n)
	}
}

func TestFleetSeesWhatOthersAdd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		one, other := p.fleet(t, store, tokenstore.FleetConfig{}), p.fleet(t, store, tokenstore.FleetConfig{})
		p.add(t, one, "o1")
		if err := call(t.Context(), other, "id-o1-0"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		p.add(t, one, "o2")
		if err := call(t.Context(), other, "code-o2-0"); err != nil {
			t.Errorf("added later: %v", err)
		}
		// An unknown shop does not cause a read of the store each time.
		wobbly := &wobblyStore{Store: store}
		third := p.fleet(t, wobbly, tokenstore.FleetConfig{})
		for range 100 {
			if _, err := third.Shop(t.Context(), "nowhere"); !errors.Is(err, tokenstore.ErrNotFound) {
				t.Error(err)
			}
		}
		if n := wobbly.count(); n > 2 {
			t.Errorf("the store was asked %d times", n)
		}
		if err := one.Remove(t.Context(), one.Key("o1")); err != nil {
			t.Fatal(err)
		}
		if _, err := one.Shop(t.Context(), "id-o1-0"); !errors.Is(err, tokenstore.ErrNotFound) {
			t.Errorf("removed: error %v", err)
		}
		// Once it must refresh, the other process sees that the grant is gone.
		time.Sleep(week)
		if err := call(t.Context(), other, "id-o1-0"); !errors.Is(err, oauth.ErrAuthorizationLost) && !errors.Is(err, tokenstore.ErrNotFound) {
			t.Errorf("removed elsewhere: error %v", err)
		}
	})
}

// TestFleetSharesRefreshes: two processes, one refresh per token life, and neither
// keeps using a token that the other one's refresh has ended.
func TestFleetSharesRefreshes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		var refreshed int
		config := tokenstore.FleetConfig{OnRefreshed: func(g tokenstore.Grant) { refreshed++ }}
		one, other := p.fleet(t, store, config), p.fleet(t, store, config)
		p.add(t, one, "o1")
		for begin := time.Now(); time.Since(begin) < 3*week; time.Sleep(10 * time.Minute) {
			for _, f := range []*tokenstore.Fleet{one, other} {
				if err := call(t.Context(), f, "id-o1-0"); err != nil {
					t.Fatal(err)
				}
			}
		}
		synctest.Wait()
		if n := p.count("o1"); n < 3 || n > 4 || refreshed != n {
			t.Errorf("%d refreshes in three weeks, %d told", n, refreshed)
		}
	})
}

// TestFleetHearsOfRefreshes: a process learns of a refresh by another one when
// it reads the grants, before it needs the token.
func TestFleetHearsOfRefreshes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		one, other := p.fleet(t, store, tokenstore.FleetConfig{}), p.fleet(t, store, tokenstore.FleetConfig{})
		p.add(t, one, "o1")
		if err := call(t.Context(), other, "id-o1-0"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if _, err := one.Refresh(t.Context(), one.Key("o1")); err != nil {
			t.Fatal(err)
		}
		(&tokenstore.Keeper{Fleet: other}).Round(t.Context())
		if err := call(t.Context(), other, "id-o1-0"); err != nil || p.refused != 0 || p.count("o1") != 1 {
			t.Errorf("error %v, %d calls with the old token, %d refreshes", err, p.refused, p.count("o1"))
		}
	})
}

// TestFleetSavesPastTheTimeout: a refresh times out between the platform's answer
// and the save.
func TestFleetSavesPastTheTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, memory := newPlatform(), new(tokenstore.Memory)
		store := &wobblyStore{Store: memory}
		f := p.fleet(t, store, tokenstore.FleetConfig{
			Timeout:  time.Second,
			OnFailed: func(_ tokenstore.Key, err error) { t.Error(err) },
		})
		p.add(t, f, "o1")
		time.Sleep(week)
		store.breakAfterIntent(errors.New("a hiccup"))
		time.AfterFunc(3*time.Second, func() { store.set(nil, nil) })
		if err := call(t.Context(), f, "id-o1-0"); err != nil {
			t.Error(err)
		}
		if grant, err := memory.Load(t.Context(), f.Key("o1")); err != nil || !grant.Token.ValidAt(time.Now()) {
			t.Errorf("grant %v, error %v", grant, err)
		}
	})
}

// TestFleetKeepsWhatTheStoreDoesNotTake: the platform has ended the old token, and
// the store fails.
func TestFleetKeepsWhatTheStoreDoesNotTake(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, memory := newPlatform(), new(tokenstore.Memory)
		store := &wobblyStore{Store: memory}
		var failures, refreshed, lost []string
		one := p.fleet(t, store, tokenstore.FleetConfig{
			OnFailed:    func(_ tokenstore.Key, err error) { failures = append(failures, err.Error()) },
			OnRefreshed: func(g tokenstore.Grant) { refreshed = append(refreshed, g.Token.AccessToken.Reveal()) },
		})
		p.add(t, one, "o1")
		key := one.Key("o1")
		time.Sleep(week)
		store.breakAfterIntent(errors.New("disk on fire"))
		if err := call(t.Context(), one, "id-o1-0"); err != nil {
			t.Fatalf("the new token is not used: %v", err)
		}
		synctest.Wait()
		if len(failures) != 1 || !strings.Contains(failures[0], "in memory only") || !strings.Contains(failures[0], "disk on fire") || len(refreshed) != 0 {
			t.Errorf("failures %q, refreshed %q", failures, refreshed)
		}
		health := (&tokenstore.Keeper{Fleet: one}).Round(t.Context())
		if len(health.Failing) != 1 || !strings.Contains(health.Failing[0].Reason, "disk on fire") {
			t.Errorf("health %+v", health)
		}
		// Another process sees only the old token. It must not have it refused
		// and conclude that the grant is lost.
		other := p.fleet(t, memory, tokenstore.FleetConfig{OnLost: func(g tokenstore.Grant, err error) { lost = append(lost, err.Error()) }})
		if err := call(t.Context(), other, "id-o1-0"); !errors.Is(err, ttshop.ErrUnavailable) || errors.Is(err, oauth.ErrAuthorizationLost) {
			t.Errorf("the other process: error %v", err)
		}
		if grant, err := memory.Load(t.Context(), key); err != nil || grant.Lost() {
			t.Errorf("grant %v, error %v", grant, err)
		}
		// The store is back: the token gets there, and the grant lives.
		store.set(nil, nil)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		grant, err := memory.Load(t.Context(), key)
		if err != nil || grant.Lost() || len(refreshed) != 1 || grant.Token.AccessToken.Reveal() != refreshed[0] {
			t.Errorf("grant %v, error %v, refreshed %d times", grant, err, len(refreshed))
		}
		for _, f := range []*tokenstore.Fleet{one, other} {
			if err := call(t.Context(), f, "id-o1-0"); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		}
		if p.count("o1") != 1 || len(lost) != 0 {
			t.Errorf("%d refreshes, lost %q", p.count("o1"), lost)
		}
	})
}

func TestFleetCloseSavesTheLastToken(t *testing.T) {
	t.Parallel()
	for _, back := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			p, memory := newPlatform(), new(tokenstore.Memory)
			store := &wobblyStore{Store: memory}
			app := p.fleet(t, memory, tokenstore.FleetConfig{})
			p.add(t, app, "o1")
			time.Sleep(week)
			f := p.fleet(t, store, tokenstore.FleetConfig{})
			client, err := f.Client(t.Context(), f.Key("o1"))
			if err != nil {
				t.Fatal(err)
			}
			store.breakAfterIntent(tokenstore.ErrFull)
			if _, err := client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
				t.Fatal(err)
			}
			if back {
				store.set(nil, nil)
			}
			err = f.Close(t.Context())
			grant, loadErr := memory.Load(t.Context(), f.Key("o1"))
			if loadErr != nil {
				t.Fatal(loadErr)
			}
			if saved := grant.Token.ValidAt(time.Now()); saved != back || (err == nil) != back || !back && !errors.Is(err, tokenstore.ErrFull) {
				t.Errorf("store back %v: saved %v, error %v", back, saved, err)
			}
			store.set(nil, nil) // for the cleanup, which closes again
		})
	}
}

// A seller takes the authorization back while the access token has days to go: the
// next call notices.
func TestFleetNoticesDeauthorization(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		var lost []string
		f := p.fleet(t, store, tokenstore.FleetConfig{OnLost: func(g tokenstore.Grant, _ error) { lost = append(lost, g.OpenID) }})
		p.add(t, f, "o1", "o2")
		k := &tokenstore.Keeper{Fleet: f}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- k.Run(ctx) }()
		time.Sleep(time.Hour)
		if got := k.Health().Status(time.Now()); got != tokenstore.StatusOK {
			t.Errorf("before: %s", got)
		}
		p.deauthorize("o1")
		before := p.calls
		for range 5 {
			if err := call(t.Context(), f, "id-o1-0"); !errors.Is(err, oauth.ErrAuthorizationLost) || !errors.Is(err, ttshop.ErrUnauthorized) {
				t.Errorf("error %v", err)
			}
		}
		if asked := p.calls - before; asked != 2 { // the call and one refresh
			t.Errorf("the platform was asked %d times", asked)
		}
		if err := call(t.Context(), f, "id-o2-0"); err != nil {
			t.Errorf("another grant: %v", err)
		}
		time.Sleep(time.Hour)
		health := k.Health()
		if !slices.Equal(lost, []string{"o1"}) || health.Status(time.Now()) != tokenstore.StatusDegraded || len(health.Lost) != 1 {
			t.Errorf("lost %q, health %+v", lost, health)
		}
		stop()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestFleetLostAndRevived(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		var lost []string
		config := tokenstore.FleetConfig{OnLost: func(g tokenstore.Grant, err error) { lost = append(lost, g.OpenID) }}
		one, other := p.fleet(t, store, config), p.fleet(t, store, config)
		p.add(t, one, "o1")
		if err := call(t.Context(), other, "id-o1-0"); err != nil {
			t.Fatal(err)
		}
		p.revoke("o1")
		time.Sleep(week)
		before := p.calls
		for range 10 {
			for _, f := range []*tokenstore.Fleet{one, other} {
				if err := call(t.Context(), f, "id-o1-0"); !errors.Is(err, oauth.ErrAuthorizationLost) || !errors.Is(err, ttshop.ErrUnauthorized) {
					t.Errorf("error %v", err)
				}
			}
		}
		synctest.Wait()
		grant, err := store.Load(t.Context(), one.Key("o1"))
		if err != nil || !grant.Lost() || !strings.Contains(grant.LostReason, "36004001") || len(grant.Shops) != 1 {
			t.Errorf("grant %v, reason %q, error %v", grant, grant.LostReason, err)
		}
		if asked := p.calls - before; asked != 1 || !slices.Equal(lost, []string{"o1"}) {
			t.Errorf("the platform was asked %d times, told %q", asked, lost)
		}
		shops, err := other.Shops(t.Context())
		if err != nil || len(shops) != 1 || !shops[0].Lost {
			t.Errorf("shops %v, error %v", shops, err)
		}
		// The seller authorizes again, in one process.
		p.add(t, one, "o1")
		if err := call(t.Context(), one, "id-o1-0"); err != nil {
			t.Error(err)
		}
		time.Sleep(2 * time.Minute)
		if err := call(t.Context(), other, "id-o1-0"); err != nil {
			synctest.Wait()
			if err := call(t.Context(), other, "id-o1-0"); err != nil {
				t.Error(err)
			}
		}
		// A person may try a lost grant again.
		p.revoke("o1")
		if _, err := one.Refresh(t.Context(), one.Key("o1")); !errors.Is(err, oauth.ErrAuthorizationLost) {
			t.Errorf("refresh what was revoked: error %v", err)
		}
	})
}

func TestFleetAnnouncesTheEndOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		var marks []int
		config := tokenstore.FleetConfig{OnEnding: func(g tokenstore.Grant, days int) { marks = append(marks, days) }}
		fleets := []*tokenstore.Fleet{p.fleet(t, store, config), p.fleet(t, store, config)}
		p.ends["o1"] = time.Now().Add(40 * 24 * time.Hour)
		p.add(t, fleets[0], "o1")
		keepers := []*tokenstore.Keeper{{Fleet: fleets[0]}, {Fleet: fleets[1]}}
		for begin := time.Now(); time.Since(begin) < 40*24*time.Hour; time.Sleep(time.Hour) {
			for _, k := range keepers {
				k.Round(t.Context())
			}
		}
		synctest.Wait()
		if !slices.Equal(marks, []int{30, 7, 1}) {
			t.Errorf("marks %v", marks)
		}
	})
}

// TestFleetWithoutStore: the store is unavailable for an hour while tokens are
// due, and comes back.
func TestFleetWithoutStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const grants = 50
		p, memory := newPlatform(), new(tokenstore.Memory)
		store := &wobblyStore{Store: memory}
		f := p.fleet(t, store, tokenstore.FleetConfig{})
		var refs []string
		for i := range grants {
			p.add(t, f, fmt.Sprintf("o%d", i))
			refs = append(refs, fmt.Sprintf("id-o%d-0", i))
		}
		calls := func() {
			for _, ref := range refs {
				if err := call(t.Context(), f, ref); err != nil {
					t.Fatalf("shop %s: %v", ref, err)
				}
			}
		}
		calls()
		time.Sleep(week * 82 / 100) // all are due
		store.set(nil, errors.New("connection refused"))
		before := store.count()
		for begin := time.Now(); time.Since(begin) < time.Hour; time.Sleep(20 * time.Second) {
			calls()
		}
		// An hour: some 15 tries for each grant, and the list each minute.
		asked := store.count() - before
		if asked > grants*30+100 {
			t.Errorf("the store that was away was asked %d times in an hour", asked)
		}
		if p.total() != 0 {
			t.Errorf("%d refreshes without a store", p.total())
		}
		store.set(nil, nil)
		busiest := 0
		for begin := time.Now(); time.Since(begin) < 6*time.Minute; time.Sleep(2 * time.Second) {
			before := p.total()
			calls()
			synctest.Wait()
			busiest = max(busiest, p.total()-before)
		}
		if p.total() != grants {
			t.Errorf("%d refreshes of %d grants after the return", p.total(), grants)
		}
		if busiest > grants/5 {
			t.Errorf("%d of %d refreshes within two seconds: a storm", busiest, grants)
		}
		t.Logf("%d calls of a store that was away in an hour; on its return %d refreshes at most within two seconds", asked, busiest)
	})
}

func TestFleetAddIsCareful(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform()
		store := &wobblyStore{Store: new(tokenstore.Memory)}
		f := p.fleet(t, store, tokenstore.FleetConfig{})
		if _, err := f.Add(t.Context(), ttshop.Token{AccessToken: "planted-access"}); err == nil {
			t.Error("added without an open id")
		}
		store.set(tokenstore.ErrReadOnly, nil)
		token := p.grant("o1", 1)
		grant, err := f.Add(t.Context(), token)
		if !errors.Is(err, tokenstore.ErrReadOnly) || grant.Version != 0 || grant.Token.AccessToken != token.AccessToken {
			t.Errorf("grant %v, error %v", grant, err)
		}
		// The shops cannot be fetched: the grant is stored all the same.
		store.set(nil, nil)
		p.down = true
		grant, err = f.Add(t.Context(), token)
		if !errors.Is(err, ttshop.ErrUnavailable) || grant.Version == 0 || !grant.ShopsAt.IsZero() {
			t.Errorf("grant %v, error %v", grant, err)
		}
		p.down = false
		if health := (&tokenstore.Keeper{Fleet: f}).Round(t.Context()); health.Pending != 0 || health.Grants != 1 {
			t.Errorf("health %+v", health)
		}
		if err := call(t.Context(), f, "id-o1-0"); err != nil {
			t.Error(err)
		}
		// The grants of another app are not this fleet's.
		foreign := tokenstore.Key{AppKey: "another", OpenID: "o1"}
		if _, err := f.Client(t.Context(), foreign); !errors.Is(err, tokenstore.ErrNotFound) {
			t.Errorf("another app's grant: error %v", err)
		}
	})
}

// TestFleetPrefersALivingGrant: two users of one shop authorized the app.
func TestFleetPrefersALivingGrant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, store := newPlatform(), new(tokenstore.Memory)
		f := p.fleet(t, store, tokenstore.FleetConfig{})
		p.add(t, f, "o1")
		time.Sleep(time.Minute)
		p.add(t, f, "o2")
		for _, owner := range []string{"o1", "o2"} {
			p.shops[owner] = []tokenstore.Shop{{ID: "id-x", Cipher: "cipher-x", Code: "code-x"}}
			if _, err := f.SyncShops(t.Context(), f.Key(owner)); err != nil {
				t.Fatal(err)
			}
		}
		p.revoke("o2")
		if _, err := f.Refresh(t.Context(), f.Key("o2")); !errors.Is(err, oauth.ErrAuthorizationLost) {
			t.Fatal(err)
		}
		time.Sleep(week)
		if err := call(t.Context(), p.fleet(t, store, tokenstore.FleetConfig{}), "id-x"); err != nil {
			t.Errorf("the living grant was not taken: %v", err)
		}
	})
}

func BenchmarkFleetShop(b *testing.B) {
	p := newPlatform()
	f := p.fleet(b, new(tokenstore.Memory), tokenstore.FleetConfig{})
	for i := range 1000 {
		if _, err := f.Add(b.Context(), p.grant(fmt.Sprintf("o%d", i), 1)); err != nil {
			b.Fatal(err)
		}
	}
	ctx := context.Background()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := f.Shop(ctx, "id-o7-0"); err != nil {
				b.Error(err)
			}
		}
	})
}
