package prooftest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	gosync "sync"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sync"
)

// taken is what a copy took.
type taken struct {
	Rows, Requests int
	Live           uint64 // bytes that were in use at most; 0: nobody looked
	Seconds        float64
}

// measure copies shops once, as many side by side as the command does, and writes what
// that took.
func measure(ctx context.Context, j job, to sync.Destination, client *ttshop.Client) error {
	var mu gosync.Mutex
	var sum taken
	answers := 0
	config := sync.Config{Streams: j.Tables, Since: 10 * 365 * 24 * time.Hour, Budget: -1, People: sync.People{Keep: true}}
	if len(j.Shops) > 1 { // a thousand times all there is would take long
		config.Since = 7 * 24 * time.Hour
	}
	config.Progress = func(sync.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if answers++; j.Live && answers%10 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			sum.Live = max(sum.Live, m.HeapAlloc)
		}
	}
	e, err := sync.New(ctx, to, config)
	if err != nil {
		return err
	}
	began := time.Now()
	slots := make(chan struct{}, 4)
	errs := make([]error, len(j.Shops))
	source := &replay{answers: map[string]*ttshop.Response{}}
	var all gosync.WaitGroup
	for i, shop := range j.Shops {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			var caller sync.Caller = client.Shop(j.Ciphers[i])
			if len(j.Shops) > 1 {
				caller = source.of(caller)
			}
			report, err := e.Sync(ctx, shop, caller)
			mu.Lock()
			defer mu.Unlock()
			sum.Rows += report.Tally.Stored()
			sum.Requests += report.Requests
			errs[i] = errors.Join(err, report.Err())
		})
	}
	all.Wait()
	sum.Seconds = time.Since(began).Seconds()
	return errors.Join(append(errs, json.NewEncoder(os.Stdout).Encode(sum))...)
}

// replay gives many shops the answers that the first of them got.
type replay struct {
	mu      gosync.Mutex
	answers map[string]*ttshop.Response
}

func (r *replay) of(caller sync.Caller) sync.Caller { return &replayed{r, caller} }

type replayed struct {
	*replay
	caller sync.Caller
}

func (r *replayed) Call(ctx context.Context, method, path string, query url.Values, body any, options ...ttshop.CallOption) (*ttshop.Response, error) {
	sent := map[string]any{}
	if m, ok := body.(map[string]any); ok {
		maps.Copy(sent, m)
	}
	for _, bounds := range []string{"create_time_ge", "create_time_lt", "create_time_le", "update_time_ge", "update_time_lt", "update_time_le"} {
		if _, ok := sent[bounds]; ok { // shops begin at different seconds
			sent[bounds] = nil
		}
	}
	text, err := json.Marshal(sent)
	if err != nil {
		return nil, err
	}
	key := method + path + query.Encode() + string(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.answers[key]; a != nil {
		return a, nil
	}
	a, err := r.caller.Call(ctx, method, path, query, body, options...)
	if err == nil {
		r.answers[key] = a
	}
	return a, err
}

// memoryOf copies in a process of its own, and returns what that took and the largest
// resident set of the process, in bytes.
func memoryOf(t *testing.T, j job) (taken, int64) {
	t.Helper()
	j.Memory = true
	text, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), "TTSHOP_PROOF_JOB="+string(text))
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatal(err, said.String())
	}
	var sum taken
	if err := json.Unmarshal(out.Bytes(), &sum); err != nil {
		t.Fatal(err, out.String())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Skip("this system does not tell the memory of a process")
	}
	resident := usage.Maxrss
	if runtime.GOOS == "linux" {
		resident <<= 10
	}
	return sum, resident
}

// archived is a world whose shops have so many orders, and the job of copying them.
func archived(t *testing.T, orders int) job {
	t.Helper()
	w := newWorld(t, 1, "GB", control.Lists{}, func(c *sandbox.Config) { c.Orders = orders })
	w.tables = []string{"orders"}
	return w.apart(t, "GB")
}

// apart returns the job of copying shops into a new place that nobody has open.
func (w *world) apart(t *testing.T, regions ...string) job {
	t.Helper()
	c := places()[0].open(t)
	if err := c.to.Close(); err != nil {
		t.Fatal(err)
	}
	return w.jobFor(c, regions...)
}

// TestMemory proves that a copy needs no more memory where there are more rows: it
// fails where as much as the JSON of a tenth of the orders is kept.
func TestMemory(t *testing.T) {
	t.Parallel()
	live := map[int]uint64{}
	const few, many = 1_000, 5_000
	for _, orders := range []int{few, many} {
		j := archived(t, orders)
		j.Live = true
		sum, _ := memoryOf(t, j)
		if sum.Rows < orders {
			t.Fatalf("%d rows of %d", sum.Rows, orders)
		}
		live[orders] = sum.Live
		t.Logf("%d rows: %.1f MB in use at most", sum.Rows, float64(sum.Live)/1e6)
	}
	const order = 4_000 // bytes of JSON at least, and as much again as a row
	if most := live[few] + (many-few)*order/10; live[many] > most {
		t.Errorf("%d bytes in use for %d orders, %d for %d: want %d at most", live[many], many, live[few], few, most)
	}
}

// TestMemoryOfMany copies as many orders as TTSHOP_PROOF_ORDERS says, a million for the
// whole proof, and a thousand shops with all their tables, each in a process that has no
// more than 200 MB.
func TestMemoryOfMany(t *testing.T) {
	if os.Getenv("TTSHOP_PROOF_ORDERS") == "" {
		t.Skip("TTSHOP_PROOF_ORDERS is not set")
	}
	t.Parallel()
	const most = 200 << 20
	orders := number(t, "TTSHOP_PROOF_ORDERS", 1_000_000)
	t.Run(fmt.Sprintf("%d orders", orders), func(t *testing.T) {
		sum, resident := memoryOf(t, archived(t, orders))
		pages := (sum.Rows + 99) / 100
		t.Logf("%d rows in %.0f s, %d requests for %d pages, %.0f MB resident", sum.Rows, sum.Seconds, sum.Requests, pages, float64(resident)/1e6)
		if sum.Rows < orders || resident > most {
			t.Errorf("%d rows, %d bytes resident", sum.Rows, resident)
		}
		if float64(sum.Requests) > 1.02*float64(pages)+float64(pages)/25+10 {
			t.Errorf("%d requests for %d pages", sum.Requests, pages)
		}
	})
	t.Run("1000 shops", func(t *testing.T) {
		w := newWorld(t, 1, "GB", control.Lists{})
		streams, _, err := sync.Streams()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range streams {
			w.tables = append(w.tables, s.Name)
		}
		j := w.apart(t, "GB")
		for i := range 999 {
			shop := j.Shops[0]
			shop.ID = fmt.Sprint(i + 1)
			j.Shops, j.Ciphers = append(j.Shops, shop), append(j.Ciphers, j.Ciphers[0])
		}
		sum, resident := memoryOf(t, j)
		t.Logf("%d rows of %d tables in %.0f s, %d requests, %.0f MB resident", sum.Rows, len(w.tables), sum.Seconds, sum.Requests, float64(resident)/1e6)
		if resident > most {
			t.Errorf("%d bytes resident", resident)
		}
	})
}
