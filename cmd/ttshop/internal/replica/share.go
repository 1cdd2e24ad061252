package replica

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	gosync "sync"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
)

const (
	// sharedTurn is the time after which a turn of a shared shop begins nothing new: what
	// it has begun then ends before its job's time is over.
	sharedTurn = 35 * time.Second
	// heldPause is the wait for a worker that is gone, whose lease is not over yet.
	heldPause = 5 * time.Second
)

// checkWorkers refuses options that make no sense with --workers.
func (o *syncOptions) checkWorkers() error {
	switch {
	case !o.Watch:
		return console.Usagef("--workers needs --watch: a single run copies all shops by itself")
	case o.Sandbox:
		return console.Usagef("--workers shares the shops of a grant; the sandbox of --sandbox is this process's own")
	}
	if err := o.check(); err != nil {
		return err
	}
	if !o.isPostgres() {
		return console.Usagef("--workers needs a PostgreSQL database, which all of them reach: --to postgres://HOST/DATABASE")
	}
	return known(o.Tables)
}

// crew makes turns of shops that are shared with other processes.
type crew struct {
	*watcher
	options *syncOptions
	ground  *ground

	mu      gosync.Mutex
	sources map[string]source        // by shop, as of the last look
	pauses  map[string]time.Duration // by shop, after turns that failed
}

// share copies shops in turns with other processes until the context ends.
func (o *syncOptions) share(ctx context.Context, sys *platform.Session, g *ground, engine *sync.Engine) (err error) {
	c := &crew{options: o, ground: g, sources: map[string]source{}, pauses: map[string]time.Duration{}}
	c.watcher = &watcher{sys: sys, engine: engine, interval: o.Interval, held: heldPause, json: o.JSON}
	c.note(g.sources)
	sharer, err := o.extras.Share(ctx, o.To, Work{Shops: c.shops, Turn: c.turn, AtOnce: shopsAtOnce, Logger: slog.New(console.NewPeopleLog(sys.System))})
	if err != nil {
		return err
	}
	defer sharer.Close()
	c.mine = func(shop string) bool { _, ok := c.source(shop); return ok }
	c.wake = func(shop string) { sharer.Wake(ctx, shop) }
	return o.listening(ctx, sys, c.watcher, func(ctx context.Context) error {
		if !o.JSON {
			fmt.Fprintf(sys.Out, "Sharing %s of %s, copied to %s; Ctrl-C ends this worker.\n", countSources(g.sources), g.text, o.shown(sys))
		}
		return sharer.Run(ctx)
	})
}

// shared adapts the configuration of an engine to work that is shared.
func (o *syncOptions) shared(c *sync.Config) {
	c.Turn = cmp.Or(o.extras.Turn, sharedTurn)
	c.Lease = cmp.Or(o.extras.Lease, sync.DefaultLease)
	c.Owner = sync.OwnName() + ", " + rand.Text()[:6] // processes of containers have the same number
}

// shops lists the shops that there are now.
func (c *crew) shops(ctx context.Context) ([]string, error) {
	sources, err := c.ground.list(ctx)
	if err != nil {
		return nil, err
	}
	sources, err = c.options.chosen(sources)
	if err != nil {
		return nil, err
	}
	c.note(sources)
	ids := make([]string, len(sources))
	for i, s := range sources {
		ids[i] = s.shop.ID
	}
	return ids, nil
}

func (c *crew) note(sources []source) {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.sources)
	for _, s := range sources {
		c.sources[s.shop.ID] = s
	}
}

func (c *crew) source(shop string) (source, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.sources[shop]
	return s, ok
}

// turn makes a turn of a shop, and reports whether there is such a shop.
func (c *crew) turn(ctx context.Context, shop string) (time.Duration, bool) {
	s, ok := c.source(shop)
	if !ok { // it may be new
		if _, err := c.shops(ctx); err != nil {
			return firstPause, true // nobody knows
		}
		if s, ok = c.source(shop); !ok {
			return 0, false
		}
	}
	c.mu.Lock()
	pause := c.pauses[shop]
	c.mu.Unlock()
	wait, pause, _ := c.watcher.turn(ctx, s, pause)
	c.mu.Lock()
	c.pauses[shop] = pause
	c.mu.Unlock()
	return wait, true
}
