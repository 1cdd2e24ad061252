package sync

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// node is a JSON value that knows the bytes it came from.
type node struct {
	raw     []byte // without space around it
	start   int    // where raw begins in what was parsed
	members []member
	items   []node
}

// member is a member of an object; its name is decoded.
type member struct {
	name  string
	key   []byte // the name as it came, with quotes
	value node
}

// kind is the first byte of the value, which tells its type.
func (n *node) kind() byte {
	if n == nil || len(n.raw) == 0 {
		return 0
	}
	return n.raw[0]
}

// missing reports whether there is no value, or null.
func (n *node) missing() bool { return n.kind() == 0 || n.kind() == 'n' }

// get returns the member with a name, or nil. Of two, the last counts, as in
// encoding/json.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	for i := len(n.members) - 1; i >= 0; i-- {
		if n.members[i].name == name {
			return &n.members[i].value
		}
	}
	return nil
}

// at returns the value at a path of names, or nil.
func (n *node) at(path []string) *node {
	for _, name := range path {
		if n = n.get(name); n == nil {
			return nil
		}
	}
	return n
}

// text returns a string or a number as text, and "" for everything else.
func (n *node) text() string {
	switch k := n.kind(); {
	case k == '"':
		return unquote(n.raw)
	case k == '-' || k >= '0' && k <= '9':
		return string(n.raw)
	}
	return ""
}

// unquote decodes a JSON string that was parsed before.
func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return string(raw[1 : len(raw)-1]) // the parser has seen to it that it is a string
	}
	return s
}

// maxDepth is how deep values may be nested.
const maxDepth = 200

var errJSON = errors.New("not valid JSON")

// parseJSON parses one value.
func parseJSON(data []byte) (node, error) {
	if !json.Valid(data) {
		return node{}, errJSON
	}
	return parseValid(data, map[string]string{})
}

// parseValid parses one value of which it is known that it is valid JSON. Names of
// members that it has decoded are kept for the next.
func parseValid(data []byte, names map[string]string) (node, error) {
	p := parser{data: data, names: names}
	n, err := p.value(0)
	if err != nil {
		return node{}, fmt.Errorf("%w: %w", errJSON, err)
	}
	return n, nil
}

// parser reads data that is known to be valid.
type parser struct {
	data  []byte
	at    int
	names map[string]string // of members, by their key; the items of a list have the same

	members []member // of objects that are not read to their end
	items   []node   // of such lists
}

// name decodes the key of a member.
func (p *parser) name(key []byte) string {
	name, ok := p.names[string(key)]
	if !ok {
		name = unquote(key)
		p.names[string(key)] = name
	}
	return name
}

func (p *parser) space() {
	for p.at < len(p.data) {
		switch p.data[p.at] {
		case ' ', '\t', '\n', '\r', ',', ':':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) value(depth int) (node, error) {
	if depth > maxDepth {
		return node{}, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	p.space()
	start := p.at
	var n node
	switch c := p.data[p.at]; c {
	case '{':
		p.at++
		first := len(p.members)
		for {
			p.space()
			if p.data[p.at] == '}' {
				p.at++
				break
			}
			key := p.str()
			value, err := p.value(depth + 1)
			if err != nil {
				return n, err
			}
			p.members = append(p.members, member{p.name(key), key, value})
		}
		n.members = slices.Clone(p.members[first:])
		p.members = p.members[:first]
	case '[':
		p.at++
		first := len(p.items)
		for {
			p.space()
			if p.data[p.at] == ']' {
				p.at++
				break
			}
			value, err := p.value(depth + 1)
			if err != nil {
				return n, err
			}
			p.items = append(p.items, value)
		}
		n.items = slices.Clone(p.items[first:])
		p.items = p.items[:first]
	case '"':
		p.str()
	default:
		for p.at < len(p.data) && strings.IndexByte(",]} \t\r\n", p.data[p.at]) < 0 {
			p.at++
		}
	}
	n.raw, n.start = p.data[start:p.at:p.at], start
	return n, nil
}

// str reads a string and returns it with its quotes.
func (p *parser) str() []byte {
	start := p.at
	for p.at++; p.data[p.at] != '"'; p.at++ {
		if p.data[p.at] == '\\' {
			p.at++
		}
	}
	p.at++
	return p.data[start:p.at]
}

// A skipper reports whether a member is left out, of which it is told the path, which
// ends in the name.
type skipper func(path []byte, name string) bool

// canonical writes values in the form that is hashed.
type canonical struct {
	bytes.Buffer
	path []byte  // of the object that is written, with a dot at its end
	skip skipper // nil: all is taken
}

// write writes a value with its members in order and without space, and reports whether
// it is more than empty. Members that are empty or skipped are left out, since one answer
// leaves out what another has as "" or null. The path of a member is its name after those
// of the objects above it.
func (c *canonical) write(n *node) bool {
	switch n.kind() {
	case '{':
		return c.object(n)
	case '[':
		c.WriteByte('[')
		for i := range n.items {
			if i > 0 {
				c.WriteByte(',')
			}
			c.write(&n.items[i])
		}
		c.WriteByte(']')
		return len(n.items) > 0
	default:
		c.Write(n.raw)
		return !n.missing() && len(n.raw) > 0 && string(n.raw) != `""`
	}
}

func (c *canonical) object(n *node) bool {
	var few [32]*member
	order := few[:0]
	for i := range n.members {
		order = append(order, &n.members[i])
	}
	slices.SortStableFunc(order, func(a, b *member) int { return strings.Compare(a.name, b.name) })
	above := len(c.path)
	any := false
	c.WriteByte('{')
	for _, m := range order {
		c.path = append(c.path[:above], m.name...)
		if c.skip != nil && c.skip(c.path, m.name) {
			continue
		}
		c.path = append(c.path, '.')
		before := c.Len()
		if any {
			c.WriteByte(',')
		}
		c.Write(m.key)
		c.WriteByte(':')
		if c.write(&m.value) {
			any = true
		} else {
			c.Truncate(before)
		}
	}
	c.path = c.path[:above]
	c.WriteByte('}')
	return any
}
