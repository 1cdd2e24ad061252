package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/byurl"
	"github.com/ttshop-go/ttshop/tokenstore/storetest"
)

// defaultPostgres is where the tests look for PostgreSQL unless
// TTSHOP_TEST_POSTGRES names another database. Each test makes schemas of its
// own there and drops them.
const defaultPostgres = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"

func newKeys(t testing.TB) *tokenstore.Keys {
	t.Helper()
	keys, err := tokenstore.ParseKeys(tokenstore.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// newPostgres returns the URL of an empty schema, which is dropped after the
// test. Without PostgreSQL the test is skipped, except on CI, which must have
// one.
func newPostgres(t testing.TB) string {
	t.Helper()
	base := os.Getenv("TTSHOP_TEST_POSTGRES")
	if base == "" {
		base = defaultPostgres
	}
	db, err := sql.Open("pgx", base)
	if err == nil {
		err = db.PingContext(t.Context())
	}
	if err != nil {
		text := fmt.Sprintf("no PostgreSQL at 127.0.0.1:5432 or where TTSHOP_TEST_POSTGRES says: %v", err)
		if os.Getenv("CI") == "true" {
			t.Fatal(text)
		}
		t.Skip(text)
	}
	name := strings.ToLower("ttshop_" + strings.NewReplacer("-", "", "_", "").Replace(tokenstore.GenerateKey()[:20]))
	if _, err := db.ExecContext(t.Context(), `create schema "`+name+`"`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), `drop schema "`+name+`" cascade`); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}

func newSQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "store") }

func openStore(t testing.TB, url string, keys *tokenstore.Keys) tokenstore.Store {
	t.Helper()
	store, err := byurl.Open(t.Context(), url, keys)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// databases are the kinds of store that the tests of this package go through.
var databases = map[string]func(testing.TB) string{"postgres": newPostgres, "sqlite": newSQLite}

func TestStores(t *testing.T) {
	t.Parallel()
	for name, create := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) tokenstore.Store { return openStore(t, create(t), newKeys(t)) })
			storetest.RunShared(t, func(t *testing.T) func() tokenstore.Store {
				url, keys := create(t), newKeys(t)
				return func() tokenstore.Store { return openStore(t, url, keys) }
			})
		})
	}
}
