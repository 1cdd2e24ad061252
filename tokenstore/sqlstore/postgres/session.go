package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/internal/dialect"
)

// The pace of a session.
const (
	queryTimeout = 10 * time.Second // of one statement; a session that takes longer is given up
	pingInterval = 500 * time.Millisecond
	firstWait    = 5 * time.Millisecond // between two looks at a lock that another process holds
	maxWait      = 250 * time.Millisecond
	reconnects   = 3 // new sessions for one lock
)

// session is the database session that holds all locks of a process, advisory
// locks of PostgreSQL, for as long as there are any. When it ends, so do they:
// the server has freed them. A waiter polls the lock and holds no session of its
// own.
type session struct {
	db *sql.DB

	turn chan struct{} // holds one value while a statement runs on conn

	mu      sync.Mutex // guards what follows; not held while a statement runs
	conn    *sql.Conn  // nil while there is none
	users   int        // locks that are held or asked for
	loose   int        // locks that may have been given to somebody who left
	watched *sql.Conn  // the connection that watch looks after, or nil
	held    map[int64]*sessionLock
	local   map[int64]*localLock // excludes within the process, whose locks are one session's
}

// sessionLock is a lock that a session holds.
type sessionLock struct {
	session *session
	conn    *sql.Conn
	number  int64
	end     context.CancelCauseFunc // of the context of the lock
}

// localLock excludes goroutines.
type localLock struct {
	taken chan struct{} // holds one value while it is taken
	users int
}

func newSession(db *sql.DB) *session {
	return &session{db: db, turn: make(chan struct{}, 1), held: map[int64]*sessionLock{}, local: map[int64]*localLock{}}
}

// lock waits for a lock. The context returned carries it and ends with it.
func (s *session) lock(ctx context.Context, number int64) (context.Context, func(), error) {
	leave, err := s.enter(ctx, number)
	if err != nil {
		return nil, nil, err
	}
	broke := 0
	for wait := firstWait; ; wait = min(2*wait, maxWait) {
		l, err := s.try(ctx, number)
		switch {
		case err != nil && ctx.Err() == nil && ended(err) && broke < reconnects:
			broke++
			wait = maxWait // the session ended, not the server, as far as one can tell
		case err != nil:
			leave()
			return nil, nil, err
		case l != nil:
			held, end := context.WithCancelCause(context.WithValue(ctx, heldLock{s}, l))
			unlock := sync.OnceFunc(func() { end(nil); s.unlock(l); leave() })
			if !s.hold(l, end) {
				unlock()
				return nil, nil, tokenstore.ErrLockLost
			}
			return held, unlock, nil
		}
		if !sleep(ctx, wait/2+rand.N(wait)) {
			leave()
			return nil, nil, context.Cause(ctx)
		}
	}
}

// enter takes the lock of the process and counts a user of the session.
func (s *session) enter(ctx context.Context, number int64) (leave func(), err error) {
	s.mu.Lock()
	l := s.local[number]
	if l == nil {
		l = &localLock{taken: make(chan struct{}, 1)}
		s.local[number] = l
	}
	l.users++
	s.mu.Unlock()
	forget := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(s.local, number)
		}
	}
	select {
	case l.taken <- struct{}{}:
	case <-ctx.Done():
		forget()
		return nil, context.Cause(ctx)
	}
	s.mu.Lock()
	s.users++
	s.mu.Unlock()
	return func() { s.leave(); <-l.taken; forget() }, nil
}

// leave returns the connection when nobody needs it. One that may hold an unknown
// lock is ended.
func (s *session) leave() {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	switch {
	case s.users > 0 || s.conn == nil:
		return
	case s.loose > 0:
		discard(s.conn)
	default:
		_ = s.conn.Close() // back into the pool, where it may be found broken
	}
	s.conn = nil
}

// do runs statements on the session, one user at a time: on the connection on, with
// ErrLockLost if that is gone, or on any if on is nil. A caller that does not wait
// for the end does not end the session; do then reports that it left, and the
// outcome goes to late.
func do[T any](ctx context.Context, s *session, on *sql.Conn, f func(ctx context.Context, conn *sql.Conn) (T, error), late func(T, error)) (value T, left bool, err error) {
	type outcome struct {
		value T
		err   error
	}
	var none T
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		if late != nil {
			late(none, context.Cause(ctx))
		}
		return none, true, context.Cause(ctx)
	}
	outcomes := make(chan outcome)
	go func() {
		ctx, end := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
		var o outcome
		var conn *sql.Conn
		if conn, o.err = s.connection(ctx, on); o.err == nil {
			o.value, o.err = f(ctx, conn)
			if o.err != nil && broken(o.err) {
				s.drop(conn)
			}
		}
		end()
		<-s.turn
		outcomes <- o
	}()
	select {
	case o := <-outcomes:
		return o.value, false, o.err
	case <-ctx.Done():
		go func() {
			o := <-outcomes
			if late != nil {
				late(o.value, o.err)
			}
		}()
		return none, true, context.Cause(ctx)
	}
}

// connection returns the connection that is asked for or, with nil, the one
// there is, creating one if necessary.
func (s *session) connection(ctx context.Context, wanted *sql.Conn) (*sql.Conn, error) {
	s.mu.Lock()
	conn := s.conn
	s.mu.Unlock()
	switch {
	case wanted != nil && conn != wanted:
		return nil, tokenstore.ErrLockLost
	case conn != nil:
		return conn, nil
	}
	conn, err := whenThereIsRoom(ctx, func() (*sql.Conn, error) { return s.db.Conn(ctx) })
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = conn
	return conn, nil
}

// drop ends a connection that broke, and all locks that it held.
func (s *session) drop(conn *sql.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != conn {
		return
	}
	s.conn = nil
	for number, l := range s.held {
		l.end(tokenstore.ErrLockLost)
		delete(s.held, number)
	}
	// A connection whose peer is silent takes its time to close.
	go discard(conn)
}

// try takes a lock that nobody holds, and returns nil if somebody does.
func (s *session) try(ctx context.Context, number int64) (*sessionLock, error) {
	s.count(1)
	l, left, err := do(ctx, s, nil, func(ctx context.Context, conn *sql.Conn) (*sessionLock, error) {
		var free bool
		err := conn.QueryRowContext(ctx, `select pg_try_advisory_lock($1)`, number).Scan(&free)
		if err != nil {
			s.drop(conn) // the lock may have been given all the same
			return nil, err
		}
		if !free {
			return nil, nil
		}
		return &sessionLock{session: s, conn: conn, number: number}, nil
	}, func(l *sessionLock, _ error) {
		if l != nil {
			s.unlock(l)
		}
		s.count(-1)
	})
	if !left {
		s.count(-1)
	}
	return l, err
}

func (s *session) count(loose int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loose += loose
}

// hold notes a lock, whose context ends by end when the session does, and
// reports false if the session has already ended.
func (s *session) hold(l *sessionLock, end context.CancelCauseFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != l.conn {
		return false
	}
	l.end = end
	s.held[l.number] = l
	if s.watched != l.conn {
		s.watched = l.conn
		go s.watch(l.conn)
	}
	return true
}

// watch finds out that a connection ended while it holds locks.
func (s *session) watch(conn *sql.Conn) {
	for {
		time.Sleep(pingInterval)
		s.mu.Lock()
		over := s.conn != conn || len(s.held) == 0
		if over && s.watched == conn {
			s.watched = nil
		}
		s.mu.Unlock()
		if over {
			return
		}
		_, _, _ = do(context.Background(), s, conn, func(ctx context.Context, conn *sql.Conn) (struct{}, error) {
			return struct{}{}, conn.PingContext(ctx) // a failure ends the locks
		}, nil)
	}
}

// unlock releases a lock. If that fails, the session is ended, and with it the
// lock.
func (s *session) unlock(l *sessionLock) {
	s.mu.Lock()
	if s.held[l.number] == l {
		delete(s.held, l.number)
	}
	s.mu.Unlock()
	// On another connection there is nothing to do: the lock ended with its own.
	_, _, _ = do(context.Background(), s, l.conn, func(ctx context.Context, conn *sql.Conn) (struct{}, error) {
		var freed bool
		err := conn.QueryRowContext(ctx, `select pg_advisory_unlock($1)`, l.number).Scan(&freed)
		if err != nil || !freed {
			s.drop(conn)
		}
		return struct{}{}, err
	}, nil)
}

// Run implements dialect.Lock.
func (l *sessionLock) Run(ctx context.Context, f func(ctx context.Context, q dialect.Querier) error) error {
	_, _, err := do(ctx, l.session, l.conn, func(ctx context.Context, conn *sql.Conn) (struct{}, error) {
		l.session.mu.Lock()
		holds := l.session.held[l.number] == l
		l.session.mu.Unlock()
		if !holds {
			return struct{}{}, tokenstore.ErrLockLost
		}
		return struct{}{}, f(ctx, conn)
	}, nil)
	return err
}

// Broke implements dialect.Lock.
func (l *sessionLock) Broke(err error) bool { return broken(err) }

// discard closes a connection for good.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = conn.Close()
}

// whenThereIsRoom repeats a connection attempt that is refused because all of the
// server's sessions are taken or it is just starting.
func whenThereIsRoom[T any](ctx context.Context, connect func() (T, error)) (T, error) {
	deadline := time.Now().Add(queryTimeout)
	for wait := 10 * firstWait; ; wait = min(2*wait, 2*maxWait) {
		value, err := connect()
		if err == nil || !refusedForNow(err) || time.Now().After(deadline) {
			return value, err
		}
		if !sleep(ctx, wait/2+rand.N(wait)) {
			return value, fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
	}
}

// sleep waits and reports false if the context ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
