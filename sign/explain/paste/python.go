package paste

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/ttshop-go/ttshop/sign/explain"
)

// pythonCall is the beginning of a call of requests or httpx.
var pythonCall = regexp.MustCompile(`\b(?:requests|httpx|session|client|s)\.(get|post|put|delete|patch|request)\(`)

func isPython(text string) bool {
	return pythonCall.MatchString(text) && !strings.Contains(text, "=>")
}

// pythonWords are the words of Python that JavaScript writes otherwise.
var pythonWords = map[string]jsValue{
	"True": {kind: jsWord, text: "true"}, "False": {kind: jsWord, text: "false"}, "None": {kind: jsWord, text: "null"},
}

var pythonAssignment = regexp.MustCompile(`(?m)^([a-z_]\w*)\s*=\s*`)

// readPython reads a call of requests, with the texts and dicts that are set before
// it.
func readPython(text string, _ func(string) ([]byte, error)) (Paste, error) {
	at := pythonCall.FindStringSubmatchIndex(text)
	function := text[at[2]:at[3]]
	p := &pythonParser{jsParser{rest: text[at[1]:], vars: map[string]jsValue{}}}
	for name, value := range pythonWords {
		p.vars[name] = value
	}
	for _, set := range pythonAssignment.FindAllStringSubmatchIndex(text[:at[0]], -1) {
		inner := &pythonParser{jsParser{rest: text[set[1]:at[0]], vars: p.vars}}
		value, err := inner.argument()
		read := strings.TrimSuffix(text[set[1]:at[0]], inner.rest)
		ended := strings.TrimRight(read, " \t\r\n")
		if err == nil && (inner.rest == "" || strings.HasPrefix(inner.rest, "\n") || strings.Contains(read[len(ended):], "\n")) {
			p.vars[text[set[2]:set[3]]] = value
		}
	}
	arguments, named, err := p.call()
	if err != nil {
		return Paste{}, err
	}
	r := explain.Request{Method: strings.ToUpper(function)}
	if function == "request" {
		r.Method = http.MethodGet
		if len(arguments) > 0 {
			r.Method, arguments = strings.ToUpper(arguments[0].string()), arguments[1:]
		}
	}
	if len(arguments) > 0 {
		r.URL = arguments[0].string()
	} else {
		r.URL = named["url"].string()
	}
	if r.URL == "" {
		return Paste{}, errors.New("it has no URL")
	}
	if params := named["params"]; params.kind == jsObject {
		var parts []string
		for _, m := range params.members {
			parts = append(parts, url.QueryEscape(m.name)+"="+url.QueryEscape(m.value.string()))
		}
		mark := "?"
		if strings.Contains(r.URL, "?") {
			mark = "&"
		}
		r.URL += mark + strings.Join(parts, "&")
	}
	switch body, asJSON := named["data"], named["json"]; {
	case asJSON.kind != jsNone:
		r.Body, r.ContentType = []byte(pythonJSON(asJSON, ", ", ": ")), "application/json"
	case body.kind == jsText:
		r.Body = []byte(body.text)
	case body.kind == jsObject:
		return Paste{}, errors.New("its body is a dict in data, which is sent as a form; send JSON")
	}
	if content := named["content"]; content.kind == jsText {
		r.Body = []byte(content.text)
	}
	headersOf(named["headers"], func(name, value string) { setHeader(&r, name, value) })
	return single(r, true), nil
}

// pythonParser reads the arguments of a call in Python.
type pythonParser struct{ jsParser }

// call reads the arguments up to the closing parenthesis.
func (p *pythonParser) call() (list []jsValue, named map[string]jsValue, err error) {
	named = make(map[string]jsValue)
	keyword := regexp.MustCompile(`^([a-z_]\w*)\s*=\s*`)
	for !p.takePython(")") {
		name := ""
		if found := keyword.FindStringSubmatch(p.rest); found != nil && !strings.HasPrefix(p.rest[len(found[0]):], "=") {
			name = found[1]
			p.rest = p.rest[len(found[0]):]
		}
		value, err := p.argument()
		if err != nil {
			if name != "" && name != "url" && name != "data" && name != "json" && name != "headers" && name != "params" && name != "content" {
				p.skip()
				continue
			}
			return nil, nil, err
		}
		if name == "" {
			list = append(list, value)
		} else {
			named[name] = value
		}
		if !p.takePython(",") && !strings.HasPrefix(p.rest, ")") {
			return nil, nil, errors.New("it has an expression that is not read here; insert its value")
		}
	}
	return list, named, nil
}

// takePython skips a token, with comments before it.
func (p *pythonParser) takePython(token string) bool {
	for {
		p.rest = strings.TrimLeft(p.rest, " \t\r\n")
		if !strings.HasPrefix(p.rest, "#") {
			break
		}
		_, p.rest, _ = strings.Cut(p.rest, "\n")
	}
	if p.rest == "" {
		return true // not closed: what is there counts
	}
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

// skip skips an argument that does not change the request.
func (p *pythonParser) skip() {
	if end := strings.IndexAny(p.rest, ",)"); end >= 0 {
		if p.rest = p.rest[end:]; p.rest[0] == ',' {
			p.rest = p.rest[1:]
		}
		return
	}
	p.rest = ""
}

var (
	pythonPrefix = regexp.MustCompile(`^[rbuRBU]{1,2}["']`)
	dumpsCall    = regexp.MustCompile(`^json\.dumps\(`)
)

// argument reads a value.
func (p *pythonParser) argument() (jsValue, error) {
	switch {
	case strings.HasPrefix(p.rest, "f'"), strings.HasPrefix(p.rest, `f"`):
		p.rest = p.rest[1:]
		if _, err := p.text(); err != nil {
			return jsValue{}, err
		}
		return jsValue{kind: jsUnknown, text: "a text with values in it"}, nil
	case strings.HasPrefix(p.rest, `"""`), strings.HasPrefix(p.rest, `'''`):
		text, rest, ok := strings.Cut(p.rest[3:], p.rest[:3])
		if !ok {
			return jsValue{}, errors.New("a quote is not closed")
		}
		p.rest = rest
		return jsValue{kind: jsText, text: text}, nil
	case pythonPrefix.MatchString(p.rest):
		p.rest = p.rest[strings.IndexAny(p.rest, `"'`):]
	case dumpsCall.MatchString(p.rest):
		p.rest = p.rest[len("json.dumps("):]
		return p.dumps()
	}
	value, err := p.expression()
	if err == nil && strings.HasPrefix(p.rest, ".encode(") {
		_, p.rest, _ = strings.Cut(p.rest, ")")
	}
	return value, err
}

// dumps reads the arguments of json.dumps.
func (p *pythonParser) dumps() (jsValue, error) {
	value, err := p.expression()
	if err != nil {
		return jsValue{}, err
	}
	options, rest, ok := strings.Cut(p.rest, ")")
	comma, colon := ", ", ": "
	if strings.Contains(options, "separators") {
		comma, colon = ",", ":"
		_, rest, ok = strings.Cut(rest, ")")
	}
	if !ok {
		return jsValue{}, errors.New("a call is not closed")
	}
	if strings.Contains(options, "sort_keys") || strings.Contains(options, "indent") {
		return jsValue{}, errors.New("json.dumps has options that are not read here; insert its result")
	}
	p.rest = rest
	return jsValue{kind: jsText, text: pythonJSON(value, comma, colon)}, nil
}

// pythonJSON writes a value as json.dumps does.
func pythonJSON(v jsValue, comma, colon string) string {
	switch v.kind {
	case jsText:
		return asciiJSON(jsQuote(v.text))
	case jsWord:
		return v.text
	case jsUnknown:
		return v.string()
	case jsArray:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = pythonJSON(item, comma, colon)
		}
		return "[" + strings.Join(parts, comma) + "]"
	case jsObject:
		parts := make([]string, len(v.members))
		for i, m := range v.members {
			parts[i] = asciiJSON(jsQuote(m.name)) + colon + pythonJSON(m.value, comma, colon)
		}
		return "{" + strings.Join(parts, comma) + "}"
	}
	return "null"
}
