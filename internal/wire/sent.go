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
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return false
	}
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	if errors.As(err, &certificate) || errors.As(err, &record) {
		return false
	}
	// net/http has no type for this one.
	return !strings.Contains(err.Error(), "net/http: TLS handshake timeout")
}
