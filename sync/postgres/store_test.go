package postgres_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
	"github.com/ttshop-go/ttshop/sync/synctest"
)

// server is the database that tests use.
func server() string {
	if base := os.Getenv("TTSHOP_TEST_POSTGRES"); base != "" {
		return base
	}
	return "postgres://postgres@127.0.0.1:5432/postgres"
}

// newDatabase makes a database and returns its URL. Without a server the test is
// skipped, except in CI.
func newDatabase(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, server())
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("ttshop_sync_%d_%d", os.Getpid(), time.Now().UnixNano())
	if _, err := conn.Exec(ctx, `create database `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, server())
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, `drop database `+name+` with (force)`); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server())
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// with returns a URL with one more parameter.
func with(t *testing.T, base, name, value string) string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	return u.String()
}

func open(t testing.TB, base string, options postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), base, options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDestination uses one database, with a schema for each test.
func TestDestination(t *testing.T) {
	t.Parallel()
	base := newDatabase(t)
	synctest.Run(t, synctest.Place{
		Open: func(t *testing.T) sync.Destination {
			return open(t, with(t, base, "pool_max_conns", "3"), postgres.Options{Schema: "test " + t.Name()[strings.LastIndex(t.Name(), "/")+1:]})
		},
		Look: func(t *testing.T, d sync.Destination, table string) []map[string]string {
			return look(t, d, "test "+t.Name()[strings.LastIndex(t.Name(), "/")+1:], table)
		},
	})
}

// look returns all rows of a table as text.
func look(t *testing.T, d sync.Destination, schema, table string) []map[string]string {
	t.Helper()
	rows, err := d.(*postgres.Store).Pool().Query(t.Context(), `select * from `+pgx.Identifier{schema, table}.Sanitize(), pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []map[string]string
	for rows.Next() {
		one := map[string]string{}
		for i, raw := range rows.RawValues() {
			if raw != nil {
				one[rows.FieldDescriptions()[i].Name] = string(raw)
			}
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
