package sandboxtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sign"
)

const searchPath = "/order/202309/orders/search"

// TestBadInput sends the mistakes that integrators make and holds both sides to
// account: the sandbox for code and status, the client for class and text.
func TestBadInput(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) ttshop.Option {
		return ttshop.WithClock(func() time.Time { return time.Now().Add(d) })
	}
	search := func(c *ttshop.Client, t *testing.T, size string) error {
		_, err := c.Call(t.Context(), "POST", searchPath, url.Values{"page_size": {size}}, nil)
		return err
	}
	tests := []struct {
		name   string
		send   func(t *testing.T, s *sandboxtest.Server, cipher string) error
		status int
		code   int
		class  error
		text   string
	}{
		{"wrong secret", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			c := ttshop.New(s.Credentials.AppKey, "wrong", ttshop.WithEndpoint(s.URL), ttshop.WithTokenSource(ttshop.StaticToken(s.Credentials.AccessToken)), ttshop.WithoutRetry())
			return search(c.Shop(cipher), t, "20")
		}, 401, 106001, ttshop.ErrSignature, "app secret belongs to the app key"},
		{"wrong app key", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			c := ttshop.New("wrong", s.Credentials.AppSecret, ttshop.WithEndpoint(s.URL), ttshop.WithTokenSource(ttshop.StaticToken(s.Credentials.AccessToken)), ttshop.WithoutRetry())
			return search(c.Shop(cipher), t, "20")
		}, 400, 36009004, ttshop.ErrUnauthorized, "'app_key'"},
		{"stale timestamp", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			return search(s.NewClient(s.Credentials.AccessToken, ttshop.WithoutRetry(), at(-6*time.Minute)).Shop(cipher), t, "20")
		}, 400, 36009004, ttshop.ErrSignature, "check this machine's clock"},
		{"future timestamp", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			return search(s.NewClient(s.Credentials.AccessToken, ttshop.WithoutRetry(), at(2*time.Minute)).Shop(cipher), t, "20")
		}, 400, 36009004, ttshop.ErrSignature, "check this machine's clock"},
		{"used auth code", func(t *testing.T, s *sandboxtest.Server, _ string) error {
			if _, err := s.App.Exchange(t.Context(), s.Credentials.AuthCode); err != nil {
				t.Fatal(err)
			}
			_, err := s.App.Exchange(t.Context(), s.Credentials.AuthCode)
			return err
		}, 200, 36004004, ttshop.ErrUnauthorized, "send the user through the authorization link again"},
		{"unknown token", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			return search(s.NewClient("ROW_unknown").Shop(cipher), t, "20")
		}, 400, 36009004, ttshop.ErrUnauthorized, "authorize the app again"},
		{"expired token", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			control(t, s, "POST", "/_sandbox/clock", `{"advance":"169h"}`)
			return search(s.NewClient(s.Credentials.AccessToken, ttshop.WithoutRetry(), at(169*time.Hour)).Shop(cipher), t, "20")
		}, 401, 105002, ttshop.ErrTokenExpired, "Refresh the access token"},
		{"missing cipher", func(t *testing.T, s *sandboxtest.Server, _ string) error {
			return search(s.Client, t, "20")
		}, 400, 106013, ttshop.ErrInvalidRequest, "Shop(cipher)"},
		{"another seller's cipher", func(t *testing.T, s *sandboxtest.Server, _ string) error {
			return search(s.Client.Shop("ROW_other"), t, "20")
		}, 401, 101000, ttshop.ErrUnauthorized, "'shop_cipher'"},
		{"page size 0", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			return search(s.Client.Shop(cipher), t, "0")
		}, 400, 36009004, ttshop.ErrInvalidRequest, "page_size"},
		{"page size 101", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			return search(s.Client.Shop(cipher), t, "101")
		}, 400, 36009004, ttshop.ErrInvalidRequest, "page_size"},
		{"unknown status", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			_, err := s.Client.Shop(cipher).Call(t.Context(), "POST", searchPath, url.Values{"page_size": {"1"}}, map[string]any{"order_status": "LOST"})
			return err
		}, 400, 36009004, ttshop.ErrInvalidRequest, "AWAITING_SHIPMENT"},
		{"unknown path", func(t *testing.T, s *sandboxtest.Server, cipher string) error {
			_, err := s.Client.Shop(cipher).Call(t.Context(), "GET", "/order/202309/orders/1", nil, nil)
			return err
		}, 404, 36009009, ttshop.ErrNotFound, "Check the path and its version"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := sandboxtest.Start(t)
			err := tt.send(t, server, cipherOf(server, "GB"))
			refused, ok := errors.AsType[*ttshop.Error](err)
			if !ok {
				t.Fatalf("error %v, want a refusal", err)
			}
			if refused.HTTPStatus != tt.status || refused.Code != tt.code {
				t.Errorf("the sandbox answers HTTP %d, code %d; want %d, %d", refused.HTTPStatus, refused.Code, tt.status, tt.code)
			}
			if !errors.Is(err, tt.class) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("error %v, want class %v and %q", err, tt.class, tt.text)
			}
			if strings.Contains(err.Error(), server.Credentials.AppSecret) || strings.Contains(err.Error(), server.Credentials.AccessToken) {
				t.Errorf("error %v shows a secret", err)
			}
		})
	}
}

// TestMalformedBody goes around the client, which sends no such body.
func TestMalformedBody(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	query := url.Values{
		"app_key": {server.Credentials.AppKey}, "shop_cipher": {cipherOf(server, "GB")}, "page_size": {"1"},
		"timestamp": {strconv.FormatInt(time.Now().Unix(), 10)},
	}
	body := []byte(`{"order_status":`)
	query.Set("sign", sign.New(server.Credentials.AppSecret).Sign(sign.Request{Path: searchPath, Query: query, Body: body}))
	req, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+searchPath+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Tts-Access-Token", server.Credentials.AccessToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		Code    int             `json:"code"`
		Message string          `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 400 || answer.Code != 36009004 || string(answer.Data) != "null" || !strings.Contains(answer.Message, "JSON") {
		t.Errorf("HTTP %d, %+v", resp.StatusCode, answer)
	}
	if _, err := server.Shop("GB").Call(t.Context(), "POST", searchPath, nil, body); !errors.Is(err, ttshop.ErrInvalidRequest) || !strings.Contains(err.Error(), "not valid JSON") {
		t.Errorf("the client's error %v", err)
	}
}

// TestCutConnection lets the sandbox cut a write before, within and after its
// work: only the first is known not to have happened on the sandbox's side, and
// the client cannot tell.
func TestCutConnection(t *testing.T) {
	t.Parallel()
	for _, cut := range []string{"before", "body", "after_work"} {
		t.Run(cut, func(t *testing.T) {
			t.Parallel()
			server := sandboxtest.Start(t)
			control(t, server, "POST", "/_sandbox/faults", `{"match":{"path":"/product/202309/brands"},"next":1,"then":{"cut":"`+cut+`"}}`)
			client := server.NewClient(server.Credentials.AccessToken, ttshop.WithoutRetry())
			_, err := client.Call(t.Context(), "POST", "/product/202309/brands", nil, map[string]any{"name": "Cut Brand"})
			if !errors.Is(err, ttshop.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "read the object before trying again") {
				t.Errorf("a write: error %v", err)
			}
			control(t, server, "POST", "/_sandbox/faults", `{"match":{"path":"/authorization/202309/shops"},"next":9,"then":{"cut":"`+cut+`"}}`)
			_, err = client.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil)
			if !errors.Is(err, ttshop.ErrUnavailable) || errors.Is(err, ttshop.ErrOutcomeUnknown) {
				t.Errorf("a read: error %v", err)
			}
		})
	}
}

// TestHugeAnswer answers without end: the client stops reading at its limit and
// cuts the connection, which the server sees once the buffers between them are
// full, however large the kernel makes those.
func TestHugeAnswer(t *testing.T) {
	t.Parallel()
	chunk := bytes.Repeat([]byte{' '}, 1<<20)
	var cut error
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 4 << 10 {
			if _, cut = w.Write(chunk); cut != nil {
				return
			}
		}
	}))
	client := ttshop.New("k", "s", ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(ttshop.StaticToken("t")), ttshop.WithoutRetry())
	_, err := client.Call(t.Context(), "GET", "/x", nil, nil)
	server.Close() // waits for the handler
	if err == nil || !strings.Contains(err.Error(), "larger than the limit of 33554432 bytes") {
		t.Errorf("error %v", err)
	}
	if cut == nil {
		t.Error("the client took the whole answer of 4 GiB")
	}
}

func cipherOf(s *sandboxtest.Server, region string) string {
	for _, shop := range s.Credentials.Shops {
		if shop.Region == region {
			return shop.Cipher
		}
	}
	return ""
}

func control(t *testing.T, s *sandboxtest.Server, method, path, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
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
		t.Fatalf("%s %s: %s %s %v", method, path, resp.Status, answer, err)
	}
}
