package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

func ExampleHandler() {
	app, err := webhook.NewApp("app-key", "app-secret") // while a secret is in rotation: new, old
	if err != nil {
		fmt.Println(err)
		return
	}
	h := webhook.NewHandler(app)
	webhook.On(h, func(ctx context.Context, e *event.OrderStatusChange) error {
		fmt.Println(e.Data.OrderID, e.Data.OrderStatus)
		return nil
	})
	h.OnOther(func(ctx context.Context, e *webhook.Event) error {
		fmt.Println("also", e.Type)
		return nil
	})
	server := httptest.NewServer(h) // http.Handle("/webhook", h) in a program
	defer server.Close()

	for _, body := range [][]byte{
		webhooktest.Body(&event.OrderStatusChange{Data: event.OrderStatusChangeData{OrderID: "576653688135258178", OrderStatus: event.OrderStatusUnpaid}}),
		webhooktest.Sample(event.TypeGoodsMatch, time.Now()),
	} {
		delivery, err := webhooktest.Request(context.Background(), app, server.URL, body)
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
	// Output:
	// 576653688135258178 UNPAID
	// 200
	// also GOODS_MATCH
	// 200
}

func ExampleHandler_Verify() {
	app, err := webhook.NewApp("abcdef", "123")
	if err != nil {
		fmt.Println(err)
		return
	}
	h := webhook.NewHandler(app, webhook.WithReplayWindow(0)) // for a delivery of the past
	body := []byte(`{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507","timestamp":1718305585,"data":{"is_on_hold_order":true,"order_id":"576653688135258178","order_status":"UNPAID","update_time":1718305585}}`)
	e, err := h.Verify("5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05", body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Type, e.ShopID, e.Object(), e.Meta.Key)
	// Output: ORDER_STATUS_CHANGE 7495540735365777507 576653688135258178 abcdef:7380066284010030890
}
