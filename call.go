package ttshop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// call is one call in progress: what it is made of and what came back.
type call struct {
	name   string // for errors and logs
	method string
	path   string // escaped
	query  []wire.Param
	json   []byte
	form   *wire.Form
	stream *streamed // a body in place of json that is read once
	write  bool
	data   any   // pointer that the data part is decoded into
	meta   *Meta // nil: not wanted

	itemsAsErrors bool                // failed items are the call's error
	rawItem       *json.RawMessage    // where an iterator puts the JSON of each item
	rawAnswer     *[]byte             // where the answer goes as it came
	contentType   string              // of a forwarded body; empty means that of json or form
	sending       func(try int) error // nil, or called before a try is sent

	pattern  string // of the path, with low cardinality
	limit    LimitKey
	priority Priority
	keyPlace string // where the idempotency key goes, as in Operation
	key      string // the idempotency key; empty if there is none
	check    string // as in Operation
	scope    string // as in Operation

	timeout *time.Duration // of a try; nil: the client's
	retry   *RetryPolicy   // nil: the client's

	wait, waited time.Duration // before the next try, and in total
	code         int           // of the last answer
	skew         time.Duration // of the clock in the last try
	reached      bool          // a write that may have been carried out in an earlier try
}

// Call calls any path of the API. The path is escaped and begins with a slash;
// query holds the decoded parameters and may be nil. The body is nil, JSON
// bytes that are sent as they are (a []byte or [json.RawMessage]), a [*Form],
// or any value that encodes to JSON. The client adds app_key, timestamp and
// sign, the token header, and shop_cipher and category_asset_cipher when it is
// bound by [Client.Shop] or [Client.CategoryAsset] and query does not say
// otherwise.
//
// A refusal is an [*Error], a call without an answer a [*TransportError].
// Anything but a GET counts as a write, which is not repeated if it may have
// been carried out; [AsRead] and [AsOperation] override that.
func (c *Client) Call(ctx context.Context, method, path string, query url.Values, body any, options ...CallOption) (*Response, error) {
	k := call{name: method + " " + path, method: method, path: path, write: method != "GET", itemsAsErrors: c.itemsAsErrors}
	if err := wire.CheckPath(path); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", k.name, ErrInvalidRequest, err)
	}
	k.query = wire.Values(query)
	for _, p := range k.query {
		switch p.Key {
		case "app_key", "timestamp", "sign", "access_token":
			return nil, fmt.Errorf("%s: %w: the client sets parameter %s itself; leave it out", k.name, ErrInvalidRequest, p.Key)
		}
	}
	if c.shopCipher != "" && !query.Has("shop_cipher") {
		k.query = append(k.query, wire.Param{Key: "shop_cipher", Value: c.shopCipher})
	}
	if c.assetCipher != "" && !query.Has("category_asset_cipher") {
		k.query = append(k.query, wire.Param{Key: "category_asset_cipher", Value: c.assetCipher})
	}
	if err := c.checkCipher(cipherOf(k.query)); err != nil {
		return nil, fmt.Errorf("%s: %w", k.name, err)
	}
	if err := k.setBody(body); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", k.name, ErrInvalidRequest, err)
	}
	k.pattern = pathPattern(path)
	k.limit = LimitKey{App: c.appKey, Shop: cipherOf(k.query), Operation: k.name}
	if k.pattern != path {
		k.limit.Operation = method + " " + k.pattern
	}
	response := new(Response)
	k.data, k.meta = &response.Data, &response.Meta
	for _, option := range options {
		option(&k)
	}
	if err := k.setIdempotencyKey(k.keyPlace); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", k.name, ErrInvalidRequest, err)
	}
	if err := c.do(ctx, &k); err != nil {
		return nil, err
	}
	response.Meta = *k.meta
	return response, k.failed(response)
}

// cipherOf returns the cipher that a query carries.
func cipherOf(query []wire.Param) string {
	asset := ""
	for _, p := range query {
		switch p.Key {
		case "shop_cipher":
			if p.Value != "" {
				return p.Value
			}
		case "category_asset_cipher":
			asset = p.Value
		}
	}
	return asset
}

func (k *call) setBody(body any) error {
	switch body := body.(type) {
	case nil:
	case []byte:
		k.json = body
	case json.RawMessage:
		k.json = body
	case *Form:
		if body != nil {
			k.form = body.wire()
		}
	default:
		b, err := wire.MarshalBody(body)
		k.json = b
		return err
	}
	if len(k.json) > 0 && !json.Valid(k.json) {
		return errors.New("the body is not valid JSON")
	}
	return nil
}

// Do calls an operation with the parameters of params, a pointer to its Params
// struct or nil, and decodes the data part into result, a pointer. The methods
// of the packages below api call it; see [Client.Call] for errors.
func (c *Client) Do(ctx context.Context, operation *Operation, params, result any, options ...CallOption) error {
	encoded, err := c.encoder.Encode(operation.Path, params)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", operation.Name, ErrInvalidRequest, err)
	}
	k := call{
		name: operation.Name, method: operation.Method, write: !operation.Read, data: result,
		path: encoded.Path, query: encoded.Query, json: encoded.JSON, form: encoded.Form,
		pattern: operation.Path, check: operation.Check, scope: operation.Scope, itemsAsErrors: c.itemsAsErrors,
	}
	if err := k.bind("shop_cipher", operation.ShopCipher, c.shopCipher, "Shop"); err != nil {
		return err
	}
	if err := k.bind("category_asset_cipher", operation.AssetCipher, c.assetCipher, "CategoryAsset"); err != nil {
		return err
	}
	k.limit = LimitKey{App: c.appKey, Shop: cipherOf(k.query), Operation: operation.Name}
	if err := c.checkCipher(k.limit.Shop); err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	for _, option := range options {
		option(&k)
	}
	if operation.IdempotencyKey != "" {
		if err := k.setIdempotencyKey(operation.IdempotencyKey); err != nil {
			return fmt.Errorf("%s: %w: %w", k.name, ErrInvalidRequest, err)
		}
	}
	if err := c.do(ctx, &k); err != nil {
		return err
	}
	if k.rawAnswer != nil {
		*k.rawAnswer = k.meta.Raw
	}
	if data, ok := result.(interface{ Failed() error }); ok {
		return k.failed(data)
	}
	return nil
}

// bind adds a cipher as the operation's rule says.
func (k *call) bind(parameter string, rule CipherRule, cipher, method string) error {
	switch {
	case rule == CipherNone, rule == CipherOptional && cipher == "":
		return nil
	case cipher == "":
		return fmt.Errorf("%s: %w: it needs a %s; call it on client.%s(cipher)", k.name, ErrInvalidRequest, strings.ReplaceAll(parameter, "_", " "), method)
	}
	k.query = append(k.query, wire.Param{Key: parameter, Value: cipher})
	return nil
}
