package inbox

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
)

// ErrNotFound means that there is no event or dead letter with a sequence.
var ErrNotFound = errors.New("not found")

// ErrNoConsumer means that no consumer with a name has a place in the inbox.
var ErrNoConsumer = errors.New("there is no consumer of this name")

// DeadLetter is an event that a consumer gave up.
type DeadLetter struct {
	Sequence      uint64 // its number among the dead letters
	EventSequence uint64 // the number of the event
	Consumer      string
	Tries         int
	Error         string // of the last try
	Time          time.Time
	Event         *webhook.Event
}

// bury stores a dead letter. Doing it twice leaves one.
func (b *Inbox) bury(ctx context.Context, consumer string, i *item, cause string) error {
	m := b.encodeCopy(i.event)
	sequence := strconv.FormatUint(i.sequence, 10)
	m.Subject = b.deadPrefix() + consumer + "." + sequence
	m.Header[headerConsumer] = []string{consumer}
	m.Header[headerError] = []string{headerText(cause)}
	m.Header[headerTries] = []string{strconv.Itoa(i.Tries)}
	m.Header[headerSequence] = []string{sequence}
	_, err := b.publish(ctx, m, consumer+"."+sequence)
	return err
}

// headerText makes a text fit for a header.
func headerText(text string) string {
	const limit = 2000
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "?")
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}

// Dead returns the dead letters of a consumer, or of all if the name is empty,
// oldest first.
func (b *Inbox) Dead(ctx context.Context, consumer string) iter.Seq2[*DeadLetter, error] {
	filter := b.deadPrefix() + ">"
	if consumer != "" {
		filter = b.deadPrefix() + consumer + ".>"
	}
	return func(yield func(*DeadLetter, error) bool) {
		for m, err := range read(ctx, b.dead, jetstream.OrderedConsumerConfig{FilterSubjects: []string{filter}}) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(deadLetter(m.Headers(), m.Data(), m.sequence, m.time), nil) {
				return
			}
		}
	}
}

func deadLetter(header nats.Header, data []byte, sequence uint64, at time.Time) *DeadLetter {
	d := &DeadLetter{Sequence: sequence, Consumer: header.Get(headerConsumer), Error: header.Get(headerError), Time: at, Event: decode(header, data, at)}
	// Both are ours; what cannot be read stays 0.
	d.Tries, _ = strconv.Atoi(header.Get(headerTries))
	d.EventSequence, _ = strconv.ParseUint(header.Get(headerSequence), 10, 64)
	return d
}

// DeadLetter returns a dead letter by its sequence, or [ErrNotFound].
func (b *Inbox) DeadLetter(ctx context.Context, sequence uint64) (*DeadLetter, error) {
	m, err := b.dead.GetMsg(ctx, sequence)
	if err != nil {
		return nil, fmt.Errorf("inbox: dead letter %d: %w", sequence, notFound(err))
	}
	return deadLetter(m.Header, m.Data, m.Sequence, m.Time), nil
}

// ResendDead hands a dead letter to its consumer again, with new tries, and
// takes it from the dead letters.
func (b *Inbox) ResendDead(ctx context.Context, sequence uint64) error {
	d, err := b.DeadLetter(ctx, sequence)
	if err != nil {
		return err
	}
	// If a first call was interrupted, the second does not send it again.
	if err := b.sendTo(ctx, d.Consumer, d.Event, fmt.Sprintf("dead.%d.%d", sequence, d.Time.UnixNano())); err != nil {
		return fmt.Errorf("inbox: resending dead letter %d: %w", sequence, err)
	}
	return b.DiscardDead(ctx, sequence)
}

// DiscardDead removes a dead letter for good.
func (b *Inbox) DiscardDead(ctx context.Context, sequence uint64) error {
	if err := b.dead.DeleteMsg(ctx, sequence); err != nil {
		return fmt.Errorf("inbox: removing dead letter %d: %w", sequence, notFound(err))
	}
	return nil
}

func notFound(err error) error {
	var refused *jetstream.APIError
	if errors.Is(err, jetstream.ErrMsgNotFound) || errors.As(err, &refused) && refused.ErrorCode == jetstream.JSErrCodeMessageNotFound {
		return ErrNotFound
	}
	return err
}
