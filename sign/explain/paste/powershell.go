package paste

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/ttshop-go/ttshop/sign/explain"
)

// psValue is a value of PowerShell: a text or a table of texts.
type psValue struct {
	text  string
	table [][2]string
	bare  bool // a word without quotes
}

// psParser reads the part of PowerShell that requests are written in: texts,
// tables, variables and the parameters of a command.
type psParser struct {
	rest string
	vars map[string]psValue
}

// psCommand is a command that sends a request.
var psCommand = regexp.MustCompile(`(?i)(^|[\s=(>;])(Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\s`)

// isPowerShell reports whether a text begins with such a command, or with a
// variable that is set for one.
func isPowerShell(text string) bool {
	text = prompt.ReplaceAllString(text, "")
	at := psCommand.FindStringIndex(text)
	return at != nil && (at[0] == 0 || strings.HasPrefix(text, "$") || strings.HasPrefix(text, "#") || strings.HasPrefix(text, "["))
}

var psName = regexp.MustCompile(`^[\w.:-]+`)

// readPowerShell reads Invoke-WebRequest or Invoke-RestMethod, with the variables
// that are set before it.
func readPowerShell(text string, open func(string) ([]byte, error)) (Paste, error) {
	p := &psParser{rest: prompt.ReplaceAllString(text, ""), vars: make(map[string]psValue)}
	for {
		p.space(true)
		switch {
		case p.rest == "":
			return Paste{}, errors.New("it has no Invoke-WebRequest, Invoke-RestMethod or curl.exe")
		case p.assignment():
			if err := p.assign(); err != nil {
				return Paste{}, err
			}
			continue
		}
		word := strings.ToLower(psName.FindString(p.rest))
		switch word {
		case "invoke-webrequest", "invoke-restmethod", "iwr", "irm":
			p.rest = p.rest[len(word):]
			return p.request()
		case "curl", "curl.exe":
			return readCurl(p.rest, open)
		}
		// Another statement, such as one that makes a session.
		if err := p.skipLine(); err != nil {
			return Paste{}, err
		}
	}
}

var psAssignment = regexp.MustCompile(`^\$([\w.]+)\s*=\s*`)

func (p *psParser) assignment() bool { return psAssignment.MatchString(p.rest) }

// assign reads a statement that sets a variable. What is neither text nor a table,
// such as a new object, is unknown.
func (p *psParser) assign() error {
	found := psAssignment.FindStringSubmatch(p.rest)
	p.rest = p.rest[len(found[0]):]
	switch {
	case strings.HasPrefix(strings.ToLower(p.rest), "invoke-"), strings.HasPrefix(strings.ToLower(p.rest), "irm "), strings.HasPrefix(strings.ToLower(p.rest), "iwr "):
		return nil // the answer of the request is kept
	case strings.HasPrefix(p.rest, "New-"), strings.HasPrefix(p.rest, "["):
		return p.skipLine()
	}
	value, err := p.value()
	if err != nil {
		return err
	}
	p.space(false)
	if strings.HasPrefix(p.rest, "|") { // made by another command
		value = psValue{text: unknownMark + "$" + found[1] + unknownMark}
		if err := p.skipLine(); err != nil {
			return err
		}
	}
	p.vars[strings.ToLower(found[1])] = value
	return nil
}

func (p *psParser) skipLine() error {
	for p.rest != "" {
		if p.rest[0] == '"' || p.rest[0] == '\'' {
			if _, err := p.quoted(); err != nil {
				return err
			}
			continue
		}
		end := p.rest[0] == '\n' || p.rest[0] == ';'
		p.rest = p.rest[1:]
		if end {
			return nil
		}
	}
	return nil
}

// space skips spaces and lines that go on; with lines also line ends and
// semicolons.
func (p *psParser) space(lines bool) {
	for p.rest != "" {
		switch {
		case strings.HasPrefix(p.rest, "`\r\n"):
			p.rest = p.rest[3:]
		case strings.HasPrefix(p.rest, "`\n"):
			p.rest = p.rest[2:]
		case p.rest[0] == ' ', p.rest[0] == '\t', p.rest[0] == '\r':
			p.rest = p.rest[1:]
		case lines && (p.rest[0] == '\n' || p.rest[0] == ';'):
			p.rest = p.rest[1:]
		case lines && p.rest[0] == '#':
			_, p.rest, _ = strings.Cut(p.rest, "\n")
		default:
			return
		}
	}
}

// value reads a text, a table or a variable.
func (p *psParser) value() (psValue, error) {
	switch {
	case p.rest == "":
		return psValue{}, errors.New("a value is missing at the end")
	case strings.HasPrefix(p.rest, "@{"):
		return p.table()
	case strings.HasPrefix(p.rest, "@'"), strings.HasPrefix(p.rest, `@"`), p.rest[0] == '"', p.rest[0] == '\'':
		text, err := p.quoted()
		return psValue{text: text}, err
	case p.rest[0] == '$':
		name := regexp.MustCompile(`^\$[\w.:]+`).FindString(p.rest)
		if name == "" {
			return psValue{}, errors.New("it computes a value; insert it")
		}
		p.rest = p.rest[len(name):]
		if value, ok := p.vars[strings.ToLower(name[1:])]; ok {
			return value, nil
		}
		return psValue{text: unknownMark + name + unknownMark}, nil
	case p.rest[0] == '(':
		return psValue{}, errors.New("it computes a value in parentheses; insert it")
	}
	end := strings.IndexAny(p.rest, " \t\r\n;|")
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return psValue{text: word, bare: true}, nil
}

// table reads @{ name = value; … }.
func (p *psParser) table() (psValue, error) {
	p.rest = p.rest[2:]
	table := psValue{table: [][2]string{}}
	for {
		p.space(true)
		if p.rest == "" {
			return psValue{}, errors.New("a table is not closed")
		}
		if p.rest[0] == '}' {
			p.rest = p.rest[1:]
			return table, nil
		}
		var name string
		if p.rest[0] == '"' || p.rest[0] == '\'' {
			var err error
			if name, err = p.quoted(); err != nil {
				return psValue{}, err
			}
		} else if name = psName.FindString(p.rest); name == "" {
			return psValue{}, errors.New("a table has an entry without a name")
		} else {
			p.rest = p.rest[len(name):]
		}
		p.space(false)
		if !strings.HasPrefix(p.rest, "=") {
			return psValue{}, errors.New("a table has a name without a value")
		}
		p.rest = p.rest[1:]
		p.space(false)
		value, err := p.value()
		if err != nil {
			return psValue{}, err
		}
		if value.bare {
			value.text = strings.TrimSuffix(value.text, "}")
			if !strings.HasPrefix(p.rest, "}") && strings.HasSuffix(value.text, "}") {
				p.rest = "}" + p.rest
			}
		}
		table.table = append(table.table, [2]string{name, value.text})
	}
}

// quoted reads a text in quotes, or a here-string.
func (p *psParser) quoted() (string, error) {
	if strings.HasPrefix(p.rest, "@") {
		quote := p.rest[1:2]
		_, inner, ok := strings.Cut(p.rest, "\n")
		text, rest, closed := strings.Cut(inner, "\n"+quote+"@")
		if !ok || !closed {
			return "", errors.New("a here-string is not closed")
		}
		p.rest = rest
		text = strings.TrimSuffix(text, "\r")
		if quote == `"` {
			return p.expand(text)
		}
		return text, nil
	}
	quote := p.rest[0]
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		c := p.rest[i]
		switch {
		case c == quote && i+1 < len(p.rest) && p.rest[i+1] == quote:
			i++
			b.WriteByte(c)
		case c == quote:
			p.rest = p.rest[i+1:]
			if quote == '"' {
				return p.expand(b.String())
			}
			return b.String(), nil
		case c == '`' && quote == '"' && i+1 < len(p.rest):
			i++
			b.WriteByte('`')
			b.WriteByte(p.rest[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", errors.New("a quote is not closed")
}

// expand replaces escapes and variables in a text of double quotes.
func (p *psParser) expand(text string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '`' && i+1 < len(text):
			i++
			switch text[i] {
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			case '0':
				b.WriteByte(0)
			default:
				b.WriteByte(text[i])
			}
		case c == '$' && i+1 < len(text) && (text[i+1] == '(' || text[i+1] == '{'):
			return "", errors.New("it computes a value in a text; insert it")
		case c == '$':
			name := psName.FindString(text[i+1:])
			if dot := strings.IndexAny(name, ".:-"); dot >= 0 {
				name = name[:dot]
			}
			if name == "" {
				b.WriteByte(c)
				continue
			}
			if strings.HasPrefix(strings.ToLower(text[i+1:]), "env:") {
				name = psName.FindString(text[i+1:])
			}
			value, ok := p.vars[strings.ToLower(name)]
			if !ok {
				value.text = unknownMark + "$" + name + unknownMark
			}
			b.WriteString(value.text)
			i += len(name)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// request reads the parameters of Invoke-WebRequest.
func (p *psParser) request() (Paste, error) {
	r := explain.Request{Method: http.MethodGet}
	var headers [][2]string
	contentType := ""
	for {
		p.space(false)
		if p.rest == "" || p.rest[0] == '\n' || p.rest[0] == ';' || p.rest[0] == '|' {
			break
		}
		name := ""
		if p.rest[0] == '-' {
			name = strings.ToLower(psName.FindString(p.rest))
			p.rest = p.rest[len(name):]
			p.space(false)
			switch name {
			case "-usebasicparsing", "-skipcertificatecheck", "-disablekeepalive", "-skiphttperrorcheck", "-verbose":
				continue
			case "-websession", "-sessionvariable":
				p.rest = p.rest[len(regexp.MustCompile(`^\S*`).FindString(p.rest)):]
				continue
			}
		}
		value, err := p.value()
		if err != nil {
			return Paste{}, err
		}
		switch name {
		case "", "-uri":
			r.URL = value.text
		case "-method", "-custommethod":
			r.Method = strings.ToUpper(value.text)
		case "-headers":
			headers = append(headers, value.table...)
		case "-contenttype":
			contentType = value.text
		case "-body":
			if value.table != nil {
				return Paste{}, errors.New("its body is a table, which is sent as a form; send a text in JSON")
			}
			r.Body = []byte(value.text)
		case "-form", "-infile":
			return Paste{}, fmt.Errorf("the body of %s is unknown", name)
		}
	}
	if r.URL == "" {
		return Paste{}, errors.New("it has no URL")
	}
	if len(r.Body) > 0 {
		r.ContentType = "application/x-www-form-urlencoded" // what it sends unless told otherwise
	}
	for _, header := range headers {
		setHeader(&r, header[0], header[1])
	}
	if contentType != "" {
		r.ContentType = contentType
	}
	return single(r, true), nil
}

// splitPowerShell splits a command line of a program as PowerShell does.
func splitPowerShell(line string) ([]string, error) {
	p := &psParser{rest: line, vars: make(map[string]psValue)}
	var words []string
	for {
		p.space(false)
		if p.rest == "" || p.rest[0] == '\n' || p.rest[0] == ';' || p.rest[0] == '|' {
			return words, nil
		}
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		words = append(words, value.text)
	}
}
