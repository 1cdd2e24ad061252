package explain

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// document is a JSON text that can be rewritten in other styles without parsing
// it again.
type document struct {
	src   []byte
	nodes []node // in the order of the text
	tail  int    // where the value ends in src

	spacing spacing // the spacing of src; spacingSent if it is none of the others
	deep    bool    // nested too deeply to be rewritten
}

// node is a value, or the key in front of a value.
type node struct {
	kind       byte // { [ " for strings, : for keys, 0 for numbers, n for null, t for true and false
	start, end int  // in document.src
	next       int  // index of the node after this one and all within it
}

// style is a way to write a document. The zero value leaves it as it is.
type style struct {
	spacing spacing
	keys    keyOrder
	escapes escapes
	numbers numbers
	without members
	first   string // permutation of the outermost members, an index each
}

// styleParts is the number of parts of a style that do not depend on each other.
const styleParts = 5

// parts returns styles that have one part of s each.
func (s style) parts() [styleParts]style {
	return [...]style{{spacing: s.spacing}, {keys: s.keys, first: s.first}, {escapes: s.escapes}, {numbers: s.numbers}, {without: s.without}}
}

// replace copies part i of another style.
func (s *style) replace(i int, other style) {
	switch i {
	case 0:
		s.spacing = other.spacing
	case 1:
		s.keys, s.first = other.keys, other.first
	case 2:
		s.escapes = other.escapes
	case 3:
		s.numbers = other.numbers
	case 4:
		s.without = other.without
	}
}

// keyOrder is the order of an object's members.
type keyOrder uint8

const (
	keysSent    keyOrder = iota
	keysSorted           // by bytes, at every depth
	keysTop              // by bytes, those of the outermost object only
	keysPermute          // as style.first says, those of the outermost object only
)

// members says which members of objects are left out.
type members uint8

const (
	membersAll members = iota
	membersNulls
	membersEmpty // null, "", [] and {}
)

// numbers is the way to write numbers.
type numbers uint8

const (
	numbersSent   numbers = iota
	numbersFloat          // every number through a float64, as JavaScript does
	numbersPython         // numbers with a fraction or an exponent through a float64
)

// spacing is the white space of a document.
type spacing uint8

const (
	spacingSent spacing = iota
	spacingCompact
	spacingPython // after commas and colons
	spacingColon  // after colons
	spacingComma  // after commas
	spacingIndent2
	spacingIndent4
	spacingTab
	spacingCRLF    // two spaces, lines end with CRLF
	spacingJackson // two spaces, spaces on both sides of colons, arrays on one line
	spacings
)

type spacingRule struct {
	comma, colon, line, indent string
	object, array              string // empty ones
	inline                     bool   // arrays on one line
	words                      string
}

func (s spacing) rule() spacingRule {
	switch s {
	case spacingPython:
		return spacingRule{comma: ", ", colon: ": ", object: "{}", array: "[]", words: "with spaces"}
	case spacingColon:
		return spacingRule{comma: ",", colon: ": ", object: "{}", array: "[]", words: "with a space after every colon"}
	case spacingComma:
		return spacingRule{comma: ", ", colon: ":", object: "{}", array: "[]", words: "with a space after every comma"}
	case spacingIndent2:
		return spacingRule{",", ": ", "\n", "  ", "{}", "[]", false, "indented by two spaces"}
	case spacingIndent4:
		return spacingRule{",", ": ", "\n", "    ", "{}", "[]", false, "indented by four spaces"}
	case spacingTab:
		return spacingRule{",", ": ", "\n", "\t", "{}", "[]", false, "indented by tabs"}
	case spacingCRLF:
		return spacingRule{",", ": ", "\r\n", "  ", "{}", "[]", false, "indented, with CRLF line ends"}
	case spacingJackson:
		return spacingRule{",", " : ", "\n", "  ", "{ }", "[ ]", true, "as Jackson's pretty printer writes it"}
	}
	return spacingRule{comma: ",", colon: ":", object: "{}", array: "[]", words: "without spaces"}
}

// maxDepth is the nesting up to which a document is rewritten.
const maxDepth = 500

// parseDocument returns nil if src is not JSON.
func parseDocument(src []byte) *document {
	if !json.Valid(src) {
		return nil
	}
	d := &document{src: src}
	d.tail = d.read(d.skip(0), 0)
	if d.deep {
		return nil
	}
	var b []byte
	for s := spacingCompact; s < spacings; s++ {
		if b = d.write(b[:0], style{spacing: s}); bytes.Equal(b, src[d.nodes[0].start:d.tail]) {
			d.spacing = s
			break
		}
	}
	return d
}

func (d *document) skip(i int) int {
	for i < len(d.src) && (d.src[i] == ' ' || d.src[i] == '\n' || d.src[i] == '\r' || d.src[i] == '\t') {
		i++
	}
	return i
}

// read appends the nodes of the value at i of a valid text and returns where it ends.
func (d *document) read(i, depth int) int {
	at := len(d.nodes)
	if depth > maxDepth {
		d.deep = true
		return len(d.src)
	}
	c := d.src[i]
	kind, end := c, i
	switch c {
	case '{', '[':
		closing := c + 2 // in ASCII
		d.nodes = append(d.nodes, node{})
		for end = d.skip(i + 1); end < len(d.src) && d.src[end] != closing; end = d.skip(end) {
			if d.src[end] == ',' {
				end = d.skip(end + 1)
			}
			if c == '{' {
				start := end
				end = d.stringEnd(start)
				d.nodes = append(d.nodes, node{':', start, end, len(d.nodes) + 1})
				end = d.skip(d.skip(end) + 1)
			}
			end = d.read(end, depth+1)
		}
		end++
		d.nodes[at] = node{kind, i, end, len(d.nodes)}
		return end
	case '"':
		end = d.stringEnd(i)
	case 'n':
		end = i + len("null")
	case 't':
		end = i + len("true")
	case 'f':
		kind, end = 't', i+len("false")
	default:
		kind = 0
		for end < len(d.src) && bytes.IndexByte([]byte("+-.0123456789eE"), d.src[end]) >= 0 {
			end++
		}
	}
	d.nodes = append(d.nodes, node{kind, i, end, at + 1})
	return end
}

func (d *document) stringEnd(i int) int {
	for i++; d.src[i] != '"'; i++ {
		if d.src[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// write appends the document in a style. White space around it is left out.
func (d *document) write(b []byte, s style) []byte {
	if s.spacing == spacingSent {
		s.spacing = d.spacing
	}
	b = slices.Grow(b, len(d.src)+len(d.src)/8)
	w := writer{document: d, style: s, rule: s.spacing.rule(), touched: s.escapes.touched()}
	if s.spacing == d.spacing && s.keys == keysSent && s.without == membersAll {
		return w.inPlace(b)
	}
	b, _ = w.value(b, 0, 0)
	return b
}

type writer struct {
	*document
	style   style
	rule    spacingRule
	lines   []string  // line ends with the indentation of each depth
	touched [256]bool // bytes of strings that may be written differently
}

// inPlace writes a document whose white space stays as it is.
func (w *writer) inPlace(b []byte) []byte {
	last := w.nodes[0].start
	for _, n := range w.nodes {
		number := n.kind == 0 && w.style.numbers != numbersSent
		text := (n.kind == '"' || n.kind == ':') && w.style.escapes != escapesSent
		if number || text {
			b = append(b, w.src[last:n.start]...)
			b = w.scalar(b, n)
			last = n.end
		}
	}
	return append(b, w.src[last:w.tail]...)
}

// value appends the value at node i and returns the index of the node after it.
func (w *writer) value(b []byte, i, depth int) ([]byte, int) {
	n := w.nodes[i]
	switch n.kind {
	case '{':
		return w.object(b, i, depth), n.next
	case '[':
		return w.array(b, i, depth), n.next
	}
	return w.scalar(b, n), n.next
}

func (w *writer) object(b []byte, i, depth int) []byte {
	n := w.nodes[i]
	open := len(b)
	b = append(b, '{')
	first := true
	if order := w.order(i, depth); order != nil {
		for _, key := range order {
			b, first = w.member(b, key, depth, first)
		}
	} else {
		for key := i + 1; key < n.next; key = w.nodes[key+1].next {
			b, first = w.member(b, key, depth, first)
		}
	}
	if first {
		return append(b[:open], w.rule.object...)
	}
	return append(w.newline(b, depth), '}')
}

// order returns the key nodes of the object at node i in the order in which
// they are written, or nil if they stay as they are.
func (w *writer) order(i, depth int) []int {
	switch {
	case w.style.keys == keysSorted, w.style.keys == keysTop && depth == 0:
		keys := w.members(i)
		slices.SortStableFunc(keys, func(a, b int) int { return bytes.Compare(w.key(a), w.key(b)) })
		return keys
	case w.style.keys == keysPermute && depth == 0:
		var keys []int
		for _, j := range []byte(w.style.first) {
			keys = append(keys, w.members(i)[j])
		}
		return keys
	}
	return nil
}

// member appends the member with the key at node key, unless it is left out.
func (w *writer) member(b []byte, key, depth int, first bool) ([]byte, bool) {
	if w.style.without != membersAll && w.omitted(key+1) {
		return b, first
	}
	if !first {
		b = append(b, w.rule.comma...)
	}
	b = w.newline(b, depth+1)
	b = w.scalar(b, w.nodes[key])
	b = append(b, w.rule.colon...)
	b, _ = w.value(b, key+1, depth+1)
	return b, false
}

func (w *writer) array(b []byte, i, depth int) []byte {
	n := w.nodes[i]
	if n.next == i+1 {
		return append(b, w.rule.array...)
	}
	b = append(b, '[')
	if w.rule.inline {
		b = append(b, ' ')
		for j := i + 1; j < n.next; {
			if j > i+1 {
				b = append(b, ", "...)
			}
			// An inline array does not count as a level of indentation.
			b, j = w.value(b, j, depth)
		}
		return append(b, " ]"...)
	}
	for j := i + 1; j < n.next; {
		if j > i+1 {
			b = append(b, w.rule.comma...)
		}
		b = w.newline(b, depth+1)
		b, j = w.value(b, j, depth+1)
	}
	return append(w.newline(b, depth), ']')
}

func (w *writer) newline(b []byte, depth int) []byte {
	if w.rule.line == "" {
		return b
	}
	for len(w.lines) <= depth {
		w.lines = append(w.lines, w.rule.line+strings.Repeat(w.rule.indent, len(w.lines)))
	}
	return append(b, w.lines[depth]...)
}

// omitted reports whether the member with the value at node i is left out.
func (w *writer) omitted(i int) bool {
	n := w.nodes[i]
	switch w.style.without {
	case membersNulls:
		return n.kind == 'n'
	case membersEmpty:
		return n.kind == 'n' || n.kind == '"' && n.end == n.start+2 ||
			(n.kind == '{' || n.kind == '[') && n.next == i+1
	}
	return false
}

// members returns the key nodes of the object at node i.
func (d *document) members(i int) []int {
	if d.nodes[i].kind != '{' {
		return nil
	}
	keys := []int{} // not nil, which would mean another order
	for key := i + 1; key < d.nodes[i].next; key = d.nodes[key+1].next {
		keys = append(keys, key)
	}
	return keys
}

// key returns the decoded key at node i.
func (d *document) key(i int) []byte {
	n := d.nodes[i]
	raw := d.src[n.start+1 : n.end-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw
	}
	return []byte(unquote(d.src[n.start:n.end]))
}

// scalar appends a string, a key or any other value without parts.
func (w *writer) scalar(b []byte, n node) []byte {
	raw := w.src[n.start:n.end]
	switch {
	case n.kind == 0 && w.style.numbers != numbersSent:
		return appendNumber(b, raw, w.style.numbers)
	case (n.kind == '"' || n.kind == ':') && w.style.escapes != escapesSent:
		for _, c := range raw[1 : len(raw)-1] {
			if w.touched[c] {
				return w.style.escapes.append(b, raw)
			}
		}
	}
	return append(b, raw...)
}

func appendNumber(b, raw []byte, form numbers) []byte {
	const exact = 15 // digits that a float64 always keeps
	integer := !bytes.ContainsAny(raw, ".eE")
	switch {
	case integer && string(raw) == "-0":
		return append(b, '0')
	case integer && (form == numbersPython || len(raw) <= exact):
		return append(b, raw...)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil { // out of range
		return append(b, raw...)
	}
	size := math.Abs(f)
	if form == numbersPython {
		switch {
		case size != 0 && (size < 1e-4 || size >= 1e16):
			return strconv.AppendFloat(b, f, 'e', -1, 64)
		case f == math.Trunc(f):
			return append(strconv.AppendFloat(b, f, 'f', -1, 64), ".0"...)
		}
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	switch {
	case size == 0:
		return append(b, '0') // without the sign
	case size < 1e-6 || size >= 1e21:
		b = strconv.AppendFloat(b, f, 'e', -1, 64)
		if n := len(b); b[n-4] == 'e' && b[n-2] == '0' { // e-07 is e-7
			b = append(b[:n-2], b[n-1])
		}
		return b
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

// unquote decodes a valid JSON string.
func unquote(raw []byte) string {
	if inside := raw[1 : len(raw)-1]; bytes.IndexByte(inside, '\\') < 0 && utf8.Valid(inside) {
		return string(inside)
	}
	var s string
	_ = json.Unmarshal(raw, &s) // the document is valid
	return s
}
