package tokenstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// The defaults of [Keeper].
const (
	defaultInterval = time.Minute
	defaultParallel = 8
)

// Keeper looks after a fleet whether or not anybody makes calls: it refreshes what
// is due, fetches missing shops, has the fleet's hooks called for grants that end
// or are lost, and reports the fleet's health. Several keepers on one store share
// the work: each goes through the grants in an order of its own, and the store's
// locks ensure that each grant is refreshed once. Do not change its fields while
// it runs.
type Keeper struct {
	// Fleet is the fleet to look after.
	Fleet *Fleet
	// Interval is the time from one round to the next; zero means one minute.
	Interval time.Duration
	// Parallel is the number of grants that are refreshed at once; zero means 8.
	Parallel int

	mu     sync.Mutex
	health Health
}

// Run keeps the fleet until the context ends, and then returns nil. Errors of the
// store and of refreshes do not end it: they appear in [Keeper.Health], the
// fleet's log and its hooks, and the next round tries again.
func (k *Keeper) Run(ctx context.Context) error {
	if k.Fleet == nil {
		return errors.New("tokenstore: the keeper has no fleet")
	}
	interval := cmp.Or(k.Interval, defaultInterval)
	for {
		k.Round(ctx)
		// Keepers that were started together drift apart.
		if !sleep(ctx, interval-time.Duration(rand.Int64N(int64(interval)/5+1))) {
			return nil
		}
	}
}

// Round goes through all grants once and returns the health of the fleet
// afterwards. It is for programs that a timer starts, instead of [Keeper.Run].
func (k *Keeper) Round(ctx context.Context) Health {
	f := k.Fleet
	began := f.now()
	grants, _, err := f.list(ctx)
	var unread error
	if err == nil {
		order := rand.Perm(len(grants))
		var wg sync.WaitGroup
		next := make(chan int)
		for range min(len(grants), max(1, cmp.Or(k.Parallel, defaultParallel))) {
			wg.Go(func() {
				for i := range next {
					k.look(ctx, grants[i])
				}
			})
		}
	deal:
		for _, i := range order {
			select {
			case next <- i:
			case <-ctx.Done():
				break deal
			}
		}
		close(next)
		wg.Wait()
		// This round and those of others have changed what the store holds.
		grants, unread, err = f.list(ctx)
	}
	if ctx.Err() != nil {
		return k.Health() // an interrupted round says nothing
	}
	return k.note(began, grants, unread, err)
}

// look does what is due for one grant.
func (k *Keeper) look(ctx context.Context, grant Grant) {
	f := k.Fleet
	m := f.use(grant)
	if _, err := f.restore(ctx, m, grant); err != nil && ctx.Err() == nil {
		f.log(slog.LevelWarn, "the store went back in time, and its token could not be put back", slog.String("grant", grant.Key.String()), slog.String("error", err.Error()))
	}
	if err := m.source.Keep(ctx); err != nil {
		return // the source reports it; note counts it
	}
	if grant.Token.UserType == ttshop.UserSeller && grant.ShopsAt.IsZero() {
		if _, err := f.SyncShops(ctx, grant.Key); err != nil && ctx.Err() == nil {
			f.log(slog.LevelWarn, "shops could not be fetched", slog.String("grant", grant.Key.String()), slog.String("error", err.Error()))
		}
	}
}

// list reads the grants for the keeper, and the index with them. The first error
// is about grants that cannot be read.
func (f *Fleet) list(ctx context.Context) (grants []Grant, unread, err error) {
	select {
	case f.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	defer func() { <-f.reading }()
	idx, grants, err := f.readGrants(ctx)
	if err != nil {
		return nil, nil, err
	}
	return grants, idx.err, nil
}

// note records the outcome of a round.
func (k *Keeper) note(began time.Time, grants []Grant, unread, err error) Health {
	f := k.Fleet
	now := f.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	h := Health{
		Began: k.health.Began, Round: now, RoundTook: now.Sub(began), Succeeded: k.health.Succeeded,
		interval: cmp.Or(k.Interval, defaultInterval),
	}
	if h.Began.IsZero() {
		h.Began = began
	}
	if err != nil {
		f.log(slog.LevelWarn, "round failed", slog.String("error", err.Error()))
		h.Error = err.Error()
		// What was known stays known.
		h.Grants, h.Lost, h.Failing, h.Ending, h.Pending = k.health.Grants, k.health.Lost, k.health.Failing, k.health.Ending, k.health.Pending
		k.health = h
		return h
	}
	h.Succeeded = now
	if unread != nil {
		h.Error = unread.Error()
	}
	h.Grants = len(grants)
	for _, grant := range grants {
		h.add(grant, f.failure(grant.Key), now)
	}
	k.health = h
	return h
}

// failure returns the error of the last refresh of a grant in this process, or
// nil.
func (f *Fleet) failure(key Key) error {
	m := f.inUse(key)
	if m == nil {
		return nil
	}
	return cmp.Or(m.unsavedError(), m.source.Err())
}

// add counts one grant.
func (h *Health) add(grant Grant, failure error, now time.Time) {
	trouble := GrantHealth{Grant: grant.Key.String(), SellerName: grant.Token.SellerName, AccessUntil: grant.Token.AccessTokenExpiresAt}
	switch {
	case grant.Lost():
		trouble.Since, trouble.Reason = grant.LostAt, grant.LostReason
		h.Lost = append(h.Lost, trouble)
		return
	case failure != nil && !errors.Is(failure, oauth.ErrAuthorizationLost):
		trouble.Reason = failure.Error()
		h.Failing = append(h.Failing, trouble)
	case !grant.Token.ValidAt(now):
		trouble.Reason = "the access token has ended and was not refreshed"
		h.Failing = append(h.Failing, trouble)
	}
	if days := oauth.EndingMark(grant.Token, now); days != 0 {
		trouble.Reason = fmt.Sprintf("the authorization ends within %d days", days)
		trouble.Until = grant.Token.RefreshTokenExpiresAt
		h.Ending = append(h.Ending, trouble)
	}
	if grant.Token.UserType == ttshop.UserSeller && grant.ShopsAt.IsZero() {
		h.Pending++
	}
}
