package ttshop_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
)

// orderBook answers the order search over many orders, by the time of their
// creation, while more come in and others change.
type orderBook struct {
	mu      sync.RWMutex
	created []ttshop.UnixTime // of order i, rising
	updated []ttshop.UnixTime
}

func (b *orderBook) grow(n int, now ttshop.UnixTime) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range n {
		b.created, b.updated = append(b.created, now), append(b.updated, now)
		b.updated[(i*7919)%len(b.updated)] = now
	}
}

func (b *orderBook) search(w http.ResponseWriter, r received) {
	var filter struct {
		From ttshop.UnixTime `json:"create_time_ge"`
		To   ttshop.UnixTime `json:"create_time_lt"`
	}
	if err := json.Unmarshal([]byte(r.body), &filter); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	size, err := strconv.Atoi(r.query.Get("page_size"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	first, _ := slices.BinarySearch(b.created, filter.From)
	end, _ := slices.BinarySearch(b.created, filter.To)
	at := first
	if token := r.query.Get("page_token"); token != "" {
		if at, err = strconv.Atoi(token); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	last := min(at+size, end)
	var answer strings.Builder
	next := ""
	if last < end {
		next = strconv.Itoa(last)
	}
	fmt.Fprintf(&answer, `{"total_count":%d,"next_page_token":%q,"orders":[`, end-first, next)
	for i := at; i < last; i++ {
		if i > at {
			answer.WriteByte(',')
		}
		fmt.Fprintf(&answer, `{"id":"%d","create_time":%d,"update_time":%d}`, 576400000000000000+i, b.created[i], b.updated[i])
	}
	answer.WriteString("]}")
	_, _ = fmt.Fprint(w, success(answer.String()))
}

// A hundred thousand orders are walked while more come in: each exactly once,
// with the memory of a few pages; and a walk that is killed over and over and
// resumed from its checkpoint misses none.
func TestWalkOverManyOrders(t *testing.T) {
	const orders, from, to = 100_000, 1_700_000_000, 1_700_000_000 + 30*day
	book := &orderBook{}
	for i := range orders {
		at := ttshop.UnixTime(from + i*(to-from)/orders)
		book.created, book.updated = append(book.created, at), append(book.updated, at)
	}
	client := newClient(platform(t, book.search), ttshop.WithLimiter(nil))
	type order struct {
		ID      string          `json:"id"`
		Created ttshop.UnixTime `json:"create_time"`
	}
	walk := func(resume ttshop.Checkpoint) *ttshop.TimeWalk[order] {
		return &ttshop.TimeWalk[order]{
			Span: ttshop.Span{From: from, To: to}, Slice: 6 * time.Hour, Parallel: 8, MaxHits: 600, Resume: resume,
			Key: func(o order) string { return o.ID },
			Fetch: func(ctx context.Context, span ttshop.Span, token string) (ttshop.Page[order], error) {
				query := url.Values{"page_size": {"100"}}
				if token != "" {
					query.Set("page_token", token)
				}
				res, err := client.Call(ctx, "POST", "/order/202309/orders/search", query, map[string]any{"create_time_ge": span.From, "create_time_lt": span.To}, ttshop.AsRead())
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
	}
	index := func(o order) int {
		n, err := strconv.Atoi(o.ID)
		if err != nil {
			t.Fatal(err)
		}
		return n - 576400000000000000
	}

	seen := make([]uint8, orders)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var early, most uint64
	count := 0
	for o, err := range walk(ttshop.Checkpoint{}).All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		seen[index(o)]++
		if count++; count%10_000 == 0 {
			book.grow(50, to+ttshop.UnixTime(count))
			if early == 0 {
				early = heap()
			}
			most = max(most, heap())
		}
	}
	for i, n := range seen {
		if n != 1 {
			t.Fatalf("order %d comes %d times", i, n)
		}
	}
	if most > early+8<<20 {
		t.Errorf("the heap grew from %d to %d bytes", early, most)
	}

	clear(seen)
	var checkpoint ttshop.Checkpoint
	kills := 0
	for done := false; !done; {
		w := walk(checkpoint)
		left := 17_000
		done = true
		for o, err := range w.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			seen[index(o)]++
			if left--; left == 0 {
				done = false
				kills++
				break
			}
		}
		saved, err := json.Marshal(w.Checkpoint())
		if err != nil {
			t.Fatal(err)
		}
		if len(saved) > 4000 {
			t.Errorf("the checkpoint takes %d bytes", len(saved))
		}
		checkpoint = ttshop.Checkpoint{}
		if err := json.Unmarshal(saved, &checkpoint); err != nil {
			t.Fatal(err)
		}
	}
	again := 0
	for i, n := range seen {
		if n == 0 {
			t.Fatalf("order %d never comes", i)
		}
		again += int(n) - 1
	}
	// What was under way at a kill comes again: eight slices at most.
	if kills < 5 || again > kills*8*orders*6/(30*24) {
		t.Errorf("%d kills, %d orders came again", kills, again)
	}
}
