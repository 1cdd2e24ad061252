package tokenstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/storetest"
)

// newFile returns a file store that holds one grant.
func newFile(t *testing.T, keys *tokenstore.Keys) (store *tokenstore.File, path string, grant tokenstore.Grant) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "store")
	store = openFile(t, path, keys)
	grant = storetest.Grant("app", "user")
	version, err := store.Save(t.Context(), grant)
	if err != nil {
		t.Fatal(err)
	}
	grant.Version = version
	return store, path, grant
}

// refuses checks that every write to a store fails with an error of a class,
// shows no secret and leaves the file as it is.
func refuses(t *testing.T, store tokenstore.Store, path string, grant tokenstore.Grant, class error) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, errSave := store.Save(t.Context(), grant)
	_, errCreate := store.Save(t.Context(), storetest.Grant("app", "other"))
	for doing, err := range map[string]error{"save": errSave, "create": errCreate, "delete": store.Delete(t.Context(), grant.Key)} {
		if !errors.Is(err, class) {
			t.Errorf("%s: error %v, want %v", doing, err, class)
		}
		if shown := fmt.Sprintf("%v %+v", err, err); strings.Contains(shown, "planted") {
			t.Errorf("%s: the error shows a secret", doing)
		}
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed (error %v)", err)
	}
	left, err := filepath.Glob(path + ".*tmp*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestFileDamaged(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	_, whole, _ := newFile(t, keys)
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, []byte("planted")) || bytes.Contains(content, []byte("ROW_cipher")) {
		t.Fatal("the file shows what it holds")
	}
	const header = len("ttshop token store 1\n")
	flip := func(i int) []byte {
		changed := bytes.Clone(content)
		changed[i] ^= 0x10
		return changed
	}
	newer := bytes.Clone(content)
	newer[header] = 2
	inside, err := keys.Seal([]byte(`{"grants":[{"record":2}]}`), "ttshop token store file")
	if err != nil {
		t.Fatal(err)
	}
	noGrants, err := keys.Seal([]byte(`[1]`), "ttshop token store file")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		content []byte
		want    error
	}{
		{"empty", nil, tokenstore.ErrCorrupt},
		{"other file", []byte("#!/bin/sh\necho\n"), tokenstore.ErrCorrupt},
		{"first line only", content[:header], tokenstore.ErrCorrupt},
		{"cut in the first line", content[:header-1], tokenstore.ErrCorrupt},
		{"cut in the key id", content[:header+6], tokenstore.ErrCorrupt},
		{"cut in the nonce", content[:header+14], tokenstore.ErrCorrupt},
		{"cut at the end", content[:len(content)-1], tokenstore.ErrCorrupt},
		{"longer", append(bytes.Clone(content), 'x'), tokenstore.ErrCorrupt},
		{"magic changed", flip(3), tokenstore.ErrCorrupt},
		{"version changed", flip(header - 2), tokenstore.ErrCorrupt},
		{"key id changed", flip(header + 3), tokenstore.ErrWrongKey},
		{"nonce changed", flip(header + 12), tokenstore.ErrCorrupt},
		{"content changed", flip(header + 100), tokenstore.ErrCorrupt},
		{"tag changed", flip(len(content) - 1), tokenstore.ErrCorrupt},
		{"newer file", bytes.Replace(content, []byte("store 1"), []byte("store 12"), 1), tokenstore.ErrNewerVersion},
		{"newer seal", newer, tokenstore.ErrNewerVersion},
		{"newer record", append([]byte("ttshop token store 1\n"), inside...), tokenstore.ErrNewerVersion},
		{"no grants", append([]byte("ttshop token store 1\n"), noGrants...), tokenstore.ErrCorrupt},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			store, path, grant := newFile(t, keys)
			if err := os.WriteFile(path, tt.content, 0o600); err != nil {
				t.Fatal(err)
			}
			refuses(t, store, path, grant, tt.want)
			_, errLoad := store.Load(t.Context(), grant.Key)
			_, errList := store.List(t.Context(), "")
			_, errOpen := tokenstore.OpenFile(t.Context(), path, keys)
			_, errRotate := store.Rotate(t.Context())
			for doing, err := range map[string]error{"load": errLoad, "list": errList, "open": errOpen, "rotate": errRotate} {
				if !errors.Is(err, tt.want) {
					t.Errorf("%s: error %v, want %v", doing, err, tt.want)
				}
			}
		})
	}
}

func TestFileWrongKey(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	_, path, _ := newFile(t, keys)
	for name, wrong := range map[string]*tokenstore.Keys{"another key": newKeys(t), "a passphrase": passphrase(t, "planted-passphrase")} {
		if _, err := tokenstore.OpenFile(t.Context(), path, wrong); !errors.Is(err, tokenstore.ErrWrongKey) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := tokenstore.OpenFile(t.Context(), path, nil); err == nil {
		t.Error("opened without keys")
	}
}

func TestFileFull(t *testing.T) {
	t.Parallel()
	for _, room := range []int{0, 10, 1 << 20} { // the last one: full at the sync
		store, path, grant := newFile(t, newKeys(t))
		store.BreakWrites(room, syscall.ENOSPC)
		refuses(t, store, path, grant, tokenstore.ErrFull)
		store.BreakWrites(-1, nil)
		if _, err := store.Save(t.Context(), grant); err != nil {
			t.Errorf("after room was made: %v", err)
		}
	}
}

func TestFilePermissions(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	store, path, grant := newFile(t, keys)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, error %v", info.Mode(), err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o666} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		refuses(t, store, path, grant, tokenstore.ErrPermission)
		if _, err := store.Load(t.Context(), grant.Key); !errors.Is(err, tokenstore.ErrPermission) {
			t.Errorf("load: error %v", err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	refuses(t, store, path, grant, tokenstore.ErrReadOnly)
	if _, err := store.Load(t.Context(), grant.Key); err != nil {
		t.Errorf("load what may be read: %v", err)
	}
}

func TestFileReadOnlyFolder(t *testing.T) {
	t.Parallel()
	store, path, grant := newFile(t, newKeys(t))
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(filepath.Dir(path), 0o700) })
	dropPrivileges(t, path)
	refuses(t, store, path, grant, tokenstore.ErrPermission)
	if _, err := store.Load(t.Context(), grant.Key); err != nil {
		t.Errorf("load: %v", err)
	}
}

func TestFileFolders(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, path := range map[string]string{"missing": filepath.Join(folder, "missing", "store"), "itself": folder} {
		if _, err := tokenstore.OpenFile(t.Context(), path, newKeys(t)); err == nil {
			t.Errorf("%s folder: opened", name)
		}
	}
	// A link keeps pointing to the file.
	keys := newKeys(t)
	_, path, grant := newFile(t, keys)
	link := filepath.Join(folder, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if _, err := openFile(t, link, keys).Save(t.Context(), grant); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, error %v", info.Mode(), err)
	}
}

func TestFileLeftovers(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	store, path, grant := newFile(t, keys)
	if err := os.WriteFile(path+".tmp", []byte("half of a file"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Save(t.Context(), grant); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	_, unlock, err := store.Lock(t.Context(), grant.Key)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 2 {
		t.Errorf("files %v, error %v; want the store and its lock", files, err)
	}
}

// TestFileFinishesASave: a process was killed between writing the new content and
// renaming it.
func TestFileFinishesASave(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	store, path, grant := newFile(t, keys)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	grant.LostReason = "the save that was cut off"
	version, err := store.Save(t.Context(), grant)
	if err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, next := range map[string]func() error{
		"load":  func() error { _, err := store.Load(t.Context(), grant.Key); return err },
		"list":  func() error { _, err := store.List(t.Context(), ""); return err },
		"open":  func() error { _, err := tokenstore.OpenFile(t.Context(), path, keys); return err },
		"write": func() error { return store.Delete(t.Context(), tokenstore.Key{AppKey: "no", OpenID: "body"}) },
	} {
		if err := errors.Join(os.WriteFile(path, before, 0o600), os.WriteFile(path+".tmp", written, 0o600), next()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := store.Load(t.Context(), grant.Key)
		if err != nil || got.Version != version || got.LostReason != grant.LostReason {
			t.Errorf("%s: got %v, error %v", name, got, err)
		}
		if _, err := os.Stat(path + ".tmp"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the temporary file is still there: %v", name, err)
		}
	}
	// A temporary file sealed with another key is kept.
	_, other, otherGrant := newFile(t, newKeys(t))
	foreign, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".tmp", foreign, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Save(t.Context(), otherGrant); !errors.Is(err, tokenstore.ErrWrongKey) {
		t.Errorf("error %v", err)
	}
	if kept, err := os.ReadFile(path + ".tmp"); err != nil || !bytes.Equal(kept, foreign) {
		t.Errorf("it was changed, or error %v", err)
	}
}

func TestFileRotate(t *testing.T) {
	t.Parallel()
	old, next := newKeys(t), newKeys(t)
	_, path, grant := newFile(t, old)
	both := openFile(t, path, next.And(old))
	for _, want := range []int{1, 0} {
		if n, err := both.Rotate(t.Context()); n != want || err != nil {
			t.Errorf("rotated %d, error %v; want %d", n, err, want)
		}
	}
	if _, err := tokenstore.OpenFile(t.Context(), path, old); !errors.Is(err, tokenstore.ErrWrongKey) {
		t.Errorf("the old key: error %v", err)
	}
	got, err := openFile(t, path, next).Load(t.Context(), grant.Key)
	if err != nil || got.Version != grant.Version || got.Token.AccessToken != grant.Token.AccessToken {
		t.Errorf("got %v version %d, error %v", got, got.Version, err)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	for url, want := range map[string]string{
		"file:" + path:           "",
		"file://" + path:         "",
		"memory:":                "",
		"file://host/x":          "names a host",
		"file:":                  "has no path",
		path:                     "has no scheme",
		"memory:x":               "cannot open",
		"postgres://u:planted@h": "package sqlstore",
	} {
		store, err := tokenstore.Open(t.Context(), url, newKeys(t))
		if want == "" && (err != nil || store.Close() != nil) || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "planted")) {
			t.Errorf("%s: error %v, want %q", url, err, want)
		}
	}
}

// TestFileFromBeforeIntents opens a file that was written before grants had
// intents.
func TestFileFromBeforeIntents(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/before-intents.store")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := tokenstore.ParseKeys(strings.Repeat("0", 64))
	if err != nil {
		t.Fatal(err)
	}
	store, err := tokenstore.OpenFile(t.Context(), path, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	want := storetest.Grant("app", "user")
	grant, err := store.Load(t.Context(), want.Key)
	if err != nil || grant.Token.RefreshToken != want.Token.RefreshToken || !grant.Intent.IsZero() || len(grant.Shops) != len(want.Shops) {
		t.Errorf("grant %v, error %v", grant, err)
	}
	grant.Intent = tokenstore.Intent{ID: "attempt", At: time.Now()}
	if _, err := store.Save(t.Context(), grant); err != nil {
		t.Error(err)
	}
}

// TestFileBehindLinks: stores opened by a link and by the path share one file and
// one lock, even if the first is opened before the file exists.
func TestFileBehindLinks(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "real"), 0o700); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"folder": "real", "link": "folder/store"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Skip(err)
		}
	}
	keys, err := tokenstore.ParseKeys(tokenstore.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	var stores []*tokenstore.File
	for i, path := range []string{"link", "folder/store", "real/store", "link"} {
		store, err := tokenstore.OpenFile(t.Context(), filepath.Join(root, path), keys)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		stores = append(stores, store)
		if _, err := store.Save(t.Context(), storetest.Grant("app", fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	for i, store := range stores {
		if grants, err := store.List(t.Context(), ""); err != nil || len(grants) != len(stores) {
			t.Errorf("store %d: %d grants, error %v", i, len(grants), err)
		}
	}
	key := tokenstore.Key{AppKey: "app", OpenID: "0"}
	_, unlock, err := stores[0].Lock(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, unlock, err := stores[2].Lock(ctx, key); err == nil {
		unlock()
		t.Error("the link has a lock of its own")
	}
	if info, err := os.Lstat(filepath.Join(root, "link")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is none any more, error %v", err)
	}
}
