package inbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// Stored is an event in the inbox.
type Stored struct {
	Sequence uint64 // its number; larger is newer
	Event    *webhook.Event
}

// Query selects events. The zero value selects all of them.
type Query struct {
	Since, Until time.Time    // when they were stored, the end excluded; zero: no bound
	Types        []event.Type // nil: all
	Account      string       // id of shop, seller or creator; empty: all
	Object       string       // id of what the event is about, such as an order; empty: all
}

func (q *Query) matches(e *webhook.Event) bool {
	return (q.Types == nil || slices.Contains(q.Types, e.Type)) &&
		(q.Account == "" || q.Account == e.Account()) &&
		(q.Object == "" || q.Object == e.Object())
}

// Events returns the stored events that a query selects, oldest first.
func (b *Inbox) Events(ctx context.Context, query Query) iter.Seq2[*Stored, error] {
	config := jetstream.OrderedConsumerConfig{}
	if !query.Since.IsZero() {
		config.DeliverPolicy, config.OptStartTime = jetstream.DeliverByStartTimePolicy, &query.Since
	}
	return func(yield func(*Stored, error) bool) {
		for m, err := range read(ctx, b.events, config) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !query.Until.IsZero() && !m.time.Before(query.Until) {
				return
			}
			if m.Headers().Get(headerTo) != "" {
				continue // handed out again, the event itself stands before
			}
			if e := decode(m.Headers(), m.Data(), m.time); query.matches(e) && !yield(&Stored{Sequence: m.sequence, Event: e}, nil) {
				return
			}
		}
	}
}

// Received returns the events that came since a time, oldest first, as package
// webhook/reconcile asks for them.
func (b *Inbox) Received(ctx context.Context, since time.Time) iter.Seq2[*webhook.Event, error] {
	return func(yield func(*webhook.Event, error) bool) {
		for s, err := range b.Events(ctx, Query{Since: since}) {
			var e *webhook.Event
			if err == nil {
				e = s.Event
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// Event returns an event by its sequence, or [ErrNotFound].
func (b *Inbox) Event(ctx context.Context, sequence uint64) (*Stored, error) {
	m, err := b.events.GetMsg(ctx, sequence)
	if err != nil {
		return nil, fmt.Errorf("inbox: event %d: %w", sequence, notFound(err))
	}
	return &Stored{Sequence: m.Sequence, Event: decode(m.Header, m.Data, m.Time)}, nil
}

// Resend hands an event to a consumer again.
func (b *Inbox) Resend(ctx context.Context, consumer string, sequence uint64) error {
	s, err := b.Event(ctx, sequence)
	if err != nil {
		return err
	}
	if err := b.hasConsumer(ctx, consumer); err != nil {
		return err
	}
	if err := b.sendTo(ctx, consumer, s.Event, "resend."+rand.Text()); err != nil {
		return fmt.Errorf("inbox: resending event %d: %w", sequence, err)
	}
	return nil
}

// Replay hands the events that a query selects to a consumer again and returns
// how many they are. They keep their keys, so that a program that commits keys
// does nothing for those that it has done.
func (b *Inbox) Replay(ctx context.Context, consumer string, query Query) (int, error) {
	if err := b.hasConsumer(ctx, consumer); err != nil {
		return 0, err
	}
	run, n := rand.Text(), 0
	if query.Until.IsZero() {
		query.Until = time.Now() // not what comes in meanwhile
	}
	for s, err := range b.Events(ctx, query) {
		if err == nil {
			err = b.sendTo(ctx, consumer, s.Event, "replay."+run+"."+strconv.FormatUint(s.Sequence, 10))
		}
		if err != nil {
			return n, fmt.Errorf("inbox: replaying after %d events: %w", n, err)
		}
		n++
	}
	return n, nil
}

// hasConsumer returns an error if nobody would get what is sent.
func (b *Inbox) hasConsumer(ctx context.Context, name string) error {
	_, err := b.events.Consumer(ctx, name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		err = ErrNoConsumer
	}
	if err != nil {
		return fmt.Errorf("inbox: consumer %s: %w", name, err)
	}
	return nil
}

// sendTo stores an event for one consumer alone.
func (b *Inbox) sendTo(ctx context.Context, consumer string, e *webhook.Event, id string) error {
	m := b.encodeCopy(e)
	m.Header[headerTo] = []string{consumer}
	m.Header[headerReplayed] = []string{"1"}
	_, err := b.publish(ctx, m, id)
	return err
}

// message is a message that is read, not consumed.
type message struct {
	jetstream.Msg
	sequence uint64
	time     time.Time
}

// read returns the messages that a stream holds now.
func read(ctx context.Context, from jetstream.Stream, config jetstream.OrderedConsumerConfig) iter.Seq2[message, error] {
	return func(yield func(message, error) bool) {
		fail := func(err error) { yield(message{}, fmt.Errorf("inbox: reading: %w", err)) }
		info, err := from.Info(ctx)
		if err != nil {
			fail(err)
			return
		}
		if info.State.Msgs == 0 {
			return
		}
		consumer, err := from.OrderedConsumer(ctx, config)
		if err != nil {
			fail(err)
			return
		}
		for ctx.Err() == nil {
			batch, err := consumer.FetchNoWait(1000)
			if err != nil {
				fail(err)
				return
			}
			n := 0
			for m := range batch.Messages() {
				meta, err := m.Metadata()
				if err != nil {
					fail(err)
					return
				}
				n++
				if !yield(message{m, meta.Sequence.Stream, meta.Timestamp}, nil) {
					return
				}
				if meta.Sequence.Stream >= info.State.LastSeq || meta.NumPending == 0 {
					return
				}
			}
			if err := batch.Error(); err != nil && !errors.Is(err, jetstream.ErrNoMessages) {
				fail(err)
				return
			}
			if n == 0 {
				return
			}
		}
		fail(ctx.Err())
	}
}
