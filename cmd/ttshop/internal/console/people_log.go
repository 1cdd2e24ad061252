package console

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// peopleLog writes warnings and errors of the packages as lines for people.
type peopleLog struct {
	sys   *System
	mu    *sync.Mutex
	attrs []slog.Attr
}

// NewPeopleLog returns a handler of log records that people read.
func NewPeopleLog(sys *System) *peopleLog { return &peopleLog{sys: sys, mu: new(sync.Mutex)} }

// Enabled implements slog.Handler.
func (*peopleLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle implements slog.Handler: the message, the error, and then the rest in
// parentheses.
func (l *peopleLog) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString("ttshop: ")
	if r.Level < slog.LevelError {
		b.WriteString("warning: ")
	}
	b.WriteString(r.Message)
	var rest []string
	add := func(a slog.Attr) bool {
		switch a.Key {
		case "error":
			b.WriteString(": " + Printable(a.Value.String()))
		case "wait":
			rest = append(rest, "again in "+a.Value.String())
		case "consumer", "stack":
		default:
			rest = append(rest, a.Key+" "+Printable(a.Value.String()))
		}
		return true
	}
	for _, a := range l.attrs {
		add(a)
	}
	r.Attrs(add)
	if len(rest) > 0 {
		b.WriteString(" (" + strings.Join(rest, ", ") + ")")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := fmt.Fprintln(l.sys.Err, b.String())
	return err
}

// WithAttrs implements slog.Handler.
func (l *peopleLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &peopleLog{l.sys, l.mu, slices.Concat(l.attrs, attrs)}
}

// WithGroup implements slog.Handler. Groups make no difference here.
func (l *peopleLog) WithGroup(string) slog.Handler { return l }
