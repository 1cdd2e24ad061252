package inbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The stream of the work keeps, beside the events, what became of them so far.
// For each consumer and shelf it holds
//
//	PREFIX.work.CONSUMER.run.SHELF            which tries have begun, see [running]
//	PREFIX.work.CONSUMER.wait.SHELF.SEQUENCE  an event put aside, see [waiting]
//
// one message each. Every write names the one that it replaces, so that a
// process which lost its lease overwrites nothing of its successor's.

// running tells which try of which event has begun, by the event's sequence. An
// entry may outlast its try.
type running map[uint64]int

// waiting is an event that is put aside until its next try, or until an earlier
// one of its object is done.
type waiting struct {
	Tries   int       `json:"tries"`             // that have begun
	Crashed int       `json:"crashed,omitempty"` // of these, ended with their process
	Due     time.Time `json:"due"`               // zero: as soon as its object is free
	Lane    string    `json:"lane"`
	Time    time.Time `json:"time"` // of the event
	Error   string    `json:"error,omitempty"`
}

// headerWrite names one write, so that it is recognised if its answer is lost.
const headerWrite = "Ttshop-Write"

// errFenced means that another process wrote where this one believed itself alone.
var errFenced = errors.New("another process has taken over")

func (b *Inbox) runSubject(consumer string, shelf int) string {
	return fmt.Sprintf("%s%s.run.%d", b.workPrefix(), consumer, shelf)
}

func (b *Inbox) waitPrefix(consumer string, shelf int) string {
	return fmt.Sprintf("%s%s.wait.%d.", b.workPrefix(), consumer, shelf)
}

// writeWork stores a record in the place of the one with the sequence last, 0
// for none, and returns its sequence. It tries until the context ends. The error
// is errFenced if there is another record.
func (b *Inbox) writeWork(ctx context.Context, subject string, record any, last uint64) (uint64, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return 0, fmt.Errorf("inbox: recording work: %w", err)
	}
	m := nats.NewMsg(subject)
	m.Data = data
	id := rand.Text()
	m.Header[headerWrite] = []string{id}
	for wait := 25 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		try, cancel := context.WithTimeout(ctx, publishTry)
		ack, err := b.js.PublishMsg(try, m, jetstream.WithExpectLastSequencePerSubject(last))
		cancel()
		if err == nil {
			return ack.Sequence, nil
		}
		b.noteFailure(err)
		if wrongSequence(err) {
			switch stored, err := b.lastWork(ctx, subject); {
			case err == nil && stored.Header.Get(headerWrite) == id:
				return stored.Sequence, nil // the answer to a former try got lost
			case err == nil, errors.Is(err, ErrNotFound):
				return 0, fmt.Errorf("inbox: recording work: %w", errFenced)
			}
		}
		if errors.Is(err, nats.ErrConnectionClosed) || !pause(ctx, wait) {
			return 0, fmt.Errorf("inbox: recording work: %w", errors.Join(err, ctx.Err()))
		}
	}
}

func wrongSequence(err error) bool {
	refused, ok := errors.AsType[*jetstream.APIError](err)
	return ok && refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}

// lastWork returns the record of a subject, or ErrNotFound.
func (b *Inbox) lastWork(ctx context.Context, subject string) (*jetstream.RawStreamMsg, error) {
	try, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	m, err := b.work.GetLastMsgForSubject(try, subject)
	if err != nil {
		return nil, notFound(err)
	}
	return m, nil
}

// removeWork removes the record of a sequence. It tries until the context ends.
func (b *Inbox) removeWork(ctx context.Context, sequence uint64) error {
	for wait := 25 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		try, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := b.work.DeleteMsg(try, sequence)
		cancel()
		if err == nil || errors.Is(notFound(err), ErrNotFound) {
			return nil
		}
		b.noteFailure(err)
		if errors.Is(err, nats.ErrConnectionClosed) || !pause(ctx, wait) {
			return fmt.Errorf("inbox: removing a record of work: %w", errors.Join(err, ctx.Err()))
		}
	}
}

// readRunning reads the tries that have begun on a shelf, and the sequence of
// their record; 0 for none.
func (b *Inbox) readRunning(ctx context.Context, consumer string, shelf int) (running, uint64, error) {
	m, err := b.lastWork(ctx, b.runSubject(consumer, shelf))
	if errors.Is(err, ErrNotFound) {
		return running{}, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("inbox: reading the tries of consumer %s: %w", consumer, err)
	}
	r := running{}
	if err := json.Unmarshal(m.Data, &r); err != nil {
		return nil, 0, fmt.Errorf("inbox: reading the tries of consumer %s: %w", consumer, err)
	}
	return r, m.Sequence, nil
}

// shelves returns the numbers of a consumer's shelves.
func (b *Inbox) shelves(ctx context.Context, consumer string) ([]int, error) {
	prefix := b.workPrefix() + consumer + ".run."
	info, err := b.work.Info(ctx, jetstream.WithSubjectFilter(prefix+"*"))
	if err != nil {
		return nil, fmt.Errorf("inbox: listing the work of consumer %s: %w", consumer, err)
	}
	var numbers []int
	for subject := range info.State.Subjects {
		if n, err := strconv.Atoi(strings.TrimPrefix(subject, prefix)); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers, nil
}

// aside tells how many events a consumer has put aside.
type aside struct {
	events int
	oldest uint64 // sequence of the oldest one
}

// asides returns what the consumers have put aside.
func (b *Inbox) asides(ctx context.Context) (map[string]aside, error) {
	info, err := b.work.Info(ctx, jetstream.WithSubjectFilter(b.workPrefix()+"*.wait.>"))
	if err != nil {
		return nil, fmt.Errorf("inbox: state of the events put aside: %w", err)
	}
	list := map[string]aside{}
	for subject := range info.State.Subjects {
		consumer, rest, _ := strings.Cut(strings.TrimPrefix(subject, b.workPrefix()), ".")
		sequence, err := strconv.ParseUint(rest[strings.LastIndexByte(rest, '.')+1:], 10, 64)
		if err != nil {
			continue // not ours
		}
		a := list[consumer]
		if a.events++; a.oldest == 0 || sequence < a.oldest {
			a.oldest = sequence
		}
		list[consumer] = a
	}
	return list, nil
}
