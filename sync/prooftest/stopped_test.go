//go:build unix

package prooftest_test

import (
	"fmt"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// TestProofEStopped proves that a process which is stopped for longer than its lease
// writes nothing when it goes on: by then another has the shop. A copy in SQLite has one
// process at a time, also while that stands still.
func TestProofEStopped(t *testing.T) {
	t.Parallel()
	proveIn(t, places()[1:], func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = changing
		c := p.open(t)
		heir := w.engine(t, c.to, func(c *sync.Config) { c.Owner, c.Lease = "heir", time.Minute })
		j := w.jobFor(c, "GB")
		j.Turns = 1
		j.Still = seed%2 == 1 // the fence alone is in its way
		for taken, round := 0, 1; taken == 0; round++ {
			if round > 20 {
				t.Fatal("no process was stopped in the middle of a turn")
			}
			k := startWorker(t, j)
			w.waitForWorker(t, c, k)
			time.Sleep(time.Duration(w.dice.IntN(30)) * time.Millisecond)
			k.signal(t, syscall.SIGSTOP)
			owner, was := w.holder(t, c)
			for range 20 { // what it has in its hands is old by the time it goes on
				w.change(t)
			}
			w.advance(t, 5*time.Minute)
			// The lease of a process that stands still runs out. One that stands in the middle
			// of a transaction keeps the row until the server ends that, after half a minute.
			copied := false
			for until := time.Now().Add(5 * time.Second); !copied && time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
				report, err := heir.Sync(t.Context(), w.shop(), w.Shop("GB"))
				copied = err == nil && report.Err() == nil
			}
			if copied && owner == "worker" {
				taken++
				// The shop is held, so that nothing but the fence is in the way.
				epoch, err := c.to.Acquire(t.Context(), w.shop(), "heir", time.Minute)
				if err != nil || epoch <= was {
					t.Fatalf("the epoch was %d and is %d: %v", was, epoch, err)
				}
				before := w.dump(t, c, heir)
				k.signal(t, syscall.SIGCONT)
				if err := k.cmd.Wait(); err != nil {
					t.Fatal(err, k.said.String())
				}
				if w.dump(t, c, heir) != before {
					t.Error("the stopped process wrote")
				}
				if err := c.to.Release(t.Context(), w.shop().ID, epoch); err != nil {
					t.Fatal(err)
				}
				continue
			}
			k.signal(t, syscall.SIGCONT)
			if err := k.cmd.Wait(); err != nil {
				t.Fatal(err, k.said.String())
			}
		}
		w.quiet(t, c)
	})
}

// signal sends a signal to the process.
func (k *worker) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := k.cmd.Process.Signal(s); err != nil {
		t.Fatal(err, k.said.String())
	}
}

// holder returns who holds the shop, and since which epoch.
func (w *world) holder(t *testing.T, c *copied) (owner string, epoch int64) {
	t.Helper()
	c.each(t, fmt.Sprintf(`select owner, epoch from _ttshop_shops where shop_id = '%s' and lease_until > clock_timestamp()`, w.shop().ID), func(v []string) {
		owner = v[0]
		var err error
		if epoch, err = strconv.ParseInt(v[1], 10, 64); err != nil {
			t.Fatal(err)
		}
	})
	return owner, epoch
}

// waitForWorker waits until a process has begun a turn.
func (w *world) waitForWorker(t *testing.T, c *copied, k *worker) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if owner, _ := w.holder(t, c); owner == "worker" {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("it does not begin: %s", k.said.String())
		}
	}
}
