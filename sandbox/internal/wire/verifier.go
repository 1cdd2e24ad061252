package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"sync"
)

// Message is what a request signature covers.
type Message struct {
	Method    string
	Path      string  // as on the wire
	Query     []Param // decoded, sorted by key; see ParseQuery
	Multipart bool
	Body      []byte
}

// Verifier checks the signatures of one app, and makes those of replays. It is written from the protocol
// alone and shares nothing with the client's signer.
type Verifier struct {
	secret string
	legacy bool // the 202212 rule, where no body is ever signed
	macs   sync.Pool
}

// NewVerifier returns a verifier of signatures that are made with a secret.
func NewVerifier(secret string, legacy bool) *Verifier {
	v := &Verifier{secret: secret, legacy: legacy}
	v.macs.New = func() any { return &macState{mac: hmac.New(sha256.New, []byte(secret))} }
	return v
}

// macState is the reusable working memory of one computation.
type macState struct {
	mac  hash.Hash
	base []byte
}

// Verify reports whether sign is the signature of m. Upper-case hexadecimal is
// refused: no source says that the platform takes it.
func (v *Verifier) Verify(m Message, sign string) bool {
	withBody := !v.legacy && !m.Multipart && len(m.Body) > 0
	if v.matches(m, withBody, sign) {
		return true
	}
	// Official samples disagree on an empty object and on the body of a GET:
	// some sign it, some do not. Both are accepted.
	if withBody && (string(m.Body) == "{}" || m.Method == "GET") {
		return v.matches(m, false, sign)
	}
	return false
}

// Sign returns the signature of m.
func (v *Verifier) Sign(m Message) string {
	sum := v.sum(m, !v.legacy && !m.Multipart && len(m.Body) > 0)
	return string(sum[:])
}

func (v *Verifier) matches(m Message, withBody bool, sign string) bool {
	sum := v.sum(m, withBody)
	return hmac.Equal(sum[:], []byte(sign))
}

// sum computes a signature, in hexadecimal.
func (v *Verifier) sum(m Message, withBody bool) (hexed [2 * sha256.Size]byte) {
	state := v.macs.Get().(*macState)
	defer v.macs.Put(state)
	base := append(state.base[:0], v.secret...)
	base = append(base, m.Path...)
	for i, p := range m.Query {
		if p.Key == "sign" || p.Key == "access_token" || i > 0 && p.Key == m.Query[i-1].Key {
			continue // of a repeated key the first value counts
		}
		base = append(base, p.Key...)
		base = append(base, p.Value...)
	}
	if withBody {
		base = append(base, m.Body...)
	}
	base = append(base, v.secret...)
	state.mac.Reset()
	state.mac.Write(base)
	var sum [sha256.Size]byte
	hex.Encode(hexed[:], state.mac.Sum(sum[:0]))
	if cap(base) <= 64<<10 { // a rare large body does not stay in memory
		state.base = base
	}
	return hexed
}
