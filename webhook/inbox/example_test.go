package inbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// A receiver that answers once an event is on disk and works on it afterwards.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	dir, err := os.MkdirTemp("", "inbox")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	box, err := embedded.Open(ctx, "file:"+dir) // or nats://host1,nats://host2,nats://host3
	if err != nil {
		fmt.Println(err)
		return
	}
	defer box.Close()
	app, err := webhook.NewApp("app-key", "app-secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	h := webhook.NewHandler(app, webhook.WithInbox(box))
	server := httptest.NewServer(h) // http.Handle("/webhook", h) in a program
	defer server.Close()

	// The platform delivers, and delivers again.
	body := webhooktest.Body(&event.OrderStatusChange{Data: event.OrderStatusChangeData{OrderID: "576653688135258178", OrderStatus: event.OrderStatusUnpaid}})
	for range 2 {
		delivery, err := webhooktest.Request(ctx, app, server.URL, body)
		if err != nil {
			fmt.Println(err)
			return
		}
		answer, err := http.DefaultClient.Do(delivery)
		if err != nil {
			fmt.Println(err)
			return
		}
		answer.Body.Close()
		fmt.Println(answer.StatusCode)
	}

	webhook.On(h, func(ctx context.Context, e *event.OrderStatusChange) error {
		fmt.Println(e.Data.OrderID, e.Data.OrderStatus)
		cancel() // the end of this example
		return nil
	})
	if err := box.Consume(ctx, "erp", h.Handle, inbox.ConsumeOptions{Ordered: true}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 200
	// 200
	// 576653688135258178 UNPAID
}
