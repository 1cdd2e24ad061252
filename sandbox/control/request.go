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
	Status      int       `json:"status"`    // of the answer; 0 if the request was cut off first
	Code        int       `json:"code"`
	RequestID   string    `json:"request_id"`
	SignatureOK *bool     `json:"signature_ok"` // nil if none was checked
	DurationMS  float64   `json:"duration_ms"`
}

// RequestDetail is everything that the log has about a request. Secrets are masked.
type RequestDetail struct {
	Request
	ShopID        string            `json:"shop_id"`
	Source        string            `json:"source"` // state or shape
	Fault         string            `json:"fault"`  // id of the fault that hit
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
