package webhook

import (
	"context"
	"errors"
	"sync"
)

var (
	errBusy   = errors.New("too many events at a time")
	errExited = errors.New("the function ended its goroutine")
)

// rememberedKeys is how many keys of finished events are kept without an inbox,
// so that the platform's second try of a slow event does not run it again.
const rememberedKeys = 1 << 16

// direct works on events without an inbox: one run per key, however many wait for
// it. The zero value with a limit is ready.
type direct struct {
	limit int

	mu      sync.Mutex
	closed  bool
	running map[string]*run
	idle    chan struct{} // closed when nothing is running; nil until somebody waits
	done    map[string]struct{}
	order   []string // ring of the keys in done
	next    int
}

type run struct {
	ended chan struct{}
	err   error
}

// do runs f for the event, or waits for the run that is on its way, until ctx
// ends. It reports false for an event that is done already. It calls failed when
// f failed, also after ctx ended.
func (d *direct) do(ctx context.Context, e *Event, f EventFunc, failed func(*Event, error)) (fresh bool, err error) {
	key := e.Meta.Key
	d.mu.Lock()
	if _, ok := d.done[key]; ok {
		d.mu.Unlock()
		return false, nil
	}
	r := d.running[key]
	if r == nil {
		if d.closed || len(d.running) >= d.limit {
			d.mu.Unlock()
			return false, errBusy
		}
		if d.running == nil {
			d.running = map[string]*run{}
		}
		fresh = true
		r = &run{ended: make(chan struct{}), err: errExited}
		d.running[key] = r
		go d.run(context.WithoutCancel(ctx), e, f, failed, r)
	}
	d.mu.Unlock()
	select {
	case <-r.ended:
		return fresh, r.err
	case <-ctx.Done():
		return fresh, ctx.Err()
	}
}

func (d *direct) run(ctx context.Context, e *Event, f EventFunc, failed func(*Event, error), r *run) {
	defer func() {
		if r.err != nil {
			failed(e, r.err)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.running, e.Meta.Key)
		if r.err == nil {
			d.remember(e.Meta.Key)
		}
		if len(d.running) == 0 && d.idle != nil {
			close(d.idle)
			d.idle = nil
		}
		close(r.ended)
	}()
	r.err = f(ctx, e)
}

func (d *direct) remember(key string) {
	if d.done == nil {
		d.done = map[string]struct{}{}
	}
	if len(d.order) < rememberedKeys {
		d.order = append(d.order, key)
	} else {
		delete(d.done, d.order[d.next])
		d.order[d.next] = key
		d.next = (d.next + 1) % rememberedKeys
	}
	d.done[key] = struct{}{}
}

// shutdown takes no further events and waits for those on their way. Any number
// may call it at once.
func (d *direct) shutdown(ctx context.Context) error {
	d.mu.Lock()
	d.closed = true
	if len(d.running) == 0 {
		d.mu.Unlock()
		return nil
	}
	if d.idle == nil {
		d.idle = make(chan struct{})
	}
	idle := d.idle
	d.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
