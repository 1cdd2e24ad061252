package gate

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// EnvelopeStart opens every successful answer; what follows is the data.
const EnvelopeStart = `{"code":0,"data":`

// closeEnvelope ends a successful answer. The API host says "Success", the
// authorization host "success".
func closeEnvelope(b []byte, message, requestID string) []byte {
	if len(b) == len(EnvelopeStart) {
		b = append(b, "{}"...) // an empty success has empty data, not null
	}
	b = append(b, `,"message":"`...)
	b = append(b, message...)
	b = append(b, `","request_id":"`...)
	b = append(b, requestID...)
	return append(b, `"}`...)
}

// appendFailure writes the whole answer of a failure.
func appendFailure(b []byte, f *Failure, requestID string) []byte {
	b = append(b, `{"code":`...)
	b = strconv.AppendInt(b, int64(f.Code), 10)
	b = append(b, `,"data":null,"message":`...)
	b = AppendString(b, f.Message)
	b = append(b, `,"request_id":"`...)
	b = append(b, requestID...)
	return append(b, `"}`...)
}

// AppendJSON appends the JSON form of v, without the escapes that encoding/json
// adds for HTML.
func AppendJSON(b []byte, v any) []byte {
	buffer := bytes.NewBuffer(b)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("sandbox: an answer does not encode: " + err.Error()) // plain structs always do
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
}

// AppendString appends s as a JSON string.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < 0x20:
			b = append(b, `\u00`...)
			b = append(b, invent.HexDigits[r>>4], invent.HexDigits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// requestIDs numbers the requests. An id has 34 characters: the time as
// YYYYMMDDhhmmss and twenty upper-case hexadecimal digits.
type requestIDs struct {
	seed  uint64
	Count atomic.Uint64
}

// requestZone is the zone of the time in a request id. One recorded live id
// ran eight hours ahead of UTC; clients must not read it anyway.
var requestZone = time.FixedZone("", 8*60*60)

func (r *requestIDs) new(now time.Time) string {
	const digits = "0123456789ABCDEF"
	count := r.Count.Add(1)
	b := make([]byte, 0, 34)
	b = now.In(requestZone).AppendFormat(b, "20060102150405")
	for _, part := range [...]struct {
		value uint64
		width int
	}{{invent.Mix(r.seed ^ invent.Mix(count)), 16}, {count, 4}} {
		for shift := 4 * (part.width - 1); shift >= 0; shift -= 4 {
			b = append(b, digits[part.value>>shift&15])
		}
	}
	return string(b)
}

// WriteJSON sends a finished body.
func WriteJSON(w http.ResponseWriter, status int, body []byte) {
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	// An error here means that the client has gone; nobody is left to tell.
	_, _ = w.Write(body)
}

// AppendInt appends a number in decimal.
func AppendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }
