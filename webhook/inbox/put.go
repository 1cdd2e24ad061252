package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
)

// Put implements [webhook.Inbox]. The event needs its key. Put returns when the
// event is stored; while the server does not answer, it tries again until the
// context ends, and the key ensures that the event is stored once. If nothing can
// be stored, it fails at once with [ErrStorage].
func (b *Inbox) Put(ctx context.Context, e *webhook.Event) (fresh bool, err error) {
	_, fresh, err = b.Store(ctx, e)
	return fresh, err
}

// Store is [Inbox.Put] that also returns the event's sequence, see [Stored]; for
// an event that was stored before, that of the first.
func (b *Inbox) Store(ctx context.Context, e *webhook.Event) (sequence uint64, fresh bool, err error) {
	if e.Meta.Key == "" {
		return 0, false, errors.New("inbox: storing an event: it has no key, see webhook.Event.SetApp")
	}
	ack, err := b.publish(ctx, b.encode(e), e.Meta.Key)
	if err != nil {
		return 0, false, fmt.Errorf("inbox: storing an event: %w", err)
	}
	return ack.Sequence, !ack.Duplicate, nil
}

// publishTry is the time for one try: a node that died does not answer, and the
// next try finds another one.
const publishTry = time.Second

// publish stores a message under an id.
func (b *Inbox) publish(ctx context.Context, m *nats.Msg, id string) (*jetstream.PubAck, error) {
	for wait := 25 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		if b.host != nil {
			if failed := b.host.storageError(); failed != nil {
				return nil, failed // which lasts; the platform comes again
			}
		}
		try, cancel := context.WithTimeout(ctx, publishTry)
		ack, err := b.js.PublishMsg(try, m, jetstream.WithMsgID(id))
		cancel()
		b.noteFailure(err)
		switch {
		case err == nil && ack.Duplicate && ack.Sequence == 0:
			// An older server in a cluster says so of a message that is
			// still on its way.
			err = errors.New("a message of the same id is on its way")
		case err == nil:
			return ack, nil
		case errors.Is(err, nats.ErrMaxPayload), errors.Is(err, nats.ErrConnectionClosed):
			return nil, err
		}
		if failed := b.storageError(); failed != nil {
			return nil, failed // which lasts; the platform comes again
		}
		if !pause(ctx, wait) {
			return nil, errors.Join(err, ctx.Err())
		}
	}
}
