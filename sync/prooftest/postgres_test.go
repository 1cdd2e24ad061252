package prooftest_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
)

// postgresServer is the database server that proofs use.
func postgresServer() string {
	if base := os.Getenv("TTSHOP_TEST_POSTGRES"); base != "" {
		return base
	}
	return "postgres://postgres@127.0.0.1:5432/postgres"
}

// database is the one of this process, in which each copy has a schema of its own.
var database struct {
	once    gosync.Once
	name    string
	err     error
	schemas atomic.Int64
}

// postgresSchema returns the address of a copy that is not there yet. Without a server
// the test is skipped, except in CI.
func postgresSchema(t testing.TB) string {
	t.Helper()
	d := &database
	d.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, postgresServer())
		if err != nil {
			d.err = err
			return
		}
		defer conn.Close(ctx)
		name := fmt.Sprintf("ttshop_proof_%d_%d", os.Getpid(), time.Now().UnixNano())
		if _, d.err = conn.Exec(ctx, "create database "+name); d.err == nil {
			d.name = name
		}
	})
	if d.err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(d.err)
		}
		t.Skipf("no PostgreSQL: %v", d.err)
	}
	u, err := url.Parse(postgresServer())
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + d.name
	return u.String() + "#" + fmt.Sprintf("copy_%d", d.schemas.Add(1))
}

// dropDatabase removes what the process has made.
func dropDatabase(ctx context.Context) error {
	if database.name == "" {
		return nil
	}
	conn, err := pgx.Connect(ctx, postgresServer())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "drop database "+database.name+" with (force)")
	return err
}

// with returns a URL with more parameters, each a name and a value.
func with(base string, parameters ...string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	query := u.Query()
	for i := 0; i < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// openSchema opens a copy in PostgreSQL, and a second way to look at it.
func openSchema(ctx context.Context, path string) (sync.Destination, *sql.DB, error) {
	base, schema, _ := strings.Cut(path, "#")
	own, err := with(base, "pool_max_conns", "4")
	if err != nil {
		return nil, nil, err
	}
	s, err := postgres.Open(ctx, own, postgres.Options{Schema: schema})
	if err != nil {
		return nil, nil, err
	}
	look, err := with(base, "search_path", schema, "timezone", "UTC")
	if err != nil {
		return nil, nil, err
	}
	db, err := sql.Open("pgx", look)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(2)
	return s, db, nil
}

// copySchema copies all tables of a copy, as they are now, and returns the address of
// what comes of it.
func copySchema(t testing.TB, c *copied) string {
	t.Helper()
	to := postgresSchema(t)
	_, schema, _ := strings.Cut(to, "#")
	_, from, _ := strings.Cut(c.path, "#")
	statements := []string{"create schema " + schema}
	c.each(t, fmt.Sprintf(`select table_name from information_schema.tables where table_schema = '%s' and table_type = 'BASE TABLE'`, from), func(v []string) {
		name := `"` + v[0] + `"`
		statements = append(statements,
			fmt.Sprintf("create table %s.%s (like %s.%s including all)", schema, name, from, name),
			fmt.Sprintf("insert into %s.%s select * from %s.%s", schema, name, from, name))
	})
	for _, s := range statements {
		if _, err := c.db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return to
}
