package sandbox_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// listener is a page that is open.
type listener struct {
	news  chan struct{}
	ended chan error // nil where the server ended the stream properly
}

// listen opens the stream of news as a page does, until the context ends.
func listen(ctx context.Context, t *testing.T, server string) *listener {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", server+"/_sandbox/ui/news", nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{make(chan struct{}, 1000), make(chan error, 1)}
	go func() { l.ended <- l.read(r) }()
	return l
}

// read reads the stream to its end.
func (l *listener) read(r *http.Request) error {
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		return fmt.Errorf("status %d, %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data:") {
			l.news <- struct{}{}
		}
	}
	return lines.Err()
}

// expect waits for news.
func (l *listener) expect(t *testing.T, what string) {
	t.Helper()
	select {
	case <-l.news:
	case err := <-l.ended:
		t.Fatalf("the stream ended before %s: %v", what, err)
	case <-time.After(30 * time.Second):
		t.Fatalf("no news of %s", what)
	}
}

func TestNews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	receiver := newReceiver(t, w)
	w.steer(t, "PUT", "webhooks", `{"address":"`+receiver.URL+`"}`, http.StatusOK)

	leaving, leave := context.WithCancel(t.Context())
	defer leave()
	left := listen(leaving, t, server.URL)
	left.expect(t, "the beginning")
	open := listen(t.Context(), t, server.URL)
	open.expect(t, "the beginning")

	w.call(t, "", "GET", "/authorization/202309/shops", "", "")
	open.expect(t, "a request")
	left.expect(t, "a request")
	leave()
	if err := <-left.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
	w.steer(t, "POST", "clock", `{"advance":"1h"}`, http.StatusOK)
	open.expect(t, "the clock")
	// Nobody who listens keeps the state from being replaced.
	w.steer(t, "POST", "reset", "", http.StatusOK)
	open.expect(t, "the reset")
	kept := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	w.steer(t, "PUT", "snapshot", string(kept), http.StatusOK)
	open.expect(t, "the snapshot")

	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-open.ended:
		if err != nil {
			t.Errorf("the stream ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("the stream goes on after Close")
	}
	// Pages that come back are told to stay away.
	if a := w.browse("ui/news", nil); a.Code != http.StatusNoContent {
		t.Errorf("after Close: status %d", a.Code)
	}
	if a := w.browse("ui/requests", nil); a.Code != http.StatusOK {
		t.Errorf("a page after Close: status %d", a.Code)
	}
}
