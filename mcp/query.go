package mcp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
)

// Database answers SQL that only reads, over a copy of shops.
type Database interface {
	// Tables returns the tables and views, without the columns that may not be seen.
	Tables() []Table
	// Query carries out a statement that only reads. Scope has the ids of the shops whose
	// rows may be seen, by table; nil means all rows. A statement that is refused is a
	// [*Failure].
	Query(ctx context.Context, statement string, scope map[string][]string, limits QueryLimits) (*Rows, error)
}

// Table is a table or a view of a database.
type Table struct {
	Name    string
	Comment string
	View    bool
	Columns []string // each with its type; of a view none
	// Reads are the tables that rows are taken of, each with the operation that they come
	// from: whoever may not call it sees none.
	Reads map[string]string
}

// QueryLimits bound what a query may take.
type QueryLimits struct {
	Rows int
	Time time.Duration
	Text int // runes of a value
}

// Rows are what a query came to.
type Rows struct {
	Columns []string
	Rows    [][]any
	More    bool // there are more than the limits let through
	Cut     bool // a text was cut
}

// The limits of a query of an assistant.
var queryLimits = QueryLimits{Rows: 200, Time: 5 * time.Second, Text: 300}

// Veiled reports whether a field of an operation is not for assistants as it is: it holds
// secrets, people's data, or text that others wrote. Path is that of the field within an
// item.
func Veiled(op *catalog.Operation, path []string) bool {
	parent := ""
	for _, name := range path {
		lower := strings.ToLower(name)
		if addressName.MatchString(strings.ToLower(parent)) && !regionName.MatchString(lower) {
			return true
		}
		if secretName.MatchString(lower) || avatarName.MatchString(lower) || kindOf(op, parent, name) != "" || originOf(op, name) != "" {
			return true
		}
		parent = name
	}
	return false
}

// queryTool is the tool of a database.
func (s *Server) queryTool() tool {
	return tool{
		name: "query", title: "Ask the database", closed: true,
		description: "One SELECT over the copy of the shops in a database. First call it with tables: [] for the tables, or with names of tables for their columns. Sum and group in SQL: an answer has 200 rows at most.",
		schema:      `"properties":{"sql":{"type":"string","minLength":1},"tables":{"type":"array","items":{"type":"string"}}}`,
		handle:      s.query,
	}
}

// query answers the tool of this name.
func (s *Server) query(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		SQL    string   `json:"sql"`
		Tables []string `json:"tables"`
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	if args.SQL == "" {
		return s.describeTables(args.Tables)
	}
	scope, err := s.scope(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := s.limits.spend(c.caller.client); err != nil {
		return nil, err
	}
	rows, err := s.config.Database.Query(ctx, args.SQL, scope, queryLimits)
	if err != nil {
		if _, ok := errors.AsType[*Failure](err); ok {
			return nil, err
		}
		return nil, &Failure{Class: "database", Message: s.people.text(clean(err.Error())), Next: "correct sql; query with tables tells the columns"}
	}
	return s.rows(rows), nil
}

// scope returns the shops whose rows a caller may see, by table.
func (s *Server) scope(ctx context.Context, c *call) (map[string][]string, error) {
	if c.caller.client == nil {
		return nil, nil
	}
	shops, err := s.shops(ctx, c.caller)
	if err != nil {
		return nil, err
	}
	scope := map[string][]string{}
	for _, table := range s.config.Database.Tables() {
		for read, operation := range table.Reads {
			if _, done := scope[read]; done {
				continue
			}
			scope[read] = []string{}
			op, err := s.operation(operation)
			if err != nil {
				return nil, err
			}
			for _, shop := range shops {
				if !shop.Grant && s.allowed(ctx, c, op, shop) == nil { // what is refused is not seen
					scope[read] = append(scope[read], shop.ID)
				}
			}
		}
	}
	return scope, nil
}

// rows makes an answer of rows: as many as there is room for.
func (s *Server) rows(rows *Rows) *reply {
	const room = maxTokens - 150
	list := make([]any, len(rows.Rows))
	for i, row := range rows.Rows {
		for j, v := range row {
			if text, ok := v.(string); ok {
				row[j] = s.people.mails(clean(text))
			}
		}
		list[i] = row
	}
	data := map[string]any{"columns": rows.Columns, "rows": list}
	for len(list) > 0 && size(data) > room {
		list = list[:len(list)*7/8]
		data["rows"] = list
	}
	var omitted []string
	switch {
	case rows.More:
		omitted = append(omitted, fmt.Sprintf("all rows but the first %d: sum or group them in SQL, or ask for fewer", len(list)))
	case len(list) < len(rows.Rows):
		omitted = append(omitted, fmt.Sprintf("%d of %d rows, for want of room: sum or group them in SQL, or ask for fewer columns", len(rows.Rows)-len(list), len(rows.Rows)))
	}
	if rows.Cut {
		omitted = append(omitted, fmt.Sprintf("the ends of texts longer than %d", queryLimits.Text))
	}
	if len(omitted) > 0 {
		data["omitted"] = omitted
	}
	return &reply{text: fmt.Sprintf("%d rows.", len(list)), data: data}
}

// describeTables tells of all tables, or the columns of some.
func (s *Server) describeTables(names []string) (*reply, error) {
	tables := s.config.Database.Tables()
	var list []any
	if len(names) == 0 {
		for _, t := range tables {
			list = append(list, t.Name+": "+t.Comment)
		}
		data := map[string]any{"tables": list, "hint": "every table has shop_id; join on it too. Rows that are gone have _deleted_at. Amounts are text in SQLite: cast(x as numeric)."}
		return &reply{text: fmt.Sprintf("%d tables.", len(list)), data: data}, nil
	}
	var unknown []string
	for _, name := range names {
		i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == name })
		if i < 0 {
			unknown = append(unknown, name)
			continue
		}
		t := tables[i]
		one := map[string]any{"table": t.Name, "about": t.Comment, "columns": strings.Join(t.Columns, ", ")}
		if t.View {
			one["columns"] = "a view: select * from " + t.Name + " limit 1 tells them"
		}
		list = append(list, one)
	}
	if len(unknown) > 0 {
		return nil, &Failure{Class: "arguments", Message: "there is no table " + clean(strings.Join(unknown, ", ")), Next: "query with tables: [] lists them"}
	}
	data := map[string]any{"tables": list}
	if small, omitted := shrink(data, maxTokens-150); len(omitted) > 0 {
		data, _ = small.(map[string]any)
		data["omitted"] = omitted
	}
	return &reply{text: fmt.Sprintf("%d tables.", len(list)), data: data}, nil
}
