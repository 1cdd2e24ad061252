package sqlite

import (
	"fmt"
	"strings"

	"github.com/ttshop-go/ttshop/sync"
)

// statements are the texts about one table.
type statements struct {
	insert shaped
	change [sync.Groups]shaped // by the groups that a row leaves
	find   string              // rows with the keys of a JSON array
	touch  string              // one row
	same   string              // rows with the ids of a JSON array, whose version stays
	forget string              // what was noted of rows with the ids of a JSON array
	absent string              // rows of older generations
	clear  string              // a child's rows of the parents in a JSON array
}

// shaped is a statement that has a text for each set of values that are not null: most
// columns of most rows are null, and each value that is handed over takes time.
type shaped struct {
	columns []string
	text    func(columns []string, null []bool) string
	texts   map[string]string // by which values are null
	many    map[string]string // of an insert, by its text: that of several rows
}

// maxShapes is how many texts of a statement are kept.
const maxShapes = 32

// of returns the text for values, one for each column, and the values that it takes.
func (s *shaped) of(values []any) (string, []any) {
	null := make([]bool, len(values))
	shape := make([]byte, len(values))
	taken := make([]any, 0, len(values)+8)
	for i, v := range values {
		if null[i] = v == nil; null[i] {
			shape[i] = 1
			continue
		}
		taken = append(taken, v)
	}
	if text, ok := s.texts[string(shape)]; ok {
		return text, taken
	}
	if len(s.texts) >= maxShapes {
		clear(null)
		return s.text(s.columns, null), values
	}
	text := s.text(s.columns, null)
	s.texts[string(shape)] = text
	return text, taken
}

// several returns the text of an insert that takes more than one row.
func (s *shaped) several(text string) string {
	if many, ok := s.many[text]; ok {
		return many
	}
	places := text[strings.LastIndexByte(text, '('):]
	many := text + strings.Repeat(", "+places, together-1)
	if s.many == nil {
		s.many = map[string]string{}
	}
	if len(s.many) < maxShapes {
		s.many[text] = many
	}
	return many
}

func (s *Store) statements(t *sync.Table) *statements {
	if st, ok := s.tables[t.Name]; ok {
		return st
	}
	st := new(statements)
	s.tables[t.Name] = st
	columns := []string{"shop_id"}
	for _, c := range t.Columns {
		columns = append(columns, quote(c.Name))
	}
	if t.Parent == nil {
		columns = append(columns, "_hash", "_detail", "_version", "_seq", "_generation", "_synced_at", "_raw")
	}
	st.insert = shaped{columns: columns, text: func(columns []string, null []bool) string {
		var names []string
		for i, name := range columns {
			if !null[i] {
				names = append(names, name)
			}
		}
		return fmt.Sprintf(`insert into %s (%s) values (?%s)`, quote(t.Name), strings.Join(names, ", "), strings.Repeat(", ?", len(names)-1))
	}, texts: map[string]string{}}
	if t.Parent != nil {
		st.clear = fmt.Sprintf(`delete from %s where shop_id = ? and %s`, quote(t.Name), within(t.Key[:len(t.Parent.Key)]))
		return st
	}
	st.find = fmt.Sprintf(`select t.id, _hash, _detail, _version, coalesce(s.seq, _seq), coalesce(s.generation, _generation), deleted, s.id is not null
		from (select shop_id, %s as id, _hash, _detail, _version, _seq, _generation, _deleted_at is not null as deleted from %s t where shop_id = ? and %s) t
		left join _ttshop_seen s on s.table_name = '%s' and s.shop_id = t.shop_id and s.id = t.id`, idOf(t), quote(t.Name), within(t.Key), t.Name)
	st.touch = fmt.Sprintf(`update %s set _version = ?, _seq = ?, _generation = ? where shop_id = ? and %s`, quote(t.Name), equal(t.Key))
	st.same = fmt.Sprintf(`insert into _ttshop_seen (seq, generation, table_name, shop_id, id) select ?, ?, '%s', ?, value from json_each(?) where true
		on conflict do update set seq = excluded.seq, generation = excluded.generation`, t.Name)
	st.forget = fmt.Sprintf(`delete from _ttshop_seen where table_name = '%s' and shop_id = ? and id in (select value from json_each(?))`, t.Name)
	st.absent = fmt.Sprintf(`update %s as t set _deleted_at = ? where shop_id = ? and _deleted_at is null and _generation < ?
		and not exists (select 1 from _ttshop_seen s where s.table_name = '%s' and s.shop_id = t.shop_id and s.id = %s and s.generation >= ?)`, quote(t.Name), t.Name, idOf(t))
	for leave := range st.change {
		var columns []string
		for _, c := range t.Columns {
			if c.Group&sync.Group(leave) == 0 {
				columns = append(columns, quote(c.Name))
			}
		}
		if sync.Group(leave)&sync.GroupDetail == 0 {
			columns = append(columns, "_detail")
		}
		columns = append(columns, "_hash", "_version", "_seq", "_generation", "_synced_at", "_raw")
		st.change[leave] = shaped{columns: columns, text: func(columns []string, null []bool) string {
			sets := make([]string, len(columns))
			for i, name := range columns {
				if sets[i] = name + " = ?"; null[i] {
					sets[i] = name + " = null"
				}
			}
			return fmt.Sprintf(`update %s set %s, _deleted_at = null where shop_id = ? and %s`, quote(t.Name), strings.Join(sets, ", "), equal(t.Key))
		}, texts: map[string]string{}}
	}
	return st
}

// idOf is the expression for [sync.Row.ID] of t.
func idOf(t *sync.Table) string {
	parts := make([]string, len(t.Key))
	for i, name := range t.Key {
		parts[i] = "t." + quote(name)
	}
	return strings.Join(parts, " || '/' || ")
}

// within is the condition that a key is in a JSON array: of texts where the key has one
// part, else of arrays.
func within(key []string) string {
	if len(key) == 1 {
		return quote(key[0]) + " in (select value from json_each(?))"
	}
	parts := make([]string, len(key))
	for i := range key {
		parts[i] = fmt.Sprintf("value ->> %d", i)
	}
	return fmt.Sprintf("(%s) in (select %s from json_each(?))", quoteAll(key), strings.Join(parts, ", "))
}

// listed is a key as [within] takes it in its list.
func listed(key []any) any {
	if len(key) == 1 {
		return key[0]
	}
	return key
}
