package gateway

import (
	"net"
	"net/http"
	"time"
)

// NewServer returns a server for a handler that strangers may reach: it ends
// connections that send their header, or nothing, too slowly.
func NewServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		// OPTIONS * is a request like any other.
		DisableGeneralOptionsHandler: true,
	}
}

// Loopback reports whether only this machine can reach a listener: one on a
// loopback address or a Unix socket.
func Loopback(listener net.Listener) bool {
	switch address := listener.Addr().(type) {
	case *net.TCPAddr:
		return address.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}
