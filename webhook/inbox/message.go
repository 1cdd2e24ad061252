package inbox

import (
	"strconv"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/ttshop-go/ttshop/webhook"
)

// The headers of a stored event. Its data is the delivery's body as it came, its
// message id is its key, and it was received when it was stored; a copy, which
// has an id and a time of its own, carries both.
const (
	headerApp        = "Ttshop-App"
	headerReconciled = "Ttshop-Reconciled"

	// The headers of a copy besides.
	headerKey      = "Ttshop-Key"
	headerReceived = "Ttshop-Received"
	headerReplayed = "Ttshop-Replayed"
	headerTo       = "Ttshop-To" // the only consumer that it is for

	// The headers of a dead letter besides.
	headerConsumer = "Ttshop-Consumer"
	headerError    = "Ttshop-Error"
	headerTries    = "Ttshop-Tries"
	headerSequence = "Ttshop-Sequence"
)

// encode returns the message that stores an event under its key.
func (b *Inbox) encode(e *webhook.Event) *nats.Msg {
	m := nats.NewMsg(b.eventPrefix() + strconv.Itoa(int(e.Type)))
	m.Data = e.Meta.Raw
	m.Header[headerApp] = []string{e.Meta.AppKey}
	if e.Meta.Reconciled {
		m.Header[headerReconciled] = []string{"1"}
	}
	return m
}

// encodeCopy returns a message that stores an event under another id.
func (b *Inbox) encodeCopy(e *webhook.Event) *nats.Msg {
	m := b.encode(e)
	m.Header[headerKey] = []string{e.Meta.Key}
	m.Header[headerReceived] = []string{e.Meta.Received.UTC().Format(time.RFC3339Nano)}
	return m
}

// decode returns the event of a message that was stored at a time. A body that
// is not a JSON object gives an event of type 0 without data, as
// webhook.Handler.Verify does.
func decode(header nats.Header, data []byte, stored time.Time) *webhook.Event {
	e, err := webhook.Parse(data)
	if err != nil {
		e = new(webhook.Event)
		e.Meta.Raw = data
	}
	e.Meta.AppKey = header.Get(headerApp)
	e.Meta.Reconciled = header.Get(headerReconciled) != ""
	e.Meta.Replayed = header.Get(headerReplayed) != ""
	e.Meta.Key, e.Meta.Received = header.Get(nats.MsgIdHdr), stored
	if key := header.Get(headerKey); key != "" {
		e.Meta.Key = key
		if at, err := time.Parse(time.RFC3339Nano, header.Get(headerReceived)); err == nil {
			e.Meta.Received = at
		}
	}
	return e
}
