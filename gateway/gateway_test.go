package gateway_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sign"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// world is a gateway in front of a sandbox.
type world struct {
	t       *testing.T
	sandbox *sandboxtest.Server
	fleet   *tokenstore.Fleet
	file    policy.File
	book    *policy.Book
	sealer  *tokenstore.Keys
	audit   string // path
	gate    *gateway.Gateway
	url     string
	tap     *tap
	users   map[string]string // open ids by kind: creator, partner
}

// tap keeps what went to the platform and came back, the last of each.
type tap struct {
	mu       sync.Mutex
	n        int
	path     string
	query    url.Values
	request  []byte
	header   http.Header
	response []byte
	next     http.RoundTripper
}

func (p *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := p.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	p.path, p.query, p.request, p.header, p.response = r.URL.EscapedPath(), r.URL.Query(), body, r.Header.Clone(), answer
	return resp, nil
}

func (p *tap) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

func newWorld(t *testing.T, change ...func(*gateway.Config)) *world {
	t.Helper()
	w := &world{t: t, users: map[string]string{}, tap: &tap{next: http.DefaultTransport}}
	w.sandbox = sandboxtest.StartWith(t, sandbox.Config{Throttle: new(0.0)})
	w.fleet = tokenstore.NewFleet(w.sandbox.App, new(tokenstore.Memory), tokenstore.FleetConfig{ClientOptions: []ttshop.Option{
		ttshop.WithEndpoint(w.sandbox.URL), ttshop.WithLimiter(nil), ttshop.WithoutRetry(), ttshop.WithHTTPClient(&http.Client{Transport: w.tap}),
	}})
	t.Cleanup(func() {
		if err := w.fleet.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	steer := control.New(w.sandbox.URL)
	users, err := steer.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, user := range users {
		if seen[user.Kind] {
			continue
		}
		seen[user.Kind] = true
		granted, err := steer.Authorize(t.Context(), control.NewGrant{User: user.OpenID})
		if err != nil {
			t.Fatal(err)
		}
		grant, err := w.fleet.Authorize(t.Context(), granted.AuthCode)
		if err != nil {
			t.Fatal(err)
		}
		w.users[user.Kind] = grant.OpenID
	}
	w.file = policy.File(filepath.Join(t.TempDir(), "keys.json"))
	c := new(catalog.Catalog)
	if w.book, err = policy.Open(t.Context(), w.file, c); err != nil {
		t.Fatal(err)
	}
	if w.sealer, err = tokenstore.ParseKeys(tokenstore.GenerateKey()); err != nil {
		t.Fatal(err)
	}
	w.audit = filepath.Join(t.TempDir(), "audit.jsonl")
	audit, err := gateway.OpenAuditFile(w.audit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { audit.Close() })
	config := gateway.Config{Fleet: w.fleet, Book: w.book, Sealer: w.sealer, Catalog: c, Audit: audit}
	for _, change := range change {
		change(&config)
	}
	if w.gate, err = gateway.New(config); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = gateway.NewServer(w.gate)
	server.Start()
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

// key makes a key and puts it in force.
func (w *world) key(k policy.Key, sealer policy.Sealer) policy.Issued {
	w.t.Helper()
	var issued policy.Issued
	err := policy.Update(w.t.Context(), w.file, w.book.Operations(), func(d *policy.Document) (err error) {
		issued, err = d.Create(k, time.Now(), sealer)
		return err
	})
	if err == nil {
		err = w.book.Reload(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return issued
}

func (w *world) shop(region string) sandbox.Shop {
	w.t.Helper()
	for _, shop := range w.sandbox.Credentials.Shops {
		if shop.Region == region {
			return shop
		}
	}
	w.t.Fatal("no shop in " + region)
	return sandbox.Shop{}
}

// answer is what a client got.
type answer struct {
	status int
	header http.Header
	body   []byte
	code   int
	text   string
}

// send sends a request to the gateway.
func (w *world) send(method, target string, header http.Header, body io.Reader) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+target, body)
	if err != nil {
		w.t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	if a.body, err = io.ReadAll(resp.Body); err != nil {
		w.t.Fatal(err)
	}
	var envelope struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(a.body, &envelope); err != nil {
		w.t.Fatalf("%s %s: HTTP %d, %q is no envelope", method, target, a.status, a.body)
	}
	a.code, a.text = envelope.Code, envelope.Message
	return a
}

func bearer(issued policy.Issued, more ...string) http.Header {
	h := http.Header{"Authorization": {"Bearer " + issued.RevealKey()}}
	for i := 0; i < len(more); i += 2 {
		h.Set(more[i], more[i+1])
	}
	return h
}

// records returns the audit, each call once.
func (w *world) records() []gateway.Record {
	w.t.Helper()
	var list []gateway.Record
	broken, err := gateway.ReadAudit(bytes.NewReader(readFile(w.t, w.audit)), func(r gateway.Record) error {
		list = append(list, r)
		return nil
	})
	if err != nil || broken != 0 {
		w.t.Fatalf("%d broken lines, error %v", broken, err)
	}
	return list
}

// ceremony are the codes of refusals that are about the ceremony of a call rather
// than about what was asked.
var ceremony = map[int]string{
	106001: "signature", 105001: "token", 105002: "token", 105005: "scope", 106013: "cipher", 101000: "user",
	36009009: "path", 36009010: "method", 36009014: "version", 36009022: "body type", 36009023: "multipart",
}

// userOf says whose token an operation needs.
func userOf(domain string) string {
	switch domain {
	case "affiliate_creator":
		return "creator"
	case "affiliate_partner":
		return "partner"
	}
	return ""
}

// filled returns the path of an operation with ids in it.
func filled(path string) string {
	for strings.Contains(path, "{") {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + "1729592969712207008" + after
	}
	return path
}

// form returns a multipart body with something for each field.
func form(t *testing.T, op *catalog.Operation) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, f := range op.Body {
		if f.Type == catalog.File {
			part, err := m.CreateFormFile(f.Name, "a.jpg")
			if err != nil {
				t.Fatal(err)
			}
			part.Write([]byte("\xff\xd8\xff JPEG \r\n--x\x00"))
			continue
		}
		m.WriteField(f.Name, "x")
	}
	m.Close()
	return b.Bytes(), m.FormDataContentType()
}

// Every operation goes through: the sandbox, which is strict about signatures,
// tokens and ciphers, takes it, gets the client's bytes and gives back its own.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.key(policy.Key{Name: "all", Allow: []string{"*"}, Shops: []string{"*"}, Grants: []string{w.users["creator"], w.users["partner"]}}, nil)
	c := new(catalog.Catalog)
	gb := w.shop("GB")
	uploads, wrongUser := 0, 0
	operations := c.Operations("")
	for _, e := range operations {
		op, err := c.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		header := bearer(all, gateway.HeaderShop, gb.ID)
		if user := userOf(e.Domain); user != "" {
			header = bearer(all, gateway.HeaderGrant, w.users[user])
			if op.ShopCipher == catalog.RuleRequired {
				t.Fatalf("%s is for a %s and a shop", e.FullName(), user)
			}
		}
		query := url.Values{"a_parameter": {"ä b+c"}}
		if op.AssetCipher != catalog.RuleAbsent {
			query.Set("category_asset_cipher", "any")
		}
		var body []byte
		switch op.BodyType {
		case catalog.BodyJSON:
			body = []byte("{ \"not_a_field\":\t1.0 }\n")
			header.Set("Content-Type", "application/json")
		case catalog.BodyMultipart:
			uploads++
			var contentType string
			body, contentType = form(t, op)
			header.Set("Content-Type", contentType)
		}
		before := w.tap.count()
		got := w.send(e.Method, filled(e.Path)+"?"+query.Encode(), header, bytes.NewReader(body))
		if reason := got.header.Get(gateway.HeaderReason); reason != "" {
			t.Errorf("%s: the gateway refuses: HTTP %d, %s: %s", e.FullName(), got.status, reason, got.text)
			continue
		}
		if why := ceremony[got.code]; why == "user" || why == "token" {
			wrongUser++
		} else if why != "" {
			t.Errorf("%s: the sandbox refuses the ceremony (%s): %s", e.FullName(), why, got.body)
		}
		if w.tap.count() != before+1 || !bytes.Equal(w.tap.request, body) || !bytes.Equal(w.tap.response, got.body) {
			t.Errorf("%s: bytes were changed on the way: %q became %q, %q became %q", e.FullName(), body, w.tap.request, w.tap.response, got.body)
		}
		if w.tap.query.Get("a_parameter") != "ä b+c" || w.tap.path != filled(e.Path) {
			t.Errorf("%s: sent to %s with %v", e.FullName(), w.tap.path, w.tap.query)
		}
		if strings.Contains(fmt.Sprint(w.tap.header), all.RevealKey()) {
			t.Errorf("%s: the key went to the platform", e.FullName())
		}
	}
	if uploads < 10 || len(operations) < 429 {
		t.Errorf("%d operations, %d uploads", len(operations), uploads)
	}
	if wrongUser > 0 {
		t.Logf("%d operations need another kind of user than their domain says", wrongUser)
	}
	if n := len(w.records()); n != len(operations) {
		t.Errorf("the audit has %d calls of %d", n, len(operations))
	}
}

// Every operation against keys of several kinds: what the gateway lets through is
// what the catalogue says. Nothing else reaches the platform.
func TestPolicyMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reader := w.key(policy.Key{Name: "reader", Allow: []string{"*"}, Shops: []string{"*"}, ReadOnly: true}, nil)
	orders := w.key(policy.Key{Name: "orders", Allow: []string{"order.*"}, Deny: []string{"*.Get*V202309"}, Shops: []string{"*"}}, nil)
	c := new(catalog.Catalog)
	gb := w.shop("GB")
	for _, e := range c.Operations("") {
		op, err := c.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			key     policy.Issued
			allowed bool
		}{
			{reader, !op.Write},
			{orders, op.Domain == "order" && !(strings.HasPrefix(op.Name, "Get") && strings.HasSuffix(op.Name, "V202309"))},
		} {
			header := bearer(test.key, gateway.HeaderShop, gb.ID)
			var body []byte
			if op.BodyType == catalog.BodyMultipart {
				var contentType string
				body, contentType = form(t, op)
				header.Set("Content-Type", contentType)
			}
			before := w.tap.count()
			recorder := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), e.Method, filled(e.Path)+"?category_asset_cipher=any", bytes.NewReader(body))
			r.Header, r.Host = header, "localhost"
			w.gate.ServeHTTP(recorder, r)
			sent := w.tap.count() > before
			if sent != test.allowed || !test.allowed && (recorder.Code != 403 || recorder.Header().Get(gateway.HeaderReason) != "policy") {
				t.Errorf("%s with %s: sent %t, HTTP %d %s", e.FullName(), test.key, sent, recorder.Code, recorder.Body)
			}
		}
	}
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gb, us := w.shop("GB"), w.shop("US")
	one := w.key(policy.Key{Name: "one", Allow: []string{"order.*", "product.*", "authorization.*"}, Shops: []string{gb.ID}}, nil)
	whole := w.key(policy.Key{Name: "whole", Allow: []string{"*"}, Shops: []string{gb.ID}, WholeAccounts: true}, nil)
	two := w.key(policy.Key{Name: "two", Allow: []string{"*"}, Shops: []string{gb.Code, "region:US"}}, nil)
	creator := w.key(policy.Key{Name: "creator", Allow: []string{"*"}, Grants: []string{w.users["creator"]}}, nil)
	const list, shops = "/order/202309/orders/search?page_size=1", "/authorization/202309/shops"
	for _, test := range []struct {
		name   string
		key    policy.Issued
		target string
		header []string
		status int
		reason string
		cipher string // that the platform got
	}{
		{"its only shop", one, list, nil, 200, "", gb.Cipher},
		{"by id", two, list, []string{gateway.HeaderShop, us.ID}, 200, "", us.Cipher},
		{"by code", two, list, []string{gateway.HeaderShop, us.Code}, 200, "", us.Cipher},
		{"by name", two, list, []string{gateway.HeaderShop, us.Name}, 200, "", us.Cipher},
		{"by cipher", two, list, []string{gateway.HeaderShop, us.Cipher}, 200, "", us.Cipher},
		{"by parameter", two, list + "&shop_cipher=" + us.ID, nil, 200, "", us.Cipher},
		{"twice the same", two, list + "&shop_cipher=" + us.ID, []string{gateway.HeaderShop, us.Code}, 200, "", us.Cipher},
		{"as a token", two, list, []string{"X-Tts-Access-Token", us.ID}, 200, "", us.Cipher},
		{"none of two", two, list, nil, 400, "shop", ""},
		{"two different ones", two, list + "&shop_cipher=" + us.ID, []string{gateway.HeaderShop, gb.ID}, 400, "shop", ""},
		{"one that it may not use", one, list, []string{gateway.HeaderShop, us.ID}, 403, "policy", ""},
		{"one that it may not use, as a token", one, list, []string{"X-Tts-Access-Token", us.ID}, 200, "", gb.Cipher},
		{"one that does not exist", one, list, []string{gateway.HeaderShop, "1"}, 403, "policy", ""},
		{"the account", one, shops, nil, 403, "policy", ""},
		{"the account, allowed", whole, shops, nil, 200, "", "-"},
		{"a stripped cipher", whole, shops + "?shop_cipher=" + gb.ID, nil, 200, "", "-"},
		{"another shop of it", whole, shops, []string{gateway.HeaderShop, us.ID}, 403, "policy", ""},
		{"a creator", creator, "/affiliate_creator/202405/profiles", nil, 200, "", "-"},
		{"a creator by name", creator, "/affiliate_creator/202405/profiles", []string{gateway.HeaderGrant, w.users["creator"]}, 200, "", "-"},
		{"another grant", creator, "/affiliate_creator/202405/profiles", []string{gateway.HeaderGrant, w.users["partner"]}, 403, "policy", ""},
		{"an unknown grant", creator, "/affiliate_creator/202405/profiles", []string{gateway.HeaderGrant, "x"}, 403, "policy", ""},
		{"a grant and a shop", creator, list, []string{gateway.HeaderGrant, w.users["creator"], gateway.HeaderShop, gb.ID}, 400, "shop", ""},
		{"a creator's shop", creator, list, []string{gateway.HeaderShop, gb.ID}, 403, "policy", ""},
	} {
		method := "GET"
		if strings.HasPrefix(test.target, "/order") {
			method = "POST"
		}
		before := w.tap.count()
		got := w.send(method, test.target, bearer(test.key, test.header...), nil)
		if got.status != test.status || got.header.Get(gateway.HeaderReason) != test.reason {
			t.Errorf("%s: HTTP %d, %q: %s", test.name, got.status, got.header.Get(gateway.HeaderReason), got.body)
			continue
		}
		if sent := w.tap.count() > before; sent != (test.cipher != "") {
			t.Errorf("%s: sent is %t", test.name, sent)
		}
		if test.cipher != "" && w.tap.query.Get("shop_cipher") != strings.Trim(test.cipher, "-") {
			t.Errorf("%s: the platform got cipher %q", test.name, w.tap.query.Get("shop_cipher"))
		}
		if strings.Contains(got.text, us.ID) && test.status == 403 {
			t.Errorf("%s: the answer tells of a shop: %s", test.name, got.text)
		}
	}
}

// A typed client whose endpoint is the gateway: it signs with the client's own
// secret and names the shop where it names the cipher.
func TestSignedMode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gb := w.shop("GB")
	issued := w.key(policy.Key{Name: "sdk", Allow: []string{"*"}, Shops: []string{"*"}, ReadOnly: true}, w.sealer)
	newSDK := func(id, secret string, options ...ttshop.Option) *ttshop.Client {
		return ttshop.New(id, secret, append([]ttshop.Option{ttshop.WithEndpoint(w.url), ttshop.WithTokenSource(ttshop.StaticToken(gb.ID)), ttshop.WithoutRetry()}, options...)...)
	}
	search := func(c *ttshop.Client) error {
		_, err := c.Shop(gb.ID).Call(t.Context(), "POST", "/order/202309/orders/search", url.Values{"page_size": {"1"}}, map[string]any{"order_status": "COMPLETED"})
		return err
	}
	sdk := newSDK(issued.ID(), issued.RevealSecret())
	if err := search(sdk); err != nil {
		t.Fatal(err)
	}
	if _, err := sdk.Call(t.Context(), "GET", "/authorization/202309/shops", nil, nil); err != nil {
		t.Error(err)
	}
	for name, test := range map[string]struct {
		client *ttshop.Client
		status int
	}{
		"wrong secret":         {newSDK(issued.ID(), "wrong"), 401},
		"the key as a secret":  {newSDK(issued.ID(), issued.RevealKey()), 401},
		"the app's own secret": {newSDK(w.sandbox.Credentials.AppKey, w.sandbox.Credentials.AppSecret), 401},
		"old":                  {newSDK(issued.ID(), issued.RevealSecret(), ttshop.WithClock(func() time.Time { return time.Now().Add(-6 * time.Minute) })), 401},
		"early":                {newSDK(issued.ID(), issued.RevealSecret(), ttshop.WithClock(func() time.Time { return time.Now().Add(6 * time.Minute) })), 401},
		"a little early":       {newSDK(issued.ID(), issued.RevealSecret(), ttshop.WithClock(func() time.Time { return time.Now().Add(4 * time.Minute) })), 200},
	} {
		before := w.tap.count()
		err := search(test.client)
		refused, ok := errors.AsType[*ttshop.Error](err)
		if (test.status == 200) != (err == nil) || ok && refused.HTTPStatus != test.status || (w.tap.count() > before) != (test.status == 200) {
			t.Errorf("%s: %v", name, err)
		}
	}

	// By hand: what official SDKs do with an empty body, and what nobody may do.
	signer := sign.New(issued.RevealSecret())
	post := func(path string, body, signed string, change func(url.Values)) answer {
		query := url.Values{"app_key": {issued.ID()}, "timestamp": {strconv.FormatInt(time.Now().Unix(), 10)}, "shop_cipher": {gb.ID}, "page_size": {"1"}}
		query.Set("sign", signer.Sign(sign.Request{Path: path, Query: query, Body: []byte(signed)}))
		if change != nil {
			change(query)
		}
		return w.send("POST", path+"?"+query.Encode(), http.Header{"Content-Type": {"application/json"}}, strings.NewReader(body))
	}
	const path = "/order/202309/orders/search"
	for name, test := range map[string]struct {
		got    answer
		status int
	}{
		"{} unsigned":          {post(path, "{}", "", nil), 200},
		"{} signed":            {post(path, "{}", "{}", nil), 200},
		"a body unsigned":      {post(path, `{"order_status":"COMPLETED"}`, "", nil), 401},
		"another body":         {post(path, `{"order_status":"COMPLETED"}`, `{"order_status":"UNPAID"}`, nil), 401},
		"another parameter":    {post(path, "", "", func(q url.Values) { q.Set("page_size", "2") }), 401},
		"another shop":         {post(path, "", "", func(q url.Values) { q.Set("shop_cipher", w.shop("US").ID) }), 401},
		"two signatures":       {post(path, "", "", func(q url.Values) { q.Add("sign", "x") }), 400},
		"no timestamp":         {post(path, "", "", func(q url.Values) { q.Del("timestamp") }), 401},
		"a write of a reader":  {post("/product/202309/brands", `{"name":"x"}`, `{"name":"x"}`, nil), 403},
		"a write, body forged": {post("/product/202309/brands", `{"name":"y"}`, `{"name":"x"}`, nil), 401},
	} {
		if test.got.status != test.status {
			t.Errorf("%s: HTTP %d %s", name, test.got.status, test.got.body)
		}
	}
}
