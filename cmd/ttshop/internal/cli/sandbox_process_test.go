package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// sandboxProcess is a ttshop sandbox that runs in a process of its own.
type sandboxProcess struct {
	sandbox.Credentials
	cmd *exec.Cmd
}

// startSandbox starts ttshop sandbox on a free port and reads where it is.
func startSandbox(t *testing.T, args ...string) *sandboxProcess {
	t.Helper()
	program, err := exec.LookPath("ttshop") // put there by TestMain
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, append([]string{"sandbox", "--json", "--listen", "127.0.0.1:0"}, args...)...)
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
	s := &sandboxProcess{cmd: cmd}
	t.Cleanup(s.kill)
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatalf("first line: %v, stderr %s", err, &stderr)
	}
	if err := json.Unmarshal(line, &s.Credentials); err != nil {
		t.Fatal(err)
	}
	return s
}

// kill ends the process without giving it time for anything.
func (s *sandboxProcess) kill() {
	_ = s.cmd.Process.Kill() // it may have been killed before
	_ = s.cmd.Wait()         // which says that it was killed
}

// env is the environment that leads the command to the sandbox.
func (s *sandboxProcess) env() map[string]string {
	return map[string]string{
		platform.EnvEndpoint: s.BaseURL, platform.EnvAppKey: s.AppKey, platform.EnvAppSecret: s.AppSecret, platform.EnvAccessToken: s.AccessToken, platform.EnvShopCipher: s.Shops[0].Cipher,
	}
}

// runNow is run by the clock of this machine, which a sandbox process goes by.
func runNow(t *testing.T, env map[string]string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	sys := &console.System{
		In: strings.NewReader(""), Out: &stdout, Err: &stderr,
		Getenv: func(name string) string { return env[name] }, Now: time.Now,
	}
	code := Run(t.Context(), sys, args)
	return outcome{code, stdout.String(), stderr.String()}
}

// control sends a request to the sandbox itself and returns the answer.
func (s *sandboxProcess) control(t *testing.T, method, path string, body []byte) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.BaseURL+"/_sandbox/"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		t.Fatalf("%s %s: HTTP %d, %v: %.300s", method, path, resp.StatusCode, err, answer)
	}
	return answer
}

// A rule of --faults hits, and hits again after a reset.
func TestSandboxFaults(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "faults.json")
	rules := `[{"match":{"operation":"order.GetOrderList"},"next":1,"then":{"code":105005}}]`
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startSandbox(t, "--faults", file)
	for range 2 {
		for i, want := range []int{console.ExitRefused, console.ExitOK} {
			got := runNow(t, s.env(), "order", "get-order-list", "--json")
			if got.code != want || (want == console.ExitRefused) != strings.Contains(got.err, "105005") {
				t.Errorf("call %d: %+v, want exit code %d", i+1, got, want)
			}
		}
		s.control(t, "POST", "reset", nil)
	}
}

// What is not a list of rules is reported with the file, the entry and what was expected.
func TestSandboxFaultsUsage(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`{"then":{"status":429}}`:                          "want a JSON list",
		`[{"then":{"status":429}},{"then":{"status":99}}]`: "fault 2 of 2: status must be from 200 to 599",
		`[{"then":{"cut":"nowhere"}}]`:                     "fault 1 of 1: cut must be before, body or after_work",
		`[{"them":{}}]`:                                    `fault 1 of 1: json: unknown field "them"`,
		``:                                                 "want a JSON list",
	} {
		file := filepath.Join(t.TempDir(), "faults.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		got := run(t, nil, "", "sandbox", "--listen", "127.0.0.1:0", "--faults", file)
		if got.code != console.ExitUsage || got.stdout != "" || !strings.Contains(got.err, "--faults "+file) || !strings.Contains(got.err, want) {
			t.Errorf("%s: %+v, want %s", content, got, want)
		}
	}
	if got := run(t, nil, "", "sandbox", "--faults", "nowhere.json"); got.code != console.ExitUsage || !strings.Contains(got.err, "nowhere.json") {
		t.Errorf("no file: %+v", got)
	}
}

// A snapshot outlives the process: a sandbox that is killed and started again is
// the same to the byte once it has the snapshot back.
func TestSandboxSurvivesKill(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, "--seed", "11")
	// Something must have happened that the seed does not tell.
	s.control(t, "POST", "clock", []byte(`{"advance":"26h"}`))
	found := runNow(t, s.env(), "product", "search-products", "--page-size", "1", "--jq", ".products[0].skus[0].id")
	if found.code != console.ExitOK {
		t.Fatalf("%+v", found)
	}
	order := `{"shop_id":"` + s.Shops[0].ID + `","lines":[{"sku_id":"` + strings.Trim(strings.TrimSpace(found.stdout), `"`) + `","quantity":1}]}`
	s.control(t, "POST", "orders", []byte(order))
	before := s.control(t, "GET", "snapshot", nil)
	s.kill()

	again := startSandbox(t, "--seed", "12")
	if fresh := again.control(t, "GET", "snapshot", nil); bytes.Equal(fresh, before) {
		t.Error("a fresh sandbox has the state already; the test shows nothing")
	}
	again.control(t, "PUT", "snapshot", before)
	if after := again.control(t, "GET", "snapshot", nil); !bytes.Equal(after, before) {
		t.Errorf("the state differs: %d bytes, %d before", len(after), len(before))
	}
	env := s.env() // of the app, the token and the shop before
	env[platform.EnvEndpoint] = again.BaseURL
	if got := runNow(t, env, "order", "get-order-list", "--json"); got.code != console.ExitOK {
		t.Errorf("the credentials of the first sandbox: %+v", got)
	}
}

// A run with --state goes on where the last one ended, with the tokens that it
// gave out.
func TestSandboxState(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mine", "state.json")
	first := startSandbox(t, "--state", file)
	if _, err := os.Stat(file); err != nil { // a place that cannot be written to shows at once
		t.Error(err)
	}
	var order struct {
		ID string `json:"id"`
	}
	got := runNow(t, first.env(), "order", "get-order-list", "--status", "AWAITING_SHIPMENT", "--limit", "1", "--jq", ".[0]")
	if err := json.Unmarshal([]byte(got.stdout), &order); err != nil || order.ID == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	first.control(t, "POST", "orders/"+order.ID+"/move", []byte(`{"to":"DELIVERED"}`))
	if err := first.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := first.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v: want a file for its owner alone", info, err)
	}
	second := startSandbox(t, "--state", file, "--seed", "7", "--app-key", "other")
	if second.AppKey != first.AppKey || second.Shops[0] != first.Shops[0] {
		t.Errorf("app %s and shop %+v, want those of the first run", second.AppKey, second.Shops[0])
	}
	env := first.env()
	env[platform.EnvEndpoint] = second.BaseURL
	got = runNow(t, env, "order", "get-order-detail", "--ids", order.ID, "--jq", ".orders[0].status")
	if got.code != console.ExitOK || !strings.Contains(got.stdout, "DELIVERED") {
		t.Errorf("%+v", got)
	}
}

func TestSandboxStateUnreadable(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "state.json")
	const content = `{"format":999}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{file: "format 999", folder: "--state"} {
		got := run(t, nil, "", "sandbox", "--listen", "127.0.0.1:0", "--state", name)
		if got.code != console.ExitUsage || got.stdout != "" || !strings.Contains(got.err, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if kept, err := os.ReadFile(file); err != nil || string(kept) != content {
		t.Errorf("the file holds %s, %v", kept, err)
	}
}
