package webhook_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

type forgetful struct{}

func (forgetful) Put(context.Context, *webhook.Event) (bool, error) { return true, nil }

// BenchmarkHandler is what a delivery costs beside its storage.
func BenchmarkHandler(b *testing.B) {
	app := newApp(b, "k", secret)
	h := webhook.NewHandler(app, webhook.WithInbox(forgetful{}), quiet())
	small := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
	large := append(bytes.Clone(small), bytes.Repeat([]byte(" "), 64<<10)...)
	for _, tt := range []struct {
		name string
		body []byte
		auth string
	}{{"small", small, app.Sign(small)}, {"64KiB", large, app.Sign(large)}, {"forged", small, app.Sign(large)}} {
		b.Run(tt.name, func(b *testing.B) {
			header := http.Header{"Content-Type": {"application/json"}, "Authorization": {tt.auth}}
			body := bytes.NewReader(nil)
			r := httptest.NewRequest("POST", "/webhook", nil)
			r.Header, r.Body, r.ContentLength = header, io.NopCloser(body), int64(len(tt.body))
			w := httptest.NewRecorder()
			b.ReportAllocs()
			b.SetBytes(int64(len(tt.body)))
			for b.Loop() {
				body.Reset(tt.body)
				h.ServeHTTP(w, r)
			}
		})
	}
}

// BenchmarkServed is a delivery over a connection that is kept, with and without
// protection.
func BenchmarkServed(b *testing.B) {
	app := newApp(b, "k", secret)
	h := webhook.NewHandler(app, webhook.WithInbox(forgetful{}), quiet())
	body := webhooktest.Sample(event.TypeOrderStatusChange, time.Now())
	for _, name := range []string{"plain", "protected"} {
		b.Run(name, func(b *testing.B) {
			server := httptest.NewUnstartedServer(h)
			if name == "protected" {
				server.Listener = webhook.Protect(server.Config, server.Listener, webhook.Limits{Logger: quietLogger()})
			}
			server.Start()
			defer server.Close()
			b.ReportAllocs()
			for b.Loop() {
				r, err := webhooktest.Request(b.Context(), app, server.URL, body)
				if err != nil {
					b.Fatal(err)
				}
				answer, err := server.Client().Do(r)
				if err != nil || answer.StatusCode != 200 {
					b.Fatal(answer, err)
				}
				answer.Body.Close()
			}
		})
	}
}
