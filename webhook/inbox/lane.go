package inbox

import (
	"cmp"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook"
)

// item is an event that a consumer holds.
type item struct {
	msg       jetstream.Msg
	event     *webhook.Event
	sequence  uint64
	time      time.Time // of the event; with Ordered only
	delivered int       // how often the server handed it out
	failed    int       // how often it failed here without going back to the server
	cause     error     // of the last failure, where only the dead letter is left to do
	running   bool
}

// tries counts the one to come in.
func (i *item) tries() int { return max(i.delivered, 1) + i.failed }

// lane holds the events that wait for one another: those of an object with
// Ordered, else a single one.
type lane struct {
	key   string
	items []*item // by time
	state laneState
}

type laneState uint8

const (
	idle    laneState = iota // nothing to do
	waiting                  // stands in ready
	busy                     // an item of it is handed out
	blocked                  // its first item waits for the next try
)

// add sorts an item in by its time, and by its place in the stream among equals.
func (l *lane) add(i *item) {
	at, _ := slices.BinarySearchFunc(l.items, i, func(a, b *item) int {
		return cmp.Or(a.time.Compare(b.time), cmp.Compare(a.sequence, b.sequence))
	})
	l.items = slices.Insert(l.items, at, i)
}

func (l *lane) pop() *item {
	i := l.items[0]
	l.items[0] = nil
	l.items = l.items[1:]
	return i
}

// laneKey names the object of an event, or its topic where it has none.
func laneKey(e *webhook.Event) string {
	if object := e.Object(); object != "" {
		return e.Account() + "/" + object
	}
	return e.Account() + "/" + e.Type.String()
}
