package ttshop

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/proxy"
	"github.com/ttshop-go/ttshop/sandbox"
)

// overHTTP2 starts an HTTP/2 server and returns it with the client's own
// transport, which trusts it. Connections counts those that were opened.
func overHTTP2(t *testing.T, config *http.HTTP2Config, h http.HandlerFunc) (server *httptest.Server, transport *http.Transport, connections *atomic.Int64) {
	t.Helper()
	connections = new(atomic.Int64)
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("called by %s", r.Proto)
		}
		h(w, r)
	}))
	server.EnableHTTP2 = true
	server.Config.HTTP2 = config
	server.Config.ErrorLog = quietLog()
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	transport = newTransport()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, ServerName: "example.com"}
	t.Cleanup(transport.CloseIdleConnections)
	return server, transport, connections
}

func clientOver(transport http.RoundTripper, endpoint string, options ...Option) *Client {
	return New("k", "s", append([]Option{
		WithEndpoint(endpoint), WithTokenSource(StaticToken("t")), WithLimiter(nil),
		WithHTTPClient(&http.Client{Transport: transport}), WithRetry(RetryPolicy{Tries: 3, MaxWait: time.Millisecond}),
	}, options...)...)
}

func answerOK(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"code":0,"request_id":"r"}`) }

// together makes n calls at once and returns their errors.
func together(n int, call func(i int) error) (errs []error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := call(i); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	return errs
}

// Many calls share connections; a limit on streams only makes them wait or
// opens more connections.
func TestHTTP2StreamLimit(t *testing.T) {
	t.Parallel()
	var served atomic.Int64
	server, transport, connections := overHTTP2(t, &http.HTTP2Config{MaxConcurrentStreams: 4}, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(5 * time.Millisecond) // so that streams overlap
		served.Add(1)
		answerOK(w)
	})
	client := clientOver(transport, server.URL)
	const calls = 80
	if errs := together(calls, func(i int) error {
		_, err := client.Call(t.Context(), []string{"GET", "POST"}[i%2], "/x", nil, nil)
		return err
	}); len(errs) > 0 || served.Load() != calls {
		t.Errorf("%d of %d calls failed, %d were served: %v", len(errs), calls, served.Load(), errors.Join(errs...))
	}
	t.Logf("%d calls over %d connections of 4 streams", calls, connections.Load())
}

// The outcome of a call whose stream is reset is unknown: reads are repeated,
// writes are not, and other calls on the connection do not notice.
func TestHTTP2Reset(t *testing.T) {
	t.Parallel()
	var reset, writes atomic.Int64
	server, transport, connections := overHTTP2(t, nil, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/reset" && r.Method == "GET" && reset.Add(1) == 2:
		case r.URL.Path == "/reset":
			if r.Method == "POST" {
				writes.Add(1)
			}
			_, _ = io.WriteString(w, `{"code":`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		answerOK(w)
	})
	client := clientOver(transport, server.URL)
	if _, err := client.Call(t.Context(), "GET", "/x", nil, nil); err != nil { // opens the connection
		t.Fatal(err)
	}
	errs := together(50, func(i int) error {
		switch i {
		case 10:
			_, err := client.Call(t.Context(), "GET", "/reset", nil, nil)
			return err
		case 20:
			if _, err := client.Call(t.Context(), "POST", "/reset", nil, nil); !errors.Is(err, ErrOutcomeUnknown) {
				return fmt.Errorf("a write that is reset: %w", err)
			}
			return nil
		}
		_, err := client.Call(t.Context(), "GET", "/x", nil, nil)
		return err
	})
	if len(errs) > 0 || writes.Load() != 1 || reset.Load() != 2 || connections.Load() != 1 {
		t.Errorf("%v; the write was sent %d times, the read %d times, over %d connections", errors.Join(errs...), writes.Load(), reset.Load(), connections.Load())
	}
}

// A server that sends GOAWAY finishes what it has accepted, and calls made
// meanwhile use the next connection: each is carried out once.
func TestHTTP2Goodbye(t *testing.T) {
	t.Parallel()
	var served atomic.Int64
	server, transport, connections := overHTTP2(t, nil, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if served.Add(1)%20 == 0 {
			w.Header().Set("Connection", "close") // GOAWAY in HTTP/2
		}
		answerOK(w)
	})
	client := clientOver(transport, server.URL)
	const workers, each = 10, 40
	errs := together(workers, func(int) error {
		for i := range each {
			if _, err := client.Call(t.Context(), []string{"GET", "POST"}[i%2], "/x", nil, map[string]int{"n": i}); err != nil {
				return err
			}
		}
		return nil
	})
	if len(errs) > 0 || served.Load() != workers*each {
		t.Errorf("%v; %d calls were carried out %d times", errors.Join(errs...), workers*each, served.Load())
	}
	if connections.Load() < 2 {
		t.Errorf("%d connections: no goodbye was said", connections.Load())
	}
	t.Logf("%d calls over %d connections", workers*each, connections.Load())
}

// A connection that died silently is given up after one unanswered ping, not
// after one call after another has timed out.
func TestHTTP2DeadConnection(t *testing.T) {
	t.Parallel()
	server, transport, _ := overHTTP2(t, nil, func(w http.ResponseWriter, _ *http.Request) { answerOK(w) })
	if p := transport.HTTP2; p == nil || p.SendPingTimeout <= 0 || p.SendPingTimeout+p.PingTimeout > 30*time.Second || p.WriteByteTimeout <= 0 {
		t.Fatalf("the transport does not look after its connections: %+v", p)
	}
	// The same with shorter times.
	transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: 200 * time.Millisecond, PingTimeout: 200 * time.Millisecond, WriteByteTimeout: 200 * time.Millisecond}
	p := proxy.New(t, server.Listener.Addr().String())
	client := clientOver(transport, "https://"+p.Addr(), WithTimeout(time.Minute))
	call := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		_, err := client.Call(ctx, "GET", "/x", nil, nil)
		return err
	}
	if err := call(); err != nil {
		t.Fatal(err)
	}
	p.HangOpen()
	began := time.Now()
	if err := call(); err != nil {
		t.Fatalf("after %v: %v", time.Since(began), err)
	}
	if took := time.Since(began); took > 20*time.Second || p.Accepted() != 2 {
		t.Errorf("the call took %v over connection %d", took, p.Accepted())
	}
	t.Logf("a dead connection was left after %v", time.Since(began))
}

// An answer that an HTTP/2 server announces but does not send takes no memory
// either, and times out.
func TestHTTP2AnswerThatHangs(t *testing.T) {
	t.Parallel()
	server, transport, _ := overHTTP2(t, nil, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "32505856")
		_, _ = io.WriteString(w, "{")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	client := clientOver(transport, server.URL, WithTimeout(300*time.Millisecond), WithoutRetry())
	began := time.Now()
	_, err := client.Call(t.Context(), "POST", "/x", nil, nil)
	if !errors.Is(err, ErrOutcomeUnknown) || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 20*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	if !strings.Contains(err.Error(), "300ms") {
		t.Errorf("it does not tell the time: %v", err)
	}
}

func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

// A whole sandbox answers over HTTP/2 as it does over HTTP/1.1.
func TestHTTP2Sandbox(t *testing.T) {
	t.Parallel()
	sb, err := sandbox.New(sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sb.Close() })
	server, transport, _ := overHTTP2(t, nil, sb.ServeHTTP)
	c := sb.Credentials()
	client := New(c.AppKey, c.AppSecret, WithEndpoint(server.URL), WithHTTPClient(&http.Client{Transport: transport}),
		WithTokenSource(StaticToken(c.AccessToken))).Shop(c.Shops[0].Cipher)
	errs := together(30, func(int) error {
		res, err := client.Call(t.Context(), "POST", "/order/202309/orders/search", url.Values{"page_size": {"5"}}, map[string]string{"order_status": "AWAITING_SHIPMENT"}, AsRead())
		if err != nil {
			return err
		}
		var page struct {
			Orders []struct {
				ID string `json:"id"`
			} `json:"orders"`
		}
		if err := res.Decode(&page); err != nil || len(page.Orders) == 0 {
			return fmt.Errorf("%d orders, %w", len(page.Orders), err)
		}
		return nil
	})
	if len(errs) > 0 {
		t.Error(errors.Join(errs...))
	}
	_, err = client.Call(t.Context(), "GET", "/no/202309/such", nil, nil)
	if refused, ok := errors.AsType[*Error](err); !ok || refused.Code == 0 {
		t.Errorf("a path that does not exist: %v", err)
	}
}
