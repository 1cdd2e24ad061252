package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// traced is what the tests read of a line.
type traced struct {
	Msg       string `json:"msg"`
	Operation string `json:"operation"`
	Shop      string `json:"shop"`
	Try       int    `json:"try"`
	Tries     int    `json:"tries"`
	Wait      int64  `json:"wait"`
	Duration  *int64 `json:"duration"`
	Status    int    `json:"status"`
	Code      int    `json:"code"`
	RequestID string `json:"request_id"`
	Bytes     int64  `json:"response_bytes"`
	RetryOf   string `json:"retry_of"`
	Error     string `json:"error"`
}

// readTrace reads a trace and fails where it holds a secret of the sandbox.
func readTrace(t *testing.T, c sandbox.Credentials, text []byte) []traced {
	t.Helper()
	for _, secret := range []string{c.AppSecret, c.AccessToken, c.RefreshToken, c.AuthCode, "sign=", "http://127.0.0.1:1/"} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("the trace holds %q: %s", secret, text)
		}
	}
	var lines []traced
	for line := range bytes.Lines(text) {
		var l traced
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		lines = append(lines, l)
	}
	return lines
}

// withMsg returns the lines with a message.
func withMsg(lines []traced, msg string) []traced {
	return slices.DeleteFunc(slices.Clone(lines), func(l traced) bool { return l.Msg != msg })
}

// A throttled call is told with its tries, the wait between them and the reason.
func TestTrace(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	throttle := []byte(`{"match":{"operation":"order.GetOrderList"},"next":1,"then":{"code":36009002}}`)
	for _, command := range [][]string{
		{"order", "get-order-list", "--limit", "2", "--trace", file},
		{"call", "POST", "/order/202309/orders/search?page_size=2", "--trace", file, "--yes"},
	} {
		s.control(t, "POST", "faults", throttle)
		got := runNow(t, s.env(), command...)
		if got.code != console.ExitOK || got.err != "" {
			t.Fatalf("%+v", got)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := readTrace(t, s.Credentials, text)
		begins, tries, ends := withMsg(lines, "try begins"), withMsg(lines, "try"), withMsg(lines, "call")
		if len(begins) != 2 || len(tries) != 2 || len(ends) != 1 || len(withMsg(lines, "call begins")) != 1 || len(withMsg(lines, "slower from now on")) != 1 {
			t.Fatalf("%s: %s", command, text)
		}
		if b := begins[1]; b.Try != 2 || b.Wait <= 0 || b.RetryOf != "throttled" || begins[0].RetryOf != "" {
			t.Errorf("the second try begins: %+v", b)
		}
		if r := tries[0]; r.Try != 1 || r.Status != 429 || r.Code != 36009002 || r.RequestID == "" || r.Duration == nil || r.Bytes == 0 || r.Error == "" {
			t.Errorf("the first try: %+v", r)
		}
		if r := ends[0]; r.Operation != "order.GetOrderList" || r.Shop != s.Shops[0].Cipher || r.Tries != 2 || r.Status != 200 || r.Wait != begins[1].Wait {
			t.Errorf("the call: %+v", r)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

// The calls of other commands are traced too, on standard error where that is
// asked for, and nothing secret is.
func TestTraceOfOtherCommands(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	env := s.env()
	env[platform.EnvRefreshToken] = s.RefreshToken
	for _, tt := range []struct{ command, want string }{
		{"token refresh --json --show-secrets --trace -", `"msg":"token`},
		{"shops --json --trace -", `"operation":"GET /authorization/202309/shops"`},
		{"quickstart --json --trace -", `"msg":"call begins"`},
	} {
		got := runNow(t, env, strings.Fields(tt.command)...)
		if got.code != console.ExitOK || !strings.Contains(got.err, tt.want) {
			t.Errorf("%s: %+v, want %s", tt.command, got, tt.want)
		}
		readTrace(t, s.Credentials, []byte(got.err))
		var fresh struct {
			Access  string `json:"access_token"`
			Refresh string `json:"refresh_token"`
		}
		if json.Unmarshal([]byte(got.stdout), &fresh) == nil && fresh.Access != "" && (strings.Contains(got.err, fresh.Access) || strings.Contains(got.err, fresh.Refresh)) {
			t.Errorf("%s: the fresh tokens are in the trace", tt.command)
		}
	}
}

// A file that cannot be written is told.
func TestTraceFails(t *testing.T) {
	t.Parallel()
	got := run(t, nil, "", "version", "--trace", filepath.Join(t.TempDir(), "no", "such", "folder"))
	if got.code != console.ExitFailed || !strings.Contains(got.err, "--trace: open") {
		t.Errorf("%+v", got)
	}
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("no device that is full")
	}
	list := &listing{items: "orders", pages: 1, size: 1}
	got = run(t, list.start(t), "", "order", "get-order-list", "--trace", full)
	if got.code != console.ExitFailed || !strings.Contains(got.err, "--trace: the file is incomplete") {
		t.Errorf("%+v", got)
	}
}
