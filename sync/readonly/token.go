package readonly

import (
	"fmt"
	"strings"
)

// kind is what a token is.
type kind byte

const (
	word   kind = 'w' // in lower case
	quoted kind = 'q' // a name in double quotes, without them
	text   kind = 't'
	number kind = 'n'
	mark   kind = 'm' // a parenthesis, a comma, a dot or an operator
)

// token is a part of a statement.
type token struct {
	kind kind
	text string
	at   int // its first byte
}

// The bounds of a statement.
const (
	maxBytes = 8000
	maxDepth = 40
)

// operators are what operators may be. What begins another one is longer and first.
var operators = []string{"->>", "||", "<>", "!=", "<=", ">=", "::", "->", "=", "<", ">", "+", "-", "*", "/", "%"}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// scan cuts a statement into tokens. It takes nothing that SQLite and PostgreSQL read
// differently, or that hides something: comments, escapes, dollar quotes, parameters.
func scan(s string) ([]token, error) {
	if len(s) > maxBytes {
		return nil, refuse(0, "the statement is longer than %d bytes", maxBytes)
	}
	var tokens []token
	for i := 0; i < len(s); {
		c := s[i]
		start := i
		add := func(k kind, text string) { tokens = append(tokens, token{k, text, start}) }
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case letter(c):
			for i < len(s) && (letter(s[i]) || digit(s[i])) {
				i++
			}
			add(word, strings.ToLower(s[start:i]))
		case digit(c):
			var err error
			if i, err = scanNumber(s, i); err != nil {
				return nil, err
			}
			add(number, s[start:i])
		case c == '\'' || c == '"':
			inner, end, err := scanQuoted(s, i)
			if err != nil {
				return nil, err
			}
			i = end
			if c == '\'' {
				add(text, inner)
			} else {
				add(quoted, inner)
			}
		case strings.IndexByte("(),.", c) >= 0:
			i++
			add(mark, string(c))
		case strings.HasPrefix(s[i:], "--") || strings.HasPrefix(s[i:], "/*"):
			return nil, refuse(i, "comments are not taken: leave it out")
		case c == ';' && strings.TrimSpace(s[i+1:]) == "":
			i = len(s) // the end of the statement
		case c == ';':
			return nil, refuse(i, "there is more than one statement: send one at a time")
		default:
			for _, o := range operators {
				if strings.HasPrefix(s[i:], o) {
					i += len(o)
					add(mark, o)
					break
				}
			}
			if i == start {
				return nil, refuse(i, "%q is not taken outside of a text", string([]rune(s[i:])[:1]))
			}
		}
	}
	return tokens, nil
}

// scanNumber returns the end of a number.
func scanNumber(s string, i int) (int, error) {
	start := i
	for i < len(s) && digit(s[i]) {
		i++
	}
	if i+1 < len(s) && s[i] == '.' && digit(s[i+1]) {
		for i++; i < len(s) && digit(s[i]); i++ {
		}
	}
	if i < len(s) && (letter(s[i]) || s[i] == '.') {
		return 0, refuse(start, "%q is not a number: write digits, with a point at most", s[start:i+1])
	}
	return i, nil
}

// scanQuoted returns what is in quotes, which are doubled within, and the end of it.
func scanQuoted(s string, i int) (inner string, end int, err error) {
	quote, start := s[i], i
	var b strings.Builder
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == 0:
			return "", 0, refuse(i, "a text has a zero byte")
		case c == '\\':
			return "", 0, refuse(i, "backslashes are not taken")
		case c == quote && i+1 < len(s) && s[i+1] == quote:
			b.WriteByte(c)
			i++
		case c == quote:
			return b.String(), i + 1, nil
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, refuse(start, "a quote is not closed")
}

// Refusal is why a statement is not carried out.
type Refusal struct {
	At      int // its byte that is the reason
	Problem string
}

// Error implements error.
func (r *Refusal) Error() string { return fmt.Sprintf("%s (at byte %d)", r.Problem, r.At) }

func refuse(at int, format string, args ...any) error {
	return &Refusal{at, fmt.Sprintf(format, args...)}
}
