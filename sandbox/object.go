package sandbox

import "strconv"

// shapeObject is an object of an answer before it is written: its members can
// still be made to agree.
type shapeObject struct {
	names  []string
	values []any // string, int64, bool, float64, *shapeObject or []any
}

func (o *shapeObject) append(b []byte) []byte {
	b = append(b, '{')
	for i, name := range o.names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, name)
		b = append(b, ':')
		b = appendShape(b, o.values[i])
	}
	return append(b, '}')
}

func appendShape(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendString(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case bool:
		return strconv.AppendBool(b, v)
	case *shapeObject:
		return v.append(b)
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendShape(b, item)
		}
		return append(b, ']')
	}
	return append(b, "null"...)
}
