package gate

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The parts of an HTTP archive, version 1.2. What starts with _ is ours, as the
// format allows.
type (
	harArchive struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Entries []harEntry `json:"entries"`
		Comment string     `json:"comment,omitempty"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harEntry struct {
		Started     time.Time   `json:"startedDateTime"`
		Time        float64     `json:"time"` // milliseconds
		Request     harRequest  `json:"request"`
		Response    harResponse `json:"response"`
		Cache       struct{}    `json:"cache"`
		Timings     harTimings  `json:"timings"`
		Operation   string      `json:"_operation,omitempty"`
		RequestID   string      `json:"_request_id"`
		Explanation string      `json:"_explanation,omitempty"`
		Comment     string      `json:"comment,omitempty"`
	}
	harRequest struct {
		Method      string    `json:"method"`
		URL         string    `json:"url"`
		HTTPVersion string    `json:"httpVersion"`
		Cookies     []harPair `json:"cookies"`
		Headers     []harPair `json:"headers"`
		Query       []harPair `json:"queryString"`
		Post        *harPost  `json:"postData,omitempty"`
		HeadersSize int       `json:"headersSize"` // -1: unknown
		BodySize    int       `json:"bodySize"`
	}
	harPost struct {
		MimeType string    `json:"mimeType"`
		Params   []harPair `json:"params"`
		Text     string    `json:"text"`
	}
	harResponse struct {
		Status      int        `json:"status"` // 0 where there was no answer
		StatusText  string     `json:"statusText"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
	}
	harContent struct {
		Size     int    `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
	}
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

// GetHAR hands out requests of the log as an HTTP archive, the oldest first. It
// has what the log has: secrets are masked and long bodies cut off.
func (s *Gate) GetHAR(w http.ResponseWriter, r *http.Request) {
	f, problem := logFilterOf(r)
	if problem != "" {
		ControlError(w, http.StatusBadRequest, problem)
		return
	}
	base := "http://" + r.Host
	if r.TLS != nil {
		base = "https://" + r.Host
	}
	archive := harArchive{harLog{
		Version: "1.2", Creator: harCreator{"ttshop sandbox", "1"}, Entries: []harEntry{},
		Comment: "Tokens and secrets are masked; times are those of the sandbox's clock.",
	}}
	found, _ := s.Log.Search(f)
	for _, e := range slices.Backward(found) {
		if view, ok := s.Log.Find(e.ID); ok {
			archive.Log.Entries = append(archive.Log.Entries, harOf(base, &view))
		}
	}
	raw, err := json.MarshalIndent(archive, "", " ")
	if err != nil {
		ControlError(w, http.StatusInternalServerError, "writing the archive: "+err.Error())
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Disposition", `attachment; filename="sandbox.har"`)
	_, _ = w.Write(raw) // fails only where nobody reads
}

// harOf returns a request as an archive has it.
func harOf(base string, v *RequestView) harEntry {
	query := url.Values{}
	for name, value := range v.Query {
		query.Set(name, value)
	}
	address := base + v.Path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	e := harEntry{
		Started: v.Time, Time: v.DurationMS, Timings: harTimings{Wait: v.DurationMS},
		Operation: v.Operation, RequestID: v.RequestID, Explanation: v.Explanation,
		Request: harRequest{
			Method: v.Method, URL: address, HTTPVersion: "HTTP/1.1", Cookies: []harPair{},
			Headers: harPairs(v.Headers), Query: harPairs(v.Query), HeadersSize: -1, BodySize: v.RequestBytes,
		},
		Response: harResponse{
			Status: v.Status, StatusText: http.StatusText(v.Status), HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: []harPair{},
			Content: harContent{v.ResponseBytes, "x-unknown", v.ResponseBody}, HeadersSize: -1, BodySize: v.ResponseBytes,
		},
	}
	if v.RequestBytes > 0 {
		e.Request.Post = &harPost{v.Headers["Content-Type"], []harPair{}, v.RequestBody}
	}
	if strings.HasPrefix(v.ResponseBody, "{") {
		e.Response.Content.MimeType = "application/json"
		e.Response.Headers = append(e.Response.Headers, harPair{"Content-Type", "application/json"})
	}
	if v.ResponseBytes > maxLoggedBody || v.RequestBytes > maxLoggedBody || v.RequestBytes > 0 && v.RequestBody == "" {
		e.Comment = "The log did not keep all of the bodies."
	}
	return e
}

// harPairs returns names and values in the order of the names.
func harPairs(values map[string]string) []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, harPair{name, values[name]})
	}
	return pairs
}
