package cli

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/gateway/connect"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/tokenstore"
)

const ordersPath = "/order/202309/orders/search?page_size=1"

// TestGatewaySandbox runs what somebody tries first: the line that the command
// prints works as it stands.
func TestGatewaySandbox(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl")
	}
	socket := filepath.Join(shortDir(t), "s")
	for _, listen := range []string{"127.0.0.1:0", "unix:" + socket} {
		p := launch(t, hookEnv(t), "gateway", "--sandbox", "--listen", listen)
		if !within(func() bool { return strings.Contains(read(p.out), "page_size=2'\n") }) {
			t.Fatal(p.text())
		}
		_, line, _ := strings.Cut(read(p.out), "In another terminal:\n")
		out, err := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(line, "curl ", "curl -s ", 1)).CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte(`"code":0`)) || !bytes.Contains(out, []byte(`"orders":[{`)) {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
		if code, err := p.stop(os.Interrupt); code != 0 || err != nil {
			t.Errorf("exit code %d, %v", code, err)
		}
	}
	if _, err := os.Lstat(socket); err == nil {
		t.Error("the socket is left behind")
	}
}

// shortDir returns a folder whose path fits into the address of a socket.
func shortDir(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "gw") //nolint:usetesting // its path is too long for a socket on some systems
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

// gatewayWorld is a sandbox and a token store with a grant of it.
type gatewayWorld struct {
	t     *testing.T
	env   []string
	shops []sandbox.Shop
	audit string
}

func newGatewayWorld(t *testing.T, store string) *gatewayWorld {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{Seed: 5, AppSecret: plantedSecret})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sb)
	t.Cleanup(server.Close)
	c := sb.Credentials()
	w := &gatewayWorld{t: t, shops: c.Shops, audit: filepath.Join(t.TempDir(), "audit.jsonl")}
	w.env = append(hookEnv(t),
		platform.EnvEndpoint+"="+server.URL, platform.EnvAppKey+"="+c.AppKey, platform.EnvAppSecret+"="+c.AppSecret,
		platform.EnvStore+"="+store, platform.EnvStoreKey+"="+tokenstore.GenerateKey())
	w.command("login", "--sandbox="+server.URL)
	return w
}

// command runs the command and returns its output.
func (w *gatewayWorld) command(args ...string) string {
	w.t.Helper()
	out, code := w.try(args...)
	if code != 0 {
		w.t.Fatalf("ttshop %s: exit code %d\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// try runs the command and returns all output and its exit code.
func (w *gatewayWorld) try(args ...string) (string, int) {
	w.t.Helper()
	program, err := exec.LookPath("ttshop") // put there by TestMain
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.CommandContext(w.t.Context(), program, args...)
	cmd.Env = w.env
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		w.t.Fatal(err)
	}
	if strings.Contains(string(out), plantedSecret) {
		w.t.Errorf("ttshop %s shows the app secret", strings.Join(args, " "))
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// running is a gateway that runs.
type running struct {
	*program
	URL   string `json:"url"`
	Admin string `json:"admin"`
}

func (w *gatewayWorld) start(args ...string) *running {
	w.t.Helper()
	p := launch(w.t, w.env, append([]string{"gateway", "--json", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--audit", w.audit}, args...)...)
	r := &running{program: p}
	if err := json.Unmarshal(p.firstLine(w.t), r); err != nil {
		w.t.Fatal(err)
	}
	return r
}

// key makes a key and returns it.
func (w *gatewayWorld) key(args ...string) string {
	w.t.Helper()
	var made struct {
		Key string `json:"key"`
	}
	out := w.command(append(append([]string{"gateway", "keys", "create"}, args...), "--json")...)
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		w.t.Fatalf("%v: %s", err, out)
	}
	return made.Key
}

// call searches for orders through a gateway.
func (w *gatewayWorld) call(client *http.Client, url, key string) (status int, body string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), "POST", url+ordersPath, strings.NewReader("{}"))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set(gateway.HeaderShop, w.shops[0].ID)
	resp, err := client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// A key's life: made, used, limited, rotated, revoked, over two gateways that share
// a store, with what the audit has of it.
func TestGatewayKeys(t *testing.T) {
	t.Parallel()
	w := newGatewayWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "tokens.db"))
	a, b := w.start(), w.start()
	key := w.key("erp", "--shops", w.shops[0].ID, "--allow", "order.*", "--read-only", "--daily", "5000", "--rate", "50/s", "--expires", "90d")
	for _, g := range []*running{a, b} {
		if !within(func() bool { status, _ := w.call(http.DefaultClient, g.URL, key); return status == 200 }) {
			t.Fatal(g.text())
		}
	}
	for _, test := range []struct {
		args []string
		code int
		text string
	}{
		{[]string{"test", "erp", "order.GetOrderList", "--shop", w.shops[0].ID}, 0, `Allowed by rule allow: key erp: allow "order.*" permits order.GetOrderList.`},
		{[]string{"test", "erp", "order.GetOrderList", "--shop", w.shops[0].Region}, 0, "Allowed by rule allow"},
		{[]string{"test", "erp", "order.GetOrderList", "--shop", w.shops[1].Code}, 3, "Refused by rule shop"},
		{[]string{"test", "erp", "product.DeleteProducts"}, 3, "Refused by rule default"},
		{[]string{"test", "erp", "order.AddExternalOrderReferences", "--json"}, 3, `"rule":"read-only"`},
		{[]string{"test", "nobody", "order.GetOrderList"}, 1, "there is no key named nobody"},
		{[]string{"test", "erp", "order.GetNothing"}, 2, "there is no operation"},
		{[]string{"test", "erp", "order.GetOrderList", "--shop", "nowhere"}, 1, "0 shops"},
		{[]string{"keys", "create", "erp", "--shops", "*", "--allow", "*"}, 1, "there is a key named erp already"},
		{[]string{"keys", "create", "x", "--shops", "*", "--allow", "ordr.*"}, 1, `allow "ordr.*" fits no operation`},
		{[]string{"keys", "create", "x", "--shops", "*"}, 2, "--allow"},
		{[]string{"keys", "create", "x", "--allow", "*"}, 2, "--shops"},
		{[]string{"keys", "create", "x y", "--shops", "*", "--allow", "*"}, 2, "not a valid name"},
		{[]string{"keys", "create", "x", "--shops", "*", "--allow", "*", "--rate", "fast"}, 2, "--rate"},
		{[]string{"keys", "list"}, 0, "erp   active"},
		{[]string{"keys", "revoke", "nobody"}, 1, "there is no key named nobody"},
		{[]string{"--listen", "8095"}, 2, "use HOST:PORT"},
		{[]string{"--listen", "0.0.0.0:0"}, 2, "--insecure-http"},
		{[]string{"--tls-cert", "x"}, 2, "go together"},
		{[]string{"--pace", "redis:"}, 2, "--pace"},
	} {
		if out, code := w.try(append([]string{"gateway"}, test.args...)...); code != test.code || !strings.Contains(out, test.text) {
			t.Errorf("gateway %s: exit code %d, want %d and %q\n%s", strings.Join(test.args, " "), code, test.code, test.text, out)
		}
	}
	if list := w.command("gateway", "keys", "list", "--json"); strings.Contains(list, "sha256") || strings.Contains(list, key) || !strings.Contains(list, `"daily":5000`) {
		t.Errorf("the list has %s", list)
	}

	var rotated struct{ Key string }
	if err := json.Unmarshal([]byte(w.command("gateway", "keys", "rotate", "erp", "--overlap", "1h", "--json")), &rotated); err != nil {
		t.Fatal(err)
	}
	for _, g := range []*running{a, b} {
		if !within(func() bool { status, _ := w.call(http.DefaultClient, g.URL, rotated.Key); return status == 200 }) {
			t.Error("the new key does not work")
		}
	}
	if status, body := w.call(http.DefaultClient, b.URL, key); status != 200 {
		t.Errorf("the old key during the overlap: HTTP %d %s", status, body)
	}
	w.command("gateway", "keys", "revoke", "erp")
	revoked := time.Now()
	for _, g := range []*running{a, b} {
		if !within(func() bool { status, _ := w.call(http.DefaultClient, g.URL, rotated.Key); return status == 401 }) {
			t.Error("the revoked key works")
		}
	}
	if took := time.Since(revoked); took > 5*time.Second {
		t.Errorf("a revoked key worked for %v", took)
	}

	get := func(path string) string {
		resp, err := http.Get(a.Admin + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		return fmt.Sprint(resp.StatusCode, " ", string(text))
	}
	if ready := get("/readyz"); !strings.HasPrefix(ready, `200 {"ready":true`) {
		t.Errorf("readyz says %s", ready)
	}
	if metrics := get("/metrics"); !strings.Contains(metrics, `ttshop_gateway_call_duration_seconds_count{key="erp",operation="order.GetOrderList",outcome="ok"}`) || !strings.Contains(metrics, `ttshop_gateway_refusals_total{key="erp",reason="key",rule="revoked"}`) {
		t.Errorf("metrics say %s", metrics)
	}
	if err := a.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Error(err)
	}
	if !within(func() bool { return strings.Contains(a.text(), "the keys were read again") }) {
		t.Errorf("after a SIGHUP: %s", a.text())
	}
	for _, g := range []*running{a, b} {
		if code, err := g.stop(syscall.SIGTERM); code != 0 || err != nil {
			t.Errorf("exit code %d, %v: %s", code, err, g.text())
		}
	}
	if out := w.command("gateway", "audit", "--audit", w.audit, "--key", "erp", "--since", "-1h"); !strings.Contains(out, "order.GetOrderList") {
		t.Errorf("the audit shows %s", out)
	}
	if out := w.command("gateway", "audit", "--audit", w.audit, "--refused", "--json"); !strings.Contains(out, `"rule":"revoked"`) || strings.Contains(out, `"status":200`) {
		t.Errorf("the refused calls are %s", out)
	}
	for _, g := range []*running{a, b} {
		if all := g.text() + read(w.audit); strings.Contains(all, key) || strings.Contains(all, rotated.Key) || strings.Contains(all, w.shops[0].Cipher) || strings.Contains(all, plantedSecret) {
			t.Error("a secret shows")
		}
	}
}

// A gateway that is killed leaves an audit in which every call that it answered is
// there once, and no other as done; in a file and in a database.
func TestGatewayKilled(t *testing.T) {
	t.Parallel()
	stores := map[string]func(*testing.T) string{
		"file":     func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "tokens.db") },
		"database": newSchema,
	}
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newGatewayWorld(t, store(t))
			if name == "database" {
				w.audit = "store"
			}
			killWhileCalling(t, w)
		})
	}
}

func killWhileCalling(t *testing.T, w *gatewayWorld) {
	key := w.key("k", "--shops", "*", "--allow", "order.*")
	g := w.start("--pace", "local")
	var mu sync.Mutex
	answered := map[string]bool{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for ctx.Err() == nil {
				req, err := http.NewRequestWithContext(ctx, "POST", g.URL+ordersPath, strings.NewReader("{}"))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header = http.Header{"Authorization": {"Bearer " + key}, gateway.HeaderShop: {w.shops[0].ID}}
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					return // it was killed
				}
				_, err = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if err != nil {
					return
				}
				mu.Lock()
				answered[resp.Header.Get(gateway.HeaderCall)] = true
				n := len(answered)
				mu.Unlock()
				if n == 20 {
					g.kill()
				}
			}
		})
	}
	group.Wait()
	cancel()
	if len(answered) < 20 {
		t.Fatalf("%d calls were answered: %s", len(answered), g.text())
	}
	seen, unfinished := map[string]bool{}, 0
	for line := range strings.Lines(w.command("gateway", "audit", "--audit", w.audit, "--json")) {
		var r gateway.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if seen[r.ID] {
			t.Errorf("call %s is there twice", r.ID)
		}
		seen[r.ID] = true
		if r.Event == gateway.EventSending {
			unfinished++
		}
	}
	for id := range answered {
		if !seen[id] {
			t.Errorf("call %s was answered and is not in the audit", id)
		}
	}
	if more := len(seen) - len(answered); more > 4 {
		t.Errorf("%d calls more than were answered", more)
	}
	t.Logf("%d calls answered, %d recorded, %d of them unfinished", len(answered), len(seen), unfinished)
}

// TLS, with a certificate that is renewed meanwhile.
func TestGatewayTLS(t *testing.T) {
	t.Parallel()
	w := newGatewayWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "tokens.db"))
	folder := t.TempDir()
	cert, keyFile := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	first := writeCertificate(t, cert, keyFile, time.Now().Add(-time.Hour))
	key := w.key("k", "--shops", w.shops[0].ID, "--allow", "order.*")
	g := w.start("--tls-cert", cert, "--tls-key", keyFile, "--host", "gateway.internal")
	pool := x509.NewCertPool()
	pool.AddCert(first)
	client := func() *http.Client {
		return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "gateway.internal"}}}
	}
	if status, body := w.call(client(), g.URL, key); status != 200 {
		t.Errorf("HTTP %d %s", status, body)
	}
	second := writeCertificate(t, cert, keyFile, time.Now())
	if resp, err := client().Get(g.URL); err == nil {
		resp.Body.Close()
		t.Error("the former certificate is still in use")
	}
	pool.AddCert(second)
	if status, body := w.call(client(), g.URL, key); status != 200 {
		t.Errorf("HTTP %d %s", status, body)
	}
}

// writeCertificate makes a certificate for gateway.internal and 127.0.0.1.
func writeCertificate(t *testing.T, certFile, keyFile string, modified time.Time) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(modified.UnixNano()), Subject: pkix.Name{CommonName: "gateway.internal"}, DNSNames: []string{"gateway.internal"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{keyFile: {Type: "PRIVATE KEY", Bytes: secret}, certFile: {Type: "CERTIFICATE", Bytes: der}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestGatewayExamples runs the examples of the gateway's commands as they stand, but
// for addresses and files.
func TestGatewayExamples(t *testing.T) {
	t.Parallel()
	there, err := havePostgres()
	if err != nil {
		t.Fatal(err)
	}
	store := "sqlite:" + filepath.Join(t.TempDir(), "tokens.db")
	if there {
		store = newSchema(t)
	}
	w := newGatewayWorld(t, store)
	if out, code := w.try("gateway", "audit"); code != 1 || !strings.Contains(out, "there is no audit") {
		t.Errorf("without an audit: exit code %d: %s", code, out)
	}
	var examples []string
	for _, example := range allExamples() {
		if strings.HasPrefix(example, "ttshop gateway") && (there || !strings.Contains(example, "--audit store")) {
			examples = append(examples, example)
		}
	}
	place := func(example string) int { // in the order in which they make sense
		order := []string{"ttshop gateway --", "keys create", "keys list", "gateway test", "gateway audit", "keys rotate", "keys revoke"}
		return slices.IndexFunc(order, func(part string) bool { return strings.Contains(example, part) })
	}
	slices.SortStableFunc(examples, func(a, b string) int { return place(a) - place(b) })
	if len(examples) < 12 || place(examples[0]) < 0 {
		t.Fatalf("the examples are %q", examples)
	}
	folder := shortDir(t)
	writeCertificate(t, filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem"), time.Now())
	port := regexp.MustCompile(`:(8095|8096|8097|8443)\b`)
	for _, example := range examples {
		args := strings.Fields(strings.NewReplacer("'", "", "7494049642642441621", w.shops[0].ID).Replace(example))[1:]
		if i := slices.Index(args, "--store"); i >= 0 {
			args = slices.Delete(args, i, i+2) // that of the test
		}
		if place(example) > 0 {
			out, code := w.try(args...)
			if wanted := strings.Contains(example, "gateway test") && strings.Contains(example, "--shop"); code != 0 && !(wanted && code == console.ExitRefused) {
				t.Errorf("%s: exit code %d: %s", example, code, out)
			}
			continue
		}
		for i := range args {
			args[i] = port.ReplaceAllString(args[i], ":0")
			args[i] = strings.Replace(args[i], "unix:/run/", "unix:"+folder+"/", 1)
			if strings.HasSuffix(args[i], ".pem") {
				args[i] = filepath.Join(folder, args[i])
			}
		}
		if !slices.Contains(args, "--listen") {
			args = append(args, "--listen", "127.0.0.1:0")
		}
		p := launch(t, w.env, args...)
		if !strings.HasPrefix(string(p.firstLine(t)), "The gateway is at ") {
			t.Errorf("%s: %s", example, p.text())
		}
		if code, err := p.stop(os.Interrupt); code != 0 || err != nil {
			t.Errorf("%s: exit code %d, %v: %s", example, code, err, p.text())
		}
	}
}

// TestGatewayGuide runs what docs/gateway.md shows: the programs against a gateway
// with a sandbox, and the commands about keys.
func TestGatewayGuide(t *testing.T) {
	t.Parallel()
	guide := read(filepath.Join("..", "..", "..", "..", "docs", "gateway.md"))
	blocks := regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$").FindAllStringSubmatch(guide, -1)
	p := launch(t, hookEnv(t), "gateway", "--sandbox", "--listen", "127.0.0.1:0", "--json")
	var demo struct {
		URL  string `json:"url"`
		Key  string `json:"key"`
		Shop struct {
			ID string `json:"id"`
		} `json:"shop"`
	}
	if err := json.Unmarshal(p.firstLine(t), &demo); err != nil {
		t.Fatal(err)
	}
	keys := newGatewayWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "tokens.db"))
	launch(t, keys.env, "gateway", "--listen", "127.0.0.1:0").firstLine(t) // it makes the audit
	folder := t.TempDir()
	picture, err := photo()
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "photo.png"), []byte(picture), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	programs := map[string][]string{"bash": {"bash", "-eu", "-c"}, "js": {"node", "--input-type=module", "-e"}, "python": {"python3", "-c"}, "php": {"php", "-d", "display_errors=stderr"}}
	wants := map[string]string{"js": "2 orders\n", "python": "2 orders\n", "php": "2 orders\n"}
	ran := map[string]int{}
	for _, block := range blocks {
		language, script := block[1], block[2]
		program, runs := programs[language]
		switch {
		case language == "json":
			if list, err := connect.ParseApplications([]byte(script)); err != nil || len(list) != 1 {
				t.Errorf("%v: %s", err, script)
			}
			continue
		case language == "go": // TestSignedMode has it
			continue
		case !runs:
			t.Errorf("nothing runs the block\n%s", script)
			continue
		case strings.HasPrefix(script, "ttshop gateway --sandbox"), strings.HasPrefix(script, "ttshop console"): // TestGatewaySandbox, TestGatewayConnect, TestGatewayConsole
			continue
		}
		if _, err := exec.LookPath(program[0]); err != nil {
			t.Logf("no %s", program[0])
			continue
		}
		want := wants[language]
		if language == "php" { // it takes a file
			file := filepath.Join(folder, "program.php")
			if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			script = file
			if strings.Contains(block[2], "GuzzleHttp") { // which is not here
				program, want = append(program, "-l"), ""
			}
		}
		cmd := exec.CommandContext(t.Context(), program[0], append(slices.Clone(program[1:]), script)...)
		cmd.Dir = folder
		cmd.Env = append(slices.Clone(keys.env), "GATEWAY="+demo.URL, "KEY="+demo.Key, "SHOP="+demo.Shop.ID)
		out, err := cmd.CombinedOutput()
		text := string(out)
		switch {
		case err != nil,
			want != "" && text != want,
			strings.Contains(script, "curl ") && !strings.Contains(text, `"code":0`):
			t.Errorf("%v\n%s\n%s", err, script, text)
		}
		ran[language]++
	}
	if ran["bash"] < 4 {
		t.Errorf("ran %v", ran)
	}
	// Every code of the gateway is in the guide, with its reason.
	for _, reason := range []gateway.Reason{
		gateway.ReasonRequest, gateway.ReasonKey, gateway.ReasonSignature, gateway.ReasonPolicy, gateway.ReasonShop, gateway.ReasonTooLarge,
		gateway.ReasonLimit, gateway.ReasonBusy, gateway.ReasonAudit, gateway.ReasonToken, gateway.ReasonUpstream, gateway.ReasonStore,
	} {
		if !regexp.MustCompile(fmt.Sprintf("(?m)^\\| `%s` \\|.*\\| %d \\|", reason, reason.Code())).MatchString(guide) {
			t.Errorf("the guide lacks reason %s with code %d", reason, reason.Code())
		}
	}
	var tests strings.Builder
	for _, folder := range []string{"gateway", "gateway/connect", "gateway/pgaudit", "sandbox/pagetest", "internal/apitest", "pace/pgpace", "cmd/ttshop/internal/cli"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "..", "..", folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			tests.WriteString(read(file))
		}
	}
	for _, name := range regexp.MustCompile("`(Test[A-Za-z0-9]+)`").FindAllStringSubmatch(guide, -1) {
		if !strings.Contains(tests.String(), "func "+name[1]+"(") {
			t.Errorf("the guide names %s, which is not there", name[1])
		}
	}
}

// newSchema returns the URL of an empty schema of PostgreSQL. Without PostgreSQL the
// test is skipped, except on CI, which must have one.
func newSchema(t *testing.T) string {
	t.Helper()
	there, err := havePostgres()
	if err != nil {
		t.Fatal(err)
	}
	if !there {
		t.Skip("no PostgreSQL at 127.0.0.1:5432 or where TTSHOP_TEST_POSTGRES says")
	}
	u, err := url.Parse(cmp.Or(os.Getenv("TTSHOP_TEST_POSTGRES"), testPostgres))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", u.String())
	if err != nil {
		t.Fatal(err)
	}
	name := "ttshop_gateway_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), `create schema "`+name+`"`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), `drop schema "`+name+`" cascade`); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}

// Three gateways over one database keep the pace of one shop together, count one
// budget, and go on when one of them is killed.
func TestGatewaysShareADatabase(t *testing.T) {
	t.Parallel()
	w := newGatewayWorld(t, newSchema(t))
	gates := []*running{w.start(), w.start(), w.start()}
	key := w.key("crowd", "--shops", w.shops[0].ID, "--allow", "order.*")
	few := w.key("few", "--shops", w.shops[0].ID, "--allow", "order.*", "--daily", "4")
	for _, g := range gates {
		if !within(func() bool { status, _ := w.call(http.DefaultClient, g.URL, few+"x"); return status == 401 }) {
			t.Fatal(g.text())
		}
		if !within(func() bool { status, _ := w.call(http.DefaultClient, g.URL, key); return status == 200 }) {
			t.Fatal(g.text())
		}
	}
	counts := map[int]int{}
	for i := range 12 {
		status, _ := w.call(http.DefaultClient, gates[i%3].URL, few)
		counts[status]++
	}
	if counts[200] != 4 || counts[429] != 8 {
		t.Errorf("a budget of 4 calls gave %v", counts)
	}

	var mu sync.Mutex
	var at []time.Time
	refused := 0
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	for i, workers := range []int{2, 6, 16} {
		for range workers {
			group.Go(func() {
				for ctx.Err() == nil {
					req, err := http.NewRequestWithContext(ctx, "POST", gates[i].URL+ordersPath, strings.NewReader("{}"))
					if err != nil {
						t.Error(err)
						return
					}
					req.Header = http.Header{"Authorization": {"Bearer " + key}}
					resp, err := http.DefaultClient.Do(req)
					if err != nil {
						return // it was killed, or the test is over
					}
					resp.Body.Close()
					mu.Lock()
					at = append(at, time.Now())
					if resp.StatusCode != 200 || resp.Header.Get(gateway.HeaderTries) != "1" {
						refused++
					}
					mu.Unlock()
				}
			})
		}
	}
	since := func(from time.Time) (n int) {
		mu.Lock()
		defer mu.Unlock()
		for _, moment := range at {
			if moment.After(from) {
				n++
			}
		}
		return n
	}
	start := time.Now()
	if !within(func() bool { return since(start) >= 80 }) {
		t.Fatal("80 calls took too long")
	}
	took := time.Since(start)
	gates[2].kill()
	killed := time.Now()
	if !within(func() bool { return since(killed) >= 80 }) {
		t.Fatal("80 calls took too long after one gateway was killed")
	}
	after := time.Since(killed)
	cancel()
	group.Wait()
	t.Logf("80 calls in %v, 80 more in %v after a kill, %d of %d refused or repeated", took, after, refused, len(at))
	if fastest := 80 * time.Second / 55; took < fastest || after < fastest {
		t.Errorf("80 calls took %v and %v: faster than 50 a second", took, after)
	}
	if refused > len(at)/50 {
		t.Errorf("%d of %d calls were refused or repeated", refused, len(at))
	}
}
