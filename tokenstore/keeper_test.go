package tokenstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
)

func TestKeepersShareTheWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const keepers, grants = 3, 40
		p, store := newPlatform(), new(tokenstore.Memory)
		var mu sync.Mutex
		did := make([]int, keepers)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range keepers {
			f := p.fleet(t, store, tokenstore.FleetConfig{OnRefreshed: func(tokenstore.Grant) { mu.Lock(); did[i]++; mu.Unlock() }})
			if i == 0 {
				for n := range grants {
					p.add(t, f, fmt.Sprintf("o%d", n))
				}
			}
			k := &tokenstore.Keeper{Fleet: f, Interval: 10 * time.Minute}
			wg.Go(func() {
				if err := k.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(week - time.Hour)
		synctest.Wait()
		cancel()
		wg.Wait()
		for n := range grants {
			if count := p.count(fmt.Sprintf("o%d", n)); count != 1 {
				t.Errorf("grant %d was refreshed %d times", n, count)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		t.Logf("%d grants, refreshed by keepers: %v", grants, did)
		for i, n := range did {
			if n == 0 {
				t.Errorf("keeper %d did nothing", i)
			}
		}
	})
}

func TestKeeperHealth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform()
		store := &wobblyStore{Store: new(tokenstore.Memory)}
		var log bytes.Buffer
		f := p.fleet(t, store, tokenstore.FleetConfig{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		k := &tokenstore.Keeper{Fleet: f}
		check := func(wantStatus string, wantCode int) map[string]any {
			t.Helper()
			answer := httptest.NewRecorder()
			k.ServeHTTP(answer, httptest.NewRequest("GET", "/healthz", nil))
			var body map[string]any
			if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
				t.Fatalf("%v in %s", err, answer.Body)
			}
			if body["status"] != wantStatus || answer.Code != wantCode {
				t.Errorf("status %v, HTTP %d; want %s, %d: %s", body["status"], answer.Code, wantStatus, wantCode, answer.Body)
			}
			return body
		}
		check("down", 503) // before the first round
		p.ends["ends"] = time.Now().Add(20 * 24 * time.Hour)
		p.add(t, f, "fine", "gone", "failing")
		k.Round(t.Context())
		check("ok", 200)
		p.add(t, f, "ends")
		p.revoke("gone")
		time.Sleep(week - time.Minute)
		k.Round(t.Context())
		body := check("degraded", 200)
		if lost := fmt.Sprint(body["lost"]); !strings.Contains(lost, "k/gone") || !strings.Contains(lost, "36004001") {
			t.Errorf("lost: %v", lost)
		}
		if ending := fmt.Sprint(body["ending"]); !strings.Contains(ending, "k/ends") || !strings.Contains(ending, "30 days") {
			t.Errorf("ending: %v", ending)
		}
		if body["grants"] != 4.0 || body["failing"] != nil {
			t.Errorf("health %v", body)
		}
		// The platform is unavailable when tokens end.
		p.mu.Lock()
		p.down = true
		p.mu.Unlock()
		time.Sleep(week)
		k.Round(t.Context())
		body = check("degraded", 200)
		if failing := fmt.Sprint(body["failing"]); strings.Count(failing, "k/") != 3 || !strings.Contains(failing, "connection refused") {
			t.Errorf("failing: %v", failing)
		}
		p.mu.Lock()
		p.down = false
		p.mu.Unlock()
		// The store is unavailable: what was known stays, and after a while the
		// keeper is down.
		store.set(nil, errors.New("no route to host"))
		k.Round(t.Context())
		if body = check("degraded", 200); body["grants"] != 4.0 || !strings.Contains(fmt.Sprint(body["error"]), "no route") {
			t.Errorf("health %v", body)
		}
		time.Sleep(time.Hour)
		k.Round(t.Context())
		check("down", 503)
		store.set(nil, nil)
		k.Round(t.Context())
		body = check("degraded", 200)
		if body["failing"] != nil || body["error"] != nil {
			t.Errorf("health %v", body)
		}
		answer := httptest.NewRecorder()
		k.ServeHTTP(answer, httptest.NewRequest("POST", "/healthz", nil))
		if answer.Code != 405 {
			t.Errorf("POST: HTTP %d", answer.Code)
		}
		if text := log.String() + fmt.Sprintf("%+v %#v %v %+v", k.Health(), k.Health(), f, f) + fmt.Sprint(body); strings.Contains(text, "planted") {
			t.Error("log or health show a secret")
		} else if !strings.Contains(text, "authorization lost") || !strings.Contains(text, "token refreshed") {
			t.Errorf("the log misses what happened: %s", text)
		}
	})
}

func TestKeeperWithoutFleet(t *testing.T) {
	t.Parallel()
	if err := new(tokenstore.Keeper).Run(t.Context()); err == nil {
		t.Error("ran")
	}
}
