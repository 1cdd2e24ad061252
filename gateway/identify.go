package gateway

import (
	"context"
	"crypto/sha256"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/sign"
)

// signedFor is how far the time of a signature may be from the gateway's, either
// way.
const signedFor = 5 * time.Minute

// signers are the signers of clients, by the hash of what is sealed: opening a seal
// for each call would cost more than the signature.
type signers struct {
	sealer policy.Sealer
	mu     sync.Mutex
	byHash map[[sha256.Size]byte]*sign.Signer
}

// maxSigners bounds how many are kept.
const maxSigners = 20_000

// of returns the signer of a credential.
func (s *signers) of(credentialID string, sealed []byte) (*sign.Signer, error) {
	hash := sha256.Sum256(append([]byte(credentialID+"\x00"), sealed...))
	s.mu.Lock()
	defer s.mu.Unlock()
	if signer := s.byHash[hash]; signer != nil {
		return signer, nil
	}
	secret, err := s.sealer.Open(sealed, policy.SealedAbout(credentialID))
	if err != nil {
		return nil, err
	}
	if s.byHash == nil || len(s.byHash) >= maxSigners {
		s.byHash = map[[sha256.Size]byte]*sign.Signer{}
	}
	signer := sign.New(string(secret))
	s.byHash[hash] = signer
	return signer, nil
}

// identity is who makes a request.
type identity struct {
	client *policy.Client
	signer *sign.Signer // nil: the request has a key and is not signed
}

// identify finds out who makes a request. Of a signed one the signature is still to
// be verified, once its body is there.
func (g *Gateway) identify(a asked) (identity, *refusal) {
	now := g.now()
	rules := g.book.Rules()
	if !a.signed {
		if a.bearer == "" {
			return identity{}, refuse(http.StatusUnauthorized, ReasonKey, "the request has no key; send Authorization: Bearer and the key")
		}
		client, decision := rules.Authenticate(a.bearer, now)
		if client == nil {
			return identity{}, &refusal{status: http.StatusUnauthorized, reason: ReasonKey, message: decision.String(), rule: string(decision.Rule), key: decision.Key}
		}
		return identity{client: client}, nil
	}
	id := a.query.Get("app_key")
	client, sealed, decision := rules.Credential(id, now)
	if client == nil {
		return identity{}, &refusal{status: http.StatusUnauthorized, reason: ReasonKey, message: decision.String(), rule: string(decision.Rule)}
	}
	if g.signers.sealer == nil {
		return identity{}, refuse(http.StatusUnauthorized, ReasonSignature, "the gateway has no key to verify signatures with")
	}
	at, err := strconv.ParseInt(a.query.Get("timestamp"), 10, 64)
	if err != nil {
		return identity{}, refuse(http.StatusUnauthorized, ReasonSignature, "the parameter timestamp is not a number of seconds")
	}
	if now.Sub(time.Unix(at, 0)).Abs() > signedFor {
		return identity{}, refuse(http.StatusUnauthorized, ReasonSignature, "the timestamp is more than 5 minutes off; check the clock")
	}
	signer, err := g.signers.of(id, sealed)
	if err != nil {
		g.logger.Error("the secret of a client cannot be opened", "key", client.Name(), "error", err.Error())
		return identity{}, refuse(http.StatusUnauthorized, ReasonSignature, "the gateway cannot open the secret that this client signs with")
	}
	return identity{client, signer}, nil
}

// verify checks the signature of a request by the documented rule, in constant time.
// SDKs that send {} for an empty body leave it out of the signature. A signature over
// a nonce is good for one request.
func (g *Gateway) verify(ctx context.Context, i identity, a asked, contentType string, body []byte) *refusal {
	if i.signer == nil {
		return nil
	}
	r := sign.Request{Path: a.path, Query: a.query, ContentType: contentType, Body: body}
	ok := i.signer.Verify(r, a.query.Get("sign"))
	if !ok && strings.TrimSpace(string(body[:min(len(body), 8)])) == "{}" {
		r.Body = nil
		ok = i.signer.Verify(r, a.query.Get("sign"))
	}
	if !ok {
		return refuse(http.StatusUnauthorized, ReasonSignature, "the signature is wrong; ttshop explain says why")
	}
	return g.useNonce(ctx, a)
}
