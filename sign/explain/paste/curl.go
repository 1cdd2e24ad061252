package paste

import (
	"errors"
	"regexp"
	"strings"

	"github.com/ttshop-go/ttshop/sign/explain"
)

// prompt is what a terminal shows before a command.
var prompt = regexp.MustCompile(`^(PS [^\n>]*> |[A-Z]:[^\n>]*>|[$>#%] )`)

// readCurl reads a curl command line as the shell would that it was written for.
func readCurl(text string, open func(string) ([]byte, error)) (Paste, error) {
	line := prompt.ReplaceAllString(text, "")
	var words []string
	var err error
	switch {
	case caretLine.MatchString(line):
		words, err = splitCmd(line)
	case backtickLine.MatchString(line):
		words, err = splitPowerShell(line)
	default:
		return curlRequest(headerVariables(line), open)
	}
	if err != nil {
		return Paste{}, err
	}
	for i, word := range words {
		words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	if len(words) > 0 {
		words[0] = "curl"
	}
	return curlRequest(strings.Join(words, " "), open)
}

// headerWord is a header in double quotes, in which a shell replaces variables.
var (
	headerWord    = regexp.MustCompile(`(?:-H|--header)[ =]*"[^"]*"`)
	shellVariable = regexp.MustCompile(`\$\{?[A-Za-z_]\w*\}?|\$\([^)"]*\)`)
)

// headerVariables puts something in the place of variables in headers, whose values
// are not signed.
func headerVariables(line string) string {
	return headerWord.ReplaceAllStringFunc(line, func(header string) string {
		return shellVariable.ReplaceAllString(header, "unknown")
	})
}

func curlRequest(line string, open func(string) ([]byte, error)) (Paste, error) {
	r, err := explain.ParseCurl(line, open)
	if err != nil {
		return Paste{}, bare(err)
	}
	return single(r, true), nil
}

// What only a command line of cmd, or of PowerShell, has: quotes behind carets,
// lines that go on after a caret, or after a backquote.
var (
	caretLine    = regexp.MustCompile(`\^"|\^\r?\n`)
	backtickLine = regexp.MustCompile("`\\r?\\n|`\"")
)

// splitCmd splits a command line as cmd and then the program of Windows do.
func splitCmd(line string) ([]string, error) {
	return splitArguments(uncaret(line))
}

// uncaret returns what cmd hands to the program: a caret outside quotes stands for
// the character behind it, and takes a line end away.
func uncaret(line string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '"':
			quoted = !quoted
			b.WriteByte(c)
		case c == '^' && !quoted && i+1 < len(line):
			i++
			switch {
			case strings.HasPrefix(line[i:], "\r\n"):
				i++
				b.WriteByte(' ')
			case line[i] == '\n':
				b.WriteByte(' ')
			default:
				b.WriteByte(line[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// splitArguments splits the command line of a program of Windows: quotes group,
// and backslashes count only before a quote.
func splitArguments(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	open, quoted := false, false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\':
			n := 1
			for i+n < len(line) && line[i+n] == '\\' {
				n++
			}
			if i+n < len(line) && line[i+n] == '"' {
				word.WriteString(strings.Repeat(`\`, n/2))
				if n%2 == 1 {
					word.WriteByte('"')
					i++
				}
			} else {
				word.WriteString(strings.Repeat(`\`, n))
			}
			i += n - 1
			open = true
		case c == '"' && quoted && i+1 < len(line) && line[i+1] == '"':
			word.WriteByte('"')
			i++
		case c == '"':
			quoted, open = !quoted, true
		case !quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			if open {
				words = append(words, word.String())
				word.Reset()
				open = false
			}
			if c == '\n' {
				return words, nil
			}
		default:
			word.WriteByte(c)
			open = true
		}
	}
	if quoted {
		return nil, errors.New("a quote is not closed")
	}
	if open {
		words = append(words, word.String())
	}
	return words, nil
}
