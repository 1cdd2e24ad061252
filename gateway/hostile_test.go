package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Requests that two readers of HTTP might read differently, or that are for somebody
// else, are refused and nothing reaches the platform.
func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{"*"}}, nil)
	key := "Authorization: Bearer " + issued.RevealKey() + "\r\nX-Ttshop-Shop: " + w.shop("GB").ID + "\r\n"
	const host, search = "Host: 127.0.0.1\r\n", "POST /order/202309/orders/search?page_size=1 HTTP/1.1\r\n"
	address := strings.TrimPrefix(w.url, "http://")
	for name, test := range map[string]struct {
		request string
		status  int
	}{
		"plain":                    {search + host + key + "\r\n", 200},
		"localhost":                {search + "Host: localhost:80\r\n" + key + "\r\n", 200},
		"IPv6":                     {search + "Host: [::1]:80\r\n" + key + "\r\n", 200},
		"another host":             {search + "Host: rebound.example\r\n" + key + "\r\n", 403},
		"an Origin":                {search + host + "Origin: http://127.0.0.1\r\n" + key + "\r\n", 403},
		"no key":                   {search + host + "\r\n", 401},
		"basic":                    {search + host + "Authorization: Basic eDp5\r\n\r\n", 401},
		"two keys":                 {search + host + key + key + "\r\n", 400},
		"key and signature":        {"POST /order/202309/orders/search?sign=x&app_key=y HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"absolute":                 {"POST http://127.0.0.1/order/202309/orders/search HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"absolute elsewhere":       {"POST http://evil.example/order/202309/orders/search HTTP/1.1\r\nHost: evil.example\r\n" + key + "\r\n", 403},
		"CONNECT":                  {"CONNECT 127.0.0.1:80 HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"OPTIONS *":                {"OPTIONS * HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"token endpoint":           {"GET /api/v2/token/get HTTP/1.1\r\n" + host + key + "\r\n", 403},
		"control endpoint":         {"GET /_sandbox/credentials HTTP/1.1\r\n" + host + key + "\r\n", 403},
		"dots":                     {"POST /order/202309/../202309/orders/search HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"escaped dots":             {"POST /order/202309/%2e%2e/202309/orders/search HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"escaped slash":            {"GET /order/202309%2forders HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"backslash":                {"GET /order/202309\\orders HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"two slashes":              {"POST //order/202309/orders/search HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"slash at the end":         {"POST /order/202309/orders/search/ HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"escaped twice":            {"GET /product/202309/products/%252e%252e HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"a method in lower case":   {"post /order/202309/orders/search?page_size=1 HTTP/1.1\r\n" + host + key + "\r\n", 403},
		"another method":           {"DELETE /order/202309/orders/search HTTP/1.1\r\n" + host + key + "\r\n", 403},
		"bare semicolon":           {"POST /order/202309/orders/search?page_size=1;app_key=x HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"two ciphers":              {"POST /order/202309/orders/search?shop_cipher=a&shop_cipher=b HTTP/1.1\r\n" + host + key + "\r\n", 400},
		"two lengths":              {search + host + key + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400},
		"two equal lengths":        {search + host + key + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 200},
		"two encodings":            {search + host + key + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
		"an unknown encoding":      {search + host + key + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
		"a space before the colon": {search + host + key + "Content-Length : 2\r\n\r\n{}", 400},
		"a folded header":          {search + host + key + "X-A: b\r\n c: d\r\n\r\n", 200},
		"no host":                  {search + key + "\r\n", 400},
		"two hosts":                {search + host + host + key + "\r\n", 400},
		"HTTP/1.0":                 {"POST /order/202309/orders/search?page_size=1 HTTP/1.0\r\n" + key + "\r\n", 200},
		"a body that ends early":   {search + host + key + "Content-Length: 9\r\n\r\n{}", 400},
		"multipart for JSON":       {search + host + key + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 2\r\n\r\n{}", 415},
		"JSON for multipart":       {"POST /product/202309/images/upload HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", 415},
		"too large":                {search + host + key + "Content-Length: 99999999\r\n\r\n", 413},
		"a header of 100 kB":       {search + host + key + "X-A: " + strings.Repeat("a", 100<<10) + "\r\n\r\n", 431},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			before := w.tap.count()
			io.WriteString(conn, test.request)
			if test.status != 200 { // that would be a client that goes away
				conn.(*net.TCPConn).CloseWrite()
			}
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode != test.status {
				t.Errorf("HTTP %d, want %d: %s", resp.StatusCode, test.status, body)
			}
			if sent := w.tap.count() > before; sent != (test.status == 200) {
				t.Errorf("sent is %t", sent)
			}
			if strings.Contains(string(body), issued.RevealKey()) {
				t.Errorf("the answer has the key")
			}
		})
	}
}

// After a request whose end somebody else may see elsewhere, nothing on the
// connection is taken for a request.
func TestNothingIsSmuggledBehindAChunkedBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}}, nil)
	before := w.tap.count()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	head := "POST /order/202309/orders/search?page_size=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + issued.RevealKey() + "\r\n"
	io.WriteString(conn, head+"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+head+"\r\n")
	answers, err := io.ReadAll(conn)
	if err != nil && !strings.Contains(err.Error(), "reset") {
		t.Fatal(err)
	}
	if n := bytes.Count(answers, []byte("HTTP/1.1 ")); n != 1 || w.tap.count() > before+1 {
		t.Errorf("%d answers, %d calls", n, w.tap.count())
	}
}

// Clients that send nothing, or stop in the middle, end with their deadline and hold
// up nobody.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}}, nil)
	server := httptest.NewUnstartedServer(nil)
	server.Config = gateway.NewServer(w.gate)
	if server.Config.ReadHeaderTimeout <= 0 || server.Config.ReadHeaderTimeout > time.Minute {
		t.Fatalf("headers may take %v", server.Config.ReadHeaderTimeout)
	}
	before := w.tap.count()
	server.Config.ReadHeaderTimeout = 50 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			io.WriteString(conn, "POST /order/202309/orders/search HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
			io.Copy(io.Discard, conn) // until the gateway ends it
		})
	}
	if got := w.send("POST", "/order/202309/orders/search?page_size=1", bearer(issued), nil); got.status != 200 {
		t.Errorf("HTTP %d meanwhile", got.status)
	}
	group.Wait()
	if n := w.tap.count() - before; n != 1 {
		t.Errorf("%d calls", n)
	}
}

// An upload that the client breaks off is not taken for a whole one, is sent once,
// and its outcome is called unknown.
func TestCutUpload(t *testing.T) {
	t.Parallel()
	received := make(chan int64, 9)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err == nil {
			t.Error("the cut upload arrived whole")
		}
		received <- n
	}))
	t.Cleanup(upstream.Close)
	w := newWorld(t)
	fleet := w.fleetFor(upstream.URL)
	_, address := w.gateway(gateway.Config{Fleet: fleet, Book: w.book, Audit: openAudit(t, w.audit)})
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}, WholeAccounts: true}, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, "POST /product/202309/images/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "+issued.RevealKey()+
		"\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n--b\r\n")
	conn.Write(make([]byte, 300_000))
	conn.Close()
	if n := <-received; n >= 1_000_000 {
		t.Errorf("the platform got %d bytes", n)
	}
	eventually(t, func() bool {
		records := w.records()
		return len(records) == 1 && records[0].Event == gateway.EventDone
	})
	if r := w.records()[0]; !r.Unknown || r.Status != 502 || r.Tries != 1 || r.In < 5 || r.In > 1_000_000 {
		t.Errorf("the audit has %+v", r)
	}
	if len(received) > 0 {
		t.Error("it was sent again")
	}
}

// fleetFor returns a fleet with the same grants that calls another address.
func (w *world) fleetFor(endpoint string, options ...ttshop.Option) *tokenstore.Fleet {
	w.t.Helper()
	store := new(tokenstore.Memory)
	grants, err := w.fleet.Grants(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, grant := range grants {
		if _, err := tokenstore.Put(w.t.Context(), store, grant); err != nil {
			w.t.Fatal(err)
		}
	}
	options = append([]ttshop.Option{ttshop.WithEndpoint(endpoint), ttshop.WithLimiter(nil), ttshop.WithoutRetry()}, options...)
	return tokenstore.NewFleet(w.sandbox.App, store, tokenstore.FleetConfig{ClientOptions: options})
}

// gateway starts another gateway.
func (w *world) gateway(config gateway.Config) (*gateway.Gateway, string) {
	w.t.Helper()
	gate, err := gateway.New(config)
	if err != nil {
		w.t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = gateway.NewServer(gate)
	server.Start()
	w.t.Cleanup(server.Close)
	return gate, server.URL
}

func openAudit(t *testing.T, path string) *gateway.AuditFile {
	t.Helper()
	audit, err := gateway.OpenAuditFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { audit.Close() })
	return audit
}

func eventually(t *testing.T, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for !is() {
		select {
		case <-ctx.Done():
			t.Fatal("it did not happen within 30 seconds")
		case <-ticker.C:
		}
	}
}

// A client that goes away while its write is on the way does not cut it off: the
// write's outcome is recorded.
func TestClientGoneDuringAWrite(t *testing.T) {
	t.Parallel()
	arrived, finish := make(chan struct{}), make(chan struct{})
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		close(arrived)
		select {
		case <-finish:
		case <-r.Context().Done():
			t.Error("the write was cut off")
		}
		io.WriteString(w, `{"code":0,"message":"Success","request_id":"r-late","data":{}}`)
	}))
	t.Cleanup(upstream.Close)
	w := newWorld(t)
	_, address := w.gateway(gateway.Config{Fleet: w.fleetFor(upstream.URL), Book: w.book, Audit: openAudit(t, w.audit)})
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}}, nil)
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "POST", address+"/order/202406/orders/external_orders", strings.NewReader(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = bearer(issued)
	gone := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		gone <- err
	}()
	<-arrived
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the client got %v", err)
	}
	close(finish)
	eventually(t, func() bool {
		records := w.records()
		return len(records) == 1 && records[0].Event == gateway.EventDone
	})
	if r := w.records()[0]; r.Status != 200 || r.RequestID != "r-late" || r.Unknown {
		t.Errorf("the audit has %+v", r)
	}
}

// A write without an answer says so and is never sent again; a read is.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	retrying := w.fleetFor(w.sandbox.URL, ttshop.WithRetry(ttshop.RetryPolicy{MinWait: time.Microsecond, MaxWait: time.Millisecond}), ttshop.WithHTTPClient(&http.Client{Transport: w.tap}))
	_, w.url = w.gateway(gateway.Config{Fleet: retrying, Book: w.book, Audit: openAudit(t, w.audit)})
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}, WholeAccounts: true}, nil)
	w.fault(`{"match":{"path":"/product/202309/brands"},"next":1,"then":{"cut":"after_work"}}`)
	if got := w.send("POST", "/product/202309/brands", bearer(issued), strings.NewReader(`{"name":"Cut"}`)); got.status != 502 || got.header.Get(gateway.HeaderOutcome) != "unknown" || got.header.Get(gateway.HeaderReason) != "upstream" {
		t.Errorf("a write: HTTP %d %v %s", got.status, got.header, got.body)
	}
	w.fault(`{"match":{"path":"/authorization/202309/shops"},"next":1,"then":{"cut":"before"}}`)
	if got := w.send("GET", "/authorization/202309/shops", bearer(issued), nil); got.status != 200 || got.header.Get(gateway.HeaderTries) != "2" {
		t.Errorf("a read: HTTP %d %v %s", got.status, got.header, got.body)
	}
	w.fault(`{"match":{"path":"/product/202309/brands"},"next":1,"then":{"status":500,"code":36009003}}`)
	if got := w.send("POST", "/product/202309/brands", bearer(issued), strings.NewReader(`{"name":"Cut"}`)); got.status != 500 || got.code != 36009003 || got.header.Get(gateway.HeaderOutcome) != "unknown" || got.header.Get(gateway.HeaderReason) != "" {
		t.Errorf("a failing write: HTTP %d %v %s", got.status, got.header, got.body)
	}
	records := w.records()
	if len(records) != 3 || !records[0].Unknown || records[0].Tries != 1 || records[1].Tries != 2 || !records[2].Unknown || records[2].Code != 36009003 {
		t.Errorf("the audit has %+v", records)
	}
}

func (w *world) fault(rule string) {
	w.t.Helper()
	resp, err := http.Post(w.sandbox.URL+"/_sandbox/faults", "application/json", strings.NewReader(rule))
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		body, _ := io.ReadAll(resp.Body)
		w.t.Fatalf("the fault was refused: %s", body)
	}
}

// An upload needs no more memory than a small part of itself, and bodies that are
// held are bounded.
func TestUploadStreams(t *testing.T) {
	const size = 100 << 20
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if n != size || err != nil {
			t.Errorf("%d bytes arrived, error %v", n, err)
		}
		io.WriteString(w, `{"code":0,"message":"Success","request_id":"r","data":{}}`)
	}))
	t.Cleanup(upstream.Close)
	w := newWorld(t)
	_, address := w.gateway(gateway.Config{Fleet: w.fleetFor(upstream.URL), Book: w.book})
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}, WholeAccounts: true}, nil)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	most := uint64(0)
	watched := io.Reader(&watchedReader{left: size, each: func() {
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapAlloc)
	}})
	req, err := http.NewRequestWithContext(t.Context(), "POST", address+"/product/202309/images/upload", watched)
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = size
	req.Header = bearer(issued, "Content-Type", "multipart/form-data; boundary=b")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if grown := int64(most) - int64(before.HeapAlloc); resp.StatusCode != 200 || grown > 20<<20 {
		t.Errorf("HTTP %d, the heap grew by %d MB", resp.StatusCode, grown>>20)
	}
}

// watchedReader reads zeros and calls a function now and then.
type watchedReader struct {
	left, since int
	each        func()
}

func (r *watchedReader) Read(b []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := min(len(b), r.left)
	clear(b[:n])
	r.left -= n
	if r.since += n; r.since > 4<<20 {
		r.since = 0
		r.each()
	}
	return n, nil
}

// No secret is in any output: answers, log, metrics, audit.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	var logged safeBuffer
	logger := slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w := newWorld(t, func(c *gateway.Config) { c.Logger = logger })
	issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Deny: []string{"authorization.*"}, Shops: []string{"*"}, Rate: 1000, Daily: 1000}, w.sealer)
	const canary = "canary-of-a-value"
	out := ""
	note := func(a answer) { out += fmt.Sprintln(a.status, a.header, string(a.body)) }
	gb := w.shop("GB").ID
	note(w.send("POST", "/order/202309/orders/search?page_size=1&buyer_user_id="+canary, bearer(issued, gateway.HeaderShop, gb), strings.NewReader(`{"order_status":"`+canary+`"}`)))
	note(w.send("POST", "/order/202309/orders/search", bearer(issued), nil))
	note(w.send("POST", "/nothing?access_token="+canary, bearer(issued), nil))
	note(w.send("GET", "/order/202309/orders", http.Header{"Authorization": {"Bearer ttg_" + canary}}, nil))
	note(w.send("GET", "/order/202309/orders?app_key="+issued.ID()+"&timestamp=1&sign="+canary, nil, nil))
	note(w.send("POST", "/order/202309/orders/search?page_size=1", bearer(issued, gateway.HeaderShop, gb, "X-Tts-Access-Token", canary), nil))
	w.fault(`{"match":{"path":"/order/202309/orders/search"},"next":1,"then":{"cut":"before"}}`)
	note(w.send("POST", "/order/202309/orders/search?page_size=1", bearer(issued, gateway.HeaderShop, gb), nil))
	for _, path := range []string{"/metrics", "/readyz", "/healthz", "/status.json"} {
		recorder := httptest.NewRecorder()
		(&gateway.Admin{Gateway: w.gate}).ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), "GET", "http://localhost"+path, nil))
		if recorder.Code != 200 {
			t.Errorf("%s: HTTP %d %s", path, recorder.Code, recorder.Body)
		}
		out += recorder.Body.String()
	}
	audit := string(readFile(t, w.audit))
	out += audit + logged.String() + string(readFile(t, string(w.file))) + fmt.Sprintf("%v %+v", w.gate.Metrics(), w.records())
	grants, err := w.fleet.Grants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{issued.RevealKey(), issued.RevealSecret(), w.sandbox.Credentials.AppSecret}
	for _, grant := range grants {
		secrets = append(secrets, grant.Token.AccessToken.Reveal(), grant.Token.RefreshToken.Reveal())
		for _, shop := range grant.Shops {
			secrets = append(secrets, shop.Cipher)
		}
	}
	for i, secret := range secrets {
		if strings.Contains(out, secret) || strings.Contains(out, url.QueryEscape(secret)) {
			t.Errorf("secret %d shows", i)
		}
	}
	if strings.Contains(audit+logged.String(), canary) {
		t.Errorf("values show in audit or log:\n%s%s", audit, logged.String())
	}
	if !strings.Contains(out, "ttshop_gateway_refusals_total") || len(w.records()) != 7 {
		t.Errorf("%d records", len(w.records()))
	}
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// brokenAudit fails as a full disk does.
type brokenAudit struct{}

func (brokenAudit) Record(gateway.Record) error { return errors.New("no space left") }

// Writes that cannot be recorded are not sent, unless the operator says so; reads
// are.
func TestAuditThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, bestEffort := range []bool{false, true} {
		w := newWorld(t, func(c *gateway.Config) { c.Audit, c.AuditBestEffort = brokenAudit{}, bestEffort })
		issued := w.key(policy.Key{Name: "k", Allow: []string{"*"}, Shops: []string{w.shop("GB").ID}, WholeAccounts: true}, nil)
		if got := w.send("POST", "/order/202309/orders/search?page_size=1", bearer(issued), nil); got.status != 200 {
			t.Errorf("a read: HTTP %d", got.status)
		}
		before := w.tap.count()
		got := w.send("POST", "/product/202309/brands", bearer(issued), strings.NewReader(`{"name":"x"}`))
		sent := w.tap.count() > before
		if sent != bestEffort || !bestEffort && (got.status != 503 || got.header.Get(gateway.HeaderReason) != "audit") {
			t.Errorf("a write with best effort %t: sent %t, HTTP %d %s", bestEffort, sent, got.status, got.body)
		}
	}
}

// The audit shows every call once, whatever became of its process.
func TestReadAudit(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	audit := openAudit(t, path)
	record := func(id, event string) {
		t.Helper()
		if err := audit.Record(gateway.Record{ID: id, Event: event}); err != nil {
			t.Fatal(err)
		}
	}
	record("a", gateway.EventSending)
	record("b", gateway.EventSending)
	record("a", gateway.EventDone)
	record("c", gateway.EventDone)
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(file, `{"id":"d","ev`) // a full disk, or a killed machine
	file.Close()
	audit = openAudit(t, path)
	record("e", gateway.EventDone)
	var got []string
	broken, err := gateway.ReadAudit(io.MultiReader(bytes.NewReader(readFile(t, path)), strings.NewReader(strings.Repeat("x", 200<<10)+"\n")), func(r gateway.Record) error {
		got = append(got, r.ID+" "+r.Event)
		return nil
	})
	if want := "a done,c done,e done,b sending"; strings.Join(got, ",") != want || broken != 2 || err != nil {
		t.Errorf("%v, %d broken, %v; want %s", got, broken, err, want)
	}
}

// Any path, header and query: nothing is forwarded that the policy refuses, and the
// gateway answers.
func FuzzRequest(f *testing.F) {
	var mu sync.Mutex
	var forwarded []string
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		forwarded = append(forwarded, r.Method+" "+r.URL.EscapedPath())
		mu.Unlock()
		io.WriteString(w, `{"code":0,"message":"Success","request_id":"r","data":{}}`)
	}))
	f.Cleanup(upstream.Close)
	config, key := oneShop(f, upstream.URL, ttshop.WithLimiter(nil))
	gate, err := gateway.New(config)
	if err != nil {
		f.Fatal(err)
	}
	allowed := func(call string) bool {
		method, path, _ := strings.Cut(call, " ")
		entry, ok := config.Catalog.Find(method, path)
		if !ok || entry.Domain != "order" {
			return false
		}
		op, err := config.Catalog.Describe(entry)
		return err == nil && !op.Write
	}
	f.Add("POST", "/order/202309/orders/search?page_size=1", "1", "")
	f.Add("GET", "/order/202309/orders/1/../2", "1", "x")
	f.Add("GET", "/product/202309/products/%2e%2e", "x\r\ny", "a, b")
	f.Add("DELETE", "//product/202309/products?shop_cipher=1&shop_cipher=2", "", "")
	f.Fuzz(func(t *testing.T, method, target, shop, token string) {
		path, rawQuery, _ := strings.Cut(target, "?")
		r := &http.Request{
			Method: method, RequestURI: target, Host: "localhost", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
			URL:    &url.URL{Path: path, RawQuery: rawQuery},
			Header: http.Header{"Authorization": {"Bearer " + key}, gateway.HeaderShop: {shop}, "X-Tts-Access-Token": {token}},
		}
		recorder := httptest.NewRecorder()
		gate.ServeHTTP(recorder, r.WithContext(t.Context()))
		mu.Lock()
		defer mu.Unlock()
		for _, call := range forwarded {
			if !allowed(call) {
				t.Errorf("%s %q became %s, which the key may not call", method, target, call)
			}
		}
		forwarded = nil
		if recorder.Code == http.StatusOK && recorder.Body.Len() == 0 {
			t.Error("no answer")
		}
	})
}
