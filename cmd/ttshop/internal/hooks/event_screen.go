package hooks

import (
	"fmt"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// The widths of the columns of ttshop listen, and the space between them.
const (
	clockWidth = 8
	shortWidth = 16
	idWidth    = 19
	wideWhat   = 60 // where nothing limits the line
	between    = 2
)

// eventScreen prints events and what became of them for a width. On a narrow one
// an event takes two lines, so that neither its state nor its id is cut.
type eventScreen struct {
	columns int // 0: no limit
	paint   console.Painter
}

// narrow reports whether events take two lines.
func (s eventScreen) narrow() bool { return s.columns > 0 && s.columns < console.Width }

// shop reports whether there is room for the shop.
func (s eventScreen) shop() bool { return s.columns == 0 || s.columns >= 110 }

// whatWidth returns the width of the column that says what happened.
func (s eventScreen) whatWidth() int {
	const before = clockWidth + between + shortWidth + between
	switch {
	case s.columns == 0:
		return wideWhat
	case s.narrow():
		return s.columns - before
	}
	rest := s.columns - before - between - idWidth
	if s.shop() {
		rest -= between + idWidth
	}
	return rest
}

// head returns the line above the events.
func (s eventScreen) head() string {
	if s.narrow() {
		return s.paint.Bold(s.line("UTC", "EVENT", "WHAT"))
	}
	return s.paint.Bold(s.line("UTC", "EVENT", "WHAT", "ABOUT", "SHOP"))
}

// event returns an event.
func (s eventScreen) event(l EventLine) string {
	clock, what := l.Received.Format(time.TimeOnly), l.what()
	about, shop := console.Printable(l.Object), console.Printable(l.Account)
	if s.narrow() {
		ids := strings.TrimSpace(about + strings.Repeat(" ", between) + shop)
		return s.line(clock, l.short, what) + "\n" + s.indent() + answer.CutCell(ids, s.columns-clockWidth-between)
	}
	return s.line(clock, l.short, what, about, shop)
}

// handed returns the line about an event that was handed on: how that ended, such
// as "200, 4 ms".
func (s eventScreen) handed(at time.Time, ended string, ok bool, l EventLine) string {
	text := "← " + ended
	paint := s.paint.Green
	if !ok {
		paint = s.paint.Red
	}
	room := shortWidth + between + s.whatWidth()
	text = answer.CutCell(text, room)
	line := at.UTC().Format(time.TimeOnly) + "  " + paint(text)
	if s.narrow() || l.Object == "" {
		return line
	}
	return line + strings.Repeat(" ", room-answer.CellWidth(text)+between) + console.Printable(l.Object)
}

// indent is the space before the second line of an event.
func (s eventScreen) indent() string { return strings.Repeat(" ", clockWidth+between) }

// line puts texts into the columns.
func (s eventScreen) line(cells ...string) string {
	widths := []int{clockWidth, shortWidth, s.whatWidth(), idWidth, idWidth}
	if len(cells) == len(widths) && !s.shop() {
		cells = cells[:len(cells)-1]
	}
	var b strings.Builder
	for i, cell := range cells {
		if s.columns > 0 {
			cell = answer.CutCell(cell, widths[i])
		}
		fmt.Fprintf(&b, "%s%s", cell, strings.Repeat(" ", max(0, widths[i]-answer.CellWidth(cell))+between))
	}
	return strings.TrimRight(b.String(), " ")
}
