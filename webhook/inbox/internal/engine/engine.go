// Package engine is what an inbox asks of the server of a folder, so that the
// inbox itself does not depend on that server's code.
package engine

import (
	"context"
	"log/slog"
	"net"
)

// Options say how the server of a folder runs.
type Options struct {
	Dir   string
	Port  int    // on the loopback address; 0 takes any
	Token string // that clients give

	Log  func(level slog.Level, message string) // may be called by any goroutine
	Lost func()                                 // is called when the server ends unasked
}

// Server is a running server.
type Server interface {
	URL() string
	Port() int
	// InProcessConn connects to the server, by the name that the NATS client has
	// for it.
	InProcessConn() (net.Conn, error)
	// Stop ends the server and returns when its files are closed.
	Stop()
}

// Start starts the server of a folder. It returns when the server is ready, or when
// the context ends.
type Start func(ctx context.Context, options Options) (Server, error)
