package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sign"
)

// BenchmarkSandbox holds a signed order search of 20 in the sandbox against a
// bare handler that writes the same bytes, both over real connections and with
// a client that costs as little as possible.
func BenchmarkSandbox(b *testing.B) {
	server := sandboxtest.StartWith(b, sandbox.Config{Throttle: new(0.0)})
	var cipher string
	for _, shop := range server.Credentials.Shops {
		if shop.Region == "GB" {
			cipher = shop.Cipher
		}
	}
	query := url.Values{"app_key": {server.Credentials.AppKey}, "shop_cipher": {cipher}, "page_size": {"20"}, "timestamp": {fmt.Sprint(time.Now().Unix())}}
	const path = "/order/202309/orders/search"
	signature := sign.New(server.Credentials.AppSecret).Sign(sign.Request{Path: path, Query: query})
	rawQuery := "?" + query.Encode() + "&sign=" + signature

	var answer []byte
	post := func(b *testing.B, address string) []byte {
		req, err := http.NewRequestWithContext(b.Context(), "POST", address+path+rawQuery, nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header["X-Tts-Access-Token"] = []string{server.Credentials.AccessToken}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatalf("%s %s %v", resp.Status, got, err)
		}
		return got
	}
	answer = post(b, server.URL)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	defer bare.Close()
	if !bytes.Contains(answer, []byte(`"code":0`)) {
		b.Fatalf("answer %s", answer)
	}
	b.Run("search", func(b *testing.B) {
		compare(b, 50, func() { post(b, server.URL) }, func() { post(b, bare.URL) })
	})
}

// BenchmarkSandboxStart measures how long a sandbox takes until it can answer.
func BenchmarkSandboxStart(b *testing.B) {
	for b.Loop() {
		if _, err := sandbox.New(sandbox.Config{}); err != nil {
			b.Fatal(err)
		}
	}
}
