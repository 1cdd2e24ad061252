package inbox

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// shelf is the part of a consumer's work that one process has: the tries that it
// begins, and the events that it has put aside. Its lease says whose it is. An
// ordered consumer has shelf 0; otherwise each process has one of its own, and
// takes over those of processes that are gone.
type shelf struct {
	inbox    *Inbox
	consumer string
	number   int
	release  func() // of the lease

	mu         sync.Mutex
	running    running // tries that have begun here
	carried    running // of a former process, until their events come again
	revision   uint64  // of the record of both
	next       *commit // gathers the tries that begin while one is written
	committing bool
}

// commit is one write of the tries that have begun.
type commit struct {
	done chan struct{}
	err  error
}

// openShelf reads a shelf whose lease this process has, and the events on it.
func (b *Inbox) openShelf(ctx context.Context, consumer string, number int) (*shelf, []*item, error) {
	s := &shelf{inbox: b, consumer: consumer, number: number, running: running{}}
	var err error
	if s.carried, s.revision, err = b.readRunning(ctx, consumer, number); err != nil {
		return nil, nil, err
	}
	if s.revision == 0 { // from now on others know of it
		if s.revision, err = b.writeWork(ctx, b.runSubject(consumer, number), running{}, 0); err != nil {
			return nil, nil, err
		}
	}
	items, err := s.load(ctx)
	return s, items, err
}

// load reads the events that were put aside. A try that ended with its process
// counts.
func (s *shelf) load(ctx context.Context) ([]*item, error) {
	var items []*item
	prefix := s.inbox.waitPrefix(s.consumer, s.number)
	for m, err := range read(ctx, s.inbox.work, jetstream.OrderedConsumerConfig{FilterSubjects: []string{prefix + ">"}}) {
		if err != nil {
			return nil, err
		}
		sequence, err := strconv.ParseUint(strings.TrimPrefix(m.Subject(), prefix), 10, 64)
		if err != nil {
			continue // not ours
		}
		var w waiting
		if err := json.Unmarshal(m.Data(), &w); err != nil {
			return nil, fmt.Errorf("inbox: reading event %d, which is put aside: %w", sequence, err)
		}
		i := &item{sequence: sequence, shelf: s, stored: m.sequence, loaded: true, waiting: w}
		if begun, ok := s.carried[sequence]; ok {
			delete(s.carried, sequence)
			if begun > i.Tries {
				i.Crashed += begun - i.Tries
				i.Tries, i.cut = begun, true
			}
			s.running[sequence] = begun // until its record says so
		}
		items = append(items, i)
	}
	return items, nil
}

// begin records that a try begins, together with others that begin now. It
// returns when the record is stored.
func (s *shelf) begin(ctx context.Context, sequence uint64, try int) error {
	s.mu.Lock()
	s.running[sequence] = try
	delete(s.carried, sequence)
	if s.next == nil {
		s.next = &commit{done: make(chan struct{})}
	}
	mine := s.next
	if !s.committing {
		s.committing = true
		go s.commit(ctx)
	}
	s.mu.Unlock()
	<-mine.done
	return mine.err
}

// commit writes the tries that have begun, until no more begin meanwhile.
func (s *shelf) commit(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.next != nil {
		mine := s.next
		s.next = nil
		mine.err = s.save(ctx)
		close(mine.done)
	}
	s.committing = false
}

// save writes the record. The caller holds mu, which is free while it is written.
func (s *shelf) save(ctx context.Context) error {
	all, last := maps.Clone(s.carried), s.revision
	maps.Copy(all, s.running)
	s.mu.Unlock()
	revision, err := s.inbox.writeWork(ctx, s.inbox.runSubject(s.consumer, s.number), all, last)
	s.mu.Lock()
	if err == nil {
		s.revision = revision
	}
	return err
}

// end forgets a try whose outcome is stored elsewhere.
func (s *shelf) end(sequence uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, sequence)
}

// takeBack makes a try that was cut off not count: tries were begun before it.
func (s *shelf) takeBack(sequence uint64, tries int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, sequence)
	if tries > 0 {
		s.carried[sequence] = tries
	}
}

// begun returns how many tries of an event have begun on the shelf.
func (s *shelf) begun(sequence uint64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(s.carried[sequence], s.running[sequence])
}

// forgetBelow forgets what a former process began of events that are done.
func (s *shelf) forgetBelow(floor uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.carried, func(sequence uint64, _ int) bool { return sequence <= floor })
}

func (s *shelf) carries() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.carried) > 0
}

// close records that nothing is running and releases the lease. An empty shelf is
// removed.
func (s *shelf) close(ctx context.Context, empty bool) error {
	defer s.release()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	if empty && len(s.running) == 0 && len(s.carried) == 0 {
		return s.inbox.removeWork(ctx, s.revision)
	}
	return s.save(ctx)
}
