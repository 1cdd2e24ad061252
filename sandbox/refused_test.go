package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
)

// A wrong signature is handed to whoever can explain it, and the log keeps
// what they say; a right one is not.
func TestWrongSignatureIsExplained(t *testing.T) {
	t.Parallel()
	var asked []sandbox.Refused
	sb, err := sandbox.New(sandbox.Config{Explain: func(r sandbox.Refused) string {
		asked = append(asked, r)
		return "you signed with another secret"
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sb)
	defer server.Close()
	c := sb.Credentials()
	send := func(secret string) error {
		client := ttshop.New(c.AppKey, secret, ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(ttshop.StaticToken(c.AccessToken)), ttshop.WithoutRetry())
		_, err := client.Call(t.Context(), "POST", "/product/202309/brands", url.Values{"x": {"a b"}}, map[string]any{"name": "Explained"})
		return err
	}
	if err := send(c.AppSecret); err != nil || len(asked) != 0 {
		t.Fatalf("a right signature: %v, asked %d times", err, len(asked))
	}
	if err := send("other"); err == nil || len(asked) != 1 {
		t.Fatalf("a wrong signature: %v, asked %d times", err, len(asked))
	}
	r := asked[0]
	if r.Method != http.MethodPost || !strings.HasPrefix(r.URL, "/product/202309/brands?") || !strings.Contains(r.URL, "x=a%20b") ||
		string(r.Body) != `{"name":"Explained"}` || r.ContentType != "application/json" || r.AccessToken != c.AccessToken || r.AppSecret != c.AppSecret {
		t.Errorf("asked about %#v %s %s", r, r.URL, r.Body)
	}
	steer := control.New(server.URL)
	requests, err := steer.Requests(t.Context(), 1, "")
	if err != nil || len(requests) != 1 {
		t.Fatalf("the log: %v, %v", requests, err)
	}
	detail, err := steer.Request(t.Context(), requests[0].ID)
	if err != nil || detail.Explanation != "you signed with another secret" {
		t.Errorf("the log says %q, %v", detail.Explanation, err)
	}
}
