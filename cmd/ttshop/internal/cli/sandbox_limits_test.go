package cli

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/local"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// A file that no sandbox wrote is refused by its size before it is read.
func TestStateFileTooLarge(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, local.MaxStateFile+1); err != nil { // takes no room
		t.Fatal(err)
	}
	got := run(t, nil, "", "sandbox", "--listen", "127.0.0.1:0", "--state", name)
	if got.code != console.ExitUsage || !strings.Contains(got.err, "is larger than") {
		t.Errorf("%+v", got)
	}
}

// The server of the sandbox takes heads of requests of a sensible size only.
func TestServeHeaderLimit(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() {
		served <- platform.Serve(ctx, listener, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	}()
	for size, want := range map[int]int{1 << 10: http.StatusOK, 200 << 10: http.StatusRequestHeaderFieldsTooLarge} {
		request, err := http.NewRequestWithContext(ctx, "GET", "http://"+listener.Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Long", strings.Repeat("x", size))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("a header of %d bytes: status %d, want %d", size, response.StatusCode, want)
		}
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
