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

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
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
	refused int                                   // the page from which on every one is refused; 0: none
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
	if l.refused > 0 && n >= l.refused {
		fmt.Fprint(w, `{"code":105005,"message":"no permission","request_id":"r"}`)
		return
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
	return map[string]string{platform.EnvEndpoint: server.URL, platform.EnvAppKey: "k", platform.EnvAppSecret: "s", platform.EnvAccessToken: "t", platform.EnvShopCipher: "c"}
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
			if got.code != console.ExitOK || got.err != "" {
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
			if got != (outcome{console.ExitOK, tt.want, ""}) {
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
		if got.code != console.ExitOK || list.asked.Load() != 3 {
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
	if got.code != console.ExitFailed || len(ids(t, got.stdout)) != 4 || !strings.Contains(got.err, "page token repeats") {
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
	env := map[string]string{platform.EnvEndpoint: server.URL, platform.EnvAppKey: "k", platform.EnvAppSecret: "s", platform.EnvAccessToken: "t", platform.EnvShopCipher: "c"}
	for _, form := range []string{"--json", "--ndjson", "--table", "--jq=."} {
		got := run(t, env, "", "order", "get-order-list", "--all", form)
		if got.code != console.ExitRefused || !strings.Contains(got.err, "105005") || !strings.Contains(got.stdout, "1-1") {
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
			sys := &console.System{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Getenv: func(name string) string { return env[name] }, Now: time.Now}
			code := Run(ctx, sys, []string{"order", "get-order-list", "--all", form})
			if code != console.ExitFailed || !strings.Contains(stderr.String(), "interrupted") {
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
		sys := &console.System{In: strings.NewReader(""), Out: out, Err: &stderr, Getenv: func(name string) string { return env[name] }, Now: time.Now}
		code := Run(t.Context(), sys, []string{"order", "get-order-list", "--all", form})
		if code != console.ExitOK || stderr.Len() > 0 || out.writes.Load() == 0 {
			t.Errorf("%s: exit code %d, stderr %q", form, code, &stderr)
		}
		if asked := list.asked.Load(); form != "--table" && asked != 1 {
			t.Errorf("%s: %d pages were fetched for nobody", form, asked)
		}
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
		{"a write", write, console.ExitFailed},
		{"a write whose body comes from there", append(write[:len(write):len(write)], "--body", "-"), console.ExitUsage},
		{"a dry run", append(write[:len(write):len(write)], "--dry-run"), console.ExitOK},
		{"a curl command", append(write[:len(write):len(write)], "--curl"), console.ExitOK},
		{"a raw call", []string{"call", "POST", "/product/202309/products/activate"}, console.ExitFailed},
		{"a raw call of an operation that nobody knows", []string{"call", "PUT", "/order/1/nothing"}, console.ExitFailed},
		{"a raw call whose body comes from there", []string{"call", "PUT", "/order/1/nothing", "-d", "@-"}, console.ExitUsage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{platform.EnvAppKey: "k", platform.EnvAppSecret: "s", platform.EnvAccessToken: "t", platform.EnvShopCipher: "c", platform.EnvEndpoint: "http://shop.invalid"}
			var stdout, stderr bytes.Buffer
			sys := &console.System{
				In: strings.NewReader("no\n"), Out: &stdout, Err: &stderr, Terminal: console.Terminal{Ask: true},
				Getenv: func(name string) string { return env[name] }, Now: time.Now,
			}
			code := Run(t.Context(), sys, tt.args)
			asked := strings.Contains(stderr.String(), "Send it? [y/N]")
			if code != tt.code || asked != (code == console.ExitFailed) || asked != strings.HasSuffix(stderr.String(), "was not sent\n") {
				t.Errorf("exit code %d, stderr %q", code, &stderr)
			}
		})
	}
}

// TestTransportErrorsAreNoReader checks that a broken connection to the
// platform is not taken for a reader that went away.
func TestTransportErrorsAreNoReader(t *testing.T) {
	t.Parallel()
	if err := fmt.Errorf("write: %w", syscall.EPIPE); errors.Is(err, console.ErrReaderGone) {
		t.Error("any broken pipe counts")
	}
	if _, err := (console.PipeOut{Writer: new(brokenPipe)}).Write(nil); !errors.Is(err, console.ErrReaderGone) {
		t.Errorf("%v", err)
	}
	if _, err := (console.PipeOut{Writer: io.Discard}).Write([]byte("x")); err != nil {
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
	if !errors.As(err, &exit) || exit.ExitCode() != console.ExitFailed || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("end: %v, stderr %q", err, &stderr)
	}
	if got := ids(t, stdout.String()); len(got) != 2 {
		t.Errorf("%q", got)
	}
}
