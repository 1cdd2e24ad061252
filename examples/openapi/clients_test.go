package openapi

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// calls are the operations that each client calls, the walk over pages first.
var calls = []string{
	"order.GetOrderList",
	"authorization.GetAuthorizedShops",
	"customer_service.UploadBuyerMessagesImage",
	"event.GetShopWebhooks",
	"event.UpdateShopWebhook",
	"finance.GetStatements",
	"logistics.GetWarehouseList",
	"order.GetOrderDetail",
	"order.GetPriceDetail",
	"seller.GetActiveShops",
}

// TestClients runs the recipes of docs/openapi.md: each generator takes the
// document, what it makes compiles, and the client's calls succeed.
func TestClients(t *testing.T) {
	t.Parallel()
	recipes := recipes(t)
	dir := workplace(t)
	script(t, dir, nil, recipes["The document"])
	for _, client := range []struct{ section, needs string }{
		{"openapi-typescript and openapi-fetch", "npm"},
		{"oapi-codegen", "go"},
		{"ogen", "go"},
	} {
		t.Run(client.section, func(t *testing.T) {
			t.Parallel()
			needed(t, client.needs)
			box := startSandbox(t, dir)
			script(t, dir, box.env(), recipes[client.section])
			box.check(t)
		})
	}
	t.Run("ogen takes all domains", func(t *testing.T) {
		t.Parallel()
		script(t, dir, nil, "go tool ogen --config ogen/config.yaml --target everything --package api ttshop.json")
	})
	t.Run("YAML is the same document", func(t *testing.T) {
		t.Parallel()
		script(t, dir, nil, "ttshop ops openapi --domain seller --out seller.yaml && go tool oapi-codegen -generate types -package api -o fromyaml.go seller.yaml &&"+
			"ttshop ops openapi --domain seller --out seller.json && go tool oapi-codegen -generate types -package api -o fromjson.go seller.json && cmp fromyaml.go fromjson.go")
	})
}

// recipes returns the blocks of commands of the guide by section.
func recipes(t *testing.T) map[string]string {
	t.Helper()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "openapi.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^```bash\n(.*?)^```$")
	all := map[string]string{}
	for section := range strings.SplitSeq(string(guide), "\n## ") {
		title, text, _ := strings.Cut(section, "\n")
		for _, m := range block.FindAllStringSubmatch(text, -1) {
			all[title] += m[1]
		}
	}
	if len(all) != 4 {
		t.Fatalf("the guide has commands in %d sections, want 4", len(all))
	}
	return all
}

// The snippets of the guide stand in the clients, where they are compiled.
func TestSnippets(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "openapi.md"))
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, name := range []string{"typescript/src/main.ts", "oapi-codegen/main.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	snippets := regexp.MustCompile("(?s)```(?:go|ts)\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(snippets) < 2 {
		t.Errorf("only %d snippets were found", len(snippets))
	}
	for _, s := range snippets {
		if !strings.Contains(flat(source.String()), flat(s[1])) {
			t.Errorf("in no client:\n%s", s[1])
		}
	}
}

// needed skips where a program is missing, except in CI, which has all of them.
func needed(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: .ci/services installs it", program)
	}
	t.Skipf("%s is not installed, so this client is not tried", program)
}

// workplace copies this folder to one that is removed in the end, beside a built
// ttshop: what generators write stays out of the tree.
func workplace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	made := []string{"api", "node_modules", "dist", "api.ts", "ttshop.json"}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case slices.Contains(made, entry.Name()) && entry.IsDir():
			return filepath.SkipDir
		case slices.Contains(made, entry.Name()):
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(dir, path), 0o755)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, path), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	script(t, dir, nil, fmt.Sprintf("go mod edit -replace github.com/ttshop-go/ttshop=%q", root))
	script(t, filepath.Join(root, "cmd", "ttshop"), []string{"GOWORK=" + filepath.Join(root, "go.work")}, fmt.Sprintf("go build -o %q .", filepath.Join(dir, "bin", "ttshop")))
	return dir
}

// command runs a script in a process group of its own, which ends with it.
func command(ctx context.Context, dir string, env []string, text string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "bash", "-eu", "-c", text)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"),
		"GOWORK=off", "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true")
	cmd.Env = append(cmd.Env, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

func script(t *testing.T, dir string, env []string, text string) {
	t.Helper()
	start := time.Now()
	if out, err := command(t.Context(), dir, env, text).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", text, err, out)
	}
	t.Logf("%.1f s: %s", time.Since(start).Seconds(), strings.ReplaceAll(strings.TrimSpace(text), "\n", "; "))
}

// A box is a running sandbox, as it tells of itself.
type box struct {
	URL         string `json:"base_url"`
	AppKey      string `json:"app_key"`
	AppSecret   string `json:"app_secret"`
	AccessToken string `json:"access_token"`
}

// startSandbox starts a sandbox, which ends with the test. Each client has its
// own, since they would share the throttle of one.
func startSandbox(t *testing.T, dir string) box {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := command(ctx, dir, nil, "exec ttshop sandbox --json --listen 127.0.0.1:0")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the sandbox does not start: %v\n%s", err, complaints.String())
	}
	var b box
	if err := json.Unmarshal(line, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b box) env() []string {
	return []string{
		"TTSHOP_ENDPOINT=" + b.URL, "TTSHOP_APP_KEY=" + b.AppKey, "TTSHOP_APP_SECRET=" + b.AppSecret, "TTSHOP_ACCESS_TOKEN=" + b.AccessToken,
	}
}

// check holds what the sandbox saw of a client against calls.
func (b box) check(t *testing.T) {
	t.Helper()
	answer, err := http.Get(b.URL + "/_sandbox/requests?limit=1000")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var log struct {
		Requests []struct {
			Operation string `json:"operation"`
			Status    int    `json:"status"`
			Code      *int   `json:"code"`
		} `json:"requests"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&log); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, r := range log.Requests {
		if r.Status != http.StatusOK || r.Code == nil || *r.Code != 0 {
			t.Errorf("%s was answered with status %d, code %v", r.Operation, r.Status, r.Code)
		}
		seen[r.Operation]++
	}
	for i, operation := range calls {
		if seen[operation] == 0 || i == 0 && seen[operation] < 2 {
			t.Errorf("%s was called %d times", operation, seen[operation])
		}
		delete(seen, operation)
	}
	if len(seen) > 0 {
		t.Errorf("called besides: %v", seen)
	}
}
