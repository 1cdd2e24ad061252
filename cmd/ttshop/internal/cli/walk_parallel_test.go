package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/operation"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// manyOrders is a sandbox whose first shop has some hundred orders, behind a
// handler that may hold requests up.
func manyOrders(t *testing.T, hold func(http.ResponseWriter, *http.Request)) map[string]string {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{Seed: 3, Orders: 400, Throttle: new(0.0)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sb.Close() })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hold != nil {
			hold(w, r)
		}
		sb.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c := sb.Credentials()
	return map[string]string{
		platform.EnvEndpoint: server.URL, platform.EnvAppKey: c.AppKey, platform.EnvAppSecret: c.AppSecret, platform.EnvAccessToken: c.AccessToken, platform.EnvShopCipher: c.Shops[0].Cipher,
	}
}

// lineIDs returns the ids of items that stand on lines, sorted.
func lineIDs(t *testing.T, output string) []string {
	t.Helper()
	var found []string
	for line := range strings.Lines(output) {
		var item struct{ ID string }
		if err := json.Unmarshal([]byte(line), &item); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		found = append(found, item.ID)
	}
	slices.Sort(found)
	return found
}

// allOrders returns the ids of all orders and when the oldest was made.
func allOrders(t *testing.T, env map[string]string) (ids []string, oldest int64) {
	t.Helper()
	got := runNow(t, env, append(listOrders, "--jq", "[.id, .create_time]")...)
	for line := range strings.Lines(got.stdout) {
		var id string
		var created int64
		if err := json.Unmarshal([]byte(line), &[]any{&id, &created}); err != nil {
			t.Fatalf("%v: %+v", err, got)
		}
		ids = append(ids, id)
		if oldest == 0 || created < oldest {
			oldest = created
		}
	}
	slices.Sort(ids)
	return ids, oldest
}

var listOrders = []string{"order", "get-order-list", "--all", "--ndjson"}

// A walk in slices gives what the walk of one page after the other gives, each
// item once.
func TestWalkParallel(t *testing.T) {
	t.Parallel()
	env := manyOrders(t, nil)
	one := runNow(t, env, listOrders...)
	if one.code != console.ExitOK {
		t.Fatalf("%+v", one)
	}
	want := lineIDs(t, one.stdout)
	if len(want) < 400 {
		t.Fatalf("%d orders", len(want))
	}
	for _, flags := range []string{
		"--parallel 1 --create-time-ge -3000d", "--parallel 4 --create-time-ge -3000d", "--parallel 16 --create-time-ge=-3000d --verbose",
		"--parallel 4 --update-time-ge 0", "--parallel 3 --create-time-ge 0 --update-time-ge 0",
	} {
		got := runNow(t, env, append(listOrders, strings.Fields(flags)...)...)
		if got.code != console.ExitOK {
			t.Fatalf("%s: %+v", flags, got)
		}
		if ids := lineIDs(t, got.stdout); !slices.Equal(ids, want) {
			t.Errorf("%s: %d orders, want %d", flags, len(ids), len(want))
		}
		moves := strings.Contains(flags, "update") && !strings.Contains(flags, "create")
		if moves != strings.Contains(got.err, "update_time_ge changes with the items") {
			t.Errorf("%s: %s", flags, got.err)
		}
	}
	middle := time.Now().AddDate(0, 0, -150).Unix()
	var parts []string
	for _, part := range []string{"--create-time-ge 0 --create-time-lt ", "--create-time-ge "} {
		got := runNow(t, env, append(append(listOrders, "--parallel", "4"), strings.Fields(part+fmt.Sprint(middle))...)...)
		if got.code != console.ExitOK || got.err != "" || got.stdout == "" {
			t.Fatalf("%s: %+v", part, got)
		}
		parts = append(parts, got.stdout)
	}
	if ids := lineIDs(t, strings.Join(parts, "")); !slices.Equal(ids, want) {
		t.Errorf("two halves have %d orders, want %d", len(ids), len(want))
	}
}

// A walk that is killed goes on where it was, and nothing is missing in what
// both have printed.
func TestWalkSurvivesKill(t *testing.T) {
	t.Parallel()
	const before = 20 // requests that are answered before the process is killed
	var asked atomic.Int32
	killed := make(chan struct{})
	env := manyOrders(t, func(_ http.ResponseWriter, r *http.Request) {
		if asked.Add(1) > before {
			select {
			case <-killed:
			case <-r.Context().Done():
			}
		}
	})
	program, err := exec.LookPath("ttshop") // put there by TestMain
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "walk.json")
	want, oldest := allOrders(t, env)
	asked.Store(0)
	// From the oldest order on, so that the first slices are not empty.
	args := append(listOrders, "--parallel", "4", "--create-time-ge", fmt.Sprint(oldest), "--checkpoint", file)
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "GORACE=" + fastExit, "GOCOVERDIR=" + t.TempDir(), "HOME=" + t.TempDir()}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var first, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &first, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for asked.Load() <= before {
		if time.Now().After(deadline) {
			t.Fatalf("%d requests only, stderr %s", asked.Load(), &stderr)
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	close(killed)

	// The kill may have cut the last line off.
	printed := first.String()
	printed = printed[:strings.LastIndexByte(printed, '\n')+1]

	asked.Store(-1 << 30)
	second := runNow(t, env, args...)
	if second.code != console.ExitOK || second.err != "" {
		t.Fatalf("%+v", second)
	}
	got := lineIDs(t, printed+second.stdout)
	if both := slices.Compact(slices.Clone(got)); !slices.Equal(both, want) {
		t.Errorf("%d orders in both runs, want %d", len(both), len(want))
	}
	if n := len(lineIDs(t, second.stdout)); n == 0 || n >= len(want) || printed == "" {
		t.Errorf("%d orders in the second run of %d, %d bytes in the first one", n, len(want), len(printed))
	}
	t.Logf("%d and %d orders, %d of them twice", len(lineIDs(t, printed)), len(lineIDs(t, second.stdout)), len(got)-len(want))

	// The walk is over now: nothing comes again, and no other walk may use it.
	if again := runNow(t, env, args...); again.code != console.ExitOK || again.stdout != "" || !strings.Contains(again.err, "is complete") {
		t.Errorf("once more: %+v", again)
	}
	for _, other := range [][]string{
		append(slices.Clone(args), "--order-status", "UNPAID"),
		{"finance", "get-statements", "--all", "--ndjson", "--statement-time-ge", "0", "--checkpoint", file, "--sort-field", "statement_time"},
	} {
		if got := runNow(t, env, other...); got.code != console.ExitUsage || !strings.Contains(got.err, "--checkpoint "+file+" belongs to ") {
			t.Errorf("%s: %+v", other, got)
		}
	}
}

// A walk resumes from what the checkpoint says.
func TestWalkResumes(t *testing.T) {
	t.Parallel()
	env := manyOrders(t, nil)
	file := filepath.Join(t.TempDir(), "walk.json")
	args := append(listOrders, "--create-time-ge", "0", "--checkpoint", file)
	whole := runNow(t, env, args...)
	if whole.code != console.ExitOK {
		t.Fatalf("%+v", whole)
	}
	var saved operation.WalkCheckpoint
	text, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(text, &saved) != nil || len(saved.Done) != 1 || saved.Done[0] != saved.Span {
		t.Fatalf("%s, %v", text, err)
	}
	// Without what is older than 200 days.
	middle := saved.Span.To - 200*24*60*60
	saved.Done[0].To = middle
	if text, err = json.Marshal(saved); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	rest := runNow(t, env, args...)
	direct := runNow(t, env, append(listOrders, "--create-time-ge", fmt.Sprint(middle))...)
	if got, want := lineIDs(t, rest.stdout), lineIDs(t, direct.stdout); !slices.Equal(got, want) || len(want) == 0 || len(want) >= len(lineIDs(t, whole.stdout)) {
		t.Errorf("%d orders, want %d: %+v", len(got), len(want), rest.err)
	}
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := runNow(t, env, args...); got.code != console.ExitUsage || !strings.Contains(got.err, "is not a checkpoint") {
		t.Errorf("%+v", got)
	}
}

func TestWalkParallelUsage(t *testing.T) {
	t.Parallel()
	env := (&listing{items: "orders", pages: 1, size: 1}).start(t)
	for _, tt := range []struct{ args, want string }{
		{"order get-order-list --parallel 2 --create-time-ge 0", "add --all"},
		{"order get-order-list --all --parallel 0", "--parallel 0: must be 1 to 100"},
		{"order get-order-list --all --parallel 101", "--parallel 101: must be 1 to 100"},
		{"order get-order-list --all --parallel 2", "give its start: --create-time-ge or --update-time-ge -30d"},
		{"order get-order-list --all --limit 3 --parallel 2 --create-time-ge 0", "--limit cannot be used with"},
		{"order get-order-list --all --parallel 2 --create-time-ge 9 --create-time-lt 9", "--create-time-ge 9 is not before --create-time-lt 9"},
		{"order get-order-list --all --parallel 2 --create-time-ge 9 --page-token x", "--page-token cannot be used with"},
		{"order get-order-list --all --create-time-ge 0 --checkpoint f", "needs --ndjson"},
		{"promotion search-activities --all --parallel 2", "promotion.SearchActivities cannot be walked in slices"},
		{"promotion search-activities --all --ndjson --checkpoint f", "cannot be walked in slices"},
	} {
		got := runNow(t, env, strings.Fields(tt.args)...)
		if got.code != console.ExitUsage || !strings.Contains(got.err, tt.want) {
			t.Errorf("%s: %+v, want %q", tt.args, got, tt.want)
		}
	}
	if got := runNow(t, env, "promotion", "search-activities", "--all", "--parallel", "1"); got.code != console.ExitOK {
		t.Errorf("one at a time: %+v", got)
	}
}
