package tokenstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// The times around the irreversible step. A process that lost its lock says every
// touchPause that it is still at work, so watchTime is several of them; settleTime
// is longer than any pause between two tries to save a result.
const (
	spendTime    = time.Minute // for the platform's answer; no deadline of a caller cuts it off
	lookPause    = 200 * time.Millisecond
	touchPause   = 500 * time.Millisecond
	watchTime    = 3 * time.Second // that an intent must stay unchanged before somebody else acts on it
	settleTime   = 5 * time.Second // that the store must say the same before a refusal is believed
	settleAtMost = time.Minute     // for the store to be readable for so long
)

// notSpentError is why a refresh token was not spent.
type notSpentError struct{ err error }

// Error says that nothing was spent, and why.
func (e *notSpentError) Error() string {
	return "the refresh token was not spent, because the store does not accept the intent to spend it: " + e.err.Error()
}

// Unwrap returns the store's error.
func (e *notSpentError) Unwrap() error { return e.err }

// current returns the grant as the store has it under the lock, including the
// outcome of a refresh that another process began.
func (f *Fleet) current(locked context.Context, m *member) (Grant, error) {
	grant, err := f.store.Load(locked, m.key)
	if err != nil {
		return Grant{}, err
	}
	if grant, err = f.restore(locked, m, grant); err != nil {
		return Grant{}, err
	}
	if grant.Intent.IsZero() || f.firm() {
		return grant, nil // with firm locks its process is gone, or it would still have the lock
	}
	began := grant.Intent.At
	grant, err = f.watch(locked, grant, watchTime)
	if err != nil {
		return Grant{}, fmt.Errorf("wait for the refresh that another process began at %s: %w", began.Format(time.RFC3339), err)
	}
	return grant, nil
}

// firm reports whether no lock of the store can be lost while its process lives.
func (f *Fleet) firm() bool {
	store, ok := f.store.(FirmLocker)
	return ok && store.LocksAreFirm()
}

// watch reads a grant until it has not changed for a time, or has another token,
// and returns it. Times at which the store cannot be read do not count.
func (f *Fleet) watch(ctx context.Context, grant Grant, still time.Duration) (Grant, error) {
	var readable bool
	since := time.Now()
	for {
		if !sleep(ctx, lookPause) {
			return Grant{}, context.Cause(ctx)
		}
		stored, err := f.store.Load(ctx, grant.Key)
		switch {
		case errors.Is(err, ErrNotFound):
			return Grant{}, err
		case err != nil:
			readable = false
			continue
		case !sameTokens(stored.Token, grant.Token):
			return stored, nil
		case !readable || stored.Intent != grant.Intent:
			readable, since = true, time.Now()
		}
		grant = stored
		if time.Since(since) >= still {
			return grant, nil
		}
	}
}

// sameTokens reports whether no refresh lies between two tokens.
func sameTokens(a, b ttshop.Token) bool {
	return a.AccessToken == b.AccessToken && a.RefreshToken == b.RefreshToken
}

// intend stores that the refresh token of a grant is about to be spent.
func (f *Fleet) intend(locked context.Context, grant Grant) (Grant, error) {
	for {
		intended := grant
		intended.Intent = Intent{ID: rand.Text(), At: f.now()}
		version, err := f.store.Save(locked, intended)
		if err == nil {
			err = context.Cause(locked)
			intended.Version = version
			if err == nil {
				return intended, nil
			}
			f.withdraw(context.WithoutCancel(locked), intended)
		}
		if !errors.Is(err, ErrConflict) {
			return Grant{}, &notSpentError{err}
		}
		stored, err := f.store.Load(locked, grant.Key) // the shops were saved
		switch {
		case err != nil:
			return Grant{}, &notSpentError{err}
		case !sameTokens(stored.Token, grant.Token) || stored.Intent != grant.Intent:
			return Grant{}, &notSpentError{ErrConflict} // the next try sees what changed
		}
		grant = stored
	}
}

// withdraw removes an intent whose refresh token was not spent. If that fails, the
// next process takes a little longer.
func (f *Fleet) withdraw(ctx context.Context, grant Grant) {
	ctx, cancel := context.WithTimeout(ctx, saveAtATime)
	defer cancel()
	intent := grant.Intent
	_, err := f.change(ctx, grant.Key, func(g *Grant) bool {
		ours := g.Intent == intent
		g.Intent = Intent{}
		return ours
	})
	if err != nil {
		f.log(slog.LevelWarn, "intent not withdrawn", slog.String("grant", grant.Key.String()), slog.String("error", err.Error()))
	}
}

// unspent reports whether a failed refresh certainly left the refresh token as it
// was.
func unspent(err error) bool {
	if answer, ok := errors.AsType[*ttshop.Error](err); ok {
		return answer.Code != 0 && answer.HTTPStatus < 500
	}
	failure, ok := errors.AsType[*ttshop.TransportError](err)
	return ok && !failure.Sent
}

// spend asks the platform. From here on nothing interrupts the answer; if the lock
// is lost meanwhile, others are told that the refresh is still under way.
func (f *Fleet) spend(locked context.Context, grant Grant) (ttshop.Token, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(locked), spendTime)
	defer cancel()
	answered := make(chan struct{})
	touched := make(chan struct{})
	go func() {
		defer close(touched)
		select {
		case <-answered:
		case <-locked.Done(): // the lock is lost, or the caller gave up, after which its loss would go unnoticed
			f.touch(answered, grant, context.Cause(locked))
		}
	}()
	token, err := f.app.Renew(ctx, grant.Token)
	close(answered)
	<-touched
	return token, err
}

// touch keeps an intent fresh until the platform has answered, unless somebody
// else has already acted on it.
func (f *Fleet) touch(answered <-chan struct{}, grant Grant, why error) {
	f.log(slog.LevelWarn, "a refresh goes on without its lock", slog.String("grant", grant.Key.String()), slog.String("reason", why.Error()))
	id := grant.Intent.ID
	ctx, cancel := context.WithCancel(context.Background()) // not over the connection of the lock
	defer cancel()
	go func() {
		select {
		case <-answered:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		_, err := f.change(ctx, grant.Key, func(g *Grant) bool {
			ours := g.Intent.ID == id
			g.Intent.At = f.now()
			if !ours {
				cancel()
			}
			return ours
		})
		if err != nil && ctx.Err() == nil {
			f.log(slog.LevelWarn, "the refresh under way could not be told to others", slog.String("grant", grant.Key.String()), slog.String("error", err.Error()))
		}
		if !sleep(ctx, touchPause) {
			return
		}
	}
}

// lose marks a grant as lost once the store has had time to show otherwise:
// another process may have spent the refresh token first, with its result still
// on the way.
func (f *Fleet) lose(ctx context.Context, grant Grant, before Intent, refusal error) (oauth.Issued, error) {
	id := grant.Intent.ID
	reading, cancel := context.WithTimeout(ctx, settleAtMost)
	defer cancel()
	stored, err := f.watch(reading, grant, settleTime)
	if errors.Is(err, ErrNotFound) {
		return oauth.Issued{}, removed(err)
	}
	if err != nil {
		//nolint:errorlint // the refusal is not believed, so it must not be found in the error
		return oauth.Issued{}, fmt.Errorf("the platform refused the refresh token (%v), and the store cannot be read to see whether another process spent it: %w", refusal, err)
	}
	if !before.IsZero() {
		refusal = fmt.Errorf("%w (a process that began to refresh at %s ended before its result was stored)", refusal, before.At.Format(time.RFC3339))
	}
	marked := false
	stored, err = f.change(ctx, grant.Key, func(g *Grant) bool {
		marked = sameTokens(g.Token, grant.Token) && g.Intent.ID == id && !g.Lost()
		if marked {
			g.LostAt, g.LostReason, g.Intent = f.now(), refusal.Error(), Intent{}
		}
		return marked
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return oauth.Issued{}, removed(err)
	case err != nil:
		// It is lost even if that cannot be stored.
		return oauth.Issued{}, fmt.Errorf("%w; record that in the store: %w", refusal, err)
	case !sameTokens(stored.Token, grant.Token) && !stored.Lost():
		return stored.issued(), nil
	case !marked && !stored.Lost():
		//nolint:errorlint // as above: another process knows better
		return oauth.Issued{}, fmt.Errorf("the platform refused the refresh token (%v), and another process is refreshing it", refusal)
	}
	if marked {
		f.log(slog.LevelError, "authorization lost", slog.String("grant", grant.Key.String()), slog.String("error", refusal.Error()))
		if hook := f.config.OnLost; hook != nil {
			f.hooks.call(func() { hook(stored.Clone(), refusal) })
		}
	}
	return oauth.Issued{}, refusal
}
