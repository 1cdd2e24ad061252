package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ttshop-go/ttshop/sync/readonly"
)

var _ readonly.Source = (*Store)(nil)

// Database implements [readonly.Source].
func (s *Store) Database() readonly.Database {
	return readonly.Database{Dialect: dialect, In: s.in}
}

// Read implements [readonly.Source], in a transaction that can write nothing and finds
// no table or function without its schema but PostgreSQL's own.
func (s *Store) Read(ctx context.Context, statement string, within time.Duration, each func([]string, []any) bool) error {
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		limits := fmt.Sprintf(`set local statement_timeout = %d; set local search_path = ''; set local max_parallel_workers_per_gather = 0; set local standard_conforming_strings = on`, within.Milliseconds())
		if _, err := tx.Exec(ctx, limits); err != nil {
			return err
		}
		// A statement of the extended protocol is one statement.
		rows, err := tx.Query(ctx, statement, pgx.QueryExecModeExec, pgx.QueryResultFormats{pgx.TextFormatCode})
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			fields := rows.FieldDescriptions()
			columns, values := make([]string, len(fields)), make([]any, len(fields))
			for i, raw := range rows.RawValues() {
				columns[i], values[i] = fields[i].Name, valueOf(fields[i].DataTypeOID, raw)
			}
			if !each(columns, values) {
				return nil
			}
		}
		return rows.Err()
	})
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok && failure.Code == "57014" { // query_canceled
		return fmt.Errorf("read: it took longer than %s: %w", within, context.DeadlineExceeded)
	}
	if err != nil {
		return fmt.Errorf("read: %w", classify(err))
	}
	return nil
}

// valueOf returns a value that PostgreSQL wrote as text.
func valueOf(oid uint32, raw []byte) any {
	text := string(raw)
	switch {
	case raw == nil:
		return nil
	case oid == pgtype.BoolOID:
		return text == "t"
	case oid == pgtype.TimestamptzOID: // the zone of the connection is UTC
		if at, err := time.Parse("2006-01-02 15:04:05.999999999Z07", text); err == nil {
			return at.UTC().Format(time.RFC3339)
		}
	case oid == pgtype.Int2OID, oid == pgtype.Int4OID, oid == pgtype.Int8OID:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	case oid == pgtype.NumericOID, oid == pgtype.Float4OID, oid == pgtype.Float8OID:
		if json.Valid(raw) { // NaN and Infinity are not
			return json.Number(text)
		}
	}
	return text
}
