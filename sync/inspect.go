package sync

import (
	"context"
	"iter"
	"time"
)

// An Inspector is a destination that people look into and change by hand. The packages
// sqlite and postgres have one.
type Inspector interface {
	Destination

	// Overview returns all shops with their state.
	Overview(ctx context.Context, schema *Schema) ([]Overview, error)
	// Values returns the rows of a table in order of shop_id and key, each with shop_id
	// and its columns; rows that are deleted, too, where deleted is set.
	Values(ctx context.Context, table *Table, deleted bool) iter.Seq2[[]any, error]
	// Reset removes the rows of a table and its children, and what is known of how far
	// it had come. Every shop is fenced, so that no worker goes on with what it knew.
	Reset(ctx context.Context, table *Table) error
	// Forget replaces people's data in an order, in all tables and versions that have
	// it, and returns how many rows were changed. Erase says by what.
	Forget(ctx context.Context, schema *Schema, order string, erase Eraser) (int, error)
	// DDL returns the statements that make a table.
	DDL(table *Table) string
	// Columns returns the columns that each table has now, with their types.
	Columns(ctx context.Context) (map[string]map[string]string, error)
}

// An Eraser returns the JSON of a row without people's data.
type Eraser func(raw []byte) ([]byte, error)

// An Overview is a shop in a destination.
type Overview struct {
	Shop    Shop
	Owner   string    // of the last worker
	Until   time.Time // of its time; zero: nobody has the shop
	Day     string
	Used    int
	Streams map[string]State
	Rows    map[string]int // by table, without those that are deleted
	Todo    map[string]int // ids that wait, by stream
	Issues  int
}

// Lag is the age of what a stream has not seen yet, zero where it was never read.
func (s State) Lag(now time.Time) time.Duration {
	if s.Live == 0 {
		return 0
	}
	return now.Sub(time.Unix(s.Live, 0))
}

// Backfilled is the part of what is wanted that is here, between 0 and 1.
func (s *Stream) Backfilled(st State) float64 {
	switch s.Class {
	case Updates, Creations:
		want := Span{st.Since, st.Start}
		if s.Always {
			want.From = firstOrder
		}
		if st.Start == 0 {
			return 0
		}
		if want.From >= want.To {
			return 1
		}
		return float64(covered(st.Done, want)) / float64(want.To-want.From)
	case Scans:
		if st.Generation == 0 {
			return 0
		}
	case Details, Days:
		if st.Live == 0 {
			return 0
		}
	}
	return 1
}

// Erase returns an eraser, which replaces people's data by nothing that could be found
// again.
func Erase() Eraser {
	return func(raw []byte) ([]byte, error) {
		item, err := parseJSON(raw)
		if err != nil {
			return nil, err
		}
		m := &masker{blank: true, names: map[string]string{}}
		item, err = m.mask(item)
		return item.raw, err
	}
}

// Row returns the row that JSON makes of a table without a parent.
func (t *Table) Row(first string, raw []byte) (Row, bool) {
	item, err := parseJSON(raw)
	if err != nil {
		return Row{}, false
	}
	m := rowMaker{table: t}
	return m.make(item, first, 0)
}
