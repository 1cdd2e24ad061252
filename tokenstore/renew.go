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

// How long a token just bought is offered to a store that fails.
const (
	saveUnderLock = 10 * time.Second // while other processes wait for the lock
	saveAtATime   = 10 * time.Second // for one try
	firstPause    = 50 * time.Millisecond
	maxPause      = 30 * time.Second // between tries in the background
)

// purchase is a token that the platform issued, on its way into the store.
type purchase struct {
	spent ttshop.Secret // the refresh token that bought it
	grant Grant         // as it is to be saved
}

// renew gives a source its next token: the one that another process stored, or
// one from the platform, which is stored before it is returned.
func (f *Fleet) renew(ctx context.Context, m *member, held ttshop.Token) (oauth.Issued, error) {
	if !f.begin() {
		return oauth.Issued{}, errClosed
	}
	defer f.work.Done()

	locked, unlock, err := f.store.Lock(ctx, m.key)
	if err != nil {
		return oauth.Issued{}, err
	}
	defer unlock()
	if err := f.saveUnsaved(locked, m); err != nil {
		return oauth.Issued{}, fmt.Errorf("save the token bought before: %w", err)
	}
	grant, err := f.store.Load(locked, m.key)
	switch {
	case errors.Is(err, ErrNotFound):
		return oauth.Issued{}, removed(err)
	case err != nil:
		return oauth.Issued{}, err
	case grant.Token.AccessToken != held.AccessToken && grant.Token.ValidAt(f.now()):
		return grant.issued(), nil
	case grant.Lost():
		return oauth.Issued{}, fmt.Errorf("%w: since %s: %s", oauth.ErrAuthorizationLost, grant.LostAt.Format(time.RFC3339), grant.LostReason)
	}

	at := f.now()
	token, err := f.app.Renew(locked, grant.Token)
	if errors.Is(err, oauth.ErrAuthorizationLost) {
		return f.lose(locked, grant, err)
	}
	if err != nil {
		return oauth.Issued{}, err
	}
	p := &purchase{spent: grant.Token.RefreshToken, grant: grant}
	p.put(token, at)
	// The token exists nowhere else: neither the end of the refresh's time nor
	// a store that fails may lose it.
	saved, err := f.keep(context.WithoutCancel(locked), p)
	if errors.Is(err, ErrNotFound) {
		return oauth.Issued{}, removed(err)
	}
	if err != nil {
		bought := p.grant.issued()
		f.rescue(m, p, err)
		return bought, nil
	}
	f.reportRefresh(saved)
	return saved.issued(), nil
}

// removed is the error for a grant that the store has no longer.
func removed(err error) error {
	return fmt.Errorf("%w: the grant was removed from the store: %w", oauth.ErrAuthorizationLost, err)
}

func (f *Fleet) reportRefresh(grant Grant) {
	f.log(slog.LevelInfo, "token refreshed", slog.String("grant", grant.Key.String()), slog.Time("until", grant.Token.AccessTokenExpiresAt))
	if hook := f.config.OnRefreshed; hook != nil {
		f.hooks.call(func() { hook(grant.Clone()) })
	}
}

// put makes a token that of the grant to be saved.
func (p *purchase) put(token ttshop.Token, at time.Time) {
	if !token.RefreshTokenExpiresAt.Equal(p.grant.Token.RefreshTokenExpiresAt) {
		p.grant.EndingMark = 0
	}
	p.grant.Token, p.grant.RefreshedAt = token, at
	p.grant.LostAt, p.grant.LostReason = time.Time{}, ""
}

// lose marks a grant as lost, unless somebody changed it in the meantime.
func (f *Fleet) lose(ctx context.Context, grant Grant, refusal error) (oauth.Issued, error) {
	spent := grant.Token.RefreshToken
	marked := false
	grant, err := f.change(ctx, grant.Key, func(g *Grant) bool {
		marked = g.Token.RefreshToken == spent && !g.Lost()
		if marked {
			g.LostAt, g.LostReason = f.now(), refusal.Error()
		}
		return marked
	})
	switch {
	case err != nil:
		// Not being able to note it makes it no less lost.
		return oauth.Issued{}, fmt.Errorf("%w; note that in the store: %w", refusal, err)
	case grant.Token.RefreshToken != spent && !grant.Lost():
		return grant.issued(), nil
	}
	if marked {
		f.log(slog.LevelError, "authorization lost", slog.String("grant", grant.Key.String()), slog.String("error", refusal.Error()))
		if hook := f.config.OnLost; hook != nil {
			f.hooks.call(func() { hook(grant.Clone(), refusal) })
		}
	}
	return oauth.Issued{}, refusal
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
		case stored.Token.RefreshToken != p.spent:
			return stored, nil // the user authorized anew
		}
		// The shops were saved, or another process found the spent refresh
		// token refused and took the grant for lost.
		token, at := p.grant.Token, p.grant.RefreshedAt
		p.grant = stored
		p.put(token, at)
	}
}

// rescue keeps a purchase that the store did not take in memory, where its
// source uses it, and saves it when the store is back.
func (f *Fleet) rescue(m *member, p *purchase, cause error) {
	m.mu.Lock()
	m.unsaved = p
	m.mu.Unlock()
	err := fmt.Errorf("tokenstore: the new token of grant %s is in memory only, because the store does not take it: %w", m.key, cause)
	f.reportFailure(m.key, err)
	if !f.begin() {
		return // Close tries to save it
	}
	go func() {
		defer f.work.Done()
		for pause := time.Second; sleep(f.ending, pause/2+rand.N(pause)); pause = min(2*pause, maxPause) {
			err := f.saveUnsaved(f.ending, m)
			if err == nil {
				return
			}
			f.log(slog.LevelWarn, "token still in memory only", slog.String("grant", m.key.String()), slog.String("error", err.Error()))
		}
	}()
}

// saveUnsaved saves what [Fleet.rescue] keeps in memory, if anything. A grant
// that was removed takes its token along.
func (f *Fleet) saveUnsaved(ctx context.Context, m *member) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unsaved == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, saveAtATime)
	defer cancel()
	grant, err := f.save(ctx, m.unsaved)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	m.unsaved = nil
	if err == nil {
		f.reportRefresh(grant)
		m.source.Adopt(grant.issued())
	}
	return nil
}

// sleep waits and reports false where the context ends first.
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
