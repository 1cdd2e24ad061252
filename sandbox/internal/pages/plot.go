package pages

import "strconv"

// bar is a value of a plot. Part of it may be bad.
type bar struct {
	Label, Text string // what it stands for, and its value in words
	Value, Bad  int64
}

// plot is a bar chart, drawn as SVG without script or style of its own.
type plot struct {
	Title         string
	Width, Height int // of the drawing
	Base          int // where the bars stand
	Bars          []drawnBar
	Lines         []gridLine
	First, Last   string // labels
	Empty         bool   // all values are zero
}

type drawnBar struct {
	X, Y, Width, Height string
	BadY, BadHeight     string // "" where nothing is bad
	Tip                 string
}

type gridLine struct {
	Y     string
	TextY string
	Label string
}

// The measures of a plot.
const (
	plotWidth  = 720
	plotHeight = 180
	plotTop    = 14
	plotBase   = 160
	plotLeft   = 64 // room for the labels of the lines
)

// newPlot draws values. Words says what a value on the axis is.
func newPlot(title string, bars []bar, words func(int64) string) plot {
	p := plot{Title: title, Width: plotWidth, Height: plotHeight, Base: plotBase, Empty: true}
	var most int64
	for _, b := range bars {
		most = max(most, b.Value)
	}
	if len(bars) == 0 || most == 0 {
		return p
	}
	p.Empty, p.First, p.Last = false, bars[0].Label, bars[len(bars)-1].Label
	top := roundUp(most)
	height := func(v int64) float64 { return float64(v) / float64(top) * (plotBase - plotTop) }
	for _, share := range []int64{2, 1} {
		y := plotBase - height(top/2*share)
		p.Lines = append(p.Lines, gridLine{pixels(y), pixels(y + 4), words(top / 2 * share)})
	}
	step := float64(plotWidth-plotLeft) / float64(len(bars))
	for i, b := range bars {
		tall := height(b.Value)
		if b.Value > 0 {
			tall = max(tall, 1.5) // little is not nothing
		}
		drawn := drawnBar{
			X: pixels(plotLeft + step*float64(i) + step*0.12), Width: pixels(step * 0.76),
			Y: pixels(plotBase - tall), Height: pixels(tall), Tip: b.Label + ": " + b.Text,
		}
		if b.Bad > 0 {
			bad := max(height(b.Bad), 1.5)
			drawn.BadY, drawn.BadHeight = pixels(plotBase-bad), pixels(bad)
		}
		p.Bars = append(p.Bars, drawn)
	}
	return p
}

// pixels writes a length with as much as an eye sees of it.
func pixels(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// roundUp returns an even round number that is not below a value.
func roundUp(v int64) int64 {
	for scale := int64(1); ; scale *= 10 {
		for _, digit := range []int64{2, 4, 6, 8, 10} {
			if digit*scale >= v {
				return digit * scale
			}
		}
	}
}
