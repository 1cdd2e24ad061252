package cli

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/gateway/connect"
	"github.com/ttshop-go/ttshop/sandbox/control"
)

// TestGatewayConnect has a seller connect through the command, whose application is
// told, also of the end; then the shops can be called.
func TestGatewayConnect(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var events []connect.Event
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var e connect.Event
		if json.NewDecoder(r.Body).Decode(&e) == nil && r.Method == "POST" {
			mu.Lock()
			defer mu.Unlock()
			events = append(events, e)
		}
	}))
	t.Cleanup(application.Close)
	told := func(about connect.EventType) bool {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range events {
			if e.Type == about {
				return true
			}
		}
		return false
	}
	apps := filepath.Join(t.TempDir(), "apps.json")
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
	file := `{"applications":[{"name":"erp","title":"ERP","return_url":"` + application.URL + `/back","events_url":"` + application.URL + `/events","secret":"` + secret + `"}]}`
	if err := os.WriteFile(apps, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	p := launch(t, hookEnv(t), "gateway", "--sandbox", "--listen", "127.0.0.1:0", "--connect", "127.0.0.1:0", "--connect-apps", apps, "--json")
	var at struct{ Connect string }
	if err := json.Unmarshal(p.firstLine(t), &at); err != nil || at.Connect == "" {
		t.Fatalf("%v: %s", err, p.text())
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	open := func(method, address string, form url.Values) *url.URL {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		to, err := resp.Location()
		if err != nil {
			t.Fatalf("HTTP %d: %v\n%s", resp.StatusCode, err, text)
		}
		return to
	}
	consent := open("POST", at.Connect+"/connect/erp", url.Values{"audience": {"seller"}, "agree": {"yes"}, "state": {"mine"}})
	platformURL := consent.Scheme + "://" + consent.Host
	query := consent.Query()
	query.Set("approve", "true")
	consent.RawQuery = query.Encode()
	callback := open("GET", consent.String(), nil)
	back := open("GET", callback.String(), nil)
	if got := back.Query(); !strings.HasPrefix(back.String(), application.URL+"/back?") || got.Get("state") != "mine" || got.Get("shops") == "" || got.Get("sign") == "" {
		t.Errorf("the seller was sent to %s", back)
	}
	if !within(func() bool { return told(connect.EventConnected) }) {
		t.Fatalf("no event: %s", p.text())
	}

	steer := control.New(platformURL)
	grants, err := steer.Grants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if g.User == back.Query().Get("grant") && !g.Revoked {
			if err := steer.Revoke(t.Context(), g.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !within(func() bool { return told(connect.EventWithdrawn) }) {
		t.Errorf("the end was not told: %s", p.text())
	}
	for _, hidden := range []string{secret, callback.Query().Get("code")} {
		if strings.Contains(p.text(), hidden) {
			t.Error("a secret shows")
		}
	}

	w := newGatewayWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "tokens.db"))
	open644 := filepath.Join(t.TempDir(), "open.json")
	if err := os.WriteFile(open644, []byte(file), 0o644); err != nil { //nolint:gosec // others can read it on purpose
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		code int
		text string
	}{
		{[]string{"--connect", "127.0.0.1:0"}, 2, "--connect-apps"},
		{[]string{"--connect-apps", apps}, 2, "go with --connect"},
		{[]string{"--connect", "8097", "--connect-apps", apps}, 2, "HOST:PORT"},
		{[]string{"--connect", "0.0.0.0:0", "--connect-apps", apps}, 2, "codes can be read"},
		{[]string{"--listen", "127.0.0.1:0", "--connect", "127.0.0.1:0", "--connect-apps", open644}, 1, "chmod 600"},
		{[]string{"--listen", "127.0.0.1:0", "--connect", "127.0.0.1:0", "--connect-apps", apps + "x"}, 1, "read the applications"},
		{[]string{"--listen", "127.0.0.1:0", "--connect", "127.0.0.1:0", "--connect-apps", apps, "--connect-url", "nowhere"}, 1, "not an address"},
	} {
		if out, code := w.try(append([]string{"gateway"}, test.args...)...); code != test.code || !strings.Contains(out, test.text) || strings.Contains(out, secret) {
			t.Errorf("gateway %s: exit code %d, want %d and %q\n%s", strings.Join(test.args, " "), code, test.code, test.text, out)
		}
	}
}
