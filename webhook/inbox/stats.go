package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Stats is the state of an inbox.
type Stats struct {
	Events      uint64    // stored, done or not
	Bytes       uint64    // on disk
	First, Last time.Time // when the oldest and the newest were stored; zero without events
	Dead        uint64    // dead letters
	Consumers   []ConsumerStats
}

// ConsumerStats is the state of a consumer.
type ConsumerStats struct {
	Name    string
	Backlog uint64        // events that it is not done with, those in its hands and put aside included
	Open    int           // of these, handed out or put aside
	Waiting int           // of these, put aside: for the next try, or behind one of their object that waits for it
	Lag     time.Duration // age of the oldest event that it is not done with
	Dead    int           // its dead letters
}

// Stats returns the state of the inbox.
func (b *Inbox) Stats(ctx context.Context) (Stats, error) {
	info, err := b.events.Info(ctx)
	if err != nil {
		return Stats{}, fmt.Errorf("inbox: state of the events: %w", err)
	}
	dead, err := b.dead.Info(ctx, jetstream.WithSubjectFilter(b.deadPrefix()+">"))
	if err != nil {
		return Stats{}, fmt.Errorf("inbox: state of the dead letters: %w", err)
	}
	s := Stats{Events: info.State.Msgs, Bytes: info.State.Bytes, Dead: dead.State.Msgs}
	if s.Events > 0 {
		s.First, s.Last = info.State.FirstTime, info.State.LastTime
	}
	consumers, err := b.consumers(ctx)
	if err != nil {
		return Stats{}, err
	}
	asides, err := b.asides(ctx)
	if err != nil {
		return Stats{}, err
	}
	for _, c := range consumers {
		put := asides[c.Name]
		one := ConsumerStats{
			Name: c.Name, Backlog: c.NumPending + uint64(c.NumAckPending+put.events), Open: c.NumAckPending + put.events, Waiting: put.events,
		}
		if one.Backlog > 0 {
			if one.Lag, err = b.lag(ctx, c, put, info.State.FirstSeq); err != nil {
				return Stats{}, err
			}
		}
		for subject, n := range dead.State.Subjects {
			if strings.HasPrefix(subject, b.deadPrefix()+c.Name+".") {
				one.Dead += int(n)
			}
		}
		s.Consumers = append(s.Consumers, one)
	}
	return s, nil
}

// lag returns the age of the oldest event that a consumer has not finished.
func (b *Inbox) lag(ctx context.Context, c *jetstream.ConsumerInfo, put aside, first uint64) (time.Duration, error) {
	oldest := max(c.AckFloor.Stream+1, first)
	if put.events > 0 {
		oldest = min(oldest, put.oldest)
	}
	m, err := b.events.GetMsg(ctx, oldest)
	if err != nil {
		if errors.Is(notFound(err), ErrNotFound) {
			return 0, nil // done with while we looked
		}
		return 0, fmt.Errorf("inbox: oldest event of consumer %s: %w", c.Name, err)
	}
	return time.Since(m.Time), nil
}

// consumers returns the consumers that keep their place.
func (b *Inbox) consumers(ctx context.Context) ([]*jetstream.ConsumerInfo, error) {
	var list []*jetstream.ConsumerInfo
	lister := b.events.ListConsumers(ctx)
	for c := range lister.Info() {
		if c.Config.Durable != "" {
			list = append(list, c)
		}
	}
	if err := lister.Err(); err != nil {
		return nil, fmt.Errorf("inbox: listing consumers: %w", err)
	}
	return list, nil
}

// Forget removes a consumer and its place. What it was not done with no longer
// keeps events from being removed; its dead letters stay.
func (b *Inbox) Forget(ctx context.Context, consumer string) error {
	if err := b.events.DeleteConsumer(ctx, consumer); err != nil {
		return fmt.Errorf("inbox: removing consumer %s: %w", consumer, err)
	}
	if err := b.work.Purge(ctx, jetstream.WithPurgeSubject(b.workPrefix()+consumer+".>")); err != nil {
		return fmt.Errorf("inbox: removing what consumer %s put aside: %w", consumer, err)
	}
	return nil
}

// Metrics returns a handler that serves the state in Prometheus's text format.
// ttshop_inbox_up is 0 where the inbox takes no events, see [Inbox.Health]; other
// values may be missing then.
func (b *Inbox) Metrics() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		up := 1
		var s *Stats
		err := b.Health(ctx)
		if state, statsErr := b.Stats(ctx); statsErr == nil {
			s = &state
		} else if err == nil {
			err = statsErr
		}
		if err != nil {
			b.settings.log().Warn("webhook inbox: metrics", "error", err)
			up = 0
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		fmt.Fprintf(w, "# HELP ttshop_inbox_up Whether the inbox takes events.\n# TYPE ttshop_inbox_up gauge\nttshop_inbox_up %d\n", up)
		if s != nil {
			_ = s.write(w) // who asked has hung up
		}
	})
}

// write prints the state in Prometheus's text format.
func (s Stats) write(w io.Writer) error {
	var b strings.Builder
	gauge := func(name, help string) {
		fmt.Fprintf(&b, "# HELP ttshop_inbox_%s %s\n# TYPE ttshop_inbox_%s gauge\n", name, help, name)
	}
	gauge("events", "Events stored.")
	fmt.Fprintf(&b, "ttshop_inbox_events %d\n", s.Events)
	gauge("bytes", "Size of the stored events.")
	fmt.Fprintf(&b, "ttshop_inbox_bytes %d\n", s.Bytes)
	gauge("dead", "Dead letters.")
	fmt.Fprintf(&b, "ttshop_inbox_dead %d\n", s.Dead)
	perConsumer := func(name, help string, value func(ConsumerStats) float64) {
		gauge(name, help)
		for _, c := range s.Consumers {
			fmt.Fprintf(&b, "ttshop_inbox_%s{consumer=%q} %g\n", name, c.Name, value(c))
		}
	}
	perConsumer("consumer_backlog", "Events that the consumer is not done with.", func(c ConsumerStats) float64 { return float64(c.Backlog) })
	perConsumer("consumer_open", "Events handed out or waiting for the next try.", func(c ConsumerStats) float64 { return float64(c.Open) })
	perConsumer("consumer_waiting", "Events put aside until their next try, or behind one of their object that waits for it.", func(c ConsumerStats) float64 { return float64(c.Waiting) })
	perConsumer("consumer_lag_seconds", "Age of the oldest event that the consumer is not done with.", func(c ConsumerStats) float64 { return c.Lag.Seconds() })
	perConsumer("consumer_dead", "Dead letters of the consumer.", func(c ConsumerStats) float64 { return float64(c.Dead) })
	_, err := io.WriteString(w, b.String())
	return err
}
