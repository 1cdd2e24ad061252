package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	gosync "sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
)

// TestWorkerDies has three processes share four shops that change. One is killed, and
// one is stopped for longer than its lease, both in the middle of a turn, and the
// stopped one moves again: the others go on with the shops of both, it writes nothing
// under its old epoch, and in the end every row is as the sandbox has it.
//
// TTSHOP_WORKERS_PROOF=full keeps the real times, which takes four minutes.
func TestWorkerDies(t *testing.T) {
	t.Parallel()
	full := os.Getenv("TTSHOP_WORKERS_PROOF") == "full"
	interval, deadline, slow := time.Second, 10*time.Second, slowness
	if full {
		interval, deadline, slow = 5*time.Second, 2*time.Minute, 10*slowness // to be met in a turn as often
	}
	w := newSlowWorld(t, slow)
	if !full {
		w.env = append(w.env, envHurried+"=1")
	}
	var all []*process
	for range 3 {
		all = append(all, w.worker(t, "--interval", interval.String(), "--settle", "0s"))
	}
	ending, end := context.WithCancel(t.Context())
	var changing gosync.WaitGroup
	changing.Go(func() { w.change(ending, t) })
	defer changing.Wait()
	defer end()
	waitFor(t, patience, func() error { // all shops have a copy, and all processes turns
		for _, p := range all {
			if p.lines("shop ") == 0 {
				return fmt.Errorf("process %d has made no turn", p.Process.Pid)
			}
		}
		return w.truth(t, `select count(distinct shop_id) = 4 from tiktok_shop.orders`)
	})

	killed, dead := w.stopInTurn(t, all)
	killed.signal(t, syscall.SIGKILL)
	began := time.Now()
	<-killed.ended
	rest := slices.DeleteFunc(slices.Clone(all), func(p *process) bool { return p == killed })
	zombie, old := w.stopInTurn(t, rest)
	waitFor(t, deadline, func() error { return w.passed(t, dead) })
	t.Logf("killed in the middle of a turn: its shop goes on after %s", time.Since(began).Round(100*time.Millisecond))
	waitFor(t, deadline, func() error { return w.passed(t, old) })
	t.Logf("stopped in the middle of a turn: its shop goes on after %s", time.Since(began).Round(100*time.Millisecond))

	written := w.writtenBy(t, old)
	zombie.signal(t, syscall.SIGCONT)
	zombie.says(t, "shop "+old.shop+": (context deadline exceeded|.*another worker has taken the shop over)")
	if after := w.writtenBy(t, old); after.rows > written.rows || after.seq > written.seq {
		t.Errorf("the process that moved again has written under its old epoch: %+v, before %+v", after, written)
	}

	// Whoever is left hands its shops over at once, to the one that moves again.
	for _, p := range rest {
		if p != zombie {
			if code := p.stop(t); code != 0 {
				t.Errorf("exit code %d: %s", code, p.said())
			}
		}
	}
	end()
	changing.Wait()
	now := w.calm(t)
	compared := time.Now()
	waitFor(t, deadline+3*interval, func() error {
		if err := w.truth(t, `select bool_and(cursor >= $1) from tiktok_shop._ttshop_state`, now); err != nil {
			return err // comparing costs more than asking how far it is
		}
		return w.equal(t)
	})
	t.Logf("equal to the sandbox %s after the last change", time.Since(compared).Round(100*time.Millisecond))
	if code := zombie.stop(t); code != 0 {
		t.Errorf("exit code %d: %s", code, zombie.said())
	}
	if err := w.truth(t, `select count(*) = 4 from tiktok_shop._ttshop_shops where lease_until = '-infinity'`); err != nil {
		t.Errorf("after the end, shops are held: %v", err)
	}
	if err := w.truth(t, `select count(*) = 4 from tiktok_shop_workers.river_job where state <> 'running'`); err != nil {
		t.Errorf("after the end, jobs are as if they were worked on: %v", err)
	}
}

// world is a sandbox, a database, and what the processes know.
type world struct {
	*sandboxtest.Server
	to   string
	pool *pgxpool.Pool
	env  []string
}

// slowness is how long an answer takes at least, so that turns have a middle.
const slowness = 15 * time.Millisecond

func newWorld(t *testing.T) *world { t.Helper(); return newSlowWorld(t, slowness) }

func newSlowWorld(t *testing.T, slowness time.Duration) *world {
	t.Helper()
	w := &world{Server: sandboxtest.StartWith(t, sandbox.Config{Seed: 1, Throttle: new(0.0)})}
	w.to, w.pool = newDatabase(t)
	target, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }, ErrorLog: log.New(io.Discard, "", 0)} // workers go away
	slow := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		time.Sleep(slowness)
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(slow.Close)
	c := w.Credentials
	w.env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", platform.EnvConfig+"="+filepath.Join(t.TempDir(), "config.json"),
		platform.EnvEndpoint+"="+slow.URL, platform.EnvAppKey+"="+c.AppKey, platform.EnvAppSecret+"="+c.AppSecret, platform.EnvAccessToken+"="+c.AccessToken)
	return w
}

// copied are the tables of the proof, and those that they need.
const copied = "orders,packages,returns,cancellations"

// worker starts a process that copies.
func (w *world) worker(t *testing.T, more ...string) *process {
	t.Helper()
	args := append([]string{"sync", "--to", w.to, "--watch", "--workers", "--pii", "keep", "--since", "-1000d", "--tables", copied, "--budget", "1000000"}, more...)
	return startProcess(t, w.env, args...)
}

// change lets things happen in all shops until the context ends.
func (w *world) change(ctx context.Context, t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for ctx.Err() == nil {
		shop := w.Credentials.Shops[dice.IntN(len(w.Credentials.Shops))].ID
		burst := control.Burst{ShopID: shop, Touch: 1 + dice.IntN(4)}
		if dice.IntN(4) == 0 {
			burst = control.Burst{ShopID: shop, Place: 1 + dice.IntN(3)}
		}
		if _, err := w.Control.BurstOrders(ctx, burst); err != nil && ctx.Err() == nil {
			if _, refused := errors.AsType[*control.Error](err); !refused {
				t.Error(err)
				return
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(dice.IntN(200)) * time.Millisecond):
		}
	}
}

// calm lets the last change settle, and returns a time after it.
func (w *world) calm(t *testing.T) (last time.Time) {
	t.Helper()
	frozen, err := w.Control.Freeze(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Control.Advance(t.Context(), 5*time.Second); err != nil {
		t.Fatal(err)
	}
	return time.Unix(frozen.Now+1, 0)
}

// truth returns an error unless a query says true.
func (w *world) truth(t *testing.T, query string, args ...any) error {
	t.Helper()
	var ok bool
	if err := w.pool.QueryRow(t.Context(), query, args...).Scan(&ok); err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("it is not so: %s", query)
	}
	return nil
}

// holding is a shop that a process has.
type holding struct {
	shop  string
	epoch int64
}

// held returns what a process has now.
func (w *world) held(t *testing.T, p *process) (h holding, ok bool) {
	t.Helper()
	err := w.pool.QueryRow(t.Context(), `select shop_id, epoch from tiktok_shop._ttshop_shops where owner like '%process ' || $1 || ',%' and lease_until > clock_timestamp() limit 1`,
		fmt.Sprint(p.Process.Pid)).Scan(&h.shop, &h.epoch)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	return h, err == nil
}

// stopInTurn stops the process that is the first to be in the middle of a turn.
func (w *world) stopInTurn(t *testing.T, all []*process) (stopped *process, had holding) {
	t.Helper()
	waitFor(t, patience, func() error {
		for _, p := range all {
			if _, busy := w.held(t, p); !busy {
				continue
			}
			p.signal(t, syscall.SIGSTOP)
			if h, still := w.held(t, p); still && w.unlocked(t, h) {
				stopped, had = p, h
				return nil
			}
			p.signal(t, syscall.SIGCONT) // its turn had just ended, or it is about to commit
		}
		return errors.New("no process is in the middle of a turn")
	})
	return stopped, had
}

// unlocked reports whether nobody is in the middle of writing a shop. The database
// ends that as well, but in its own time.
func (w *world) unlocked(t *testing.T, h holding) bool {
	t.Helper()
	var free int
	if err := w.pool.QueryRow(t.Context(), `select count(*) from (select 1 from tiktok_shop._ttshop_shops where shop_id = $1 for update skip locked) s`, h.shop).Scan(&free); err != nil {
		t.Fatal(err)
	}
	return free == 1
}

// passed returns an error until another process has ended a turn of a shop.
func (w *world) passed(t *testing.T, h holding) error {
	t.Helper()
	return w.truth(t, `select epoch > $2 and lease_until = '-infinity' or epoch > $2 + 1 from tiktok_shop._ttshop_shops where shop_id = $1`, h.shop, h.epoch)
}

// writing is what there is of an epoch.
type writing struct{ rows, seq int64 }

// writtenBy returns how many rows an epoch has left, and their last sequence.
func (w *world) writtenBy(t *testing.T, h holding) (sum writing) {
	t.Helper()
	for table := range strings.SplitSeq(copied, ",") {
		var one writing
		query := fmt.Sprintf(`select count(*), coalesce(max(_seq), 0) from tiktok_shop.%s where shop_id = $1 and _seq >> 32 = $2`, table)
		if err := w.pool.QueryRow(t.Context(), query, h.shop, h.epoch).Scan(&one.rows, &one.seq); err != nil {
			t.Fatal(err)
		}
		sum.rows += one.rows
		sum.seq = max(sum.seq, one.seq)
	}
	return sum
}

// list is an operation that lists all rows of a table.
type list struct{ table, key, path, items, size string }

var lists = []list{
	{"orders", "id", "/order/202309/orders/search", "orders", "100"},
	{"packages", "id", "/fulfillment/202309/packages/search", "packages", "50"},
	{"returns", "return_id", "/return_refund/202309/returns/search", "return_orders", "50"},
	{"cancellations", "cancel_id", "/return_refund/202309/cancellations/search", "cancellations", "50"},
}

// source reads all rows of a list, page by page. It has nothing in common with the code
// that it is to judge.
func (w *world) source(t *testing.T, l list, cipher string) map[string]json.RawMessage {
	t.Helper()
	all, token := map[string]json.RawMessage{}, ""
	for {
		query := url.Values{"page_size": {l.size}, "sort_order": {"ASC"}}
		if token != "" {
			query.Set("page_token", token)
		}
		body := map[string]any{}
		if strings.Contains(l.path, "return_refund") {
			body["locale"] = "en-US"
		}
		response, err := w.Client.Shop(cipher).Call(t.Context(), "POST", l.path, query, body, ttshop.AsRead())
		if err != nil {
			t.Fatal(err)
		}
		var data map[string]json.RawMessage
		var items []json.RawMessage
		if err := errors.Join(json.Unmarshal(response.Data, &data), json.Unmarshal(data[l.items], &items)); err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			var member map[string]any
			if err := json.Unmarshal(item, &member); err != nil {
				t.Fatal(err)
			}
			all[member[l.key].(string)] = item
		}
		token = ""
		if raw, ok := data["next_page_token"]; ok {
			if err := json.Unmarshal(raw, &token); err != nil {
				t.Fatal(err)
			}
		}
		if token == "" {
			return all
		}
	}
}

// equal returns an error unless each row is the sandbox's, byte for byte, and all tables
// are those of a copy that is made now.
func (w *world) equal(t *testing.T) error {
	t.Helper()
	for _, shop := range w.Credentials.Shops {
		for _, l := range lists {
			here := map[string]string{}
			rows, err := w.pool.Query(t.Context(), fmt.Sprintf(`select %s, _raw::text from tiktok_shop.%s where shop_id = $1 and _deleted_at is null`, l.key, l.table), shop.ID)
			if err != nil {
				return err
			}
			var id, raw string
			if _, err := pgx.ForEachRow(rows, []any{&id, &raw}, func() error { here[id] = raw; return nil }); err != nil {
				return err
			}
			there := w.source(t, l, shop.Cipher)
			for id, item := range there {
				if !bytes.Equal([]byte(here[id]), item) {
					return fmt.Errorf("%s %s is\n%s, not\n%s", l.table, id, here[id], item)
				}
			}
			if len(here) != len(there) {
				return fmt.Errorf("%s: %d rows, the source has %d", l.table, len(here), len(there))
			}
		}
	}
	return w.likeFresh(t)
}

// likeFresh compares all tables with those of a copy that one process makes now.
func (w *world) likeFresh(t *testing.T) error {
	t.Helper()
	if _, err := w.pool.Exec(t.Context(), `drop schema if exists fresh cascade`); err != nil {
		return err
	}
	to, err := postgres.Open(t.Context(), w.to, postgres.Options{Schema: "fresh"})
	if err != nil {
		return err
	}
	defer to.Close()
	engine, err := sync.New(t.Context(), to, sync.Config{Streams: strings.Split(copied, ","), Since: 1000 * 24 * time.Hour, Budget: -1, People: sync.People{Keep: true}, Settle: -1})
	if err != nil {
		return err
	}
	for _, shop := range w.Credentials.Shops {
		report, err := engine.Sync(t.Context(), sync.Shop{ID: shop.ID, Name: shop.Name, Region: shop.Region}, w.Client.Shop(shop.Cipher).WithShopID(shop.ID))
		if err := errors.Join(err, report.Err()); err != nil {
			return err
		}
	}
	for _, table := range engine.Schema().Tables {
		columns := []string{"shop_id"}
		for _, c := range table.Columns {
			columns = append(columns, pgx.Identifier{c.Name}.Sanitize()+"::text")
		}
		rows := func(schema string) string {
			where := ""
			if table.Parent == nil {
				where = " where _deleted_at is null"
			}
			return fmt.Sprintf("select %s from %s.%s%s", strings.Join(columns, ", "), schema, pgx.Identifier{table.Name}.Sanitize(), where)
		}
		query := fmt.Sprintf(`select not exists (%[1]s except all %[2]s) and not exists (%[2]s except all %[1]s)`,
			"("+rows("tiktok_shop")+")", "("+rows("fresh")+")")
		if err := w.truth(t, query); err != nil {
			return fmt.Errorf("table %s is not that of a fresh copy: %w", table.Name, err)
		}
	}
	return nil
}
