package webhook_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/crowd"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// protected serves a handler to strangers until the test ends.
func protected(t *testing.T, h http.Handler, limits webhook.Limits) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveProtected(t, &http.Server{Handler: h}, listener, limits)
}

func serveProtected(t *testing.T, server *http.Server, listener net.Listener, limits webhook.Limits) string {
	t.Helper()
	guarded := webhook.Protect(server, listener, limits)
	served := make(chan error, 1)
	go func() { served <- server.Serve(guarded) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

// deliver sends a genuine delivery over a connection of its own and returns how
// long the answer took.
func deliver(ctx context.Context, app webhook.App, address string) (time.Duration, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	r, err := webhooktest.Request(ctx, app, "http://"+address, webhooktest.Sample(event.TypeOrderStatusChange, time.Now()))
	if err != nil {
		return 0, err
	}
	began := time.Now()
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("answered %s", answer.Status)
	}
	return time.Since(began), nil
}

// Real deliveries are answered while strangers, who come back when they are
// dropped, hold all connections, and the memory stays small. Not parallel: it
// measures the heap of the process.
func TestDeliveriesAmongStrangers(t *testing.T) {
	strangers, conns, deliveries := 600, 128, 20
	if os.Getenv("TTSHOP_LONG_TESTS") == "1" {
		strangers, conns, deliveries = 5000, 0, 500
	}
	app := newApp(t, "k", secret)
	h := webhook.NewHandler(app, webhook.WithInbox(forgetful{}), quiet())
	address := protected(t, h, webhook.Limits{Conns: conns, Logger: quietLogger()})
	before := heap()
	for _, hello := range []string{
		"", "POST / HTTP/1.1\r\nHost:", head("POST", "application/json", plausible, 500_000) + "{",
		head("GET", "", "", 100), head("POST", "application/json", "", 0),
	} {
		crowd.New(t, address, strangers/5, crowd.Options{Hello: hello, Again: 5 * time.Second})
	}
	var took []time.Duration
	largest := int64(0)
	for i := range deliveries {
		d, err := deliver(t.Context(), app, address)
		if err != nil {
			t.Fatalf("delivery %d: %v", i, err)
		}
		took = append(took, d)
		if i%50 == 0 {
			largest = max(largest, int64(heap())-int64(before))
		}
	}
	slices.Sort(took)
	t.Logf("%d strangers: %d deliveries, median %v, slowest %v, heap +%.1f MB with the strangers' own", strangers, len(took), took[len(took)/2], took[len(took)-1], float64(largest)/1e6)
	if took[len(took)/2] > time.Second {
		t.Errorf("half of the deliveries took longer than %v", took[len(took)/2])
	}
	if largest > 150e6 {
		t.Errorf("the heap grew by %d bytes", largest)
	}
}

// Of the open connections the oldest silent one goes first, proven ones go last,
// and one that is worked on stays.
func TestWhoIsDropped(t *testing.T) {
	t.Parallel()
	app := newApp(t, "k", secret)
	working, release := make(chan struct{}), make(chan struct{})
	h := webhook.NewHandler(app, quiet())
	var slow atomic.Bool
	h.OnOther(func(context.Context, *webhook.Event) error {
		if slow.Load() {
			working <- struct{}{}
			<-release
		}
		return nil
	})
	address := protected(t, h, webhook.Limits{Conns: 3, Logger: quietLogger()})
	open := func() *client {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return &client{t, conn, bufio.NewReader(conn)}
	}
	proven := open()
	proven.deliver(app)
	proven.answered(200)
	busy := open()
	slow.Store(true)
	busy.deliver(app)
	<-working
	slow.Store(false)
	silent := open()
	silent.send("POST / HTTP/1.1\r\n")

	newcomer := open()
	newcomer.deliver(app)
	silent.dropped() // and neither the older proven one nor the one at work
	newcomer.answered(200)
	proven.deliver(app)
	proven.answered(200)
	another := open()
	newcomer.dropped() // both are proven, and it was used less recently
	another.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	another.answered(405)
	last := open()
	another.dropped()
	last.deliver(app)
	last.answered(200)
	close(release)
	busy.answered(200)
}

// Where all connections are worked on a new one waits, and is served then.
func TestNewConnectionWaitsForWork(t *testing.T) {
	t.Parallel()
	app := newApp(t, "k", secret)
	working, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	h := webhook.NewHandler(app, webhook.WithAnswerWithin(time.Minute), quiet())
	h.OnOther(func(context.Context, *webhook.Event) error {
		once.Do(func() { close(working); <-release })
		return nil
	})
	address := protected(t, h, webhook.Limits{Conns: 1, Logger: quietLogger()})
	results := make(chan error, 2)
	send := func() {
		_, err := deliver(t.Context(), app, address)
		results <- err
	}
	go send()
	<-working
	go send()
	select {
	case err := <-results:
		t.Errorf("a delivery is answered while the only connection is at work: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	for range 2 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

// client speaks HTTP by hand.
type client struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func (c *client) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) deliver(app webhook.App) {
	c.t.Helper()
	body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
	c.send(head("POST", "application/json", app.Sign(body), len(body)) + string(body))
}

func (c *client) answered(status int) {
	c.t.Helper()
	if err := c.conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	answer, err := http.ReadResponse(c.r, nil)
	if err == nil {
		defer answer.Body.Close()
	}
	if err != nil || answer.StatusCode != status {
		c.t.Fatalf("answered %+v, %v; want %d", answer, err, status)
	}
}

func (c *client) dropped() {
	c.t.Helper()
	if err := c.conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	if b, err := c.r.ReadByte(); err == nil || os.IsTimeout(err) {
		c.t.Fatalf("not dropped: %q, %v", b, err)
	}
}

// scarce is a listener whose process has no descriptors left, now and then.
type scarce struct {
	net.Listener
	refuse atomic.Int32
}

func (s *scarce) Accept() (net.Conn, error) {
	if s.refuse.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	return s.Listener.Accept()
}

// Where the process may open no more files, strangers make room.
func TestDescriptorsRunOut(t *testing.T) {
	t.Parallel()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app, log := newApp(t, "k", secret), &logBuffer{}
	listener := &scarce{Listener: plain}
	server := &http.Server{Handler: webhook.NewHandler(app, webhook.WithInbox(forgetful{}), quiet())}
	address := serveProtected(t, server, listener, webhook.Limits{Logger: newLogger(log)})
	c := crowd.New(t, address, 5, crowd.Options{})
	if _, err := deliver(t.Context(), app, address); err != nil { // all of them are accepted before it
		t.Fatal(err)
	}
	listener.refuse.Store(3)
	for range 2 { // one Accept has begun before
		if _, err := deliver(t.Context(), app, address); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "three strangers are dropped", func() bool { return c.Open() == 2 })
	if !strings.Contains(log.String(), "silent connection was dropped") {
		t.Errorf("log: %s", log.String())
	}
}

// What the server's owner set stays, and what he left out is set.
func TestProtectSetsWhatIsMissing(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	mine := &http.Server{
		ReadHeaderTimeout: 1, ReadTimeout: 2, WriteTimeout: 3, IdleTimeout: 4, MaxHeaderBytes: 5,
		HTTP2: &http.HTTP2Config{MaxConcurrentStreams: 6},
	}
	webhook.Protect(mine, listener, webhook.Limits{})
	if mine.ReadHeaderTimeout != 1 || mine.ReadTimeout != 2 || mine.WriteTimeout != 3 || mine.IdleTimeout != 4 || mine.MaxHeaderBytes != 5 || mine.HTTP2.MaxConcurrentStreams != 6 {
		t.Errorf("changed: %+v", mine)
	}
	var empty http.Server
	webhook.Protect(&empty, listener, webhook.Limits{})
	if empty.ReadHeaderTimeout == 0 || empty.ReadTimeout == 0 || empty.WriteTimeout == 0 || empty.IdleTimeout == 0 || empty.MaxHeaderBytes == 0 || empty.HTTP2 == nil || empty.Handler == nil {
		t.Errorf("not set: %+v", &empty)
	}
}

// Other handlers of a protected server do as before: they stream, read bodies
// or leave them, and take connections over.
func TestOtherHandlersInProtectedServer(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	mux.HandleFunc("/leave", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	mux.HandleFunc("/stream", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			fmt.Fprintln(w, "part")
			_ = http.NewResponseController(w).Flush()
		}
	})
	mux.HandleFunc("/hijack", func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		go func() { // after the handler
			defer conn.Close()
			line, _ := buffered.ReadString('\n')
			_, _ = io.WriteString(conn, "took "+line)
		}()
	})
	address := protected(t, mux, webhook.Limits{Conns: 2, Logger: quietLogger()})

	taken, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := io.WriteString(taken, "GET /hijack HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	httpClient := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	payload := bytes.Repeat([]byte("payload "), 50_000)
	for range 3 { // more connections than there may be, but the hijacked one stays
		answer, err := httpClient.Post("http://"+address+"/echo", "text/plain", bytes.NewReader(payload))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || !bytes.Equal(got, payload) {
			t.Errorf("%d bytes came back, %v", len(got), err)
		}
	}
	answer, err := httpClient.Get("http://" + address + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(answer.Body); err != nil || string(got) != "part\npart\npart\n" {
		t.Errorf("streamed %q, %v", got, err)
	}
	answer.Body.Close()

	leaver := &client{t, nil, nil}
	if leaver.conn, err = net.Dial("tcp", address); err != nil {
		t.Fatal(err)
	}
	defer leaver.conn.Close()
	leaver.r = bufio.NewReader(leaver.conn)
	began := time.Now()
	leaver.send("POST /leave HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
	leaver.answered(403)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a body that nobody reads held the answer up for %v", took)
	}

	if _, err := io.WriteString(taken, "over\n"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(taken); err != nil || string(got) != "took over\n" {
		t.Errorf("the connection that was taken over says %q, %v", got, err)
	}
}

// The same over TLS and HTTP/2: the connection below is found, refusals do not
// wait for the body, and other streams go on.
func TestReceiverOverHTTP2(t *testing.T) {
	t.Parallel()
	app := newApp(t, "k", secret)
	h := webhook.NewHandler(app, webhook.WithInbox(forgetful{}), webhook.WithAnswerWithin(time.Second), quiet())
	server := httptest.NewUnstartedServer(nil)
	server.Config = &http.Server{Handler: h}
	log := &logBuffer{}
	server.Listener = webhook.Protect(server.Config, server.Listener, webhook.Limits{Conns: 2, Logger: newLogger(log)})
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	c := server.Client()
	genuine := func() error {
		r, err := webhooktest.Request(t.Context(), app, server.URL, webhooktest.Sample(event.TypeOrderStatusChange, time.Now()))
		if err != nil {
			return err
		}
		answer, err := c.Do(r)
		if err != nil {
			return err
		}
		answer.Body.Close()
		if answer.StatusCode != 200 || answer.ProtoMajor != 2 {
			return fmt.Errorf("answered %s by %s", answer.Status, answer.Proto)
		}
		return nil
	}
	if err := genuine(); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		method, auth string
		status       int
	}{
		"a method that is refused":  {"PUT", plausible, 405},
		"no signature":              {"POST", "", 401},
		"a body that does not come": {"POST", plausible, 400},
	} {
		body, writer := io.Pipe() // nothing is ever written
		r, err := http.NewRequestWithContext(t.Context(), tt.method, server.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = 100
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", tt.auth)
		began := time.Now()
		answer, err := c.Do(r)
		if err != nil || answer.StatusCode != tt.status || time.Since(began) > 10*time.Second {
			t.Errorf("%s: %+v, %v after %v; want %d", name, answer, err, time.Since(began), tt.status)
		}
		if err == nil {
			answer.Body.Close()
		}
		writer.Close()
		if err := genuine(); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
	}
	// Strangers who do not even shake hands are dropped, and the proven connection stays.
	before := crowd.New(t, server.Listener.Addr().String(), 20, crowd.Options{})
	eventually(t, "all strangers but one are dropped", func() bool { return before.Open() == 1 })
	if err := genuine(); err != nil {
		t.Error(err)
	}
	if text := log.String(); strings.Count(text, "TLS handshake error") != 1 || strings.Count(text, "was dropped") != 1 {
		t.Errorf("not told once:\n%s", text)
	}
}

// Two secrets are valid while one is rotated, under load and without a restart:
// no delivery is refused.
func TestRotationUnderLoad(t *testing.T) {
	t.Parallel()
	const senders, each = 8, 60
	old, fresh := newApp(t, "k", "old secret"), newApp(t, "k", "new secret")
	other := newApp(t, "second", "second secret")
	h := webhook.NewHandler(old, webhook.WithApps(other), webhook.WithInbox(forgetful{}), quiet())
	address := protected(t, h, webhook.Limits{Logger: quietLogger()})
	var signer atomic.Pointer[webhook.App]
	signer.Store(&old)
	var sent atomic.Int64
	var wg sync.WaitGroup
	rotation := []struct {
		at int64
		do func()
	}{
		{senders * each / 4, func() { h.SetApps(newApp(t, "k", "new secret", "old secret"), other) }},
		{senders * each / 2, func() { signer.Store(&fresh) }}, // the platform's side, one sender after the other
	}
	var rotating sync.Mutex
	for i := range senders {
		wg.Go(func() {
			for range each {
				app := *signer.Load()
				if i == 0 {
					app = other
				}
				if _, err := deliver(t.Context(), app, address); err != nil {
					t.Error(err)
				}
				n := sent.Add(1)
				rotating.Lock()
				for len(rotation) > 0 && n >= rotation[0].at {
					rotation[0].do()
					rotation = rotation[1:]
				}
				rotating.Unlock()
			}
		})
	}
	wg.Wait()
	stats := h.Stats()
	if stats.Outcomes[webhook.Accepted] != senders*each || stats.OldSecret == 0 {
		t.Errorf("%+v", stats)
	}
	h.SetApps(fresh, other)
	if _, err := deliver(t.Context(), old, address); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("the old secret after the rotation: %v", err)
	}
	if _, err := deliver(t.Context(), fresh, address); err != nil {
		t.Error(err)
	}
}
