package sandbox

import (
	"cmp"
	"container/heap"
	"math"
	"time"
)

// deadline is something that happens at a time unless the state of its subject
// has moved on by then.
type deadline struct {
	At   int64  `json:"at"` // Unix seconds
	Turn uint64 `json:"turn"`
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// deadlines is a queue of deadlines, the next one first. Deadlines of the same
// second keep their order.
type deadlines struct {
	Turns uint64     `json:"turns"`
	Queue []deadline `json:"queue"` // a heap
}

func (d *deadlines) Len() int { return len(d.Queue) }

func (d *deadlines) Swap(i, j int) { d.Queue[i], d.Queue[j] = d.Queue[j], d.Queue[i] }

func (d *deadlines) Push(x any) { d.Queue = append(d.Queue, x.(deadline)) }

func (d *deadlines) Less(i, j int) bool {
	a, b := d.Queue[i], d.Queue[j]
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Turn, b.Turn)) < 0
}

func (d *deadlines) Pop() any {
	last := d.Queue[len(d.Queue)-1]
	d.Queue = d.Queue[:len(d.Queue)-1]
	return last
}

// schedule makes something happen at a time.
func (s *shop) schedule(at int64, kind, id string) {
	d := s.deadlines
	d.Turns++
	heap.Push(d, deadline{at, d.Turns, kind, id})
	s.setDue()
}

// setDue notes when the next deadline is.
func (s *shop) setDue() {
	next := int64(math.MaxInt64)
	if queue := s.deadlines.Queue; len(queue) > 0 {
		next = queue[0].At
	}
	s.due.Store(next)
	if next != math.MaxInt64 {
		s.world.wake(time.Unix(next, 0)) // webhooks do not wait until somebody looks
	}
}

// settle makes everything happen whose time has come by now, in the order of
// the deadlines and each at its own time. It is called before every operation,
// so that nobody sees a deadline missed.
func (w *world) settle(now time.Time) {
	for _, s := range w.shops {
		if s.due.Load() <= now.Unix() {
			s.settle(now.Unix())
		}
	}
}

func (s *shop) settle(now int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.setDue()
	d := s.deadlines
	for len(d.Queue) > 0 && d.Queue[0].At <= now {
		next := heap.Pop(d).(deadline)
		if come := s.world.ports.deadlines[next.Kind]; come != nil {
			come(s, next)
		}
	}
}
