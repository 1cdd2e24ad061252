package sandbox

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// masked stands for what is secret.
const masked = "(hidden)"

// requestView is all that the log tells of one request. What is secret is
// masked: the app secret, tokens and codes, and most of the signature.
type requestView struct {
	logRecord
	ShopID string `json:"shop_id,omitempty"`
	Source string `json:"source,omitempty"` // state or shape
	Fault  string `json:"fault,omitempty"`  // id of the fault that hit

	Query     map[string]string `json:"query"`
	Headers   map[string]string `json:"headers"`
	Canonical string            `json:"canonical,omitempty"` // what the signature covers
	pieces    []canonicalPiece  // the same in its parts
	Sign      string            `json:"sign,omitempty"` // its beginning

	Explanation string `json:"explanation,omitempty"` // which mistake made it wrong

	RequestBody   string `json:"request_body"` // its beginning; empty for forms
	RequestBytes  int    `json:"request_bytes"`
	ResponseBody  string `json:"response_body"` // its beginning
	ResponseBytes int    `json:"response_bytes"`
}

// secretHeader tells whether the values of a header are secret.
func secretHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case tokenHeader, "Authorization", "Proxy-Authorization", "Cookie":
		return true
	}
	return false
}

// secretParam tells whether the values of a parameter are secret.
func secretParam(name string) bool {
	switch name {
	case "app_secret", "access_token", "refresh_token", "auth_code", "code":
		return true
	}
	return false
}

// secretMember finds tokens in an answer, also where the log cut it off.
var secretMember = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`("(?:access_token|refresh_token|auth_code|app_secret)"\s*:\s*")[^"]*`)
})

func (s *logSlot) view() requestView {
	view := requestView{
		logRecord: s.logRecord, ShopID: s.shopID, Source: s.source, Fault: s.fault,
		Query: map[string]string{}, Headers: map[string]string{}, Explanation: s.explanation,
		RequestBytes: s.bodySize, ResponseBytes: s.sizeOut,
		RequestBody: readable(s.body), ResponseBody: readable(s.answer),
	}
	params := parseQuery(nil, string(s.query))
	for _, p := range params {
		if _, ok := view.Query[p.key]; ok {
			continue // the first value counts
		}
		switch {
		case secretParam(p.key):
			p.value = masked
		case p.key == "sign":
			if len(p.value) > 8 {
				p.value = p.value[:8] + "…"
			}
			view.Sign = p.value
		}
		view.Query[p.key] = p.value
	}
	for line := range strings.Lines(string(s.header)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if before := view.Headers[name]; before != "" {
			value = before + ", " + value
		}
		view.Headers[name] = value
	}
	if s.SignatureOK != nil {
		view.pieces = s.canonical(params)
		for _, piece := range view.pieces {
			view.Canonical += piece.Name + piece.Text
		}
	}
	return view
}

// The kinds of the pieces of a canonical string.
const (
	pieceSecret = "secret"
	piecePath   = "path"
	pieceParam  = "parameter"
	pieceBody   = "body"
)

// canonicalPiece is a part of the text that a signature covers. Name and text
// follow each other without anything between them.
type canonicalPiece struct{ Kind, Name, Text string }

// canonical returns the text that a signature covers, with the secret masked.
// A body that the log cut off is cut off here too.
func (s *logSlot) canonical(params []param) []canonicalPiece {
	secret := canonicalPiece{Kind: pieceSecret, Text: "(app secret)"}
	pieces := []canonicalPiece{secret, {Kind: piecePath, Text: s.Path}}
	for i, p := range params {
		if p.key == "sign" || p.key == "access_token" || i > 0 && p.key == params[i-1].key {
			continue
		}
		if secretParam(p.key) {
			p.value = masked
		}
		pieces = append(pieces, canonicalPiece{pieceParam, p.key, p.value})
	}
	body := readable(s.body)
	if !s.multipart && s.bodySize > len(s.body) {
		body += "… " + strconv.Itoa(s.bodySize-len(s.body)) + " more bytes …"
	}
	if body != "" {
		pieces = append(pieces, canonicalPiece{Kind: pieceBody, Text: body})
	}
	return append(pieces, secret)
}

// readable returns a body as text without its secrets, or nothing where it is
// no text.
func readable(body []byte) string {
	for cut := 0; cut < utf8.UTFMax && cut <= len(body); cut++ { // a character may be cut in two
		if utf8.Valid(body[:len(body)-cut]) {
			return secretMember().ReplaceAllString(string(body[:len(body)-cut]), "${1}"+masked)
		}
	}
	return ""
}

func (s *gatehouse) getRequest(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		controlError(w, http.StatusBadRequest, "the id is not a number")
		return
	}
	view, ok := s.log.find(id)
	if !ok {
		controlError(w, http.StatusNotFound, "the log does not have this request (any more)")
		return
	}
	controlAnswer(w, http.StatusOK, view)
}

func (s *gatehouse) getRequests(w http.ResponseWriter, r *http.Request) {
	limit := logCapacity
	if value := r.URL.Query().Get("limit"); value != "" {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			controlError(w, http.StatusBadRequest, "limit is not a count")
			return
		}
		limit = n
	}
	controlAnswer(w, http.StatusOK, struct {
		Requests []logRecord `json:"requests"`
	}{s.log.last(limit, r.URL.Query().Get("path"))})
}
