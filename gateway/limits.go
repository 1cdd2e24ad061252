package gateway

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/policy"
)

// Budgets counts the calls of a day. The store of package sqlstore does so for all
// gateways over one database.
type Budgets interface {
	// Spend takes n calls of a budget on a day, counted from 1970, and reports
	// whether they were left of the limit.
	Spend(ctx context.Context, budget string, day int64, n, limit int) (bool, error)
}

// memoryBudgets counts the calls of one process.
type memoryBudgets struct {
	mu   sync.Mutex
	day  int64
	used map[string]int
}

// Spend implements [Budgets].
func (m *memoryBudgets) Spend(_ context.Context, budget string, day int64, n, limit int) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.used == nil || day > m.day {
		m.day, m.used = day, map[string]int{}
	}
	if day < m.day || m.used[budget]+n > limit {
		return false, nil
	}
	m.used[budget] += n
	return true, nil
}

// Spent returns how much of a budget was used on a day.
func (m *memoryBudgets) Spent(_ context.Context, budget string, day int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if day != m.day {
		return 0, nil
	}
	return m.used[budget], nil
}

// budgetOf is the name of a client's budget.
func budgetOf(client *policy.Client) string { return "gateway key " + client.Name() }

const secondsPerDay = 24 * 60 * 60

// spend takes a call of a key's budget of the day.
func (g *Gateway) spend(ctx context.Context, client *policy.Client) *refusal {
	daily := client.Daily()
	if daily == 0 {
		return nil
	}
	now := g.now()
	day := now.Unix() / secondsPerDay
	ok, err := g.budgets.Spend(ctx, budgetOf(client), day, 1, daily)
	if err != nil {
		g.logger.Error("the budget of a key cannot be read", "key", client.Name(), "error", err.Error())
		return refuse(http.StatusServiceUnavailable, ReasonStore, "the gateway cannot count the calls of this key at the moment")
	}
	if !ok {
		return &refusal{
			status: http.StatusTooManyRequests, reason: ReasonLimit,
			message:    fmt.Sprintf("key %s has used its %d calls of the day", client.Name(), daily),
			retryAfter: time.Unix((day+1)*secondsPerDay, 0).Sub(now),
		}
	}
	return nil
}

// keyMaxWait is how long a call waits for the rate of its key before it is refused.
const keyMaxWait = 2 * time.Second

// KeyRate returns the rate of an operation of a limiter for [Config].Keys: the
// gateway puts name and rate of the key in the place of the operation.
func KeyRate(operation string) float64 {
	for i := len(operation) - 1; i >= 0; i-- {
		if operation[i] == '@' {
			rate, err := strconv.ParseFloat(operation[i+1:], 64)
			if err == nil && rate > 0 {
				return rate
			}
			break
		}
	}
	return ttshop.DefaultRate
}

// paceKey waits for the rate of a key.
func (g *Gateway) paceKey(ctx context.Context, client *policy.Client) *refusal {
	rate := client.Rate()
	if math.IsInf(rate, 1) {
		return nil
	}
	// With the rate in its name a changed one begins again.
	key := ttshop.LimitKey{App: "gateway key", Operation: client.Name() + "@" + strconv.FormatFloat(rate, 'g', -1, 64)}
	ctx, cancel := context.WithTimeout(ctx, keyMaxWait)
	defer cancel()
	permit, err := g.keys.Acquire(ctx, key, ttshop.Interactive)
	if err == nil {
		g.keys.Done(key, permit, ttshop.Outcome{Result: ttshop.ResultOK})
		return nil
	}
	wait := time.Second
	if limited, ok := errors.AsType[*ttshop.LimitError](err); ok && !limited.Until.IsZero() {
		wait = max(wait, time.Until(limited.Until))
	}
	return &refusal{
		status: http.StatusTooManyRequests, reason: ReasonLimit, retryAfter: wait,
		message: fmt.Sprintf("key %s makes more than its %v calls per second", client.Name(), rate),
	}
}

// turns bounds how many calls of each key are under way. Others of the same key
// wait for their turn here, rather than in front of the calls of other keys for
// the same shop.
type turns struct {
	each    int // under way, per key
	waiting int // at most, per key
	mu      sync.Mutex
	byKey   map[string]*keyTurns
}

type keyTurns struct {
	slots chan struct{}
	users int // under way or waiting
}

// enter waits for a turn; leave ends it.
func (t *turns) enter(ctx context.Context, key string) (leave func(), ok bool) {
	t.mu.Lock()
	if t.byKey == nil {
		t.byKey = map[string]*keyTurns{}
	}
	k := t.byKey[key]
	if k == nil {
		k = &keyTurns{slots: make(chan struct{}, t.each)}
		t.byKey[key] = k
	}
	if k.users >= t.each+t.waiting {
		t.mu.Unlock()
		return nil, false
	}
	k.users++
	t.mu.Unlock()
	done := func() {
		t.mu.Lock()
		if k.users--; k.users == 0 {
			delete(t.byKey, key)
		}
		t.mu.Unlock()
	}
	select {
	case k.slots <- struct{}{}:
		return func() { <-k.slots; done() }, true
	case <-ctx.Done():
		done()
		return nil, false
	}
}

// memory bounds the bytes of bodies that are held at once.
type memory struct {
	most int64
	held atomic.Int64
}

// take reserves bytes and reports whether there is room.
func (m *memory) take(n int64) bool {
	if m.held.Add(n) <= m.most {
		return true
	}
	m.held.Add(-n)
	return false
}

func (m *memory) give(n int64) { m.held.Add(-n) }
