package gate

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// LogFilter says which requests of the log are wanted.
type LogFilter struct {
	Limit    int
	Path     string   // a prefix
	Failed   bool     // only those without success
	Mentions []string // one of them stands in the request, its answer or what the log says of it; none for all
	Before   int64    // id; 0 means from the newest one
}

// LogEntry is a request in a list.
type LogEntry struct {
	LogRecord
	Fault       string // id of the one that hit
	Explanation string // of a wrong signature
	Warnings    []string
	ReplayOf    int64
}

// Search returns the requests that fit, the newest first, and whether there are
// more.
func (l *RequestLog) Search(f LogFilter) (found []LogEntry, more bool) {
	wanted := make([][]byte, len(f.Mentions))
	for i, text := range f.Mentions {
		wanted[i] = bytes.ToLower([]byte(text))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	from := l.count
	if f.Before > 0 {
		from = min(from, f.Before-1)
	}
	for id := from; id > max(0, l.count-LogCapacity); id-- {
		slot := &l.ring[id%LogCapacity]
		if !strings.HasPrefix(slot.Path, f.Path) || f.Failed && !slot.Failed() || len(wanted) > 0 && !slot.mentions(wanted) {
			continue
		}
		if len(found) == f.Limit {
			return found, true
		}
		found = append(found, LogEntry{slot.LogRecord, slot.fault, slot.explanation, slot.warnings, slot.replayOf})
	}
	return found, false
}

// mentions tells whether one of some texts in lower case stands in what the log
// shows of a request. What is masked there is not found.
func (s *logSlot) mentions(wanted [][]byte) bool {
	has := func(text []byte) bool {
		text = bytes.ToLower(text)
		return slices.ContainsFunc(wanted, func(w []byte) bool { return bytes.Contains(text, w) })
	}
	for _, text := range []string{s.Path, s.Operation, s.RequestID, s.ShopID, s.AppKey, s.explanation, strconv.Itoa(s.Status)} {
		if has([]byte(text)) {
			return true
		}
	}
	if s.Code != 0 && has(strconv.AppendInt(nil, int64(s.Code), 10)) {
		return true
	}
	// Most bodies do not have it; those that do are looked at as they are shown.
	for _, raw := range [][]byte{s.body, s.answer} {
		if has(raw) && has([]byte(readable(raw))) {
			return true
		}
	}
	if !has(s.query) && !bytes.ContainsAny(s.query, "%+") {
		return false
	}
	for name, value := range s.maskedQuery() {
		if has([]byte(name)) || has([]byte(value)) {
			return true
		}
	}
	return false
}

// GetRequests answers with the last requests.
func (s *Gate) GetRequests(w http.ResponseWriter, r *http.Request) {
	f, problem := logFilterOf(r)
	if problem != "" {
		ControlError(w, http.StatusBadRequest, problem)
		return
	}
	found, _ := s.Log.Search(f)
	records := make([]LogRecord, len(found))
	for i := range found {
		records[i] = found[i].LogRecord
	}
	ControlAnswer(w, http.StatusOK, struct {
		Requests []LogRecord `json:"requests"`
	}{records})
}

// logFilterOf reads the filter that a query has, or says what is wrong with it.
func logFilterOf(r *http.Request) (f LogFilter, problem string) {
	query := r.URL.Query()
	f = LogFilter{Limit: LogCapacity, Path: query.Get("path"), Failed: query.Get("failed") != ""}
	if text := strings.TrimSpace(query.Get("q")); text != "" {
		f.Mentions = []string{text}
	}
	if value := query.Get("limit"); value != "" {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return f, "limit is not a count"
		}
		f.Limit = n
	}
	return f, ""
}
