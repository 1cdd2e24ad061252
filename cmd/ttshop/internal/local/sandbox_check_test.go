package local

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

func TestCheckSandbox(t *testing.T) {
	t.Parallel()
	sb, err := sandbox.New(sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sb.Close() })
	well, other := httptest.NewServer(sb), httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(well.Close)
	t.Cleanup(other.Close)
	gone := httptest.NewServer(sb)
	gone.Close()
	for _, tt := range []struct {
		name, address string
		code          int
		want          string
	}{
		{"well", well.URL, 0, ""},
		{"with a slash", well.URL + "/", 0, ""},
		{"another server", other.URL, console.ExitFailed, "status 404"},
		{"gone", gone.URL, console.ExitFailed, "no sandbox answers at"},
		{"no scheme", "127.0.0.1:8089", console.ExitUsage, "is not an address"},
		{"empty", "", console.ExitUsage, "is not an address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := checkSandbox(t.Context(), platform.NewSession(&console.System{Out: &out}), tt.address)
			if tt.code == 0 {
				if err != nil || out.String() != "The sandbox answers.\n" {
					t.Errorf("%v, %q", err, out.String())
				}
				return
			}
			if err == nil || console.ExitCode(err) != tt.code || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v with code %d, want %q with %d", err, console.ExitCode(err), tt.want, tt.code)
			}
		})
	}
}
