package ttshop

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// Meta tells how a call went.
type Meta struct {
	RequestID  string      // the platform's id of the call, for its support
	HTTPStatus int         // status of the last answer
	Header     http.Header // header of the last answer
	Tries      int         // how often the call was sent
	Raw        []byte      // the last answer as it came, with the fields that no type knows
	// IdempotencyKey is the key that the call carried, the caller's or one that
	// the client made; empty where the operation takes none.
	IdempotencyKey string
}

// Response is the answer to a raw call.
type Response struct {
	// Data is the data part of the answer; null or nil where there is none.
	Data json.RawMessage
	Meta
}

// Decode decodes the data part into v, a pointer. It forgives numbers written
// as strings and strings written as numbers, and takes null for zero values.
func (r *Response) Decode(v any) error {
	if err := wire.Decode(r.Data, v); err != nil {
		return fmt.Errorf("decode data of request %s: %w", r.RequestID, err)
	}
	return nil
}

// CallOption configures a single call.
type CallOption func(*call)

// CaptureMeta makes a call leave in meta how it went, also where it fails.
func CaptureMeta(meta *Meta) CallOption { return func(c *call) { c.meta = meta } }

// AsRead tells that a raw call changes nothing, such as a search by POST, so
// that it can be repeated.
func AsRead() CallOption { return func(c *call) { c.write = false } }

// AsBulk makes a call give way to others where calls wait for their turn.
func AsBulk() CallOption { return func(c *call) { c.priority = Bulk } }

// AsOperation tells which operation a raw call is, so that it is named, paced
// and repeated like one. The name, whether it reads, its idempotency key, its
// scope and its check are used.
func AsOperation(operation *Operation) CallOption {
	return func(c *call) {
		c.name, c.limit.Operation, c.pattern = operation.Name, operation.Name, operation.Path
		c.write, c.keyPlace = !operation.Read, operation.IdempotencyKey
		c.check, c.scope = operation.Check, operation.Scope
	}
}
