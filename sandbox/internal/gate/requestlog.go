package gate

import (
	"sync"
	"time"
)

// LogCapacity is the number of requests that the log remembers.
const LogCapacity = 1000

// How much of a request's body the log keeps, and how much of everything else:
// what was sent is sent again by a replay, what was answered is only looked at.
const (
	maxKeptBody   = 64 << 10
	maxLoggedBody = 8 << 10
)

// longestPath keeps the log small whatever is sent.
const longestPath = 512

// LogRecord describes one request. It holds nothing secret: queries and bodies
// are left out.
type LogRecord struct {
	ID          int64     `json:"id"` // counts up from 1
	Time        time.Time `json:"time"`
	Method      string    `json:"method"`
	Path        string    `json:"path"`
	Operation   string    `json:"operation"` // "" where the path is unknown
	ShopID      string    `json:"shop_id,omitempty"`
	AppKey      string    `json:"app_key,omitempty"` // as it was sent
	Status      int       `json:"status"`            // of the answer; 0 where the request was cut off first
	Code        int       `json:"code"`
	RequestID   string    `json:"request_id"`
	SignatureOK *bool     `json:"signature_ok"` // null where none was checked
	DurationMS  float64   `json:"duration_ms"`
}

// logDetail is what a request was made of. Its buffers are used again for
// later requests, so that a full log does not grow.
type logDetail struct {
	query     []byte // as sent
	header    []byte // lines of name, tab and value
	body      []byte
	answer    []byte
	bodySize  int
	sizeOut   int
	multipart bool
	source    string
	fault     string // id
	grant     string // id of who asked; "" where the token did not tell
	replayOf  int64  // 0 where it is not a replay

	explanation string // of a wrong signature
	warnings    []string
}

// logSlot is one place of the ring.
type logSlot struct {
	LogRecord
	logDetail
}

// RequestLog remembers the last requests in a ring.
type RequestLog struct {
	mu    sync.Mutex
	ring  [LogCapacity]logSlot
	count int64
}

// Reset forgets all requests.
func (l *RequestLog) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.ring[:])
	l.count = 0
}

// add records a request that is over and returns its id.
func (l *RequestLog) add(c *Call, duration time.Duration) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	slot := &l.ring[l.count%LogCapacity]
	slot.LogRecord = c.record(duration)
	slot.ID = l.count
	slot.logDetail = c.detail(slot.logDetail)
	return l.count
}

// detail fills the buffers of a place in the log.
func (c *Call) detail(d logDetail) logDetail {
	r := c.Request
	d.query = append(d.query[:0], r.URL.RawQuery[:min(len(r.URL.RawQuery), maxLoggedBody)]...)
	d.header = d.header[:0]
	for name, values := range r.Header {
		for _, value := range values {
			if len(d.header)+len(name)+len(value) > maxLoggedBody {
				break
			}
			if secretHeader(name) {
				value = masked
			}
			d.header = append(d.header, name...)
			d.header = append(d.header, '\t')
			d.header = append(d.header, value...)
			d.header = append(d.header, '\n')
		}
	}
	d.explanation, d.warnings = c.explanation, c.warnings
	d.multipart = len(c.Body) > 0 && c.MediaType() == "multipart/form-data"
	d.body, d.bodySize = d.body[:0], len(c.Body)
	if !d.multipart {
		d.body = append(d.body, c.Body[:min(len(c.Body), maxKeptBody)]...)
	}
	d.answer, d.sizeOut = d.answer[:0], 0
	if c.Status != 0 && len(c.Out) > len(EnvelopeStart) {
		d.answer, d.sizeOut = append(d.answer, c.Out[:min(len(c.Out), maxLoggedBody)]...), len(c.Out)
	}
	d.source, d.fault, d.grant, d.replayOf = c.Source, c.fault, "", c.replayOf
	if c.Grant != nil {
		d.grant = c.Grant.ID
	}
	return d
}

// Find shows one request, if the log still has it.
func (l *RequestLog) Find(id int64) (RequestView, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	slot := l.slot(id)
	if slot == nil {
		return RequestView{}, false
	}
	return slot.view(), true
}

// slot returns the place of a request, or nil. The lock is held.
func (l *RequestLog) slot(id int64) *logSlot {
	if id < 1 || id > l.count || id <= l.count-LogCapacity {
		return nil
	}
	return &l.ring[id%LogCapacity]
}

// Failed tells whether the request was refused, disturbed or cut off.
func (r LogRecord) Failed() bool { return r.Status == 0 || r.Status >= 400 || r.Code != 0 }

// IsSigned tells whether a signature was checked and found right.
func (r LogRecord) IsSigned() bool { return r.SignatureOK != nil && *r.SignatureOK }
