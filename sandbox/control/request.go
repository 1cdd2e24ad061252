package control

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// Request is an entry of the sandbox's log.
type Request struct {
	ID          int64     `json:"id"` // counts up from 1
	Time        time.Time `json:"time"`
	Method      string    `json:"method"`
	Path        string    `json:"path"`
	Operation   string    `json:"operation"` // "" if the path is unknown
	ShopID      string    `json:"shop_id"`   // "" if there is none
	AppKey      string    `json:"app_key"`   // as it was sent
	Status      int       `json:"status"`    // of the answer; 0 if the request was cut off first
	Code        int       `json:"code"`
	RequestID   string    `json:"request_id"`
	SignatureOK *bool     `json:"signature_ok"` // nil if none was checked
	DurationMS  float64   `json:"duration_ms"`
}

// RequestDetail is everything that the log has about a request. Secrets are masked.
type RequestDetail struct {
	Request
	Source        string            `json:"source"`    // state or shape
	Fault         string            `json:"fault"`     // id of the fault that hit
	Grant         string            `json:"grant"`     // id of the grant of who asked
	ReplayOf      int64             `json:"replay_of"` // id of the request that this one repeats; 0 if it is not a replay
	Query         map[string]string `json:"query"`
	Headers       map[string]string `json:"headers"`
	Canonical     string            `json:"canonical"`     // what the signature covers
	Explanation   string            `json:"explanation"`   // which mistake made the signature wrong; empty if unknown
	Warnings      []string          `json:"warnings"`      // values that no document lists
	Sign          string            `json:"sign"`          // its beginning
	RequestBody   string            `json:"request_body"`  // its beginning; empty for forms
	ResponseBody  string            `json:"response_body"` // its beginning
	RequestBytes  int               `json:"request_bytes"`
	ResponseBytes int               `json:"response_bytes"`
}

// Requests returns the last requests, newest first: up to limit, or all that are
// known if limit is 0; with a prefix, only those whose path starts with it.
func (c *Client) Requests(ctx context.Context, limit int, prefix string) ([]Request, error) {
	query := url.Values{}
	if limit > 0 {
		query.Set("limit", strconv.Itoa(limit))
	}
	if prefix != "" {
		query.Set("path", prefix)
	}
	var list struct {
		Requests []Request `json:"requests"`
	}
	err := c.do(ctx, "GET", with("requests", query), nil, &list)
	return list.Requests, err
}

// Request returns all that is known about one request.
func (c *Client) Request(ctx context.Context, id int64) (RequestDetail, error) {
	return fetch[RequestDetail](ctx, c, "GET", "requests/"+strconv.FormatInt(id, 10), nil)
}

// Replay says how a request is sent once more. What is nil stays as it was.
type Replay struct {
	Query map[string]string `json:"query,omitempty"` // all of it, without what signing adds
	Body  *string           `json:"body,omitempty"`
	Grant *string           `json:"grant,omitempty"` // id of the grant whose token is sent; "" for no token
}

// Replay sends a request of the log once more, signed by the sandbox with the
// secret of its app, and returns what the log has of the new one.
func (c *Client) Replay(ctx context.Context, id int64, change Replay) (RequestDetail, error) {
	return fetch[RequestDetail](ctx, c, "POST", "requests/"+strconv.FormatInt(id, 10)+"/replay", change)
}

// HAR returns the last requests as an HTTP archive (HAR 1.2) with secrets masked,
// those that mention a text, or all if it is empty.
func (c *Client) HAR(ctx context.Context, text string) ([]byte, error) {
	query := url.Values{}
	if text != "" {
		query.Set("q", text)
	}
	return c.send(ctx, "GET", with("har", query), nil)
}
