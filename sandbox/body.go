package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// json sets the data of the answer.
func (c *call) json(v any) { c.out = appendJSON(c.out, v) }

// decode reads the JSON body into a struct. No body is an empty object.
// Unknown fields are ignored.
func (c *call) decode(v any) *failure {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	err := decoder.Decode(v)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		return fail(codeInvalidParameter, "the body is not one JSON value")
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if mismatch.Field == "" {
			return wrongType("body", mismatch.Value, jsonType(mismatch.Type))
		}
		return wrongType(mismatch.Field, mismatch.Value, jsonType(mismatch.Type))
	}
	return fail(codeInvalidParameter, "the body is not valid JSON")
}
