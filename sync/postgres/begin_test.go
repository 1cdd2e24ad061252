package postgres

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// TestTransactionEnds holds the server to ending what a process leaves open.
func TestTransactionEnds(t *testing.T) {
	t.Parallel()
	server := os.Getenv("TTSHOP_TEST_POSTGRES")
	if server == "" {
		server = "postgres://postgres@127.0.0.1:5432/postgres"
	}
	pool, err := pgxpool.New(t.Context(), server)
	if err == nil {
		err = pool.Ping(t.Context())
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	defer pool.Close()
	s := &Store{pool: pool}
	err = s.transaction(t.Context(), func(tx pgx.Tx) error {
		var limit string
		if err := tx.QueryRow(t.Context(), "show idle_in_transaction_session_timeout").Scan(&limit); err != nil {
			return err
		}
		if limit != "30s" {
			t.Errorf("the limit is %q", limit)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var limit string
	if err := s.pool.QueryRow(t.Context(), "show idle_in_transaction_session_timeout").Scan(&limit); err != nil {
		t.Fatal(err)
	}
	if limit == "30s" {
		t.Error("the limit stays with the connection")
	}
}
