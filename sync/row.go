package sync

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Row is a row of a table with the rows that go with it.
type Row struct {
	Values   []any // one for each column of the table, see [Type]
	Raw      []byte
	Hash     string  // of what the list tells about it
	Detail   string  // hash of what only the detail tells; empty: nothing
	Version  int64   // its update_time; 0: it has none
	Seq      int64   // of the request that it came with
	Leave    Group   // groups of columns that it does not know
	Children [][]Row // for each child of the table
}

// An Issue is something about a row that a person should know.
type Issue struct {
	Table   string
	ID      string // parts of its key, separated by a slash
	Column  string
	Problem string
	Raw     string // of what does not fit, or of the item where it is no row at all
}

// ID returns the row's key as one text.
func (r *Row) ID(t *Table) string {
	key := t.KeyOf(r.Values)
	if len(key) == 1 {
		if text, ok := key[0].(string); ok {
			return text
		}
	}
	parts := make([]string, len(key))
	for i, part := range key {
		parts[i] = fmt.Sprint(part)
	}
	return strings.Join(parts, "/")
}

// rowMaker makes rows of one table.
type rowMaker struct {
	table  *Table
	people *masker // nil: people's data is kept
	mirror bool    // a blank address counts as one
	issues []Issue
}

// all makes rows of the items of an answer.
func (m *rowMaker) all(s *Stream, a *answer, parent string) ([]Row, error) {
	items := a.items
	if s.explode != nil {
		items = nil
		for _, item := range a.items {
			parts, err := s.explode(item)
			if err != nil {
				return nil, err
			}
			items = append(items, parts...)
		}
	}
	rows := make([]Row, 0, len(items))
	for _, item := range items {
		if row, ok := m.make(item, parent, a.seq); ok {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// make turns an item into a row. It reports false where the item has no key: an issue
// has its text then.
func (m *rowMaker) make(item node, parent string, seq int64) (Row, bool) {
	t := m.table
	item, err := m.people.mask(item)
	if err != nil {
		m.issue(t, "", "", err.Error(), string(item.raw))
		return Row{}, false
	}
	row := Row{Raw: item.raw, Seq: seq}
	row.Hash, row.Detail = t.hashes(&item)
	if t.Version != "" {
		row.Version, _ = strconv.ParseInt(item.get(t.Version).text(), 10, 64) // without one it is the oldest
	}
	known := false
	row.Values, known = m.values(t, &item, nil, parent, -1)
	if !known {
		m.issue(t, "", "", "it has no key "+strings.Join(t.Key, ", "), string(item.raw))
		return Row{}, false
	}
	row.Leave = t.leave(row.Values)
	if m.mirror {
		row.Leave &^= GroupAddress
	}
	key := t.KeyOf(row.Values)
	row.Children = make([][]Row, len(t.Children))
	for i, child := range t.Children {
		row.Children[i] = m.children(child, &item, key, seq)
	}
	return row, true
}

// children makes the rows of a list within an item.
func (m *rowMaker) children(t *Table, item *node, key []any, seq int64) []Row {
	list := item.at(t.items)
	if list.missing() {
		return nil
	}
	rows := make([]Row, 0, len(list.items))
	seen := make(map[string]bool, len(list.items))
	for i := range list.items {
		values, known := m.values(t, &list.items[i], key, "", i)
		row := Row{Values: values, Seq: seq}
		id := ""
		if known {
			id = row.ID(t)
		}
		switch {
		case !known:
			m.issue(t, fmt.Sprint(key...), "", "it has no key "+strings.Join(t.Key, ", "), string(list.items[i].raw))
		case seen[id]:
			m.issue(t, id, "", "its parent has it twice", string(list.items[i].raw))
		default:
			seen[id] = true
			rows = append(rows, row)
		}
	}
	return rows
}

// values fills the columns of a table from an item, and reports whether the key is
// known.
func (m *rowMaker) values(t *Table, item *node, key []any, parent string, ordinal int) ([]any, bool) {
	values := make([]any, len(t.Columns))
	copy(values, key)
	var unfit []int
	for i := t.inherits; i < len(t.Columns); i++ {
		c := &t.Columns[i]
		switch {
		case t.ordinal && c.Name == "ordinal":
			values[i] = int64(ordinal)
			continue
		case c.derive != nil:
			if text := c.derive(item, parent); text != "" {
				values[i] = text
			}
			continue
		}
		n := item.at(c.Path)
		value, err := valueOf(c, n)
		if err != nil {
			unfit = append(unfit, i)
			continue
		}
		values[i] = value
	}
	for _, v := range t.KeyOf(values) {
		if v == nil || v == "" {
			return values, false
		}
	}
	if len(unfit) > 0 {
		id := (&Row{Values: values}).ID(t)
		for _, i := range unfit {
			c := &t.Columns[i]
			m.issue(t, id, c.Name, "not "+c.Type.article(), string(item.at(c.Path).raw))
		}
	}
	return values, true
}

func (t Type) article() string {
	return [...]string{"a text", "an integer", "a decimal number", "true or false", "a time", "JSON"}[t]
}

// longestIssue is how much of a value an issue keeps.
const longestIssue = 4096

func (m *rowMaker) issue(t *Table, id, column, problem, raw string) {
	if column != "" && len(raw) > longestIssue {
		raw = raw[:longestIssue]
	}
	m.issues = append(m.issues, Issue{t.Name, id, column, problem, raw})
}

// leave returns the groups that a row does not know: those of which it has nothing.
func (t *Table) leave(values []any) Group {
	var has, all Group
	for i, c := range t.Columns {
		if c.Group == 0 {
			continue
		}
		all |= c.Group
		if !blank(c, values[i]) {
			has |= c.Group
		}
	}
	return all &^ has
}

// blank reports whether a value of a group tells nothing. The region is known of old
// orders, too, whose address is blank.
func blank(c Column, value any) bool {
	if c.Group == GroupAddress && (c.Path[len(c.Path)-1] == "region_code" || c.Type == JSON) {
		return true
	}
	text, ok := value.(string)
	return value == nil || ok && strings.Trim(text, "* ") == ""
}

// isDecimal reports whether a text is a decimal number; none of ours needs an exponent.
func isDecimal(text string) bool {
	if text != "" && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	whole, part, point := strings.Cut(text, ".")
	return isDigits(whole) && (!point || isDigits(part))
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// valueOf returns the value of a column. What is missing is nil, and so is an empty
// text where it can mean nothing else.
func valueOf(c *Column, n *node) (any, error) {
	if n.missing() {
		return nil, nil
	}
	if c.Type == JSON {
		return string(n.raw), nil
	}
	text := n.text()
	k := n.kind()
	if c.Type == Text {
		switch k {
		case '"':
			if strings.IndexByte(text, 0) >= 0 {
				return nil, fmt.Errorf("a text with a zero byte")
			}
			return text, nil
		case '{', '[':
			return nil, fmt.Errorf("an object")
		}
		return string(n.raw), nil
	}
	if text == "" && k == '"' {
		return nil, nil
	}
	switch c.Type {
	case Integer:
		return parseInteger(text)
	case Decimal:
		if !isDecimal(text) {
			return nil, fmt.Errorf("not a decimal number")
		}
		return text, nil
	case Boolean:
		switch string(n.raw) {
		case "true", `"true"`:
			return true, nil
		case "false", `"false"`:
			return false, nil
		}
		return nil, fmt.Errorf("not true or false")
	case Time:
		at, err := parseInteger(text)
		if err != nil || at == 0 {
			return nil, err
		}
		t := time.Unix(at.(int64), 0).UTC()
		if c.milli {
			t = time.UnixMilli(at.(int64)).UTC()
		}
		if t.Year() < 1 || t.Year() > 9999 {
			return nil, fmt.Errorf("not a time")
		}
		return t, nil
	}
	return nil, fmt.Errorf("a column of type %d", c.Type)
}

func parseInteger(text string) (any, error) {
	i, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("not an integer")
	}
	return i, nil
}

// isLink reports whether a member holds the address of a file: these change with every
// answer, since they expire.
func isLink(name string) bool {
	switch name[strings.LastIndexByte(name, '_')+1:] {
	case "url", "urls", "uri", "avatar", "image":
		return true
	}
	return false
}

// skips is the [skipper] of a list's hash.
func (t *Table) skips(path []byte, name string) bool {
	return isLink(name) || t.elsewhere[string(path)] || t.listed != nil && !t.listed[string(path)]
}

// hashes returns the hash of what a list tells about an item, and that of what only
// the detail tells. Members are taken in order, without links. Where details have more
// members than the list, only those of the list count.
func (t *Table) hashes(item *node) (list, detail string) {
	top := *item
	if len(t.hidden) > 0 {
		hidden := node{raw: item.raw}
		top.members = make([]member, 0, len(item.members))
		for _, m := range item.members {
			if t.hidden[m.name] {
				hidden.members = append(hidden.members, m)
			} else {
				top.members = append(top.members, m)
			}
		}
		detail = hidden.hash(nil)
	}
	return top.hash(t.skips), detail
}

// hash returns the hash of a value, and nothing where it is empty.
func (n *node) hash(skip skipper) string {
	c := canonical{skip: skip}
	c.Grow(len(n.raw))
	if !c.write(n) {
		return ""
	}
	sum := sha256.Sum256(c.Bytes())
	return hex.EncodeToString(sum[:16])
}
