package webhook

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Limits on logging what strangers do: they must not fill a disk or a screen.
const (
	// tallyWindow is the time over which what is told once is counted.
	tallyWindow = time.Minute
	// diagnosesPerWindow is how many wrong signatures are looked at closely,
	// which costs several digests each.
	diagnosesPerWindow = 100
)

// tally logs the first case of each message in full and counts those that follow
// within a minute. The zero value is ready.
type tally struct {
	mu        sync.Mutex
	cases     map[string]*furtherCases // by message; nil: no window is open
	end       *time.Timer              // of the window
	diagnoses int
}

// furtherCases are those after the first.
type furtherCases struct {
	count  int
	remote string // of the last one
}

// note logs a case or counts it. There are few messages; details go into args.
func (t *tally) note(logger *slog.Logger, message, remote string, args ...any) {
	t.mu.Lock()
	if further := t.cases[message]; further != nil {
		further.count++
		further.remote = remote
		t.mu.Unlock()
		return
	}
	t.open(logger)
	t.cases[message] = new(furtherCases)
	t.mu.Unlock()
	logger.Warn(message, append(args, "remote", remote)...)
}

// open begins a window if there is none.
func (t *tally) open(logger *slog.Logger) {
	if t.cases == nil {
		t.cases = map[string]*furtherCases{}
		t.end = time.AfterFunc(tallyWindow, func() { t.tell(logger) })
	}
}

// tell ends the window and logs what was counted in it.
func (t *tally) tell(logger *slog.Logger) {
	t.mu.Lock()
	if t.end != nil {
		t.end.Stop()
	}
	cases := t.cases
	t.cases, t.end, t.diagnoses = nil, nil, 0
	t.mu.Unlock()
	for message, further := range cases {
		if further.count > 0 {
			logger.LogAttrs(context.Background(), slog.LevelWarn, message,
				slog.Int("further", further.count), slog.Duration("within", tallyWindow), slog.String("last_remote", further.remote))
		}
	}
}

// mayDiagnose reports whether one more wrong signature is looked at closely.
func (t *tally) mayDiagnose(logger *slog.Logger) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open(logger)
	t.diagnoses++
	return t.diagnoses <= diagnosesPerWindow
}
