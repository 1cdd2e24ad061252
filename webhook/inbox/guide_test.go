package inbox_test

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
	"github.com/ttshop-go/ttshop/webhook/reconcile"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// The functions whose names begin with guide hold the Go code of
// docs/webhooks.md as it stands there; a test beside the guide compares them.

// fakeERP is the system behind a receiver.
type fakeERP struct {
	mu       sync.Mutex
	keys     map[string]bool
	statuses []string
	notes    []string
}

// Tx is a transaction of it.
type Tx struct{ erp *fakeERP }

func (e *fakeERP) SetStatus(_ context.Context, order, status string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.statuses = append(e.statuses, order+" "+status)
	return nil
}

func (e *fakeERP) Note(_ context.Context, topic string, _ []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.notes = append(e.notes, topic)
	return nil
}

func (e *fakeERP) InTransaction(_ context.Context, f func(Tx) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return f(Tx{e})
}

func (t Tx) Remember(key string) (bool, error) {
	fresh := !t.erp.keys[key]
	t.erp.keys[key] = true
	return fresh, nil
}

func (t Tx) SetStatus(order, status string) error {
	t.erp.statuses = append(t.erp.statuses, order+" "+status)
	return nil
}

func guideReceive(mux *http.ServeMux, erp *fakeERP, appKey, appSecret string) error {
	app, err := webhook.NewApp(appKey, appSecret) // during a rotation: the new secret, then the old one
	if err != nil {
		return err
	}
	h := webhook.NewHandler(app)
	webhook.On(h, func(ctx context.Context, e *event.OrderStatusChange) error {
		return erp.SetStatus(ctx, e.Data.OrderID, string(e.Data.OrderStatus))
	})
	h.OnOther(func(ctx context.Context, e *webhook.Event) error {
		return erp.Note(ctx, e.Type.String(), e.Meta.Raw)
	})
	mux.Handle("/webhook", h)
	return nil
}

func guideProtect(mux *http.ServeMux, listener net.Listener) error {
	server := &http.Server{Handler: mux}
	return server.Serve(webhook.Protect(server, listener, webhook.Limits{}))
}

func guideKeep(ctx context.Context, mux *http.ServeMux, erp *fakeERP, app webhook.App, folder string) error {
	box, err := embedded.Open(ctx, "file:"+folder) // or nats://host1,nats://host2,nats://host3
	if err != nil {
		return err
	}
	defer box.Close()
	h := webhook.NewHandler(app, webhook.WithInbox(box))
	mux.Handle("/webhook", h)

	webhook.On(h, func(ctx context.Context, e *event.OrderStatusChange) error {
		return erp.InTransaction(ctx, func(tx Tx) error {
			fresh, err := tx.Remember(e.Meta.Key) // INSERT … ON CONFLICT DO NOTHING
			if err != nil || !fresh {
				return err // done before, or try again later
			}
			return tx.SetStatus(e.Data.OrderID, string(e.Data.OrderStatus))
		})
	})
	return box.Consume(ctx, "erp", h.Handle, inbox.ConsumeOptions{Ordered: true})
}

func guideForward(ctx context.Context, box *inbox.Inbox, app webhook.App) error {
	forward, err := inbox.Forward("http://127.0.0.1:3000/webhook", inbox.ForwardOptions{App: app})
	if err != nil {
		return err
	}
	return box.Consume(ctx, "forward", forward, inbox.ConsumeOptions{Ordered: true, Tries: 30})
}

func guideReconcile(ctx context.Context, client *ttshop.Client, box *inbox.Inbox, appKey, cipher, shopID string) error {
	report, err := reconcile.Run(ctx, client.Shop(cipher), box, reconcile.Options{
		AppKey: appKey, ShopID: shopID, From: time.Now().Add(-24 * time.Hour),
	})
	if err != nil {
		return err
	}
	log.Printf("%d of %d orders were missed", len(report.Missed), report.Orders)
	return nil
}

func newERP() *fakeERP { return &fakeERP{keys: map[string]bool{}} }

func (e *fakeERP) seen() (statuses, notes int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.statuses), len(e.notes)
}

// deliverGuide posts the same event twice and something else once.
func deliverGuide(t *testing.T, app webhook.App, url string) {
	t.Helper()
	moved := webhooktest.Sample(event.TypeOrderStatusChange, time.Time{})
	for _, body := range [][]byte{moved, moved, webhooktest.Sample(event.TypeGoodsMatch, time.Time{})} {
		r, err := webhooktest.Request(t.Context(), app, url+"/webhook", body)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("answered %s", answer.Status)
		}
	}
}

func TestGuideReceive(t *testing.T) {
	t.Parallel()
	mux, erp := http.NewServeMux(), newERP()
	if err := guideReceive(mux, erp, "k", "s"); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- guideProtect(mux, listener) }()
	app, err := webhook.NewApp("k", "s")
	if err != nil {
		t.Fatal(err)
	}
	deliverGuide(t, app, "http://"+listener.Addr().String())
	listener.Close()
	if err := <-served; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if statuses, notes := erp.seen(); statuses != 1 || notes != 1 {
		t.Errorf("%d statuses, %d notes", statuses, notes)
	}
}

func TestGuideKeep(t *testing.T) {
	t.Parallel()
	app, err := webhook.NewApp("k", "s")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	mux, erp, ended, folder := http.NewServeMux(), newERP(), make(chan error, 1), t.TempDir()
	go func() { ended <- guideKeep(ctx, mux, erp, app, folder) }()
	server := httptest.NewServer(mux)
	defer server.Close()
	eventually(t, "the receiver is there", func() bool {
		answer, err := http.Get(server.URL + "/webhook")
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusMethodNotAllowed
	})
	deliverGuide(t, app, server.URL)
	eventually(t, "the order is written", func() bool { statuses, _ := erp.seen(); return statuses > 0 })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if statuses, _ := erp.seen(); statuses != 1 {
		t.Errorf("%d statuses", statuses)
	}
}

func TestGuideForwardAndReconcile(t *testing.T) {
	t.Parallel()
	box := open(t, "file:"+t.TempDir())
	ended, cancel := context.WithCancel(t.Context())
	cancel() // nothing is at the guide's address
	if err := guideForward(ended, box, webhook.App{}); err != nil {
		t.Error(err)
	}
	sb, err := sandbox.New(sandbox.Config{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer sb.Close()
	server := httptest.NewServer(sb)
	defer server.Close()
	c := sb.Credentials()
	client := ttshop.New(c.AppKey, c.AppSecret, ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(ttshop.StaticToken(c.AccessToken)))
	if err := guideReconcile(t.Context(), client, box, c.AppKey, c.Shops[0].Cipher, c.Shops[0].ID); err != nil {
		t.Error(err)
	}
	for e, err := range box.Events(t.Context(), inbox.Query{}) {
		if err != nil || !e.Event.Meta.Reconciled {
			t.Errorf("%+v, %v", e, err)
		}
	}
}
