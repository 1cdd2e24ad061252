package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
)

// fullGrants is how many results must have room at once.
const fullGrants = 5

// RunFull tests a store whose disk fills up: once it has taken the intent to
// spend a refresh token, it takes the result as well. Each call of open gives an
// empty store, a function that fills its disk and one that makes room again. The
// tests close the store.
func RunFull(t *testing.T, open func(t *testing.T) (s tokenstore.Store, fill, free func())) {
	t.Run("ResultHasRoom", func(t *testing.T) {
		t.Parallel()
		s, fill, free := open(t)
		t.Cleanup(func() { closeStore(t, s) })
		var grants []tokenstore.Grant
		for i := range fullGrants {
			grants = append(grants, save(t, s, intended(save(t, s, Grant("app", fmt.Sprint("user", i))))))
		}
		fill()
		for i, grant := range grants {
			grant.Intent = tokenstore.Intent{}
			grant.Token.AccessToken += "-next"
			grant.Token.RefreshToken += "-next"
			grant.Token.SellerName += " and more"
			grants[i] = save(t, s, grant)
		}
		for _, grant := range grants {
			equal(t, load(t, s, grant.Key), grant)
		}
		free()
		for _, grant := range grants {
			grant = save(t, s, grant)
			equal(t, load(t, s, grant.Key), grant)
		}
	})
	t.Run("IntentHasNoRoom", func(t *testing.T) {
		t.Parallel()
		s, fill, free := open(t)
		t.Cleanup(func() { closeStore(t, s) })
		grant := save(t, s, Grant("app", "user"))
		fill()
		// A store may find room for some. It must not take one whose result it
		// has no room for, so the last one that it took is followed by its result.
		for i := range 10_000 {
			during := intended(grant)
			during.Shops = append(during.Shops, make([]tokenstore.Shop, 100*i)...)
			version, err := s.Save(t.Context(), during)
			if err != nil {
				is(t, "save an intent without room", err, tokenstore.ErrFull)
				break
			}
			during.Version, during.Intent = version, tokenstore.Intent{}
			grant = save(t, s, during)
		}
		equal(t, load(t, s, grant.Key), grant)
		free()
		save(t, s, intended(grant))
	})
}

// RunLostLocks tests a store whose locks can be lost while their holder lives.
// Each call of open gives an empty store, another one on the same data, as
// another process has it, and a function that ends whatever holds the locks of
// the first, such as its sessions. The tests close both stores.
func RunLostLocks(t *testing.T, open func(t *testing.T) (s, other tokenstore.Store, lose func())) {
	t.Run("LostLock", func(t *testing.T) {
		t.Parallel()
		s, other, lose := open(t)
		t.Cleanup(func() { closeStore(t, s); closeStore(t, other) })
		if firm, ok := s.(tokenstore.FirmLocker); ok && firm.LocksAreFirm() {
			t.Error("the store calls its locks firm")
		}
		grant := save(t, s, Grant("app", "user"))
		held, unlock := lock(t, s, grant.Key)
		defer unlock()
		lose()
		select {
		case <-held.Done():
		case <-time.After(patience):
			t.Fatal("the context of the lock outlives it")
		}
		if cause := context.Cause(held); !errors.Is(cause, tokenstore.ErrLockLost) {
			t.Errorf("the context of the lock ended with %v, want ErrLockLost", cause)
		}
		_, theirs := lock(t, other, grant.Key)
		defer theirs()
		// Nothing new begins under the lost lock; what was issued is saved.
		late := context.WithoutCancel(held)
		_, err := s.Save(late, intended(grant))
		is(t, "save an intent under a lost lock", err, tokenstore.ErrLockLost)
		equal(t, load(t, other, grant.Key), grant)
		grant.Token.RefreshToken = "planted-refresh-next"
		version, err := s.Save(late, grant)
		if err != nil {
			t.Fatalf("save a result under a lost lock: %v", err)
		}
		grant.Version = version
		equal(t, load(t, other, grant.Key), grant)
	})
}
