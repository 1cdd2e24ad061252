package sync

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// A Class says how a stream is read.
type Class string

// The classes; the package comment says what they are.
const (
	Updates   Class = "U"
	Creations Class = "C"
	Scans     Class = "S"
	Details   Class = "D"
	Days      Class = "A"
)

// A Stream is one operation and the tables that its answers become.
type Stream struct {
	Name      string // of its main table
	Class     Class
	Operation string // in the catalogue
	Of        Kind   // whose rows they are
	Default   bool   // it is copied unless something else is asked for

	Items     string // dotted path in data to the list of items; empty: data is the item
	PageSize  int    // 0: the operation has no pages
	Total     bool   // answers have total_count
	SizeText  bool   // the page size is sent as text
	Inclusive bool   // the upper end of a time filter belongs to it
	Sorted    bool   // answers can be sorted by the time that is filtered by

	Query map[string]string // parameters that are always sent
	Body  map[string]any    // likewise in the body
	Parts []map[string]any  // Scans: bodies, each of a request for a part of all rows
	// OfSeller: the rows are the seller's and not those of one shop. Each shop keeps them,
	// so that what holds for a shop, its turns and its budget, holds for them.
	OfSeller bool

	Parent   string        // Details: the stream whose rows it is about
	ParentBy string        // the column of those rows whose values it asks about; empty: the key
	Dated    string        // a time of those rows, by which an audit is bounded
	IDsIn    string        // where ids go: path:NAME, body:NAME, query:NAME
	IDsAt    int           // so many at once
	Rescan   time.Duration // Scans: how often
	Always   bool          // what was created before [Config.Since] is wanted, too
	Final    func(*node) bool
	DetailOf *Detail // how single objects are fetched, nil: they cannot be
	Single   *Detail // Updates: what knows an object that lists leave out; nil: DetailOf, or the list with its id

	created, updated string // the members that the filters are about
	explode          func(node) ([]node, error)
	number           func(item node, alike map[string]int) (node, error) // of items without an id, see [numbered]

	table     *Table
	operation *catalog.Operation
	calls     *ttshop.Operation
	path      []string // Items
}

// A Detail is the operation that returns objects of a stream by their ids.
type Detail struct {
	Operation string
	Items     string
	IDsIn     string
	IDsAt     int

	calls *ttshop.Operation
	path  []string
}

// Table returns the main table of the stream.
func (s *Stream) Table() *Table { return s.table }

// definition is a stream before the catalogue has filled it in.
type definition struct {
	Stream
	key       []string
	version   string
	comment   string
	children  []child
	detail    []string // columns of GroupDetail
	address   string   // the member whose columns are GroupAddress
	extra     []Column // columns that the operation's own answer lacks
	columns   []Column // in place of those of the catalogue
	elsewhere []string // paths of members that another table has, and that change without a new update_time
	hide      []string // top members that the hash leaves out beside links
}

// child is a table of the items of a list within an item.
type child struct {
	table   string
	comment string
	list    string // dotted path
	key     []string
	rename  map[string]string
	ordinal bool
}

// build makes streams and the schema from definitions and the catalogue.
func build(definitions []definition) ([]*Stream, *Schema, error) {
	var c catalog.Catalog
	schema := &Schema{Version: SchemaVersion, Views: views}
	var streams []*Stream
	for i := range definitions {
		d := &definitions[i]
		s, err := d.build(&c)
		if err != nil {
			return nil, nil, fmt.Errorf("stream %s: %w", d.Name, err)
		}
		streams = append(streams, s)
		schema.Tables = append(schema.Tables, s.table)
		schema.Tables = append(schema.Tables, s.table.Children...)
	}
	return streams, schema, nil
}

func describe(c *catalog.Catalog, name string) (*catalog.Operation, *ttshop.Operation, error) {
	entry, ok := c.ByName(name)
	if !ok {
		return nil, nil, fmt.Errorf("the catalogue has no operation %s", name)
	}
	op, err := c.Describe(entry)
	if err != nil {
		return nil, nil, err
	}
	call := &ttshop.Operation{Name: op.FullName(), Method: op.Method, Path: op.Path, Read: !op.Write}
	call.ShopCipher, call.AssetCipher = cipherRule(op.ShopCipher), cipherRule(op.AssetCipher)
	if len(op.Scopes) > 0 {
		call.Scope = op.Scopes[0]
	}
	return op, call, nil
}

func cipherRule(rule catalog.Rule) ttshop.CipherRule {
	switch rule {
	case catalog.RuleRequired:
		return ttshop.CipherRequired
	case catalog.RuleOptional:
		return ttshop.CipherOptional
	}
	return ttshop.CipherNone
}

func (d *definition) build(c *catalog.Catalog) (*Stream, error) {
	s := d.Stream
	var err error
	if s.operation, s.calls, err = describe(c, s.Operation); err != nil {
		return nil, err
	}
	if s.Items == "" && s.operation.Paging != nil {
		s.Items = s.operation.Paging.Items
	}
	if s.Items != "" {
		s.path = strings.Split(s.Items, ".")
	}
	for _, detail := range []**Detail{&s.DetailOf, &s.Single} {
		if *detail == nil {
			continue
		}
		built := **detail
		if _, built.calls, err = describe(c, built.Operation); err != nil {
			return nil, err
		}
		if built.Items != "" {
			built.path = strings.Split(built.Items, ".")
		}
		*detail = &built
	}
	fields, err := fieldsAt(s.operation.Result, s.Items)
	if err != nil {
		return nil, err
	}
	t := &Table{Name: s.Name, Comment: d.comment, Key: d.key, Version: d.version, hidden: map[string]bool{}, elsewhere: map[string]bool{}}
	for _, path := range d.elsewhere {
		t.elsewhere[path] = true
	}
	if s.DetailOf != nil {
		t.listed = map[string]bool{}
		pathsOf(fields, "", t.listed)
	}
	lists := map[string]bool{}
	for _, ch := range d.children {
		lists[ch.list] = true
	}
	t.Columns = d.columns
	if t.Columns == nil {
		t.Columns = columnsOf(fields, func(path string) bool { return lists[path] || t.elsewhere[path] })
	}
	for _, extra := range d.extra {
		if t.Column(extra.Name) < 0 {
			t.Columns = append(t.Columns, extra)
		}
	}
	for _, name := range slices.Concat(d.detail, d.hide) {
		t.hidden[name] = true
	}
	for i := range t.Columns {
		switch col := &t.Columns[i]; {
		case len(col.Path) == 0:
		case slices.Contains(d.detail, col.Path[0]):
			col.Group = GroupDetail
		case d.address != "" && col.Path[0] == d.address:
			col.Group = GroupAddress
		}
	}
	for _, key := range t.Key {
		if t.Column(key) < 0 {
			return nil, fmt.Errorf("its key %s is not a column", key)
		}
	}
	for _, ch := range d.children {
		ct, err := ch.build(t, fields)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", ch.table, err)
		}
		t.Children = append(t.Children, ct)
	}
	t.place()
	s.table = t
	return &s, nil
}

// parentColumn is the name of the parent's key in a child: orders.id is order_id.
func parentColumn(parent *Table, key string) string {
	if key == "id" {
		return strings.TrimSuffix(parent.Name, "s") + "_id"
	}
	return key
}

func (ch *child) build(parent *Table, fields []catalog.Field) (*Table, error) {
	inner, err := fieldsAt(fields, ch.list)
	if err != nil {
		return nil, err
	}
	t := &Table{Name: ch.table, Comment: ch.comment, Parent: parent, items: strings.Split(ch.list, "."), inherits: len(parent.Key), ordinal: ch.ordinal}
	for _, key := range parent.Key {
		name := parentColumn(parent, key)
		if to, ok := ch.rename[name]; ok {
			name = to
		}
		t.Key = append(t.Key, name)
		t.Columns = append(t.Columns, Column{Name: name, Type: Text})
	}
	for _, c := range columnsOf(inner, func(path string) bool { return parent.elsewhere[ch.list+"."+path] }) {
		if to, ok := ch.rename[c.Name]; ok {
			c.Name = to
		}
		if t.Column(c.Name) < 0 {
			t.Columns = append(t.Columns, c)
		}
	}
	t.Key = append(t.Key, ch.key...)
	if ch.ordinal {
		t.Key = append(t.Key, "ordinal")
		t.Columns = append(t.Columns, Column{Name: "ordinal", Type: Integer})
	}
	for _, key := range t.Key {
		if t.Column(key) < 0 {
			return nil, fmt.Errorf("its key %s is not a column", key)
		}
	}
	t.place()
	return t, nil
}
