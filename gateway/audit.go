package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"
)

// Record is what an audit holds about one call: no values of parameters, no bodies,
// no secrets.
type Record struct {
	Time time.Time `json:"time"`
	ID   string    `json:"id"` // of the call, also in its answer
	// Event is "sending" before the first try of a call and "done" after it. A
	// refused call has only the second.
	Event     string `json:"event"`
	Node      string `json:"node,omitempty"`
	Key       string `json:"key,omitempty"` // name of the key; empty for an unknown one
	Operation string `json:"operation,omitempty"`
	Write     bool   `json:"write,omitempty"`
	Shop      string `json:"shop,omitempty"`  // id
	Grant     string `json:"grant,omitempty"` // open id, where the call was for one

	Status    int    `json:"status,omitempty"`     // HTTP status that the client got
	Code      int    `json:"code,omitempty"`       // the platform's
	RequestID string `json:"request_id,omitempty"` // the platform's
	Reason    string `json:"reason,omitempty"`     // why the gateway answered itself
	Rule      string `json:"rule,omitempty"`       // of the policy that refused
	Unknown   bool   `json:"unknown,omitempty"`    // a write that may have been carried out
	Tries     int    `json:"tries,omitempty"`
	Wait      int64  `json:"wait_ms,omitempty"` // spent on pacing and backoff
	Took      int64  `json:"took_ms"`
	In        int64  `json:"bytes_in,omitempty"`  // of the request's body
	Out       int64  `json:"bytes_out,omitempty"` // of the answer's
}

// The events of a record.
const (
	EventSending = "sending"
	EventDone    = "done"
)

// Audit records calls. It is safe for concurrent use.
type Audit interface {
	// Record stores a record. When it returns, the record outlives this process.
	Record(Record) error
}

// AuditFile is an [Audit] in a file of JSON lines. Several processes may write to
// one file. Each record is one write to the operating system, which keeps it when
// the process is killed; a machine that loses power may lose the last seconds. When
// the file was moved away, as a rotation of logs does, a new one is made within a
// second.
type AuditFile struct {
	path string
	mu   sync.Mutex
	file *os.File
	torn bool      // the last write may have left a part of a line
	seen time.Time // when the path was last found to be this file
}

// lookInterval is the time between looks whether the path still is the file.
const lookInterval = time.Second

// OpenAuditFile opens a file, or makes one that only its owner can read.
func OpenAuditFile(path string) (*AuditFile, error) {
	a := &AuditFile{path: path}
	if err := a.open(); err != nil {
		return nil, err
	}
	return a, nil
}

// open opens the file at the path. The caller holds the lock, or nobody else has a.
func (a *AuditFile) open() error {
	file, err := os.OpenFile(a.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("gateway: open the audit: %w", err)
	}
	torn, err := endsTorn(file)
	if err != nil {
		_ = file.Close()
		return fmt.Errorf("gateway: open the audit: %w", err)
	}
	if a.file != nil {
		_ = a.file.Close() // all that was written to it is with the system
	}
	a.file, a.torn, a.seen = file, torn, time.Now()
	return nil
}

// follow opens the path again if another file, or none, is there.
func (a *AuditFile) follow() error {
	if time.Since(a.seen) < lookInterval {
		return nil
	}
	a.seen = time.Now()
	there, err := os.Stat(a.path)
	if err == nil {
		var mine os.FileInfo
		if mine, err = a.file.Stat(); err == nil && os.SameFile(there, mine) {
			return nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("gateway: look at the audit: %w", err)
	}
	return a.open()
}

// endsTorn reports whether a file ends in the middle of a line.
func endsTorn(file *os.File) (bool, error) {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 || !info.Mode().IsRegular() {
		return false, err
	}
	last := make([]byte, 1)
	_, err = file.ReadAt(last, info.Size()-1)
	return last[0] != '\n', err
}

// Record implements [Audit].
func (a *AuditFile) Record(r Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("gateway: write to the audit: %w", err)
	}
	line = append(line, '\n')
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.follow(); err != nil {
		return err
	}
	if a.torn {
		line = append([]byte{'\n'}, line...)
	}
	n, err := a.file.Write(line)
	a.torn = err != nil && (n > 0 || a.torn)
	if err != nil {
		return fmt.Errorf("gateway: write to the audit: %w", err)
	}
	return nil
}

// Close closes the file.
func (a *AuditFile) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.file.Close()
}

// ReadAudit reads an audit and calls each with every call once, in the order in which
// they ended; those that began and did not end come last, with [EventSending]: their
// process was killed, or they are still under way. It returns how many lines could
// not be read, such as one that a full disk cut short.
func ReadAudit(r io.Reader, each func(Record) error) (broken int, err error) {
	under := map[string]Record{}
	var order []string
	lines := newLines(r)
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return broken, fmt.Errorf("gateway: read the audit: %w", err)
		}
		if len(line) == 0 {
			continue
		}
		var record Record
		if json.Unmarshal(line, &record) != nil || record.ID == "" {
			broken++
			continue
		}
		if record.Event == EventSending {
			under[record.ID] = record
			order = append(order, record.ID)
			continue
		}
		delete(under, record.ID)
		if err := each(record); err != nil {
			return broken, err
		}
	}
	for _, id := range order {
		if record, ok := under[id]; ok {
			if err := each(record); err != nil {
				return broken, err
			}
		}
	}
	return broken, nil
}
