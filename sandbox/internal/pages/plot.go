package pages

import "strconv"

// bar is a value of a plot. Part of it may be bad.
type bar struct {
	Label, Text string // what it stands for, and its value in words
	Value, Bad  int64
}

// plot is a bar chart, drawn as SVG without script or style of its own. The
// drawing is stretched to the room that there is; words stand beside it.
type plot struct {
	Title       string
	Bars        []drawnBar
	Top, Middle string // what the upper and the middle line stand for
	First, Last string // labels
	Empty       bool   // all values are zero
}

// drawnBar is a bar in a drawing of 100 by 100, y growing downwards.
type drawnBar struct {
	X, Width        string
	Y, Height       string
	BadY, BadHeight string // "" where nothing is bad
	Tip             string
}

// newPlot draws values. Words says what a value on the axis is.
func newPlot(title string, bars []bar, words func(int64) string) plot {
	p := plot{Title: title, Empty: true}
	var most int64
	for _, b := range bars {
		most = max(most, b.Value)
	}
	if most == 0 {
		return p
	}
	top := roundUp(most)
	p.Empty, p.First, p.Last = false, bars[0].Label, bars[len(bars)-1].Label
	p.Top, p.Middle = words(top), words(top/2)
	step := 100 / float64(len(bars))
	rise := func(v int64) (y, height string) {
		tall := max(float64(v)/float64(top)*100, 1) // little is not nothing
		return drawn(100 - tall), drawn(tall)
	}
	for i, b := range bars {
		next := drawnBar{X: drawn(step * (float64(i) + 0.12)), Width: drawn(step * 0.76), Y: "100", Height: "0", Tip: b.Label + ": " + b.Text}
		if b.Value > 0 {
			next.Y, next.Height = rise(b.Value)
		}
		if b.Bad > 0 {
			next.BadY, next.BadHeight = rise(b.Bad)
		}
		p.Bars = append(p.Bars, next)
	}
	return p
}

// drawn writes a length with as much as an eye sees of it.
func drawn(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

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
