package gate

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// masked stands for what is secret.
const masked = "(hidden)"

// RequestView is all that the log tells of one request. What is secret is
// masked: the app secret, tokens and codes, and most of the signature.
type RequestView struct {
	LogRecord
	Source   string `json:"source,omitempty"`    // state or shape
	Fault    string `json:"fault,omitempty"`     // id of the fault that hit
	Grant    string `json:"grant,omitempty"`     // id of the grant of who asked
	ReplayOf int64  `json:"replay_of,omitempty"` // id of the request that this one repeats

	Warnings []string `json:"warnings,omitempty"` // values that no document lists

	Query           map[string]string `json:"query"`
	Headers         map[string]string `json:"headers"`
	Canonical       string            `json:"canonical,omitempty"` // what the signature covers
	CanonicalPieces []CanonicalPiece  `json:"-"`                   // the same in its parts
	Sign            string            `json:"sign,omitempty"`      // its beginning

	Explanation string `json:"explanation,omitempty"` // which mistake made it wrong

	RequestBody   string `json:"request_body"` // its beginning; empty for forms
	Sent          string `json:"-"`            // the same as far as the log keeps it, for a replay
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

func (s *logSlot) view() RequestView {
	view := RequestView{
		LogRecord: s.LogRecord, Source: s.source, Fault: s.fault, Grant: s.grant, ReplayOf: s.replayOf, Warnings: s.warnings,
		Query: s.maskedQuery(), Headers: map[string]string{}, Explanation: s.explanation,
		RequestBytes: s.bodySize, ResponseBytes: s.sizeOut,
		RequestBody: readable(s.shownBody()), Sent: readable(s.body), ResponseBody: readable(s.answer),
	}
	view.Sign = view.Query["sign"]
	for line := range strings.Lines(string(s.header)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if before := view.Headers[name]; before != "" {
			value = before + ", " + value
		}
		view.Headers[name] = value
	}
	if s.SignatureOK != nil {
		view.CanonicalPieces = s.canonical(wire.ParseQuery(nil, string(s.query)))
		for _, piece := range view.CanonicalPieces {
			view.Canonical += piece.Name + piece.Text
		}
	}
	return view
}

// maskedQuery returns the parameters as the log shows them.
func (s *logSlot) maskedQuery() map[string]string {
	query := map[string]string{}
	for _, p := range wire.ParseQuery(nil, string(s.query)) {
		if _, ok := query[p.Key]; ok {
			continue // the first value counts
		}
		switch {
		case secretParam(p.Key):
			p.Value = masked
		case p.Key == "sign" && len(p.Value) > 8:
			p.Value = p.Value[:8] + "…"
		}
		query[p.Key] = p.Value
	}
	return query
}

// The kinds of the pieces of a canonical string.
const (
	pieceSecret = "secret"
	piecePath   = "path"
	pieceParam  = "parameter"
	pieceBody   = "body"
)

// CanonicalPiece is a part of the text that a signature covers. Name and text
// follow each other without anything between them.
type CanonicalPiece struct{ Kind, Name, Text string }

// canonical returns the text that a signature covers, with the secret masked.
// A body whose beginning alone is shown is cut off here too.
func (s *logSlot) canonical(params []wire.Param) []CanonicalPiece {
	secret := CanonicalPiece{Kind: pieceSecret, Text: "(app secret)"}
	pieces := []CanonicalPiece{secret, {Kind: piecePath, Text: s.Path}}
	for i, p := range params {
		if p.Key == "sign" || p.Key == "access_token" || i > 0 && p.Key == params[i-1].Key {
			continue
		}
		if secretParam(p.Key) {
			p.Value = masked
		}
		pieces = append(pieces, CanonicalPiece{pieceParam, p.Key, p.Value})
	}
	shown := s.shownBody()
	body := readable(shown)
	if !s.multipart && s.bodySize > len(shown) {
		body += "… " + strconv.Itoa(s.bodySize-len(shown)) + " more bytes …"
	}
	if body != "" {
		pieces = append(pieces, CanonicalPiece{Kind: pieceBody, Text: body})
	}
	return append(pieces, secret)
}

// shownBody is the beginning of the body that the log shows.
func (s *logSlot) shownBody() []byte { return s.body[:min(len(s.body), maxLoggedBody)] }

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

// GetRequest answers with one request of the log, whole.
func (s *Gate) GetRequest(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		ControlError(w, http.StatusBadRequest, "the id is not a number")
		return
	}
	view, ok := s.Log.Find(id)
	if !ok {
		ControlError(w, http.StatusNotFound, "the log does not have this request (any more)")
		return
	}
	ControlAnswer(w, http.StatusOK, view)
}
