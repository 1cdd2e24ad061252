package console

import (
	"io"
	"strings"
	"unicode/utf8"
)

// WriteColumns writes a table whose first row is the head. The last column is
// cut to the width.
func WriteColumns(w io.Writer, paint Painter, rows [][]string) error {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, r := range rows {
		line, left := "", Width
		for i, cell := range r {
			cell = strings.ReplaceAll(Printable(cell), "\n", " ")
			if i == len(r)-1 {
				line += Shorten(cell, max(left, 8))
				break
			}
			line += cell + strings.Repeat(" ", widths[i]-min(widths[i], utf8.RuneCountInString(cell))+2)
			left -= widths[i] + 2
		}
		line = strings.TrimRight(line, " ")
		if n == 0 {
			line = paint.Dim(line)
		}
		b.WriteString(line + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
