package ttshop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// Forward is a request of somebody else that [Client.Forward] sends on.
type Forward struct {
	// Operation is the operation that the path is one of: it names, paces and
	// repeats the call, and says whether a shop cipher is sent.
	Operation *Operation
	Path      string // escaped, with a leading slash
	// Query holds the decoded parameters, without those that the client sets: app
	// key, timestamp, signature, access token and ciphers.
	Query url.Values
	// ContentType is that of the body; empty means application/json.
	ContentType string
	// Body is the exact body. It is sent as it is, whatever it holds.
	Body []byte
	// Stream is a multipart body in place of Body, of Length bytes or of unknown
	// length with -1. It is read once: a call is not repeated once reading began.
	Stream io.Reader
	Length int64
	// Sending, if not nil, is called right before each try is sent, with its number
	// from 1. With an error the try is not sent, and the call ends with it.
	Sending func(try int) error
}

// Forwarded is the platform's answer to a forwarded request, as it came.
type Forwarded struct {
	HTTPStatus int
	Header     http.Header
	Body       []byte
	// Meta is how the call went. Raw is the body.
	Meta Meta
	// Waited is the time that the call spent on pacing and backoff.
	Waited time.Duration
}

// streamed is a body that is read once.
type streamed struct {
	reader  io.Reader
	length  int64
	started atomic.Bool // the transport reads in a goroutine of its own
}

// Read implements io.Reader.
func (s *streamed) Read(b []byte) (int, error) {
	s.started.Store(true)
	return s.reader.Read(b)
}

// controlled are the parameters that the client sets itself.
var controlled = map[string]bool{
	"app_key": true, "timestamp": true, "sign": true, "access_token": true,
	"shop_cipher": true, "category_asset_cipher": true,
}

// Forward sends a request on whose bytes somebody else made, paced, signed and
// repeated like [Client.Do], and returns the platform's answer as it came. A refusal
// by the platform is an answer: it comes with the [*Error] that says what it
// means. Without an answer the first result is nil.
func (c *Client) Forward(ctx context.Context, f Forward, options ...CallOption) (*Forwarded, error) {
	if f.Operation == nil {
		return nil, fmt.Errorf("forward: %w: there is no operation", ErrInvalidRequest)
	}
	op := f.Operation
	refuse := func(err error) error { return fmt.Errorf("%s: %w: %w", op.Name, ErrInvalidRequest, err) }
	if err := wire.CheckPath(f.Path); err != nil {
		return nil, refuse(err)
	}
	for name := range f.Query {
		if controlled[name] {
			return nil, refuse(fmt.Errorf("the client sets parameter %s itself", name))
		}
	}
	var data json.RawMessage // found, not decoded
	var meta Meta
	k := call{
		name: op.Name, method: op.Method, write: !op.Read, data: &data, meta: &meta,
		path: f.Path, query: wire.Values(f.Query), json: f.Body, contentType: f.ContentType,
		pattern: op.Path, check: op.Check, scope: op.Scope,
	}
	if f.Stream != nil {
		if !isMultipart(f.ContentType) || len(f.Body) > 0 {
			return nil, refuse(errors.New("only a multipart body can be streamed, since any other is signed"))
		}
		k.json, k.stream = nil, &streamed{reader: f.Stream, length: f.Length}
	}
	if err := k.bind("shop_cipher", op.ShopCipher, c.shopCipher, "Shop"); err != nil {
		return nil, err
	}
	if err := k.bind("category_asset_cipher", op.AssetCipher, c.assetCipher, "CategoryAsset"); err != nil {
		return nil, err
	}
	k.limit = LimitKey{App: c.appKey, Shop: cipherOf(k.query), Operation: op.Name}
	k.key, k.sending = f.idempotencyKey(), f.Sending
	for _, option := range options {
		option(&k)
	}
	err := c.do(ctx, &k)
	if _, answered := errors.AsType[*Error](err); err != nil && !answered {
		return nil, err
	}
	return &Forwarded{HTTPStatus: k.meta.HTTPStatus, Header: k.meta.Header, Body: k.meta.Raw, Meta: *k.meta, Waited: k.waited}, err
}

// idempotencyKey returns the key that the request carries, or nothing. None is
// added: the bytes are the caller's.
func (f *Forward) idempotencyKey() string {
	in, name, _ := strings.Cut(f.Operation.IdempotencyKey, ":")
	switch in {
	case "query":
		return f.Query.Get(name)
	case "body":
		var body map[string]json.RawMessage
		var key string
		if json.Unmarshal(f.Body, &body) == nil && json.Unmarshal(body[name], &key) == nil {
			return key
		}
	}
	return ""
}

// isMultipart reports whether a media type is multipart/form-data.
func isMultipart(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(mediaType), "multipart/form-data")
}
