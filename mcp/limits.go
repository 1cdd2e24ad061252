package mcp

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/policy"
)

// limits holds keys to their calls per second and per day. It counts for this server
// alone.
type limits struct {
	now func() time.Time

	mu    sync.Mutex
	byKey map[string]*keyUse
}

type keyUse struct {
	day  int64 // counted from 1970
	used int
	left float64 // calls that may be made at once
	at   time.Time
}

// spend takes a call of a key.
func (l *limits) spend(client *policy.Client) error {
	if client == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if l.byKey == nil {
		l.byKey = map[string]*keyUse{}
	}
	u := l.byKey[client.Name()]
	if u == nil {
		u = &keyUse{left: max(1, client.Rate()), at: now}
		l.byKey[client.Name()] = u
	}
	const secondsPerDay = 24 * 60 * 60
	if day := now.Unix() / secondsPerDay; day != u.day {
		u.day, u.used = day, 0
	}
	if daily := client.Daily(); daily > 0 && u.used >= daily {
		return &Failure{Class: "limit", Message: fmt.Sprintf("the key has used its %d calls of the day", daily), Next: "wait for the next day (UTC)"}
	}
	if rate := client.Rate(); !math.IsInf(rate, 1) {
		u.left = min(max(1, rate), u.left+rate*now.Sub(u.at).Seconds())
		u.at = now
		if u.left < 1 {
			return &Failure{Class: "limit", Message: fmt.Sprintf("the key makes more than its %v calls per second", rate), Next: "wait a few seconds, then call again", Retryable: true}
		}
		u.left--
	}
	u.used++
	return nil
}
