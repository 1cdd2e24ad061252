package sync

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
)

// A Caller calls the platform for one shop, from several goroutines; a [*ttshop.Client]
// that is bound to a shop is one.
type Caller interface {
	Call(ctx context.Context, method, path string, query url.Values, body any, options ...ttshop.CallOption) (*ttshop.Response, error)
}

// Defaults of [Config].
const (
	DefaultSettle   = 120 * time.Second
	DefaultInterval = 60 * time.Second
	DefaultBudget   = 10_000
	DefaultSince    = 90 * 24 * time.Hour
	DefaultLease    = 60 * time.Second
)

// Config configures an [Engine]. The zero value replaces people's data by hashes with
// an empty key: set People.
type Config struct {
	// Streams are the names of what is copied; nil means those that are by default.
	Streams []string
	// Since is how far back a copy goes. Zero means [DefaultSince].
	Since time.Duration
	// People says what becomes of people's data.
	People People
	// Settle is the age from which on changes are taken as visible. Zero means
	// [DefaultSettle], less than zero none.
	Settle time.Duration
	// Interval is the time between turns, by which windows overlap. Zero means
	// [DefaultInterval].
	Interval time.Duration
	// Budget is the number of requests per shop and day of UTC. Zero means
	// [DefaultBudget], less than zero no bound.
	Budget int
	// Turn is the time after which a turn begins nothing new. Zero means no bound.
	Turn time.Duration
	// Lease is the time for which a shop is taken, and after which others take it over
	// from a worker that is gone. While a worker is at work it is renewed. Zero means
	// [DefaultLease].
	Lease time.Duration
	// Owner names this worker; empty means a name made of host and process.
	Owner string
	// Hinted says that webhooks tell of changes, which a plan counts.
	Hinted bool
	// NoAudits leaves out the audits that run by themselves at night.
	NoAudits bool
	// MirrorAddresses lets a blank address replace a known one.
	MirrorAddresses bool
	// Now is the local clock; nil means [time.Now].
	Now func() time.Time
	// Progress is told of each answer, from several goroutines; nil means nobody is.
	Progress func(Progress)
}

// Progress is how far a stream of a shop has come.
type Progress struct {
	Shop     Shop
	Stream   string
	Phase    Phase
	Rows     int // that the answer had
	Tally    Tally
	Requests int
	Rest     int // rows that are left in this phase as far as is known; -1: not known
	Done     bool
}

// A Phase is what a request is for.
type Phase string

// The phases, in the order of their priority.
const (
	PhaseHints    Phase = "hints"
	PhaseLive     Phase = "live"
	PhaseVerify   Phase = "verify"
	PhaseBackfill Phase = "backfill"
)

// share is the part of a day's budget up to which a phase may use it.
func (p Phase) share() float64 {
	switch p {
	case PhaseHints:
		return 1
	case PhaseLive:
		return 0.95
	case PhaseVerify:
		return 0.9
	default:
		return 0.85
	}
}

// ErrBudget means that the budget of the day is used up for what was to be done.
var ErrBudget = errors.New("the budget of the day is used up")

// An Engine copies shops into a destination. It is safe for concurrent use; one shop
// is copied by one worker at a time.
type Engine struct {
	to      Destination
	config  Config
	all     []*Stream
	streams []*Stream
	schema  *Schema
	now     func() time.Time
}

// New returns an engine for a destination, which it prepares.
func New(ctx context.Context, to Destination, config Config) (*Engine, error) {
	e, err := newEngine(to, config)
	if err != nil {
		return nil, err
	}
	if err := to.Prepare(ctx, e.schema, e.filler()); err != nil {
		return nil, fmt.Errorf("sync: prepare the tables: %w", err)
	}
	return e, nil
}

// newEngine returns an engine for a destination that is not prepared yet.
func newEngine(to Destination, config Config) (*Engine, error) {
	streams, schema, err := Streams()
	if err != nil {
		return nil, fmt.Errorf("sync: %w", err)
	}
	e := &Engine{to: to, config: config, schema: schema, all: streams, now: config.Now}
	if e.now == nil {
		e.now = time.Now
	}
	c := &e.config
	setDefault(&c.Since, DefaultSince)
	setDefault(&c.Interval, DefaultInterval)
	setDefault(&c.Lease, DefaultLease)
	setDefault(&c.Budget, DefaultBudget)
	setDefault(&c.Settle, DefaultSettle)
	setDefault(&c.Owner, OwnName())
	c.Settle = max(c.Settle, 0)
	e.streams, err = choose(streams, c.Streams)
	if err != nil {
		return nil, err
	}
	return e, nil
}

func setDefault[T comparable](value *T, otherwise T) {
	var zero T
	if *value == zero {
		*value = otherwise
	}
}

// choose returns the streams with these names, or those that are copied by default,
// and those that they need.
func choose(all []*Stream, names []string) ([]*Stream, error) {
	wanted := map[string]bool{}
	for _, s := range all {
		wanted[s.Name] = names == nil && s.Default
	}
	for _, name := range names {
		s := streamOf(all, name)
		if s == nil {
			var known []string
			for _, s := range all {
				known = append(known, s.Name)
			}
			return nil, fmt.Errorf("sync: no stream %q; there are %s", name, strings.Join(known, ", "))
		}
		for ; s != nil && !wanted[s.Name]; s = streamOf(all, s.Parent) {
			wanted[s.Name] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s *Stream) bool { return !wanted[s.Name] }), nil
}

// streamOf returns the stream whose table, or a child of whose table, has a name, or
// nil.
func streamOf(all []*Stream, table string) *Stream {
	for _, s := range all {
		if s.Name == table || slices.ContainsFunc(s.table.Children, func(t *Table) bool { return t.Name == table }) {
			return s
		}
	}
	return nil
}

// filler makes rows from JSON that was kept, which has no people's data that it
// should not have.
func (e *Engine) filler() Filler {
	return func(t *Table, first string, raw []byte) (Row, bool) { return t.Row(first, raw) }
}

// Schema returns the tables.
func (e *Engine) Schema() *Schema { return e.schema }

// Streams returns the streams that the engine copies.
func (e *Engine) Streams() []*Stream { return slices.Clone(e.streams) }
