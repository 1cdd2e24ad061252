// Package natsserver runs the JetStream server of a folder within the process.
package natsserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/ttshop-go/ttshop/webhook/inbox/internal/engine"
	"github.com/ttshop-go/ttshop/webhook/inbox/internal/folderlock"
)

// running is a server with the lock of its files. The lock of an inbox is the
// host's; this one also keeps a server from files whose last server, a process
// of its own, is still ending.
type running struct {
	*server.Server
	lock *os.File
}

// Start is an [engine.Start].
func Start(ctx context.Context, o engine.Options) (_ engine.Server, err error) {
	lock, err := folderlock.Wait(ctx, filepath.Join(o.Dir, "server.lock"))
	if err != nil {
		return nil, fmt.Errorf("locking the files of the server: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.Close())
		}
	}()
	port := o.Port
	if port == 0 {
		port = server.RANDOM_PORT
	}
	s, err := server.NewServer(&server.Options{
		ServerName:         "ttshop-inbox",
		Host:               "127.0.0.1",
		Port:               port,
		Authorization:      o.Token,
		JetStream:          true,
		StoreDir:           o.Dir,
		SyncAlways:         true,
		JetStreamMaxMemory: 64 << 20, // for leases alone
		NoSigs:             true,
		NoSystemAccount:    true,
	})
	if err != nil {
		return nil, fmt.Errorf("setting up the server: %w", err)
	}
	s.SetLogger(logger(o.Log), false, false)
	s.Start()
	stop := func(err error) (engine.Server, error) {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, err
	}
	timeout := time.Minute // a large store takes a while to open
	if deadline, ok := ctx.Deadline(); ok {
		timeout = time.Until(deadline)
	}
	if !s.ReadyForConnections(timeout) {
		return stop(fmt.Errorf("the server is not ready after %s", timeout.Round(time.Millisecond)))
	}
	if !s.JetStreamEnabled() {
		return stop(errors.New("the server has no storage; the log says why"))
	}
	return &running{s, lock}, nil
}

// URL is where clients find the server.
func (r *running) URL() string { return r.ClientURL() }

// Port is the port of the server.
func (r *running) Port() int {
	if at, ok := r.Addr().(*net.TCPAddr); ok {
		return at.Port
	}
	return 0
}

// Stop ends the server.
func (r *running) Stop() {
	r.Shutdown()
	r.WaitForShutdown()
	_ = r.lock.Close() // the lock ends with the process at the latest
}

// logger passes the server's warnings on, and its notices for debugging.
type logger func(slog.Level, string)

func (l logger) Noticef(format string, v ...any) { l(slog.LevelDebug, fmt.Sprintf(format, v...)) }
func (l logger) Warnf(format string, v ...any)   { l(slog.LevelWarn, fmt.Sprintf(format, v...)) }
func (l logger) Errorf(format string, v ...any)  { l(slog.LevelError, fmt.Sprintf(format, v...)) }
func (l logger) Fatalf(format string, v ...any)  { l.Errorf(format, v...) }
func (logger) Debugf(string, ...any)             {}
func (logger) Tracef(string, ...any)             {}
