package consolepage

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// Parse makes the template of a panel. It may use: plot, which draws a [Plot];
// duration, whole and clock, which write times for people. A cell of a table needs
// the attribute data-name with the name of its column, for small screens.
func Parse(text string) *template.Template {
	return template.Must(template.New("panel").Funcs(template.FuncMap{
		"plot":     Plot.draw,
		"duration": duration,
		"whole":    Whole,
		"clock":    clock,
		"until":    until,
	}).Parse(text))
}

// Plot is lines over time. The second may be nil.
type Plot struct {
	Title         string // what it shows, for those who do not see it
	First, Second []float64
	From, To      string // under its ends
	Unit          string
}

// The size of a plot in its own units.
const (
	plotWidth, plotHeight = 420, 130
	plotLeft, plotBottom  = 44, 18
)

// draw returns the plot as SVG, without styles of its own.
func (p Plot) draw() template.HTML {
	top := niceTop(p.First, p.Second)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, plotWidth, plotHeight, template.HTMLEscapeString(p.Title))
	for i := range 3 {
		y := 8 + float64(plotHeight-plotBottom-8)*float64(i)/2
		fmt.Fprintf(&b, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>`, plotLeft, plotWidth, y, y)
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" text-anchor="end">%s</text>`, plotLeft-6, y+4, label(top*float64(2-i)/2)+template.HTMLEscapeString(p.Unit))
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, plotLeft, plotHeight-3, template.HTMLEscapeString(p.From))
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, plotWidth, plotHeight-3, template.HTMLEscapeString(p.To))
	if points := points(p.First, top); points != "" {
		fmt.Fprintf(&b, `<polygon class="area" points="%d,%d %s %d,%d"/>`, plotLeft, plotHeight-plotBottom, points, plotWidth, plotHeight-plotBottom)
		fmt.Fprintf(&b, `<polyline class="first" points="%s"/>`, points)
	}
	if points := points(p.Second, top); points != "" {
		fmt.Fprintf(&b, `<polyline class="second" points="%s"/>`, points)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // its texts are escaped above
}

// points are the values of a line as a list of points.
func points(values []float64, top float64) string {
	if len(values) < 2 {
		return ""
	}
	var b strings.Builder
	for i, v := range values {
		x := plotLeft + float64(plotWidth-plotLeft)*float64(i)/float64(len(values)-1)
		y := 8 + float64(plotHeight-plotBottom-8)*(1-v/top)
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%.1f,%.1f", x, y)
	}
	return b.String()
}

// niceTop is the end of a scale: 1, 2 or 5 times a power of ten, over all values.
func niceTop(lines ...[]float64) float64 {
	most := 0.0
	for _, line := range lines {
		for _, v := range line {
			most = max(most, v)
		}
	}
	for power := 0.1; power < 1e12; power *= 10 {
		for _, times := range []float64{1, 2, 5} {
			if top := power * times; top >= most && top > 0.5 {
				return top
			}
		}
	}
	return most
}

// label writes a number at an axis.
func label(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }

// duration writes a short time.
func duration(d time.Duration) string {
	switch {
	case d == 0:
		return "–"
	case d < 10*time.Millisecond:
		return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 1, 64) + " ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return d.Round(time.Second).String()
}

// Whole writes a large number in groups.
func Whole(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}

// clock writes a time of today or another day.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("01-02 15:04:05")
}

// until writes how long it is from one time to another.
func until(now, t time.Time) string {
	d := t.Sub(now)
	switch {
	case t.IsZero():
		return "not known"
	case d < 0:
		return "over"
	case d < 2*time.Minute:
		return "in " + strconv.Itoa(int(d.Seconds())) + " s"
	case d < time.Hour:
		return "in " + strconv.Itoa(int(d.Minutes())) + " min"
	case d < 48*time.Hour:
		return "in " + strconv.Itoa(int(d.Hours())) + " h"
	case d > 20*365*24*time.Hour:
		return "never"
	}
	return "in " + strconv.Itoa(int(d.Hours()/24)) + " days"
}
