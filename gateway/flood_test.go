package gateway_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/gateway"
)

// floodCanary is in whatever a client sends that must not go on or be shown.
const floodCanary = "canary-5f3a"

// flood makes requests, byte by byte: from good ones, by mistakes and malice.
type flood struct {
	*rand.Rand
	key     string
	entries []string // METHOD /path of all operations
}

func (f *flood) one(of ...string) string { return of[f.IntN(len(of))] }

func (f *flood) path() (method, path string) {
	method, path, _ = strings.Cut(f.one(f.entries...), " ")
	for strings.Contains(path, "{") {
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + f.one("1", "1729382", "..", "%2e%2e", "a%2fb", "%00", "{id}", "", "1;x", "é", "%C3%A9") + after
	}
	if f.IntN(3) == 0 {
		path = f.one("/order/202309/orders/search", "/order/202309/orders", path)
	}
	if f.IntN(3) == 0 {
		at := f.IntN(len(path))
		path = path[:at] + f.one("/", "//", "/..", "/./", "%2F", "%5c", "\\", "%", "%zz", "%25", ".", "\t", " ", "\x00", "\x7f", "#", "?", ";", "A", "\r\nX-A: b") + path[at:]
	}
	if f.IntN(12) == 0 {
		method = f.one("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "get", "G\x00T")
	}
	if f.IntN(20) == 0 {
		path = f.one("http://evil.example", "//evil.example", "https://open-api.tiktokglobalshop.com", "*", "") + path
	}
	return method, path
}

func (f *flood) query() string {
	var parts []string
	for range f.IntN(4) {
		parts = append(parts, f.one("page_size=1", "shop_cipher=1", "shop_cipher=2", "shop_cipher="+floodCanary, "sign="+floodCanary, "app_key="+floodCanary,
			"timestamp=1", "access_token="+floodCanary, "category_asset_cipher="+floodCanary, "nonce=1", "a;b", "%zz=1", "ids=1,2", "x=%00", "page_token=a%3D%3D", "Sign=x", "SHOP_CIPHER=2"))
	}
	if len(parts) == 0 {
		return ""
	}
	return "?" + strings.Join(parts, "&")
}

func (f *flood) headers() string {
	var b strings.Builder
	add := func(lines ...string) { b.WriteString(f.one(lines...) + "\r\n") }
	add("Host: localhost", "Host: localhost", "Host: localhost", "Host: 127.0.0.1", "Host: evil.example", "Host: localhost\r\nHost: evil.example", "Host: ")
	add("Authorization: Bearer "+f.key, "Authorization: Bearer "+f.key, "Authorization: Bearer "+f.key, "authorization: bearer "+f.key, "Authorization: Bearer ttg_"+floodCanary,
		"Authorization: Basic "+floodCanary, "Authorization: "+floodCanary, "X-Nothing: x", "Authorization: Bearer "+f.key+"\r\nAuthorization: Bearer "+floodCanary)
	for range f.IntN(4) {
		add("X-Ttshop-Shop: 1", "X-Ttshop-Shop: 2", "X-Ttshop-Shop: "+floodCanary, "X-Ttshop-Grant: seller", "X-Tts-Access-Token: "+floodCanary, "Origin: https://evil.example",
			"Content-Type: application/json", "Content-Type: multipart/form-data; boundary=b", "Content-Type: text/plain", "Transfer-Encoding: chunked", "Transfer-Encoding: identity, chunked",
			"Content-Length: 2", "Content-Length: 9999999999", "Content-Length: -1", "Connection: x-tts-access-token", "Connection: close", "Expect: 100-continue", "Cookie: "+floodCanary,
			"X-Forwarded-For: 1.2.3.4", "X-Forwarded-Host: evil.example", "X-HTTP-Method-Override: DELETE", "X-Original-URL: /product/202309/products", "Upgrade: websocket", "X-A: \x00", "X-B : c", " folded", "X-Long: "+strings.Repeat("x", f.IntN(2000)))
	}
	return b.String()
}

// nearly returns a request that is good but for one thing, which may be good, too.
func (f *flood) nearly() string {
	method, path, query := "POST", "/order/202309/orders/search", "?page_size=1"
	headers := []string{"Host: localhost", "Authorization: Bearer " + f.key, "Content-Type: application/json"}
	switch f.IntN(4) {
	case 0:
		method, path = f.path()
	case 1:
		query = f.query()
	case 2:
		headers = append(headers, strings.Split(strings.TrimSuffix(f.headers(), "\r\n"), "\r\n")[2:]...)
	}
	return method + " " + path + query + " HTTP/1.1\r\n" + strings.Join(headers, "\r\n") + "\r\nContent-Length: 2\r\n\r\n{}"
}

// request returns the bytes of a request.
func (f *flood) request() string {
	if f.IntN(2) == 0 {
		return f.nearly()
	}
	method, path := f.path()
	body := f.one("", "", "{}", `{"order_status":"UNPAID"}`, "2\r\n{}\r\n0\r\n\r\n", "0\r\n\r\nGET /product/202309/products HTTP/1.1\r\nHost: localhost\r\n\r\n")
	headers := f.headers()
	if f.IntN(2) == 0 && !strings.Contains(headers, "Content-Length") && !strings.Contains(headers, "Transfer-Encoding") {
		headers += "Content-Length: " + strconv.Itoa(len(body)) + "\r\n"
	}
	return method + " " + path + f.query() + f.one(" HTTP/1.1", " HTTP/1.1", " HTTP/1.1", " HTTP/1.0", " HTTP/2.0", "") + "\r\n" + headers + "\r\n" + body
}

// TestFlood sends thousands of wrong, odd and hostile requests, as bytes, each over
// a connection of its own: nothing reaches the platform that the key may not do,
// nothing that a client sent in the place of the gateway's own, memory stays flat,
// and no output has a secret. TTSHOP_FLOOD is how many; 100000 take some minutes.
func TestFlood(t *testing.T) { // alone, since it measures memory
	count := 2000
	if n, err := strconv.Atoi(os.Getenv("TTSHOP_FLOOD")); err == nil && n > 0 {
		count = n
	}
	var config gateway.Config
	var forwarded, leaked atomic.Int64
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forwarded.Add(1)
		entry, ok := config.Catalog.Find(r.Method, r.URL.EscapedPath())
		if op, err := config.Catalog.Describe(entry); !ok || err != nil || op.Write || entry.Domain != "order" || entry.Method != r.Method {
			t.Errorf("%s %s was forwarded, which the key may not call", r.Method, r.URL.EscapedPath())
		}
		if cipher := r.URL.Query().Get("shop_cipher"); cipher != "cipher" && cipher != "" || r.Header.Get("X-Tts-Access-Token") != "token" || r.URL.Query().Get("app_key") != "app" {
			t.Errorf("%s was forwarded with another shop, app or token", r.URL.Path)
		}
		body, _ := io.ReadAll(r.Body)
		if all := fmt.Sprint(r.URL, r.Header, string(body)); strings.Contains(all, floodCanary) || strings.Contains(all, "ttg_") {
			leaked.Add(1)
			t.Errorf("what a client sent reached the platform: %s", all)
		}
		io.WriteString(w, `{"code":0,"message":"Success","request_id":"r","data":{}}`)
	}))
	t.Cleanup(upstream.Close)
	var key string
	config, key = oneShop(t, upstream.URL, ttshop.WithLimiter(nil))
	var logged safeBuffer
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	config.Audit, config.Logger = openAudit(t, path), slog.New(slog.NewJSONHandler(&logged, nil))
	gate, err := gateway.New(config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = gateway.NewServer(gate)
	server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(&logged, nil), slog.LevelInfo)
	server.Start()
	t.Cleanup(server.Close)
	var entries []string
	for _, e := range config.Catalog.Operations("") {
		entries = append(entries, e.Method+" "+e.Path)
	}
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{key, floodCanary}
	statuses := make([]int64, 600)
	var mu sync.Mutex
	var group sync.WaitGroup
	heap := func() int64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	run := func(n int, seed uint64) {
		const workers = 4
		for worker := range workers {
			group.Go(func() {
				f := &flood{rand.New(rand.NewPCG(seed, uint64(worker))), key, entries}
				for range n / workers {
					request := f.request()
					status, answer, err := exchangeBytes(address.Host, request)
					if err != nil {
						t.Errorf("%q: %v", request, err)
						return
					}
					for _, secret := range secrets {
						if strings.Contains(answer, secret) {
							t.Errorf("%q was answered with a secret:\n%s", request, answer)
						}
					}
					mu.Lock()
					statuses[status]++
					mu.Unlock()
				}
			})
		}
		group.Wait()
	}
	run(count/5, 1)
	before := heap()
	run(count-count/5, 2)
	after := heap()
	outputs := logged.String() + string(readFile(t, path))
	recorder := httptest.NewRecorder()
	(&gateway.Admin{Gateway: gate}).ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), "GET", "http://localhost/metrics", nil))
	outputs += recorder.Body.String()
	for i, secret := range secrets {
		if strings.Contains(outputs, secret) {
			t.Errorf("secret %d is in the outputs", i)
		}
	}
	if grown := after - before - int64(len(logged.String())); grown > 16<<20 {
		t.Errorf("the heap grew by %d KB during %d requests", grown>>10, count)
	}
	counted := map[int]int64{}
	for status, n := range statuses {
		if n > 0 {
			counted[status] = n
		}
	}
	if forwarded.Load() == 0 || counted[400] == 0 || counted[401] == 0 || counted[403] == 0 {
		t.Errorf("%d were forwarded, the statuses are %v: the requests are too alike", forwarded.Load(), counted)
	}
	t.Logf("%d requests: %d forwarded, statuses %v, heap %d KB before and %d KB after", count, forwarded.Load(), counted, before>>10, after>>10)
}

// exchangeBytes sends bytes and returns the first answer: 0 where the connection was
// closed without one.
func exchangeBytes(address, request string) (status int, answer string, err error) {
	conn, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return 0, "", err
	}
	defer conn.Close()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // thousands of connections would wait for their end
	}
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return 0, "", err
	}
	if _, err := io.WriteString(conn, request); err != nil {
		return 0, "", nil // it was refused before it was sent
	}
	// A server that waits for a body learns in a moment that there is none.
	if tcp, ok := conn.(*net.TCPConn); ok {
		defer time.AfterFunc(50*time.Millisecond, func() { _ = tcp.CloseWrite() }).Stop()
	}
	var all strings.Builder
	resp, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &all)), nil)
	if err != nil {
		if all.Len() == 0 && !errors.Is(err, os.ErrDeadlineExceeded) {
			return 0, "", nil // closed without an answer
		}
		return 0, all.String(), fmt.Errorf("the answer %.200q cannot be read: %w", all.String(), err)
	}
	_, _ = io.Copy(io.Discard, resp.Body) // of HEAD there is none
	resp.Body.Close()
	return resp.StatusCode, all.String(), nil
}
