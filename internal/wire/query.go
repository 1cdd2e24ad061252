package wire

import (
	"maps"
	"net/url"
	"slices"
)

// Param is one decoded query parameter.
type Param struct{ Key, Value string }

// Values returns the parameters of v in the order of their keys; each value of a
// key becomes a parameter.
func Values(v url.Values) []Param {
	params := make([]Param, 0, len(v))
	for _, key := range slices.Sorted(maps.Keys(v)) {
		for _, value := range v[key] {
			params = append(params, Param{key, value})
		}
	}
	return params
}

// AppendQuery appends the parameters, escaped and joined by &, to b.
func AppendQuery(b []byte, params []Param) []byte {
	for i, p := range params {
		if i > 0 {
			b = append(b, '&')
		}
		b = appendEscaped(b, p.Key)
		b = append(b, '=')
		b = appendEscaped(b, p.Value)
	}
	return b
}

// appendEscaped escapes everything but the unreserved characters of RFC 3986,
// so that every reader of the URL decodes it alike, however it treats + and ;.
func appendEscaped(b []byte, s string) []byte {
	const upperHex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == '~':
			b = append(b, c)
		default:
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return b
}
