package mcp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// EventSending marks the record of a write that is about to be sent. The record of
// its end has the same plan; without one the process died, or it is under way.
const EventSending = "sending"

// Record is one line of an audit: who called which tool, what for, and how it ended.
// It holds no parameter, no text and no secret.
type Record struct {
	Time         time.Time `json:"time"`
	Event        string    `json:"event,omitempty"`
	Client       string    `json:"client"`
	Tool         string    `json:"tool"`
	Operation    string    `json:"operation,omitempty"`
	Shop         string    `json:"shop,omitempty"`
	Write        bool      `json:"write,omitempty"`
	Risk         Risk      `json:"risk,omitempty"`
	Plan         string    `json:"plan,omitempty"`     // hash of the planned request
	Approval     string    `json:"approval,omitempty"` // by whom: person, host or ahead
	Outcome      string    `json:"outcome,omitempty"`  // ok, planned, waiting or refused
	Class        string    `json:"class,omitempty"`    // of a failure
	RequestID    string    `json:"request_id,omitempty"`
	Milliseconds int64     `json:"ms"`
}

// Audit records what is called. Record may be called at the same time.
type Audit interface {
	Record(r Record) error
}

// record writes to the audit, if there is one.
func (s *Server) record(r Record) error {
	if s.config.Audit == nil {
		return nil
	}
	return s.config.Audit.Record(r)
}

// AuditFile is an [Audit] in a file, one line of JSON each.
type AuditFile struct {
	mu   sync.Mutex
	file *os.File
	torn bool // the last line may have no end
}

// OpenAuditFile opens an audit, which only its owner can read.
func OpenAuditFile(path string) (*AuditFile, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the audit: %w", err)
	}
	a := &AuditFile{file: file}
	info, err := file.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		last := make([]byte, 1)
		_, err = file.ReadAt(last, info.Size()-1)
		a.torn = last[0] != '\n'
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("look at the audit: %w", err), file.Close())
	}
	return a, nil
}

// Record implements [Audit].
func (a *AuditFile) Record(r Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write to the audit: %w", err)
	}
	line = append(line, '\n')
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.torn {
		line = append([]byte{'\n'}, line...)
	}
	n, err := a.file.Write(line)
	a.torn = err != nil && (n > 0 || a.torn)
	if err != nil {
		return fmt.Errorf("write to the audit: %w", err)
	}
	return nil
}

// Close closes the file.
func (a *AuditFile) Close() error { return a.file.Close() }

// ReadAudit calls each with every record of an audit, and returns how many lines
// could not be read.
func ReadAudit(r io.Reader, each func(Record) error) (broken int, err error) {
	reader := bufio.NewReader(r)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 1 {
			var record Record
			if json.Unmarshal(line, &record) != nil || record.Tool == "" {
				broken++
			} else if err := each(record); err != nil {
				return broken, err
			}
		}
		if errors.Is(err, io.EOF) {
			return broken, nil
		}
		if err != nil {
			return broken, fmt.Errorf("read the audit: %w", err)
		}
	}
}
