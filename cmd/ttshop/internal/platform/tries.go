package platform

import (
	"context"
	"fmt"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// callTries is how often a call is tried.
const callTries = 5

// Progress starts to tell people through to how far work has come, which while it
// waits for another try also says why.
func (s *Session) Progress(to *console.System, text string) *console.Progress {
	meter := console.NewProgress(to, text)
	s.meters.Lock()
	s.meter = meter
	s.meters.Unlock()
	return meter
}

// waits tells people what a call waits for.
func (s *Session) waits(reason string) {
	s.meters.Lock()
	defer s.meters.Unlock()
	if s.meter != nil {
		s.meter.Wait(reason)
	}
}

// giveUpKey is the context key of the function that ends the tries of a call.
type giveUpKey struct{}

// tries make a client say why it tries a call again, and end at once where no
// try can succeed.
func (s *Session) tries() []ttshop.Option {
	return []ttshop.Option{ttshop.WithRetry(ttshop.RetryPolicy{Tries: callTries}), ttshop.WithHooks(ttshop.Hooks{
		CallStart: func(ctx context.Context, _ ttshop.CallInfo) context.Context {
			ctx, giveUp := context.WithCancelCause(ctx)
			return context.WithValue(ctx, giveUpKey{}, giveUp)
		},
		TryStart: func(ctx context.Context, _ ttshop.TryInfo) context.Context {
			s.waits("")
			return ctx
		},
		TryEnd: func(ctx context.Context, r ttshop.TryResult) {
			if r.Err == nil {
				return
			}
			if _, here := console.RefusedHere(r.Err); here {
				giveUpOn(ctx, r.Err)
			} else if r.Try < callTries {
				s.waits(fmt.Sprintf("%s, try %d of %d", retryReason(r.Err), r.Try+1, callTries))
			}
		},
		CallEnd: func(ctx context.Context, _ ttshop.CallResult) { giveUpOn(ctx, nil) },
	})}
}

// giveUpOn ends the tries of the call that ctx belongs to.
func giveUpOn(ctx context.Context, cause error) {
	if giveUp, ok := ctx.Value(giveUpKey{}).(context.CancelCauseFunc); ok {
		giveUp(cause)
	}
}
