package platform

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
)

// Listen opens a TCP listener and returns it with the address at which clients
// on this machine reach it.
func Listen(ctx context.Context, address string) (net.Listener, string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, "", err
	}
	tcp, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		listener.Close()
		return nil, "", fmt.Errorf("listen: %v is no TCP address", listener.Addr())
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return listener, "http://" + net.JoinHostPort(host, fmt.Sprint(tcp.Port)), nil
}

// Exposed reports whether other machines may reach a listener.
func Exposed(listener net.Listener) bool {
	tcp, ok := listener.Addr().(*net.TCPAddr)
	return !ok || !tcp.IP.IsLoopback()
}

// Serve answers connections until ctx ends; then requests under way have a
// second to finish. It is for clients on this machine. Answers have no deadline:
// pages follow what happens, and debugging a handler takes time.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	return serveUntil(ctx, server, listener)
}

// ServeStrangers is Serve for clients that are not trusted.
func ServeStrangers(ctx context.Context, listener net.Listener, handler http.Handler, logger *slog.Logger) error {
	server := &http.Server{Handler: handler}
	return serveUntil(ctx, server, webhook.Protect(server, listener, webhook.Limits{Logger: logger}))
}

func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close() // connections that are still open had their time
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
