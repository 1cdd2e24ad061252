package signing

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign/explain"
)

// sheet is a text for people under construction.
type sheet struct {
	strings.Builder
	columns int
}

func newSheet(sys *platform.Session) *sheet { return &sheet{columns: sys.Columns()} }

// line adds a line as it is.
func (s *sheet) line(text string) { s.WriteString(text + "\n") }

// say adds a text that wraps, behind an indent.
func (s *sheet) say(indent, text string) { s.item(indent, indent, text) }

// item adds a text that wraps, behind a mark on its first line.
func (s *sheet) item(mark, indent, text string) {
	for i, line := range console.WrapAll(console.Printable(text), s.columns-len(indent)) {
		if i == 0 {
			s.line(mark + line)
		} else {
			s.line(indent + line)
		}
	}
}

func (s *sheet) write(w io.Writer) error {
	_, err := io.WriteString(w, s.String())
	return err
}

// writeExplanation writes an explanation for people.
func writeExplanation(sys *platform.Session, e explanation) error {
	paint := console.Painter(sys.Color)
	s := newSheet(sys)
	switch {
	case e.OK:
		s.line(paint.Green("✓ The signature is right."))
	case e.SignatureOK && e.Refused[0].ID == bodyUnknown:
		s.line("? The signature is right if nothing was sent as a body.")
	case e.SignatureOK:
		s.line(paint.Red("✗ The signature is right, the request is not."))
	default:
		s.line(paint.Red("✗ The signature is wrong."))
	}
	switch {
	case e.SignatureOK:
	case len(e.Mistakes) > 0:
		s.line("")
		s.say("  ", sentenceOf(e.Mistakes[0].Sentence))
		s.say("  ", "To fix it, "+e.Mistakes[0].Fix+".")
	default:
		s.line("")
		s.say("  ", sentenceOf(e.Summary))
	}
	if len(e.Refused) > 0 {
		s.line("")
		if !e.SignatureOK {
			s.line(paint.Bold("The platform would refuse it for this, too:"))
		}
		for _, r := range e.Refused {
			s.item("  - ", "    ", r.Sentence+": "+r.Fix)
		}
	}
	if !e.SignatureOK {
		fmt.Fprintf(s, "\n%s       %s\n", paint.Dim("got"), cmp.Or(console.Printable(e.Got), "none"))
		fmt.Fprintf(s, "%s  %s\n", paint.Dim("expected"), e.Expected)
	}
	s.line("")
	s.line(paint.Bold("What is signed, in this order:"))
	writePieces(&s.Builder, paint, e.Pieces, s.columns)
	if len(e.Mistakes) > 1 {
		s.line("")
		s.line(paint.Bold("It may also have come about like this:"))
		for _, m := range e.Mistakes[1:] {
			s.item("  - ", "    ", m.Sentence+": "+m.Fix)
		}
	}
	if notes := unsaid(e.Notes, e.Refused); len(notes) > 0 {
		s.line("")
		s.line(paint.Bold("Also:"))
		for _, note := range notes {
			s.item("  - ", "    ", note)
		}
	}
	return s.write(sys.Out)
}

// unsaid returns the notes about what no refusal says better.
func unsaid(notes []string, refused []refusal) []string {
	about := func(word string) bool {
		return slices.ContainsFunc(refused, func(r refusal) bool { return strings.Contains(r.ID, word) })
	}
	return slices.DeleteFunc(slices.Clone(notes), func(note string) bool {
		return strings.Contains(note, "timestamp") && about("timestamp") ||
			strings.Contains(note, "app_key") && about("app-key") ||
			strings.Contains(note, "access token is in the URL") && about("token")
	})
}

// sentenceOf makes a clause a sentence.
func sentenceOf(clause string) string {
	if clause == "" {
		return ""
	}
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}

// mostBodyLines is how many lines of a body are shown.
const mostBodyLines = 8

// writePieces writes the pieces of the signed string in two columns.
func writePieces(b *strings.Builder, paint console.Painter, pieces []explain.Piece, columns int) {
	column := 0
	for _, p := range pieces {
		column = max(column, len([]rune(pieceLabel(p))))
	}
	column = min(column, 28) + 4
	unsigned := false
	for _, p := range pieces {
		if p.Kind == explain.PieceUnsigned && !unsigned {
			unsigned = true
			b.WriteString("\n" + paint.Bold("What is not signed:") + "\n")
		}
		label := console.Printable(pieceLabel(p))
		text := strings.TrimPrefix(p.Text, p.Key)
		if p.Kind == explain.PieceUnsigned {
			text = p.Note
		}
		lines := cut(console.Printable(text), columns-column)
		if more := len(lines) - mostBodyLines; more > 0 {
			lines = append(lines[:mostBodyLines], fmt.Sprintf("… and %s more", console.Count(more, "line")))
		}
		fmt.Fprintf(b, "  %s%s%s\n", paint.Dim(label), strings.Repeat(" ", max(column-2-len([]rune(label)), 2)), lines[0])
		for _, line := range lines[1:] {
			b.WriteString(strings.Repeat(" ", column) + line + "\n")
		}
	}
}

// pieceLabel returns what a piece is.
func pieceLabel(p explain.Piece) string {
	if p.Key != "" {
		return p.Key
	}
	return p.Kind
}

// cut cuts a text into lines of a width, also at its own line ends.
func cut(text string, columns int) []string {
	columns = max(columns, 10)
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		runes := []rune(line)
		for len(runes) > columns {
			lines = append(lines, string(runes[:columns]))
			runes = runes[columns:]
		}
		lines = append(lines, string(runes))
	}
	return lines
}
