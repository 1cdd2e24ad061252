package pgaudit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ttshop-go/ttshop/gateway"
)

// Config configures an [Audit]. The zero value works.
type Config struct {
	// Keep is how long calls are kept; zero means for ever.
	Keep time.Duration
	// Logger records when the database goes and comes back; nil records nothing.
	Logger *slog.Logger
}

const (
	writeTimeout  = 2 * time.Second        // of a statement, and of the wait for it
	probeInterval = 250 * time.Millisecond // while the database is gone
	closeTimeout  = 5 * time.Second
	maxBatch      = 500
	// maxWaiting bounds the ends of calls that wait for a database that is gone.
	maxWaiting = 20_000
)

// ErrWaiting means that the end of a call is not in the database yet, and will be
// when the database is back.
var ErrWaiting = errors.New("the record waits for the database")

// errGone means that a record is not in the database and will not be.
var errGone = errors.New("the database does not answer")

// Audit is a [gateway.Audit] in a PostgreSQL database. It is safe for concurrent
// use.
type Audit struct {
	pool   *pgxpool.Pool
	logger *slog.Logger
	keep   time.Duration
	ending context.Context // ends when the audit is closed
	end    context.CancelFunc
	work   sync.WaitGroup
	wake   chan struct{} // holds a value when there is something to write

	mu      sync.Mutex
	waiting []*entry
	gone    error // why the database is gone; nil while it answers
	closed  bool
	lost    int // ends that found no room to wait
}

// entry is a record on its way into the database.
type entry struct {
	record  gateway.Record
	line    []byte
	written chan error // gets the outcome; nobody may be listening
}

// tell gives the outcome to whoever waits for it, if it was not told before.
func (e *entry) tell(err error) {
	select {
	case e.written <- err:
	default:
	}
}

// Open opens the audit in a database and makes its table where there is none. The
// connection string is a URL or a list of key=value pairs, as libpq takes them.
func Open(ctx context.Context, connString string, config Config) (*Audit, error) {
	pool, err := connect(ctx, connString)
	if err == nil {
		if err = createTable(ctx, pool); err != nil {
			pool.Close()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("pgaudit: open: %w", err)
	}
	a := &Audit{
		pool: pool, keep: config.Keep, logger: cmp.Or(config.Logger, slog.New(slog.DiscardHandler)),
		wake: make(chan struct{}, 1),
	}
	a.ending, a.end = context.WithCancel(context.Background())
	a.work.Go(a.keepWriting)
	if a.keep > 0 {
		a.work.Go(a.keepSweeping)
	}
	return a, nil
}

// Record implements [gateway.Audit].
func (a *Audit) Record(r gateway.Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("pgaudit: record a call: %w", err)
	}
	e := &entry{record: r, line: line, written: make(chan error, 1)}
	if err := a.enter(e); err != nil {
		return fmt.Errorf("pgaudit: record a call: %w", err)
	}
	timer := time.NewTimer(2 * writeTimeout)
	defer timer.Stop()
	select {
	case err = <-e.written:
	case <-timer.C:
		err = a.leave(e)
	}
	if err != nil {
		return fmt.Errorf("pgaudit: record a call: %w", err)
	}
	return nil
}

// enter puts a record into the queue. While the database is gone, the end of a call
// stays there, and nothing else enters.
func (a *Audit) enter(e *entry) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch ends := e.record.Event == gateway.EventDone; {
	case a.closed:
		return errors.New("the audit is closed")
	case a.gone != nil && !ends:
		return fmt.Errorf("%w: %w", errGone, a.gone)
	case a.gone != nil && !a.room():
		a.lost++
		return fmt.Errorf("%w, and too many records wait for it: %w", errGone, a.gone)
	case a.gone != nil:
		a.waiting = append(a.waiting, e)
		return fmt.Errorf("%w: %w", ErrWaiting, a.gone)
	}
	a.waiting = append(a.waiting, e)
	select {
	case a.wake <- struct{}{}:
	default: // it will look anyway
	}
	return nil
}

// room reports whether one more end may wait. The caller holds the lock.
func (a *Audit) room() bool { return len(a.waiting) < maxWaiting }

// leave takes a record out of the queue whose writing took too long, unless it is
// the end of a call.
func (a *Audit) leave(e *entry) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case err := <-e.written:
		return err
	default:
	}
	if e.record.Event == gateway.EventDone {
		return ErrWaiting
	}
	for i := range a.waiting {
		if a.waiting[i] == e {
			a.waiting = append(a.waiting[:i], a.waiting[i+1:]...)
			break
		}
	}
	return errGone
}

// keepWriting writes what is in the queue until the audit is closed.
func (a *Audit) keepWriting() {
	for {
		wait := time.Duration(-1)
		if a.isGone() {
			wait = probeInterval
		}
		if !a.sleep(wait) {
			return
		}
		for a.ending.Err() == nil {
			if more := a.writeSome(a.ending); !more {
				break
			}
		}
	}
}

// sleep waits for work or, if the time is not negative, for a time. It reports
// whether to go on.
func (a *Audit) sleep(wait time.Duration) bool {
	var timer <-chan time.Time
	if wait >= 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-a.wake:
	case <-timer:
	case <-a.ending.Done():
		return false
	}
	return true
}

func (a *Audit) isGone() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.gone != nil
}

// writeSome writes what waits, or some of it, and reports whether there is more to
// write now.
func (a *Audit) writeSome(ctx context.Context) (more bool) {
	a.mu.Lock()
	n := min(len(a.waiting), maxBatch)
	batch := a.waiting[:n:n]
	a.waiting = append([]*entry(nil), a.waiting[n:]...)
	wasGone := a.gone != nil
	a.mu.Unlock()
	if n == 0 && !wasGone {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	var err error
	if n == 0 {
		err = a.pool.Ping(ctx)
	} else {
		err = a.write(ctx, batch)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.note(err)
	if err == nil {
		for _, e := range batch {
			e.tell(nil)
		}
		return len(a.waiting) > 0
	}
	// The ends wait, in the order in which they came, and the rest is told.
	var ends []*entry
	for _, e := range append(batch, a.waiting...) {
		if e.record.Event != gateway.EventDone {
			e.tell(fmt.Errorf("%w: %w", errGone, err))
			continue
		}
		ends = append(ends, e)
		e.tell(fmt.Errorf("%w: %w", ErrWaiting, err))
	}
	a.waiting = ends
	return false
}

// note keeps whether the database answers. The caller holds the lock.
func (a *Audit) note(err error) {
	switch {
	case err != nil && a.gone == nil:
		a.logger.Error("the audit's database does not answer; writes are refused meanwhile", "error", err.Error())
	case err == nil && a.gone != nil:
		a.logger.Info("the audit's database answers again", "lost", a.lost)
	}
	a.gone = err
}

// Waiting returns how many ends of calls wait for the database, and how many were
// lost because too many waited.
func (a *Audit) Waiting() (waiting, lost int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.gone == nil {
		return 0, a.lost
	}
	return len(a.waiting), a.lost
}

// Close writes what waits and closes the audit. The error says how many records did
// not reach the database.
func (a *Audit) Close() error {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.end()
	a.work.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	for ctx.Err() == nil && a.writeSome(ctx) {
	}
	a.pool.Close()
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.waiting) + a.lost; n > 0 {
		return fmt.Errorf("pgaudit: close: the ends of %d calls are not recorded: %w", n, cmp.Or(a.gone, errGone))
	}
	return nil
}

// text returns a text that PostgreSQL takes: it has no room for NUL.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
