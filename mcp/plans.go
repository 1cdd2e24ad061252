package mcp

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
)

// planTime is how long a plan is good.
const planTime = 5 * time.Minute

// maxPlans bounds how many plans wait.
const maxPlans = 200

// plan is a write that was planned.
type plan struct {
	id      string
	hash    string // of operation, shop and request
	client  string
	op      *catalog.Operation
	shop    Shop
	made    made
	params  map[string]any  // that it was made of, with ids of people
	now     json.RawMessage // what it changes, as it was; nil: that is not known
	before  string          // hash of it; empty: it may change
	risk    Risk
	expires time.Time
	code    string // under which a person finds it; empty: nobody was asked
	nonce   string // of the question that the host was handed; empty: none is open
}

// hashOf returns the hash of what is sent.
func hashOf(op *catalog.Operation, shop Shop, m made) (string, error) {
	b, err := json.Marshal(struct {
		Operation, Method, Shop string
		Request                 made
	}{op.FullName(), op.Method, shop.ID, m})
	if err != nil {
		return "", fmt.Errorf("hash the request: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// plans keeps the plans of a server until they are taken, once, or their time is
// over. They are in memory: a server that starts again knows none.
type plans struct {
	now                   func() time.Time
	perHour, aheadPerHour int

	mu    sync.Mutex
	byID  map[string]*plan
	sent  []time.Time // writes of the last hour
	ahead []time.Time // those among them that were approved ahead
}

// errPlan is the answer to every plan that cannot be applied: it does not tell which
// plans there are.
func errPlan() error {
	return &Failure{Class: "plan", Message: "there is no such plan: it was used, its five minutes are over, it is of another client, or it never was", Next: "plan_write plans the write again"}
}

// add keeps a plan.
func (p *plans) add(one *plan) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, old := range p.byID {
		if !p.now().Before(old.expires) {
			delete(p.byID, id)
		}
	}
	if len(p.byID) >= maxPlans {
		return &Failure{Class: "limit", Message: fmt.Sprintf("%d plans wait already", maxPlans), Next: "apply them, or wait until they end", Retryable: true}
	}
	if p.byID == nil {
		p.byID = map[string]*plan{}
	}
	one.id = "plan_" + rand.Text()
	one.expires = p.now().Add(planTime)
	p.byID[one.id] = one
	return nil
}

// look returns a copy of a client's plan.
func (p *plans) look(id, client string) (plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one, ok := p.byID[id]
	if !ok || one.client != client || !p.now().Before(one.expires) {
		return plan{}, errPlan()
	}
	return *one, nil
}

// change changes a plan that is still there.
func (p *plans) change(id string, change func(*plan)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one, ok := p.byID[id]; ok {
		change(one)
	}
}

// end forgets a plan.
func (p *plans) end(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.byID, id)
}

// recent returns the times that are less than an hour old.
func recent(times []time.Time, now time.Time) []time.Time {
	for len(times) > 0 && now.Sub(times[0]) >= time.Hour {
		times = times[1:]
	}
	return times
}

// take takes a plan for good, and one write of the hour. Of two that want it, one
// gets it.
func (p *plans) take(id, client string, ahead bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	one, ok := p.byID[id]
	if !ok || one.client != client || !now.Before(one.expires) {
		return errPlan()
	}
	p.sent, p.ahead = recent(p.sent, now), recent(p.ahead, now)
	if err := full(p.sent, p.perHour, now, "writes"); err != nil {
		return err
	}
	if ahead {
		if err := full(p.ahead, p.aheadPerHour, now, "writes approved ahead"); err != nil {
			return err
		}
		p.ahead = append(p.ahead, now)
	}
	p.sent = append(p.sent, now)
	delete(p.byID, id)
	return nil
}

// aheadLeft reports whether a write may be approved ahead now.
func (p *plans) aheadLeft() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ahead = recent(p.ahead, p.now())
	return len(p.ahead) < p.aheadPerHour
}

func full(times []time.Time, most int, now time.Time, what string) error {
	if len(times) < most {
		return nil
	}
	wait := time.Hour - now.Sub(times[0])
	return &Failure{Class: "limit", Message: fmt.Sprintf("%d %s were sent within an hour, which is the limit", most, what), Next: fmt.Sprintf("wait %d minutes", int(wait.Minutes())+1), Retryable: true}
}
