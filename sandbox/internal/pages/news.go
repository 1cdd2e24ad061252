package pages

import (
	"io"
	"net/http"
	"time"
)

// How often pages that are open hear of changes at most, and at least hear
// that the sandbox is there.
const (
	newsPause = 200 * time.Millisecond
	newsPulse = 15 * time.Second
)

// serveNews tells an open page whenever there is something new, until it is
// closed or the sandbox is. It holds no lock while it waits.
func (s *Site) serveNews(w http.ResponseWriter, r *http.Request) {
	closed := s.notifier.Dispatch.Context.Done()
	if s.notifier.Dispatch.Context.Err() != nil {
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
	for changed := s.News.Wait(); tell("data: news\n\n"); changed = s.News.Wait() {
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
