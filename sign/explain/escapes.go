package explain

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes is the way to write the characters of JSON strings.
type escapes uint8

const (
	escapesSent   escapes = iota
	escapesLeast          // only what must be: JavaScript, most others
	escapesASCII          // and \u00e9 for all beyond ASCII: Python
	escapesUpper          // and \u00E9 for all beyond ASCII
	escapesPHP            // and \u00e9 for all beyond ASCII, \/ for slashes: PHP
	escapesSlash          // and \/ for slashes: PHP with JSON_UNESCAPED_UNICODE
	escapesHTML           // and < > & U+2028 U+2029: Go, Ruby on Rails
	escapesGson           // and = ' as well: Gson
	escapesDotNet         // all beyond ASCII, < > & ' " + ` in upper-case hex: .NET
)

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
)

// append appends a JSON string, given with its quotes, in the form e.
func (e escapes) append(b, raw []byte) []byte {
	hex := lowerHex
	if e == escapesUpper || e == escapesDotNet {
		hex = upperHex
	}
	b = append(b, '"')
	for i := 1; i < len(raw)-1; {
		r, size := decode(raw[i : len(raw)-1])
		if r == utf8.RuneError && size == 1 { // not UTF-8
			b = append(b, raw[i])
			i++
			continue
		}
		i += size
		switch {
		case e.escaped(r):
			b = appendEscape(b, r, hex)
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '/' && (e == escapesPHP || e == escapesSlash):
			b = append(b, '\\', '/')
		case r < ' ':
			b = appendControl(b, r, hex)
		case utf16.IsSurrogate(r): // half of a pair, which only an escape can express
			b = appendUnit(b, r, hex)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// touched returns the bytes without which a string is left as it is.
func (e escapes) touched() (set [256]bool) {
	if e == escapesSent {
		return set
	}
	for c := range set {
		set[c] = c == '\\' || c >= 0x7f || c == '/' && (e == escapesPHP || e == escapesSlash) || e.escaped(rune(c))
	}
	return set
}

// escaped reports whether a character that need not be escaped is.
func (e escapes) escaped(r rune) bool {
	switch e {
	case escapesASCII:
		return r > '~'
	case escapesUpper, escapesPHP:
		return r > 0x7f
	case escapesHTML:
		return r == '<' || r == '>' || r == '&' || r == 0x2028 || r == 0x2029
	case escapesGson:
		return r == '<' || r == '>' || r == '&' || r == '=' || r == '\'' || r == 0x2028 || r == 0x2029
	case escapesDotNet:
		return r > '~' || r == '<' || r == '>' || r == '&' || r == '\'' || r == '"' || r == '+' || r == '`'
	}
	return false
}

// decode returns the character at the start of the inside of a JSON string,
// and its size in bytes. A surrogate without its partner is returned as it is.
func decode(s []byte) (rune, int) {
	if s[0] != '\\' {
		return utf8.DecodeRune(s)
	}
	switch s[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r := unit(s[2:6])
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			if both := utf16.DecodeRune(r, unit(s[8:12])); both != utf8.RuneError {
				return both, 12
			}
		}
		return r, 6
	}
	return rune(s[1]), 2
}

func unit(hex []byte) rune {
	n, _ := strconv.ParseUint(string(hex), 16, 16) // the document is valid
	return rune(n)
}

func appendEscape(b []byte, r rune, hex string) []byte {
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		return appendUnit(appendUnit(b, high, hex), low, hex)
	}
	return appendUnit(b, r, hex)
}

func appendUnit(b []byte, r rune, hex string) []byte {
	return append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

func appendControl(b []byte, r rune, hex string) []byte {
	if i := bytes.IndexByte([]byte("\b\f\n\r\t"), byte(r)); i >= 0 {
		return append(b, '\\', "bfnrt"[i])
	}
	return appendUnit(b, r, hex)
}
