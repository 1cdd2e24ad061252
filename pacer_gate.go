package ttshop

import (
	"context"
	"slices"
	"sync"
)

// gate bounds the number of calls in flight. Waiting calls are admitted shop by
// shop in turn, interactive ones before bulk ones.
type gate struct {
	size int // 0: no bound

	mu    sync.Mutex
	busy  int
	lines [2]shopLines
}

// shopLines holds one queue per shop and whose turn it is.
type shopLines struct {
	byShop map[string][]chan struct{}
	turns  []string // shops with a queue, the next one first
}

// enter waits for a slot; the caller returns it with leave.
func (g *gate) enter(ctx context.Context, shop string, priority Priority) error {
	g.mu.Lock()
	if g.busy < g.size {
		g.busy++
		g.mu.Unlock()
		return nil
	}
	line := &g.lines[min(priority, Bulk)]
	place := make(chan struct{})
	line.add(shop, place)
	g.mu.Unlock()
	select {
	case <-place:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	waits := line.remove(shop, place)
	g.mu.Unlock()
	if !waits { // it was admitted at the same moment
		g.leave()
	}
	return context.Cause(ctx)
}

// leave passes the slot on, or frees it.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range g.lines {
		if place := g.lines[i].next(); place != nil {
			close(place)
			return
		}
	}
	g.busy--
}

func (l *shopLines) add(shop string, place chan struct{}) {
	if l.byShop == nil {
		l.byShop = map[string][]chan struct{}{}
	}
	if len(l.byShop[shop]) == 0 {
		l.turns = append(l.turns, shop)
	}
	l.byShop[shop] = append(l.byShop[shop], place)
}

// next removes the call whose turn it is from its queue, or returns nil.
func (l *shopLines) next() chan struct{} {
	if len(l.turns) == 0 {
		return nil
	}
	shop := l.turns[0]
	l.turns = l.turns[1:]
	place := l.byShop[shop][0]
	if rest := l.byShop[shop][1:]; len(rest) > 0 {
		l.byShop[shop] = rest
		l.turns = append(l.turns, shop)
	} else {
		delete(l.byShop, shop)
	}
	return place
}

// remove takes a call out and reports whether it was still there.
func (l *shopLines) remove(shop string, place chan struct{}) bool {
	i := slices.Index(l.byShop[shop], place)
	if i < 0 {
		return false
	}
	rest := slices.Delete(l.byShop[shop], i, i+1)
	l.byShop[shop] = rest
	if len(rest) == 0 {
		delete(l.byShop, shop)
		if at := slices.Index(l.turns, shop); at >= 0 {
			l.turns = slices.Delete(l.turns, at, at+1)
		}
	}
	return true
}
