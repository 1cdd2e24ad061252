package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/ttshop-go/ttshop/sync"
)

// dialect is PostgreSQL's arithmetic of times. Days are those of the session's zone.
var dialect = sync.Dialect{
	DaysAgo: `(current_date - date(%[1]s))`,
	Hours:   `round(cast(extract(epoch from %[2]s - %[1]s) / 3600 as numeric), 2)`,
	Before:  `(%[1]s - (%[2]s - %[1]s))`,
}

// prepareViews makes the views where they are not those of the schema. What a user has
// built on one stays, since its columns are only added to.
func (s *Store) prepareViews(ctx context.Context, tx pgx.Tx, schema *sync.Schema) error {
	var all []string
	for _, v := range schema.Views {
		all = append(all, fmt.Sprintf("create or replace view %s as\n%s", s.in(v.Name), v.SQL(dialect)))
	}
	var made string
	err := tx.QueryRow(ctx, fmt.Sprintf(`select value from %s where name = 'views'`, s.in("_ttshop_meta"))).Scan(&made)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("read which views there are: %w", err)
	}
	text := strings.Join(all, ";\n")
	if made == text {
		return nil
	}
	if _, err := tx.Exec(ctx, `select set_config('search_path', $1, true)`, s.schema); err != nil { // to the end of the transaction
		return fmt.Errorf("make the views: %w", err)
	}
	for i, create := range all {
		if _, err := tx.Exec(ctx, create); err != nil {
			return fmt.Errorf("make the view %s: %w", schema.Views[i].Name, err)
		}
	}
	_, err = tx.Exec(ctx, fmt.Sprintf(`insert into %s (name, value) values ('views', $1) on conflict (name) do update set value = excluded.value`, s.in("_ttshop_meta")), text)
	return err
}
