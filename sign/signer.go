package sign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
)

// Size is the length of a signature in characters: SHA-256 in lower-case hex.
const Size = 2 * sha256.Size

// Request holds what a signature covers.
type Request struct {
	// Path is the path as it appears in the URL: escaped, with the leading
	// slash, without host and query. (Official samples disagree on escaped
	// versus decoded; the two differ only for paths that need escaping, and
	// real ids are digits.)
	Path string
	// Query holds the decoded parameters. If a key has several values, the
	// first counts. Nil and empty mean none.
	Query url.Values
	// ContentType is the Content-Type header. It matters only because the body
	// of a multipart/form-data request is not signed; empty means any other.
	ContentType string
	// Body is the exact body as it is sent. Nil and empty mean none.
	Body []byte
}

// Signer signs and verifies with one app secret. It is safe for concurrent use
// and keeps its working memory, so make one per secret and hold on to it. It
// never shows the secret, whichever way it is printed.
type Signer struct {
	secret string
	legacy bool
	pool   sync.Pool // of *state
}

// New returns a signer for the app secret by the current rule (202309 and later).
func New(secret string) *Signer {
	s := &Signer{secret: secret}
	s.pool.New = func() any { return &state{mac: hmac.New(sha256.New, []byte(secret))} }
	return s
}

// NewLegacy returns a signer for the app secret by the rule of version 202212,
// which never signs the body.
func NewLegacy(secret string) *Signer {
	s := New(secret)
	s.legacy = true
	return s
}

// Sign returns the signature of the request: 64 lower-case hex characters.
// It allocates nothing but its result.
func (s *Signer) Sign(r Request) string {
	st := s.state()
	defer s.pool.Put(st)
	st.collect(r.Query)
	s.sum(st, r.Path, s.signedBody(r.ContentType, r.Body))
	return string(st.digest[:])
}

// Verify reports whether signature is right for the request, in constant time.
// Upper-case hex is not accepted: no source shows that the platform accepts it.
func (s *Signer) Verify(r Request, signature string) bool {
	st := s.state()
	defer s.pool.Put(st)
	st.collect(r.Query)
	s.sum(st, r.Path, s.signedBody(r.ContentType, r.Body))
	return st.matches(signature)
}

// SignWebhook returns the signature of a webhook delivery, the value of its
// Authorization header.
func (s *Signer) SignWebhook(appKey string, body []byte) string {
	st := s.state()
	defer s.pool.Put(st)
	s.sumWebhook(st, appKey, body)
	return string(st.digest[:])
}

// VerifyWebhook reports whether signature is that of a webhook delivery to the
// app, in constant time.
func (s *Signer) VerifyWebhook(appKey string, body []byte, signature string) bool {
	st := s.state()
	defer s.pool.Put(st)
	s.sumWebhook(st, appKey, body)
	return st.matches(signature)
}

// Format prints a placeholder, so that no fmt verb shows the secret.
func (s *Signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "sign.Signer(secret hidden)") }

// LogValue implements slog.LogValuer: it hides the secret.
func (s *Signer) LogValue() slog.Value { return slog.StringValue("sign.Signer(secret hidden)") }

// signedBody returns the part of the body that the signature covers.
func (s *Signer) signedBody(contentType string, body []byte) []byte {
	if s.legacy || len(body) == 0 || isMultipart(contentType) {
		return nil
	}
	return body
}

// isMultipart reports whether the media type is multipart/form-data, regardless
// of case and parameters.
func isMultipart(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(mediaType), "multipart/form-data")
}

// state is the working memory of one signature.
type state struct {
	mac     hash.Hash
	pairs   []pair
	scratch []byte // decoded values of a raw query
	base    []byte
	sum     [sha256.Size]byte
	digest  [Size]byte
}

func (s *Signer) state() *state {
	st := s.pool.Get().(*state)
	st.pairs = st.pairs[:0]
	st.scratch = st.scratch[:0]
	st.base = st.base[:0]
	st.mac.Reset()
	return st
}

// copyLimit is the size in bytes up to which a body is appended to the
// parameters: one write is cheaper than three, a large copy is not.
const copyLimit = 1 << 10

// sum computes the digest over the collected pairs.
func (s *Signer) sum(st *state, path string, body []byte) {
	sortPairs(st.pairs)
	st.base = append(st.base, s.secret...)
	st.base = append(st.base, path...)
	for i, p := range st.pairs {
		if i > 0 && p.key == st.pairs[i-1].key {
			continue // the first value of a repeated key counts
		}
		st.base = append(append(st.base, p.key...), p.value...)
	}
	if len(body) <= copyLimit {
		st.base = append(st.base, body...)
	} else {
		st.mac.Write(st.base)
		st.mac.Write(body)
		st.base = st.base[:0]
	}
	st.base = append(st.base, s.secret...)
	st.mac.Write(st.base)
	st.finish()
}

func (s *Signer) sumWebhook(st *state, appKey string, body []byte) {
	st.base = append(st.base, appKey...)
	st.mac.Write(st.base)
	st.mac.Write(body)
	st.finish()
}

func (st *state) finish() {
	sum := st.mac.Sum(st.sum[:0])
	hex.Encode(st.digest[:], sum)
}

func (st *state) matches(signature string) bool {
	if len(signature) != Size {
		return false
	}
	st.base = append(st.base[:0], signature...)
	return hmac.Equal(st.digest[:], st.base)
}
