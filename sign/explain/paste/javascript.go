package paste

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsValue is a value of JavaScript.
type jsValue struct {
	kind    jsKind
	text    string // of a text, or a number, true, false or null as it is written
	members []jsMember
	items   []jsValue
}

type jsMember struct {
	name  string
	value jsValue
}

type jsKind uint8

const (
	jsNone jsKind = iota // undefined
	jsText
	jsWord // number, true, false, null
	jsObject
	jsArray
	jsUnknown // text is what stands in its place
)

// unknownMark stands around what a text does not give the value of.
const unknownMark = "\x00"

// member returns a member of an object; false where there is none.
func (v jsValue) member(name string) (jsValue, bool) {
	for i := len(v.members) - 1; i >= 0; i-- { // the last one counts
		if v.members[i].name == name {
			return v.members[i].value, true
		}
	}
	return jsValue{}, false
}

// string returns what JavaScript makes of a value where it wants a text.
func (v jsValue) string() string {
	switch v.kind {
	case jsText, jsWord:
		return v.text
	case jsUnknown:
		return unknownMark + v.text + unknownMark
	case jsObject:
		return "[object Object]"
	case jsArray:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = item.string()
		}
		return strings.Join(parts, ",")
	}
	return "undefined"
}

// stringify writes a value as JSON.stringify does; indent is empty for one line.
func (v jsValue) stringify(b *strings.Builder, indent, at string) {
	list := func(open, end string, n int, each func(i int)) {
		b.WriteString(open)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			if indent != "" {
				b.WriteString("\n" + at + indent)
			}
			each(i)
		}
		if indent != "" && n > 0 {
			b.WriteString("\n" + at)
		}
		b.WriteString(end)
	}
	switch v.kind {
	case jsText:
		b.WriteString(jsQuote(v.text))
	case jsWord:
		b.WriteString(v.text)
	case jsUnknown:
		b.WriteString(v.string())
	case jsArray:
		list("[", "]", len(v.items), func(i int) { v.items[i].stringify(b, indent, at+indent) })
	case jsObject:
		var members []jsMember
		for _, m := range v.members {
			if m.value.kind != jsNone {
				members = append(members, m)
			}
		}
		list("{", "}", len(members), func(i int) {
			b.WriteString(jsQuote(members[i].name) + ":")
			if indent != "" {
				b.WriteByte(' ')
			}
			members[i].value.stringify(b, indent, at+indent)
		})
	default:
		b.WriteString("null")
	}
}

// jsQuote writes a text as JSON.stringify does.
func jsQuote(text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a text can be encoded
	quoted := strings.TrimSuffix(b.String(), "\n")
	return strings.NewReplacer(`\u2028`, "\u2028", `\u2029`, "\u2029").Replace(quoted)
}

// jsParser reads literals, and what requests are commonly built with:
// JSON.stringify, the sum of texts, and constants that are set before.
type jsParser struct {
	rest string
	vars map[string]jsValue
	deep int
}

// mostDeep is how deep literals may be nested.
const mostDeep = 200

var (
	jsIdentifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*`)
	jsNumber     = regexp.MustCompile(`^-?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+)`)
	jsConstant   = regexp.MustCompile(`(?:^|[\n;])\s*(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=\s*`)
)

// constants reads the constants that a program sets before a position. Those that
// are computed in other ways are unknown.
func constants(program string) map[string]jsValue {
	vars := make(map[string]jsValue)
	for _, at := range jsConstant.FindAllStringSubmatchIndex(program, -1) {
		p := &jsParser{rest: program[at[1]:], vars: vars}
		value, err := p.expression()
		if err != nil {
			continue
		}
		p.space()
		if p.rest == "" || p.rest[0] == ';' || p.rest[0] == '\n' || jsIdentifier.MatchString(p.rest) {
			vars[program[at[2]:at[3]]] = value
		}
	}
	return vars
}

// space skips spaces and comments.
func (p *jsParser) space() {
	for {
		p.rest = strings.TrimLeft(p.rest, " \t\r\n")
		switch {
		case strings.HasPrefix(p.rest, "//"):
			_, p.rest, _ = strings.Cut(p.rest, "\n")
		case strings.HasPrefix(p.rest, "/*"):
			_, p.rest, _ = strings.Cut(p.rest, "*/")
		default:
			return
		}
	}
}

// take skips a token if it comes next.
func (p *jsParser) take(token string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

// arguments reads the arguments of a call, up to its closing parenthesis.
func (p *jsParser) arguments() ([]jsValue, error) {
	var list []jsValue
	for !p.take(")") {
		value, err := p.expression()
		if err != nil {
			return nil, err
		}
		list = append(list, value)
		if !p.take(",") {
			if !p.take(")") {
				return nil, errors.New("a call is not closed, or it has an expression that is not read here; insert its value")
			}
			break
		}
	}
	return list, nil
}

// expression reads a value or the sum of texts.
func (p *jsParser) expression() (jsValue, error) {
	if p.deep++; p.deep > mostDeep {
		return jsValue{}, errors.New("it is nested too deep")
	}
	defer func() { p.deep-- }()
	value, err := p.value()
	for err == nil && p.take("+") {
		var more jsValue
		if more, err = p.value(); err == nil {
			value = jsValue{kind: jsText, text: value.string() + more.string()}
		}
	}
	return value, err
}

func (p *jsParser) value() (jsValue, error) {
	p.space()
	if p.rest == "" {
		return jsValue{}, errors.New("a value is missing at the end")
	}
	switch c := p.rest[0]; c {
	case '\'', '"', '`':
		text, err := p.text()
		return jsValue{kind: jsText, text: text}, err
	case '{':
		return p.object()
	case '[':
		p.rest = p.rest[1:]
		return p.array()
	}
	if number := jsNumber.FindString(p.rest); number != "" {
		p.rest = p.rest[len(number):]
		return jsValue{kind: jsWord, text: canonicalNumber(number)}, nil
	}
	name := jsIdentifier.FindString(p.rest)
	if name == "" {
		return jsValue{}, errors.New("it has an expression that is not read here; insert its value")
	}
	p.rest = p.rest[len(name):]
	switch name {
	case "true", "false", "null":
		return jsValue{kind: jsWord, text: name}, nil
	case "undefined":
		return jsValue{}, nil
	case "await":
		return p.value()
	case "JSON":
		if p.take(".stringify") && p.take("(") {
			return p.stringified()
		}
	case "String":
		if p.take("(") {
			return p.called(func(v jsValue) jsValue { return jsValue{kind: jsText, text: v.string()} })
		}
	case "new":
		if p.take("Headers") && p.take("(") {
			return p.called(func(v jsValue) jsValue { return v })
		}
	}
	value, known := p.vars[name]
	for known && p.take(".") {
		member := jsIdentifier.FindString(p.rest)
		p.rest = p.rest[len(member):]
		name += "." + member
		value, known = value.member(member)
	}
	if !known || strings.HasPrefix(p.rest, "(") || strings.HasPrefix(p.rest, "[") {
		return p.unknown(name)
	}
	return value, nil
}

// unknown reads the rest of an expression that begins with a name whose value the
// text does not have.
func (p *jsParser) unknown(name string) (jsValue, error) {
	for {
		switch {
		case p.take("."):
			member := jsIdentifier.FindString(p.rest)
			p.rest = p.rest[len(member):]
			name += "." + member
		case strings.HasPrefix(p.rest, "("):
			p.rest = p.rest[1:]
			if _, err := p.arguments(); err != nil {
				return jsValue{}, err
			}
			name += "(…)"
		case strings.HasPrefix(p.rest, "["):
			p.rest = p.rest[1:]
			if _, err := p.array(); err != nil {
				return jsValue{}, err
			}
			name += "[…]"
		default:
			return jsValue{kind: jsUnknown, text: name}, nil
		}
	}
}

// called reads the only argument of a call.
func (p *jsParser) called(make func(jsValue) jsValue) (jsValue, error) {
	list, err := p.arguments()
	if err != nil {
		return jsValue{}, err
	}
	if len(list) == 0 {
		return make(jsValue{}), nil
	}
	return make(list[0]), nil
}

// stringified reads the arguments of JSON.stringify.
func (p *jsParser) stringified() (jsValue, error) {
	list, err := p.arguments()
	if err != nil || len(list) == 0 {
		return jsValue{}, err
	}
	indent := ""
	if len(list) > 2 {
		indent = list[2].text
		if n, err := strconv.Atoi(indent); err == nil {
			indent = strings.Repeat(" ", min(max(n, 0), 10))
		}
	}
	var b strings.Builder
	list[0].stringify(&b, indent, "")
	return jsValue{kind: jsText, text: b.String()}, nil
}

// canonicalNumber writes a number as JavaScript does.
func canonicalNumber(text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	if f == float64(int64(f)) && f < 1e15 && f > -1e15 {
		return strconv.FormatInt(int64(f), 10)
	}
	if b, err := json.Marshal(f); err == nil {
		return string(b)
	}
	return text
}

func (p *jsParser) object() (jsValue, error) {
	p.rest = p.rest[1:]
	object := jsValue{kind: jsObject}
	for !p.take("}") {
		p.space()
		var name string
		switch {
		case p.rest == "":
			return jsValue{}, errors.New("an object is not closed")
		case strings.HasPrefix(p.rest, "..."):
			p.rest = p.rest[3:]
			spread, err := p.value()
			if err != nil {
				return jsValue{}, err
			}
			object.members = append(object.members, spread.members...)
			p.take(",")
			continue
		case strings.IndexByte("'\"`", p.rest[0]) >= 0:
			var err error
			if name, err = p.text(); err != nil {
				return jsValue{}, err
			}
		default:
			if name = jsIdentifier.FindString(p.rest); name == "" {
				name = jsNumber.FindString(p.rest)
			}
			if name == "" {
				return jsValue{}, errors.New("an object has a member without a name")
			}
			p.rest = p.rest[len(name):]
		}
		value, known := p.vars[name]
		if p.take(":") {
			var err error
			if value, err = p.expression(); err != nil {
				return jsValue{}, err
			}
		} else if !known {
			value = jsValue{kind: jsUnknown, text: name}
		}
		object.members = append(object.members, jsMember{name, value})
		if !p.take(",") && !strings.HasPrefix(p.rest, "}") {
			return jsValue{}, errors.New("an object is not closed, or it has an expression that is not read here; insert its value")
		}
	}
	return object, nil
}

func (p *jsParser) array() (jsValue, error) {
	array := jsValue{kind: jsArray}
	for !p.take("]") {
		item, err := p.expression()
		if err != nil {
			return jsValue{}, err
		}
		array.items = append(array.items, item)
		if !p.take(",") && !strings.HasPrefix(p.rest, "]") {
			return jsValue{}, errors.New("a list is not closed, or it has an expression that is not read here; insert its value")
		}
	}
	return array, nil
}

// text reads a text in quotes. In backquotes it may contain constants.
func (p *jsParser) text() (string, error) {
	quote := p.rest[0]
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == quote:
			p.rest = p.rest[i+1:]
			return b.String(), nil
		case c == '\\' && i+1 < len(p.rest):
			i += jsEscape(&b, p.rest[i+1:])
		case c == '\n' && quote != '`':
			return "", errors.New("a quote is not closed")
		case c == '$' && quote == '`' && strings.HasPrefix(p.rest[i:], "${"):
			inner := &jsParser{rest: p.rest[i+2:], vars: p.vars, deep: p.deep}
			value, err := inner.expression()
			if err != nil {
				return "", err
			}
			if !inner.take("}") {
				return "", errors.New("it has an expression in a text; insert its value")
			}
			b.WriteString(value.string())
			i = len(p.rest) - len(inner.rest) - 1
		default:
			b.WriteByte(c)
		}
	}
	return "", errors.New("a quote is not closed")
}

// jsEscape writes what an escape stands for and returns its length behind the
// backslash.
func jsEscape(b *strings.Builder, after string) int {
	hex := func(from, digits int) (rune, bool) {
		if len(after) < from+digits {
			return 0, false
		}
		n, err := strconv.ParseUint(after[from:from+digits], 16, 32)
		return rune(n), err == nil
	}
	switch after[0] {
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case '\n':
	case 'x':
		if r, ok := hex(1, 2); ok {
			b.WriteRune(r)
			return 3
		}
		b.WriteByte('x')
	case 'u':
		r, ok := hex(1, 4)
		if !ok {
			b.WriteByte('u')
			return 1
		}
		if low, paired := hex(7, 4); paired && utf16.IsSurrogate(r) && strings.HasPrefix(after[5:], `\u`) {
			if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
				b.WriteRune(whole)
				return 11
			}
		}
		b.WriteRune(r)
		return 5
	default:
		_, size := utf8.DecodeRuneInString(after)
		b.WriteString(after[:size])
		return size
	}
	return 1
}

// asciiJSON escapes what is not ASCII in JSON, as Python does.
func asciiJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch high, low := utf16.EncodeRune(r); {
		case r < 0x80:
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
