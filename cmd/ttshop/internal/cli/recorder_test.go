package cli

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// Whoever looks on reads no more of an answer than the client does, whose limit
// is 32 MiB.
func TestOnlookersReadNoMore(t *testing.T) {
	t.Parallel()
	const offered = 300 << 20
	for _, flag := range []string{"", "--verbose", "--trace=" + filepath.Join(t.TempDir(), "trace.jsonl")} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			var taken atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				chunk := bytes.Repeat([]byte(" "), 1<<20)
				for taken.Load() < offered {
					n, err := w.Write(chunk)
					taken.Add(int64(n))
					if err != nil {
						return
					}
				}
			}))
			defer server.Close()
			args := []string{"call", "GET", "/x"}
			if flag != "" {
				args = append(args, flag)
			}
			got := run(t, map[string]string{platform.EnvEndpoint: server.URL, platform.EnvAppKey: "k", platform.EnvAppSecret: "s", platform.EnvAccessToken: "t"}, "", args...)
			if got.code == console.ExitOK || !strings.Contains(got.err, "larger than the limit") {
				t.Errorf("%d: %s", got.code, got.err)
			}
			t.Logf("%d MB of %d were taken", taken.Load()>>20, offered>>20)
			if taken.Load() > 100<<20 {
				t.Errorf("%d MB were taken", taken.Load()>>20)
			}
			if flag == "--verbose" && !strings.Contains(got.err, "← HTTP 200, 33554433 bytes") {
				t.Errorf("the answer is not told: %s", got.err)
			}
		})
	}
}

// What a recorder tells of an answer whose client read it, or part of it.
func TestRecorderTells(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer string
		read   int64
		line   string
	}{
		"whole":                 {`{"code":7,"data":{}}`, 1 << 20, "← HTTP 200, code 7, 20 bytes, "},
		"code at the end":       {`{"data":{"code":5,"list":[1,{}]},"code":7}`, 1 << 20, "← HTTP 200, code 7, "},
		"another's":             {`{"Code":"Throttling","x":1}`, 1 << 20, "← HTTP 200, code Throttling, "},
		"not an object":         {`[1]`, 1 << 20, "← HTTP 200, 3 bytes, "},
		"nothing":               {``, 1 << 20, "← HTTP 200, "},
		"null":                  {`{"code":null}`, 1 << 20, "← HTTP 200, 13 bytes, "},
		"the beginning":         {`{"code":7,"data":"` + strings.Repeat("x", 5000) + `"}`, 100, "← HTTP 200, code 7, 100 bytes, "},
		"too large for a look":  {`{"data":"` + strings.Repeat("x", platform.RecordedHead) + `","code":7}`, 1 << 20, "← HTTP 200, 65556 bytes, "},
		"large, but code first": {`{"code":7,"data":"` + strings.Repeat("x", platform.RecordedHead) + `"}`, 1 << 20, "← HTTP 200, code 7, 65556 bytes, "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, tt.answer) }))
			defer server.Close()
			wire := &platform.Recorder{Next: http.DefaultTransport}
			req, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/x", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := (&http.Client{Transport: wire}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if got := wire.Take(); len(got) != 0 {
				t.Errorf("told before it was read: %+v", got)
			}
			_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, tt.read))
			resp.Body.Close()
			resp.Body.Close()
			got := wire.Take()
			if err != nil || len(got) != 1 {
				t.Fatalf("%+v, %v", got, err)
			}
			lines := got[0].Lines()
			if last := lines[len(lines)-1]; !strings.HasPrefix(last, tt.line) {
				t.Errorf("%q, want %q", last, tt.line)
			}
		})
	}
}
