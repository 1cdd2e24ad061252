package webhook

import (
	"log/slog"
	"slices"
	"time"
)

// The defaults of a [Handler].
const (
	// DefaultReplayWindow is how old an event may be. The platform's last try
	// comes 15 hours and 32 minutes after the first.
	DefaultReplayWindow = 16 * time.Hour
	// DefaultMaxBody is the size in bytes up to which a body is read. It
	// leaves room below the message size of a NATS server, 1 MiB.
	DefaultMaxBody = 512 << 10
	// DefaultAnswerWithin is the time for an answer; the platform waits 3 s.
	DefaultAnswerWithin = 2 * time.Second
	// DefaultMaxInFlight is how many events are processed at a time without an
	// inbox.
	DefaultMaxInFlight = 256
)

// clockSkew is how far the platform's clock and ours may be apart.
const clockSkew = 5 * time.Minute

// Option configures a [Handler].
type Option func(*Handler)

// WithApps adds apps whose deliveries come to the same address.
func WithApps(apps ...App) Option {
	return func(h *Handler) { h.SetApps(append(slices.Clip(h.current()), apps...)...) }
}

// WithInbox makes the handler store events in an inbox and then answer. The
// registered functions are not called; an inbox is consumed with
// Handler.Handle, see [Mux.Handle].
func WithInbox(inbox Inbox) Option { return func(h *Handler) { h.inbox = inbox } }

// WithLogger sets the logger. It gets a record at level warn for the first
// delivery that is refused for a reason and, after a minute, one that counts
// those that followed; and a record at level error for every event that could not
// be stored or processed. The default is [slog.Default].
func WithLogger(logger *slog.Logger) Option { return func(h *Handler) { h.logger = logger } }

// WithReplayWindow sets how old the event's timestamp may be, plus five minutes
// for clock differences; the default is [DefaultReplayWindow]. Zero or
// less turns the check off. An inbox must remember keys for at least as long.
func WithReplayWindow(d time.Duration) Option { return func(h *Handler) { h.window = d } }

// WithMaxBody sets the size in bytes up to which a body is read; the default is
// [DefaultMaxBody].
func WithMaxBody(bytes int64) Option { return func(h *Handler) { h.maxBody = bytes } }

// WithAnswerWithin sets the time within which every delivery is answered; the
// default is [DefaultAnswerWithin].
func WithAnswerWithin(d time.Duration) Option { return func(h *Handler) { h.answerWithin = d } }

// WithMaxInFlight sets how many events are processed at a time without an
// inbox; the default is [DefaultMaxInFlight]. Any more are answered 503, so
// that the platform tries again.
func WithMaxInFlight(n int) Option { return func(h *Handler) { h.direct.limit = n } }

// WithClock sets the clock of the replay window; the default is [time.Now].
func WithClock(now func() time.Time) Option { return func(h *Handler) { h.now = now } }

// WithObserver sets a function that is called with every answer, for metrics. It
// must return at once.
func WithObserver(f func(Answer)) Option { return func(h *Handler) { h.observer = f } }
