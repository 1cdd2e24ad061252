package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// width is the number of columns that output for people keeps to.
const width = 80

// writeJSON writes v as one line of JSON.
func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// painter colours text, or leaves it as it is.
type painter bool

func (p painter) paint(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p painter) bold(text string) string  { return p.paint("1", text) }
func (p painter) dim(text string) string   { return p.paint("2", text) }
func (p painter) green(text string) string { return p.paint("32", text) }
func (p painter) red(text string) string   { return p.paint("31", text) }

// row is a labelled line of output.
type row struct{ label, value string }

// writeRows writes labels and values in two columns. Values wrap at spaces.
func writeRows(w io.Writer, paint painter, rows []row) error {
	column := 0
	for _, r := range rows {
		column = max(column, utf8.RuneCountInString(r.label))
	}
	column += 2
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(paint.dim(r.label))
		b.WriteString(strings.Repeat(" ", column-utf8.RuneCountInString(r.label)))
		b.WriteString(strings.Join(wrap(strings.Fields(r.value), " ", width-column), "\n"+strings.Repeat(" ", column)))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap joins words to lines of at most columns runes. A longer word has a line
// of its own.
func wrap(words []string, separator string, columns int) []string {
	var lines []string
	line, length := "", 0
	for i, word := range words {
		n := utf8.RuneCountInString(word)
		if i > 0 && length+len(separator)+n <= columns {
			line, length = line+separator+word, length+len(separator)+n
			continue
		}
		if i > 0 {
			lines = append(lines, line)
		}
		line, length = word, n
	}
	return append(lines, line)
}

// shorten cuts the middle out of a text that is longer than most runes.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	head := (most - 1) * 2 / 3
	tail := most - 1 - head
	return string(runes[:head]) + "…" + string(runes[len(runes)-tail:])
}

// printable returns text with everything escaped that could steer a terminal.
func printable(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n' || r == '\t' || strconv.IsPrint(r) && !(r == utf8.RuneError && size == 1):
			b.WriteString(text[i : i+size])
		default:
			for _, c := range []byte(text[i : i+size]) {
				fmt.Fprintf(&b, "\\x%02x", c)
			}
		}
		i += size
	}
	return b.String()
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// moment returns a time for people.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// span returns a length of time in its largest two units.
func span(d time.Duration) string {
	d = d.Abs()
	if d > time.Hour {
		d = d.Round(time.Minute)
	}
	units := []struct {
		length time.Duration
		name   string
	}{{365 * 24 * time.Hour, "year"}, {24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}}
	for i, unit := range units {
		n := int(d / unit.length)
		if n == 0 && i < len(units)-1 {
			continue
		}
		text := count(n, unit.name)
		if i < len(units)-1 {
			if rest := int(d % unit.length / units[i+1].length); rest > 0 {
				text += " " + count(rest, units[i+1].name)
			}
		}
		return text
	}
	return ""
}
