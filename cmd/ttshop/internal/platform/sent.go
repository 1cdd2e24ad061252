package platform

import (
	"io"
	"net/http"
	"sync"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sign/explain"
)

// CodeSignature is the platform's code for a wrong signature.
const CodeSignature = 106001

// sentRequest is the last request of a run, and what it is signed with.
type sentRequest struct {
	http   *http.Request
	Key    string
	Secret ttshop.Secret
}

// Request returns the request as it was signed.
func (s *sentRequest) Request() (explain.Request, error) {
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
	sys    *Session
	key    string
	secret ttshop.Secret

	mu sync.Mutex // guards sys.Sent
}

// watch returns a transport whose requests can be explained.
func (s *Session) watch(next http.RoundTripper, key string, secret ttshop.Secret) http.RoundTripper {
	return &watcher{next: next, sys: s, key: key, secret: secret}
}

// RoundTrip implements http.RoundTripper.
func (w *watcher) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock() // calls may go side by side
	w.sys.Sent = &sentRequest{req, w.key, w.secret}
	w.mu.Unlock()
	return w.next.RoundTrip(req)
}
