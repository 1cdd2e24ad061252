package readonly

import (
	"context"
	"time"
)

// Limits bound what a statement may take.
type Limits struct {
	Rows int           // that are returned; what is more is counted as more
	Time time.Duration // of the database
	Text int           // runes of a value; what is longer is cut
}

// Result is what a statement came to.
type Result struct {
	Columns []string
	Rows    [][]any
	More    bool // there are rows that the limits left out
	Cut     bool // a text was longer than the limits
}

// Ask carries out a statement that only reads. The error is a [*Refusal] where the
// statement is not carried out.
func (b *Book) Ask(ctx context.Context, source Source, statement string, scope Scope, limits Limits) (*Result, error) {
	compiled, err := b.Compile(statement, scope, source.Database(), limits.Rows+1)
	if err != nil {
		return nil, err
	}
	result := &Result{Rows: [][]any{}}
	var keep []int // columns that are shown: what is hidden is null, and says nothing
	err = source.Read(ctx, compiled, limits.Time, func(columns []string, values []any) bool {
		if keep == nil {
			for i, name := range columns {
				if !b.names[name] {
					keep = append(keep, i)
					result.Columns = append(result.Columns, name)
				}
			}
		}
		if len(result.Rows) == limits.Rows {
			result.More = true
			return false
		}
		row := make([]any, len(keep))
		for i, at := range keep {
			row[i] = values[at]
			if text, ok := row[i].(string); ok {
				if runes := []rune(text); len(runes) > limits.Text {
					row[i], result.Cut = string(runes[:limits.Text])+"…", true
				}
			}
		}
		result.Rows = append(result.Rows, row)
		return true
	})
	return result, err
}
