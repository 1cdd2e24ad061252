package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/ttshop-go/ttshop/sync"
)

// dialect is what SQLite's functions make of times, which are texts.
var dialect = sync.Dialect{
	DaysAgo: `cast(julianday(current_date) - julianday(date(%[1]s)) as integer)`,
	Hours:   `round((julianday(%[2]s) - julianday(%[1]s)) * 24, 2)`,
	Before:  `datetime(%[1]s, '-' || (strftime('%%s', %[2]s) - strftime('%%s', %[1]s)) || ' seconds')`,
}

// prepareViews makes the views again where they are not those of the schema. Only views
// that it made before are replaced.
func (s *Store) prepareViews(ctx context.Context, tx *sql.Tx, schema *sync.Schema) error {
	var names, all []string
	for _, v := range schema.Views {
		names = append(names, v.Name)
		all = append(all, fmt.Sprintf("create view %s as\n-- %s\n%s", quote(v.Name), v.Comment, v.SQL(dialect)))
	}
	var made, had string
	err := tx.QueryRowContext(ctx, `select value from _ttshop_meta where name = 'views'`).Scan(&made)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read which views there are: %w", err)
	}
	if had, _, _ = strings.Cut(made, "\n"); made == strings.Join(names, " ")+"\n"+strings.Join(all, ";\n") {
		return nil
	}
	old := strings.Fields(had)
	for i := len(old) - 1; i >= 0; i-- {
		if _, err := tx.ExecContext(ctx, "drop view if exists "+quote(old[i])); err != nil {
			return fmt.Errorf("replace the view %s: %w", old[i], err)
		}
	}
	for i, create := range all {
		if _, err := tx.ExecContext(ctx, create); err != nil {
			return fmt.Errorf("make the view %s: %w", names[i], err)
		}
	}
	_, err = tx.ExecContext(ctx, `insert into _ttshop_meta (name, value) values ('views', ?) on conflict (name) do update set value = excluded.value`,
		strings.Join(names, " ")+"\n"+strings.Join(all, ";\n"))
	return err
}
