package assistant

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/mcp"
)

// The page shows what waits and takes a decision about it, from whoever has its
// address, for its own host, from itself.
func TestPage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	approvals, err := mcp.OpenApprovals(dir)
	if err != nil {
		t.Fatal(err)
	}
	w := mcp.Waiting{
		Code: "ABCDEFGH", Hash: "right", Client: "local:<script>alert(1)</script>", Operation: "product.DeleteProducts", Does: "deletes products.", Risk: "deletion",
		Shop: mcp.Shop{ID: "1", Name: "A shop"}, Method: "DELETE", Path: "/product/202309/products", Body: json.RawMessage(`{"product_ids":["17"]}`), Expires: time.Now().Add(time.Minute),
	}
	raw, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ABCDEFGH.waiting"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := newPage(approvals, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	defer server.Close()
	base := server.URL + "/" + p.secret + "/"
	ask := func(method, address string, form url.Values, change func(*http.Request)) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if change != nil {
			change(r)
		}
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	status, body := ask("GET", base, nil, nil)
	for _, part := range []string{"product.DeleteProducts", "17", "ABCD-EFGH", "A shop (1)", "&lt;script&gt;"} {
		if status != 200 || !strings.Contains(body, part) {
			t.Errorf("the page lacks %s: %d %s", part, status, body)
		}
	}
	form := func(hash, decision string) url.Values {
		return url.Values{"code": {"ABCDEFGH"}, "hash": {hash}, "decision": {decision}}
	}
	for name, test := range map[string]struct {
		address string
		form    url.Values
		change  func(*http.Request)
		status  int
	}{
		"without the secret": {server.URL + "/decide", form("right", "approve"), nil, 404},
		"a wrong secret":     {server.URL + "/X/decide", form("right", "approve"), nil, 404},
		"another host":       {base + "decide", form("right", "approve"), func(r *http.Request) { r.Host = "attacker.example" }, 404},
		"another page":       {base + "decide", form("right", "approve"), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"another request":    {base + "decide", form("wrong", "approve"), nil, 409},
		"no decision":        {base + "decide", form("right", "maybe"), nil, 400},
		"a code of nothing":  {base + "decide", url.Values{"code": {"AAAAAAAA"}}, nil, 410},
		"a path as a code":   {base + "decide", url.Values{"code": {"../x"}}, nil, 410},
		"a get that decides": {base + "decide?code=ABCDEFGH&hash=right&decision=approve", nil, nil, 0},
	} {
		method := "POST"
		if test.status == 0 {
			method, test.status = "GET", 404
		}
		if status, body := ask(method, test.address, test.form, test.change); status != test.status {
			t.Errorf("%s: HTTP %d, want %d: %s", name, status, test.status, body)
		}
		if _, err := os.Stat(filepath.Join(dir, "ABCDEFGH.decided")); err == nil {
			t.Fatalf("%s decided", name)
		}
	}
	if status, body := ask("POST", base+"decide", form("right", "approve"), nil); status != 303 {
		t.Fatalf("HTTP %d: %s", status, body)
	}
	var d mcp.Decision
	if data, err := os.ReadFile(filepath.Join(dir, "ABCDEFGH.decided")); err != nil || json.Unmarshal(data, &d) != nil || d.Hash != "right" || !d.Approved {
		t.Errorf("%+v, %v", d, err)
	}
	if status, _ := ask("POST", base+"decide", form("right", "refuse"), nil); status != 409 {
		t.Errorf("a second decision: HTTP %d", status)
	}
	if _, body := ask("GET", base, nil, nil); !strings.Contains(body, "Nothing waits") {
		t.Error("what was decided still waits")
	}
}
