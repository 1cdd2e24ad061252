package gate

import (
	"strings"
	"sync"
	"time"
)

// LogCapacity is the number of requests that the log remembers.
const LogCapacity = 1000

// maxLoggedBody is how much of a body the log keeps.
const maxLoggedBody = 8 << 10

// LogRecord describes one request. It holds nothing secret: queries and bodies
// are left out.
type LogRecord struct {
	ID          int64     `json:"id"` // counts up from 1
	Time        time.Time `json:"time"`
	Method      string    `json:"method"`
	Path        string    `json:"path"`
	Operation   string    `json:"operation"` // "" where the path is unknown
	Status      int       `json:"status"`    // of the answer; 0 where the request was cut off first
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
	shopID    string
	source    string
	Fault     string // id

	explanation string // of a wrong signature
	Warnings    []string
}

// logSlot is one place of the ring.
type logSlot struct {
	LogRecord
	logDetail
}

// RequestLog remembers the last requests in a ring.
type RequestLog struct {
	Mu    sync.Mutex
	Ring  [LogCapacity]logSlot
	Count int64
}

// Reset forgets all requests.
func (l *RequestLog) Reset() {
	l.Mu.Lock()
	defer l.Mu.Unlock()
	clear(l.Ring[:])
	l.Count = 0
}

// add records a request that is over.
func (l *RequestLog) add(c *Call, duration time.Duration) {
	l.Mu.Lock()
	defer l.Mu.Unlock()
	l.Count++
	slot := &l.Ring[l.Count%LogCapacity]
	slot.LogRecord = c.record(duration)
	slot.ID = l.Count
	slot.logDetail = c.detail(slot.logDetail)
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
	d.explanation, d.Warnings = c.explanation, c.warnings
	d.multipart = len(c.Body) > 0 && c.MediaType() == "multipart/form-data"
	d.body, d.bodySize = d.body[:0], len(c.Body)
	if !d.multipart {
		d.body = append(d.body, c.Body[:min(len(c.Body), maxLoggedBody)]...)
	}
	d.answer, d.sizeOut = d.answer[:0], 0
	if c.Status != 0 && len(c.Out) > len(EnvelopeStart) {
		d.answer, d.sizeOut = append(d.answer, c.Out[:min(len(c.Out), maxLoggedBody)]...), len(c.Out)
	}
	d.shopID, d.source, d.Fault = "", c.Source, c.fault
	if c.Shop != nil {
		d.shopID = c.Shop.ID
	}
	return d
}

// last returns up to limit records whose path starts with prefix, the newest
// first.
func (l *RequestLog) last(limit int, prefix string) []LogRecord {
	l.Mu.Lock()
	defer l.Mu.Unlock()
	records := []LogRecord{}
	for id := l.Count; id > max(0, l.Count-LogCapacity) && len(records) < limit; id-- {
		if r := l.Ring[id%LogCapacity].LogRecord; strings.HasPrefix(r.Path, prefix) {
			records = append(records, r)
		}
	}
	return records
}

// Find shows one request, if the log still has it.
func (l *RequestLog) Find(id int64) (RequestView, bool) {
	l.Mu.Lock()
	defer l.Mu.Unlock()
	if id < 1 || id > l.Count || id <= l.Count-LogCapacity {
		return RequestView{}, false
	}
	return l.Ring[id%LogCapacity].view(), true
}

// Failed tells whether the request was refused, disturbed or cut off.
func (r LogRecord) Failed() bool { return r.Status == 0 || r.Status >= 400 || r.Code != 0 }

// IsSigned tells whether a signature was checked and found right.
func (r LogRecord) IsSigned() bool { return r.SignatureOK != nil && *r.SignatureOK }
