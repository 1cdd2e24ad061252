package inbox

import (
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/inbox/internal/engine"
)

// The defaults of an [Inbox].
const (
	// DefaultPrefix begins the names of streams and subjects.
	DefaultPrefix = "ttshop"
	// DefaultKeep is how long events stay that all consumers are done with.
	DefaultKeep = 30 * 24 * time.Hour
	// DefaultRemember is how long keys are remembered: longer than the
	// platform tries, and longer than a handler's replay window.
	DefaultRemember = webhook.DefaultReplayWindow + 2*time.Hour
)

// Option configures an [Inbox].
type Option func(*settings)

type settings struct {
	prefix   string
	keep     time.Duration
	remember time.Duration // 0: the default, and leave an existing stream alone
	maxBytes int64         // 0: no limit, and leave an existing stream alone
	replicas int           // 0: by the URL, and leave an existing stream alone
	hosting  bool
	engine   Engine
	logger   *slog.Logger
	nats     []nats.Option
}

// WithPrefix sets what the names of streams and subjects begin with, so that
// several inboxes share a server; the default is [DefaultPrefix]. It holds
// letters, digits, _ and -.
func WithPrefix(prefix string) Option { return func(s *settings) { s.prefix = prefix } }

// WithKeep sets how long events stay after all consumers are done with them,
// for [Inbox.Replay]; the default is [DefaultKeep]. It is never less than the
// time that keys are remembered. Events that a consumer is not done with stay.
func WithKeep(d time.Duration) Option { return func(s *settings) { s.keep = d } }

// WithRemember sets how long keys are remembered; the default is
// [DefaultRemember]. A duplicate that comes later is stored as a new event.
func WithRemember(d time.Duration) Option { return func(s *settings) { s.remember = d } }

// WithMaxBytes sets the size up to which events are stored. Beyond it, Put
// fails, so that the platform keeps the events for its later tries. The default
// is what the server has.
func WithMaxBytes(bytes int64) Option { return func(s *settings) { s.maxBytes = bytes } }

// WithReplicas sets on how many servers of a cluster each event is stored. The
// default is 3 where the URL names three servers or more, and 1 otherwise.
func WithReplicas(n int) Option { return func(s *settings) { s.replicas = n } }

// WithHosting makes Open run the server of a folder itself: if another process has
// the folder, Open waits for it to end, or fails with [ErrInUse] when the context
// ends. Processes that join this process's server lose the inbox with it, so the
// one that outlasts the others should host. It has no effect for the address of a
// server.
func WithHosting() Option { return func(s *settings) { s.hosting = true } }

// Engine runs the server of a folder. Package embedded has one that runs within
// the process; [Program] makes one that is a program of its own.
type Engine = engine.Start

// WithEngine makes Open run the server of a folder with an engine, if no other
// process runs one. Without an engine Open can only join such a process. It has no
// effect for the address of a server.
func WithEngine(e Engine) Option { return func(s *settings) { s.engine = e } }

// WithLogger sets the logger, for failed tries at level warn, dead letters and
// trouble with the server at level error. The default is [slog.Default].
func WithLogger(logger *slog.Logger) Option { return func(s *settings) { s.logger = logger } }

// WithNATS adds options for the connection to a server, such as credentials.
func WithNATS(options ...nats.Option) Option {
	return func(s *settings) { s.nats = append(s.nats, options...) }
}

func (s *settings) log() *slog.Logger {
	if s.logger != nil {
		return s.logger
	}
	return slog.Default()
}

// validName reports whether a name can be part of one of the server's.
func validName(name string) bool {
	for _, c := range []byte(name) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

func (s *settings) check() error {
	switch {
	case !validName(s.prefix):
		return fmt.Errorf("inbox: prefix %q: want letters, digits, _ and -", s.prefix)
	case s.keep < 0 || s.remember < 0 || s.maxBytes < 0 || s.replicas < 0:
		return fmt.Errorf("inbox: a negative setting")
	}
	s.keep = max(s.keep, s.rememberFor())
	return nil
}

func (s *settings) rememberFor() time.Duration {
	if s.remember > 0 {
		return s.remember
	}
	return DefaultRemember
}

// place is where an inbox is.
type place struct {
	dir     string // of the embedded server; empty for a connection
	servers string // comma-separated
}

// parseURL reads the URL of an inbox. Settings in its query count unless an
// option says otherwise.
func parseURL(address string, s *settings) (place, error) {
	base, query, _ := strings.Cut(address, "?")
	scheme, rest, ok := strings.Cut(base, ":")
	if !ok {
		return place{}, fmt.Errorf("inbox: %q is not an address; want file:DIR or nats://HOST:PORT", redact(base))
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return place{}, fmt.Errorf("inbox: the settings after ? cannot be read")
	}
	for key := range values {
		switch value := values.Get(key); key {
		case "prefix":
			if s.prefix == "" {
				s.prefix = value
			}
		case "replicas":
			n, err := strconv.Atoi(value)
			if err != nil {
				return place{}, fmt.Errorf("inbox: replicas=%s is not a number", value)
			}
			if s.replicas == 0 {
				s.replicas = n
			}
		default:
			return place{}, fmt.Errorf("inbox: unknown setting %q in the address; want prefix or replicas", key)
		}
	}
	if s.prefix == "" {
		s.prefix = DefaultPrefix
	}
	switch scheme {
	case "file":
		dir := strings.TrimPrefix(rest, "//")
		if dir == "" {
			return place{}, fmt.Errorf("inbox: %q names no folder; want file:DIR", base)
		}
		return place{dir: dir}, nil
	case "nats", "tls", "ws", "wss":
		if s.replicas == 0 && strings.Count(base, ",") >= 2 {
			s.replicas = 3
		}
		return place{servers: base}, nil
	}
	return place{}, fmt.Errorf("inbox: unknown scheme %q; want file:DIR or nats://HOST:PORT", scheme)
}

// redact hides what precedes an @, which may be a password.
func redact(address string) string {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return "…" + address[i:]
	}
	return address
}
