package inbox

import (
	"cmp"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
)

// item is an event that a consumer has: the message itself, or a record of one
// that is put aside, whose message is read when its turn comes.
type item struct {
	reply    string         // acknowledges the message; empty if it is put aside
	event    *webhook.Event // nil if it is put aside
	sequence uint64
	shelf    *shelf
	stored   uint64 // sequence of the record that it is put aside in; 0 for none
	cut      bool   // its last try ended with its process
	loaded   bool   // was put aside by a former process
	running  bool
	moving   bool // is being put aside
	waiting
}

// lane holds the events that wait for one another: those of an object with
// Ordered, else a single one.
type lane struct {
	key     string
	items   []*item // by time
	state   laneState
	failing bool // the last try failed: it takes the places for retries
}

type laneState uint8

const (
	idle    laneState = iota // nothing to do
	ready                    // stands in a queue
	busy                     // an item of it is handed out
	blocked                  // its first item waits for the next try
	halted                   // its first item is being put aside
)

// add sorts an item in by its time, and by its place in the stream among equals.
func (l *lane) add(i *item) {
	at, _ := slices.BinarySearchFunc(l.items, i, func(a, b *item) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.sequence, b.sequence))
	})
	l.items = slices.Insert(l.items, at, i)
}

func (l *lane) pop() *item {
	i := l.items[0]
	l.items[0] = nil
	l.items = l.items[1:]
	return i
}

// laneKey names the object of an event, or its topic if it has none.
func laneKey(e *webhook.Event) string {
	if object := e.Object(); object != "" {
		return e.Account() + "/" + object
	}
	return e.Account() + "/" + e.Type.String()
}

// queue holds lanes that wait for a worker.
type queue []*lane

func (q *queue) push(l *lane) { *q = append(*q, l) }

func (q *queue) pop() *lane {
	l := (*q)[0]
	(*q)[0] = nil
	*q = (*q)[1:]
	return l
}

// spent reports whether an item has had its number of tries. Whether the function
// was called in one that ended with its process is not known: such tries alone
// use up the number, but where others had a result, it is results that count,
// up to twice the number in all.
func (i *item) spent(tries int) bool {
	results := i.Tries - i.Crashed
	return i.Tries >= tries && (results == 0 || results >= tries || i.Tries >= 2*tries)
}

// suspect reports whether an item may be what ends processes.
func (i *item) suspect() bool { return i.Crashed > 0 && i.Crashed == i.Tries }

// wait returns how long until an item is due.
func (i *item) wait() time.Duration { return max(time.Until(i.Due), 0) }
