package platform

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// refusing is a network in which nothing listens at an address.
type refusing struct {
	ip    string
	tries int
}

func (r *refusing) RoundTrip(*http.Request) (*http.Response, error) {
	r.tries++
	return nil, &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.ParseIP(r.ip), Port: 443},
		Err: os.NewSyscallError("connect", syscall.ECONNREFUSED),
	}
}

func TestTriesOfARefusedConnection(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ip    string
		live  bool
		tries int
		said  []string // on standard error while the call waits
	}{
		{ip: "127.0.0.1", tries: 1},
		{ip: "::1", live: true, tries: 1},
		{ip: "192.0.2.7", tries: callTries, said: []string{"ttshop: connection refused, try 5 of 5, "}},
		{ip: "192.0.2.7", live: true, tries: callTries, said: []string{"connection refused, try 4 of 5, ", "connection refused, try 5 of 5, "}},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			var stderr bytes.Buffer
			sys := NewSession(&console.System{Err: &stderr, Terminal: console.Terminal{Live: tt.live, Columns: 80}})
			network := &refusing{ip: tt.ip}
			client := ttshop.New("k", "s", append(sys.tries(),
				ttshop.WithTokenSource(ttshop.StaticToken("t")), ttshop.WithEndpoint("https://api.example.com"),
				ttshop.WithHTTPClient(&http.Client{Transport: network}))...)
			meter := sys.Progress(sys.System, "waiting for the platform")
			_, err := client.Call(t.Context(), "GET", ShopsPath, nil, nil)
			meter.Stop()
			if !console.ConnectionRefused(err) || errors.Is(err, t.Context().Err()) {
				t.Errorf("%s: error %v", tt.ip, err)
			}
			if network.tries != tt.tries {
				t.Errorf("%s: %d tries, want %d", tt.ip, network.tries, tt.tries)
			}
			for _, want := range tt.said {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("%s: nothing says %q: %q", tt.ip, want, &stderr)
				}
			}
			if tt.said == nil && stderr.Len() > 0 {
				t.Errorf("%s: %q", tt.ip, &stderr)
			}
		})
	}
}
