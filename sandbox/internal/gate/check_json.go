package gate

import (
	"bytes"
	"encoding/json"
	"strconv"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// body holds a JSON body to the fields of the catalogue. No body is an empty
// object. It walks the bytes where they are: decoding would cost more than
// most operations.
func (v *fieldCheck) body(raw []byte) *Failure {
	root := operations.Field{Type: operations.Object, Fields: v.Body}
	v.path = v.path[:0]
	if len(bytes.TrimSpace(raw)) == 0 || !v.strict && meansNothing(raw) {
		raw = []byte("{}")
		v.fields = raw
	}
	if !json.Valid(raw) {
		return Fail(CodeInvalidParameter, "the body is not valid JSON")
	}
	reader := jsonReader{raw: raw}
	if kind := reader.kind(); kind != "object" {
		return WrongType("body", kind, "object")
	}
	return v.value(&root, &reader)
}

// value checks the next value of the reader against a field and reads past it.
func (v *fieldCheck) value(field *operations.Field, r *jsonReader) *Failure {
	kind := r.kind()
	if kind == "null" { // like none
		r.skip()
		if field.Required && !v.limit().Optional {
			return Missing(v.name())
		}
		return nil
	}
	switch field.Type {
	case operations.Object:
		if kind == "array" && !v.strict && r.emptyList() {
			// Clients in PHP send an empty object as an empty list.
			v.fields = r.asObject()
			kind = "object"
		}
		if kind != "object" {
			return WrongType(v.name(), kind, "object")
		}
		return v.object(field, r)
	case operations.Array:
		if kind != "array" {
			return WrongType(v.name(), kind, "array")
		}
		return v.array(field, r)
	case operations.String:
		if kind != "string" {
			return WrongType(v.name(), kind, "string")
		}
		return v.string(field, r.text())
	case operations.Boolean:
		if kind != "bool" {
			return WrongType(v.name(), kind, "boolean")
		}
		r.skip()
	case operations.Integer:
		if kind != "number" {
			return WrongType(v.name(), kind, "integer")
		}
		digits := r.skip()
		n, err := strconv.ParseInt(string(digits), 10, Bits(field))
		if err != nil {
			return WrongType(v.name(), "number "+string(digits), "integer")
		}
		return v.integer(field, n)
	case operations.Number:
		if kind != "number" {
			return WrongType(v.name(), kind, "number")
		}
		r.skip()
	default:
		r.skip()
	}
	return nil
}

func (v *fieldCheck) array(field *operations.Field, r *jsonReader) *Failure {
	count := 0
	for r.open('['); !r.closed(']'); count++ {
		if field.Items == nil {
			r.skip()
			continue
		}
		if f := v.value(field.Items, r); f != nil {
			return f
		}
	}
	return v.items(field, count)
}

func (v *fieldCheck) object(field *operations.Field, r *jsonReader) *Failure {
	var seen [4]uint64 // by position of the field; the largest object has 27
	for r.open('{'); !r.closed('}'); {
		key := r.text()
		i := FieldIndex(field.Fields, key)
		if i < 0 {
			r.skip()
			continue
		}
		seen[i/64] |= 1 << (i % 64)
		v.path = append(v.path, field.Fields[i].Name)
		f := v.value(&field.Fields[i], r)
		v.path = v.path[:len(v.path)-1]
		if f != nil {
			return f
		}
	}
	for i := range field.Fields {
		if field.Fields[i].Required && seen[i/64]&(1<<(i%64)) == 0 {
			v.path = append(v.path, field.Fields[i].Name)
			if !v.limit().Optional {
				return Missing(v.name())
			}
			v.path = v.path[:len(v.path)-1]
		}
	}
	return nil
}

// FieldIndex returns the position of the field of a name, or -1.
func FieldIndex(fields []operations.Field, name string) int {
	for i := range fields {
		if fields[i].Name == name {
			return i
		}
	}
	return -1
}

// jsonReader walks JSON that is known to be valid.
type jsonReader struct {
	raw []byte
	at  int
}

func (r *jsonReader) space() {
	for r.at < len(r.raw) {
		switch r.raw[r.at] {
		case ' ', '\t', '\r', '\n', ',', ':':
			r.at++
		default:
			return
		}
	}
}

// kind names the type of the next value as encoding/json does.
func (r *jsonReader) kind() string {
	r.space()
	switch r.raw[r.at] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}

// open reads the start of an object or array.
func (r *jsonReader) open(byte) {
	r.space()
	r.at++
}

// closed reads the end of an object or array, if it is next.
func (r *jsonReader) closed(end byte) bool {
	r.space()
	if r.raw[r.at] != end {
		return false
	}
	r.at++
	return true
}

// emptyList tells whether the list that is next has no items.
func (r *jsonReader) emptyList() bool {
	return bytes.HasPrefix(bytes.TrimSpace(r.raw[r.at+1:]), []byte("]"))
}

// asObject makes an object of the empty list that is next and returns all that is
// read from now on. What was read so far stays as it is.
func (r *jsonReader) asObject() []byte {
	r.raw = bytes.Clone(r.raw)
	r.raw[r.at] = '{'
	r.raw[r.at+1+bytes.IndexByte(r.raw[r.at+1:], ']')] = '}'
	return r.raw
}

// skip reads past the next value and returns it.
func (r *jsonReader) skip() []byte {
	r.space()
	start := r.at
	for depth := 0; ; {
		switch r.raw[r.at] {
		case '"':
			r.quoted()
		case '{', '[':
			depth++
			r.at++
		case '}', ']':
			depth--
			r.at++
		case ',', ':', ' ', '\t', '\r', '\n':
			r.at++
			continue
		default: // a number or a word
			for r.at < len(r.raw) && !bytes.ContainsRune([]byte(",:]} \t\r\n"), rune(r.raw[r.at])) {
				r.at++
			}
		}
		if depth == 0 {
			return r.raw[start:r.at]
		}
	}
}

// quoted reads past a string and returns it with its quotes.
func (r *jsonReader) quoted() []byte {
	start := r.at
	for r.at++; r.raw[r.at] != '"'; r.at++ {
		if r.raw[r.at] == '\\' {
			r.at++
		}
	}
	r.at++
	return r.raw[start:r.at]
}

// text reads a string.
func (r *jsonReader) text() string {
	r.space()
	quoted := r.quoted()
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return string(quoted) // not in valid JSON
	}
	return s
}
