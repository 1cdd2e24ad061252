package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// oneShop returns the configuration of a gateway with one shop, and a key that may
// read orders.
func oneShop(t testing.TB, endpoint string, options ...ttshop.Option) (gateway.Config, string) {
	t.Helper()
	app := &oauth.App{Key: "app", Secret: "secret"}
	store := new(tokenstore.Memory)
	_, err := tokenstore.Put(t.Context(), store, tokenstore.Grant{
		Key: tokenstore.Key{AppKey: "app", OpenID: "seller"}, Token: ttshop.Token{AccessToken: "token", OpenID: "seller"},
		Shops: []tokenstore.Shop{{ID: "1", Cipher: "cipher", Name: "Shop"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	fleet := tokenstore.NewFleet(app, store, tokenstore.FleetConfig{ClientOptions: append([]ttshop.Option{ttshop.WithEndpoint(endpoint), ttshop.WithoutRetry()}, options...)})
	c := new(catalog.Catalog)
	file := policy.File(filepath.Join(t.TempDir(), "keys.json"))
	book, err := policy.Open(t.Context(), file, c)
	if err != nil {
		t.Fatal(err)
	}
	var key string
	err = policy.Update(t.Context(), file, book.Operations(), func(d *policy.Document) error {
		issued, err := d.Create(policy.Key{Name: "k", Allow: []string{"order.*"}, Shops: []string{"1"}, ReadOnly: true}, time.Now(), nil)
		key = issued.RevealKey()
		return err
	})
	if err == nil {
		err = book.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return gateway.Config{Fleet: fleet, Book: book, Catalog: c}, key
}

// replace changes a text in a file.
func replace(t *testing.T, path, old, with string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(readFile(t, path)), old, with)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// benchmarkProxies measures calls directly, through a bare reverse proxy and
// through the gateway with pace and audit. Client and upstream are in this process,
// so the difference in processor time is what a proxy costs.
func benchmarkProxies(b *testing.B) {
	answer := []byte(`{"code":0,"message":"Success","request_id":"r","data":{"orders":[]}}`)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(answer)
	}))
	b.Cleanup(upstream.Close)
	target, err := url.Parse(upstream.URL)
	if err != nil {
		b.Fatal(err)
	}
	bare := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
	b.Cleanup(bare.Close)
	gate, key := benchGateway(b, upstream.URL)
	front := httptest.NewServer(gate)
	b.Cleanup(front.Close)
	for _, way := range []struct{ name, url string }{{"direct", upstream.URL}, {"bare", bare.URL}, {"gateway", front.URL}} {
		b.Run(way.name, func(b *testing.B) {
			var took []time.Duration
			used := cpuTime()
			for b.Loop() {
				start := time.Now()
				req, err := http.NewRequestWithContext(b.Context(), "POST", way.url+"/order/202309/orders/search?page_size=1", strings.NewReader(`{"order_status":"UNPAID"}`))
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+key)
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					b.Fatal(err)
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode != 200 {
					b.Fatalf("HTTP %d", resp.StatusCode)
				}
				took = append(took, time.Since(start))
			}
			b.ReportMetric(float64((cpuTime()-used).Nanoseconds())/1000/float64(len(took)), "cpu-µs/op")
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		})
	}
}

// benchGateway returns a gateway with an audit and a pace that does not slow it.
func benchGateway(b *testing.B, endpoint string) (http.Handler, string) {
	audit, err := gateway.OpenAuditFile(filepath.Join(b.TempDir(), "audit.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { audit.Close() })
	pacer := ttshop.NewPacer(ttshop.PacerConfig{Rate: func(string) float64 { return 1e6 }})
	config, key := oneShop(b, endpoint, ttshop.WithLimiter(pacer))
	config.Audit = audit
	gate, err := gateway.New(config)
	if err != nil {
		b.Fatal(err)
	}
	return gate, key
}

// newUpstream serves a platform that a handler plays, and returns its address.
func newUpstream(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}
