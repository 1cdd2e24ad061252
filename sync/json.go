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
	p := parser{data: data}
	n, err := p.value(0)
	if err != nil {
		return node{}, fmt.Errorf("%w: %w", errJSON, err)
	}
	return n, nil
}

// parser reads data that is known to be valid.
type parser struct {
	data []byte
	at   int
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
			n.members = append(n.members, member{unquote(key), key, value})
		}
	case '[':
		p.at++
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
			n.items = append(n.items, value)
		}
	case '"':
		p.str()
	default:
		for p.at < len(p.data) && !bytes.ContainsRune([]byte(",]} \t\r\n"), rune(p.data[p.at])) {
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

// writeCanonical writes a value with its members in order and without space, and
// reports whether it is more than empty. Members that are empty or not kept are left
// out, since one answer leaves out what another has as "" or null. The path of a member
// is that of the objects above it, each with a dot.
func (n *node) writeCanonical(b *bytes.Buffer, path string, keep func(path, name string) bool) bool {
	switch n.kind() {
	case '{':
		order := make([]int, 0, len(n.members))
		for i := range n.members {
			if keep(path, n.members[i].name) {
				order = append(order, i)
			}
		}
		slices.SortStableFunc(order, func(i, j int) int { return strings.Compare(n.members[i].name, n.members[j].name) })
		any := false
		b.WriteByte('{')
		for _, at := range order {
			m := &n.members[at]
			before := b.Len()
			if any {
				b.WriteByte(',')
			}
			b.Write(m.key)
			b.WriteByte(':')
			if !m.value.writeCanonical(b, path+m.name+".", keep) {
				b.Truncate(before)
				continue
			}
			any = true
		}
		b.WriteByte('}')
		return any
	case '[':
		b.WriteByte('[')
		for i := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			n.items[i].writeCanonical(b, path, keep)
		}
		b.WriteByte(']')
		return len(n.items) > 0
	default:
		b.Write(n.raw)
		return !n.missing() && len(n.raw) > 0 && string(n.raw) != `""`
	}
}
