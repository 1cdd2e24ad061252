package explain

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// splitShell splits a command line as a POSIX shell does, with the $'…' of
// bash. It stops at a pipe, a redirection, a semicolon or a line end. Anything
// that only a shell could expand is an error.
func splitShell(line string) ([]string, error) {
	p := shellParser{rest: line}
	for {
		done, err := p.step()
		if err != nil {
			return nil, err
		}
		if done {
			p.end()
			return p.words, nil
		}
	}
}

type shellParser struct {
	rest  string
	words []string
	word  strings.Builder
	open  bool // a word has begun, perhaps an empty one
}

func (p *shellParser) end() {
	if p.open {
		p.words = append(p.words, p.word.String())
		p.word.Reset()
		p.open = false
	}
}

func (p *shellParser) write(s string) {
	p.word.WriteString(s)
	p.open = true
}

// step reads the next part of the line. It reports true at its end.
func (p *shellParser) step() (done bool, err error) {
	if p.rest == "" {
		return true, nil
	}
	c := p.rest[0]
	switch c {
	case ' ', '\t', '\r':
		p.end()
		p.rest = p.rest[1:]
	case '\n', ';', '|', '<', '>':
		return true, nil
	case '#':
		if !p.open {
			return true, nil
		}
		p.plain()
	case '&':
		if p.open && !strings.HasPrefix(p.rest, "&&") {
			return false, errors.New("an & without quotes ends the command; put the URL in single quotes")
		}
		return true, nil
	case '\'':
		text, rest, ok := strings.Cut(p.rest[1:], "'")
		if !ok {
			return false, errors.New("a single quote is not closed")
		}
		p.write(text)
		p.rest = rest
	case '"':
		p.rest = p.rest[1:]
		return false, p.doubleQuoted()
	case '\\':
		p.escape()
	case '$':
		if strings.HasPrefix(p.rest, "$'") {
			p.rest = p.rest[2:]
			return false, p.ansiQuoted()
		}
		return false, p.dollar()
	case '`':
		return false, errors.New("it contains a command in backquotes; insert its output")
	default:
		p.plain()
	}
	return false, nil
}

// plain appends one byte.
func (p *shellParser) plain() {
	p.write(p.rest[:1])
	p.rest = p.rest[1:]
}

// escape appends what follows a backslash outside quotes.
func (p *shellParser) escape() {
	after := p.rest[1:]
	switch {
	case strings.HasPrefix(after, "\n"):
		p.rest = after[1:]
	case strings.HasPrefix(after, "\r\n"):
		p.rest = after[2:]
	case after == "":
		p.rest = ""
	default:
		p.write(after[:1])
		p.rest = after[1:]
	}
}

// dollar appends a dollar sign that starts nothing.
func (p *shellParser) dollar() error {
	after := p.rest[1:]
	if after != "" {
		c := after[0]
		if c == '{' || c == '(' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' {
			end := 1
			for end < len(after) && (after[end] == '_' || after[end]|0x20 >= 'a' && after[end]|0x20 <= 'z') {
				end++
			}
			return fmt.Errorf("it contains the shell variable $%s; insert its value", after[:end])
		}
	}
	p.plain()
	return nil
}

func (p *shellParser) doubleQuoted() error {
	p.open = true
	for p.rest != "" {
		switch c := p.rest[0]; c {
		case '"':
			p.rest = p.rest[1:]
			return nil
		case '\\':
			after := p.rest[1:]
			switch {
			case after != "" && strings.IndexByte("$`\"\\", after[0]) >= 0:
				p.rest = after
			case strings.HasPrefix(after, "\n"):
				p.rest = after[1:]
				continue
			}
			p.plain()
		case '$':
			if err := p.dollar(); err != nil {
				return err
			}
		case '`':
			return errors.New("it contains a command in backquotes; insert its output")
		default:
			p.plain()
		}
	}
	return errors.New("a double quote is not closed")
}

// ansiQuoted reads the inside of $'…'.
func (p *shellParser) ansiQuoted() error {
	p.open = true
	for p.rest != "" {
		c := p.rest[0]
		if c == '\'' {
			p.rest = p.rest[1:]
			return nil
		}
		if c != '\\' || len(p.rest) == 1 {
			p.plain()
			continue
		}
		letter := p.rest[1]
		p.rest = p.rest[2:]
		if i := strings.IndexByte(`abefnrtvE\'"?`, letter); i >= 0 {
			p.write("\a\b\x1b\f\n\r\t\v\x1b\\'\"?"[i : i+1])
			continue
		}
		switch letter {
		case 'x':
			p.number("", 2, 16, false)
		case 'u':
			p.number("", 4, 16, true)
		case 'U':
			p.number("", 8, 16, true)
		case '0', '1', '2', '3', '4', '5', '6', '7':
			p.number(string(letter), 2, 8, false)
		default:
			p.write(string([]byte{'\\', letter}))
		}
	}
	return errors.New("a $'…' quote is not closed")
}

// number reads up to most further digits and appends the byte or character that
// they denote.
func (p *shellParser) number(digits string, most, base int, character bool) {
	n := 0
	for n < most && n < len(p.rest) {
		if _, err := strconv.ParseUint(p.rest[n:n+1], base, 8); err != nil {
			break
		}
		n++
	}
	digits += p.rest[:n]
	p.rest = p.rest[n:]
	value, _ := strconv.ParseUint(digits, base, 32) // digits are checked; none mean 0
	if character {
		p.write(string(utf8.AppendRune(nil, rune(value))))
		return
	}
	p.write(string([]byte{byte(value)}))
}
