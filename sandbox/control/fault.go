package control

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"time"
)

// Match says which requests are meant. Empty fields match all.
type Match struct {
	Method    string `json:"method,omitempty"`
	Path      string `json:"path,omitempty"`      // exact, with parameters in braces, or a prefix that ends in *
	Operation string `json:"operation,omitempty"` // such as order.GetOrderList, or a prefix that ends in *
	ShopID    string `json:"shop_id,omitempty"`
	AppKey    string `json:"app_key,omitempty"`

	// Webhook is the number of a webhook's type, for effects on webhooks.
	Webhook int `json:"webhook,omitempty"`
}

// Fault is a rule that disturbs requests or webhooks.
type Fault struct {
	Match       Match   `json:"match"`
	Next        int     `json:"next,omitempty"`        // requests to hit; 0 means all
	Probability float64 `json:"probability,omitempty"` // of a hit per match; 0 means always
	Then        Effect  `json:"then"`
}

// Effect is what a fault does.
type Effect struct {
	Status int           // of HTTP; 0 with a code means the code's own
	Code   int           // of the envelope; 0 with a status answers plain text
	Token  string        // "expired" or "invalid": how the access token is treated
	Delay  time.Duration // before the answer
	Cut    string        // "before", "body" or "after_work": where the connection ends

	// Webhook makes the fault one of webhooks instead of requests: "duplicate",
	// "late", by the delay on the sandbox's clock, or "forged".
	Webhook string
}

// effect is the form of an Effect on the wire.
type effect struct {
	Status  int    `json:"status,omitempty"`
	Code    int    `json:"code,omitempty"`
	Token   string `json:"token,omitempty"`
	Delay   string `json:"delay,omitempty"`
	Cut     string `json:"cut,omitempty"`
	Webhook string `json:"webhook,omitempty"`
}

// MarshalJSON writes the form that the sandbox reads.
func (e Effect) MarshalJSON() ([]byte, error) {
	wire := effect{Status: e.Status, Code: e.Code, Token: e.Token, Cut: e.Cut, Webhook: e.Webhook}
	if e.Delay != 0 {
		wire.Delay = e.Delay.String()
	}
	return json.Marshal(wire)
}

// UnmarshalJSON reads the form that the sandbox writes. Unknown fields are
// errors: a misspelt effect would do nothing.
func (e *Effect) UnmarshalJSON(raw []byte) error {
	var wire effect
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wire); err != nil {
		return err
	}
	*e = Effect{Status: wire.Status, Code: wire.Code, Token: wire.Token, Cut: wire.Cut, Webhook: wire.Webhook}
	if wire.Delay == "" {
		return nil
	}
	var err error
	e.Delay, err = time.ParseDuration(wire.Delay)
	return err
}

// ActiveFault is a fault in force.
type ActiveFault struct {
	Fault
	ID   string `json:"id"`
	Left int    `json:"left"` // hits that are left, where Next counts them
	Hits int    `json:"hits"`
}

// AddFault puts a fault into force and returns its id.
func (c *Client) AddFault(ctx context.Context, f Fault) (id string, err error) {
	var added struct {
		ID string `json:"id"`
	}
	err = c.do(ctx, "POST", "faults", f, &added)
	return added.ID, err
}

// Faults lists the faults in force.
func (c *Client) Faults(ctx context.Context) ([]ActiveFault, error) {
	var list struct {
		Faults []ActiveFault `json:"faults"`
	}
	err := c.do(ctx, "GET", "faults", nil, &list)
	return list.Faults, err
}

// RemoveFault ends a fault.
func (c *Client) RemoveFault(ctx context.Context, id string) error {
	return c.do(ctx, "DELETE", "faults/"+url.PathEscape(id), nil, nil)
}

// Throttle is how many requests per second the sandbox grants each app, shop and
// operation. If several rules match, the last one counts.
type Throttle struct {
	Rate  float64        `json:"rate"` // without a rule; 0 grants as many as come
	Rules []ThrottleRule `json:"rules"`
}

// ThrottleRule grants the requests that match it a rate of their own.
type ThrottleRule struct {
	Match
	Rate float64 `json:"rate"` // 0 grants as many as come
}

// Throttle returns the rates in force.
func (c *Client) Throttle(ctx context.Context) (Throttle, error) {
	return fetch[Throttle](ctx, c, "GET", "throttle", nil)
}

// SetThrottle replaces the rates. All buckets are full afterwards.
func (c *Client) SetThrottle(ctx context.Context, t Throttle) error {
	return c.do(ctx, "PUT", "throttle", t, nil)
}
