package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ttshop-go/ttshop/sync"
)

// value is how a value is sent.
func (s *Store) value(t sync.Type, v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	switch t {
	case sync.Decimal:
		var n pgtype.Numeric
		if err := n.Scan(text); err != nil {
			return nil // it was checked before: an issue says what it was
		}
		return n
	case sync.JSON, sync.Text:
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	return v
}

func (w *writer) raw(row *sync.Row) any {
	if w.options.Raw == RawNone {
		return nil
	}
	return strings.ToValidUTF8(string(row.Raw), "\uFFFD")
}

// copyIn copies rows of a table into a target, which may be a stage for it. Columns that
// all of them leave empty are left out: most rows have little in most columns.
func (w *writer) copyIn(ctx context.Context, target pgx.Identifier, t *sync.Table, rows []written, stage bool) error {
	if len(rows) == 0 {
		return nil
	}
	names := []string{"shop_id"}
	var used []int
	for i, c := range t.Columns {
		if slices.ContainsFunc(rows, func(row written) bool { return row.Values[i] != nil }) {
			used = append(used, i)
			names = append(names, c.Name)
		}
	}
	if t.Parent == nil {
		names = append(names, metaColumns...)
	}
	if stage {
		names = append(names, "_leave")
	}
	line := make([]any, 0, len(names))
	copied, err := w.tx.CopyFrom(ctx, target, names, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		row := rows[i]
		line = append(line[:0], w.b.Shop)
		for _, at := range used {
			line = append(line, w.value(t.Columns[at].Type, row.Values[at]))
		}
		if t.Parent == nil {
			line = append(line, row.Hash, row.Detail, row.Version, row.Seq, row.generation, w.b.At.UTC(), w.raw(row.Row))
		}
		if stage {
			line = append(line, int16(row.Leave))
		}
		return line, nil
	}))
	if err == nil && copied != int64(len(rows)) {
		err = fmt.Errorf("%d of %d rows were copied", copied, len(rows))
	}
	if err != nil {
		return fmt.Errorf("copy rows into %s: %w", t.Name, err)
	}
	return nil
}
