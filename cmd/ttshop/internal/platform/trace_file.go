package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// TraceFile writes what clients do, a line of JSON for each event: the records
// of the client's own logger, and also when a try begins, why it is repeated
// and how long it waited for its turn. A nil TraceFile writes nothing.
type TraceFile struct {
	logger *slog.Logger
	close  io.Closer // nil: not ours

	mu  sync.Mutex
	w   io.Writer
	err error // the first one of writing
}

// OpenTrace makes the file that --trace names; "-" is standard error.
func OpenTrace(sys *Session, name string) (*TraceFile, error) {
	t := &TraceFile{w: sys.Err}
	if name != "-" {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return nil, fmt.Errorf("--trace: %w", err)
		}
		t.w, t.close = f, f
	}
	t.logger = slog.New(slog.NewJSONHandler(t, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return t, nil
}

// Write implements io.Writer for the logger, which does not look at errors.
func (t *TraceFile) Write(line []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.w.Write(line)
	t.err = errors.Join(t.err, err)
	if err != nil {
		t.w = io.Discard // the first error is enough
	}
	return n, err
}

// End ends the file and reports what could not be written.
func (t *TraceFile) End() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	err := t.err
	if t.close != nil {
		err = errors.Join(err, t.close.Close())
	}
	if err != nil {
		return fmt.Errorf("--trace: the file is incomplete: %w", err)
	}
	return nil
}

// Log returns the logger, nil where nothing is traced.
func (t *TraceFile) Log() *slog.Logger {
	if t == nil {
		return nil
	}
	return t.logger
}

// Options make a client log what it does.
func (t *TraceFile) Options() []ttshop.Option {
	if t == nil {
		return nil
	}
	return []ttshop.Option{
		ttshop.WithLogger(t.logger), ttshop.WithHooks(t.hooks()), ttshop.WithLimiter(&tracedPacer{logger: t.logger}),
	}
}

// lastTryKey is the context key of the error of a call's previous try.
type lastTryKey struct{}

// hooks write the events that the client's logger does not record.
func (t *TraceFile) hooks() ttshop.Hooks {
	return ttshop.Hooks{
		CallStart: func(ctx context.Context, c ttshop.CallInfo) context.Context {
			t.logger.LogAttrs(ctx, slog.LevelDebug, "call begins",
				slog.String("operation", c.Operation), slog.String("shop", c.Shop), slog.String("method", c.Method),
				slog.String("path", c.Path), slog.String("host", c.Host), slog.Bool("write", c.Write))
			return context.WithValue(ctx, lastTryKey{}, new(error))
		},
		TryStart: func(ctx context.Context, i ttshop.TryInfo) context.Context {
			attrs := []slog.Attr{
				slog.String("operation", i.Operation), slog.String("shop", i.Shop), slog.Int("try", i.Try),
				slog.Duration("wait", i.Wait), slog.Int64("request_bytes", i.RequestBytes),
			}
			if last, ok := ctx.Value(lastTryKey{}).(*error); ok && *last != nil {
				attrs = append(attrs, slog.String("retry_of", retryReason(*last)))
			}
			t.logger.LogAttrs(ctx, slog.LevelDebug, "try begins", attrs...)
			return ctx
		},
		TryEnd: func(ctx context.Context, r ttshop.TryResult) {
			if last, ok := ctx.Value(lastTryKey{}).(*error); ok {
				*last = r.Err
			}
		},
	}
}

// retryReason says briefly why a client repeats a try that failed with err.
func retryReason(err error) string {
	switch {
	case errors.Is(err, ttshop.ErrTokenExpired):
		return "token expired"
	case errors.Is(err, ttshop.ErrSignature):
		return "timestamp refused"
	case errors.Is(err, ttshop.ErrRateLimited):
		return "throttled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case console.ConnectionRefused(err):
		return "connection refused"
	}
	if _, ok := errors.AsType[*ttshop.Error](err); ok {
		return "failed by the platform"
	}
	return "no answer"
}

// tracedPacer is a Pacer that logs waits, and when it learns that calls come too
// fast.
type tracedPacer struct {
	ttshop.Pacer
	logger *slog.Logger
}

// Acquire implements ttshop.Limiter.
func (p *tracedPacer) Acquire(ctx context.Context, key ttshop.LimitKey, priority ttshop.Priority) (ttshop.Permit, error) {
	permit, err := p.Pacer.Acquire(ctx, key, priority)
	if err == nil && permit.Wait > 0 {
		p.logger.LogAttrs(ctx, slog.LevelDebug, "paced",
			slog.String("operation", key.Operation), slog.String("shop", key.Shop), slog.Duration("wait", permit.Wait))
	}
	return permit, err
}

// Done implements ttshop.Limiter.
func (p *tracedPacer) Done(key ttshop.LimitKey, permit ttshop.Permit, outcome ttshop.Outcome) {
	p.Pacer.Done(key, permit, outcome)
	what := "slower from now on"
	switch outcome.Result {
	case ttshop.ResultThrottled:
	case ttshop.ResultQuota:
		what = "closed until the hour is over"
	default:
		return
	}
	p.logger.LogAttrs(context.Background(), slog.LevelDebug, what,
		slog.String("operation", key.Operation), slog.String("shop", key.Shop), slog.Duration("retry_after", outcome.RetryAfter))
}
