package webhook

import (
	"context"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// DefaultMaxConns is how many connections a protected server holds open.
const DefaultMaxConns = 1024

// What [Protect] sets where a server sets nothing.
const (
	// headerTime is the time for the head of a request, and for the handshake of
	// TLS.
	headerTime = 5 * time.Second
	// requestTime is the time for a whole request.
	requestTime = 10 * time.Second
	// writeTime is the time for the answer, from the head of the request on. It
	// is longer than a handler works.
	writeTime = 30 * time.Second
	// idleTime is how long a connection may be kept for the next request: longer
	// than common proxies do, so that they and not we end it.
	idleTime = 90 * time.Second
	// headerBytes is the largest head of a request. The platform's are below 2 kB.
	headerBytes = 16 << 10
	// streams is how many requests one connection of HTTP/2 may have open.
	streams = 64
)

// Limits tell [Protect] what a server may hold. The zero value is a good start.
type Limits struct {
	// Conns is how many connections may be open at once. Zero means
	// [DefaultMaxConns], or half the number of files that the process may open
	// if that is less.
	Conns int
	// Logger gets a record at level warn when connections are dropped because
	// there are too many and, where the server has no ErrorLog, when a handshake
	// of TLS fails: the first and, after a minute, how many followed. The rest of
	// the server's own log goes there at level error. Nil means [slog.Default].
	Logger *slog.Logger
}

// Protect prepares a server for strangers, who may open thousands of connections
// and send nothing. It sets the deadlines and bounds that the server leaves at
// zero, wraps its Handler, ConnContext and ConnState, and returns the listener to
// serve:
//
//	server := &http.Server{Handler: mux}
//	err := server.Serve(webhook.Protect(server, listener, webhook.Limits{}))
//
// ServeTLS works as well. Call Protect once per server, before it serves, and pass
// the listener on as it is: a wrapper that hides its connections hides which of
// them are at work.
//
// When the limit of open connections is reached, the oldest silent one is dropped
// for a new one. A connection is silent if it keeps the server waiting for a
// request or for the rest of one; a new one has 20 ms. Those that never brought a
// genuine delivery to a [Handler] go first. A connection whose request is being
// worked on is never dropped, nor is one that a handler took over, see
// [http.Hijacker]; if there are no others, new ones wait.
//
// A handler that answers without reading the body keeps its sender waiting for at
// most half a second.
//
// The deadlines are 5 s for the header of a request, 10 s for all of it, 30 s for
// the answer and 90 s between two requests; the header may have 16 KiB. ReadTimeout
// and WriteTimeout also affect the server's other handlers: one that needs longer
// extends its own deadlines with [http.ResponseController].
func Protect(server *http.Server, listener net.Listener, limits Limits) net.Listener {
	if server.ReadHeaderTimeout == 0 {
		server.ReadHeaderTimeout = headerTime
	}
	if server.ReadTimeout == 0 {
		server.ReadTimeout = requestTime
	}
	if server.WriteTimeout == 0 {
		server.WriteTimeout = writeTime
	}
	if server.IdleTimeout == 0 {
		server.IdleTimeout = idleTime
	}
	if server.MaxHeaderBytes == 0 {
		server.MaxHeaderBytes = headerBytes
	}
	if server.HTTP2 == nil {
		server.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: streams}
	}
	if server.Handler == nil {
		server.Handler = http.DefaultServeMux
	}
	server.Handler = watched{server.Handler}
	server.ConnContext = withConn(server.ConnContext)
	server.ConnState = withHijack(server.ConnState)
	if limits.Conns <= 0 {
		limits.Conns = DefaultMaxConns
		if files := openFiles(); files > 0 {
			limits.Conns = max(1, min(limits.Conns, files/2))
		}
	}
	if limits.Logger == nil {
		limits.Logger = slog.Default()
	}
	b := newBounded(listener, limits)
	if server.ErrorLog == nil {
		server.ErrorLog = log.New(serverLog{b}, "", 0)
	}
	return b
}

// serverLog is where net/http writes. It counts the lines that strangers cause.
type serverLog struct{ b *bounded }

// Write implements io.Writer.
func (l serverLog) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if cause, ok := strings.CutPrefix(text, "http: TLS handshake error from "); ok {
		remote, cause, _ := strings.Cut(cause, ": ")
		l.b.told.note(l.b.logger, "http: TLS handshake error", remote, "error", cause)
	} else {
		l.b.logger.Error(text)
	}
	return len(line), nil
}

// connKey is the context key of a request's connection.
type connKey struct{}

// connOf returns the connection that a request came by; nil in a server that is
// not protected.
func connOf(ctx context.Context) *conn {
	c, _ := ctx.Value(connKey{}).(*conn)
	return c
}

// genuine notes that a connection brought a genuine delivery.
func genuine(ctx context.Context) {
	if c := connOf(ctx); c != nil {
		c.prove()
	}
}

// unwrap returns our connection below a TLS session.
func unwrap(nc net.Conn) *conn {
	for {
		switch c := nc.(type) {
		case *conn:
			return c
		case interface{ NetConn() net.Conn }:
			nc = c.NetConn()
		default:
			return nil
		}
	}
}

func withConn(next func(context.Context, net.Conn) context.Context) func(context.Context, net.Conn) context.Context {
	return func(ctx context.Context, nc net.Conn) context.Context {
		if next != nil {
			ctx = next(ctx, nc)
		}
		if c := unwrap(nc); c != nil {
			ctx = context.WithValue(ctx, connKey{}, c)
		}
		return ctx
	}
}

func withHijack(next func(net.Conn, http.ConnState)) func(net.Conn, http.ConnState) {
	return func(nc net.Conn, state http.ConnState) {
		if c := unwrap(nc); c != nil && state == http.StateHijacked {
			c.begin() // and never done: it is the handler's
		}
		if next != nil {
			next(nc, state)
		}
	}
}

// watched is a handler that tells connections when they are at work.
type watched struct{ next http.Handler }

// ServeHTTP implements http.Handler.
func (h watched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := connOf(r.Context())
	switch {
	case c == nil:
		h.next.ServeHTTP(w, r)
	case r.ContentLength == 0 || r.Body == nil:
		c.begin()
		defer c.done()
		h.next.ServeHTTP(w, r)
	default:
		body := &arriving{ReadCloser: r.Body, conn: c, left: r.ContentLength}
		defer func() {
			if !body.answered() && r.ProtoMajor == 1 {
				leave(w)
			}
		}()
		// A copy: the server looks at the body of its own request.
		copied := r.WithContext(r.Context())
		copied.Body = body
		h.next.ServeHTTP(w, copied)
	}
}
