package sqlstore_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/byurl"
	"github.com/ttshop-go/ttshop/tokenstore/storetest"
)

// open is openStore for a database.
func open(t *testing.T, url string, keys *tokenstore.Keys) *sqlstore.Store {
	t.Helper()
	return openStore(t, url, keys).(*sqlstore.Store)
}

func save(t *testing.T, store tokenstore.Store, grant tokenstore.Grant) tokenstore.Grant {
	t.Helper()
	version, err := store.Save(t.Context(), grant)
	if err != nil {
		t.Fatal(err)
	}
	grant.Version = version
	return grant
}

func exec(t *testing.T, store *sqlstore.Store, query string, args ...any) {
	t.Helper()
	if _, err := store.DB().ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// eachDatabase runs a test over each kind of database.
func eachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Parallel()
	for name, create := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, create(t))
		})
	}
}

// refusesWrites checks that writes fail with an error of a class, and that what
// is stored stays.
func refusesWrites(t *testing.T, store tokenstore.Store, grant tokenstore.Grant, class error) {
	t.Helper()
	changed := grant
	changed.LostReason = "changed"
	_, errSave := store.Save(t.Context(), changed)
	_, errCreate := store.Save(t.Context(), storetest.Grant("app", "another"))
	for doing, err := range map[string]error{"save": errSave, "create": errCreate} {
		if !errors.Is(err, class) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: error %v, want %v", doing, err, class)
		}
	}
	got, err := store.Load(t.Context(), grant.Key)
	if err != nil || got.LostReason != grant.LostReason || got.Version != grant.Version {
		t.Errorf("afterwards %v, error %v", got, err)
	}
}

func TestWrongKey(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		keys := newKeys(t)
		store := open(t, url, keys)
		defer store.Close()
		grant := save(t, store, storetest.Grant("app", "user"))
		if _, err := byurl.Open(t.Context(), url, newKeys(t)); !errors.Is(err, tokenstore.ErrWrongKey) {
			t.Errorf("error %v", err)
		}
		if _, err := byurl.Open(t.Context(), url, nil); err == nil {
			t.Error("opened without keys")
		}
		if _, err := store.Load(t.Context(), grant.Key); err != nil {
			t.Error(err)
		}
	})
}

func TestNewerVersion(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		keys := newKeys(t)
		store := open(t, url, keys)
		defer store.Close()
		exec(t, store, `insert into ttshop_schema (version) values (99)`)
		if _, err := byurl.Open(t.Context(), url, keys); !errors.Is(err, tokenstore.ErrNewerVersion) {
			t.Errorf("error %v", err)
		}
	})
}

func TestNothingInTheClear(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		store := open(t, url, newKeys(t))
		defer store.Close()
		save(t, store, storetest.Grant("app", "user"))
		var sealed []byte
		var rest string
		if err := store.DB().QueryRowContext(t.Context(), `select sealed, app_key || open_id || version || updated_at from ttshop_grants`).Scan(&sealed, &rest); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"planted", "ROW_cipher", "order.info"} {
			if bytes.Contains(sealed, []byte(secret)) || strings.Contains(rest, secret) {
				t.Errorf("the row shows %q", secret)
			}
		}
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			files, err := filepath.Glob(path + "*")
			if err != nil || len(files) < 2 {
				t.Fatalf("files %v, error %v", files, err)
			}
			for _, name := range files {
				content, err := os.ReadFile(name)
				if err != nil || bytes.Contains(content, []byte("planted")) {
					t.Errorf("%s shows a secret, or error %v", name, err)
				}
				if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%s: mode %v, error %v", name, info.Mode(), err)
				}
			}
		}
	})
}

// TestDamagedRow: one row that was changed, or put in another's place, does not
// hide the others.
func TestDamagedRow(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		store := open(t, url, newKeys(t))
		defer store.Close()
		good := save(t, store, storetest.Grant("app", "good"))
		swapped := save(t, store, storetest.Grant("app", "swapped"))
		cut := save(t, store, storetest.Grant("app", "cut"))
		exec(t, store, `update ttshop_grants set sealed = (select sealed from ttshop_grants where open_id = 'good') where open_id = 'swapped'`)
		exec(t, store, `update ttshop_grants set sealed = substr(sealed, 1, 40) where open_id = 'cut'`)
		for _, grant := range []tokenstore.Grant{swapped, cut} {
			if _, err := store.Load(t.Context(), grant.Key); !errors.Is(err, tokenstore.ErrCorrupt) {
				t.Errorf("%s: error %v", grant.Key, err)
			}
		}
		grants, err := store.List(t.Context(), "")
		if len(grants) != 1 || grants[0].Key != good.Key || !errors.Is(err, tokenstore.ErrCorrupt) || !strings.Contains(err.Error(), "app/cut") || !strings.Contains(err.Error(), "app/swapped") {
			t.Errorf("list: %v, error %v", grants, err)
		}
	})
}

func TestRotate(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		old, next := newKeys(t), newKeys(t)
		store := open(t, url, old)
		defer store.Close()
		var grants []tokenstore.Grant
		for i := range 5 {
			grants = append(grants, save(t, store, storetest.Grant("app", fmt.Sprint(i))))
		}
		both := open(t, url, next.And(old))
		defer both.Close()
		grants[4] = save(t, both, grants[4]) // sealed by the new key already
		for _, want := range []int{4, 0} {
			if n, err := both.Rotate(t.Context()); n != want || err != nil {
				t.Errorf("rotated %d, error %v; want %d", n, err, want)
			}
		}
		if _, err := byurl.Open(t.Context(), url, old); !errors.Is(err, tokenstore.ErrWrongKey) {
			t.Errorf("the old key: error %v", err)
		}
		renewed := open(t, url, next)
		defer renewed.Close()
		list, err := renewed.List(t.Context(), "")
		if err != nil || len(list) != len(grants) {
			t.Fatalf("%d grants, error %v", len(list), err)
		}
		for i, got := range list {
			if got.Version != grants[i].Version || got.Token.RefreshToken != grants[i].Token.RefreshToken {
				t.Errorf("grant %d came back changed", i)
			}
		}
	})
}

func TestPassphrase(t *testing.T) {
	eachDatabase(t, func(t *testing.T, url string) {
		keys, err := tokenstore.Passphrases("planted-passphrase")
		if err != nil {
			t.Fatal(err)
		}
		store := open(t, url, keys)
		defer store.Close()
		grant := save(t, store, storetest.Grant("app", "user"))
		again, err := tokenstore.Passphrases("planted-passphrase")
		if err != nil {
			t.Fatal(err)
		}
		other := open(t, url, again)
		defer other.Close()
		if _, err := other.Load(t.Context(), grant.Key); err != nil {
			t.Error(err)
		}
		save(t, other, storetest.Grant("app", "another"))
		// One salt for all, or each reader would derive a key per writer.
		var salts int
		if err := store.DB().QueryRowContext(t.Context(), `select count(distinct substr(sealed, 1, 30)) from ttshop_grants`).Scan(&salts); err != nil || salts != 1 {
			t.Errorf("%d salts, error %v", salts, err)
		}
	})
}

func TestSQLiteFile(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	create := func(t *testing.T) (string, tokenstore.Grant) {
		path := filepath.Join(t.TempDir(), "a store? 100%#") // what a URL would take apart
		store := open(t, "sqlite:"+path, keys)
		grant := save(t, store, storetest.Grant("app", "user"))
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Fatal(err)
		}
		return path, grant
	}
	t.Run("readable by others", func(t *testing.T) {
		t.Parallel()
		path, _ := create(t)
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := byurl.Open(t.Context(), "sqlite:"+path, keys); !errors.Is(err, tokenstore.ErrPermission) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("read-only", func(t *testing.T) {
		t.Parallel()
		path, grant := create(t)
		if err := os.Chmod(path, 0o400); err != nil {
			t.Fatal(err)
		}
		store := open(t, "sqlite:"+path, keys)
		defer store.Close()
		refusesWrites(t, store, grant, tokenstore.ErrReadOnly)
	})
	t.Run("full", func(t *testing.T) {
		t.Parallel()
		path, grant := create(t)
		store := open(t, "sqlite:"+path, keys)
		defer store.Close()
		exec(t, store, `pragma max_page_count = 1`) // which SQLite raises to what there is
		grant.Shops = make([]tokenstore.Shop, 500)
		_, err := store.Save(t.Context(), grant)
		if !errors.Is(err, tokenstore.ErrFull) {
			t.Errorf("error %v", err)
		}
		if got, err := store.Load(t.Context(), grant.Key); err != nil || got.Version != grant.Version {
			t.Errorf("afterwards %v, error %v", got, err)
		}
	})
	for name, damage := range map[string]func([]byte) []byte{
		"other file":  func([]byte) []byte { return bytes.Repeat([]byte("planted-text "), 500) },
		"first page":  func(b []byte) []byte { copy(b[100:], bytes.Repeat([]byte{0xff}, 200)); return b },
		"later pages": func(b []byte) []byte { copy(b[4096:], bytes.Repeat([]byte{0xff}, len(b)-4096)); return b },
		"cut":         func(b []byte) []byte { return b[:len(b)/2] },
	} {
		t.Run("damaged: "+name, func(t *testing.T) {
			t.Parallel()
			path, grant := create(t)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			content = damage(content)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			store, err := byurl.Open(t.Context(), "sqlite:"+path, keys)
			if err == nil {
				_, err = store.Load(t.Context(), grant.Key)
				store.Close()
			}
			if !errors.Is(err, tokenstore.ErrCorrupt) || strings.Contains(err.Error(), "planted") {
				t.Errorf("error %v", err)
			}
			after, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(after, content) {
				t.Errorf("the file was changed, or error %v", err)
			}
		})
	}
	t.Run("no folder", func(t *testing.T) {
		t.Parallel()
		if _, err := byurl.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "missing", "store"), keys); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("error %v", err)
		}
	})
}

func TestPostgresReadOnly(t *testing.T) {
	t.Parallel()
	base, keys := newPostgres(t), newKeys(t)
	store := open(t, base, keys)
	defer store.Close()
	grant := save(t, store, storetest.Grant("app", "user"))
	readOnly := open(t, with(t, base, "default_transaction_read_only", "on"), keys)
	defer readOnly.Close()
	refusesWrites(t, readOnly, grant, tokenstore.ErrReadOnly)
	// An empty one cannot be made ready.
	if _, err := byurl.Open(t.Context(), with(t, newPostgres(t), "default_transaction_read_only", "on"), keys); !errors.Is(err, tokenstore.ErrReadOnly) {
		t.Errorf("error %v", err)
	}
}

// with returns a connection URL with one more parameter.
func with(t *testing.T, connection, name, value string) string {
	t.Helper()
	u, err := url.Parse(connection)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	return u.String()
}

func TestPostgresPermissions(t *testing.T) {
	t.Parallel()
	base, keys := newPostgres(t), newKeys(t)
	store := open(t, base, keys)
	defer store.Close()
	grant := save(t, store, storetest.Grant("app", "user"))
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	schema := u.Query().Get("search_path")
	role := schema + "_reader"
	exec(t, store, `create role "`+role+`" login password 'planted-password'`)
	admin := store.DB()
	t.Cleanup(func() { // before the schema goes, and with it the rights in it
		db, err := sql.Open("pgx", base)
		if err == nil {
			_, err = db.ExecContext(context.Background(), `drop owned by "`+role+`"; drop role "`+role+`"`)
			db.Close()
		}
		if err != nil {
			t.Error(err)
		}
	})
	u.User = url.UserPassword(role, "planted-password")
	connection := u.String()
	if _, err := byurl.Open(t.Context(), connection, keys); err == nil || strings.Contains(err.Error(), "planted") {
		t.Errorf("without any right: error %v", err)
	}
	exec(t, store, `grant usage on schema "`+schema+`" to "`+role+`"`)
	if _, err := byurl.Open(t.Context(), connection, keys); !errors.Is(err, tokenstore.ErrPermission) || strings.Contains(err.Error(), "planted") {
		t.Errorf("without a right to the tables: error %v", err)
	}
	if _, err := admin.ExecContext(t.Context(), `grant select on all tables in schema "`+schema+`" to "`+role+`"`); err != nil {
		t.Fatal(err)
	}
	reader := open(t, connection, keys)
	defer reader.Close()
	refusesWrites(t, reader, grant, tokenstore.ErrPermission)
}

// TestPostgresFull has the server say what it says when its disk is full.
func TestPostgresFull(t *testing.T) {
	t.Parallel()
	store := open(t, newPostgres(t), newKeys(t))
	defer store.Close()
	grant := save(t, store, storetest.Grant("app", "user"))
	exec(t, store, `create function full_disk() returns trigger language plpgsql as $$ begin
		raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
		create trigger full_disk before insert or update on ttshop_grants for each row execute function full_disk()`)
	refusesWrites(t, store, grant, tokenstore.ErrFull)
}

func TestPostgresUnreachable(t *testing.T) {
	t.Parallel()
	for _, connection := range []string{
		"postgres://user:planted-password@127.0.0.1:1/test?sslmode=disable",
		"postgres://user:planted-password@127.0.0.1:port/test",
		"postgresql://user:planted-password@/test?host=/nowhere&sslmode=bad",
	} {
		_, err := byurl.Open(t.Context(), connection, newKeys(t))
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "planted") {
			t.Errorf("%v", err)
		}
	}
}

// TestPostgresLockConnectionBreaks: the lock is gone with its connection. Its
// context ends, nothing new is begun under it, and what was bought under it is
// saved over another connection.
func TestPostgresLockConnectionBreaks(t *testing.T) {
	t.Parallel()
	base, keys := newPostgres(t), newKeys(t)
	store, other := open(t, base, keys), open(t, base, keys)
	defer store.Close()
	defer other.Close()
	grant := save(t, store, storetest.Grant("app", "user"))
	held, unlock, err := store.Lock(t.Context(), grant.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	// Whoever holds an advisory lock with this test's number.
	exec(t, store, `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid::bigint = $1 and granted`,
		sqlstore.LockObject(grant.Key))
	select {
	case <-held.Done():
	case <-time.After(30 * time.Second):
		t.Fatal("the context of the lock outlives its connection")
	}
	if cause := context.Cause(held); !errors.Is(cause, tokenstore.ErrLockLost) {
		t.Errorf("the context of the lock ended with %v", cause)
	}
	_, theirs, err := other.Lock(t.Context(), grant.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs()
	late := context.WithoutCancel(held)
	intended := grant.Clone()
	intended.Intent = tokenstore.Intent{ID: "late", At: time.Now()}
	if _, err := store.Save(late, intended); !errors.Is(err, tokenstore.ErrLockLost) {
		t.Errorf("an intent under a lost lock: error %v", err)
	}
	grant.LostReason = "saved over another connection"
	if grant.Version, err = store.Save(late, grant); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Load(late, grant.Key); err != nil || got.LostReason != grant.LostReason || !got.Intent.IsZero() {
		t.Errorf("got %v, error %v", got, err)
	}
}

// TestSQLiteBehindLinks: stores opened by a link and by the path share one lock,
// even if the first is opened before the file exists.
func TestSQLiteBehindLinks(t *testing.T) {
	t.Parallel()
	root, keys := t.TempDir(), newKeys(t)
	if err := os.Symlink("store", filepath.Join(root, "link")); err != nil {
		t.Skip(err)
	}
	byLink := open(t, "sqlite:"+filepath.Join(root, "link"), keys)
	defer byLink.Close()
	byPath := open(t, "sqlite:"+filepath.Join(root, "store"), keys)
	defer byPath.Close()
	grant := save(t, byLink, storetest.Grant("app", "user"))
	if _, err := byPath.Load(t.Context(), grant.Key); err != nil {
		t.Error(err)
	}
	_, unlock, err := byLink.Lock(t.Context(), grant.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, unlock, err := byPath.Lock(ctx, grant.Key); err == nil {
		unlock()
		t.Error("the link has a lock of its own")
	}
}
