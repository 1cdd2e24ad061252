package gateway

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Nonces knows which signed requests were there before. The store of package sqlstore
// does so for all gateways over one database.
type Nonces interface {
	// Once reports whether a name comes for the first time, and keeps it until a
	// time.
	Once(ctx context.Context, name string, now, until time.Time) (bool, error)
}

// nonceParameter is the parameter that makes the signature of a request good for one
// use. No operation of the platform has one of this name, and none is sent on.
const nonceParameter = "nonce"

// maxNonce bounds the length of a nonce.
const maxNonce = 128

// clocksApart is how far the clocks of two gateways may be apart.
const clocksApart = time.Minute

// useNonce uses the nonce of a request whose signature was verified.
func (g *Gateway) useNonce(ctx context.Context, a asked) *refusal {
	nonces, there := a.query[nonceParameter]
	if !there {
		return nil
	}
	nonce := nonces[0]
	if nonce == "" || len(nonce) > maxNonce {
		return refuse(http.StatusBadRequest, ReasonRequest, "the parameter nonce must have 1 to "+strconv.Itoa(maxNonce)+" characters")
	}
	now := g.now()
	// The timestamp was checked: it is at most signedFor ahead, and good for as long
	// after it.
	first, err := g.nonces.Once(ctx, "gateway nonce "+a.query.Get("app_key")+" "+nonce, now, now.Add(2*signedFor+clocksApart))
	if err != nil {
		g.logger.Error("whether a request was there before cannot be found out", "error", err.Error())
		return refuse(http.StatusServiceUnavailable, ReasonStore, "the gateway cannot find out at the moment whether the nonce is new")
	}
	if !first {
		return refuse(http.StatusUnauthorized, ReasonSignature, "a request with this nonce was there before; sign each with a new one, or with none")
	}
	return nil
}

// MemoryNonces is [Nonces] that last as long as their process. The zero value is
// ready, and safe for concurrent use.
type MemoryNonces struct {
	mu    sync.Mutex
	until map[string]time.Time
	swept time.Time
}

// sweepNonces is the time between looks for nonces that have ended.
const sweepNonces = time.Minute

// Once implements [Nonces].
func (m *MemoryNonces) Once(_ context.Context, name string, now, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.until == nil {
		m.until, m.swept = map[string]time.Time{}, now
	}
	if now.Sub(m.swept) > sweepNonces {
		maps.DeleteFunc(m.until, func(_ string, end time.Time) bool { return end.Before(now) })
		m.swept = now
	}
	if end, there := m.until[name]; there && !end.Before(now) {
		return false, nil
	}
	m.until[name] = until
	return true, nil
}
