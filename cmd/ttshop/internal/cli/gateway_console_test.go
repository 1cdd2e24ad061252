package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// TestGatewayConsole reads the page of two gateways, one of which does not answer,
// and what it refuses. TestConsole of the pages' tests looks at it with a browser.
func TestGatewayConsole(t *testing.T) {
	t.Parallel()
	w := newGatewayWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "tokens.db"))
	key := w.key("erp", "--shops", w.shops[0].ID, "--allow", "order.*", "--daily", "7")
	g := w.start()
	if status, body := w.call(http.DefaultClient, g.URL, key); status != 200 {
		t.Fatalf("HTTP %d %s", status, body)
	}
	p := launch(t, w.env, "console", "--listen", "127.0.0.1:0", "--gateway", g.Admin, "--gateway", "http://127.0.0.1:1", "--json")
	var at struct{ URL string }
	if err := json.Unmarshal(p.firstLine(t), &at); err != nil {
		t.Fatal(err)
	}
	get := func(address string, change func(*http.Request)) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(req)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
	for _, address := range []string{at.URL, g.Admin + "/console", g.Admin + "/status.json"} {
		status, text := get(address, nil)
		if status != 200 || !strings.Contains(text, "erp") || !strings.Contains(text, "order.GetOrderList") {
			t.Errorf("%s: HTTP %d %s", address, status, text)
		}
		for _, secret := range []string{key, plantedSecret, w.shops[0].Cipher, w.shops[1].Cipher} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows a secret", address)
			}
		}
	}
	if _, text := get(at.URL, nil); !strings.Contains(text, "6 of 7") || !strings.Contains(text, "the gateway at 127.0.0.1:1 does not answer") {
		t.Errorf("the page is %s", text)
	}
	for name, change := range map[string]func(*http.Request){
		"another name": func(r *http.Request) { r.Host = "evil.example" },
		"an origin":    func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
	} {
		for _, address := range []string{at.URL, g.Admin + "/console", g.Admin + "/status.json"} {
			if status, _ := get(address, change); status != http.StatusForbidden {
				t.Errorf("%s with %s: HTTP %d", address, name, status)
			}
		}
	}
	if code, err := p.stop(os.Interrupt); code != 0 || err != nil {
		t.Errorf("exit code %d, %v", code, err)
	}
	for _, example := range allExamples() {
		if !strings.HasPrefix(example, "ttshop console") {
			continue
		}
		args := append(strings.Fields(example)[1:], "--listen", "127.0.0.1:0")
		p := launch(t, w.env, args...)
		if line := string(p.firstLine(t)); !strings.HasPrefix(line, "The console is at http://127.0.0.1:") {
			t.Errorf("%s: %s", example, line)
		}
		if code, err := p.stop(os.Interrupt); code != 0 || err != nil {
			t.Errorf("%s: exit code %d, %v", example, code, err)
		}
	}
	for _, test := range []struct{ args, text string }{
		{"--listen 0.0.0.0:0", "loopback"}, {"--listen 8098", "HOST:PORT"}, {"--gateway 127.0.0.1:8096", "such as http://"},
	} {
		if out, code := w.try(append([]string{"console"}, strings.Fields(test.args)...)...); code != console.ExitUsage || !strings.Contains(out, test.text) {
			t.Errorf("console %s: exit code %d: %s", test.args, code, out)
		}
	}
}
