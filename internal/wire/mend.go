package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// mend sets what a strict pass left out: it walks over data, which that pass
// found valid, beside the target that it filled, and converts the values whose
// type is another one than declared. All else is stepped over. A value that
// cannot be converted without loss is an [*json.UnmarshalTypeError].
func mend(data []byte, target reflect.Value) error {
	m := mender{data: data, names: map[reflect.Type]*nameIndex{}}
	m.space()
	return m.value(target)
}

type mender struct {
	data  []byte
	at    int
	names map[reflect.Type]*nameIndex
	path  []string // names of the fields around the value
}

// value mends the value that begins at m.at and moves behind it.
func (m *mender) value(v reflect.Value) error {
	if m.data[m.at] == 'n' { // null leaves the zero value
		m.at += len("null")
		return nil
	}
	if bytes.HasPrefix(m.data[m.at:], []byte(`""`)) && v.Kind() == reflect.Pointer && (repairer{}).repairString("", v.Type().Elem()) == nil {
		v.SetZero() // an absent object, as some answers write it
		m.at += len(`""`)
		return nil
	}
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	if v.Type() == rawMessage {
		m.skip()
		return nil
	}
	if v.Kind() == reflect.Interface {
		begin := m.at
		m.skip()
		return json.Unmarshal(m.data[begin:m.at], v.Addr().Interface())
	}
	if own, ok := v.Addr().Interface().(json.Unmarshaler); ok {
		begin := m.at
		m.skip()
		return own.UnmarshalJSON(m.data[begin:m.at]) // what it refused before it refuses again
	}
	switch m.data[m.at] {
	case '{':
		return m.object(v)
	case '[':
		return m.array(v)
	case '"':
		return m.text(v)
	case 't', 'f':
		return m.boolean(v)
	}
	return m.number(v)
}

func (m *mender) object(v reflect.Value) error {
	var names *nameIndex
	switch v.Kind() {
	case reflect.Struct:
		names = m.index(v.Type())
	case reflect.Map:
	default:
		return m.mismatch("object", v)
	}
	m.at++
	for {
		m.space()
		switch m.data[m.at] {
		case '}':
			m.at++
			return nil
		case ',':
			m.at++
			m.space()
		}
		key := m.key()
		m.space()
		m.at++ // the colon
		m.space()
		if names == nil {
			if err := m.entry(v, string(key)); err != nil {
				return err
			}
			continue
		}
		f := names.find(key)
		if f == nil {
			m.skip()
			continue
		}
		m.path = append(m.path, f.name)
		if err := m.value(v.FieldByIndex(f.index)); err != nil {
			return err
		}
		m.path = m.path[:len(m.path)-1]
	}
}

// entry mends the value of a map's key.
func (m *mender) entry(v reflect.Value, key string) error {
	if v.Type().Key().Kind() != reflect.String {
		m.skip()
		return nil
	}
	k := reflect.ValueOf(key).Convert(v.Type().Key())
	entry := reflect.New(v.Type().Elem()).Elem()
	if old := v.MapIndex(k); old.IsValid() {
		entry.Set(old)
	}
	m.path = append(m.path, key)
	if err := m.value(entry); err != nil {
		return err
	}
	m.path = m.path[:len(m.path)-1]
	v.SetMapIndex(k, entry)
	return nil
}

func (m *mender) array(v reflect.Value) error {
	if v.Kind() != reflect.Slice {
		return m.mismatch("array", v)
	}
	m.at++
	for i := 0; ; i++ {
		m.space()
		switch m.data[m.at] {
		case ']':
			m.at++
			return nil
		case ',':
			m.at++
			m.space()
		}
		if i >= v.Len() { // an earlier member of the same name
			m.skip()
			continue
		}
		if err := m.value(v.Index(i)); err != nil {
			return err
		}
	}
}

func (m *mender) text(v reflect.Value) error {
	begin := m.at
	m.skip()
	if v.Kind() == reflect.String {
		return nil
	}
	var s string
	if err := json.Unmarshal(m.data[begin:m.at], &s); err != nil {
		return err
	}
	return m.assign(v, repairer{}.repairString(s, v.Type()), "string")
}

func (m *mender) boolean(v reflect.Value) error {
	begin := m.at
	m.skip()
	switch v.Kind() {
	case reflect.Bool:
		return nil
	case reflect.String:
		v.SetString(string(m.data[begin:m.at]))
		return nil
	}
	return m.mismatch("bool", v)
}

func (m *mender) number(v reflect.Value) error {
	begin := m.at
	m.skip()
	literal := m.data[begin:m.at]
	switch v.Kind() {
	case reflect.String:
		v.SetString(string(literal))
		return nil
	case reflect.Float64, reflect.Float32:
		if _, err := strconv.ParseFloat(string(literal), v.Type().Bits()); err == nil {
			return nil
		}
		return m.mismatch("number "+string(literal), v)
	}
	return m.assign(v, repairer{}.repairNumber(json.Number(literal), v.Type()), "number "+string(literal))
}

// assign sets v to what a repair gave, if that has the type of v now.
func (m *mender) assign(v reflect.Value, repaired any, what string) error {
	switch repaired := repaired.(type) {
	case nil:
		v.SetZero()
		return nil
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(repaired)
			return nil
		}
	case json.Number:
		switch v.Kind() {
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			if n, err := strconv.ParseInt(string(repaired), 10, v.Type().Bits()); err == nil {
				v.SetInt(n)
				return nil
			}
		case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			if n, err := strconv.ParseUint(string(repaired), 10, v.Type().Bits()); err == nil {
				v.SetUint(n)
				return nil
			}
		case reflect.Float64, reflect.Float32:
			if n, err := strconv.ParseFloat(string(repaired), v.Type().Bits()); err == nil {
				v.SetFloat(n)
				return nil
			}
		}
	}
	return m.mismatch(what, v)
}

func (m *mender) mismatch(value string, v reflect.Value) error {
	return &json.UnmarshalTypeError{Value: value, Type: v.Type(), Offset: int64(m.at), Struct: "data", Field: strings.Join(m.path, ".")}
}

// key returns the name that begins at m.at and moves behind it.
func (m *mender) key() []byte {
	begin := m.at
	m.skip()
	quoted := m.data[begin:m.at]
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var name string
	if json.Unmarshal(quoted, &name) != nil {
		return nil // not reached: the text is valid
	}
	return []byte(name)
}

// space moves to the next byte that is not white space.
func (m *mender) space() { m.at = skipSpace(m.data, m.at) }

// skip moves behind the value that begins at m.at.
func (m *mender) skip() {
	end := skipValue(m.data, m.at)
	if end < 0 { // a number at the very end
		end = len(m.data)
	}
	m.at = end
}

// nameIndex finds the fields of a struct by their names on the wire.
type nameIndex struct{ fields map[string]*namedField }

type namedField struct {
	name  string
	index []int
}

// find returns the field of a name, whatever its case, or nil.
func (x *nameIndex) find(name []byte) *namedField {
	f, ok := x.fields[string(name)]
	if ok {
		return f
	}
	for known, field := range x.fields {
		if field != nil && strings.EqualFold(known, string(name)) {
			f = field
		}
	}
	x.fields[string(name)] = f
	return f
}

func (m *mender) index(t reflect.Type) *nameIndex {
	x := m.names[t]
	if x == nil {
		x = &nameIndex{map[string]*namedField{}}
		x.add(t, nil)
		m.names[t] = x
	}
	return x
}

// add enters the fields of a struct, those of embedded ones too unless a nearer
// one has their name.
func (x *nameIndex) add(t reflect.Type, above []int) {
	var embedded []reflect.StructField
	for f := range t.Fields() {
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && tag == "" && f.Type.Kind() == reflect.Struct:
			embedded = append(embedded, f)
			continue
		case f.PkgPath != "", f.Tag.Get("json") == "-":
			continue
		case tag == "":
			tag = f.Name
		}
		if x.fields[tag] == nil {
			x.fields[tag] = &namedField{tag, append(above[:len(above):len(above)], f.Index...)}
		}
	}
	for _, f := range embedded {
		x.add(f.Type, append(above[:len(above):len(above)], f.Index...))
	}
}
