package parquet

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop/sync"
)

const (
	noMonths    = ""                           // of tables that have no time
	monthOfNone = "__HIVE_DEFAULT_PARTITION__" // of rows without one, as Hive calls it
)

// births are the columns that tell when a row was made, the best first.
var births = []string{"create_time", "statement_time", "order_create_time"}

// birth returns the column of a table that tells when a row was made, or -1.
func birth(t *sync.Table) int {
	for _, name := range births {
		if at := t.Column(name); at >= 0 {
			return at
		}
	}
	return -1
}

// months tells the month of the rows of a table, which are asked about in their order.
type months struct {
	column int // of the time in rows; -1: they have none

	// Of rows that belong to a parent, whose rows are read beside them:
	next      func() ([]any, error, bool)
	stop      func()
	parent    []any // the row that was read last; nil: there are no more
	begun     bool
	parentKey int // of the parent's key in rows
}

func (e *export) months(ctx context.Context, t *sync.Table) *months {
	m := &months{column: -1}
	if t.Parent == nil {
		m.column = birth(t)
		return m
	}
	at := birth(t.Parent)
	if at < 0 || len(t.Parent.Key) != 1 {
		return m
	}
	// Of the parent, only its key and the time are read.
	key := t.Parent.Key[0]
	narrow := &sync.Table{Name: t.Parent.Name, Key: t.Parent.Key, Columns: []sync.Column{t.Parent.Columns[t.Parent.Column(key)], t.Parent.Columns[at]}}
	m.next, m.stop = iter.Pull2(e.from.Values(ctx, narrow, true))
	m.parentKey = t.Column(t.Key[0]) + 1
	return m
}

func (m *months) close() {
	if m.stop != nil {
		m.stop()
	}
}

// of returns the month of a row, or noMonths.
func (m *months) of(values []any) (string, error) {
	if m.next == nil {
		if m.column < 0 {
			return noMonths, nil
		}
		return month(values[m.column+1])
	}
	shop, key := fmt.Sprint(values[0]), fmt.Sprint(values[m.parentKey])
	for !m.begun || m.parent != nil && before(m.parent, shop, key) {
		row, err, ok := m.next()
		if err != nil {
			return "", err
		}
		m.begun, m.parent = true, row
		if !ok {
			m.parent = nil
		}
	}
	if m.parent == nil || fmt.Sprint(m.parent[0]) != shop || fmt.Sprint(m.parent[1]) != key {
		return monthOfNone, nil // the parent is not there
	}
	return month(m.parent[2])
}

// before reports whether a parent's row comes before that of a shop and key.
func before(parent []any, shop, key string) bool {
	if owner := fmt.Sprint(parent[0]); owner != shop {
		return owner < shop
	}
	return fmt.Sprint(parent[1]) < key
}

func month(v any) (string, error) {
	if v == nil {
		return monthOfNone, nil
	}
	at, err := timeOf(v)
	if err != nil {
		return "", err
	}
	return at.UTC().Format("2006-01"), nil
}

// timeOf reads a time as a database gives it.
func timeOf(v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		return v, nil
	case string:
		for _, layout := range []string{time.DateTime, time.RFC3339Nano} {
			if at, err := time.ParseInLocation(layout, v, time.UTC); err == nil {
				return at, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%v is not a time", v)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
