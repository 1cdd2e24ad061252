package wire

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"
)

// MaySent reports whether a request that failed with err may have reached its
// host: not when no connection was made, be it the connection itself, the
// proxy's or the TLS session.
func MaySent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return false
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return false
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return false
	}
	// net/http has no type for this one.
	return !strings.Contains(err.Error(), "net/http: TLS handshake timeout")
}
