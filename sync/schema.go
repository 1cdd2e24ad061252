package sync

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// SchemaVersion is the version of the layout of tables. A destination refuses a
// database with a newer one.
const SchemaVersion = 2

// A Type is what a column holds.
type Type uint8

// The types, with the Go type of their values. Each may be NULL, which is nil.
const (
	Text    Type = iota // string
	Integer             // int64
	Decimal             // string, a decimal number
	Boolean             // bool
	Time                // time.Time, UTC
	JSON                // string, as it came
)

var typeNames = [...]string{"text", "integer", "decimal", "boolean", "time", "json"}

// String returns the name of the type.
func (t Type) String() string { return typeNames[t] }

// A Group is a set of columns that a row may leave as they are. Groups are bits.
type Group uint8

// The groups. Zero is what every row has.
const (
	GroupDetail  Group = 1 << iota // only answers about single objects have them
	GroupAddress                   // of the recipient; old orders come without
)

// Groups is the number of sets of groups.
const Groups = 4

// A Column is a column that an item's JSON fills.
type Column struct {
	Name  string
	Type  Type
	Path  []string // of names in the item
	Group Group
	milli bool // times are in milliseconds

	derive func(item *node, parent string) string // in place of the path
}

// A Table is a table and what its rows are made of. Beside its columns each table
// has shop_id, the first part of the key. Tables without a parent also have _raw,
// _hash, _version, _seq, _generation, _synced_at and _deleted_at.
type Table struct {
	Name     string
	Comment  string
	Key      []string // after shop_id
	Columns  []Column // with those of the key
	Parent   *Table   // nil, or whose rows its rows belong to
	Children []*Table
	Version  string // name of the item's member that orders its versions; empty: none does

	keyAt []int // positions of the key's columns

	items     []string        // path to the list that a child's rows come from
	inherits  int             // so many first columns are the parent's key
	ordinal   bool            // the last column of the key counts the items
	hidden    map[string]bool // top members of the item that its hash leaves out
	elsewhere map[string]bool // paths of members that another table has, and that change without notice
	listed    map[string]bool // paths of members that its hash takes; nil: all
}

// Column returns the position of a column, or -1.
func (t *Table) Column(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

// KeyOf returns the values of the key, after shop_id, of a row with such values.
func (t *Table) KeyOf(values []any) []any {
	key := make([]any, len(t.Key))
	for i, name := range t.Key {
		if t.keyAt != nil {
			key[i] = values[t.keyAt[i]]
		} else {
			key[i] = values[t.Column(name)]
		}
	}
	return key
}

// place remembers where the columns of the key are.
func (t *Table) place() {
	for _, name := range t.Key {
		t.keyAt = append(t.keyAt, t.Column(name))
	}
}

// A Schema is all tables, parents before their children.
type Schema struct {
	Version int
	Tables  []*Table
	Views   []View // made after the tables, in this order
}

// Table returns the table with a name, or nil.
func (s *Schema) Table(name string) *Table {
	for _, t := range s.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// longestName is how long a name may be in PostgreSQL, and shorten makes the few shorter
// that are not.
const longestName = 63

var shorten = strings.NewReplacer("_breakdown_", "_", "_component_", "_")

// reserved are columns that every table has.
var reserved = []string{"shop_id"}

// columnsOf makes columns of the fields of an object: scalars as they are, objects
// one level flattened, everything else as JSON.
func columnsOf(fields []catalog.Field, leave func(path string) bool) []Column {
	var columns []Column
	for _, f := range fields {
		if leave(f.Name) {
			continue
		}
		if f.Type != catalog.Object || len(f.Fields) == 0 {
			columns = append(columns, column(f, nil))
			continue
		}
		for _, inner := range f.Fields {
			if !leave(f.Name + "." + inner.Name) {
				columns = append(columns, column(inner, []string{f.Name}))
			}
		}
	}
	return columns
}

// column makes a column of a field.
func column(f catalog.Field, above []string) Column {
	c := Column{Path: append(slices.Clone(above), f.Name)}
	c.Name = strings.Join(c.Path, "_")
	if len(c.Name) > longestName {
		c.Name = shorten.Replace(c.Name)
	}
	if slices.Contains(reserved, c.Name) {
		c.Name = "item_" + c.Name
	}
	isID := f.Name == "id" || strings.HasSuffix(f.Name, "_id")
	switch {
	case f.Kind == catalog.KindUnix:
		c.Type = Time
	case f.Kind == catalog.KindUnixMilli:
		c.Type, c.milli = Time, true
	case f.Kind == catalog.KindDecimal, f.Type == catalog.Number:
		c.Type = Decimal
	case f.Type == catalog.Integer && !isID:
		c.Type = Integer
	case f.Type == catalog.Boolean:
		c.Type = Boolean
	case f.Type == catalog.Array, f.Type == catalog.Object:
		c.Type = JSON
	}
	return c
}

// fieldsAt returns the fields of the objects at a dotted path; lists on the way
// stand for their items. An empty path leads nowhere else.
func fieldsAt(fields []catalog.Field, path string) ([]catalog.Field, error) {
	if path == "" {
		return fields, nil
	}
	for name := range strings.SplitSeq(path, ".") {
		i := slices.IndexFunc(fields, func(f catalog.Field) bool { return f.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no field %s in the catalogue", path)
		}
		f := fields[i]
		if f.Items != nil {
			f = *f.Items
		}
		fields = f.Fields
	}
	return fields, nil
}

// pathsOf adds the paths of all fields and of those within them.
func pathsOf(fields []catalog.Field, above string, paths map[string]bool) {
	for _, f := range fields {
		paths[above+f.Name] = true
		inner := f.Fields
		if f.Items != nil {
			inner = f.Items.Fields
		}
		pathsOf(inner, above+f.Name+".", paths)
	}
}
