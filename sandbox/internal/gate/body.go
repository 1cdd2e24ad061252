package gate

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
)

// Decode reads the JSON body into a struct. No body is an empty object.
// Unknown fields are ignored.
func (w *Wire) Decode(v any) *Failure {
	if len(bytes.TrimSpace(w.Body)) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(w.Body))
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
