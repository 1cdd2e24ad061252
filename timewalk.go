package ttshop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// ErrTooManyHits means that a single second has more hits than a search returns.
var ErrTooManyHits = errors.New("more hits in one second than a search returns")

// Span is a period of time, including From and excluding To.
type Span struct {
	From UnixTime `json:"from"`
	To   UnixTime `json:"to"`
}

// Windows returns the windows after s that walks by update time can be made over, in
// order and without gaps: the first begins where s ends, and the last ends settle
// before now, so that nothing that is still on its way into the search is missed.
// Each is at most width long, in whole seconds; zero makes one window of all.
//
// What changes during a walk leaves its window and comes with a later one. So walks
// over all windows miss nothing, and may bring an object several times. To go on
// another time, keep the last window that was finished as s; the first s is
// Span{To: start}.
func (s Span) Windows(now time.Time, settle, width time.Duration) iter.Seq[Span] {
	return func(yield func(Span) bool) {
		end := TimeOf(now.Add(-settle))
		long := end - s.To
		if width > 0 {
			long = max(1, UnixTime(width/time.Second))
		}
		for at := s.To; at < end; {
			window := Span{From: at, To: min(end, at+long)}
			if !yield(window) {
				return
			}
			at = window.To
		}
	}
}

// Page is one page of a search.
type Page[T any] struct {
	Items []T
	Next  string // page token of the next page; empty on the last one
	Total int    // number of hits as counted by the platform; 0 if it does not count
}

// Checkpoint holds the spans that a walk has completed. It encodes to JSON and
// stays small, since adjacent spans are joined.
type Checkpoint struct {
	Done []Span `json:"done"` // sorted and disjoint
}

// TimeWalk walks a long period in slices, several at a time, for when one search
// over all of it would have too many hits or take too long. A slice with too
// many hits is split further.
//
// Every item comes once, provided that the time by which the spans select it
// does not change: walk by create_time, not by update_time, and let the span
// end in the past. A TimeWalk can be walked once and must not be copied.
type TimeWalk[T any] struct {
	// Span is the period to walk.
	Span Span
	// Fetch returns a page of the search for the items of a span; token is
	// empty for the first page. It is called by several goroutines at once.
	Fetch func(ctx context.Context, span Span, token string) (Page[T], error)
	// Key returns the id of an item. With it, an item that moved to another page
	// during the walk still comes only once, and one that slipped to a page
	// already read is looked for. Nil trusts the pages.
	Key func(T) string
	// Slice is the initial width of a slice. Zero means a day.
	Slice time.Duration
	// Parallel is the number of slices read at a time. Zero means 4.
	Parallel int
	// Ordered yields the slices in chronological order. Otherwise items come as
	// they arrive.
	Ordered bool
	// MaxHits is the number of hits that a search returns at most. Zero means
	// 10,000, which is documented for products.
	MaxHits int
	// Resume is the checkpoint of an earlier walk, whose spans are skipped.
	Resume Checkpoint

	mu   sync.Mutex
	done []Span
}

// Checkpoint returns what the walk has completed: the spans of which the loop has
// handled every item. If a walk ends early, the items of unfinished spans come
// again in the walk that resumes.
func (w *TimeWalk[T]) Checkpoint() Checkpoint {
	w.mu.Lock()
	defer w.mu.Unlock()
	done := w.done
	if done == nil {
		done = normalize(w.Resume.Done)
	}
	return Checkpoint{Done: slices.Clone(done)}
}

// message is what a reader of slices sends: items, the end of a span, or an error.
type message[T any] struct {
	items []T
	done  Span
	err   error
}

// All returns the items. It stops after the first error, which it yields once
// with a zero item.
func (w *TimeWalk[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		if err := w.check(); err != nil {
			yield(zero, err)
			return
		}
		w.mu.Lock()
		w.done = normalize(w.Resume.Done)
		spans := w.slices()
		w.mu.Unlock()

		ctx, cancel := context.WithCancel(ctx)
		var group sync.WaitGroup
		defer group.Wait()
		defer cancel()
		streams := w.read(ctx, &group, spans)
		for stream := range streams {
			for m := range stream {
				for _, item := range m.items {
					if !yield(item, nil) {
						return
					}
				}
				if m.err != nil {
					yield(zero, m.err)
					return
				}
				if m.done != (Span{}) {
					w.finish(m.done)
				}
			}
		}
		if ctx.Err() != nil {
			yield(zero, context.Cause(ctx))
		}
	}
}

func (w *TimeWalk[T]) check() error {
	switch {
	case w.Fetch == nil:
		return fmt.Errorf("walk: %w: Fetch is not set", ErrInvalidRequest)
	case w.Span.From >= w.Span.To:
		return fmt.Errorf("walk: %w: the span from %d to %d is empty", ErrInvalidRequest, w.Span.From, w.Span.To)
	}
	return nil
}

func (w *TimeWalk[T]) parallel() int {
	if w.Parallel > 0 {
		return w.Parallel
	}
	return 4
}

func (w *TimeWalk[T]) maxHits() int {
	if w.MaxHits > 0 {
		return w.MaxHits
	}
	return 10_000
}

// slices returns the slices still to be walked, the earliest first.
func (w *TimeWalk[T]) slices() iter.Seq[Span] {
	width := UnixTime(w.Slice / time.Second)
	if width <= 0 {
		width = 24 * 60 * 60
	}
	done := slices.Clone(w.done)
	return func(yield func(Span) bool) {
		for at := w.Span.From; at < w.Span.To; {
			slice := Span{at, min(at+width, w.Span.To)}
			for _, d := range done {
				switch {
				case d.From <= at && at < d.To:
					slice = Span{d.To, d.To} // done already
				case at < d.From && d.From < slice.To:
					slice.To = d.From
				}
			}
			if slice.From < slice.To && !yield(slice) {
				return
			}
			at = slice.To
		}
	}
}

// read starts the readers and returns the streams of what they read: one for
// each slice if order matters, otherwise one for all.
func (w *TimeWalk[T]) read(ctx context.Context, group *sync.WaitGroup, spans iter.Seq[Span]) <-chan chan message[T] {
	type job struct {
		span Span
		out  chan message[T]
	}
	jobs := make(chan job)
	streams := make(chan chan message[T], w.parallel())
	var readers sync.WaitGroup
	for range w.parallel() {
		readers.Add(1)
		group.Go(func() {
			defer readers.Done()
			for j := range jobs {
				w.readSpan(ctx, j.span, map[string]bool{}, j.out)
				if w.Ordered {
					close(j.out)
				}
			}
		})
	}
	group.Go(func() {
		defer close(streams)
		shared := make(chan message[T], w.parallel())
		if !w.Ordered {
			streams <- shared
		}
		dispatch := func(j job) bool {
			select {
			case jobs <- j:
				return true
			case <-ctx.Done():
				return false
			}
		}
		for span := range spans {
			out := shared
			if w.Ordered {
				out = make(chan message[T], 1)
			}
			if !dispatch(job{span, out}) {
				break
			}
			if w.Ordered {
				select {
				case streams <- out:
				case <-ctx.Done():
				}
			}
		}
		close(jobs)
		readers.Wait()
		close(shared)
	})
	return streams
}

// maxRereads limits how often a span is read again because its pages moved.
const maxRereads = 3

// readSpan reads all pages of a span, or of its halves if it has too many hits.
// Items with a key in seen came already. It returns false if the walk ends.
func (w *TimeWalk[T]) readSpan(ctx context.Context, span Span, seen map[string]bool, out chan<- message[T]) bool {
	send := func(m message[T]) bool {
		select {
		case out <- m:
			return true
		case <-ctx.Done():
			return false
		}
	}
	for reread := 0; ; reread++ {
		first, last, count := 0, 0, 0
		tokens := map[string]bool{}
		for token := ""; ; {
			page, err := w.Fetch(ctx, span, token)
			if err != nil {
				send(message[T]{err: fmt.Errorf("walk from %d to %d: %w", span.From, span.To, err)})
				return false
			}
			if token == "" && page.Total >= w.maxHits() && (span.To-span.From > 1 || page.Total > w.maxHits()) {
				if span.To-span.From == 1 {
					send(message[T]{err: fmt.Errorf("walk from %d to %d: %w: %d", span.From, span.To, ErrTooManyHits, page.Total)})
					return false
				}
				middle := span.From + (span.To-span.From)/2
				return w.readSpan(ctx, Span{span.From, middle}, maps.Clone(seen), out) && w.readSpan(ctx, Span{middle, span.To}, seen, out)
			}
			items := w.unseen(seen, page.Items)
			if last, count = page.Total, count+len(page.Items); token == "" {
				first = page.Total
			}
			if len(items) > 0 && !send(message[T]{items: items}) {
				return false
			}
			if page.Next == "" {
				break
			}
			if tokens[page.Next] {
				send(message[T]{err: fmt.Errorf("walk from %d to %d: %w", span.From, span.To, ErrPageLoop)})
				return false
			}
			tokens[page.Next] = true
			token = page.Next
		}
		// If the number of hits changed meanwhile, or differs from what came, pages
		// have moved and an item may have slipped through.
		if w.Key == nil || first == last && count == last || last == 0 || reread == maxRereads {
			return send(message[T]{done: span})
		}
	}
}

// unseen returns the items not seen before.
func (w *TimeWalk[T]) unseen(seen map[string]bool, items []T) []T {
	if w.Key == nil {
		return items
	}
	var fresh []T
	for _, item := range items {
		if key := w.Key(item); !seen[key] {
			seen[key] = true
			fresh = append(fresh, item)
		}
	}
	return fresh
}

func (w *TimeWalk[T]) finish(span Span) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = normalize(append(w.done, span))
}

// normalize returns spans sorted and joined.
func normalize(spans []Span) []Span {
	sorted := slices.DeleteFunc(slices.Clone(spans), func(s Span) bool { return s.From >= s.To })
	slices.SortFunc(sorted, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	joined := sorted[:0]
	for _, s := range sorted {
		if n := len(joined); n > 0 && s.From <= joined[n-1].To {
			joined[n-1].To = max(joined[n-1].To, s.To)
		} else {
			joined = append(joined, s)
		}
	}
	return joined
}
