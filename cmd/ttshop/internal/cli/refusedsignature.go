package cli

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sign/explain"
)

// codeSignature is the platform's code for a wrong signature.
const codeSignature = 106001

// sentRequest is the last request of a run, and what it is signed with.
type sentRequest struct {
	http   *http.Request
	key    string
	secret ttshop.Secret
}

// request returns the request as it was signed.
func (s *sentRequest) request() (explain.Request, error) {
	r := explain.Request{Method: s.http.Method, URL: s.http.URL.String(), ContentType: s.http.Header.Get("Content-Type")}
	if s.http.GetBody == nil { // a form, which is not signed, or none
		return r, nil
	}
	body, err := s.http.GetBody()
	if err != nil {
		return r, err
	}
	defer body.Close()
	r.Body, err = io.ReadAll(body)
	return r, err
}

// watcher is an http.RoundTripper that remembers the request, to explain a
// signature that the platform refuses.
type watcher struct {
	next   http.RoundTripper
	sys    *System
	key    string
	secret ttshop.Secret

	mu sync.Mutex // guards sys.sent
}

// watch returns a transport whose requests can be explained.
func (s *System) watch(next http.RoundTripper, key string, secret ttshop.Secret) http.RoundTripper {
	return &watcher{next: next, sys: s, key: key, secret: secret}
}

// RoundTrip implements http.RoundTripper.
func (w *watcher) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock() // calls may go side by side
	w.sys.sent = &sentRequest{req, w.key, w.secret}
	w.mu.Unlock()
	return w.next.RoundTrip(req)
}

// explainRefusal returns what can be said about a signature that the platform
// refused, or nothing where the error is another.
func (s *System) explainRefusal(err error) string {
	var refused *ttshop.Error
	if s.sent == nil || !errors.As(err, &refused) || refused.Code != codeSignature {
		return ""
	}
	secret := s.sent.secret.Reveal()
	request, err := s.sent.request()
	if err != nil {
		return ""
	}
	report, err := explain.Explain(request, secret, explain.Options{Now: s.Now()})
	if err != nil {
		return ""
	}
	var b strings.Builder
	line := func(indent, text string) {
		for _, l := range wrap(strings.Fields(text), " ", width-len(indent)) {
			b.WriteString(indent + l + "\n")
		}
	}
	if report.OK {
		line("", "The signature is the right one for this secret, over the string")
	} else {
		line("", sentenceOf(report.Summary)+" The string to sign is")
	}
	for _, l := range cut(printable(shorten(report.Canonical, 900)), width-2) {
		b.WriteString("  " + l + "\n")
	}
	switch {
	case strings.TrimSpace(secret) != secret:
		line("", "The secret begins or ends with white space, which counts: where it does not belong there, take it out.")
	case report.OK:
		line("", "So the secret is most likely that of another app than "+printable(s.sent.key)+", or something on the way, such as a proxy, changed URL or body.")
	}
	for _, note := range report.Notes {
		line("", sentenceOf(note))
	}
	return strings.TrimRight(b.String(), "\n")
}
