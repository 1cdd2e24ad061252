package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
)

// Envelope is what wraps every answer of the platform.
type Envelope struct {
	Code      int    `json:"code"`
	Message   string `json:"message"`
	RequestID string `json:"request_id"`
	// Data receives the data part: a pointer to decode into, or nil to skip it.
	Data any `json:"data"`
	// CodeText is a code that is not an integer, as gateways and proxies write
	// it. An answer with one is not the platform's.
	CodeText string `json:"-"`
}

// ErrNotEnvelope means that an answer is not the platform's envelope.
var ErrNotEnvelope = errors.New("answer is not the platform's JSON envelope")

// DecodeEnvelope decodes an answer whose data goes into data, a pointer or nil.
// The data of an answer with a code other than 0 is not examined. With
// [ErrNotEnvelope] the envelope still holds what could be read. Raw data, a
// *json.RawMessage, is cut out of the answer and is not known to be
// valid until it is decoded.
func DecodeEnvelope(answer []byte, data any) (Envelope, error) {
	if raw, ok := data.(*json.RawMessage); ok {
		if envelope, ok := cut(answer, raw); ok {
			return envelope, nil
		}
	}
	envelope := Envelope{Data: data}
	err := json.Unmarshal(answer, &envelope)
	if err == nil {
		if envelope.Code == 0 && envelope.RequestID == "" && envelope.Message == "" && !isEnvelope(answer) {
			return envelope, ErrNotEnvelope
		}
		return envelope, nil
	}
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
		return envelope, fmt.Errorf("%w: %w", ErrNotEnvelope, err)
	}
	// Only now, after a type error, look closer: numbers as strings, strings
	// as numbers. Where the envelope itself is as it should be, the data is there
	// already but for the values of another type.
	if p, ok := split(answer); ok && p.plain() && envelope.Code == 0 && reflect.ValueOf(data).Kind() == reflect.Pointer {
		if err := mend(p.data, reflect.ValueOf(data).Elem()); err != nil {
			return envelope, fmt.Errorf("decode data: %w", err)
		}
		return envelope, nil
	}
	var head struct {
		Code      json.RawMessage `json:"code"`
		Message   json.RawMessage `json:"message"`
		RequestID json.RawMessage `json:"request_id"`
		Data      json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(answer, &head); err != nil {
		return envelope, fmt.Errorf("%w: %w", ErrNotEnvelope, err)
	}
	envelope = Envelope{Message: looseString(head.Message), RequestID: looseString(head.RequestID), Data: data}
	var code Number
	if len(head.Code) > 0 {
		if err := code.UnmarshalJSON(head.Code); err != nil {
			envelope.CodeText = looseString(head.Code)
			return envelope, fmt.Errorf("%w: its code %w", ErrNotEnvelope, err)
		}
	}
	envelope.Code = int(code)
	if envelope.Code != 0 || data == nil {
		return envelope, nil
	}
	if err := Decode(head.Data, data); err != nil {
		return envelope, fmt.Errorf("decode data: %w", err)
	}
	return envelope, nil
}

// plain reports whether the parts around the data have the types that they should
// have, and there is data.
func (p parts) plain() bool {
	_, err := strconv.Atoi(string(p.code))
	text := func(part []byte) bool { return part == nil || part[0] == '"' || part[0] == 'n' }
	return err == nil && p.data != nil && text(p.message) && text(p.requestID)
}

// cut decodes an ordinary envelope without looking into its data.
func cut(answer []byte, raw *json.RawMessage) (Envelope, bool) {
	p, ok := split(answer)
	if !ok {
		return Envelope{}, false
	}
	envelope := Envelope{Data: raw}
	code, err := strconv.Atoi(string(p.code))
	if err != nil {
		return Envelope{}, false
	}
	envelope.Code = code
	if p.message != nil && json.Unmarshal(p.message, &envelope.Message) != nil ||
		p.requestID != nil && json.Unmarshal(p.requestID, &envelope.RequestID) != nil {
		return Envelope{}, false
	}
	*raw = p.data
	return envelope, true
}

// isEnvelope reports whether an answer that decoded to zero values has a code.
func isEnvelope(answer []byte) bool {
	var head struct {
		Code json.RawMessage `json:"code"`
	}
	return json.Unmarshal(answer, &head) == nil && head.Code != nil
}

func looseString(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if string(raw) == "null" {
		return ""
	}
	return string(raw)
}

// ErrTooLarge means that an answer exceeds the limit.
var ErrTooLarge = errors.New("answer is larger than the limit")

// firstRead is the size in bytes up to which an answer's buffer is allocated at
// the announced length.
const firstRead = 32 << 10

// ReadLimited is ReadGrowing with a first buffer that holds most answers.
func ReadLimited(r io.Reader, length, limit int64) ([]byte, error) {
	return ReadGrowing(r, length, limit, firstRead)
}

// ReadGrowing reads all of r, which announces length bytes (-1 if it does not), up
// to a limit. The first buffer holds no more than first bytes, and the
// next ones hold at most four times what has come, so that memory follows what
// is received and not what is announced.
func ReadGrowing(r io.Reader, length, limit, first int64) ([]byte, error) {
	if length > limit {
		return nil, fmt.Errorf("%w of %d bytes: it announces %d", ErrTooLarge, limit, length)
	}
	if length < 0 {
		return readUnknown(r, limit)
	}
	b := make([]byte, min(length, first))
	for n := 0; ; {
		read, err := io.ReadFull(r, b[n:])
		n += read
		if err != nil {
			if errors.Is(err, io.EOF) && n > 0 { // ReadFull's error if it read nothing
				err = io.ErrUnexpectedEOF
			}
			return b[:n], err
		}
		if int64(n) == length {
			return b, nil
		}
		grown := make([]byte, min(length, 4*int64(n)))
		copy(grown, b)
		b = grown
	}
}

// readUnknown reads all of r up to a limit.
func readUnknown(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return b, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%w of %d bytes", ErrTooLarge, limit)
	}
	return b, nil
}
