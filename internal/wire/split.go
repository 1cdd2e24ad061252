package wire

import "bytes"

// parts are the values of an envelope as they are in the answer; nil for those
// that it lacks.
type parts struct{ code, message, requestID, data []byte }

// split finds the parts of an envelope in one quick pass, without looking into
// the data. It reports false for anything unusual, which is left to a full parser;
// and it does not notice every error within the data.
func split(answer []byte) (parts, bool) {
	var p parts
	i := skipSpace(answer, 0)
	if i == len(answer) || answer[i] != '{' {
		return p, false
	}
	i = skipSpace(answer, i+1)
	for i < len(answer) && answer[i] == '"' {
		end := skipString(answer, i)
		if end < 0 {
			return p, false
		}
		key := answer[i+1 : end-1]
		i = skipSpace(answer, end)
		if i == len(answer) || answer[i] != ':' {
			return p, false
		}
		i = skipSpace(answer, i+1)
		if end = skipValue(answer, i); end < 0 {
			return p, false
		}
		value := answer[i:end:end]
		switch string(key) {
		case "code":
			p.code = value
		case "message":
			p.message = value
		case "request_id":
			p.requestID = value
		case "data":
			p.data = value
		default:
			return p, false // another spelling, or an unknown field
		}
		i = skipSpace(answer, end)
		if i == len(answer) {
			return p, false
		}
		if answer[i] == '}' {
			return p, p.code != nil && skipSpace(answer, i+1) == len(answer)
		}
		if answer[i] != ',' {
			return p, false
		}
		i = skipSpace(answer, i+1)
	}
	return p, false
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skipString returns the index after the string that begins at i, or -1.
func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		quote := bytes.IndexByte(b[i:], '"')
		if quote < 0 {
			return -1
		}
		escapes := 0
		for j := i + quote - 1; j >= i && b[j] == '\\'; j-- {
			escapes++
		}
		i += quote
		if escapes%2 == 0 {
			return i + 1
		}
	}
	return -1
}

// skipValue returns the index after the value that begins at i, or -1.
func skipValue(b []byte, i int) int {
	if i == len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipNested(b, i)
	}
	start := i
	for i < len(b) && bytes.IndexByte([]byte(",]} \n\r\t"), b[i]) < 0 {
		i++
	}
	if i == start || i == len(b) {
		return -1
	}
	return i
}

// skipNested returns the index after the object or list that begins at i, or
// -1. It counts brackets outside strings.
func skipNested(b []byte, i int) int {
	depth := 0
	inString := false
	for ; i < len(b); i++ {
		kind := structure[b[i]]
		if kind == 0 {
			continue
		}
		switch {
		case kind == escape:
			if inString {
				i++
			}
		case kind == quote:
			inString = !inString
		case inString:
		case kind == open:
			depth++
		default:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

const (
	open byte = iota + 1
	shut
	quote
	escape
)

// structure holds the bytes that matter for nesting.
var structure = [256]byte{'{': open, '[': open, '}': shut, ']': shut, '"': quote, '\\': escape}
