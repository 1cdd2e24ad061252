package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// listing is a platform that answers every call with a page of a list. Tokens
// are numbers of pages, from query or body.
type listing struct {
	items   string // name of the list
	pages   int
	size    int
	inBody  bool
	loop    bool                                  // the last page names the first as the next
	blocked func(page int, w http.ResponseWriter) // called before a page is answered
	asked   atomic.Int32
}

func (l *listing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.asked.Add(1)
	token := r.URL.Query().Get("page_token")
	if l.inBody {
		var body struct {
			Token string `json:"page_token"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		token = body.Token
	}
	n := 1
	if token != "" {
		if _, err := fmt.Sscanf(token, "page %d", &n); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	if l.blocked != nil {
		l.blocked(n, w)
	}
	list := make([]map[string]any, l.size)
	for i := range list {
		list[i] = map[string]any{"id": fmt.Sprintf("%d-%d", n, i), "create_time": 1700000000}
	}
	next := ""
	if n < l.pages {
		next = fmt.Sprintf("page %d", n+1)
	} else if l.loop {
		next = "page 1"
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"code": 0, "request_id": "1", "data": map[string]any{
		l.items: list, "next_page_token": next, "total_count": l.pages * l.size,
	}})
}

// start returns the environment of the platform.
func (l *listing) start(t *testing.T) map[string]string {
	t.Helper()
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	return map[string]string{envEndpoint: server.URL, envAppKey: "k", envAppSecret: "s", envAccessToken: "t", envShopCipher: "c"}
}

func ids(t *testing.T, output string) []string {
	t.Helper()
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(output), &list); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	var ids []string
	for _, item := range list {
		ids = append(ids, item.ID)
	}
	return ids
}

func TestWalk(t *testing.T) {
	t.Parallel()
	orders := []string{"order", "get-order-list"}
	tests := []struct {
		name    string
		list    *listing
		command []string
		flags   string
		want    int
		asked   int32
	}{
		{"all", &listing{items: "orders", pages: 3, size: 2}, orders, "--all", 6, 3},
		{"limit", &listing{items: "orders", pages: 3, size: 2}, orders, "--limit 3 --json", 3, 2},
		{"limit beyond the end", &listing{items: "orders", pages: 2, size: 2}, orders, "--limit 9 --json", 4, 2},
		{"limit at the end of a page", &listing{items: "orders", pages: 3, size: 2}, orders, "--limit 2 --json", 2, 1},
		{"from a token on", &listing{items: "orders", pages: 3, size: 2}, orders, "--all --page-token=page\u00a02", 4, 2},
		{"empty", &listing{items: "orders", pages: 1}, orders, "--all", 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var args []string
			for flag := range strings.FieldsSeq(strings.ReplaceAll(tt.flags, "\u00a0", "\x00")) {
				args = append(args, strings.ReplaceAll(flag, "\x00", " "))
			}
			got := run(t, tt.list.start(t), "", append(tt.command, args...)...)
			if got.code != exitOK || got.err != "" {
				t.Fatalf("%+v", got)
			}
			if n := len(ids(t, got.stdout)); n != tt.want || tt.list.asked.Load() != tt.asked {
				t.Errorf("%d items of %d pages, want %d of %d", n, tt.list.asked.Load(), tt.want, tt.asked)
			}
		})
	}
}

func TestWalkForms(t *testing.T) {
	t.Parallel()
	tests := []struct{ flags, want string }{
		{"--all --json", `[{"create_time":1700000000,"id":"1-0"},{"create_time":1700000000,"id":"2-0"}]` + "\n"},
		{"--all --ndjson", `{"create_time":1700000000,"id":"1-0"}` + "\n" + `{"create_time":1700000000,"id":"2-0"}` + "\n"},
		{"--all --ndjson --jq .id", "1-0\n2-0\n"},
		{"--all --jq map(.id)", `["1-0","2-0"]` + "\n"},
		{"--all --template {{.|len}}", "2\n"},
		{"--all --columns id", "id\n1-0\n2-0\n"},
		{"--all --columns create_time", "create_time\n2023-11-14 22:13\n2023-11-14 22:13\n"},
		{"--all --table", "ID   STATUS  CREATED (UTC)     ITEMS  TOTAL\n1-0          2023-11-14 22:13      0\n2-0          2023-11-14 22:13      0\n"},
		{"--limit 1", "ID   STATUS  CREATED (UTC)     ITEMS  TOTAL\n1-0          2023-11-14 22:13      0\n"},
		{"--all", "[\n  {\n    \"create_time\": 1700000000,\n    \"id\": \"1-0\"\n  },\n  {\n    \"create_time\": 1700000000,\n    \"id\": \"2-0\"\n  }\n]\n"},
		{"--ndjson", `{"create_time":1700000000,"id":"1-0"}` + "\n"},
		{"--jq .orders[0].id", "1-0\n"},
		{"--jq empty", ""},
		{"--jq halt", ""},
	}
	for _, tt := range tests {
		t.Run(tt.flags, func(t *testing.T) {
			t.Parallel()
			list := &listing{items: "orders", pages: 2, size: 1}
			got := run(t, list.start(t), "", append([]string{"order", "get-order-list"}, strings.Fields(tt.flags)...)...)
			if got != (outcome{exitOK, tt.want, ""}) {
				t.Errorf("%+v, want %q", got, tt.want)
			}
		})
	}
}

func TestWalkInBody(t *testing.T) {
	t.Parallel()
	list := &listing{items: "stockup_orders", pages: 3, size: 2, inBody: true}
	for _, op := range []string{"search-stockup-orders", "gs-search-stockup-orders"} {
		list.asked.Store(0)
		got := run(t, list.start(t), "", "gs-full-service-shipment", op, "--all", "--no-check")
		if got.code != exitOK || list.asked.Load() != 3 {
			t.Errorf("%s: %d pages, %+v", op, list.asked.Load(), got)
		}
	}
}

// TestWalkLoops checks that a page token that comes back ends the walk, and
// that what was fetched is whole.
func TestWalkLoops(t *testing.T) {
	t.Parallel()
	list := &listing{items: "orders", pages: 1, size: 2, loop: true}
	got := run(t, list.start(t), "", "order", "get-order-list", "--all")
	if got.code != exitFailed || len(ids(t, got.stdout)) != 4 || !strings.Contains(got.err, "page token repeats") {
		t.Errorf("loop: %+v", got)
	}
}

// TestWalkRefused checks a refusal in the middle.
func TestWalkRefused(t *testing.T) {
	t.Parallel()
	list := &listing{items: "orders", pages: 3, size: 2}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page_token") != "" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"code":105005,"message":"no scope","request_id":"7"}`)
			return
		}
		list.ServeHTTP(w, r)
	}))
	defer server.Close()
	env := map[string]string{envEndpoint: server.URL, envAppKey: "k", envAppSecret: "s", envAccessToken: "t", envShopCipher: "c"}
	for _, form := range []string{"--json", "--ndjson", "--table", "--jq=."} {
		got := run(t, env, "", "order", "get-order-list", "--all", form)
		if got.code != exitRefused || !strings.Contains(got.err, "105005") || !strings.Contains(got.stdout, "1-1") {
			t.Errorf("%s: %+v", form, got)
		}
		if form == "--json" && len(ids(t, got.stdout)) != 2 {
			t.Errorf("%s: %s", form, got.stdout)
		}
	}
}

// TestWalkInterrupted checks that an interruption in the middle of --all leaves
// valid output of what was fetched.
func TestWalkInterrupted(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"--json", "--ndjson", "--columns=id", "--jq=map(.id)"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			release := make(chan struct{})
			list := &listing{items: "orders", pages: 9, size: 2, blocked: func(page int, _ http.ResponseWriter) {
				if page == 3 {
					cancel()
					<-release
				}
			}}
			env := list.start(t)
			defer close(release)
			var stdout, stderr bytes.Buffer
			sys := &System{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Getenv: func(name string) string { return env[name] }, Now: time.Now}
			code := Run(ctx, sys, []string{"order", "get-order-list", "--all", form})
			if code != exitFailed || !strings.Contains(stderr.String(), "interrupted") {
				t.Errorf("exit code %d, stderr %q", code, &stderr)
			}
			want := map[string]string{
				"--json":       `[{"create_time":1700000000,"id":"1-0"},{"create_time":1700000000,"id":"1-1"},{"create_time":1700000000,"id":"2-0"},{"create_time":1700000000,"id":"2-1"}]` + "\n",
				"--ndjson":     `{"create_time":1700000000,"id":"1-0"}` + "\n" + `{"create_time":1700000000,"id":"1-1"}` + "\n" + `{"create_time":1700000000,"id":"2-0"}` + "\n" + `{"create_time":1700000000,"id":"2-1"}` + "\n",
				"--columns=id": "id\n1-0\n1-1\n2-0\n2-1\n", "--jq=map(.id)": `["1-0","1-1","2-0","2-1"]` + "\n",
			}[form]
			if stdout.String() != want {
				t.Errorf("stdout %q, want %q", &stdout, want)
			}
		})
	}
}

// brokenPipe is an output whose reader went away.
type brokenPipe struct{ writes atomic.Int32 }

func (b *brokenPipe) Write([]byte) (int, error) {
	b.writes.Add(1)
	return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
}

// TestReaderGone checks that a reader who has seen enough ends the command
// quietly, and its fetching at once.
func TestReaderGone(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"--json", "--ndjson", "--table"} {
		list := &listing{items: "orders", pages: 5, size: 2}
		env := list.start(t)
		var stderr bytes.Buffer
		out := new(brokenPipe)
		sys := &System{In: strings.NewReader(""), Out: out, Err: &stderr, Getenv: func(name string) string { return env[name] }, Now: time.Now}
		code := Run(t.Context(), sys, []string{"order", "get-order-list", "--all", form})
		if code != exitOK || stderr.Len() > 0 || out.writes.Load() == 0 {
			t.Errorf("%s: exit code %d, stderr %q", form, code, &stderr)
		}
		if asked := list.asked.Load(); form != "--table" && asked != 1 {
			t.Errorf("%s: %d pages were fetched for nobody", form, asked)
		}
	}
}

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
		{"agreed", "http://shop.invalid", true, false, "y\n", exitOK, "POST /x changes something at http://shop.invalid. Send it? [y/N] "},
		{"agreed in full", "http://shop.invalid", true, false, "YES\n", exitOK, "[y/N]"},
		{"declined", "http://shop.invalid", true, false, "n\n", exitFailed, "[y/N]"},
		{"declined by silence", "http://shop.invalid", true, false, "\n", exitFailed, "[y/N]"},
		{"end of input", "http://shop.invalid", true, false, "", exitFailed, "[y/N]"},
		{"nobody there", "http://shop.invalid", false, false, "y\n", exitUsage, ""},
		{"standard input is the body", "http://shop.invalid", true, true, "{}", exitUsage, ""},
		{"a sandbox", "http://127.0.0.1:8089", false, false, "", exitOK, ""},
		{"no address", "shop", true, false, "y\n", exitUsage, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			sys := &System{
				In: strings.NewReader(tt.answer), Err: &stderr, Terminal: terminal{Ask: tt.there},
				Getenv: func(name string) string { return map[string]string{envAppKey: "k"}[name] },
			}
			c := &connection{Endpoint: tt.endpoint}
			err := c.consent(t.Context(), sys, "POST /x", tt.stdinTaken)
			if exitCode(err) != tt.code || !strings.Contains(stderr.String(), tt.stderr) || (tt.stderr == "") != (stderr.Len() == 0) {
				t.Errorf("%v, stderr %q; want exit code %d, %q", err, &stderr, tt.code, tt.stderr)
			}
		})
	}
}

// TestConsentOfCommands checks which commands ask.
func TestConsentOfCommands(t *testing.T) {
	t.Parallel()
	write := []string{"product", "activate-product", "--product-ids", "1"}
	tests := []struct {
		name string
		args []string
		code int
	}{
		{"a write", write, exitFailed},
		{"a write whose body comes from there", append(write[:len(write):len(write)], "--body", "-"), exitUsage},
		{"a dry run", append(write[:len(write):len(write)], "--dry-run"), exitOK},
		{"a curl command", append(write[:len(write):len(write)], "--curl"), exitOK},
		{"a raw call", []string{"call", "POST", "/product/202309/products/activate"}, exitFailed},
		{"a raw call of an operation that nobody knows", []string{"call", "PUT", "/order/1/nothing"}, exitFailed},
		{"a raw call whose body comes from there", []string{"call", "PUT", "/order/1/nothing", "-d", "@-"}, exitUsage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{envAppKey: "k", envAppSecret: "s", envAccessToken: "t", envShopCipher: "c", envEndpoint: "http://shop.invalid"}
			var stdout, stderr bytes.Buffer
			sys := &System{
				In: strings.NewReader("no\n"), Out: &stdout, Err: &stderr, Terminal: terminal{Ask: true},
				Getenv: func(name string) string { return env[name] }, Now: time.Now,
			}
			code := Run(t.Context(), sys, tt.args)
			asked := strings.Contains(stderr.String(), "Send it? [y/N]")
			if code != tt.code || asked != (code == exitFailed) || asked != strings.HasSuffix(stderr.String(), "was not sent\n") {
				t.Errorf("exit code %d, stderr %q", code, &stderr)
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
		if got := isLoopback(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// TestProgress checks the line that tells how far long work is, and that it is
// taken away.
func TestProgress(t *testing.T) {
	t.Parallel()
	p := &progress{text: "fetching orders", start: time.Unix(100, 0)}
	if got := p.line(time.Unix(103, 0)); got != "fetching orders, 3 s" {
		t.Error(got)
	}
	p.done, p.total = 40, 90
	if got := p.line(time.Unix(112, 0)); got != "fetching orders: 40 of 90, 12 s" {
		t.Error(got)
	}
	p.total = 0
	if got := p.line(time.Unix(112, 0)); got != "fetching orders: 40, 12 s" {
		t.Error(got)
	}
	var plain bytes.Buffer
	meter := newProgress(&System{Err: &plain}, "fetching orders")
	meter.set(1, 2)
	meter.spoken = meter.spoken.Add(-progressEvery)
	meter.set(2, 2)
	meter.stop()
	if got := plain.String(); got != "ttshop: fetching orders: 2 of 2, 0 s\n" {
		t.Errorf("%q", got)
	}
}

// TestTransportErrorsAreNoReader checks that a broken connection to the
// platform is not taken for a reader that went away.
func TestTransportErrorsAreNoReader(t *testing.T) {
	t.Parallel()
	if err := fmt.Errorf("write: %w", syscall.EPIPE); errors.Is(err, errReaderGone) {
		t.Error("any broken pipe counts")
	}
	if _, err := (pipeOut{new(brokenPipe)}).Write(nil); !errors.Is(err, errReaderGone) {
		t.Errorf("%v", err)
	}
	if _, err := (pipeOut{io.Discard}).Write([]byte("x")); err != nil {
		t.Error(err)
	}
}

// TestWalkSignal checks the same for the whole process: SIGINT in the middle,
// as Ctrl-C sends it.
func TestWalkSignal(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("ttshop") // put there by TestMain
	if err != nil {
		t.Fatal(err)
	}
	reached, release := make(chan struct{}), make(chan struct{})
	list := &listing{items: "orders", pages: 9, size: 2, blocked: func(page int, _ http.ResponseWriter) {
		if page == 2 {
			close(reached)
			<-release
		}
	}}
	env := list.start(t)
	defer close(release)
	cmd := exec.CommandContext(t.Context(), program, "order", "get-order-list", "--all")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "GORACE=" + fastExit, "GOCOVERDIR=" + t.TempDir(), "HOME=" + t.TempDir()}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-reached
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitFailed || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("end: %v, stderr %q", err, &stderr)
	}
	if got := ids(t, stdout.String()); len(got) != 2 {
		t.Errorf("%q", got)
	}
}
