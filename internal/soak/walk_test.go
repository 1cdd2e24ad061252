package soak_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
)

// envWalk holds a walkTask. The test binary that finds it is the program that
// walks.
const envWalk = "TTSHOP_TEST_WALK"

// walkTask is what the walking program is told.
type walkTask struct {
	URL, AppKey, AppSecret, Token, Cipher string

	From, To   ttshop.UnixTime
	Checkpoint string // file
}

func TestMain(m *testing.M) {
	if text := os.Getenv(envWalk); text != "" {
		if err := walkOrders(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// walkOrders walks the orders of a shop, from the checkpoint where there is
// one. It writes a line for each order and, now and then, the heap in use; the
// checkpoint is saved only once the lines of its orders are out.
func walkOrders(text string) error {
	var task walkTask
	if err := json.Unmarshal([]byte(text), &task); err != nil {
		return err
	}
	var resume ttshop.Checkpoint
	switch saved, err := os.ReadFile(task.Checkpoint); {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(saved, &resume); err != nil {
			return err
		}
	}
	client := ttshop.New(task.AppKey, task.AppSecret, ttshop.WithEndpoint(task.URL),
		ttshop.WithTokenSource(ttshop.StaticToken(task.Token)), ttshop.WithLimiter(nil)).Shop(task.Cipher)
	type order struct {
		ID string `json:"id"`
	}
	walk := &ttshop.TimeWalk[order]{
		Span: ttshop.Span{From: task.From, To: task.To}, Slice: 10 * 24 * time.Hour, Parallel: 4, MaxHits: 1000, Resume: resume,
		Key: func(o order) string { return o.ID },
		Fetch: func(ctx context.Context, span ttshop.Span, token string) (ttshop.Page[order], error) {
			query := url.Values{"page_size": {"100"}}
			if token != "" {
				query.Set("page_token", token)
			}
			res, err := client.Call(ctx, "POST", "/order/202309/orders/search", query,
				map[string]any{"create_time_ge": span.From, "create_time_lt": span.To}, ttshop.AsRead())
			if err != nil {
				return ttshop.Page[order]{}, err
			}
			var data struct {
				Next   string  `json:"next_page_token"`
				Total  int     `json:"total_count"`
				Orders []order `json:"orders"`
			}
			err = res.Decode(&data)
			return ttshop.Page[order]{Items: data.Orders, Next: data.Next, Total: data.Total}, err
		},
	}
	out := bufio.NewWriter(os.Stdout)
	n := 0
	for o, err := range walk.All(context.Background()) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, o.ID)
		if n++; n%500 == 0 {
			if n%10_000 == 0 {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				fmt.Fprintln(out, "heap", m.HeapAlloc)
			}
			if err := save(out, task.Checkpoint, walk.Checkpoint()); err != nil {
				return err
			}
		}
	}
	return save(out, task.Checkpoint, walk.Checkpoint())
}

// save replaces the checkpoint in one step, after everything before it is out.
func save(out *bufio.Writer, name string, checkpoint ttshop.Checkpoint) error {
	if err := out.Flush(); err != nil {
		return err
	}
	b, err := json.Marshal(checkpoint)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// market is the sandbox that is walked, with what goes on in it meanwhile.
type market struct {
	t          *testing.T
	url        string
	shop       *ttshop.Client
	credential sandbox.Credentials
	sku        string
	open       []string // orders that can be brought on
	made       int
	moved      int
}

// bustle places an order and delivers one from the walked time.
func (m *market) bustle() {
	m.t.Helper()
	m.control("orders", map[string]any{
		"shop_id": m.credential.Shops[0].ID, "lines": []any{map[string]any{"sku_id": m.sku, "quantity": 1}},
	})
	m.made++
	if len(m.open) > 0 {
		m.control("orders/"+m.open[0]+"/move", map[string]any{"to": "DELIVERED"})
		m.open = m.open[1:]
		m.moved++
	}
}

func (m *market) control(path string, body any) {
	m.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		m.t.Fatal(err)
	}
	response, err := http.Post(m.url+"/_sandbox/"+path, "application/json", bytes.NewReader(b))
	if err != nil {
		m.t.Fatal(err)
	}
	defer response.Body.Close()
	if answer, err := io.ReadAll(response.Body); err != nil || response.StatusCode >= 300 {
		m.t.Fatalf("%s: status %d: %s, %v", path, response.StatusCode, answer, err)
	}
}

// search reads a page of orders or products.
func (m *market) search(path string, filter map[string]any, into any) {
	m.t.Helper()
	response, err := m.shop.Call(m.t.Context(), "POST", path, url.Values{"page_size": {"100"}}, filter, ttshop.AsRead())
	if err == nil {
		err = response.Decode(into)
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

// newMarket opens a sandbox with many orders.
func newMarket(t *testing.T, orders int) *market {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{Seed: 11, Throttle: new(0.0), Orders: orders})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sb)
	t.Cleanup(server.Close)
	c := sb.Credentials()
	m := &market{t: t, url: server.URL, credential: c}
	m.shop = ttshop.New(c.AppKey, c.AppSecret, ttshop.WithEndpoint(server.URL),
		ttshop.WithTokenSource(ttshop.StaticToken(c.AccessToken)), ttshop.WithLimiter(nil)).Shop(c.Shops[0].Cipher)
	var found struct {
		Products []struct {
			ID   string
			SKUs []struct{ ID string } `json:"skus"`
		} `json:"products"`
		Orders []struct{ ID string } `json:"orders"`
	}
	m.search("/product/202502/products/search", map[string]any{"status": "ACTIVATE"}, &found)
	m.search("/order/202309/orders/search", map[string]any{"order_status": "AWAITING_SHIPMENT", "is_buyer_request_cancel": false}, &found)
	if len(found.Products) == 0 || len(found.Orders) == 0 {
		t.Fatal("the sandbox has no products or no open orders")
	}
	product := found.Products[0]
	m.sku = product.SKUs[0].ID
	_, err = m.shop.Call(t.Context(), "POST", "/product/202309/products/"+product.ID+"/inventory/update", nil,
		map[string]any{"skus": []any{map[string]any{"id": m.sku, "inventory": []any{map[string]any{"quantity": 90_000}}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range found.Orders {
		m.open = append(m.open, o.ID)
	}
	return m
}

// walk runs the walking program, kills it once it has reported most orders, 0 for
// never, and counts the orders that it reported. If the program ran to the end, it
// returns its early and its largest heap.
func (m *market) walk(task walkTask, most int, seen map[string]int) (early, peak uint64) {
	m.t.Helper()
	text, err := json.Marshal(task)
	if err != nil {
		m.t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		m.t.Fatal(err)
	}
	cmd := exec.CommandContext(m.t.Context(), program)
	cmd.Env = append(os.Environ(), envWalk+"="+string(text))
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	told, killed := 0, false
	reader := bufio.NewReader(out)
	for {
		line, err := reader.ReadString('\n')
		if err == io.EOF { // a line cut short by the end does not count
			break
		}
		if err != nil {
			m.t.Fatal(err)
		}
		if heap, ok := strings.CutPrefix(line, "heap "); ok {
			n, err := strconv.ParseUint(strings.TrimSpace(heap), 10, 64)
			if err != nil {
				m.t.Fatal(err)
			}
			if early == 0 {
				early = n
			}
			peak = max(peak, n)
			continue
		}
		seen[strings.TrimSpace(line)]++
		if told++; told%2000 == 0 {
			m.bustle()
		}
		if told == most {
			killed = true
			if err := cmd.Process.Kill(); err != nil { // SIGKILL: nothing can be put in order
				m.t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); (err != nil) != killed {
		m.t.Fatalf("the walk ends with %v: %s", err, complaint.String())
	}
	return early, peak
}

// A hundred thousand orders of the sandbox are walked by another process while
// orders are made and changed: each exactly once, with constant memory. Killed
// over and over and resumed from its checkpoint, the walk misses none.
func TestWalkOfTheSandboxSurvivesKills(t *testing.T) {
	t.Parallel()
	const orders = 100_000
	m := newMarket(t, orders)
	now := time.Now()
	task := walkTask{
		URL: m.url, AppKey: m.credential.AppKey, AppSecret: m.credential.AppSecret, Token: m.credential.AccessToken,
		Cipher: m.credential.Shops[0].Cipher, From: ttshop.TimeOf(now.AddDate(-3, 0, 0)), To: ttshop.TimeOf(now.Add(-time.Minute)),
		Checkpoint: filepath.Join(t.TempDir(), "whole"),
	}
	var all struct {
		Total int `json:"total_count"`
	}
	m.search("/order/202309/orders/search", map[string]any{"create_time_ge": task.From, "create_time_lt": task.To}, &all)
	if all.Total <= orders {
		t.Fatalf("the sandbox has %d orders", all.Total)
	}

	whole := make(map[string]int, all.Total)
	early, peak := m.walk(task, 0, whole)
	if len(whole) != all.Total {
		t.Errorf("%d orders are walked, want %d", len(whole), all.Total)
	}
	for id, n := range whole {
		if n != 1 {
			t.Fatalf("order %s comes %d times", id, n)
		}
	}
	if early == 0 || peak > early+4<<20 {
		t.Errorf("the heap of the walking program grew from %d to %d bytes", early, peak)
	}

	task.Checkpoint = filepath.Join(t.TempDir(), "killed")
	union := make(map[string]int, all.Total)
	for _, most := range []int{31_700, 29_300, 30_100} {
		m.walk(task, most, union)
		if len(union) == all.Total {
			t.Fatal("a walk that was killed is through")
		}
	}
	m.walk(task, 0, union)
	again := -all.Total
	for id, n := range union {
		if whole[id] == 0 {
			t.Errorf("order %s is not an order of the time walked", id)
		}
		again += n
	}
	if len(union) != all.Total {
		t.Errorf("after three kills %d orders are walked, want %d", len(union), all.Total)
	}
	// What was under way at a kill comes again: some slices of a thousand each.
	if again > 3*10_000 {
		t.Errorf("%d orders come again after three kills", again)
	}
	if m.made < 90 || m.moved < 30 {
		t.Errorf("only %d orders were made and %d changed meanwhile", m.made, m.moved)
	}
	t.Logf("%d orders, heap of the walk %d to %d kB, %d came again after three kills, %d made and %d changed meanwhile", all.Total, early>>10, peak>>10, again, m.made, m.moved)
}
