package console

import (
	"errors"
	"net"
	"syscall"
)

// windowsRefused is what Windows reports where others have ECONNREFUSED
// (WSAECONNREFUSED).
const windowsRefused = syscall.Errno(10061)

// ConnectionRefused reports whether nothing listens at the address that err is
// about.
func ConnectionRefused(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, windowsRefused)
}

// RefusedHere returns the address on this machine that nothing listens at, if err
// is about one. It will not answer a moment later either.
func RefusedHere(err error) (address string, ok bool) {
	dial, isDial := errors.AsType[*net.OpError](err)
	if !isDial || !ConnectionRefused(err) {
		return "", false
	}
	at, isTCP := dial.Addr.(*net.TCPAddr)
	if !isTCP || !at.IP.IsLoopback() {
		return "", false
	}
	return at.String(), true
}
