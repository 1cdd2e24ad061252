package platform

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// TestConsent checks the question before a write to a real shop.
func TestConsent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		endpoint   string
		there      bool // somebody can be asked
		stdinTaken bool
		answer     string
		code       int
		stderr     string
	}{
		{"agreed", "http://shop.invalid", true, false, "y\n", console.ExitOK, "POST /x changes something at http://shop.invalid. Send it? [y/N] "},
		{"agreed in full", "http://shop.invalid", true, false, "YES\n", console.ExitOK, "[y/N]"},
		{"declined", "http://shop.invalid", true, false, "n\n", console.ExitFailed, "[y/N]"},
		{"declined by silence", "http://shop.invalid", true, false, "\n", console.ExitFailed, "[y/N]"},
		{"end of input", "http://shop.invalid", true, false, "", console.ExitFailed, "[y/N]"},
		{"nobody there", "http://shop.invalid", false, false, "y\n", console.ExitUsage, ""},
		{"standard input is the body", "http://shop.invalid", true, true, "{}", console.ExitUsage, ""},
		{"a sandbox", "http://127.0.0.1:8089", false, false, "", console.ExitOK, ""},
		{"no address", "shop", true, false, "y\n", console.ExitUsage, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			sys := &console.System{
				In: strings.NewReader(tt.answer), Err: &stderr, Terminal: console.Terminal{Ask: tt.there},
				Getenv: func(name string) string { return map[string]string{EnvAppKey: "k"}[name] },
			}
			c := &Connection{Endpoint: tt.endpoint}
			err := c.Consent(t.Context(), NewSession(sys), "POST /x", tt.stdinTaken)
			if console.ExitCode(err) != tt.code || !strings.Contains(stderr.String(), tt.stderr) || (tt.stderr == "") != (stderr.Len() == 0) {
				t.Errorf("%v, stderr %q; want exit code %d, %q", err, &stderr, tt.code, tt.stderr)
			}
		})
	}
}

func TestIsLoopback(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"http://127.0.0.1:8089": true, "http://127.8.8.8": true, "http://localhost:1": true, "http://[::1]:1": true,
		"https://open-api.tiktokglobalshop.com": false, "http://127.0.0.1.example.com": false, "http://10.0.0.1": false, "http://%zz": false,
	} {
		if got := IsLoopback(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
