package crowdtest

import (
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
)

// Grants is the number of grants in each scene.
const Grants = 20

// due is the life of tokens that are due at once but good for long enough.
const due = 10 * time.Second

// FullThenKilled fills the disk before tokens are due, lets a process try for a
// while, kills it and makes room: nothing may have been spent without being
// stored, and the next process refreshes everything.
func FullThenKilled(t *testing.T, open Open, storeURL string, fill, free func()) {
	town := NewTown(t, &Sellers{Life: due, Strict: true}, Grants, open, storeURL)
	p := town.Start()
	fill()
	town.Wait("the process says that it cannot", func() bool { return town.Said("failed") >= Grants })
	p.Kill()
	free()
	town.RefreshAll()
	t.Log("full before, then killed: ", town.Check())
}

// FullInBetween fills the disk while the refreshes are under way, and kills the
// process once everything that can be stored is: no result may be missing.
func FullInBetween(t *testing.T, open Open, storeURL string, fill, free func()) {
	var once sync.Once
	sellers := &Sellers{Life: due, Strict: true}
	town := NewTown(t, sellers, Grants, open, storeURL)
	sellers.Granted = func() { once.Do(fill) }
	p := town.Start()
	town.Wait("a refresh on the full disk is stored, and the others are or say that they cannot", func() bool {
		done := town.Said("refreshed")
		return done >= town.Granted() && done >= 1 && done+town.Said("failed") >= Grants
	})
	stored := town.Said("refreshed")
	p.Kill()
	free()
	town.RefreshAll()
	t.Logf("full in between, then killed: %d results stored on the full disk; %s", stored, town.Check())
}

// ReadOnly makes the store refuse writes: the old tokens stay in use.
func ReadOnly(t *testing.T, open Open, storeURL string, readOnly func(on bool)) {
	town := NewTown(t, &Sellers{Life: due, Strict: true}, Grants, open, storeURL)
	readOnly(true)
	p := town.Start()
	town.Wait("the process says that it cannot", func() bool { return town.Said("failed") >= Grants })
	if n := town.Granted(); n != 0 {
		t.Errorf("%d refresh tokens were spent", n)
	}
	p.Kill()
	readOnly(false)
	town.RefreshAll()
	t.Log("read-only, then killed: ", town.Check())
}

// Failover makes the store unavailable several times while refreshes of several
// processes are under way. Afterwards all go on.
func Failover(t *testing.T, open Open, storeURL string, away func(), times int) {
	sellers := &Sellers{Life: 4 * time.Second, Strict: true, Granted: func() { time.Sleep(300 * time.Millisecond) }}
	town := NewTown(t, sellers, Grants, open, storeURL)
	for range 4 {
		town.Start()
	}
	for range times {
		before := town.Granted()
		town.Wait("refreshes are under way", func() bool { return town.Granted() >= before+3 })
		away()
		after := town.Said("refreshed")
		town.Wait("refreshes go on", func() bool { return town.Said("refreshed") >= after+Grants })
	}
	sellers.Close()
	town.Wait("what was bought is stored", func() bool { return len(town.Lost()) == 0 })
	figures := town.Check()
	if _, again, _ := sellers.book(); again > 0 {
		t.Errorf("%d spent tokens were sent again by living processes", again)
	}
	t.Logf("%d failovers: %s", times, figures)
}

// Rotate gives all processes a new key, one after the other, first to open with,
// then to seal with, rotates the store, and removes the old key, while all of
// them refresh.
func Rotate(t *testing.T, open Open, storeURL string, processes int) {
	sellers := &Sellers{Life: 4 * time.Second, Strict: true}
	town := NewTown(t, sellers, Grants, open, storeURL)
	running := make([]*Process, processes)
	for i := range running {
		running[i] = town.Start()
	}
	old, next := town.KeyText, tokenstore.GenerateKey()
	for _, keys := range []string{old + "," + next, next + "," + old, next} {
		town.KeyText = keys
		for i, p := range running {
			p.Stop()
			running[i] = town.Start()
		}
		if keys == next+","+old {
			rotate(t, town, keys)
		}
		before := town.Granted()
		town.Wait("refreshes go on", func() bool { return town.Granted() > before+Grants })
	}
	sellers.Close()
	town.Wait("what was bought is stored", func() bool { return len(town.Lost()) == 0 })
	figures := town.Check() // opens the store with the new key alone
	if _, again, refused := sellers.book(); again > 0 || refused > 0 {
		t.Errorf("%d spent tokens sent again, %d refused", again, refused)
	}
	t.Logf("%d processes through a rotation of the key: %s", processes, figures)
}

func rotate(t *testing.T, town *Town, keyText string) {
	t.Helper()
	keys, err := tokenstore.ParseKeys(keyText)
	if err != nil {
		t.Fatal(err)
	}
	store, err := town.Open(t.Context(), town.Store, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	n, err := store.(tokenstore.Rotator).Rotate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d grants sealed again by the rotation, the others by their saves", n)
}

// Crowd has many processes keep many grants while the token endpoint is slow:
// no process runs out of anything, and no spent token is sent again.
func Crowd(t *testing.T, open Open, storeURL string, processes int, slow time.Duration) {
	sellers := &Sellers{Life: due, Strict: true, Granted: func() { time.Sleep(slow) }}
	town := NewTown(t, sellers, Grants, open, storeURL)
	for range processes {
		town.Start()
	}
	town.Wait("each grant is refreshed", func() bool { return town.Said("refreshed") >= Grants })
	sellers.Close()
	town.Wait("what was bought is stored", func() bool { return len(town.Lost()) == 0 })
	failed := town.Said("failed")
	figures := town.Check()
	if _, again, refused := sellers.book(); again > 0 || refused > 0 {
		t.Errorf("%d spent tokens sent again, %d refused", again, refused)
	}
	t.Logf("%d processes, a token endpoint of %v: %d failures before it closed; %s", processes, slow, failed, figures)
}
