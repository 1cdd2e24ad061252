package tokenstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// How long a newly issued token is offered to a failing store.
const (
	saveUnderLock = 10 * time.Second // before callers get the token
	saveAtATime   = 10 * time.Second // for one try
	firstPause    = 50 * time.Millisecond
	maxPause      = 2 * time.Second // between tries in the background; less than settleTime
)

// purchase is a token that the platform issued and that is on its way into the
// store.
type purchase struct {
	before ttshop.Token // what bought it
	grant  Grant        // as it is to be saved
	unlock func()       // releases the lock that is held until then
	cause  error        // why the store did not take it
}

// renew returns a source's next token: the one that another process stored, or one
// from the platform, which is stored before it is returned.
func (f *Fleet) renew(ctx context.Context, m *member, held ttshop.Token) (oauth.Issued, error) {
	if !f.begin() {
		return oauth.Issued{}, errClosed
	}
	defer f.work.Done()

	// An unsaved token holds the lock.
	if waited, err := f.saveUnsaved(ctx, m); err != nil {
		return oauth.Issued{}, fmt.Errorf("save the token issued before: %w", err)
	} else if waited {
		if issued := m.source.Held(); issued.Token.AccessToken != held.AccessToken && issued.Token.ValidAt(f.now()) {
			return issued, nil
		}
	}
	locked, unlock, err := f.store.Lock(ctx, m.key)
	if err != nil {
		return oauth.Issued{}, err
	}
	issued, unsaved, err := f.renewLocked(locked, m, held)
	if unsaved == nil {
		unlock()
		return issued, err
	}
	// Nobody else may find the spent refresh token while its result waits here.
	unsaved.unlock = unlock
	f.rescue(m, unsaved)
	return issued, nil
}

// renewLocked is renew under the lock. The purchase returned, if any, could not be
// stored.
func (f *Fleet) renewLocked(locked context.Context, m *member, held ttshop.Token) (oauth.Issued, *purchase, error) {
	grant, err := f.current(locked, m)
	switch {
	case errors.Is(err, ErrNotFound):
		return oauth.Issued{}, nil, removed(err)
	case err != nil:
		return oauth.Issued{}, nil, err
	case grant.Token.AccessToken != held.AccessToken && grant.Token.ValidAt(f.now()):
		return grant.issued(), nil, nil
	case grant.Lost():
		return oauth.Issued{}, nil, fmt.Errorf("%w: since %s: %s", oauth.ErrAuthorizationLost, grant.LostAt.Format(time.RFC3339), grant.LostReason)
	}
	before := grant.Intent
	if grant, err = f.intend(locked, grant); err != nil {
		return oauth.Issued{}, nil, err
	}
	at := f.now()
	token, err := f.spend(locked, grant)
	if errors.Is(err, oauth.ErrAuthorizationLost) {
		issued, err := f.lose(context.WithoutCancel(locked), grant, before, err)
		return issued, nil, err
	}
	if err != nil {
		if unspent(err) {
			f.withdraw(context.WithoutCancel(locked), grant)
		}
		return oauth.Issued{}, nil, err
	}
	p := &purchase{before: grant.Token, grant: grant}
	p.put(token, at)
	// The token exists nowhere else: neither a timeout of the refresh nor a
	// failing store may lose it.
	saved, err := f.keep(context.WithoutCancel(locked), p)
	if errors.Is(err, ErrNotFound) {
		return oauth.Issued{}, nil, removed(err)
	}
	if err != nil {
		p.cause = err
		return p.grant.issued(), p, nil //nolint:nilerr // the token is good; the purchase carries the error on
	}
	m.note(saved)
	f.reportRefresh(saved)
	return saved.issued(), nil, nil
}

// removed is the error for a grant that is no longer in the store.
func removed(err error) error {
	return fmt.Errorf("%w: the grant was removed from the store: %w", oauth.ErrAuthorizationLost, err)
}

func (f *Fleet) reportRefresh(grant Grant) {
	f.log(slog.LevelInfo, "token refreshed", slog.String("grant", grant.Key.String()), slog.Time("until", grant.Token.AccessTokenExpiresAt))
	if hook := f.config.OnRefreshed; hook != nil {
		f.hooks.call(func() { hook(grant.Clone()) })
	}
}

// put sets the token of the grant to be saved.
func (p *purchase) put(token ttshop.Token, at time.Time) {
	if !token.RefreshTokenExpiresAt.Equal(p.grant.Token.RefreshTokenExpiresAt) {
		p.grant.EndingMark = 0
	}
	p.grant.Token, p.grant.RefreshedAt, p.grant.Intent = token, at, Intent{}
	p.grant.LostAt, p.grant.LostReason = time.Time{}, ""
}

// isNewest reports whether the purchase is newer than what the store now holds in
// place of the token that was spent.
func (p *purchase) isNewest(stored Grant) bool {
	if stored.Token.AccessToken == p.before.AccessToken && stored.Token.RefreshToken == p.before.RefreshToken {
		return true // nobody else got that far
	}
	// Another process, or the user, did. The platform's clock tells which of two
	// tokens of one authorization is newer.
	ours, theirs := p.grant.Token.AccessTokenExpiresAt, stored.Token.AccessTokenExpiresAt
	return stored.AuthorizedAt.Equal(p.grant.AuthorizedAt) && !ours.IsZero() && !theirs.IsZero() && ours.After(theirs)
}

// keep saves a purchase while the lock is held, with some patience.
func (f *Fleet) keep(ctx context.Context, p *purchase) (Grant, error) {
	ctx, cancel := context.WithTimeout(ctx, saveUnderLock)
	defer cancel()
	for pause := firstPause; ; pause *= 2 {
		grant, err := f.save(ctx, p)
		if err == nil || final(err) || !sleep(ctx, pause) {
			return grant, err
		}
	}
}

// final reports whether a failed save is not worth repeating at once.
func final(err error) bool {
	for _, class := range []error{ErrNotFound, ErrReadOnly, ErrFull, ErrCorrupt, ErrNewerVersion, ErrWrongKey, ErrPermission} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

// save stores a purchase and returns the grant as the store has it: with this
// token, or with a later one that somebody else put there.
func (f *Fleet) save(ctx context.Context, p *purchase) (Grant, error) {
	for {
		version, err := f.store.Save(ctx, p.grant)
		if err == nil {
			p.grant.Version = version
			return p.grant, nil
		}
		if !errors.Is(err, ErrConflict) {
			return Grant{}, err
		}
		stored, err := f.store.Load(ctx, p.grant.Key)
		switch {
		case err != nil:
			return Grant{}, err
		case stored.Token.AccessToken == p.grant.Token.AccessToken:
			return stored, nil // an earlier try succeeded without our hearing of it
		case !p.isNewest(stored):
			return stored, nil
		}
		// The shops were saved, or another process has had the spent refresh
		// token refused or is about to.
		token, at := p.grant.Token, p.grant.RefreshedAt
		p.grant = stored
		p.put(token, at)
	}
}

// rescue keeps a purchase that could not be stored in memory, where its source
// uses it, together with the lock, and saves it when the store is back.
func (f *Fleet) rescue(m *member, p *purchase) {
	m.mu.Lock()
	m.unsaved = p
	m.mu.Unlock()
	f.reportFailure(m.key, m.unsavedError())
	if !f.begin() {
		return // Close tries to save it
	}
	go func() {
		defer f.work.Done()
		for pause := 4 * firstPause; sleep(f.ending, pause/2+rand.N(pause/2)); pause = min(2*pause, maxPause) {
			_, err := f.saveUnsaved(f.ending, m)
			if err == nil {
				return
			}
			f.log(slog.LevelWarn, "token still in memory only", slog.String("grant", m.key.String()), slog.String("error", err.Error()))
		}
	}()
}

// unsavedError returns why a token of the member is in memory only, or nil.
func (m *member) unsavedError() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unsaved == nil {
		return nil
	}
	return fmt.Errorf("tokenstore: the new token of grant %s is in memory only, because the store does not take it: %w", m.key, m.unsaved.cause)
}

// giveUp releases the lock of a token that could not be saved.
func (m *member) giveUp() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unsaved != nil {
		m.unsaved.unlock()
	}
}

// saveUnsaved saves what [Fleet.rescue] keeps in memory, and reports whether there
// was anything. If the grant was removed, its token is dropped.
func (f *Fleet) saveUnsaved(ctx context.Context, m *member) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unsaved == nil {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, saveAtATime)
	defer cancel()
	grant, err := f.save(ctx, m.unsaved)
	if err != nil && !errors.Is(err, ErrNotFound) {
		m.unsaved.cause = err
		return true, err
	}
	m.unsaved.unlock()
	m.unsaved = nil
	if err == nil {
		m.noteLocked(grant)
		f.reportRefresh(grant)
		m.source.Adopt(grant.issued())
	}
	return true, nil
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
