package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/mcp"
	"github.com/ttshop-go/ttshop/sandbox"
)

// mcpClient is a client of ttshop mcp.
type mcpClient struct {
	*sdk.ClientSession
	t *testing.T
}

func (w *gatewayWorld) connect(transport sdk.Transport) *mcpClient {
	w.t.Helper()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(w.t.Context(), transport, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = session.Close() })
	return &mcpClient{session, w.t}
}

// assist starts ttshop mcp on standard input and output.
func (w *gatewayWorld) assist(env []string, args ...string) *mcpClient {
	w.t.Helper()
	program, err := exec.LookPath("ttshop") // put there by TestMain
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"mcp"}, args...)...)
	cmd.Env = append(slices.Clone(w.env), env...)
	return w.connect(&sdk.CommandTransport{Command: cmd})
}

// use calls a tool and returns its answer.
func (a *mcpClient) use(tool string, args map[string]any) (data map[string]any, text string) {
	a.t.Helper()
	result, err := a.CallTool(a.t.Context(), &sdk.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		a.t.Fatalf("%s: %v", tool, err)
	}
	raw, err := json.Marshal(result)
	if err != nil {
		a.t.Fatal(err)
	}
	if strings.Contains(string(raw), plantedSecret) {
		a.t.Errorf("%s shows the app secret", tool)
	}
	b, err := json.Marshal(result.StructuredContent)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := json.Unmarshal(b, &data); err != nil {
		a.t.Fatal(err)
	}
	return data, string(raw)
}

// shops returns the ids of the shops that an assistant sees.
func (a *mcpClient) shops() []string {
	a.t.Helper()
	data, _ := a.use("list_shops", nil)
	var ids []string
	for _, s := range data["shops"].([]any) {
		ids = append(ids, s.(map[string]any)["id"].(string))
	}
	return ids
}

func newMCPWorld(t *testing.T) *gatewayWorld {
	t.Helper()
	return newGatewayWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "tokens.db"))
}

// TestMCPExamples runs the examples of the help.
func TestMCPExamples(t *testing.T) {
	t.Parallel()
	w := newMCPWorld(t)
	if out, code := w.try("mcp", "audit"); code != 1 || !strings.Contains(out, "there is no audit") {
		t.Errorf("without an audit: exit code %d: %s", code, out)
	}
	gate := w.start()
	key := w.key("erp", "--shops", "*", "--allow", "order.*")
	w.env = append(w.env, "TTSHOP_GATEWAY_KEY="+key)
	folder := t.TempDir()
	database := "sqlite:" + filepath.Join(folder, "shop.db")
	if out, code := w.try("sync", "--to", database, "--sandbox", "--tables", "warehouses"); code != 0 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	ran := 0
	for _, example := range allExamples() {
		if !strings.HasPrefix(example, "ttshop mcp") {
			continue
		}
		ran++
		args := strings.Fields(strings.NewReplacer("127.0.0.1:8097", "127.0.0.1:0", "http://127.0.0.1:8095", gate.URL, "/home/me", folder, "sqlite:shop.db", database, "keys.json", filepath.Join(folder, "keys.json")).Replace(example))[1:]
		if i := slices.Index(args, "--store"); i >= 0 {
			args = slices.Delete(args, i, i+2) // that of the test
		}
		switch {
		case slices.Contains(args, "--http"):
			p := launch(t, w.env, args...)
			if !strings.HasPrefix(string(p.firstLine(t)), "The server is at ") {
				t.Errorf("%s: %s", example, p.text())
			}
			if code, err := p.stop(os.Interrupt); code != 0 || err != nil {
				t.Errorf("%s: exit code %d, %v: %s", example, code, err, p.text())
			}
		case slices.Contains(args, "approve") && !slices.Contains(args, "--list"):
			// A person answers these: TestMCPApproval and the tests of the page.
			if out, code := w.try(args...); code == 0 {
				t.Errorf("%s works without a person: %s", example, out)
			}
		default:
			if slices.Contains(args, "--write") {
				args = slices.Insert(args, 2, "--file", filepath.Join(folder, "host.json"))
			}
			if slices.Contains(args, "audit") {
				continue // below, once there is one
			}
			if out, code := w.try(args...); code != 0 {
				t.Errorf("%s: exit code %d: %s", example, code, out)
			}
		}
	}
	if ran < 10 {
		t.Fatalf("%d examples", ran)
	}
	for _, args := range [][]string{{"mcp", "audit", "--since", "24h"}, {"mcp", "audit", "--writes", "--json"}} {
		if out, code := w.try(args...); code != 0 {
			t.Errorf("%v: exit code %d: %s", args, code, out)
		}
	}
}

// TestMCPGuide runs the commands of docs/mcp.md.
func TestMCPGuide(t *testing.T) {
	t.Parallel()
	w := newMCPWorld(t)
	w.assist(nil).shops() // an audit
	ran := 0
	for _, block := range regexp.MustCompile("(?ms)^```bash\n(.*?)^```$").FindAllStringSubmatch(read(filepath.Join("..", "..", "..", "..", "docs", "mcp.md")), -1) {
		for line := range strings.Lines(block[1]) {
			w.command(strings.Fields(line)[1:]...)
			ran++
		}
	}
	if ran < 3 {
		t.Errorf("%d commands", ran)
	}
}

// TestMCPApproval plans a write, lets a person approve it, and looks at the audit.
func TestMCPApproval(t *testing.T) {
	t.Parallel()
	w := newMCPWorld(t)
	a := w.assist(nil, "--allow-writes", "--audit", w.audit)
	shop := a.shops()[0]
	products, _ := a.use("find_products", map[string]any{"shop": shop, "status": "ACTIVATE", "limit": 1})
	product := products["products"].([]any)[0].(map[string]any)["id"].(string)
	plan, raw := a.use("plan_write", map[string]any{"operation": "product.DeactivateProducts", "shop": shop, "params": map[string]any{"product_ids": []string{product}}})
	if plan["approval"] != "person" {
		t.Fatal(raw)
	}
	waiting, raw := a.use("apply_write", map[string]any{"plan": plan["plan"]})
	command, _ := waiting["approve_with"].(string)
	code := strings.TrimPrefix(command, "ttshop mcp approve ")
	if code == command {
		t.Fatal(raw)
	}
	var listed []mcp.Waiting
	if err := json.Unmarshal([]byte(w.command("mcp", "approve", "--list", "--json")), &listed); err != nil || len(listed) != 1 || !strings.Contains(string(listed[0].Body), product) {
		t.Fatalf("%v, %+v", err, listed)
	}
	if out, exit := w.try("mcp", "approve", code); exit != console.ExitUsage || !strings.Contains(out, "at a terminal") {
		t.Errorf("approved without a terminal: exit code %d: %s", exit, out)
	}
	env := map[string]string{}
	for _, pair := range w.env {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	if got := person(t, env, "perhaps\n", "mcp", "approve", code); got.code != console.ExitFailed || !strings.Contains(got.err, "nothing was decided") {
		t.Errorf("perhaps: %+v", got)
	}
	got := person(t, env, "yes\n", "mcp", "approve", code)
	if got.code != 0 || !strings.Contains(got.err, product) || !strings.Contains(got.err, "product.DeactivateProducts") || !strings.Contains(got.stdout, "Approved") {
		t.Fatalf("%+v", got)
	}
	if sent, raw := a.use("apply_write", map[string]any{"plan": plan["plan"]}); sent["status"] != "sent" {
		t.Fatal(raw)
	}
	if again, raw := a.use("apply_write", map[string]any{"plan": plan["plan"]}); again["error"] == nil {
		t.Error(raw)
	}
	audit := w.command("mcp", "audit", "--audit", w.audit, "--writes")
	for _, part := range []string{"product.DeactivateProducts", "sending", "person", "waiting"} {
		if !strings.Contains(audit, part) {
			t.Errorf("the audit lacks %s:\n%s", part, audit)
		}
	}
	if strings.Contains(audit, product) {
		t.Error("the audit has values of parameters")
	}
}

// person runs a command as somebody at a terminal does.
func person(t *testing.T, env map[string]string, answers string, args ...string) outcome {
	t.Helper()
	var stdout, stderr strings.Builder
	sys := &console.System{
		In: strings.NewReader(answers), Out: &stdout, Err: &stderr, Terminal: console.Terminal{Ask: true},
		Getenv: func(name string) string { return env[name] }, Now: time.Now,
	}
	return outcome{Run(t.Context(), sys, args), stdout.String(), stderr.String()}
}

// TestMCPKeys lets an assistant do what its key allows, and no more, until it is
// revoked; over both transports, and through a gateway.
func TestMCPKeys(t *testing.T) {
	t.Parallel()
	w := newMCPWorld(t)
	gb := w.shops[slices.IndexFunc(w.shops, func(s sandbox.Shop) bool { return s.Region == "GB" })]
	key := w.key("helper", "--shops", gb.Code, "--allow", "order.*", "--allow", "product.*", "--read-only")
	check := func(where string, a *mcpClient) {
		t.Helper()
		if orders, raw := a.use("find_orders", map[string]any{}); orders["orders"] == nil {
			t.Errorf("%s: %s", where, raw)
		}
		if returns, raw := a.use("find_returns", map[string]any{}); returns["error"] == nil || !strings.Contains(raw, "helper") {
			t.Errorf("%s: returns were read: %s", where, raw)
		}
		if strings.Contains(fmt.Sprint(a.use("search_operations", map[string]any{"question": "approve a refund"})), "return_refund.") && where != "gateway" {
			t.Errorf("%s: operations are offered that the key forbids", where)
		}
	}
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	stdio := w.assist(nil, "--key-file", file, "--allow-writes", "--audit", "none")
	if shops := stdio.shops(); len(shops) != 1 || shops[0] != gb.ID {
		t.Errorf("the key sees %v", shops)
	}
	check("stdio", stdio)
	if plan, raw := stdio.use("plan_write", map[string]any{"operation": "product.ActivateProduct", "params": map[string]any{"product_ids": []string{"1"}}}); plan["error"] == nil || !strings.Contains(raw, "forbidden") {
		t.Errorf("a key that only reads plans a write: %s", raw)
	}

	p := launch(t, w.env, "mcp", "--http", "127.0.0.1:0", "--json", "--keys", "gateway", "--audit", "none")
	var at struct{ URL string }
	if err := json.Unmarshal(p.firstLine(t), &at); err != nil {
		t.Fatal(err)
	}
	check("http", w.connect(&sdk.StreamableClientTransport{Endpoint: at.URL, HTTPClient: bearerClient(key)}))
	for name, wrong := range map[string]string{"no key": "", "a wrong key": "ttg_wrong"} {
		if _, err := sdk.NewClient(&sdk.Implementation{Name: "x", Version: "1"}, nil).Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: at.URL, HTTPClient: bearerClient(wrong), MaxRetries: -1}, nil); err == nil {
			t.Errorf("%s works", name)
		}
	}

	gate := w.start()
	check("gateway", w.assist([]string{"TTSHOP_GATEWAY_KEY=" + key}, "--gateway", gate.URL, "--audit", "none"))

	w.command("gateway", "keys", "revoke", "helper")
	if orders, raw := stdio.use("find_orders", map[string]any{}); orders["error"] == nil {
		t.Errorf("a revoked key works: %s", raw)
	}
}

// bearer sends a key with each request.
type bearer string

// RoundTrip implements http.RoundTripper.
func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if b != "" {
		r.Header.Set("Authorization", "Bearer "+string(b))
	}
	return http.DefaultTransport.RoundTrip(r)
}

func bearerClient(key string) *http.Client { return &http.Client{Transport: bearer(key)} }

// TestMCPUsage tells what makes no sense.
func TestMCPUsage(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		"--sandbox --gateway http://127.0.0.1:1":     "cannot be used together",
		"--approve-ahead stock":                      "--allow-writes",
		"--allow-writes --approve-ahead price":       "needs a person",
		"--http 8097":                                "HOST:PORT",
		"--host a.example":                           "go with --http",
		"--gateway nowhere --key-file " + os.DevNull: "",
		"--http 127.0.0.1:0 --tls-cert x":            "go together",
		"--allow-writes --writes-per-hour 0":         "at least 1",
		"install":                                    "needs a host",
		"install emacs":                              "is not known",
		"install cursor -- --secret x":               "a secret does not go",
		"install cursor -- --key-file ttg_abc":       "a secret does not go",
		"install cursor -- --no-such-flag":           "does not take these flags",
		"install cursor -- words":                    "takes no arguments",
		"approve K7Q2":                               "eight letters and digits",
		"approve --list K7Q2-M4XD":                   "leave the code out",
		"audit --since yesterday":                    "use a span",
		"--http 0.0.0.0:0 --sandbox":                 "other machines can reach",
		"--http 0.0.0.0:0 --insecure-http --sandbox": "clients need keys",
		"--sandbox --keys x":                         "needs no keys",
		"--shop GB":                                  "goes with --gateway",
	} {
		got := run(t, map[string]string{"TTSHOP_CONFIG": filepath.Join(t.TempDir(), "config.json")}, "", append([]string{"mcp"}, strings.Fields(line)...)...)
		if got.code == 0 || !strings.Contains(got.err, says) {
			t.Errorf("ttshop mcp %s: exit code %d, want %q: %s", line, got.code, says, got.err)
		}
	}
}

// TestMCPInstall writes beside what a host has, and never a secret.
func TestMCPInstall(t *testing.T) {
	t.Parallel()
	for host, before := range map[string]string{
		"claude-code": "", "cursor": `{"mcpServers":{"other":{"command":"x"}},"theme":"dark","n":12345678901234567890}`, "vscode": `{"servers":{}}`,
		"gemini-cli": `{}`, "claude-desktop": "", "codex": "model = \"m\"\n",
	} {
		file := filepath.Join(t.TempDir(), "host")
		if before != "" {
			if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := run(t, nil, "", "mcp", "install", host, "--write", "--file", file, "--", "--sandbox", "--allow-writes")
		after, err := os.ReadFile(file)
		if got.code != 0 || err != nil || !strings.Contains(string(after), "--allow-writes") {
			t.Errorf("%s: %+v, %v: %s", host, got, err, after)
		}
		if host == "cursor" && (!strings.Contains(string(after), `"other"`) || !strings.Contains(string(after), "12345678901234567890") || !strings.Contains(string(after), "dark")) {
			t.Errorf("what was there is gone: %s", after)
		}
		if host == "codex" && !strings.HasPrefix(string(after), before) {
			t.Errorf("what was there is gone: %s", after)
		}
	}
	broken := filepath.Join(t.TempDir(), "host.json")
	if err := os.WriteFile(broken, []byte("{ // a comment\n}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := run(t, nil, "", "mcp", "install", "vscode", "--write", "--file", broken); got.code == 0 || read(broken) != "{ // a comment\n}" {
		t.Errorf("a file with comments: %+v", got)
	}
}
