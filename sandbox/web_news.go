package sandbox

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// How often pages that are open hear of changes at most, and at least hear
// that the sandbox is there.
const (
	newsPause = 200 * time.Millisecond
	newsPulse = 15 * time.Second
)

// news wakes whoever waits for a change of the sandbox. It keeps nothing:
// those who are woken look for themselves.
type news struct {
	waiting atomic.Bool // most of the time nobody does

	mu   sync.Mutex
	next chan struct{} // closed with the next change; nil where nobody waits
}

// wait returns a channel that is closed with the next change.
func (n *news) wait() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next == nil {
		n.next = make(chan struct{})
		n.waiting.Store(true)
	}
	return n.next
}

// spread says that something has changed. It never waits.
func (n *news) spread() {
	if !n.waiting.Load() {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next != nil {
		close(n.next)
		n.next = nil
		n.waiting.Store(false)
	}
}

// serveNews tells an open page whenever there is something new, until it is
// closed or the sandbox is. It holds no lock while it waits.
func (s *Sandbox) serveNews(w http.ResponseWriter, r *http.Request) {
	closed := s.dispatch.context.Done()
	if s.dispatch.context.Err() != nil {
		w.WriteHeader(http.StatusNoContent) // browsers do not come back after that
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("Connection", "close") // its deadlines are not for other requests
	control := http.NewResponseController(w)
	tell := func(text string) bool {
		// A server may have no deadlines; a page that takes nothing is given up.
		_ = control.SetWriteDeadline(time.Now().Add(newsPulse))
		_, err := io.WriteString(w, text)
		return err == nil && control.Flush() == nil
	}
	pause := time.NewTimer(newsPause)
	defer pause.Stop()
	pulse := time.NewTicker(newsPulse)
	defer pulse.Stop()
	for changed := s.news.wait(); tell("data: news\n\n"); changed = s.news.wait() {
		for waiting := true; waiting; {
			select {
			case <-changed:
				waiting = false
			case <-pulse.C:
				if !tell(": here\n\n") {
					return
				}
			case <-r.Context().Done():
				return
			case <-closed:
				return
			}
		}
		pause.Reset(newsPause)
		select {
		case <-pause.C:
		case <-r.Context().Done():
			return
		case <-closed:
			return
		}
	}
}
