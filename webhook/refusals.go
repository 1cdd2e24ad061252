package webhook

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// How refused deliveries are logged: whoever forges them must fill neither a
// disk nor a screen.
const (
	// refusalWindow is the time over which refusals of one reason are counted.
	refusalWindow = time.Minute
	// diagnosesPerWindow is how many wrong signatures are looked at closely,
	// which costs several digests each.
	diagnosesPerWindow = 100
)

// refusals logs the first refusal of each reason in full and counts those that
// follow within the window. The zero value is ready.
type refusals struct {
	mu        sync.Mutex
	reasons   map[string]*refusalCount // nil: no window is open
	close     *time.Timer
	diagnoses int
}

// refusalCount is what came after the first refusal of a reason.
type refusalCount struct {
	message string
	count   int
	remote  string // of the last one
}

// note logs a refusal or counts it. The reason is one of few; details go into args.
func (r *refusals) note(logger *slog.Logger, reason, remote string, args []any) {
	r.mu.Lock()
	if counted := r.reasons[reason]; counted != nil {
		counted.count++
		counted.remote = remote
		r.mu.Unlock()
		return
	}
	r.open(logger)
	r.reasons[reason] = &refusalCount{message: reason}
	r.mu.Unlock()
	logger.Warn("webhook delivery refused: "+reason, append(args, "remote", remote)...)
}

// open begins a window where there is none.
func (r *refusals) open(logger *slog.Logger) {
	if r.reasons != nil {
		return
	}
	r.reasons = map[string]*refusalCount{}
	r.close = time.AfterFunc(refusalWindow, func() { r.tell(logger) })
}

// tell ends the window and logs what was counted in it.
func (r *refusals) tell(logger *slog.Logger) {
	r.mu.Lock()
	if r.close != nil {
		r.close.Stop()
	}
	counted := r.reasons
	r.reasons, r.close, r.diagnoses = nil, nil, 0
	r.mu.Unlock()
	for _, c := range counted {
		if c.count > 0 {
			logger.LogAttrs(context.Background(), slog.LevelWarn, "further webhook deliveries refused: "+c.message,
				slog.Int("count", c.count), slog.Duration("within", refusalWindow), slog.String("last_remote", c.remote))
		}
	}
}

// mayDiagnose reports whether one more wrong signature is looked at closely.
func (r *refusals) mayDiagnose(logger *slog.Logger) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open(logger)
	r.diagnoses++
	return r.diagnoses <= diagnosesPerWindow
}
