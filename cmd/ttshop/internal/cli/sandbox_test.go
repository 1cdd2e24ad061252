package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// TestSandboxProcess holds the contract of ttshop sandbox --json: the first
// line tells everything, the sandbox answers then, and both signals end it
// cleanly.
func TestSandboxProcess(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			program, err := exec.LookPath("ttshop") // put there by TestMain
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), program, "sandbox", "--json", "--listen", "127.0.0.1:0", "--seed", "9", "--app-key", "mykey", "--app-secret", "mysecret")
			cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "GORACE=" + fastExit, "GOCOVERDIR=" + t.TempDir()}
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stderr strings.Builder
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			reader := bufio.NewReader(stdout)
			line, err := reader.ReadBytes('\n')
			if err != nil {
				t.Fatalf("first line: %v, stderr %s", err, &stderr)
			}
			checkContract(t, line)
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(reader)
			if err != nil || len(rest) > 0 {
				t.Errorf("after the first line: %q, %v", rest, err)
			}
			if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
				t.Errorf("end: %v, stderr %q", err, &stderr)
			}
		})
	}
}

// checkContract checks the first line of output and calls the sandbox by it.
func checkContract(t *testing.T, line []byte) {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		t.Fatalf("first line %q: %v", line, err)
	}
	want := []string{"access_token", "app_key", "app_secret", "auth_code", "base_url", "category_asset_cipher", "refresh_token", "service_id", "shops"}
	if got := slices.Sorted(maps.Keys(fields)); !slices.Equal(got, want) {
		t.Errorf("fields %q, want %q", got, want)
	}
	var shops []map[string]string
	if err := json.Unmarshal(fields["shops"], &shops); err != nil || len(shops) < 3 {
		t.Fatalf("shops %s: %v", fields["shops"], err)
	}
	for _, shop := range shops {
		if got := slices.Sorted(maps.Keys(shop)); !slices.Equal(got, []string{"cipher", "code", "id", "name", "region", "seller_type"}) {
			t.Errorf("fields of a shop: %q", got)
		}
	}
	var c sandbox.Credentials
	if err := json.Unmarshal(line, &c); err != nil {
		t.Fatal(err)
	}
	if c.AppKey != "mykey" || c.AppSecret != "mysecret" {
		t.Errorf("credentials of another app: %s", c.AppKey)
	}
	client := ttshop.New(c.AppKey, c.AppSecret, ttshop.WithEndpoint(c.BaseURL), ttshop.WithTokenSource(ttshop.StaticToken(c.AccessToken)))
	if _, err := client.Call(t.Context(), "GET", platform.ShopsPath, nil, nil); err != nil {
		t.Error(err)
	}
	env := map[string]string{platform.EnvEndpoint: c.BaseURL, platform.EnvAppKey: c.AppKey, platform.EnvAppSecret: c.AppSecret}
	env[platform.EnvAuthCode] = c.AuthCode
	if got := run(t, env, "", "token", "exchange", "--json"); got.code != console.ExitOK {
		t.Errorf("exchange the code: %+v", got)
	}
	if got := run(t, env, "", "token", "exchange", "--json"); got.code != console.ExitRefused {
		t.Errorf("exchange the code again: %+v", got)
	}
}

// firstWrite is a writer that tells when something is written.
type firstWrite struct {
	strings.Builder
	told func()
}

func (w *firstWrite) Write(p []byte) (int, error) {
	n, err := w.Builder.Write(p)
	w.told()
	return n, err
}

// runSandbox runs ttshop sandbox until it has told its address.
func runSandbox(t *testing.T, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &firstWrite{told: cancel}
	var stderr strings.Builder
	sys := &console.System{In: strings.NewReader(""), Out: out, Err: &stderr, Getenv: func(string) string { return "" }, Now: time.Now}
	code := Run(ctx, sys, args)
	return outcome{code, out.String(), stderr.String()}
}

func TestSandboxExamples(t *testing.T) {
	t.Parallel()
	box, err := sandbox.New(sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	checked := httptest.NewServer(box)
	defer checked.Close()
	ran := 0
	for _, example := range allExamples() {
		args := strings.Fields(example)
		if len(args) < 2 || args[1] != "sandbox" {
			continue
		}
		if slices.Contains(args, "fixtures-schema") { // it starts none
			if got := runSandbox(t, args[1:]...); got.code != console.ExitOK || !strings.Contains(got.stdout, `"$schema"`) {
				t.Errorf("%s: %+v", example, got)
			}
			continue
		}
		if i := slices.Index(args, "--check"); i >= 0 {
			args[i+1] = checked.URL
			if got := run(t, nil, "", args[1:]...); got.code != console.ExitOK {
				t.Errorf("%s: %+v", example, got)
			}
			continue
		}
		if !slices.Contains(args, "--listen") { // another program may hold the default port
			args = append(args, "--listen", "127.0.0.1:0")
		}
		if i := slices.Index(args, "--state"); i >= 0 {
			args[i+1] = filepath.Join(t.TempDir(), args[i+1])
		}
		if got := runSandbox(t, args[1:]...); got.code != console.ExitOK || got.err != "" || !strings.Contains(got.stdout, "http://127.0.0.1:") {
			t.Errorf("%s: %+v", example, got)
		}
		ran++
	}
	if ran < 3 {
		t.Errorf("only %d examples found", ran)
	}
}

func TestSandboxIsDeterministic(t *testing.T) {
	t.Parallel()
	shops := func(seed string) string {
		got := runSandbox(t, "sandbox", "--listen", "localhost:0", "--json", "--seed", seed)
		var c struct {
			Shops json.RawMessage `json:"shops"`
		}
		if err := json.Unmarshal([]byte(got.stdout), &c); err != nil {
			t.Fatalf("%v: %+v", err, got)
		}
		return string(c.Shops)
	}
	if one, same, other := shops("5"), shops("5"), shops("6"); one != same || one == other {
		t.Errorf("shops of seed 5: %s and %s, of seed 6: %s", one, same, other)
	}
}

func TestSandboxPortInUse(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := run(t, nil, "", "sandbox", "--listen", listener.Addr().String())
	if got.code != console.ExitFailed || got.stdout != "" || !strings.Contains(got.err, "--listen 127.0.0.1:0") {
		t.Errorf("%+v", got)
	}
}

func TestListenAddresses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ address, prefix string }{
		{"127.0.0.1:0", "http://127.0.0.1:"},
		{"localhost:0", "http://127.0.0.1:"},
		{"0.0.0.0:0", "http://127.0.0.1:"},
		{":0", "http://127.0.0.1:"},
		{"[::1]:0", "http://[::1]:"},
	} {
		listener, address, err := platform.Listen(t.Context(), tt.address)
		if err != nil {
			if strings.HasPrefix(tt.address, "[::1]") {
				continue // a machine without IPv6
			}
			t.Errorf("%s: %v", tt.address, err)
			continue
		}
		listener.Close()
		if !strings.HasPrefix(address, tt.prefix) || strings.HasSuffix(address, ":0") {
			t.Errorf("%s is reached at %s", tt.address, address)
		}
	}
}
