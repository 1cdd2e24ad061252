package sandbox_test

import (
	"fmt"
	"html"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// runner says how a copy of a request is run.
type runner struct {
	language, program, file string
	args                    func(file string) []string
}

var runners = []runner{
	{"curl", "sh", "request.sh", func(f string) []string { return []string{f} }},
	{"node", "node", "request.mjs", func(f string) []string { return []string{f} }},
	{"python", "python3", "request.py", func(f string) []string { return []string{f} }},
	{"php", "php", "request.php", func(f string) []string { return []string{f} }},
	{"go", "go", "main.go", func(f string) []string { return []string{"run", f} }},
}

var snippetCode = regexp.MustCompile(`(?s)id="code-([a-z]+)"><code>(.*?)</code>`)

// Every copy of a request, run as it stands, makes the same request again, with
// the signature that the sandbox wants.
func TestSnippetsWork(t *testing.T) {
	t.Parallel()
	requests := []struct {
		name, method, path, query, body string
		clock                           string
		quick                           bool // not for languages that are compiled
	}{
		{"search", "POST", searchPath, "page_size=2&sort_field=create_time", `{"order_status":"UNPAID"}`, "", false},
		{"get", "GET", "/authorization/202309/shops", "", "", "", true},
		{"odd", "POST", "/product/202502/products/search", "page_size=2", `{"status":"ACTIVATE","seller_skus":["it's $HOME \"\\n\" ü 😀 ${x} %s ` + "`" + `"]}`, "", false},
		{"later", "POST", searchPath, "page_size=2", "", `{"advance":"48h"}`, true},
		{"earlier", "POST", searchPath, "page_size=2", "", `{"advance":"-48h"}`, true},
		{"frozen", "POST", searchPath, "page_size=2", "", `{"freeze":true}`, true},
	}
	for _, run := range runners {
		t.Run(run.language, func(t *testing.T) {
			t.Parallel()
			program, err := exec.LookPath(run.program)
			if err != nil {
				if os.Getenv("CI") != "" && run.program != "php" {
					t.Fatalf("%s is not installed", run.program)
				}
				t.Skipf("%s is not installed", run.program)
			}
			sb, err := sandbox.New(sandbox.Config{Seed: 7})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { sb.Close() })
			server := httptest.NewServer(sb)
			t.Cleanup(server.Close)
			w := &world{Sandbox: sb, credentials: sb.Credentials()}
			for _, test := range requests {
				if run.language == "go" && test.quick {
					continue
				}
				if test.clock != "" {
					w.steer(t, "POST", "clock", test.clock, 200)
				}
				// What is copied had a wrong signature: copies do not.
				e := w.request(test.method, test.path, test.query, test.body)
				if test.path != "/authorization/202309/shops" {
					e.query.Set("shop_cipher", w.shop("GB").Cipher)
				}
				e.sign = strings.Repeat("0", 64)
				w.send(t, e)
				before := w.log(t, "limit=1")[0]
				r := httptest.NewRequest("GET", server.URL+"/_sandbox/ui/requests/"+strconv.FormatInt(before.ID, 10), nil)
				r.RemoteAddr = "127.0.0.1:1"
				page := httptest.NewRecorder()
				sb.ServeHTTP(page, r)
				code := map[string]string{}
				for _, found := range snippetCode.FindAllStringSubmatch(page.Body.String(), -1) {
					code[found[1]] = html.UnescapeString(found[2])
				}
				if strings.Contains(page.Body.String(), w.credentials.AppSecret) || strings.Contains(page.Body.String(), w.credentials.AccessToken) {
					t.Error("the page tells a secret")
				}
				file := filepath.Join(t.TempDir(), run.file)
				if err := os.WriteFile(file, []byte(code[run.language]), 0o600); err != nil {
					t.Fatal(err)
				}
				command := exec.CommandContext(t.Context(), program, run.args(file)...)
				command.Env = append(os.Environ(), "TTSHOP_APP_SECRET="+w.credentials.AppSecret, "TTSHOP_ACCESS_TOKEN="+w.Credentials().AccessToken)
				out, err := command.CombinedOutput()
				if err != nil {
					t.Fatalf("%s: %v\n%s\n%s", test.name, err, out, code[run.language])
				}
				after := w.log(t, "limit=1")[0]
				w.control(t, "GET", fmt.Sprintf("requests/%d", after.ID), "", &after)
				if after.ID == before.ID || after.Status != 200 || after.Code != 0 || after.SignatureOK == nil || !*after.SignatureOK ||
					after.RequestBody != test.body || after.Method != test.method || after.Path != test.path {
					t.Errorf("%s: %+v\n%s\n%s", test.name, after, out, code[run.language])
				}
				if !strings.Contains(string(out), `"`) {
					t.Errorf("%s prints %q", test.name, out)
				}
			}
		})
	}
}
