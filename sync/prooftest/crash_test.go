package prooftest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
	"modernc.org/sqlite"
)

// job is what a process of its own is to copy.
type job struct {
	URL, Key, Secret, Token string
	Shops                   []sync.Shop
	Ciphers                 []string
	Place, To               string
	Tables                  []string
	Settle                  time.Duration // 0: the usual
	Memory                  bool          // copy once, and tell the memory that it took
	Live                    bool          // likewise, with what is in use, which takes time
	DieAt                   int           // the transaction that kills the process as it is committed; 0: none
	Turns                   int           // after which it ends; 0: any number
	Still                   bool          // it does not renew its lease, nor hears by that that it has lost it
}

// TestMain makes a process that copies of the test binary where it is started as one.
func TestMain(m *testing.M) {
	if text := os.Getenv("TTSHOP_PROOF_JOB"); text != "" {
		if err := work(context.Background(), []byte(text)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	debug.SetGCPercent(400) // the worlds are small, and there are many
	code := m.Run()
	if err := dropDatabase(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// work copies again and again until its input ends.
func work(ctx context.Context, text []byte) error {
	var j job
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if j.DieAt > 0 {
		dieAt(j.DieAt)
	}
	to, db, err := openAt(ctx, j.Place, j.To)
	if err != nil {
		return err
	}
	defer to.Close()
	defer db.Close()
	if j.Still {
		to = still{to}
	}
	e, err := sync.New(ctx, to, sync.Config{Streams: j.Tables, Since: since, Budget: -1, People: sync.People{Keep: true}, Owner: "worker", Lease: time.Second, Settle: j.Settle})
	if err != nil {
		return err
	}
	client := ttshop.New(j.Key, j.Secret, ttshop.WithEndpoint(j.URL), ttshop.WithTokenSource(ttshop.StaticToken(j.Token)),
		ttshop.WithRetry(ttshop.RetryPolicy{Tries: 3, MinWait: time.Millisecond, MaxWait: 5 * time.Millisecond}))
	if j.Memory {
		return measure(ctx, j, to, client)
	}
	go listen(ctx, cancel, e)
	for turn := 1; ctx.Err() == nil && (j.Turns == 0 || turn <= j.Turns); turn++ {
		var all gosync.WaitGroup
		for i, shop := range j.Shops {
			all.Go(func() { // what fails is tried again with the next turn
				_, _ = e.Sync(ctx, shop, client.Shop(j.Ciphers[i]).WithShopID(shop.ID))
			})
		}
		all.Wait()
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// listen notes the hints that come in, and ends the work when no more can come.
func listen(ctx context.Context, end func(), e *sync.Engine) {
	defer end()
	in := json.NewDecoder(os.Stdin)
	for {
		var hint sync.Hint
		if err := in.Decode(&hint); err != nil {
			return
		}
		_, _ = e.Note(ctx, hint.Shop, []sync.Hint{hint}) // one that fails is one that was lost
	}
}

// dieAt kills the process in the middle of committing a transaction to SQLite.
func dieAt(n int) {
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, _ string) error {
		commits := 0
		conn.(sqlite.HookRegisterer).RegisterCommitHook(func() int32 {
			if commits++; commits == n {
				if self, err := os.FindProcess(os.Getpid()); err == nil {
					_ = self.Kill() // without success the parent fails
				}
				select {} // until it has come through
			}
			return 0
		})
		return nil
	})
}

// jobFor returns the job of copying shops of a world.
func (w *world) jobFor(c *copied, regions ...string) job {
	j := job{URL: w.URL, Key: w.Credentials.AppKey, Secret: w.Credentials.AppSecret, Token: w.Credentials.AccessToken, Place: c.kind.name, To: c.path, Tables: w.tables}
	for _, region := range regions {
		for _, s := range w.Credentials.Shops {
			if s.Region == region {
				j.Shops, j.Ciphers = append(j.Shops, sync.Shop{ID: s.ID, Region: region}), append(j.Ciphers, s.Cipher)
			}
		}
	}
	return j
}

// worker is a process that copies.
type worker struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	said bytes.Buffer
}

func startWorker(t *testing.T, j job) *worker {
	t.Helper()
	text, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	k := &worker{cmd: exec.Command(self)}
	k.cmd.Env = append(os.Environ(), "TTSHOP_PROOF_JOB="+string(text))
	k.cmd.Stderr = &k.said
	if k.in, err = k.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.cmd.Process.Kill() }) // it is over unless the test failed
	return k
}

// kill ends the process as a power cut would.
func (k *worker) kill(t *testing.T) {
	t.Helper()
	if err := k.cmd.Process.Kill(); err != nil {
		t.Fatal(err, k.said.String())
	}
	if err := k.cmd.Wait(); err == nil {
		t.Fatal("the worker ended by itself")
	}
	if k.said.Len() > 0 {
		t.Fatal(k.said.String())
	}
}

// die waits until the process has killed itself.
func (k *worker) die(t *testing.T) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- k.cmd.Wait() }()
	select {
	case err := <-ended:
		if err == nil || k.said.Len() > 0 {
			t.Fatal(err, k.said.String())
		}
	case <-time.After(time.Minute):
		t.Fatal("the worker lives on")
	}
}

// TestProofEKill proves that a process may be killed anywhere: nothing is lost, and
// nothing is there twice. It dies while some answer is under way or being stored.
func TestProofEKill(t *testing.T) {
	t.Parallel()
	kills := number(t, "TTSHOP_PROOF_KILLS", 5)
	prove(t, func(t *testing.T, p place, seed uint64) {
		var answered atomic.Int64
		w := newWorld(t, seed, "GB", control.Lists{}, func(c *sandbox.Config) {
			c.Answered = func(sandbox.Answered) { answered.Add(1) }
		})
		w.tables = changing
		c := p.open(t)
		w.engine(t, c.to) // makes the tables
		for range kills {
			if err := c.to.Close(); err != nil {
				t.Fatal(err)
			}
			answered.Store(0)
			j := w.jobFor(c, "GB")
			if p.name == "sqlite" && w.dice.IntN(2) == 0 {
				j.DieAt = 2 + w.dice.IntN(30)
				k := startWorker(t, j)
				k.die(t)
				c = w.survivor(t, c)
				continue
			}
			k := startWorker(t, j)
			at, until := int64(1+w.dice.IntN(25)), time.Now().Add(time.Minute)
			for answered.Load() < at {
				if time.Now().After(until) {
					t.Fatalf("%d of %d requests in a minute: %s", answered.Load(), at, k.said.String())
				}
				time.Sleep(200 * time.Microsecond)
			}
			time.Sleep(time.Duration(w.dice.IntN(4000)) * time.Microsecond)
			k.kill(t)
			c = w.survivor(t, c)
		}
		time.Sleep(time.Second) // the lease of the dead
		w.quiet(t, c)
	})
}

// survivor is the copy that a dead process left, in a world that has gone on.
func (w *world) survivor(t *testing.T, c *copied) *copied {
	t.Helper()
	c = c.reopen(t)
	w.upToCursor(t, c)
	for range 10 {
		w.change(t)
	}
	w.advance(t, time.Duration(30+w.dice.IntN(200))*time.Second)
	return c
}

// TestProofEZombie proves that a worker who stood still for longer than its lease
// writes nothing when it moves again.
func TestProofEZombie(t *testing.T) {
	t.Parallel()
	prove(t, func(t *testing.T, p place, seed uint64) {
		w := newWorld(t, seed, "GB", control.Lists{})
		w.tables = []string{"orders", "products", "statements"}
		c := p.open(t)
		stopped, moves := make(chan struct{}), make(chan struct{})
		var requests atomic.Int64
		at := 1 + w.dice.Int64N(7)
		m := &meddler{Caller: w.Shop("GB")}
		m.after = func(string, urlValues, any, error) {
			switch n := requests.Add(1); {
			case n == at:
				close(stopped)
				fallthrough
			case n > at:
				<-moves
			}
		}
		lease := func(owner string) func(*sync.Config) {
			return func(c *sync.Config) { c.Owner, c.Lease = owner, 100*time.Millisecond }
		}
		zombie, heir := w.engine(t, still{c.to}, lease("zombie")), w.engine(t, c.to, lease("heir"))
		end := make(chan error, 1)
		go func() {
			_, err := zombie.Sync(t.Context(), w.shop(), m)
			end <- err
		}()
		<-stopped
		for until := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			_, err := heir.Sync(t.Context(), w.shop(), w.Shop("GB"))
			if err == nil {
				break
			}
			if !errors.Is(err, sync.ErrHeld) || time.Now().After(until) {
				t.Fatal(err)
			}
		}
		for range 20 { // what the zombie has in its hands is old now
			w.change(t)
		}
		w.advance(t, 5*time.Minute)
		copyOnce(t, heir, w.shop(), w.Shop("GB"))
		before := w.dump(t, c, heir)
		close(moves)
		if err := <-end; !errors.Is(err, sync.ErrFenced) {
			t.Errorf("the zombie ended with %v", err)
		}
		if w.dump(t, c, heir) != before {
			t.Error("the zombie wrote")
		}
		w.quiet(t, c)
	})
}

// still is a destination as a process has it that stands still: it renews nothing.
type still struct{ sync.Destination }

func (still) Renew(context.Context, string, int64, time.Duration) error { return nil }

// dump returns all that is in the tables and in the state.
func (w *world) dump(t *testing.T, c *copied, e *sync.Engine) string {
	t.Helper()
	var lines []string
	tables := []string{"_ttshop_state", "_ttshop_todo", "_ttshop_issues"}
	for _, table := range e.Schema().Tables {
		tables = append(tables, table.Name)
	}
	for _, table := range tables {
		c.each(t, "select * from "+table, func(v []string) { lines = append(lines, table+" "+strings.Join(v, "|")) })
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
