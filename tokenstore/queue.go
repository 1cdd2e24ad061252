package tokenstore

import "sync"

// queue calls functions one after the other, in a goroutine that lives as long as
// there are any. The zero value is ready.
type queue struct {
	mu      sync.Mutex
	waiting []func()
	running bool
	work    sync.WaitGroup
}

// call queues a function.
func (q *queue) call(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, f)
	if !q.running {
		q.running = true
		q.work.Go(q.run)
	}
}

func (q *queue) run() {
	for {
		q.mu.Lock()
		next := q.waiting
		q.waiting = nil
		q.running = len(next) > 0
		q.mu.Unlock()
		if len(next) == 0 {
			return
		}
		for _, f := range next {
			f()
		}
	}
}

// wait returns when the queue is empty.
func (q *queue) wait() { q.work.Wait() }
