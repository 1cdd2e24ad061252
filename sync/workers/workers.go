package workers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	gosync "sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Defaults of [Config].
const (
	DefaultSchema  = "tiktok_shop_workers"
	DefaultAtOnce  = 4
	DefaultTimeout = 45 * time.Second
	DefaultRescue  = 60 * time.Second
	DefaultRefresh = 15 * time.Second
)

// ErrGone means that a shop is not there any more, so that its job ends.
var ErrGone = errors.New("the shop is gone")

// Config configures [Open]. Shops and Turn are required.
type Config struct {
	// Shops returns the ids of all shops that there are now.
	Shops func(ctx context.Context) ([]string, error)
	// Turn makes a turn of a shop, and returns how long the next one can wait. It ends
	// soon after its context. With [ErrGone] the shop's job ends; after another error it
	// is tried again in a few seconds.
	Turn func(ctx context.Context, shop string) (wait time.Duration, err error)

	// Schema of River's tables, which are made if they are missing. Empty means
	// [DefaultSchema].
	Schema string
	// AtOnce is how many turns this process makes at a time. Zero means [DefaultAtOnce].
	AtOnce int
	// Timeout ends the context of a turn. Zero means [DefaultTimeout].
	Timeout time.Duration
	// Rescue is the age from which a turn counts as dead. It must be longer than
	// Timeout. Zero means [DefaultRescue].
	Rescue time.Duration
	// Refresh is the time between looks at which shops there are, and which turns are
	// dead. Zero means [DefaultRefresh].
	Refresh time.Duration
	// Logger hears of what goes wrong; nil means nobody does.
	Logger *slog.Logger
}

// Workers makes turns of shops. It is safe for concurrent use.
type Workers struct {
	pool   *pgxpool.Pool
	config Config
	client *river.Client[pgx.Tx]
	table  string // of the jobs, quoted

	mu      gosync.Mutex
	running map[string]bool // by shop
	waking  map[string]bool // by shop; true: once more
}

// turn is what a job is to do: its turn of a shop.
type turn struct {
	Shop string `json:"shop" river:"unique"`
}

// kind names the jobs.
const kind = "shop_turn"

// Kind implements [river.JobArgs].
func (turn) Kind() string { return kind }

// attempts is as many as River can count: a job never uses them up.
const attempts = 1<<15 - 1

// InsertOpts has one job for each shop.
func (turn) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: attempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// Open makes River's tables if they are missing. It uses the pool until [Workers.Run]
// has ended, and does not close it.
func Open(ctx context.Context, pool *pgxpool.Pool, config Config) (*Workers, error) {
	orDefault(&config.Schema, DefaultSchema)
	orDefault(&config.AtOnce, DefaultAtOnce)
	orDefault(&config.Timeout, DefaultTimeout)
	orDefault(&config.Rescue, DefaultRescue)
	orDefault(&config.Refresh, DefaultRefresh)
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	w := &Workers{
		pool: pool, config: config, table: pgx.Identifier{config.Schema, "river_job"}.Sanitize(),
		running: map[string]bool{}, waking: map[string]bool{},
	}
	registry := river.NewWorkers()
	river.AddWorker(registry, &worker{Workers: w})
	driver := riverpgxv5.New(pool)
	client, err := river.NewClient(driver, &river.Config{
		Schema: config.Schema, Workers: registry, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: config.AtOnce}},
		JobTimeout: config.Timeout, RescueStuckJobsAfter: config.Rescue,
		FetchPollInterval: poll, MaxAttempts: attempts, Logger: config.Logger,
	})
	if err != nil {
		return nil, fmt.Errorf("workers: %w", err)
	}
	w.client = client
	if err := migrate(ctx, pool, driver, config); err != nil {
		return nil, fmt.Errorf("workers: make the tables of the jobs: %w", err)
	}
	return w, nil
}

// poll is how often a free worker looks for jobs that are due: a wake-up takes so long
// at most.
const poll = 250 * time.Millisecond

func orDefault[T comparable](value *T, otherwise T) {
	var zero T
	if *value == zero {
		*value = otherwise
	}
}

// Run makes turns until the context ends. Turns that are under way are told to end, and
// their jobs are left to the other workers at once.
func (w *Workers) Run(ctx context.Context) error {
	if err := w.refresh(ctx); err != nil {
		return fmt.Errorf("workers: %w", err)
	}
	working := context.WithoutCancel(ctx) // its end is that of the client, below
	if err := w.client.Start(working); err != nil {
		return fmt.Errorf("workers: start: %w", err)
	}
	ticker := time.NewTicker(w.config.Refresh)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := w.refresh(ctx); err != nil && ctx.Err() == nil {
				w.config.Logger.Warn("the list of shops stays as it was", "error", err)
			}
		case <-ctx.Done():
			ending, cancel := context.WithTimeout(working, stopTime)
			defer cancel()
			if err := w.client.StopAndCancel(ending); err != nil {
				return fmt.Errorf("workers: stop: %w", err)
			}
			return nil
		}
	}
}

// stopTime is how long turns may take to end.
const stopTime = 15 * time.Second

// worker carries out jobs.
type worker struct {
	river.WorkerDefaults[turn]
	*Workers
}

// NextRetry says when a turn is tried again that failed or died: soon, however often.
func (*worker) NextRetry(*river.Job[turn]) time.Time { return time.Now().Add(failedPause) }

const (
	failedPause = 3 * time.Second
	twicePause  = time.Second // of a job that the process itself still works on
)

// Work makes one turn.
func (w *worker) Work(ctx context.Context, job *river.Job[turn]) error {
	shop := job.Args.Shop
	if !w.begin(shop) {
		return river.JobSnooze(twicePause)
	}
	defer w.end(shop)
	wait, err := w.config.Turn(ctx, shop)
	switch {
	case errors.Is(err, ErrGone):
		return river.JobCancel(err)
	case errors.Is(ctx.Err(), context.Canceled):
		return river.JobSnooze(0) // this process ends: another one goes on
	case err != nil:
		return err
	}
	return river.JobSnooze(max(wait, 0))
}

// begin reports whether the process makes no turn of the shop yet. It may be given a job
// twice if it stood still.
func (w *Workers) begin(shop string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running[shop] {
		return false
	}
	w.running[shop] = true
	return true
}

func (w *Workers) end(shop string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.running, shop)
}
