package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// discard is a response writer that only counts, so that benchmarks measure
// the handler.
type discard struct {
	header http.Header
	bytes  int
}

func (d *discard) Header() http.Header { return d.header }

func (d *discard) Write(b []byte) (int, error) { d.bytes += len(b); return len(b), nil }

func (d *discard) WriteHeader(int) {}

// searchRequest is a signed search for 20 orders.
func searchRequest(w *world) *http.Request {
	return w.request("POST", searchPath, "page_size=20&shop_cipher="+w.shop("US").Cipher, "").http()
}

// bare writes fixed bytes, which is the least that a handler can do.
func bare(body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	})
}

func BenchmarkOrderSearch(b *testing.B) {
	w := newWorld(b)
	r := searchRequest(w)
	body := w.serve(b, r).body
	for name, handler := range map[string]http.Handler{"sandbox": w, "bare": bare(body)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				handler.ServeHTTP(&discard{header: http.Header{}}, r)
			}
		})
	}
}

// BenchmarkOrderSearchLoopback sends the same request through real
// connections.
func BenchmarkOrderSearchLoopback(b *testing.B) {
	w := newWorld(b)
	r := searchRequest(w)
	body := w.serve(b, r).body
	for name, handler := range map[string]http.Handler{"sandbox": w, "bare": bare(body)} {
		b.Run(name, func(b *testing.B) {
			server := httptest.NewServer(handler)
			defer server.Close()
			transport := &http.Transport{MaxIdleConnsPerHost: 64}
			defer transport.CloseIdleConnections()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					outgoing, err := http.NewRequest("POST", server.URL+r.URL.RequestURI(), nil)
					if err != nil {
						b.Fatal(err)
					}
					outgoing.Header = r.Header
					response, err := transport.RoundTrip(outgoing)
					if err != nil {
						b.Fatal(err)
					}
					n, err := io.Copy(io.Discard, response.Body)
					response.Body.Close()
					// The links in the answer name the server, so lengths differ.
					if err != nil || n < int64(len(body))/2 {
						b.Fatalf("%d bytes, %v", n, err)
					}
				}
			})
		})
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sandbox.New(sandbox.Config{Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
