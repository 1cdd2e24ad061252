package sqlstore_test

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/disk"
	"github.com/ttshop-go/ttshop/internal/faultkit/postgres"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/internal/crowdtest"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/byurl"
	"github.com/ttshop-go/ttshop/tokenstore/storetest"
)

// fullScenes are what a full disk must not cost a grant.
var fullScenes = map[string]func(*testing.T, crowdtest.Open, string, func(), func()){
	"before": crowdtest.FullThenKilled, "in between": crowdtest.FullInBetween,
}

func TestSQLiteOutlivesFullDisk(t *testing.T) {
	t.Parallel()
	for name, scene := range fullScenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := disk.New(t, 8<<20)
			scene(t, byurl.Open, "sqlite:"+filepath.Join(d.Dir(), "store"), d.Fill, d.Free)
		})
	}
}

func TestPostgresOutlivesFullDisk(t *testing.T) {
	t.Parallel()
	for name, scene := range fullScenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := disk.New(t, 200<<20)
			dir := filepath.Join(d.Dir(), "cluster")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			scene(t, byurl.Open, postgres.New(t, postgres.In(dir)).URL(), d.Fill, d.Free)
		})
	}
}

func TestSQLiteOutlivesReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	crowdtest.ReadOnly(t, byurl.Open, "sqlite:"+path, func(on bool) {
		if err := os.Chmod(path, map[bool]os.FileMode{true: 0o400, false: 0o600}[on]); err != nil {
			t.Error(err)
		}
	})
}

func TestPostgresOutlivesReadOnly(t *testing.T) {
	t.Parallel()
	server := postgres.New(t)
	crowdtest.ReadOnly(t, byurl.Open, server.URL(), server.ReadOnly)
}

// TestPostgresFailsOver: sessions are ended, the server crashes, is killed and
// restarted while refreshes are under way.
func TestPostgresFailsOver(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*postgres.Server){
		"terminated": func(s *postgres.Server) { s.Terminate() },
		"crashed":    (*postgres.Server).Crash,
		"killed":     func(s *postgres.Server) { s.Kill(); time.Sleep(time.Second); s.Start() },
	} {
		t.Run(name, func(t *testing.T) {
			server := postgres.New(t)
			times := map[bool]int{true: 6, false: 2}[crowdtest.Long()]
			if name == "terminated" {
				times *= 3
			}
			crowdtest.Failover(t, byurl.Open, server.URL(), func() { away(server) }, times)
		})
	}
}

// TestSQLiteOutlivesItsVolume: the folder goes away while refreshes are under
// way, and comes back.
func TestSQLiteOutlivesItsVolume(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "volume")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	crowdtest.Failover(t, byurl.Open, "sqlite:"+filepath.Join(folder, "store"), func() {
		if err := os.Rename(folder, folder+".away"); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		if err := os.Rename(folder+".away", folder); err != nil {
			t.Error(err)
		}
	}, map[bool]int{true: 20, false: 2}[crowdtest.Long()])
}

// TestSurvivesKills has processes killed that keep 20 grants.
func TestSurvivesKills(t *testing.T) {
	t.Parallel()
	for name, create := range databases {
		t.Run(name, func(t *testing.T) {
			town := crowdtest.NewTown(t, &crowdtest.Sellers{Life: 2 * time.Second}, crowdtest.Grants, byurl.Open, create(t))
			if crowdtest.Long() {
				crowdtest.Kills(t, town, 30, 300)
				return
			}
			crowdtest.Kills(t, town, 4, 10)
		})
	}
}

func TestRotatesUnderLoad(t *testing.T) {
	t.Parallel()
	for name, create := range databases {
		t.Run(name, func(t *testing.T) {
			crowdtest.Rotate(t, byurl.Open, create(t), map[bool]int{true: 30, false: 3}[crowdtest.Long()])
		})
	}
}

// TestPostgresBoundsSessions: processes that all wait for the same grants hold
// two sessions each at most, and the server does not run out of them.
func TestPostgresBoundsSessions(t *testing.T) {
	t.Parallel()
	server := postgres.New(t)
	processes, slow := 6, 300*time.Millisecond
	if crowdtest.Long() {
		processes, slow = 30, 2*time.Second
	}
	var most atomic.Int64
	ended := make(chan struct{})
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		for {
			select {
			case <-ended:
				return
			case <-time.After(100 * time.Millisecond):
				most.Store(max(most.Load(), int64(server.Sessions())))
			}
		}
	}()
	crowdtest.Crowd(t, byurl.Open, server.URL(), processes, slow)
	close(ended)
	<-counted
	// One more for the test's own look at the store, twice.
	if n := most.Load(); n > int64(2*processes+4) {
		t.Errorf("%d processes had %d sessions", processes, n)
	}
	t.Logf("%d processes had %d sessions at most", processes, most.Load())
}

func TestSQLiteKeepsRoomForResults(t *testing.T) {
	t.Parallel()
	storetest.RunFull(t, func(t *testing.T) (tokenstore.Store, func(), func()) {
		d := disk.New(t, 8<<20)
		return openStore(t, "sqlite:"+filepath.Join(d.Dir(), "store"), newKeys(t)), d.Fill, d.Free
	})
}

func TestPostgresLosesLocks(t *testing.T) {
	t.Parallel()
	storetest.RunLostLocks(t, func(t *testing.T) (s, other tokenstore.Store, lose func()) {
		server, keys := postgres.New(t), newKeys(t)
		return openStore(t, server.URL(), keys), openStore(t, server.URL(), keys), func() { server.Terminate() }
	})
}
