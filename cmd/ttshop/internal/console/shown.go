package console

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// OwnColours are the escape sequences that a painter writes.
var OwnColours = []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m"}

// rewind begins the line of the terminal again, for progress.
const rewind = "\r\x1b[K"

// shownOut is an output that is a terminal. What could steer the terminal is
// escaped, whichever way it got into the text; only own sequences pass.
type shownOut struct {
	w   io.Writer
	own []string

	mu   sync.Mutex
	tail []byte // the beginning of a character that the next write completes
}

// Write implements io.Writer.
func (s *shownOut) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := slices.Concat(s.tail, p)
	whole := len(text)
	for i := len(text) - 1; i >= max(0, len(text)-utf8.UTFMax+1); i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				whole = i
			}
			break
		}
	}
	s.tail = bytes.Clone(text[whole:])
	if _, err := io.WriteString(s.w, Tame(string(text[:whole]), s.own)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Tame returns a text with everything escaped that could steer a terminal: all
// control characters but line ends and tabs, marks of the direction of writing,
// and what is not UTF-8. JSON stays JSON. The sequences in own are left.
func Tame(text string, own []string) string {
	var b strings.Builder
next:
	for i := 0; i < len(text); {
		for _, sequence := range own {
			if strings.HasPrefix(text[i:], sequence) {
				b.WriteString(sequence)
				i += len(sequence)
				continue next
			}
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch high, low := utf16.EncodeRune(r); {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "\\x%02x", text[i])
		case !steers(r):
			b.WriteString(text[i : i+size])
		case r > 0xffff:
			fmt.Fprintf(&b, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&b, "\\u%04x", r)
		}
		i += size
	}
	return b.String()
}

// steers reports whether a terminal acts on a character, or shows the text
// around it in another order.
func steers(r rune) bool {
	switch r {
	case '\n', '\t':
		return false
	case '\u2028', '\u2029':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r >= 0xe0000 && r <= 0xe007f // tags, which are not seen
}

// Guard puts what is shown on terminals behind a shownOut.
func (s *System) Guard() {
	if s.Terminal.Shown {
		var own []string
		if s.Color {
			own = OwnColours
		}
		s.Out = &shownOut{w: s.Out, own: own}
	}
	if s.Terminal.ErrShown {
		s.Err = &shownOut{w: s.Err, own: []string{rewind}}
	}
}

// CommandOut is where commands that are run write, whose colours are their own.
func (s *System) CommandOut() io.Writer {
	if guarded, ok := s.Err.(*shownOut); ok {
		return guarded.w
	}
	return s.Err
}

// WriteData writes a text that is all data, without any sequence of ours.
func (s *System) WriteData(text []byte) error {
	if s.Terminal.Shown {
		text = []byte(Tame(string(text), nil))
	}
	_, err := s.Out.Write(text)
	return err
}
