package sync

import (
	"context"
	"errors"
	"time"
)

// keep renews the lease of a shop in the background. The context that it returns ends
// with [ErrFenced] where another worker has taken the shop over; the function ends the
// renewing and waits for it.
func (e *Engine) keep(ctx context.Context, shop string, epoch int64) (context.Context, func()) {
	ctx, end := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(max(e.config.Lease/3, time.Millisecond))
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			// Another failure is not the end: the next try may succeed in time, and if
			// none does, commits are fenced as soon as somebody takes the shop over.
			if err := e.to.Renew(ctx, shop, epoch, e.config.Lease); errors.Is(err, ErrFenced) {
				end(ErrFenced)
				return
			}
		}
	}()
	return ctx, func() {
		end(nil)
		<-ended
	}
}
