package console

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Width is the number of columns that output for people keeps to.
const Width = 80

// WriteJSON writes v as one line of JSON.
func WriteJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// Painter colours text, or leaves it as it is.
type Painter bool

func (p Painter) paint(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p Painter) Bold(text string) string  { return p.paint("1", text) }
func (p Painter) Dim(text string) string   { return p.paint("2", text) }
func (p Painter) Green(text string) string { return p.paint("32", text) }
func (p Painter) Red(text string) string   { return p.paint("31", text) }

// Row is a labelled line of output.
type Row struct{ Label, Value string }

// WriteRows writes labels and values in two columns. Values wrap at spaces.
func WriteRows(w io.Writer, paint Painter, rows []Row) error {
	return WriteRowsWithin(w, paint, Width, rows)
}

// WriteRowsWithin writes labels and values like WriteRows, for a width.
func WriteRowsWithin(w io.Writer, paint Painter, columns int, rows []Row) error {
	column := 0
	for _, r := range rows {
		column = max(column, utf8.RuneCountInString(r.Label))
	}
	column += 2
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(paint.Dim(r.Label))
		b.WriteString(strings.Repeat(" ", column-utf8.RuneCountInString(r.Label)))
		b.WriteString(strings.Join(Wrap(strings.Fields(r.Value), " ", max(columns-column, 10)), "\n"+strings.Repeat(" ", column)))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Wrap joins words to lines of at most columns runes. A longer word has a line
// of its own.
func Wrap(words []string, separator string, columns int) []string {
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

// WrapAll wraps a text at spaces, and breaks words that are longer than a line.
func WrapAll(text string, columns int) []string {
	columns = max(columns, 10)
	var lines []string
	for _, line := range Wrap(strings.Fields(text), " ", columns) {
		runes := []rune(line)
		for len(runes) > columns {
			lines = append(lines, string(runes[:columns]))
			runes = runes[columns:]
		}
		lines = append(lines, string(runes))
	}
	return lines
}

// Shorten cuts the middle out of a text that is longer than most runes.
func Shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	head := (most - 1) * 2 / 3
	tail := most - 1 - head
	return string(runes[:head]) + "…" + string(runes[len(runes)-tail:])
}

// Printable returns text with everything escaped that could steer a terminal.
func Printable(text string) string {
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

// Count returns a number with its noun.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Moment returns a time for people.
func Moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// Span returns a length of time in its largest two units.
func Span(d time.Duration) string {
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
		text := Count(n, unit.name)
		if i < len(units)-1 {
			if rest := int(d % unit.length / units[i+1].length); rest > 0 {
				text += " " + Count(rest, units[i+1].name)
			}
		}
		return text
	}
	return ""
}

// ShellWord quotes a word for a shell where it needs that.
func ShellWord(word string) string {
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:=@%+,", r))
	}) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Before returns s up to the first of the characters.
func Before(s, characters string) string {
	if i := strings.IndexAny(s, characters); i >= 0 {
		return s[:i]
	}
	return s
}
