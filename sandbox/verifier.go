package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"sync"
)

// message is what a request signature covers.
type message struct {
	method    string
	path      string  // as on the wire
	query     []param // decoded, sorted by key; see parseQuery
	multipart bool
	body      []byte
}

// verifier checks the signatures of one app. It is written from the protocol
// alone and shares nothing with the client's signer.
type verifier struct {
	secret string
	legacy bool // the 202212 rule, where no body is ever signed
	macs   sync.Pool
}

func newVerifier(secret string, legacy bool) *verifier {
	v := &verifier{secret: secret, legacy: legacy}
	v.macs.New = func() any { return &macState{mac: hmac.New(sha256.New, []byte(secret))} }
	return v
}

// macState is the reusable working memory of one computation.
type macState struct {
	mac  hash.Hash
	base []byte
}

// verify reports whether sign is the signature of m. Upper-case hexadecimal is
// refused: no source says that the platform takes it.
func (v *verifier) verify(m message, sign string) bool {
	withBody := !v.legacy && !m.multipart && len(m.body) > 0
	if v.matches(m, withBody, sign) {
		return true
	}
	// Official samples disagree on an empty object and on the body of a GET:
	// some sign it, some do not. Both are accepted.
	if withBody && (string(m.body) == "{}" || m.method == "GET") {
		return v.matches(m, false, sign)
	}
	return false
}

func (v *verifier) matches(m message, withBody bool, sign string) bool {
	state := v.macs.Get().(*macState)
	defer v.macs.Put(state)
	base := append(state.base[:0], v.secret...)
	base = append(base, m.path...)
	for i, p := range m.query {
		if p.key == "sign" || p.key == "access_token" || i > 0 && p.key == m.query[i-1].key {
			continue // of a repeated key the first value counts
		}
		base = append(base, p.key...)
		base = append(base, p.value...)
	}
	if withBody {
		base = append(base, m.body...)
	}
	base = append(base, v.secret...)
	state.mac.Reset()
	state.mac.Write(base)
	var sum [sha256.Size]byte
	var want [2 * sha256.Size]byte
	hex.Encode(want[:], state.mac.Sum(sum[:0]))
	if cap(base) <= 64<<10 { // a rare large body does not stay in memory
		state.base = base
	}
	return hmac.Equal(want[:], []byte(sign))
}
