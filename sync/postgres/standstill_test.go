package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
)

// TestStandstill has a process that stops in the middle of a transaction, as one does
// that is sent SIGSTOP: the server ends it, and its shop can be taken over.
func TestStandstill(t *testing.T) {
	t.Parallel()
	base := newDatabase(t)
	idle := func(s *postgres.Store) (timeout string) {
		if err := s.Pool().QueryRow(t.Context(), `show idle_in_transaction_session_timeout`).Scan(&timeout); err != nil {
			t.Fatal(err)
		}
		return timeout
	}
	usual := open(t, base, postgres.Options{})
	defer usual.Close()
	if got := idle(usual); got != "30s" {
		t.Errorf("a transaction may stand still for %s", got)
	}
	s := open(t, with(t, base, "idle_in_transaction_session_timeout", "200ms"), postgres.Options{})
	defer s.Close()
	if got := idle(s); got != "200ms" {
		t.Errorf("the URL says 200ms, and it is %s", got)
	}
	if err := s.Prepare(t.Context(), &sync.Schema{Version: 1}, nil); err != nil {
		t.Fatal(err)
	}
	shop := sync.Shop{ID: "7494000000000000000"}
	if _, err := s.Acquire(t.Context(), shop, "stopped", time.Millisecond); err != nil {
		t.Fatal(err)
	}
	tx, err := s.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	if _, err := tx.Exec(t.Context(), `select from tiktok_shop._ttshop_shops for update`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := s.Acquire(ctx, shop, "heir", time.Minute); err != nil {
		t.Errorf("the shop cannot be taken over: %v", err)
	}
}
