package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Client talks to one sandbox. It is safe for concurrent use.
type Client struct {
	base string
	http *http.Client
}

// New returns a client of the sandbox at a base URL, such as
// http://127.0.0.1:8080.
func New(baseURL string) *Client { return NewWithClient(baseURL, http.DefaultClient) }

// NewWithClient is [New] with an HTTP client of the caller's.
func NewWithClient(baseURL string, client *http.Client) *Client {
	return &Client{strings.TrimSuffix(baseURL, "/") + "/_sandbox/", client}
}

// Error is a refusal of the sandbox.
type Error struct {
	Status  int    // of HTTP
	Code    int    // of the platform, if one of its rules forbids it
	Message string // what is wrong
}

// Error returns the message.
func (e *Error) Error() string { return fmt.Sprintf("sandbox: %s (status %d)", e.Message, e.Status) }

// do sends a request and decodes the answer into out, unless that is nil.
func (c *Client) do(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("encoding %s %s: %w", method, path, err)
		}
	}
	answer, err := c.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("decoding the answer of %s %s: %w", method, path, err)
	}
	return nil
}

// fetch is do for an answer of a type.
func fetch[T any](ctx context.Context, c *Client, method, path string, in any) (T, error) {
	var out T
	err := c.do(ctx, method, path, in, &out)
	return out, err
}

func (c *Client) send(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	var sent io.Reader
	if body != nil {
		sent = bytes.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, sent)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the answer of %s %s: %w", method, path, err)
	}
	if response.StatusCode >= 300 {
		var refusal struct {
			Error string `json:"error"`
			Code  int    `json:"code"`
		}
		if json.Unmarshal(answer, &refusal) != nil || refusal.Error == "" {
			refusal.Error = http.StatusText(response.StatusCode)
		}
		return nil, &Error{response.StatusCode, refusal.Code, refusal.Error}
	}
	return answer, nil
}

// with appends a query to a path.
func with(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
