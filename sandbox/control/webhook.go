package control

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
)

// AppWebhook is where an app wants its webhooks. It can have other addresses
// for single shops, which the Event API sets and which come first.
type AppWebhook struct {
	Address string `json:"address"`
	Types   []int  `json:"types,omitempty"`   // none means all
	AppKey  string `json:"app_key,omitempty"` // empty means the first app
}

// Webhook returns where the first app wants its webhooks. The address is empty if
// none is set.
func (c *Client) Webhook(ctx context.Context) (AppWebhook, error) {
	var addresses struct {
		App AppWebhook `json:"app"`
	}
	err := c.do(ctx, "GET", "webhooks", nil, &addresses)
	return addresses.App, err
}

// SetWebhook sets the address of an app. Unlike on the platform, it may be plain
// http and on the same machine.
func (c *Client) SetWebhook(ctx context.Context, w AppWebhook) error {
	return c.do(ctx, "PUT", "webhooks", w, nil)
}

// RemoveWebhook removes the address of the first app.
func (c *Client) RemoveWebhook(ctx context.Context) error {
	return c.RemoveWebhookOf(ctx, "")
}

// RemoveWebhookOf removes the address of an app. An empty key means the first app.
func (c *Client) RemoveWebhookOf(ctx context.Context, appKey string) error {
	query := url.Values{}
	if appKey != "" {
		query.Set("app_key", appKey)
	}
	return c.do(ctx, "DELETE", with("webhooks", query), nil, nil)
}

// Trigger is a webhook to raise.
type Trigger struct {
	Type   int    `json:"type"`              // such as 1 for ORDER_STATUS_CHANGE
	ShopID string `json:"shop_id,omitempty"` // empty means the first shop
	Data   any    `json:"data,omitempty"`    // nil means a sample
	To     string `json:"to,omitempty"`      // address; empty means the ones that are set
	AppKey string `json:"app_key,omitempty"` // empty means every app that may hear of the shop, with To the first one
	Age    string `json:"age,omitempty"`     // how long ago it says it was sent, such as 13h; empty means now
	Forged bool   `json:"forged,omitempty"`  // signed with a wrong secret
}

// Triggered is the outcome of a trigger: of its first delivery where several
// apps are told.
type Triggered struct {
	ID       string    `json:"id"` // of the delivery
	Status   string    `json:"status"`
	Address  string    `json:"address"`
	Attempts []Attempt `json:"attempts"` // so far; the last one is the newest
}

// SampleWebhook returns the data that a trigger of a type sends by itself, about
// things that the shop has. An empty shop id means the first shop.
func (c *Client) SampleWebhook(ctx context.Context, eventType int, shopID string) (json.RawMessage, error) {
	query := url.Values{"type": {strconv.Itoa(eventType)}}
	if shopID != "" {
		query.Set("shop_id", shopID)
	}
	var sample struct {
		Data json.RawMessage `json:"data"`
	}
	err := c.do(ctx, "GET", with("webhooks/sample", query), nil, &sample)
	return sample.Data, err
}

// TriggerWebhook raises a webhook and waits for the first attempt.
func (c *Client) TriggerWebhook(ctx context.Context, t Trigger) (Triggered, error) {
	return fetch[Triggered](ctx, c, "POST", "webhooks/trigger", t)
}

// Delivery is a webhook on its way or delivered.
type Delivery struct {
	ID             string    `json:"id"` // counts up from 1
	NotificationID string    `json:"notification_id"`
	Type           int       `json:"type"`
	Topic          string    `json:"topic"`
	ShopID         string    `json:"shop_id"` // empty for what does not concern a shop
	AppKey         string    `json:"app_key"` // of the app that is told
	Address        string    `json:"address"`
	Status         string    `json:"status"`
	Forged         bool      `json:"forged"` // signed with a wrong secret
	CreateTime     int64     `json:"create_time"`
	Due            int64     `json:"due"`     // Unix seconds of the next attempt; 0 if none is due
	Retries        int       `json:"retries"` // of the plan that were used
	Attempts       []Attempt `json:"attempts"`
	Body           string    `json:"body"`
}

// Attempt is what came of one request.
type Attempt struct {
	Time       int64   `json:"time"`   // Unix seconds by the sandbox's clock
	Status     int     `json:"status"` // of HTTP; 0 if no answer came
	Error      string  `json:"error"`
	DurationMS float64 `json:"duration_ms"`
}

// Deliveries returns the last deliveries, newest first: up to limit, or all that
// are known if limit is 0; with a type other than 0, only those of that type.
func (c *Client) Deliveries(ctx context.Context, limit, eventType int) ([]Delivery, error) {
	query := url.Values{}
	if limit > 0 {
		query.Set("limit", strconv.Itoa(limit))
	}
	if eventType > 0 {
		query.Set("type", strconv.Itoa(eventType))
	}
	var list struct {
		Deliveries []Delivery `json:"deliveries"`
	}
	err := c.do(ctx, "GET", with("webhooks/deliveries", query), nil, &list)
	return list.Deliveries, err
}

// Resend sends a delivery again and waits for the attempt.
func (c *Client) Resend(ctx context.Context, id string) (Triggered, error) {
	return fetch[Triggered](ctx, c, "POST", "webhooks/deliveries/"+url.PathEscape(id)+"/resend", nil)
}
