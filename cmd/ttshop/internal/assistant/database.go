package assistant

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/mcp"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/postgres"
	"github.com/ttshop-go/ttshop/sync/readonly"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

// database is a copy of shops that questions are asked of.
type database struct {
	book   *readonly.Book
	source readonly.Source
	tables []mcp.Table
}

// openDatabase opens the copy in --db.
func openDatabase(ctx context.Context, place string) (*database, func() error, error) {
	streams, schema, err := sync.Streams()
	if err != nil {
		return nil, nil, err
	}
	var store interface {
		sync.Inspector
		readonly.Source
	}
	path, isFile := strings.CutPrefix(place, "sqlite:")
	switch {
	case isFile && path != "":
		if _, err := os.Stat(path); err != nil {
			return nil, nil, fmt.Errorf("there is no copy in %s: ttshop sync --to %s makes it", path, console.ShellWord(place))
		}
		store, err = sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	case strings.HasPrefix(place, "postgres://"), strings.HasPrefix(place, "postgresql://"):
		store, err = postgres.Open(ctx, place, postgres.Options{ReadOnly: true})
	default:
		return nil, nil, console.Usagef("--db %q is not a place: use sqlite:FILE or postgres://HOST/DATABASE", console.Before(place, "@?"))
	}
	if err != nil {
		return nil, nil, err
	}
	if err := store.Prepare(ctx, schema, nil); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("read the copy of --db: %w", err), store.Close())
	}
	operations := map[string]*catalog.Operation{} // by table without a parent
	known := new(catalog.Catalog)
	for _, s := range streams {
		entry, ok := known.ByName(s.Operation)
		if !ok {
			return nil, nil, errors.Join(fmt.Errorf("the catalogue has no operation %s", s.Operation), store.Close())
		}
		if operations[s.Name], err = known.Describe(entry); err != nil {
			return nil, nil, errors.Join(err, store.Close())
		}
	}
	d := &database{source: store}
	d.book = readonly.NewBook(schema, func(t *sync.Table, c *sync.Column) bool {
		path := c.Path
		if t.Parent != nil {
			t = t.Parent
		}
		return mcp.Veiled(operations[t.Name], path)
	})
	for _, t := range d.book.Tables() {
		table := mcp.Table{Name: t.Name, Comment: t.Comment, View: t.View, Reads: map[string]string{}}
		for _, c := range t.Columns {
			table.Columns = append(table.Columns, c.Name+" "+c.Type)
		}
		for _, read := range t.Reads {
			table.Reads[read] = operations[read].FullName()
		}
		d.tables = append(d.tables, table)
	}
	return d, store.Close, nil
}

// Tables implements [mcp.Database].
func (d *database) Tables() []mcp.Table { return d.tables }

// Query implements [mcp.Database].
func (d *database) Query(ctx context.Context, statement string, scope map[string][]string, limits mcp.QueryLimits) (*mcp.Rows, error) {
	result, err := d.book.Ask(ctx, d.source, statement, readonly.Scope{Shops: scope}, readonly.Limits{Rows: limits.Rows, Time: limits.Time, Text: limits.Text})
	if refusal, ok := errors.AsType[*readonly.Refusal](err); ok {
		return nil, &mcp.Failure{Class: "sql", Message: refusal.Error(), Next: "send one SELECT over the tables that query with tables: [] lists"}
	}
	if err != nil {
		return nil, err
	}
	return &mcp.Rows{Columns: result.Columns, Rows: result.Rows, More: result.More, Cut: result.Cut}, nil
}
