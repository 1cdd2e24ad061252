package wire

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"
)

// MaySent reports whether a request that failed with err may have reached its
// host. It cannot have if no connection was made: neither to the host, nor through
// the proxy, nor a TLS session.
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
