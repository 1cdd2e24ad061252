package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop"
)

// Issued is a token and when the platform issued it. A zero time means unknown;
// the access token is then assumed to live for seven days.
type Issued struct {
	Token ttshop.Token
	At    time.Time
}

// RenewFunc gets the token that follows the held one, from the platform or from
// whoever refreshed it in the meantime. If the token has to outlive the process,
// it must be stored before RenewFunc returns: the platform may end the old refresh
// token at once. An error that is [ErrAuthorizationLost] means that no later try
// can succeed with what is stored.
type RenewFunc func(ctx context.Context, held ttshop.Token) (Issued, error)

// SourceConfig configures a [Source]. The zero value works.
type SourceConfig struct {
	// Ahead is the share of an access token's life that is left when it is
	// refreshed; zero means 0.2.
	Ahead float64
	// MinAhead is the least time before the end at which an access token is
	// refreshed; zero means 10 minutes. A token that lives less than twice that
	// is refreshed after half its life.
	MinAhead time.Duration
	// Timeout bounds one refresh, with the wait for other processes; zero means
	// one minute.
	Timeout time.Duration
	// Now is the clock; nil means [time.Now].
	Now func() time.Time

	// The hooks are called one after the other in a goroutine of their own. No
	// caller of the source waits for them.

	// OnRefreshed gets each token that replaced another one.
	OnRefreshed func(token ttshop.Token)
	// OnEnding is called 30, 7 and 1 days before the authorization ends, once
	// each; marks that have already passed when the source is made share one call.
	OnEnding func(token ttshop.Token, days int)
	// OnLost is called once when the authorization is lost; the error is
	// [ErrAuthorizationLost].
	OnLost func(token ttshop.Token, err error)
	// OnFailed is called for each refresh that failed otherwise; it is tried
	// again later.
	OnFailed func(token ttshop.Token, err error)
}

// Source is a [ttshop.TokenSource] for one grant that renews its token by itself:
// ahead of its end in the background, while callers use the current one, and at
// once if it has ended or the platform called it expired. However many calls
// wait, only one refresh is under way.
//
// A refresh that fails is repeated with backoff. Callers notice it only once the
// current token has ended: then [ErrAuthorizationLost] means that the user must
// authorize the app again, and [ttshop.ErrUnavailable] that a later call may
// succeed.
//
// A source is safe for concurrent use and starts no goroutine on its own: it acts
// when it is asked for a token.
type Source struct {
	config SourceConfig
	renew  RenewFunc
	hold   atomic.Pointer[hold]

	mu       sync.Mutex // guards what follows, and all writes of hold
	random   *rand.Rand
	flight   *flight // the refresh under way, or nil
	failures int     // in a row
	failed   error   // of the last refresh; nil after a success
	retryAt  time.Time
	bought   time.Time // when the token in hand was bought here; zero if it came from elsewhere
	refused  bool      // the platform called the token in hand expired
	lost     bool      // OnLost was called for the token in hand
	marked   int       // the last mark given to OnEnding, in days; 0 for none
	hooks    []func()  // to be called in order
	hooking  bool      // a goroutine is calling them
}

// hold is a token in hand. It does not change.
type hold struct {
	Issued
	due  time.Time // when it is to be refreshed
	wake time.Time // until then Token has nothing to do
}

// flight is a refresh under way.
type flight struct {
	done chan struct{} // closed at the end
	err  error         // read after done
}

// NewSource returns a source that holds a token and renews it with renew. The
// token may have expired.
func NewSource(issued Issued, renew RenewFunc, config SourceConfig) *Source {
	config.Ahead = cmp.Or(config.Ahead, defaultAhead)
	config.MinAhead = cmp.Or(config.MinAhead, defaultMinAhead)
	config.Timeout = cmp.Or(config.Timeout, defaultTimeout)
	if config.Now == nil {
		config.Now = time.Now
	}
	s := &Source{config: config, renew: renew, random: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))}
	s.take(issued)
	return s
}

// Source returns a source that holds a token in memory only and renews it at the
// authorization host. If the platform replaces refresh tokens, the token passed
// here is worthless after the first refresh; package tokenstore has sources that
// store theirs.
func (a *App) Source(token ttshop.Token, config SourceConfig) *Source {
	now := config.Now
	if now == nil {
		now = time.Now
	}
	renew := func(ctx context.Context, held ttshop.Token) (Issued, error) {
		at := now()
		token, err := a.Renew(ctx, held)
		return Issued{token, at}, err
	}
	return NewSource(Issued{Token: token}, renew, config)
}

// Token returns the current token while it is good, at once and without a lock,
// and otherwise waits for the next one. If ctx ends, only its caller gives up;
// the refresh goes on for the others.
func (s *Source) Token(ctx context.Context) (ttshop.Token, error) {
	h := s.hold.Load()
	now := s.config.Now()
	if now.Before(h.wake) {
		return h.Token, nil
	}
	return s.wake(ctx, now)
}

// wake does what is due and returns a good token.
func (s *Source) wake(ctx context.Context, now time.Time) (ttshop.Token, error) {
	s.mu.Lock()
	s.noteEnding(now)
	h := s.hold.Load()
	if (!now.Before(h.due) || !s.good(now)) && s.flight == nil && !now.Before(s.retryAt) {
		s.fly(ctx)
	}
	s.plan(now)
	f, err := s.flight, s.failed
	good := s.good(now)
	s.mu.Unlock()
	if good {
		return h.Token, nil
	}
	return s.wait(ctx, f, err)
}

// Refresh replaces the current token if it is still the expired one, and
// otherwise returns it. It implements [ttshop.Refresher].
func (s *Source) Refresh(ctx context.Context, expired ttshop.Token) (ttshop.Token, error) {
	s.mu.Lock()
	now := s.config.Now()
	if s.hold.Load().Token.AccessToken != expired.AccessToken {
		s.mu.Unlock()
		return s.Token(ctx)
	}
	s.refused = true
	if now.Before(s.retryAt) && !s.lost {
		s.retryAt = earlier(s.retryAt, now.Add(backoff(s.failures, maxBackoffExpired)))
	}
	if s.flight == nil && !now.Before(s.retryAt) {
		if young := now.Sub(s.bought); !s.bought.IsZero() && young < refusedInterval {
			s.fail(now, fmt.Errorf("the platform calls a token expired that it issued %v ago; check this machine's clock", young.Round(time.Millisecond)))
		} else {
			s.fly(ctx)
		}
	}
	s.plan(now)
	f, err := s.flight, s.failed
	s.mu.Unlock()
	return s.wait(ctx, f, err)
}

// Keep does what is due, as Token does, and waits for it even if the current
// token is still good. The error is that of the last refresh. A keeper calls it
// from time to time.
func (s *Source) Keep(ctx context.Context) error {
	if _, err := s.Token(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	f, err := s.flight, s.failed
	s.mu.Unlock()
	if f != nil {
		_, err = s.wait(ctx, f, nil)
	}
	return err
}

// Adopt makes the source hold a token that was issued elsewhere, after another
// process refreshed it or the user authorized the app again. A token that ends
// before the current one, or at the same time without being issued later, is
// ignored: it may be an older one.
func (s *Source) Adopt(issued Issued) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.hold.Load().Issued
	if issued.Token.AccessToken != held.Token.AccessToken && issued.newer(held) {
		s.take(issued)
		s.plan(s.config.Now())
	}
}

// newer reports whether a token is known to be younger than another. The
// platform's clock decides if it can: those of the processes that refresh
// may differ.
func (i Issued) newer(than Issued) bool {
	end, other := i.Token.AccessTokenExpiresAt, than.Token.AccessTokenExpiresAt
	if !end.IsZero() && !other.IsZero() && !end.Equal(other) {
		return end.After(other)
	}
	return !than.At.IsZero() && i.At.After(than.At)
}

// Held returns the current token, good or not, and when it was issued.
func (s *Source) Held() Issued { return s.hold.Load().Issued }

// Err returns the error of the last refresh, or nil if it succeeded or none was
// tried.
func (s *Source) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

// String names the source without any secret.
func (s *Source) String() string { return "oauth.Source(" + s.hold.Load().Token.String() + ")" }

// GoString is String, so that no fmt verb walks into the source.
func (s *Source) GoString() string { return s.String() }

// wait returns the token that a refresh gives, or why there is none.
func (s *Source) wait(ctx context.Context, f *flight, failed error) (ttshop.Token, error) {
	if f == nil {
		return ttshop.Token{}, failed // the next try is not due yet
	}
	select {
	case <-f.done:
	default:
		select {
		case <-f.done:
		case <-ctx.Done():
			return ttshop.Token{}, fmt.Errorf("oauth: wait for the token of %s: %w", s.hold.Load().Token.OpenID, context.Cause(ctx))
		}
	}
	if f.err != nil {
		return ttshop.Token{}, f.err
	}
	return s.hold.Load().Token, nil
}

// fly starts a refresh. The caller holds the lock.
func (s *Source) fly(ctx context.Context) {
	f := &flight{done: make(chan struct{})}
	s.flight = f
	held := s.hold.Load().Token
	// The refresh belongs to all who wait, not to the first of them.
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), s.config.Timeout,
		fmt.Errorf("no result within %v: %w", s.config.Timeout, context.DeadlineExceeded))
	go func() {
		defer cancel()
		issued, err := s.renew(ctx, held)
		s.land(f, held, issued, err)
	}()
}

// land ends a refresh.
func (s *Source) land(f *flight, held ttshop.Token, issued Issued, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(f.done)
	s.flight = nil
	now := s.config.Now()
	if err == nil && issued.Token.AccessToken == "" {
		err = errors.New("the refresh gave an empty access token")
	}
	if err == nil && issued.Token.AccessToken == held.AccessToken && s.refused {
		err = errors.New("the refresh gave the token that the platform called expired")
	}
	if err == nil && !issued.Token.ValidAt(now) {
		err = errors.New("the refresh gave a token that has ended by this machine's clock; check the clock")
	}
	inHand := s.hold.Load().Issued
	adopted := inHand.Token.AccessToken != held.AccessToken // in the meantime
	switch {
	case adopted && s.good(now) && (err != nil || !issued.newer(inHand)):
		// What became of the previous token no longer matters.
	case err == nil:
		s.take(issued)
		s.bought = now
		if hook := s.config.OnRefreshed; issued.Token.AccessToken != inHand.Token.AccessToken && hook != nil {
			s.call(func() { hook(issued.Token) })
		}
		s.noteEnding(now)
	default:
		s.fail(now, err)
		f.err = s.failed
	}
	s.plan(now)
}

// fail records a failed refresh and when to try again.
func (s *Source) fail(now time.Time, err error) {
	token := s.hold.Load().Token
	s.failures++
	if errors.Is(err, ErrAuthorizationLost) {
		s.failed = fmt.Errorf("oauth: token of %s: %w", token.OpenID, err)
		s.retryAt = now.Add(lostRecheck)
		if hook := s.config.OnLost; !s.lost && hook != nil {
			failed := s.failed
			s.call(func() { hook(token, failed) })
		}
		s.lost = true
		return
	}
	s.failed = &sourceError{openID: token.OpenID, err: err}
	most := maxBackoff
	if !s.good(now) {
		most = maxBackoffExpired
	}
	wait := backoff(s.failures, most)
	// Do not sleep through the last moments of a working token.
	if end := token.AccessTokenExpiresAt; s.good(now) && !end.IsZero() {
		wait = min(wait, max(end.Sub(now), firstBackoff/2))
	}
	s.retryAt = now.Add(wait)
	if hook := s.config.OnFailed; hook != nil {
		failed := s.failed
		s.call(func() { hook(token, failed) })
	}
}

// take makes a token the one in hand, with a clean record.
func (s *Source) take(issued Issued) {
	if !issued.Token.RefreshTokenExpiresAt.Equal(s.heldEnd()) {
		s.marked = 0
	}
	due := refreshAt(issued, s.config.Ahead, s.config.MinAhead, s.random.Float64())
	s.hold.Store(&hold{Issued: issued, due: due})
	s.failures, s.failed, s.retryAt = 0, nil, time.Time{}
	s.bought, s.refused, s.lost = time.Time{}, false, false
}

func (s *Source) heldEnd() time.Time {
	if h := s.hold.Load(); h != nil {
		return h.Token.RefreshTokenExpiresAt
	}
	return time.Time{}
}

// good reports whether the token in hand can be used.
func (s *Source) good(now time.Time) bool { return !s.refused && s.hold.Load().Token.ValidAt(now) }

// plan sets until when Token needs no lock.
func (s *Source) plan(now time.Time) {
	h := *s.hold.Load()
	wake := never
	if end := h.Token.AccessTokenExpiresAt; !end.IsZero() {
		wake = end
	}
	if s.flight == nil {
		wake = earlier(wake, later(h.due, s.retryAt))
	}
	if _, next := ending(h.Token, now); s.config.OnEnding != nil {
		wake = earlier(wake, next)
	}
	if !s.good(now) {
		wake = time.Time{}
	}
	if !wake.Equal(h.wake) {
		h.wake = wake
		s.hold.Store(&h)
	}
}

// noteEnding calls OnEnding where a mark has passed.
func (s *Source) noteEnding(now time.Time) {
	hook := s.config.OnEnding
	token := s.hold.Load().Token
	mark, _ := ending(token, now)
	if hook == nil || mark == 0 || s.marked != 0 && mark >= s.marked {
		return
	}
	s.marked = mark
	s.call(func() { hook(token, mark) })
}

// call queues a hook, to be called outside the lock.
func (s *Source) call(hook func()) {
	s.hooks = append(s.hooks, hook)
	if s.hooking {
		return
	}
	s.hooking = true
	go func() {
		for {
			s.mu.Lock()
			hooks := s.hooks
			s.hooks = nil
			s.hooking = len(hooks) > 0
			s.mu.Unlock()
			if len(hooks) == 0 {
				return
			}
			for _, hook := range hooks {
				hook()
			}
		}
	}()
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// sourceError is a refresh that failed and may succeed later. It has no Unwrap:
// some classes of the cause would mislead a caller that wanted a token for a call.
type sourceError struct {
	openID string
	err    error
}

// Error returns the cause.
func (e *sourceError) Error() string {
	return fmt.Sprintf("oauth: token of %s: it cannot be refreshed now: %v", e.openID, e.err)
}

// Is reports whether the error belongs to a class.
func (e *sourceError) Is(target error) bool {
	switch target {
	case ttshop.ErrUnavailable:
		return !errors.Is(e.err, ttshop.ErrInvalidRequest) // such as a wrong app secret
	case ttshop.ErrOutcomeUnknown:
		return false // of the refresh; the call was not sent
	case ttshop.ErrUnauthorized, ttshop.ErrTokenExpired:
		return false // authorizing again would not help
	}
	return errors.Is(e.err, target)
}

// As finds the cause for [errors.As].
func (e *sourceError) As(target any) bool { return errors.As(e.err, target) }
