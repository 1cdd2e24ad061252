package tokenstore_test

import (
	"path/filepath"
	"testing"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/storetest"
)

func newKeys(t testing.TB) *tokenstore.Keys {
	t.Helper()
	keys, err := tokenstore.ParseKeys(tokenstore.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func openFile(t testing.TB, path string, keys *tokenstore.Keys) *tokenstore.File {
	t.Helper()
	store, err := tokenstore.OpenFile(t.Context(), path, keys)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) tokenstore.Store { return new(tokenstore.Memory) })
}

func TestFile(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) tokenstore.Store {
		return openFile(t, filepath.Join(t.TempDir(), "store"), newKeys(t))
	})
	storetest.RunShared(t, func(t *testing.T) func() tokenstore.Store {
		path, keys := filepath.Join(t.TempDir(), "store"), newKeys(t)
		return func() tokenstore.Store { return openFile(t, path, keys) }
	})
}

func TestPut(t *testing.T) {
	t.Parallel()
	store := new(tokenstore.Memory)
	for _, reason := range []string{"first", "second"} {
		grant := storetest.Grant("app", "user")
		grant.LostReason, grant.Version = reason, 12345 // that of another store
		put, err := tokenstore.Put(t.Context(), store, grant)
		if err != nil {
			t.Fatal(err)
		}
		got, err := store.Load(t.Context(), grant.Key)
		if err != nil || got.Version != put.Version || got.LostReason != reason {
			t.Errorf("got %v version %d, error %v", got, got.Version, err)
		}
	}
}
