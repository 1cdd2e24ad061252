package console

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// Terminal is what a command knows of the terminal that it runs in. The zero
// value is none.
type Terminal struct {
	Columns  int  // width of the output, 0 where it has none: files, pipes
	Ask      bool // somebody is there to answer a question
	Live     bool // standard error takes a line that rewrites itself
	Shown    bool // the output is seen as it comes
	ErrShown bool // so is standard error
}

// NewTerminal looks at the terminal of a process. COLUMNS overrules the width
// that the terminal tells, and CI says that nobody is there.
func NewTerminal(in io.Reader, out, stderr io.Writer, getenv func(string) string) Terminal {
	ci := getenv("CI") != "" && getenv("CI") != "false"
	t := Terminal{
		ErrShown: isTerminal(stderr),
		Ask:      !ci && isTerminal(in) && isTerminal(stderr),
		Live:     !ci && isTerminal(stderr) && getenv("TERM") != "dumb",
	}
	if f, ok := out.(*os.File); ok && isTerminal(out) {
		t.Shown = true
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			t.Columns = columns
		}
	}
	if columns, err := strconv.Atoi(getenv("COLUMNS")); err == nil && columns > 0 {
		t.Columns = columns
	}
	return t
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Columns returns the width that texts for people keep to: that of the
// terminal, but no more than is good to read.
func (s *System) Columns() int {
	if s.Terminal.Columns > 0 {
		return max(min(s.Terminal.Columns, Width), 20)
	}
	return Width
}
