package gate

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
)

// Fields returns the JSON body as operations read it: what means nothing is an
// empty object. Body stays as it was sent.
func (w *Wire) Fields() []byte {
	if w.fields != nil {
		return w.fields
	}
	return w.Body
}

// meansNothing tells whether a body holds no field: official clients in Go send
// null with a line feed where no body is set, clients in PHP an empty list.
func meansNothing(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return true
	}
	return raw[0] == '[' && raw[len(raw)-1] == ']' && len(bytes.TrimSpace(raw[1:len(raw)-1])) == 0
}

// Decode reads the JSON body into a struct. No body is an empty object.
// Unknown fields are ignored.
func (w *Wire) Decode(v any) *Failure {
	raw := bytes.TrimSpace(w.Fields())
	if len(raw) == 0 || string(raw) == "{}" { // most searches
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	err := decoder.Decode(v)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		return Fail(CodeInvalidParameter, "the body is not one JSON value")
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if mismatch.Field == "" {
			return WrongType("body", mismatch.Value, keep.JSONType(mismatch.Type))
		}
		return WrongType(mismatch.Field, mismatch.Value, keep.JSONType(mismatch.Type))
	}
	return Fail(CodeInvalidParameter, "the body is not valid JSON")
}
