package readonly

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sync"
)

// A Column is a column that may be seen.
type Column struct {
	Name string
	Type string
}

// A Table is a table or a view that may be read.
type Table struct {
	Name    string
	Comment string
	View    bool
	Columns []Column // of a view: nil
	// Reads are the tables without a parent that it is made of: itself or its parent,
	// or those of a view.
	Reads []string
}

// Book knows the tables that may be read. Make it with [NewBook].
type Book struct {
	schema *sync.Schema
	tables []Table
	hidden map[string]map[string]bool // columns, by table
	names  map[string]bool            // of columns that are hidden somewhere and seen nowhere
}

// buyers are the columns that tell buyers apart. They are shown as labels.
var buyers = map[string]bool{"user_id": true, "buyer_user_id": true, "im_user_id": true}

// NewBook returns a book of the tables of a schema. Hide says which columns may not be
// seen, beside those of people's data; nil hides no others.
func NewBook(schema *sync.Schema, hide func(*sync.Table, *sync.Column) bool) *Book {
	b := &Book{schema: schema, hidden: map[string]map[string]bool{}, names: map[string]bool{"_raw": true, "_hash": true, "_detail": true, "_version": true, "_seq": true, "_generation": true}}
	seen := map[string]bool{}
	for _, t := range schema.Tables {
		root := t
		if t.Parent != nil {
			root = t.Parent
		}
		table := Table{Name: t.Name, Comment: t.Comment, Columns: []Column{{"shop_id", "text"}}, Reads: []string{root.Name}}
		b.hidden[t.Name] = map[string]bool{}
		for i := range t.Columns {
			c := &t.Columns[i]
			if !buyers[c.Name] && (c.Personal() || hide != nil && hide(t, c)) {
				b.hidden[t.Name][c.Name] = true
				b.names[c.Name] = true
				continue
			}
			seen[c.Name] = true
			table.Columns = append(table.Columns, Column{c.Name, c.Type.String()})
		}
		b.tables = append(b.tables, table)
	}
	maps.DeleteFunc(b.names, func(name string, _ bool) bool { return seen[name] })
	for _, v := range schema.Views {
		b.tables = append(b.tables, Table{Name: v.Name, Comment: v.Comment, View: true, Reads: b.readBy(v)})
	}
	return b
}

// Tables returns the tables and views that may be read.
func (b *Book) Tables() []Table { return slices.Clone(b.tables) }

func (b *Book) table(name string) *Table {
	for i := range b.tables {
		if b.tables[i].Name == name {
			return &b.tables[i]
		}
	}
	return nil
}

// readBy returns the tables without a parent that a view is made of.
func (b *Book) readBy(v sync.View) []string {
	reads := map[string]bool{}
	for _, name := range b.namedBy(v.SQL(sync.Dialect{})) {
		for _, read := range b.table(name).Reads {
			reads[read] = true
		}
	}
	return slices.Sorted(maps.Keys(reads))
}

// namedBy returns the tables and views that a view's query of ours names.
func (b *Book) namedBy(query string) []string {
	var names []string
	for _, w := range strings.FieldsFunc(query, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if b.table(w) != nil && !slices.Contains(names, w) {
			names = append(names, w)
		}
	}
	return names
}

// A Scope is what a statement may see.
type Scope struct {
	// Shops are the ids whose rows are seen, by table without a parent. Tables that are
	// not in it show no rows. Nil means all of all shops.
	Shops map[string][]string
}

// Compile checks a statement and returns the one that is carried out in its place, which
// has so many rows at most. The error is a [*Refusal].
func (b *Book) Compile(statement string, scope Scope, on Database, limit int) (string, error) {
	tokens, err := scan(statement)
	if err != nil {
		return "", err
	}
	p := &parser{tokens: tokens, length: len(statement), tables: map[string]bool{}, hidden: b.names, used: map[string]bool{}}
	for _, t := range b.tables {
		p.tables[t.Name] = true
	}
	if err := p.statement(); err != nil {
		return "", err
	}
	w := &writer{book: b, scope: scope, on: on, done: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(p.used)) {
		w.table(name)
	}
	statement = strings.TrimRight(strings.TrimSpace(statement), ";")
	if len(w.parts) == 0 {
		return fmt.Sprintf("select * from (%s) q limit %d", statement, limit), nil
	}
	return fmt.Sprintf("with %s\nselect * from (%s) q limit %d", strings.Join(w.parts, ",\n"), statement, limit), nil
}

// Database is what differs between databases.
type Database struct {
	Dialect sync.Dialect
	// In returns how SQL names a table of the copy, with its schema.
	In func(table string) string
}

// writer writes the tables as the scope shows them.
type writer struct {
	book  *Book
	scope Scope
	on    Database
	done  map[string]bool
	parts []string
}

// labels is the name of the expression that has a label for each buyer.
const labels = "_ttshop_buyers"

// table writes a table or view, behind those that it is made of.
func (w *writer) table(name string) {
	if w.done[name] {
		return
	}
	w.done[name] = true
	for _, v := range w.book.schema.Views {
		if v.Name == name {
			query := v.SQL(w.on.Dialect)
			for _, other := range w.book.namedBy(query) {
				w.table(other)
			}
			w.part(name, query)
			return
		}
	}
	t := w.book.schema.Table(name)
	columns := []string{"t.shop_id"}
	for _, c := range t.Columns {
		column := "t." + quote(c.Name)
		switch {
		case w.book.hidden[name][c.Name]:
			column = "null as " + quote(c.Name) // a view may name it
		case buyers[c.Name]:
			w.buyers()
			column = fmt.Sprintf(`(select b.label from %s b where b.id = %s) as %s`, labels, column, quote(c.Name))
		}
		columns = append(columns, column)
	}
	if t.Parent == nil {
		columns = append(columns, "t._synced_at", "t._deleted_at")
	}
	query := fmt.Sprintf("select %s from %s t", strings.Join(columns, ", "), w.on.In(name))
	if w.scope.Shops != nil {
		query += " where " + w.within(w.book.table(name).Reads[0])
	}
	w.part(name, query)
}

func (w *writer) part(name, query string) {
	w.parts = append(w.parts, fmt.Sprintf("%s as not materialized (%s)", quote(name), query))
}

// within is the condition that a row is of a shop that is seen.
func (w *writer) within(table string) string {
	shops := w.scope.Shops[table]
	if len(shops) == 0 {
		return "1 = 0"
	}
	texts := make([]string, len(shops))
	for i, id := range shops {
		texts[i] = "'" + strings.ReplaceAll(id, "'", "''") + "'"
	}
	return "t.shop_id in (" + strings.Join(texts, ", ") + ")"
}

// buyers writes the labels of buyers: the same in all tables of an answer.
func (w *writer) buyers() {
	if w.done[labels] {
		return
	}
	w.done[labels] = true
	var all []string
	for _, t := range w.book.schema.Tables {
		for _, c := range t.Columns {
			if buyers[c.Name] {
				all = append(all, fmt.Sprintf("select %s as id from %s", quote(c.Name), w.on.In(t.Name)))
			}
		}
	}
	w.parts = append(w.parts, fmt.Sprintf(`%s as materialized (select id, 'customer_' || row_number() over (order by id) as label from (select distinct id from (%s) u where id is not null) d)`, labels, strings.Join(all, " union all ")))
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
