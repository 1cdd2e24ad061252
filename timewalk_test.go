package ttshop_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop"
)

// thing is what a ledger is searched for.
type thing struct {
	ID string
	At ttshop.UnixTime
}

// ledger answers searches by time, page by page; tokens are positions, so that
// pages move when things are taken out.
type ledger struct {
	mu     sync.Mutex
	things []thing // by time
	size   int
	cap    int // hits that a search gives
	calls  int
	active int
	most   int // calls at a time
	fail   error
	failAt int
	delay  time.Duration
	page   func(*ledger) // is called after each page
}

func newLedger(n int, from, to ttshop.UnixTime) *ledger {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	l := &ledger{size: 50, cap: 10_000}
	for i := range n {
		l.things = append(l.things, thing{fmt.Sprint("t", i), from + ttshop.UnixTime(random.Int64N(int64(to-from)))})
	}
	slices.SortFunc(l.things, func(a, b thing) int { return int(a.At - b.At) })
	return l
}

func (l *ledger) fetch(ctx context.Context, span ttshop.Span, token string) (ttshop.Page[thing], error) {
	l.mu.Lock()
	l.calls++
	l.active++
	l.most = max(l.most, l.active)
	fail := l.fail != nil && l.calls >= l.failAt
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.active--
		l.mu.Unlock()
	}()
	if l.delay > 0 {
		select {
		case <-time.After(l.delay):
		case <-ctx.Done():
			return ttshop.Page[thing]{}, ctx.Err()
		}
	}
	if fail {
		return ttshop.Page[thing]{}, l.fail
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var hits []thing
	for _, x := range l.things {
		if span.From <= x.At && x.At < span.To {
			hits = append(hits, x)
		}
	}
	at := 0
	if token != "" {
		if _, err := fmt.Sscan(token, &at); err != nil {
			return ttshop.Page[thing]{}, err
		}
	}
	page := ttshop.Page[thing]{Total: len(hits)}
	reachable := hits[:min(len(hits), l.cap)]
	if at < len(reachable) {
		page.Items = slices.Clone(reachable[at:min(at+l.size, len(reachable))])
	}
	if at+l.size < len(reachable) {
		page.Next = fmt.Sprint(at + l.size)
	}
	if l.page != nil {
		l.page(l)
	}
	return page, nil
}

func id(x thing) string { return x.ID }

const day = 24 * 60 * 60

func TestTimeWalk(t *testing.T) {
	t.Parallel()
	errLost := errors.New("lost")
	tests := []struct {
		name   string
		change func(*ledger, *ttshop.TimeWalk[thing])
		items  int
		err    error
	}{
		{"default", func(*ledger, *ttshop.TimeWalk[thing]) {}, 3000, nil},
		{"ordered", func(_ *ledger, w *ttshop.TimeWalk[thing]) { w.Ordered = true }, 3000, nil},
		{"one at a time", func(_ *ledger, w *ttshop.TimeWalk[thing]) { w.Parallel = 1 }, 3000, nil},
		{"one slice", func(_ *ledger, w *ttshop.TimeWalk[thing]) { w.Slice = 1000 * time.Hour }, 3000, nil},
		{"capped searches", func(l *ledger, w *ttshop.TimeWalk[thing]) { l.cap, w.MaxHits, w.Ordered = 120, 120, true }, 3000, nil},
		{"without keys", func(_ *ledger, w *ttshop.TimeWalk[thing]) { w.Key = nil }, 3000, nil},
		{"part of the time", func(_ *ledger, w *ttshop.TimeWalk[thing]) { w.Span = ttshop.Span{From: 3 * day, To: 3*day + 1} }, -1, nil},
		{"an error", func(l *ledger, _ *ttshop.TimeWalk[thing]) { l.fail, l.failAt = errLost, 7 }, -1, errLost},
		{"an error, ordered", func(l *ledger, w *ttshop.TimeWalk[thing]) { l.fail, l.failAt, w.Ordered = errLost, 7, true }, -1, errLost},
		{"too many in a second", func(l *ledger, w *ttshop.TimeWalk[thing]) {
			w.MaxHits = 10
			for range 11 {
				l.things = slices.Insert(l.things, 0, thing{fmt.Sprint("x", len(l.things)), 0})
			}
		}, -1, ttshop.ErrTooManyHits},
		{"empty span", func(_ *ledger, w *ttshop.TimeWalk[thing]) { w.Span = ttshop.Span{From: 5, To: 5} }, 0, ttshop.ErrInvalidRequest},
		{"no fetch", func(_ *ledger, w *ttshop.TimeWalk[thing]) { w.Fetch = nil }, 0, ttshop.ErrInvalidRequest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLedger(3000, 0, 10*day)
				l.delay = time.Millisecond
				w := &ttshop.TimeWalk[thing]{Span: ttshop.Span{To: 10 * day}, Fetch: l.fetch, Key: id}
				tt.change(l, w)
				seen := map[string]bool{}
				var last ttshop.UnixTime
				var errs []error
				count := 0
				for x, err := range w.All(t.Context()) {
					if err != nil {
						errs = append(errs, err)
						continue
					}
					count++
					if seen[x.ID] || w.Ordered && x.At < last {
						t.Errorf("%v comes twice or out of order", x)
					}
					seen[x.ID], last = true, x.At
				}
				if tt.items >= 0 && count != tt.items {
					t.Errorf("%d items, want %d", count, tt.items)
				}
				if tt.err == nil && errs != nil || tt.err != nil && (len(errs) != 1 || !errors.Is(errs[0], tt.err)) {
					t.Errorf("errors %v, want %v once", errs, tt.err)
				}
				if done := w.Checkpoint().Done; tt.err == nil && (len(done) != 1 || done[0] != w.Span) {
					t.Errorf("through with %v, want %v", done, w.Span)
				}
				parallel := w.Parallel
				if parallel == 0 {
					parallel = 4
				}
				if l.most > parallel {
					t.Errorf("%d searches at a time", l.most)
				}
			})
		})
	}
}

// Things that move to other pages while they are walked come once all the same.
func TestTimeWalkOverMovingPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(1000, 0, day)
		kept := l.things[500:]
		l.page = func(l *ledger) {
			if l.things[0].ID != kept[0].ID {
				l.things = l.things[1:] // every page, one moves out of the way
			}
		}
		w := &ttshop.TimeWalk[thing]{Span: ttshop.Span{To: day}, Fetch: l.fetch, Key: id}
		seen := map[string]int{}
		for x, err := range w.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			seen[x.ID]++
		}
		for _, x := range kept {
			if seen[x.ID] != 1 {
				t.Errorf("%v comes %d times", x, seen[x.ID])
			}
		}
	})
}

// trials runs a test with so many sources of random values; a failure names its
// seed, and go test -run NAME/SEED repeats it.
func trials(t *testing.T, n uint64, test func(t *testing.T, random *rand.Rand)) {
	t.Helper()
	for seed := range n {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { test(t, rand.New(rand.NewPCG(seed, 0))) })
	}
}

// Wherever a walk is killed, the walk that resumes from its checkpoint
// completes it.
func TestTimeWalkResumes(t *testing.T) {
	t.Parallel()
	trials(t, 100, func(t *testing.T, random *rand.Rand) {
		n := random.IntN(301)
		l := newLedger(n, 0, 10_000)
		l.size, l.cap = 1+random.IntN(20), 40
		ordered := random.IntN(2) == 0
		slice := time.Duration(1+random.IntN(5000)) * time.Second
		parallel := 1 + random.IntN(5)
		var checkpoint ttshop.Checkpoint
		seen := map[string]bool{}
		for range 50 {
			saved, err := json.Marshal(checkpoint)
			if err != nil {
				t.Fatal(err)
			}
			var resumed ttshop.Checkpoint
			if err := json.Unmarshal(saved, &resumed); err != nil {
				t.Fatal(err)
			}
			w := &ttshop.TimeWalk[thing]{
				Span: ttshop.Span{To: 10_000}, Fetch: l.fetch, Key: id, Ordered: ordered, MaxHits: 40,
				Slice: slice, Parallel: parallel, Resume: resumed,
			}
			kill := 1 + random.IntN(150)
			killed := false
			for x, err := range w.All(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range resumed.Done {
					if d.From <= x.At && x.At < d.To {
						t.Fatalf("%v was through with", x)
					}
				}
				seen[x.ID] = true
				if kill--; kill == 0 {
					killed = true
					break
				}
			}
			checkpoint = w.Checkpoint()
			if !killed {
				break
			}
		}
		if done := checkpoint.Done; len(seen) != n && len(done) == 1 && done[0] == (ttshop.Span{To: 10_000}) {
			t.Fatalf("%d of %d things", len(seen), n)
		}
		for _, x := range l.things {
			for _, d := range checkpoint.Done {
				if d.From <= x.At && x.At < d.To && !seen[x.ID] {
					t.Fatalf("%v is in %v, which is through with, and never came", x, d)
				}
			}
		}
	})
}

func TestTimeWalkEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			l := newLedger(3000, 0, 10*day)
			l.delay = time.Second
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			w := &ttshop.TimeWalk[thing]{Span: ttshop.Span{To: 10 * day}, Fetch: l.fetch, Key: id, Ordered: ordered}
			var errs []string
			for _, err := range w.All(ctx) {
				if err != nil {
					errs = append(errs, err.Error())
				}
			}
			if len(errs) != 1 || !strings.Contains(errs[0], "deadline exceeded") {
				t.Errorf("errors %q", errs)
			}
		})
	}
}
