package world

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
	"time"
)

// Deadline is something that happens at a time unless the state of its subject
// has moved on by then.
type Deadline struct {
	At   int64  `json:"at"` // Unix seconds
	Turn uint64 `json:"turn"`
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Deadlines is a queue of deadlines, the next one first. Deadlines of the same
// second keep their order.
type Deadlines struct {
	Turns uint64     `json:"turns"`
	Queue []Deadline `json:"queue"` // a heap
}

func (d *Deadlines) Len() int { return len(d.Queue) }

func (d *Deadlines) Swap(i, j int) { d.Queue[i], d.Queue[j] = d.Queue[j], d.Queue[i] }

func (d *Deadlines) Push(x any) { d.Queue = append(d.Queue, x.(Deadline)) }

func (d *Deadlines) Less(i, j int) bool {
	a, b := d.Queue[i], d.Queue[j]
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Turn, b.Turn)) < 0
}

func (d *Deadlines) Pop() any {
	last := d.Queue[len(d.Queue)-1]
	d.Queue = d.Queue[:len(d.Queue)-1]
	return last
}

// Schedule makes something happen at a time.
func (s *Shop) Schedule(at int64, kind, id string) {
	d := s.Deadlines
	d.Turns++
	heap.Push(d, Deadline{at, d.Turns, kind, id})
	s.SetDue()
}

// Scheduled tells whether something is going to happen at a time.
func (s *Shop) Scheduled(at int64, kind, id string) bool {
	return slices.ContainsFunc(s.Deadlines.Queue, func(d Deadline) bool { return d.At == at && d.Kind == kind && d.ID == id })
}

// SetDue notes when the next deadline is.
func (s *Shop) SetDue() {
	next := int64(math.MaxInt64)
	if queue := s.Deadlines.Queue; len(queue) > 0 {
		next = queue[0].At
	}
	s.Due.Store(next)
	if next != math.MaxInt64 {
		s.World.Wake(time.Unix(next, 0)) // webhooks do not wait until somebody looks
	}
}

// Settle makes everything happen whose time has come by now, in the order of
// the deadlines and each at its own time. It is called before every operation,
// so that nobody sees a deadline missed.
func (w *World) Settle(now time.Time) {
	for _, s := range w.Shops {
		if s.Due.Load() <= now.Unix() {
			s.Settle(now.Unix())
		}
	}
}

// Settle makes everything happen that is due in the shop by now. It takes the
// lock.
func (s *Shop) Settle(now int64) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	defer s.SetDue()
	d := s.Deadlines
	for len(d.Queue) > 0 && d.Queue[0].At <= now {
		next := heap.Pop(d).(Deadline)
		if come := s.World.Ports.Deadlines[next.Kind]; come != nil {
			come(s, next)
		}
	}
}
