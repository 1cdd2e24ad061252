package pgpace

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop"
)

// queue is the calls of this process that wait for one app, shop and operation.
// While some do, one goroutine takes slots and lets them go.
type queue struct {
	limiter   *Limiter
	key       ttshop.LimitKey
	limit     float64 // calls per second
	row, shop string  // keys of rows

	mu      sync.Mutex
	waiting [2][]*waiter // by priority, the oldest first
	running bool
	used    time.Time // when a call last came
	rate    float64   // calls per second as last seen
	mark    uint64    // of the row as last seen
	closed  time.Time // no call before
	next    time.Time // next slot of the pace without a database
}

// waiter is a call that waits.
type waiter struct {
	queue    *queue
	priority ttshop.Priority
	latest   time.Time // too late after this; zero if there is no end
	reason   ttshop.LimitReason
	ready    chan outcome // of one
}

// outcome is what a waiter gets.
type outcome struct {
	mark uint64
	err  error
}

// errEnded is the error of calls that a closed limiter refuses.
var errEnded = errors.New("pgpace: the limiter is closed")

// enter puts a call into the queue.
func (q *queue) enter(ctx context.Context, priority ttshop.Priority, now time.Time) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	if q.limiter.ending.Err() != nil {
		return nil, errEnded
	}
	size := q.limiter.config.Queue
	if size <= 0 {
		size = defaultQueue
	}
	if len(q.waiting[0])+len(q.waiting[1]) >= size {
		return nil, &ttshop.LimitError{Operation: q.key.Operation, Reason: ttshop.LimitQueueFull}
	}
	if priority != ttshop.Interactive {
		priority = ttshop.Bulk
	}
	w := &waiter{queue: q, priority: priority, ready: make(chan outcome, 1)}
	if deadline, ok := ctx.Deadline(); ok {
		w.latest, w.reason = deadline, ttshop.LimitDeadline
	}
	if most := now.Add(q.limiter.config.MaxWait); q.limiter.config.MaxWait > 0 && (w.latest.IsZero() || most.Before(w.latest)) {
		w.latest, w.reason = most, ttshop.LimitMaxWait
	}
	ahead := len(q.waiting[ttshop.Interactive])
	if priority == ttshop.Bulk {
		ahead += len(q.waiting[ttshop.Bulk])
	}
	if err := w.hopeless(q.earliest(now, ahead)); err != nil {
		return nil, err
	}
	q.used = now
	q.waiting[priority] = append(q.waiting[priority], w)
	if !q.running {
		q.running = true
		q.limiter.work.Go(q.run)
	}
	return w, nil
}

// earliest returns when the call behind so many others can go if no other process
// sends any. The caller holds the lock.
func (q *queue) earliest(now time.Time, ahead int) time.Time {
	if q.closed.After(now) {
		now = q.closed
	}
	return now.Add(time.Duration(float64(ahead) / q.rate * float64(time.Second)))
}

// hopeless returns an error if a turn comes too late.
func (w *waiter) hopeless(turn time.Time) error {
	if w.latest.IsZero() || !turn.After(w.latest) {
		return nil
	}
	return &ttshop.LimitError{Operation: w.queue.key.Operation, Reason: w.reason, Until: turn}
}

// wait returns when it is the call's turn or ctx ends.
func (w *waiter) wait(ctx context.Context) (ttshop.Permit, error) {
	var late <-chan time.Time
	if w.reason == ttshop.LimitMaxWait {
		timer := time.NewTimer(time.Until(w.latest))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case o := <-w.ready:
		return ttshop.Permit{Mark: o.mark}, o.err
	case <-late:
		w.queue.remove(w)
		return ttshop.Permit{}, &ttshop.LimitError{Operation: w.queue.key.Operation, Reason: ttshop.LimitMaxWait}
	case <-ctx.Done():
		w.queue.remove(w)
		return ttshop.Permit{}, context.Cause(ctx)
	}
}

// remove takes a call out. If it was let go at the same moment, its slot is lost.
func (q *queue) remove(w *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.waiting[w.priority]
	for i := range list {
		if list[i] == w {
			q.waiting[w.priority] = append(list[:i:i], list[i+1:]...)
			return
		}
	}
}

// block is slots that were taken: n of them, so far apart, the first one at a time.
type block struct {
	first time.Time
	apart time.Duration
	n     int
	mark  uint64
}

// run takes slots and lets calls go until none waits.
func (q *queue) run() {
	for {
		n := q.want()
		if n == 0 {
			return
		}
		b, ok := q.take(n)
		if !ok {
			continue
		}
		for i := range b.n {
			at := b.first.Add(time.Duration(i) * b.apart)
			if !q.sleep(time.Until(at)) {
				break
			}
			if !q.release(b.mark) {
				break // the rest of the block is lost
			}
		}
	}
}

// want returns how many slots to take. With 0 the goroutine has to end.
func (q *queue) want() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.waiting[0]) + len(q.waiting[1])
	if q.limiter.ending.Err() != nil {
		q.refuseAll(errEnded)
		n = 0
	}
	if n == 0 {
		q.running = false
		return 0
	}
	return min(n, max(1, int(q.rate*margin*blockTime.Seconds())))
}

// refuseAll refuses what waits. The caller holds the lock.
func (q *queue) refuseAll(err error) {
	for i, list := range q.waiting {
		for _, w := range list {
			w.ready <- outcome{err: err}
		}
		q.waiting[i] = nil
	}
}

// take takes slots, from the database or without it. It reports false if there are
// none yet.
func (q *queue) take(n int) (block, bool) {
	if q.pauseClosed() {
		return block{}, false
	}
	if gone, _, nodes := q.limiter.alone(time.Now()); gone { // the beat notices its return
		return q.ownSlots(1, nodes), true
	}
	ctx, cancel := context.WithTimeout(q.limiter.ending, statementTimeout)
	b, closed, err := q.limiter.takeSlots(ctx, q, n)
	cancel()
	_, careful, nodes := q.limiter.alone(time.Now())
	switch {
	case err == nil && closed > 0:
		q.close(time.Now().Add(closed))
		return block{}, false
	case err == nil && careful: // the smaller of both paces
		own := q.ownSlots(n, nodes)
		if own.first.After(b.first) {
			b.first = own.first
		}
		b.apart = max(b.apart, own.apart)
		return b, true
	case err == nil:
		return b, true
	}
	q.sleep(probeInterval / 5)
	return block{}, false
}

// ownSlots takes slots of the pace without a database.
func (q *queue) ownSlots(n, nodes int) block {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	apart := time.Duration(float64(nodes) / (q.rate * margin) * float64(time.Second))
	if q.next.Before(now) {
		q.next = now
	}
	b := block{first: q.next, apart: apart, n: n, mark: q.mark}
	q.next = q.next.Add(time.Duration(n) * apart)
	return b
}

// pauseClosed waits while no call may go, but looks again every second, and
// refuses the calls that cannot wait so long. It reports whether it waited.
func (q *queue) pauseClosed() bool {
	q.mu.Lock()
	now := time.Now()
	closed := q.closed
	if closed.After(now) {
		ahead := 0
		for i, list := range q.waiting {
			kept := list[:0:0]
			for _, w := range list {
				if err := w.hopeless(q.earliest(now, ahead)); err != nil {
					w.ready <- outcome{err: err}
					continue
				}
				kept = append(kept, w)
				ahead++
			}
			q.waiting[i] = kept
		}
	}
	q.mu.Unlock()
	if !closed.After(now) {
		return false
	}
	q.sleep(min(closed.Sub(now), time.Second))
	return true
}

// sleep waits; it reports false if the limiter is closed.
func (q *queue) sleep(d time.Duration) bool {
	if d <= 0 {
		return q.limiter.ending.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-q.limiter.ending.Done():
		return false
	}
}

// release lets the call go whose turn it is, and reports whether there was one and
// calls may go.
func (q *queue) release(mark uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed.After(time.Now()) {
		return false
	}
	for i := range q.waiting {
		if list := q.waiting[i]; len(list) > 0 {
			q.waiting[i] = list[1:]
			list[0].ready <- outcome{mark: mark}
			return true
		}
	}
	return false
}

// saw notes the state of the row.
func (q *queue) saw(rate float64, mark uint64) {
	q.mu.Lock()
	q.rate, q.mark = rate, mark
	q.mu.Unlock()
}

// halve halves the rate as this process sees it, once for each mark.
func (q *queue) halve(mark uint64) {
	q.mu.Lock()
	if mark == q.mark {
		q.rate = max(q.rate/2, q.floor())
		q.mark++
	}
	q.mu.Unlock()
}

// close lets no call go before a time.
func (q *queue) close(until time.Time) {
	q.mu.Lock()
	if until.After(q.closed) {
		q.closed = until
	}
	q.mu.Unlock()
}

// floor is the rate below which none is halved, as with a ttshop.Pacer.
func (q *queue) floor() float64 { return min(q.limit, max(q.limit*0.02, 0.1)) }

func (q *queue) idle(now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.running && now.Sub(q.used) > idleAfter && !q.closed.After(now)
}

func (q *queue) state(now time.Time) ttshop.PaceState {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := ttshop.PaceState{LimitKey: q.key, Rate: q.rate, Limit: q.limit, Waiting: len(q.waiting[0]) + len(q.waiting[1])}
	if q.closed.After(now) {
		s.Closed = q.closed
	}
	return s
}
