package sandbox

import (
	"strings"
	"sync"
	"time"
)

// logCapacity is the number of requests that the log remembers.
const logCapacity = 1000

// maxLoggedBody is how much of a body the log keeps.
const maxLoggedBody = 8 << 10

// logRecord describes one request. It holds nothing secret: queries and bodies
// are left out.
type logRecord struct {
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
	fault     string // id

	explanation string // of a wrong signature
}

// logSlot is one place of the ring.
type logSlot struct {
	logRecord
	logDetail
}

// requestLog remembers the last requests in a ring.
type requestLog struct {
	mu    sync.Mutex
	ring  [logCapacity]logSlot
	count int64
}

func (l *requestLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.ring[:])
	l.count = 0
}

// add records a request that is over.
func (l *requestLog) add(c *call, duration time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	slot := &l.ring[l.count%logCapacity]
	slot.logRecord = c.record(duration)
	slot.ID = l.count
	slot.logDetail = c.detail(slot.logDetail)
}

// detail fills the buffers of a place in the log.
func (c *call) detail(d logDetail) logDetail {
	r := c.request
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
	d.explanation = c.explanation
	d.multipart = len(c.body) > 0 && c.mediaType() == "multipart/form-data"
	d.body, d.bodySize = d.body[:0], len(c.body)
	if !d.multipart {
		d.body = append(d.body, c.body[:min(len(c.body), maxLoggedBody)]...)
	}
	d.answer, d.sizeOut = d.answer[:0], 0
	if c.status != 0 && len(c.out) > len(envelopeStart) {
		d.answer, d.sizeOut = append(d.answer, c.out[:min(len(c.out), maxLoggedBody)]...), len(c.out)
	}
	d.shopID, d.source, d.fault = "", c.source, c.fault
	if c.shop != nil {
		d.shopID = c.shop.ID
	}
	return d
}

// last returns up to limit records whose path starts with prefix, the newest
// first.
func (l *requestLog) last(limit int, prefix string) []logRecord {
	l.mu.Lock()
	defer l.mu.Unlock()
	records := []logRecord{}
	for id := l.count; id > max(0, l.count-logCapacity) && len(records) < limit; id-- {
		if r := l.ring[id%logCapacity].logRecord; strings.HasPrefix(r.Path, prefix) {
			records = append(records, r)
		}
	}
	return records
}

// find shows one request, if the log still has it.
func (l *requestLog) find(id int64) (requestView, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id < 1 || id > l.count || id <= l.count-logCapacity {
		return requestView{}, false
	}
	return l.ring[id%logCapacity].view(), true
}

// Failed tells whether the request was refused, disturbed or cut off.
func (r logRecord) Failed() bool { return r.Status == 0 || r.Status >= 400 || r.Code != 0 }

// IsSigned tells whether a signature was checked and found right.
func (r logRecord) IsSigned() bool { return r.SignatureOK != nil && *r.SignatureOK }
