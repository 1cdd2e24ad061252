package gate

import (
	"strconv"
)

// ShapeObject is an object of an answer before it is written: its members can
// still be made to agree.
type ShapeObject struct {
	Names  []string
	Values []any // string, int64, bool, float64, *ShapeObject or []any
}

// Append appends the object as JSON, its fields in their order.
func (o *ShapeObject) Append(b []byte) []byte {
	b = append(b, '{')
	for i, name := range o.Names {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendString(b, name)
		b = append(b, ':')
		b = appendShape(b, o.Values[i])
	}
	return append(b, '}')
}

func appendShape(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return AppendString(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case bool:
		return strconv.AppendBool(b, v)
	case *ShapeObject:
		return v.Append(b)
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
