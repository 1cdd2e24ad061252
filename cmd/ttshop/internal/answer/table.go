package answer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// cellKind says how the values of a column are shown.
type cellKind uint8

const (
	cellText   cellKind = iota
	CellMoment          // Unix time
	cellCount           // the number of values
	CellAmount          // a number, right-aligned
)

// Column is a column of a table.
type Column struct {
	Title string
	Paths []string // into an item; the values of several stand side by side
	Kind  cellKind
	Gives bool // it is cut first if the terminal is narrow
	Least int  // the width that a column that gives keeps; 0: narrowest
	Drops int  // it is left out, 1 first, if cutting is not enough; 0: never
}

// View is a table of the items of a list. The zero value shows none.
type View struct {
	Noun    string // what the items are
	Columns []Column
}

// The narrowest that a column is cut to, and the space between columns.
const (
	narrowest = 12
	gap       = "  "
)

// Write writes items as a table or, on a terminal too narrow for it, each item
// as lines.
func (v View) Write(sys *console.System, items []json.RawMessage) error {
	if len(items) == 0 {
		fmt.Fprintf(sys.Err, "There are no %s.\n", cmp.Or(v.Noun, "items"))
		return nil
	}
	rows, err := v.rows(items)
	if err != nil {
		return err
	}
	all := slices.Clone(rows)
	widths := make([]int, len(v.Columns))
	for i, c := range v.Columns {
		widths[i] = CellWidth(c.Title)
		for _, r := range rows {
			widths[i] = max(widths[i], CellWidth(r[i]))
		}
	}
	paint := console.Painter(sys.Color)
	whole := v
	for !v.fit(slices.Clone(widths), sys.Terminal.Columns) {
		dropped := v.drop()
		if dropped < 0 {
			return whole.writeRecords(sys, all)
		}
		v.Columns = slices.Delete(slices.Clone(v.Columns), dropped, dropped+1)
		widths = slices.Delete(widths, dropped, dropped+1)
		for i, r := range rows {
			rows[i] = slices.Delete(slices.Clone(r), dropped, dropped+1)
		}
	}
	v.fit(widths, sys.Terminal.Columns)
	var b strings.Builder
	line := func(style func(string) string, cells []string) {
		var text strings.Builder
		for i, cell := range cells {
			cell = CutCell(cell, widths[i])
			space := strings.Repeat(" ", widths[i]-CellWidth(cell))
			if i > 0 {
				text.WriteString(gap)
			}
			if k := v.Columns[i].Kind; k == CellAmount || k == cellCount {
				text.WriteString(space + cell)
			} else {
				text.WriteString(cell + space)
			}
		}
		b.WriteString(style(strings.TrimRight(text.String(), " ")) + "\n")
	}
	titles := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		titles[i] = c.Title
	}
	line(paint.Bold, titles)
	for _, r := range rows {
		line(func(s string) string { return s }, r)
	}
	_, err = fmt.Fprint(sys.Out, b.String())
	return err
}

// rows returns the texts of the cells.
func (v View) rows(items []json.RawMessage) ([][]string, error) {
	paths := make([][][]field.PathStep, len(v.Columns))
	for i, c := range v.Columns {
		for _, path := range c.Paths {
			steps, err := field.ParsePath(path)
			if err != nil {
				return nil, console.Usagef("--columns: %w", err)
			}
			paths[i] = append(paths[i], steps)
		}
	}
	rows := make([][]string, len(items))
	for i, item := range items {
		value, err := field.DecodeJSON(item)
		if err != nil {
			return nil, fmt.Errorf("format the answer: %w", err)
		}
		rows[i] = make([]string, len(v.Columns))
		for j, c := range v.Columns {
			rows[i][j] = c.cell(value, paths[j])
		}
	}
	return rows, nil
}

// cell returns the text of a cell.
func (c Column) cell(item any, paths [][]field.PathStep) string {
	if c.Kind == cellCount {
		n := 0
		for _, path := range paths {
			for _, value := range field.ValuesAt(item, path) {
				if list, ok := value.([]any); ok {
					n += len(list)
				} else {
					n++
				}
			}
		}
		return fmt.Sprint(n)
	}
	var parts []string
	for _, path := range paths {
		var texts []string
		for _, value := range field.ValuesAt(item, path) {
			text := OneLine(value)
			if c.Kind == CellMoment {
				text = cellTime(text)
			}
			texts = append(texts, text)
		}
		if text := strings.Join(texts, ","); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// OneLine returns a JSON value on one line.
func OneLine(value any) string {
	switch value := value.(type) {
	case string:
		return strings.Join(strings.Fields(console.Printable(value)), " ")
	case []any:
		if slices.ContainsFunc(value, func(item any) bool { _, ok := item.(map[string]any); return ok }) {
			break
		}
		texts := make([]string, len(value))
		for i, item := range value {
			texts[i] = OneLine(item)
		}
		return strings.Join(texts, ",")
	case map[string]any:
	default:
		return fmt.Sprint(value)
	}
	var b strings.Builder
	if err := console.WriteJSON(&b, value); err != nil {
		return err.Error() // a decoded value can be encoded
	}
	return console.Printable(strings.TrimSuffix(b.String(), "\n"))
}

// fit narrows the columns to the width of a terminal (0 for none) and reports
// whether that was possible. It takes from the widest column that may be cut.
func (v View) fit(widths []int, columns int) bool {
	if columns == 0 {
		return true
	}
	excess := (len(widths) - 1) * len(gap)
	for _, w := range widths {
		excess += w
	}
	excess -= columns
	for excess > 0 {
		widest := -1
		for i, c := range v.Columns {
			if c.Gives && widths[i] > cmp.Or(c.Least, narrowest) && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		widths[widest]--
		excess--
	}
	return true
}

// drop returns the column to leave out next, -1 for none.
func (v View) drop() int {
	next := -1
	for i, c := range v.Columns {
		if c.Drops > 0 && (next < 0 || c.Drops < v.Columns[next].Drops) {
			next = i
		}
	}
	return next
}

// writeRecords writes each row as lines of title and value.
func (v View) writeRecords(sys *console.System, rows [][]string) error {
	var b strings.Builder
	for i, cells := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		lines := make([]console.Row, len(cells))
		for j, cell := range cells {
			lines[j] = console.Row{Label: strings.ToLower(v.Columns[j].Title), Value: cell}
		}
		if err := console.WriteRowsWithin(&b, console.Painter(sys.Color), sys.Columns(), lines); err != nil {
			return err
		}
	}
	_, err := fmt.Fprint(sys.Out, b.String())
	return err
}

// CutCell shortens a text to a width.
func CutCell(text string, width int) string {
	if CellWidth(text) <= width {
		return text
	}
	w := 0
	for i, r := range text {
		if w += runeWidth(r); w > width-1 {
			return text[:i] + "…"
		}
	}
	return text
}

// CellWidth returns how many columns of a terminal a text takes.
func CellWidth(text string) int {
	if len(text) == utf8.RuneCountInString(text) {
		return len(text)
	}
	w := 0
	for _, r := range text {
		w += runeWidth(r)
	}
	return w
}

// runeWidth returns how many columns a character takes: none for marks that
// combine, two for the wide characters of East Asia and most emoji.
func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115F, r >= 0x2E80 && r <= 0xA4CF, r >= 0xAC00 && r <= 0xD7A3,
		r >= 0xF900 && r <= 0xFAFF, r >= 0xFE30 && r <= 0xFE6F, r >= 0xFF00 && r <= 0xFF60,
		r >= 0xFFE0 && r <= 0xFFE6, r >= 0x1F300 && r <= 0x1F64F, r >= 0x1F900 && r <= 0x1F9FF,
		r >= 0x20000 && r <= 0x3FFFD:
		return 2
	}
	return 1
}
