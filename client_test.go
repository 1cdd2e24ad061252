package ttshop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sign"
)

const (
	appKey      = "k123"
	appSecret   = "planted-app-secret"
	accessToken = "planted-access-token"
)

// received is what a test server saw.
type received struct {
	method, path, contentType, token, userAgent, body string
	length                                            int64
	query                                             url.Values
}

// platform is a server that checks every signature and answers as told.
func platform(t *testing.T, answer func(w http.ResponseWriter, r received)) string {
	t.Helper()
	signer := sign.New(appSecret)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // a client that went away
		}
		query := r.URL.Query()
		if !signer.Verify(sign.Request{Path: r.URL.EscapedPath(), Query: query, ContentType: r.Header.Get("Content-Type"), Body: body}, query.Get("sign")) {
			t.Errorf("%s %s: wrong signature", r.Method, r.URL.Path)
		}
		answer(w, received{
			method: r.Method, path: r.URL.EscapedPath(), contentType: r.Header.Get("Content-Type"), token: r.Header.Get("X-Tts-Access-Token"),
			userAgent: r.UserAgent(), body: string(body), length: r.ContentLength, query: query,
		})
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func newClient(endpoint string, options ...ttshop.Option) *ttshop.Client {
	return ttshop.New(appKey, appSecret, append([]ttshop.Option{
		ttshop.WithEndpoint(endpoint), ttshop.WithTokenSource(ttshop.StaticToken(accessToken)),
	}, options...)...)
}

func success(data string) string {
	return `{"code":0,"message":"Success","request_id":"r1","data":` + data + `}`
}

func TestCallCeremony(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		call         func(context.Context, *ttshop.Client) error
		method, path string
		query        string // beside app_key, timestamp and sign
		contentType  string
		body         string
	}{
		{
			"raw GET without a shop",
			func(ctx context.Context, c *ttshop.Client) error {
				_, err := c.Call(ctx, "GET", "/authorization/202309/shops", nil, nil)
				return err
			}, "GET", "/authorization/202309/shops", "", "application/json", "",
		},
		{
			"raw POST on a shop",
			func(ctx context.Context, c *ttshop.Client) error {
				_, err := c.Shop("ROW_x").Call(ctx, "POST", "/order/202309/orders/search", url.Values{"page_token": {"a+b/=="}}, map[string]any{"order_status": "UNPAID"})
				return err
			}, "POST", "/order/202309/orders/search", "page_token=a%2Bb%2F%3D%3D&shop_cipher=ROW_x", "application/json", `{"order_status":"UNPAID"}`,
		},
		{
			"raw bytes stay as they are",
			func(ctx context.Context, c *ttshop.Client) error {
				_, err := c.Call(ctx, "POST", "/x", nil, []byte(`{ "a": 1 }`))
				return err
			}, "POST", "/x", "", "application/json", `{ "a": 1 }`,
		},
		{
			"an empty object is not sent",
			func(ctx context.Context, c *ttshop.Client) error {
				_, err := c.Call(ctx, "POST", "/x", nil, struct{}{})
				return err
			}, "POST", "/x", "", "application/json", "",
		},
		{
			"the query's own cipher wins",
			func(ctx context.Context, c *ttshop.Client) error {
				_, err := c.Shop("bound").CategoryAsset("asset").Call(ctx, "DELETE", "/x", url.Values{"shop_cipher": {""}}, nil)
				return err
			}, "DELETE", "/x", "category_asset_cipher=asset&shop_cipher=", "application/json", "",
		},
		{
			"typed",
			func(ctx context.Context, c *ttshop.Client) error {
				op := &ttshop.Operation{Name: "d.Op", Method: "PUT", Path: "/x/{id}", ShopCipher: ttshop.CipherRequired, Body: ttshop.BodyJSON}
				return c.Shop("ROW_x").Do(ctx, op, &struct {
					ID    string `path:"id" json:"-"`
					Stock *int   `json:"stock,omitempty"`
				}{"a/b", new(0)}, &struct{}{})
			}, "PUT", "/x/a%2Fb", "shop_cipher=ROW_x", "application/json", `{"stock":0}`,
		},
		{
			"typed, cipher not declared",
			func(ctx context.Context, c *ttshop.Client) error {
				return c.Shop("ROW_x").Do(ctx, &ttshop.Operation{Name: "d.Op", Method: "GET", Path: "/x"}, nil, &struct{}{})
			}, "GET", "/x", "", "application/json", "",
		},
		{
			"typed, cipher optional and absent",
			func(ctx context.Context, c *ttshop.Client) error {
				return c.Do(ctx, &ttshop.Operation{Name: "d.Op", Method: "GET", Path: "/x", ShopCipher: ttshop.CipherOptional}, nil, &struct{}{})
			}, "GET", "/x", "", "application/json", "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got received
			endpoint := platform(t, func(w http.ResponseWriter, r received) {
				got = r
				io.WriteString(w, success("{}"))
			})
			client := newClient(endpoint, ttshop.WithClock(func() time.Time { return time.Unix(1700000000, 0) }))
			if err := tt.call(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			if got.query.Get("app_key") != appKey || got.query.Get("timestamp") != "1700000000" || got.token != accessToken || got.userAgent != "ttshop-go/"+ttshop.Version {
				t.Errorf("ceremony: %+v", got)
			}
			for _, key := range []string{"app_key", "timestamp", "sign"} {
				got.query.Del(key)
			}
			if got.method != tt.method || got.path != tt.path || got.query.Encode() != tt.query || got.contentType != tt.contentType || got.body != tt.body {
				t.Errorf("got %+v, want %+v", got, tt)
			}
		})
	}
}

func TestCallRefusesBadInput(t *testing.T) {
	t.Parallel()
	client := newClient("http://127.0.0.1:1")
	tests := []struct {
		name string
		call func() error
		want string
	}{
		{"whole URL", func() error {
			_, err := client.Call(t.Context(), "GET", "https://example.com/x", nil, nil)
			return err
		}, "does not begin with one slash"},
		{"own sign", func() error {
			_, err := client.Call(t.Context(), "GET", "/x", url.Values{"sign": {"x"}}, nil)
			return err
		}, "the client sets parameter sign itself"},
		{"token in the query", func() error {
			_, err := client.Call(t.Context(), "GET", "/x", url.Values{"access_token": {"x"}}, nil)
			return err
		}, "the client sets parameter access_token itself"},
		{"malformed JSON", func() error { _, err := client.Call(t.Context(), "POST", "/x", nil, []byte(`{"a":`)); return err }, "the body is not valid JSON"},
		{"unencodable", func() error { _, err := client.Call(t.Context(), "POST", "/x", nil, func() {}); return err }, "encode body"},
		{"cipher missing", func() error {
			return client.Do(t.Context(), &ttshop.Operation{Name: "order.X", Path: "/x", ShopCipher: ttshop.CipherRequired}, nil, nil)
		}, "order.X: invalid request: it needs a shop cipher; call it on client.Shop(cipher)"},
		{"asset cipher missing", func() error {
			return client.Do(t.Context(), &ttshop.Operation{Name: "order.X", Path: "/x", AssetCipher: ttshop.CipherRequired}, nil, nil)
		}, "call it on client.CategoryAsset(cipher)"},
		{"path parameter missing", func() error {
			return client.Do(t.Context(), &ttshop.Operation{Name: "order.X", Path: "/x/{id}"}, nil, nil)
		}, "path parameter id is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.call()
			if !errors.Is(err, ttshop.ErrInvalidRequest) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one of class ErrInvalidRequest with %q", err, tt.want)
			}
		})
	}
}

func TestUnusableClient(t *testing.T) {
	t.Parallel()
	for want, client := range map[string]*ttshop.Client{
		"app key is empty":              ttshop.New("", "s"),
		"app secret is empty":           ttshop.New("k", ""),
		"is not a valid address":        ttshop.New("k", "s", ttshop.WithEndpoint("localhost:80")),
		"has more than scheme and host": ttshop.New("k", "s", ttshop.WithEndpoint("https://user:pass@example.com/v1")),
		"the client has no token":       ttshop.New("k", "s"),
		"empty access token":            ttshop.New("k", "s", ttshop.WithTokenSource(emptySource{})),
		"the access token is empty":     ttshop.New("k", "s", ttshop.WithTokenSource(ttshop.StaticToken(""))),
	} {
		_, err := client.Call(t.Context(), "GET", "/x", nil, nil)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "pass@") {
			t.Errorf("error %v, want it to contain %q", err, want)
		}
	}
}

type emptySource struct{}

func (emptySource) Token(context.Context) (ttshop.Token, error) { return ttshop.Token{}, nil }

func TestErrorClasses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status  int
		answer  string
		read    bool
		classes []error
	}{
		{401, `{"code":106001,"message":"bad","request_id":"r","data":null}`, false, []error{ttshop.ErrSignature}},
		{401, `{"code":105002,"message":"bad"}`, false, []error{ttshop.ErrTokenExpired, ttshop.ErrUnauthorized}},
		{200, `{"code":105002,"message":"bad"}`, false, []error{ttshop.ErrTokenExpired, ttshop.ErrUnauthorized}},
		{401, `{"code":105001,"message":"bad"}`, false, []error{ttshop.ErrUnauthorized}},
		{401, `{"code":105005,"message":"bad"}`, false, []error{ttshop.ErrScope}},
		{403, `{"code":36009033,"message":"bad"}`, false, []error{ttshop.ErrUnauthorized}},
		{404, `{"code":36009009,"message":"bad"}`, false, []error{ttshop.ErrNotFound}},
		{429, `{"code":36009002,"message":"bad"}`, false, []error{ttshop.ErrRateLimited}},
		{200, `{"code":36009037,"message":"bad"}`, false, []error{ttshop.ErrRateLimited}},
		{400, `{"code":36009004,"message":"'app_key' is invalid"}`, false, []error{ttshop.ErrUnauthorized}},
		{400, `{"code":36009004,"message":"` + "`x-tts-access-token`" + ` is missing"}`, false, []error{ttshop.ErrUnauthorized}},
		{400, `{"code":36009004,"message":"Timestamp is too old"}`, false, []error{ttshop.ErrSignature}},
		{400, `{"code":36009004,"message":"'sign' is missing"}`, false, []error{ttshop.ErrSignature}},
		{400, `{"code":36009004,"message":"PageSize is a required field"}`, false, []error{ttshop.ErrInvalidRequest}},
		{200, `{"code":106013,"message":"bad"}`, false, []error{ttshop.ErrInvalidRequest}},
		{200, `{"code":12052260,"message":"bad"}`, false, []error{ttshop.ErrNotFound}},
		{200, `{"code":12052901,"message":"bad"}`, false, []error{ttshop.ErrInvalidRequest}},
		{200, `{"code":10002014,"message":"bad"}`, true, []error{ttshop.ErrUnavailable}},
		{200, `{"code":36009003,"message":"bad"}`, true, []error{ttshop.ErrUnavailable}},
		{200, `{"code":36009007,"message":"bad"}`, false, []error{ttshop.ErrUnavailable, ttshop.ErrOutcomeUnknown}},
		{503, `<html>overload</html>`, true, []error{ttshop.ErrUnavailable}},
		{503, `<html>overload</html>`, false, []error{ttshop.ErrUnavailable, ttshop.ErrOutcomeUnknown}},
		{200, `{"code":21001003,"message":"bad"}`, false, []error{ttshop.ErrUnavailable, ttshop.ErrOutcomeUnknown}},
		{200, `{"code":21030005,"message":"bad"}`, false, []error{ttshop.ErrUnavailable}},
		{200, `{"code":45101004,"message":"bad"}`, true, []error{ttshop.ErrRateLimited}},
		{200, `{"code":45111012,"message":"bad"}`, false, []error{ttshop.ErrRateLimited}},
		{502, `<html>bad gateway</html>`, true, []error{ttshop.ErrUnavailable}},
		{502, `<html>bad gateway</html>`, false, []error{ttshop.ErrUnavailable, ttshop.ErrOutcomeUnknown}},
		{429, ``, true, []error{ttshop.ErrRateLimited}},
		{404, ``, true, []error{ttshop.ErrNotFound}},
		{403, ``, true, []error{ttshop.ErrUnauthorized}},
		{418, ``, true, []error{ttshop.ErrInvalidRequest}},
		{500, `{"code":0,"message":"Success","data":{}}`, true, []error{ttshop.ErrUnavailable}},
	}
	all := []error{
		ttshop.ErrSignature, ttshop.ErrTokenExpired, ttshop.ErrUnauthorized, ttshop.ErrScope, ttshop.ErrRateLimited,
		ttshop.ErrInvalidRequest, ttshop.ErrNotFound, ttshop.ErrUnavailable, ttshop.ErrOutcomeUnknown,
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status, tt.answer, tt.read), func(t *testing.T) {
			t.Parallel()
			endpoint := platform(t, func(w http.ResponseWriter, _ received) {
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.answer)
			})
			method := "POST"
			if tt.read {
				method = "GET"
			}
			_, err := newClient(endpoint, ttshop.WithoutRetry()).Call(t.Context(), method, "/x", nil, nil)
			refused, ok := errors.AsType[*ttshop.Error](err)
			if !ok {
				t.Fatalf("error %v, want an *ttshop.Error", err)
			}
			if refused.HTTPStatus != tt.status || refused.Tries != 1 || refused.Operation != method+" /x" {
				t.Errorf("error %+v", refused)
			}
			for _, class := range all {
				want := false
				for _, c := range tt.classes {
					want = want || errors.Is(c, class)
				}
				if got := errors.Is(err, class); got != want {
					t.Errorf("class %v: %v, want %v", class, got, want)
				}
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	endpoint := platform(t, func(w http.ResponseWriter, _ received) {
		w.WriteHeader(401)
		io.WriteString(w, `{"code":106001,"message":"token `+accessToken+` and so on","request_id":"r9","data":null}`)
	})
	_, err := newClient(endpoint).Call(t.Context(), "GET", "/x", nil, nil)
	const want = `GET /x: the platform refused the call (code 106001, HTTP 401, request r9): "token [secret] and so on". Check that the app secret belongs to the app key and that the body is sent byte for byte as it was signed`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestTransportErrors(t *testing.T) {
	t.Parallel()
	cut := func(w http.ResponseWriter, before string) {
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		buf.WriteString(before)
		buf.Flush()
		conn.Close()
	}
	tests := []struct {
		name   string
		answer func(http.ResponseWriter) // nil: never
		want   string
	}{
		{"cut before the answer", func(w http.ResponseWriter) { cut(w, "") }, "EOF"},
		{"cut in the body", func(w http.ResponseWriter) {
			cut(w, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":0")
		}, "unexpected EOF"},
		{"cut JSON", func(w http.ResponseWriter) { io.WriteString(w, `{"code":0,"data":{`) }, "not the platform's JSON"},
		{"a page", func(w http.ResponseWriter) { io.WriteString(w, `<html>`) }, "not the platform's JSON"},
		{"redirect", func(w http.ResponseWriter) {
			w.Header().Set("Location", "https://example.com/")
			w.WriteHeader(302)
		}, "an unexpected redirect"},
		{"too large", func(w http.ResponseWriter) {
			io.WriteString(w, success(`{"a":"`+strings.Repeat("x", 2000)+`"}`))
		}, "larger than the limit of 1000 bytes"},
		{"too large, streamed", func(w http.ResponseWriter) {
			for range 20 {
				io.WriteString(w, strings.Repeat("x", 1000))
				_ = http.NewResponseController(w).Flush()
			}
		}, "larger than the limit of 1000 bytes"},
		{"silence", nil, "no complete answer within 50ms"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			options := []ttshop.Option{ttshop.WithResponseLimit(1000), ttshop.WithoutRetry()}
			answer := tt.answer
			done := make(chan struct{})
			if answer == nil {
				answer = func(http.ResponseWriter) { <-done }
				options = append(options, ttshop.WithTimeout(50*time.Millisecond))
			}
			endpoint := platform(t, func(w http.ResponseWriter, _ received) { answer(w) })
			t.Cleanup(func() { close(done) }) // before the server's own end
			client := newClient(endpoint, options...)
			for method, class := range map[string]error{"GET": ttshop.ErrUnavailable, "POST": ttshop.ErrOutcomeUnknown} {
				_, err := client.Call(t.Context(), method, "/x", nil, nil)
				var transport *ttshop.TransportError
				if !errors.As(err, &transport) || !errors.Is(err, class) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sign=") {
					t.Errorf("%s: error %v, want class %v and %q", method, err, class, tt.want)
				}
			}
		})
	}
}

func TestNoConnection(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, err = newClient("http://"+address, ttshop.WithoutRetry()).Call(t.Context(), "POST", "/x", nil, nil)
	var transport *ttshop.TransportError
	if !errors.As(err, &transport) || transport.Sent || !errors.Is(err, ttshop.ErrUnavailable) || errors.Is(err, ttshop.ErrOutcomeUnknown) {
		t.Errorf("error %v: a write that was not sent has a known outcome", err)
	}
}

func TestCancelledContextStopsAtOnce(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	endpoint := platform(t, func(http.ResponseWriter, received) {
		close(arrived)
		<-release
	})
	t.Cleanup(func() { close(release) })
	client := newClient(endpoint)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	_, err := client.Call(ctx, "POST", "/x", nil, nil)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, ttshop.ErrOutcomeUnknown) {
		t.Errorf("cancelled under way: error %v", err)
	}
	_, err = client.Call(ctx, "POST", "/x", nil, nil)
	if !errors.Is(err, context.Canceled) || errors.Is(err, ttshop.ErrOutcomeUnknown) {
		t.Errorf("cancelled before: error %v", err)
	}
}

func TestResponse(t *testing.T) {
	t.Parallel()
	endpoint := platform(t, func(w http.ResponseWriter, _ received) {
		w.Header().Set("X-Test", "1")
		io.WriteString(w, success(`{"id":17,"errors":[{"code":12052260,"message":"no product","detail":{"product_id":"1"}}],"new":true}`))
	})
	var meta ttshop.Meta
	res, err := newClient(endpoint).Call(t.Context(), "POST", "/x", nil, nil, ttshop.CaptureMeta(&meta))
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		ID string `json:"id"`
	}
	if err := res.Decode(&data); err != nil || data.ID != "17" {
		t.Errorf("Decode: %+v, %v", data, err)
	}
	failed, _ := errors.AsType[ttshop.ItemErrors](res.Failed())
	if len(failed) != 1 || failed[0].Code != 12052260 || failed[0].Message != "no product" || failed[0].IDs()["product_id"] != "1" {
		t.Errorf("Failed: %v", res.Failed())
	}
	if res.RequestID != "r1" || res.HTTPStatus != 200 || res.Tries != 1 || res.Header.Get("X-Test") != "1" || !bytes.Contains(res.Raw, []byte(`"new":true`)) || meta.RequestID != "r1" {
		t.Errorf("meta %+v", res.Meta)
	}
	if err := res.Decode(&struct{ ID []int }{}); err == nil || !strings.Contains(err.Error(), "request r1") {
		t.Errorf("Decode into a wrong type: error %v", err)
	}
}

func TestUploadStreams(t *testing.T) {
	t.Parallel()
	const size = 8 << 20
	var lengths []int64
	var mu sync.Mutex
	endpoint := platform(t, func(w http.ResponseWriter, r received) {
		if !strings.HasPrefix(r.contentType, "multipart/form-data; boundary=") || strings.Count(r.body, "z") < size || !strings.Contains(r.body, "MAIN_IMAGE") {
			t.Errorf("upload of %d bytes as %s", len(r.body), r.contentType)
		}
		mu.Lock()
		lengths = append(lengths, r.length)
		mu.Unlock()
		io.WriteString(w, success(`{}`))
	})
	client := newClient(endpoint)
	content := bytes.Repeat([]byte{'z'}, size)
	form := func(r io.Reader) *ttshop.Form {
		return &ttshop.Form{Fields: url.Values{"use_case": {"MAIN_IMAGE"}}, Files: map[string]ttshop.File{"data": {Name: "a.png", Content: r}}}
	}
	if _, err := client.Call(t.Context(), "POST", "/x", nil, form(bytes.NewReader(content))); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Call(t.Context(), "POST", "/x", nil, form(io.MultiReader(bytes.NewReader(content)))); err != nil {
		t.Fatal(err)
	}
	op := &ttshop.Operation{Name: "product.UploadImage", Method: "POST", Path: "/x", Body: ttshop.BodyMultipart}
	err := client.Do(t.Context(), op, &struct {
		Data    ttshop.File `file:"data" json:"-"`
		UseCase string      `form:"use_case,omitempty" json:"-"`
	}{ttshop.File{Name: "a.png", Content: bytes.NewReader(content)}, "MAIN_IMAGE"}, &struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if len(lengths) != 3 || lengths[0] <= size || lengths[1] != -1 || lengths[2] <= size {
		t.Errorf("content lengths %v", lengths)
	}
	failing := io.MultiReader(strings.NewReader("x"), errReader{})
	if _, err := client.Call(t.Context(), "POST", "/x", nil, form(failing)); err == nil || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("a file that cannot be read: error %v", err)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

func TestNoSecretIsShown(t *testing.T) {
	t.Parallel()
	endpoint := platform(t, func(w http.ResponseWriter, r received) {
		if r.path == "/bad" {
			w.WriteHeader(401)
			fmt.Fprintf(w, `{"code":105001,"message":"%s is invalid"}`, accessToken)
			return
		}
		io.WriteString(w, success(`{}`))
	})
	var shown bytes.Buffer
	client := newClient(endpoint, ttshop.WithLogger(slog.New(slog.NewJSONHandler(&shown, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	for _, path := range []string{"/good", "/bad"} {
		_, err := client.Call(t.Context(), "GET", path, nil, nil)
		fmt.Fprintf(&shown, "%v %+v %#v\n", err, err, err)
	}
	_, err := newClient("http://127.0.0.1:1", ttshop.WithoutRetry()).Call(t.Context(), "GET", "/x", nil, nil)
	fmt.Fprintf(&shown, "%v %+v %#v\n", err, err, err)
	token := ttshop.Token{AccessToken: accessToken, RefreshToken: accessToken, OpenID: "o", Extra: map[string]json.RawMessage{"x": json.RawMessage(accessToken)}}
	for _, v := range []any{client, token, &token, token.AccessToken, ttshop.StaticToken(accessToken)} {
		fmt.Fprintf(&shown, "%v %+v %#v %s\n", v, v, v, v)
	}
	encoded, err := json.Marshal(token.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(encoded)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("x", "token", token, "secret", token.AccessToken)
	for _, secret := range []string{appSecret, accessToken, "sign="} {
		if strings.Contains(shown.String(), secret) {
			t.Errorf("%q is shown in:\n%s", secret, shown.String())
		}
	}
	if !strings.Contains(shown.String(), `"operation":"GET /bad"`) || !strings.Contains(shown.String(), "[secret]") {
		t.Errorf("too little is shown:\n%s", shown.String())
	}
}

func TestConcurrentCalls(t *testing.T) {
	t.Parallel()
	endpoint := platform(t, func(w http.ResponseWriter, r received) {
		fmt.Fprintf(w, `{"code":0,"message":"Success","data":{"cipher":%q}}`, r.query.Get("shop_cipher"))
	})
	client := newClient(endpoint)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			shop := client.Shop(fmt.Sprint("cipher", i))
			for range 20 {
				res, err := shop.Call(t.Context(), "GET", "/x", nil, nil)
				if err != nil || string(res.Data) != fmt.Sprintf(`{"cipher":"cipher%d"}`, i) {
					t.Errorf("shop %d: %s, %v", i, res.Data, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// renewing is a source whose first token has expired.
type renewing struct {
	fresh     string
	err       error
	refreshed int
}

func (r *renewing) Token(context.Context) (ttshop.Token, error) {
	return ttshop.Token{AccessToken: "old"}, nil
}

func (r *renewing) Refresh(_ context.Context, expired ttshop.Token) (ttshop.Token, error) {
	r.refreshed++
	if expired.AccessToken != "old" {
		return ttshop.Token{}, errors.New("asked to replace another token")
	}
	return ttshop.Token{AccessToken: ttshop.Secret(r.fresh)}, r.err
}

func TestExpiredTokenIsReplacedOnce(t *testing.T) {
	t.Parallel()
	errAuth := errors.New("auth host down")
	tests := []struct {
		name    string
		source  *renewing
		body    any
		calls   int
		refresh int
		err     error
	}{
		{"fresh token works", &renewing{fresh: "new"}, []byte(`{"a":1}`), 2, 1, nil},
		{"fresh token has expired too", &renewing{fresh: "newer"}, nil, 2, 1, ttshop.ErrTokenExpired},
		{"no other token", &renewing{fresh: "old"}, nil, 1, 1, ttshop.ErrTokenExpired},
		{"refresh fails", &renewing{err: errAuth}, nil, 1, 1, errAuth},
		{"upload that can be read again", &renewing{fresh: "new"}, &ttshop.Form{Files: map[string]ttshop.File{"data": {Content: strings.NewReader("content")}}}, 2, 1, nil},
		{"upload that cannot", &renewing{fresh: "new"}, &ttshop.Form{Files: map[string]ttshop.File{"data": {Content: io.MultiReader(strings.NewReader("content"))}}}, 1, 0, ttshop.ErrTokenExpired},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			var bodies []string
			endpoint := platform(t, func(w http.ResponseWriter, r received) {
				calls++
				_, body, _ := strings.Cut(r.body, "\r\n\r\n")
				bodies = append(bodies, r.body[:min(1, len(r.body))]+strings.Split(body, "\r\n")[0])
				if r.token != "new" {
					w.WriteHeader(401)
					io.WriteString(w, `{"code":105002,"message":"expired"}`)
					return
				}
				io.WriteString(w, success(`{}`))
			})
			client := ttshop.New(appKey, appSecret, ttshop.WithEndpoint(endpoint), ttshop.WithTokenSource(tt.source))
			res, err := client.Call(t.Context(), "POST", "/x", nil, tt.body)
			if !errors.Is(err, tt.err) || calls != tt.calls || tt.source.refreshed != tt.refresh {
				t.Errorf("error %v after %d calls and %d refreshed, want %v after %d and %d", err, calls, tt.source.refreshed, tt.err, tt.calls, tt.refresh)
			}
			if err == nil && res.Tries != 2 {
				t.Errorf("tries = %d, want 2", res.Tries)
			}
			if len(bodies) == 2 && bodies[0] != bodies[1] {
				t.Errorf("the bodies differ: %q", bodies)
			}
		})
	}
}
