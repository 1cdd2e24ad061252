package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

func TestColors(t *testing.T) {
	t.Parallel()
	var out, stderr bytes.Buffer
	sys := &console.System{In: strings.NewReader(""), Out: &out, Err: &stderr, Getenv: func(string) string { return "" }, Now: time.Now}
	for _, color := range []bool{false, true} {
		sys.Color = color
		out.Reset()
		if code := Run(t.Context(), sys, []string{"quickstart"}); code != console.ExitOK {
			t.Fatalf("exit code %d, %s", code, &stderr)
		}
		if got := strings.Contains(out.String(), "\x1b["); got != color {
			t.Errorf("with colours %v: escape sequences %v", color, got)
		}
	}
}

// TestInterrupted checks that a run that is told to stop says so and fails,
// except for the sandbox, whose end that is.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, stderr bytes.Buffer
	sys := &console.System{In: strings.NewReader(""), Out: &out, Err: &stderr, Now: time.Now, Getenv: func(name string) string {
		return map[string]string{platform.EnvAppKey: "x", platform.EnvAppSecret: "x", platform.EnvAccessToken: "x"}[name]
	}}
	code := Run(ctx, sys, []string{"call", "GET", "/p", "--endpoint", "http://127.0.0.1:1"})
	if code != console.ExitFailed || !strings.Contains(stderr.String(), "ttshop: interrupted") {
		t.Errorf("exit code %d, %s", code, &stderr)
	}
}
