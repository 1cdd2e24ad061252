package pgpace

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ttshop-go/ttshop"
)

// Config configures a [Limiter]. The zero value works.
type Config struct {
	// Rate returns the calls per second that an operation starts with and never
	// exceeds, per app and shop, whatever the processes that share the database
	// do. All of them must say the same. Nil means [ttshop.DefaultRateOf].
	Rate func(operation string) float64
	// Queue is the number of calls that may wait in this process per app, shop and
	// operation. Zero means 1000.
	Queue int
	// MaxWait bounds how long one call waits for its turn. Zero means that only its
	// context does.
	MaxWait time.Duration
	// Logger records when the database is lost and found again; nil logs nothing.
	Logger *slog.Logger
}

const (
	// margin is the part of a rate that is used: the platform counts by another
	// clock, and the network moves calls closer together.
	margin = 0.98
	// blockTime is how much time's worth of slots is taken at once.
	blockTime = 100 * time.Millisecond
	// horizon is how far ahead the next slot may be for slots to be taken: a row
	// that is closed for longer is waited for without taking any.
	horizon = 5 * time.Second
	// patience is how long the database may be gone before a process paces itself.
	patience = time.Second
	// statementTimeout bounds one statement.
	statementTimeout = time.Second
	// probeInterval is the time between attempts to reach a database that is gone.
	probeInterval = 250 * time.Millisecond
	// careTime is how long the pace without a database also holds after it is back.
	careTime = 3 * time.Second
	// beatInterval is how often a process says that it is there, and beatAge how
	// long it counts after that.
	beatInterval = 2 * time.Second
	beatAge      = 7 * time.Second
	// idleAfter is how long an unused row and queue are kept.
	idleAfter = 30 * time.Minute

	defaultQueue  = 1000
	maxRetryAfter = time.Hour
)

// Limiter is a [ttshop.Limiter] that all processes over one database share.
type Limiter struct {
	config Config
	pool   *pgxpool.Pool
	node   string // names this process

	ending context.Context // ends with Close
	end    context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	queues  map[ttshop.LimitKey]*queue
	sweepAt int
	nodes   int       // processes that were there at the last beat
	lost    time.Time // when the database was lost; zero while it is there
	own     time.Time // until when the pace without a database holds as well
}

// Status is how a limiter stands to its database.
type Status struct {
	Nodes int       // processes that share the pace, as last seen, this one included
	Lost  time.Time // when the database was lost; zero while it is there
}

// Open connects to a database and creates the tables if they are missing. The
// connection string is a URL or a list of key=value pairs, as libpq takes them; the
// tables live in the first schema of the search path. A pooler in between may use
// the transaction mode if it supports prepared statements.
func Open(ctx context.Context, connString string, config Config) (*Limiter, error) {
	pool, err := connect(ctx, connString)
	if err != nil {
		return nil, fmt.Errorf("pgpace: %w", err)
	}
	if err := createTables(ctx, pool); err != nil {
		pool.Close()
		return nil, fmt.Errorf("pgpace: create the tables: %w", err)
	}
	l := &Limiter{config: config, pool: pool, node: newNode(), queues: map[ttshop.LimitKey]*queue{}, sweepAt: 1024, nodes: 1}
	l.ending, l.end = context.WithCancel(context.Background())
	if err := l.beat(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("pgpace: %w", err)
	}
	l.work.Go(l.keepBeating)
	return l, nil
}

// Close ends what runs in the background. Calls that wait are refused.
func (l *Limiter) Close() {
	l.end()
	l.work.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), statementTimeout)
	defer cancel()
	_ = l.leave(ctx) // its last beat counts for a few seconds otherwise
	l.pool.Close()
}

// String names the limiter.
func (l *Limiter) String() string { return "pgpace.Limiter" }

// GoString is String, so that no fmt verb walks into the limiter.
func (l *Limiter) GoString() string { return l.String() }

// Status returns how the limiter stands to its database.
func (l *Limiter) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Status{Nodes: l.nodes, Lost: l.lost}
}

// States returns the current pacing of this process, for metrics, in no
// particular order. It lists what was used recently.
func (l *Limiter) States() []ttshop.PaceState {
	l.mu.Lock()
	queues := make([]*queue, 0, len(l.queues))
	for _, q := range l.queues {
		queues = append(queues, q)
	}
	l.mu.Unlock()
	states := make([]ttshop.PaceState, len(queues))
	for i, q := range queues {
		states[i] = q.state(time.Now())
	}
	return states
}

// Acquire implements [ttshop.Limiter].
func (l *Limiter) Acquire(ctx context.Context, key ttshop.LimitKey, priority ttshop.Priority) (ttshop.Permit, error) {
	start := time.Now()
	w, err := l.queue(key).enter(ctx, priority, start)
	if err != nil {
		return ttshop.Permit{}, err
	}
	permit, err := w.wait(ctx)
	permit.Wait = time.Since(start)
	return permit, err
}

// Done implements [ttshop.Limiter].
func (l *Limiter) Done(key ttshop.LimitKey, permit ttshop.Permit, outcome ttshop.Outcome) {
	pause := min(outcome.RetryAfter, maxRetryAfter)
	if outcome.Result != ttshop.ResultThrottled && outcome.Result != ttshop.ResultQuota && pause <= 0 {
		return
	}
	q := l.queue(key)
	// This process heeds it, whether or not the database hears of it.
	switch outcome.Result {
	case ttshop.ResultThrottled:
		q.halve(permit.Mark)
	case ttshop.ResultQuota:
		q.close(time.Now().Truncate(time.Hour).Add(time.Hour))
	}
	if pause > 0 {
		q.close(time.Now().Add(pause))
	}
	if gone, _, _ := l.alone(time.Now()); gone {
		return
	}
	if err := l.tell(q, permit.Mark, outcome.Result, pause); err != nil {
		l.miss(err)
	}
}

// tell tells the other processes what the platform said.
func (l *Limiter) tell(q *queue, mark uint64, result ttshop.Result, pause time.Duration) error {
	ctx, cancel := context.WithTimeout(l.ending, statementTimeout)
	defer cancel()
	var err error
	switch result {
	case ttshop.ResultThrottled:
		err = l.halveRow(ctx, q, mark)
	case ttshop.ResultQuota:
		err = l.closeShop(ctx, q)
	}
	if err == nil && pause > 0 {
		err = l.pauseRow(ctx, q, pause)
	}
	return err
}

// queue returns the queue of a key.
func (l *Limiter) queue(key ttshop.LimitKey) *queue {
	l.mu.Lock()
	defer l.mu.Unlock()
	if q := l.queues[key]; q != nil {
		return q
	}
	if len(l.queues) >= l.sweepAt {
		now := time.Now()
		for key, q := range l.queues {
			if q.idle(now) {
				delete(l.queues, key)
			}
		}
		l.sweepAt = max(1024, 2*len(l.queues))
	}
	rate := 0.0
	if l.config.Rate != nil {
		rate = l.config.Rate(key.Operation)
	}
	if !(rate > 0) {
		rate = ttshop.DefaultRateOf(key.Operation)
	}
	q := &queue{
		limiter: l, key: key, limit: rate, rate: rate, used: time.Now(),
		row:  rowKey(key.App, key.Shop, key.Operation),
		shop: rowKey(key.App, key.Shop),
	}
	l.queues[key] = q
	return q
}

// rowKey is the key of a row. The separator is in no key, cipher or name.
func rowKey(parts ...string) string {
	return strings.ReplaceAll(strings.Join(parts, "\x1f"), "\x00", "")
}

// miss notes that the database did not answer.
func (l *Limiter) miss(err error) {
	if l.ending.Err() != nil {
		return
	}
	l.mu.Lock()
	first := l.lost.IsZero()
	if first {
		l.lost = time.Now()
	}
	l.mu.Unlock()
	if first && l.config.Logger != nil {
		l.config.Logger.Warn("the database of the shared pace does not answer", "error", err.Error())
	}
}

// found notes that the database answered.
func (l *Limiter) found() {
	l.mu.Lock()
	lost := l.lost
	if !lost.IsZero() {
		if time.Since(lost) > patience {
			l.own = time.Now().Add(careTime)
		}
		l.lost = time.Time{}
	}
	l.mu.Unlock()
	if !lost.IsZero() && l.config.Logger != nil {
		l.config.Logger.Info("the database of the shared pace answers again", "after", time.Since(lost).Round(time.Millisecond))
	}
}

// alone reports whether this process has to pace itself, because the database has
// been gone for too long or is back only just now, and by how many it divides the
// rate.
func (l *Limiter) alone(now time.Time) (gone, careful bool, nodes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.lost.IsZero() && now.Sub(l.lost) > patience, now.Before(l.own), max(1, l.nodes)
}
