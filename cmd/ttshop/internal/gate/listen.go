package gate

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/gateway"
)

// listening is a listener and how clients reach it.
type listening struct {
	net.Listener
	url string // http://…, https://… or unix:PATH
}

// checkAddress refuses what is no HOST:PORT and no unix:PATH.
func checkAddress(flag, address string) error {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		if path == "" {
			return console.Usagef("%s %s: use unix:PATH", flag, address)
		}
		return nil
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return console.Usagef("%s %s: use HOST:PORT, such as 127.0.0.1:8095, or unix:PATH", flag, address)
	}
	return nil
}

// listen opens a listener at HOST:PORT or unix:PATH, with TLS if there is a
// certificate.
func listen(ctx context.Context, address string, certificate *tls.Config) (*listening, error) {
	path, isUnix := strings.CutPrefix(address, "unix:")
	if isUnix {
		listener, err := listenUnix(ctx, path)
		if err != nil {
			return nil, err
		}
		return &listening{listener, "unix:" + path}, nil
	}
	listener, url, err := platform.Listen(ctx, address)
	if err != nil {
		return nil, err
	}
	if certificate != nil {
		return &listening{tls.NewListener(listener, certificate), "https" + strings.TrimPrefix(url, "http")}, nil
	}
	return &listening{listener, url}, nil
}

// listenUnix opens a socket that only its owner can use. One that a killed gateway
// left behind is replaced; one that somebody answers at is not.
func listenUnix(ctx context.Context, path string) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		dialer := net.Dialer{Timeout: time.Second}
		conn, err := dialer.DialContext(ctx, "unix", path)
		if err == nil {
			conn.Close()
			return nil, fmt.Errorf("somebody answers at the socket %s already", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("replace the socket: %w", err)
		}
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// certificate reads a certificate and its key; without files there is none.
func certificate(certFile, keyFile string) (*tls.Config, error) {
	switch {
	case certFile == "" && keyFile == "":
		return nil, nil
	case certFile == "" || keyFile == "":
		return nil, console.Usagef("--tls-cert and --tls-key go together")
	}
	files := &certificateFiles{cert: certFile, key: keyFile}
	if _, err := files.get(nil); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: files.get, NextProtos: []string{"h2", "http/1.1"}}, nil
}

// certificateFiles is a certificate in files, which are read again when they have
// changed, as they do when it is renewed.
type certificateFiles struct {
	cert, key string

	mu   sync.Mutex
	pair *tls.Certificate
	read time.Time // modification of the certificate that was read
}

// get returns the certificate for a connection. One that cannot be read leaves the
// former in use.
func (c *certificateFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err == nil && c.pair != nil && info.ModTime().Equal(c.read) {
		return c.pair, nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	switch {
	case err == nil:
		c.pair, c.read = &pair, time.Time{}
		if info != nil {
			c.read = info.ModTime()
		}
	case c.pair == nil:
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	return c.pair, nil
}

// graceTime is how long calls that are under way may take when the gateway ends.
const graceTime = 30 * time.Second

// serve answers until the context ends, and then lets what is under way finish.
func serve(ctx context.Context, l *listening, handler http.Handler) error {
	server := gateway.NewServer(handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l.Listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceTime)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close() // what is still open had its time
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
