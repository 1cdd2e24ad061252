// Package storetest holds the tests that every token store must pass.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) tokenstore.Store { return newEmptyStore(t) })
//		storetest.RunShared(t, func(t *testing.T) func() tokenstore.Store {
//			path := filepath.Join(t.TempDir(), "store")
//			return func() tokenstore.Store { return open(t, path) }
//		})
//	}
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// patience bounds what a test waits for.
const patience = 30 * time.Second

// Run tests a store that open returns, empty and new on each call. The tests
// close it.
func Run(t *testing.T, open func(t *testing.T) tokenstore.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s tokenstore.Store)
	}{
		{"RoundTrip", testRoundTrip},
		{"NotFound", testNotFound},
		{"CompareAndSwap", testCompareAndSwap},
		{"VersionsAreNotReused", testVersions},
		{"Delete", testDelete},
		{"List", testList},
		{"Keys", testKeys},
		{"NothingShared", testNothingShared},
		{"Large", testLarge},
		{"ConcurrentSaves", testConcurrentSaves},
		{"LockExcludes", func(t *testing.T, s tokenstore.Store) { testLockExcludes(t, s, s) }},
		{"LockPerKey", func(t *testing.T, s tokenstore.Store) { testLockPerKey(t, s, s) }},
		{"LockAndContext", func(t *testing.T, s tokenstore.Store) { testLockContext(t, s, s) }},
		{"WorkUnderLock", func(t *testing.T, s tokenstore.Store) { testWorkUnderLock(t, s, s) }},
		{"Intent", testIntent},
		{"EndedContext", testEndedContext},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			t.Cleanup(func() { closeStore(t, s) })
			tt.run(t, s)
		})
	}
}

// RunShared tests a store that several processes may have open. Each call of
// share makes an empty store and returns a function that opens it, as another
// process would. The tests close what it opens.
func RunShared(t *testing.T, share func(t *testing.T) (open func() tokenstore.Store)) {
	tests := []struct {
		name string
		run  func(t *testing.T, one, other tokenstore.Store)
	}{
		{"SharedState", testSharedState},
		{"SharedLockExcludes", testLockExcludes},
		{"SharedLockPerKey", testLockPerKey},
		{"SharedLockAndContext", testLockContext},
		{"SharedWorkUnderLock", testWorkUnderLock},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			open := share(t)
			one, other := open(), open()
			t.Cleanup(func() { closeStore(t, one); closeStore(t, other) })
			tt.run(t, one, other)
		})
	}
	t.Run("Reopened", func(t *testing.T) {
		t.Parallel()
		open := share(t)
		s := open()
		want := save(t, s, Grant("app", "user"))
		closeStore(t, s)
		s = open()
		t.Cleanup(func() { closeStore(t, s) })
		equal(t, load(t, s, want.Key), want)
	})
}

// Grant returns a grant that has a value in every field, planted so that a
// search for "planted" finds every secret that shows.
func Grant(appKey, openID string) tokenstore.Grant {
	at := time.Date(2026, 3, 4, 5, 6, 7, 891_234_567, time.FixedZone("", 3600))
	return tokenstore.Grant{
		Key: tokenstore.Key{AppKey: appKey, OpenID: openID},
		Token: ttshop.Token{
			AccessToken: "planted-access-" + ttshop.Secret(openID), AccessTokenExpiresAt: at.Add(7 * 24 * time.Hour),
			RefreshToken: "planted-refresh-" + ttshop.Secret(openID), RefreshTokenExpiresAt: time.Unix(4_838_400_000, 0),
			OpenID: openID, SellerName: "Läden & <Söhne> 店", SellerBaseRegion: "GB", UserType: ttshop.UserCreator,
			GrantedScopes: []string{"seller.order.info", "seller.product.basic"},
			Extra:         map[string]json.RawMessage{"new_field": json.RawMessage(`{"x":[1,null,"planted-extra"]}`)},
		},
		Shops: []tokenstore.Shop{
			{ID: "7494049642642441621", Cipher: "ROW_cipher", Name: "Maomao beauty shop", Region: "GB", SellerType: "CROSS_BORDER", Code: "GBLCABC"},
			{ID: "7494049642642441622", Cipher: "ROW_other", Name: "", Region: "DE", SellerType: "LOCAL", Code: "DELCABC"},
		},
		AuthorizedAt: at, RefreshedAt: at.Add(time.Hour), ShopsAt: at.Add(2 * time.Hour),
		LostAt: at.Add(3 * time.Hour), LostReason: "refused\nfor good", EndingMark: 7,
	}
}

// intended returns a grant whose refresh token is about to be spent.
func intended(grant tokenstore.Grant) tokenstore.Grant {
	grant = grant.Clone()
	grant.Intent = tokenstore.Intent{ID: "attempt", At: grant.RefreshedAt.Add(time.Minute)}
	return grant
}

func closeStore(t *testing.T, s tokenstore.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// save stores a grant and returns it as it must come back.
func save(t *testing.T, s tokenstore.Store, grant tokenstore.Grant) tokenstore.Grant {
	t.Helper()
	version, err := s.Save(t.Context(), grant)
	if err != nil {
		t.Fatalf("save: %v", err)
	}
	if version == 0 || version == grant.Version {
		t.Fatalf("save gave version %d after %d", version, grant.Version)
	}
	grant = grant.Clone()
	grant.Version = version
	for _, at := range []*time.Time{
		&grant.Token.AccessTokenExpiresAt, &grant.Token.RefreshTokenExpiresAt,
		&grant.AuthorizedAt, &grant.RefreshedAt, &grant.ShopsAt, &grant.LostAt, &grant.Intent.At,
	} {
		*at = at.UTC().Truncate(time.Microsecond)
	}
	return grant
}

func load(t *testing.T, s tokenstore.Store, key tokenstore.Key) tokenstore.Grant {
	t.Helper()
	grant, err := s.Load(t.Context(), key)
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	return grant
}

func equal(t *testing.T, got, want tokenstore.Grant) {
	t.Helper()
	g, errGot := got.RevealJSON()
	w, errWant := want.RevealJSON()
	if err := errors.Join(errGot, errWant); err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("got  %s\nwant %s", g, w)
	}
	for _, at := range []time.Time{got.Token.AccessTokenExpiresAt, got.AuthorizedAt} {
		if at.Location() != time.UTC {
			t.Errorf("a time came back in %v, want UTC", at.Location())
		}
	}
}

func is(t *testing.T, doing string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", doing, err, want)
	}
}

func testRoundTrip(t *testing.T, s tokenstore.Store) {
	full := save(t, s, Grant("app", "full"))
	equal(t, load(t, s, full.Key), full)
	bare := save(t, s, tokenstore.Grant{Key: tokenstore.Key{AppKey: "app", OpenID: "bare"}})
	got := load(t, s, bare.Key)
	equal(t, got, bare)
	if !got.Token.AccessTokenExpiresAt.IsZero() || !got.LostAt.IsZero() || len(got.Shops) != 0 {
		t.Errorf("what was empty came back as %#v", got)
	}
	// Changed and emptied again.
	full.Token.AccessToken, full.LostAt, full.LostReason, full.Shops = "planted-next", time.Time{}, "", nil
	full = save(t, s, full)
	equal(t, load(t, s, full.Key), full)
	// Times that JSON or a database may not know must not cost a token.
	far := Grant("app", "far")
	far.Token.AccessTokenExpiresAt = time.Unix(1<<40, 0)
	if _, err := s.Save(t.Context(), far); err != nil {
		t.Errorf("a far time: %v", err)
	}
	if got := load(t, s, far.Key); got.Token.AccessTokenExpiresAt.Year() < 9999 {
		t.Errorf("a far time came back as %v", got.Token.AccessTokenExpiresAt)
	}
}

// testIntent: an intent is stored with its grant, fences older versions, and
// goes with the result.
func testIntent(t *testing.T, s tokenstore.Store) {
	before := save(t, s, Grant("app", "user"))
	during := save(t, s, intended(before))
	equal(t, load(t, s, before.Key), during)
	if grants, err := s.List(t.Context(), "app"); err != nil || len(grants) != 1 || grants[0].Intent.ID != "attempt" {
		t.Errorf("list: %v, error %v", grants, err)
	}
	_, err := s.Save(t.Context(), before)
	is(t, "save the version before the intent", err, tokenstore.ErrConflict)
	result := during.Clone()
	result.Intent, result.Token.RefreshToken = tokenstore.Intent{}, "planted-refresh-next"
	result = save(t, s, result)
	equal(t, load(t, s, before.Key), result)
	_, err = s.Save(t.Context(), during)
	is(t, "save the intent over the result", err, tokenstore.ErrConflict)
}

func testNotFound(t *testing.T, s tokenstore.Store) {
	_, err := s.Load(t.Context(), tokenstore.Key{AppKey: "app", OpenID: "nobody"})
	is(t, "load", err, tokenstore.ErrNotFound)
	grants, err := s.List(t.Context(), "")
	if len(grants) != 0 || err != nil {
		t.Errorf("list: %d grants, error %v", len(grants), err)
	}
}

func testCompareAndSwap(t *testing.T, s tokenstore.Store) {
	first := save(t, s, Grant("app", "user"))
	_, err := s.Save(t.Context(), Grant("app", "user"))
	is(t, "create twice", err, tokenstore.ErrConflict)
	changed := first.Clone()
	changed.LostReason = "second"
	second := save(t, s, changed)
	stale := first.Clone()
	stale.LostReason = "stale"
	_, err = s.Save(t.Context(), stale)
	is(t, "save an old version", err, tokenstore.ErrConflict)
	equal(t, load(t, s, first.Key), second)
	missing := Grant("app", "missing")
	missing.Version = second.Version
	_, err = s.Save(t.Context(), missing)
	is(t, "save what is not there", err, tokenstore.ErrConflict)
	_, err = s.Load(t.Context(), missing.Key)
	is(t, "load it", err, tokenstore.ErrNotFound)
}

func testVersions(t *testing.T, s tokenstore.Store) {
	seen := map[int64]bool{}
	for range 3 {
		grant := save(t, s, Grant("app", "user"))
		for range 3 {
			if seen[grant.Version] {
				t.Fatalf("version %d came twice", grant.Version)
			}
			seen[grant.Version] = true
			grant = save(t, s, grant)
		}
		if err := s.Delete(t.Context(), grant.Key); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Save(t.Context(), grant); !errors.Is(err, tokenstore.ErrConflict) {
			t.Errorf("save what was deleted: error %v", err)
		}
	}
}

func testDelete(t *testing.T, s tokenstore.Store) {
	gone, stays := save(t, s, Grant("app", "gone")), save(t, s, Grant("app", "stays"))
	for range 2 {
		if err := s.Delete(t.Context(), gone.Key); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	_, err := s.Load(t.Context(), gone.Key)
	is(t, "load what was deleted", err, tokenstore.ErrNotFound)
	equal(t, load(t, s, stays.Key), stays)
}

func testList(t *testing.T, s tokenstore.Store) {
	want := map[string][]string{}
	for _, key := range []string{"b/2", "a/10", "b/1", "a/9", "A/1", "ab/1", "a/Z"} {
		app, user, _ := strings.Cut(key, "/")
		save(t, s, Grant(app, user))
	}
	want[""] = []string{"A/1", "a/10", "a/9", "a/Z", "ab/1", "b/1", "b/2"}
	want["a"] = []string{"a/10", "a/9", "a/Z"}
	want["nobody"] = nil
	for app, want := range want {
		grants, err := s.List(t.Context(), app)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, grant := range grants {
			got = append(got, grant.Key.String())
			if grant.Version == 0 || len(grant.Shops) != 2 || grant.Token.AccessToken.Reveal() != "planted-access-"+grant.OpenID {
				t.Errorf("%s came back as %#v", grant.Key, grant)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("list %q: %q, want %q", app, got, want)
		}
	}
}

func testKeys(t *testing.T, s tokenstore.Store) {
	keys := []tokenstore.Key{
		{AppKey: "a", OpenID: "bc"}, {AppKey: "ab", OpenID: "c"}, {AppKey: "a/b", OpenID: "c"}, {AppKey: "a", OpenID: "b/c"},
		{AppKey: "a", OpenID: "BC"}, {AppKey: "a", OpenID: "bc "}, {AppKey: "a", OpenID: "'; drop table x; --"},
		{AppKey: "a", OpenID: "../../x"}, {AppKey: "a", OpenID: "é店"}, {AppKey: "a", OpenID: strings.Repeat("long", 100)},
	}
	for _, key := range keys {
		save(t, s, Grant(key.AppKey, key.OpenID))
	}
	for _, key := range keys {
		if got := load(t, s, key); got.Key != key || got.Token.RefreshToken.Reveal() != "planted-refresh-"+key.OpenID {
			t.Errorf("key %q gave the grant of %q", key, got.Key)
		}
	}
	for _, key := range []tokenstore.Key{{}, {AppKey: "a"}, {OpenID: "b"}, {AppKey: "a", OpenID: "b\x00c"}} {
		if _, err := s.Save(t.Context(), tokenstore.Grant{Key: key}); err == nil {
			t.Errorf("saved under the key %q", key)
		}
		if _, err := s.Load(t.Context(), key); err == nil {
			t.Errorf("loaded the key %q", key)
		}
		if _, unlock, err := s.Lock(t.Context(), key); err == nil {
			unlock()
			t.Errorf("locked the key %q", key)
		}
	}
}

func testNothingShared(t *testing.T, s tokenstore.Store) {
	given := Grant("app", "user")
	want := save(t, s, given)
	spoil := func(g tokenstore.Grant) {
		g.Shops[0].Cipher = "spoiled"
		g.Token.GrantedScopes[0] = "spoiled"
		g.Token.Extra["new_field"][0] = ' '
		g.Token.Extra["spoiled"] = json.RawMessage("1")
	}
	spoil(given)
	equal(t, load(t, s, want.Key), want)
	spoil(load(t, s, want.Key))
	equal(t, load(t, s, want.Key), want)
	grants, err := s.List(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	spoil(grants[0])
	equal(t, load(t, s, want.Key), want)
}

func testLarge(t *testing.T, s tokenstore.Store) {
	grant := Grant("app", "user")
	for i := range 2000 {
		grant.Shops = append(grant.Shops, tokenstore.Shop{ID: fmt.Sprint(i), Cipher: strings.Repeat("c", 200), Name: "shop"})
	}
	grant = save(t, s, grant)
	equal(t, load(t, s, grant.Key), grant)
}

func testConcurrentSaves(t *testing.T, s tokenstore.Store) {
	grant := Grant("app", "user")
	grant.EndingMark = 0
	save(t, s, grant)
	const workers, each = 4, 5
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range each {
				for {
					grant, err := s.Load(t.Context(), grant.Key)
					if err != nil {
						t.Error(err)
						return
					}
					grant.EndingMark++
					if _, err = s.Save(t.Context(), grant); err == nil {
						break
					}
					if !errors.Is(err, tokenstore.ErrConflict) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	if got := load(t, s, grant.Key).EndingMark; got != workers*each {
		t.Errorf("%d of %d changes are there", got, workers*each)
	}
}

func testSharedState(t *testing.T, one, other tokenstore.Store) {
	grant := save(t, one, Grant("app", "user"))
	equal(t, load(t, other, grant.Key), grant)
	grant = save(t, other, grant)
	equal(t, load(t, one, grant.Key), grant)
	if err := one.Delete(t.Context(), grant.Key); err != nil {
		t.Fatal(err)
	}
	_, err := other.Load(t.Context(), grant.Key)
	is(t, "load what another deleted", err, tokenstore.ErrNotFound)
}

func lock(t *testing.T, s tokenstore.Store, key tokenstore.Key) (context.Context, func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	held, unlock, err := s.Lock(ctx, key)
	if err != nil {
		t.Fatalf("lock: %v", err)
	}
	return held, unlock
}

func testLockExcludes(t *testing.T, one, other tokenstore.Store) {
	key := tokenstore.Key{AppKey: "app", OpenID: "not stored"}
	var inside, most, rounds atomic.Int32
	var wg sync.WaitGroup
	for i := range 6 {
		s := []tokenstore.Store{one, other}[i%2]
		wg.Go(func() {
			for range 5 {
				_, unlock, err := s.Lock(t.Context(), key)
				if err != nil {
					t.Error(err)
					return
				}
				if n := inside.Add(1); n > most.Load() {
					most.Store(n)
				}
				// Gives others a chance to enter if the lock does not exclude them.
				if _, err := s.Load(t.Context(), key); !errors.Is(err, tokenstore.ErrNotFound) {
					t.Error(err)
				}
				rounds.Add(1)
				inside.Add(-1)
				unlock()
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 || rounds.Load() != 30 {
		t.Errorf("%d holders at once, %d rounds of 30", most.Load(), rounds.Load())
	}
}

func testLockPerKey(t *testing.T, one, other tokenstore.Store) {
	_, unlock := lock(t, one, tokenstore.Key{AppKey: "app", OpenID: "user"})
	defer unlock()
	for _, key := range []tokenstore.Key{{AppKey: "app", OpenID: "another"}, {AppKey: "appuser", OpenID: "x"}} {
		_, unlock := lock(t, other, key)
		unlock()
	}
}

func testLockContext(t *testing.T, one, other tokenstore.Store) {
	key := tokenstore.Key{AppKey: "app", OpenID: "user"}
	held, unlock := lock(t, one, key)
	if held.Err() != nil {
		t.Errorf("the context of the lock has ended: %v", held.Err())
	}
	gaveUp := errors.New("gave up")
	ctx, cancel := context.WithCancelCause(t.Context())
	waiting := make(chan error)
	go func() {
		_, unlock, err := other.Lock(ctx, key)
		if err == nil {
			unlock()
		}
		waiting <- err
	}()
	cancel(gaveUp)
	select {
	case err := <-waiting:
		if !errors.Is(err, gaveUp) && !errors.Is(err, context.Canceled) {
			t.Errorf("the waiter got %v", err)
		}
	case <-time.After(patience):
		t.Fatal("the waiter does not hear its context")
	}
	unlock()
	unlock()
	if held.Err() == nil {
		t.Error("the context of the lock outlives it")
	}
	// Neither the holder nor the one that gave up blocks the next.
	_, unlock = lock(t, other, key)
	unlock()
}

func testWorkUnderLock(t *testing.T, one, other tokenstore.Store) {
	grant := save(t, one, Grant("app", "user"))
	held, unlock := lock(t, one, grant.Key)
	defer unlock()
	loaded, err := one.Load(held, grant.Key)
	if err != nil {
		t.Fatal(err)
	}
	loaded.LostReason = "under lock"
	version, err := one.Save(held, loaded)
	if err != nil {
		t.Fatal(err)
	}
	loaded.Version = version
	// The save lasts, whatever becomes of the lock, and the lock blocks no
	// other work.
	equal(t, load(t, other, grant.Key), loaded)
	save(t, other, Grant("app", "another"))
	saved := save(t, other, loaded)
	equal(t, load(t, one, grant.Key), saved)
	if grants, err := one.List(held, "app"); err != nil || len(grants) != 2 {
		t.Errorf("list: %d grants, error %v", len(grants), err)
	}
	if err := one.Delete(held, grant.Key); err != nil {
		t.Error(err)
	}
}

func testEndedContext(t *testing.T, s tokenstore.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	key := tokenstore.Key{AppKey: "app", OpenID: "user"}
	_, errLoad := s.Load(ctx, key)
	_, errSave := s.Save(ctx, Grant(key.AppKey, key.OpenID))
	_, errList := s.List(ctx, "")
	_, unlock, errLock := s.Lock(ctx, key)
	if errLock == nil {
		unlock()
	}
	for doing, err := range map[string]error{"load": errLoad, "save": errSave, "list": errList, "lock": errLock, "delete": s.Delete(ctx, key)} {
		is(t, doing, err, context.Canceled)
	}
}
