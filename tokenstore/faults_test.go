package tokenstore_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/disk"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/internal/crowdtest"
	"github.com/ttshop-go/ttshop/tokenstore/storetest"
)

// TestFileOutlivesFullDisk: 20 grants, with the disk full before or during the
// refreshes, and the process killed.
func TestFileOutlivesFullDisk(t *testing.T) {
	t.Parallel()
	for name, scene := range map[string]func(*testing.T, crowdtest.Open, string, func(), func()){
		"before": crowdtest.FullThenKilled, "in between": crowdtest.FullInBetween,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := disk.New(t, 4<<20)
			scene(t, tokenstore.Open, "file:"+filepath.Join(d.Dir(), "store"), d.Fill, d.Free)
		})
	}
}

func TestFileOutlivesReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	crowdtest.ReadOnly(t, tokenstore.Open, "file:"+path, func(on bool) {
		if err := os.Chmod(path, map[bool]os.FileMode{true: 0o400, false: 0o600}[on]); err != nil {
			t.Error(err)
		}
	})
}

// TestFileOutlivesItsVolume: the folder disappears while refreshes are under way,
// as when a volume is unmounted, and comes back.
func TestFileOutlivesItsVolume(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "volume")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	times := 2
	if crowdtest.Long() {
		times = 20
	}
	crowdtest.Failover(t, tokenstore.Open, "file:"+filepath.Join(folder, "store"), func() { away(t, folder) }, times)
}

// away removes a folder for a second.
func away(t *testing.T, folder string) {
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Error(err)
	}
	time.Sleep(time.Second)
	if err := os.Rename(folder+".away", folder); err != nil {
		t.Error(err)
	}
}

// TestFileIsGone: a file that has disappeared is not an empty store whose grants
// somebody removed.
func TestFileIsGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	keys, err := tokenstore.ParseKeys(tokenstore.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	store, err := tokenstore.OpenFile(t.Context(), path, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	grant := storetest.Grant("app", "user")
	if grant.Version, err = store.Save(t.Context(), grant); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	_, errLoad := store.Load(t.Context(), grant.Key)
	_, errSave := store.Save(t.Context(), storetest.Grant("app", "another"))
	_, errList := store.List(t.Context(), "")
	for doing, err := range map[string]error{"load": errLoad, "save": errSave, "list": errList} {
		if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, tokenstore.ErrNotFound) {
			t.Errorf("%s: error %v", doing, err)
		}
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), grant.Key); err != nil {
		t.Error(err)
	}
}

// TestFileSurvivesKills kills processes that keep 20 grants.
func TestFileSurvivesKills(t *testing.T) {
	t.Parallel()
	town := crowdtest.NewTown(t, &crowdtest.Sellers{Life: 2 * time.Second}, crowdtest.Grants, tokenstore.Open, "file:"+filepath.Join(t.TempDir(), "store"))
	if crowdtest.Long() {
		crowdtest.Kills(t, town, 30, 300)
		return
	}
	crowdtest.Kills(t, town, 4, 10)
}

func TestFileRotatesUnderLoad(t *testing.T) {
	t.Parallel()
	processes := 3
	if crowdtest.Long() {
		processes = 30
	}
	crowdtest.Rotate(t, tokenstore.Open, "file:"+filepath.Join(t.TempDir(), "store"), processes)
}

func TestFileKeepsRoomForResults(t *testing.T) {
	t.Parallel()
	storetest.RunFull(t, func(t *testing.T) (tokenstore.Store, func(), func()) {
		d := disk.New(t, 4<<20)
		keys, err := tokenstore.ParseKeys(tokenstore.GenerateKey())
		if err != nil {
			t.Fatal(err)
		}
		store, err := tokenstore.OpenFile(t.Context(), filepath.Join(d.Dir(), "store"), keys)
		if err != nil {
			t.Fatal(err)
		}
		return store, d.Fill, d.Free
	})
}
