package gateway

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// The headers that the gateway reads and writes.
const (
	HeaderShop    = "X-Ttshop-Shop"    // of a request: id, code, cipher or name of the shop
	HeaderGrant   = "X-Ttshop-Grant"   // of a request: open id of a creator or a partner
	HeaderReason  = "X-Ttshop-Gateway" // of an answer of the gateway's own: the reason
	HeaderOutcome = "X-Ttshop-Outcome" // of an answer: unknown, where a write may have been carried out
	HeaderTries   = "X-Ttshop-Tries"   // of an answer: how often the call was sent
	HeaderCall    = "X-Ttshop-Call"    // of an answer: the id of the call in the audit
)

// Reason is why the gateway answers itself.
type Reason string

// The reasons.
const (
	ReasonRequest   Reason = "request"   // the request is malformed, or one that no client should send
	ReasonKey       Reason = "key"       // no key, or one that does not work
	ReasonSignature Reason = "signature" // the signature or its time is wrong
	ReasonPolicy    Reason = "policy"    // the key may not make this call
	ReasonShop      Reason = "shop"      // the request does not say for which shop it is
	ReasonTooLarge  Reason = "too-large" // the body is larger than allowed
	ReasonLimit     Reason = "limit"     // the key, or the shop, makes too many calls
	ReasonBusy      Reason = "busy"      // the gateway has too much to do
	ReasonAudit     Reason = "audit"     // the call cannot be recorded
	ReasonToken     Reason = "token"     // there is no valid token for the shop
	ReasonUpstream  Reason = "upstream"  // the platform gave no answer that can be read
	ReasonStore     Reason = "store"     // the token store cannot be read
)

// codes are the codes of the answers of the gateway's own. The platform has none of
// them.
var codes = map[Reason]int{
	ReasonRequest: 99700400, ReasonKey: 99700401, ReasonSignature: 99700402, ReasonPolicy: 99700403,
	ReasonShop: 99700404, ReasonTooLarge: 99700413, ReasonLimit: 99700429, ReasonBusy: 99700503,
	ReasonAudit: 99700504, ReasonToken: 99700505, ReasonUpstream: 99700502, ReasonStore: 99700506,
}

// Code returns the code that answers for the reason have.
func (r Reason) Code() int { return codes[r] }

// refusal is an answer of the gateway's own.
type refusal struct {
	status     int
	reason     Reason
	message    string
	retryAfter time.Duration // 0: nothing is said
	unknown    bool          // a write may have been carried out
	rule       string        // of the policy; empty unless it decided
	key        string        // name of a key that was presented and has ended
}

func (r *refusal) Error() string { return r.message }

func refuse(status int, reason Reason, message string) *refusal {
	return &refusal{status: status, reason: reason, message: message}
}

// envelope is what wraps every answer of the platform.
type envelope struct {
	Code      int    `json:"code"`
	Message   string `json:"message"`
	Data      any    `json:"data"`
	RequestID string `json:"request_id"`
}

// write answers with the refusal, and returns the bytes written.
func (r *refusal) write(w http.ResponseWriter, callID string) int {
	body, err := json.Marshal(envelope{Code: r.reason.Code(), Message: r.message, RequestID: callID})
	if err != nil {
		panic("gateway: " + err.Error()) // numbers and text always encode
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set(HeaderReason, string(r.reason))
	if r.unknown {
		h.Set(HeaderOutcome, "unknown")
	}
	if r.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((r.retryAfter+time.Second-1)/time.Second)))
	}
	w.WriteHeader(r.status)
	n, _ := w.Write(body) // a client that is gone needs no answer
	return n
}

// passed are the headers of the platform that clients get. None of the others says
// anything to them, and a cookie or an address would say too much.
var passed = []string{"Content-Type", "Content-Language", "Content-Disposition", "Date", "Retry-After", "X-Tt-Logid", "X-Request-Id"}

// copyHeader copies the platform's headers that clients get.
func copyHeader(to, from http.Header) {
	for _, name := range passed {
		if values := from.Values(name); len(values) > 0 {
			to[http.CanonicalHeaderKey(name)] = values
		}
	}
}
