package soak

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
)

// newTransport returns a transport that reaches this machine and no other:
// whatever goes wrong, nobody else ever gets the load.
func newTransport(connections int) *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: connections, DialContext: dialLoopback}
}

// dialLoopback connects to an address on the loopback interface. Names are not
// looked up.
func dialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !to.Addr().Unmap().IsLoopback() {
		return nil, fmt.Errorf("soak: %s is not on this machine's loopback interface", address)
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, address)
}
