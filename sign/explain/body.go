package explain

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// bodyForm is a form of the body in the string that is signed. The zero value
// is the body as it was sent.
type bodyForm struct {
	kind  bodyKind
	style style  // of bodyJSON
	text  string // of bodyText
}

type bodyKind uint8

const (
	bodySent      bodyKind = iota
	bodyNone               // not in the string
	bodyText               // bodyForm.text
	bodyJSON               // rewritten in bodyForm.style
	bodyChomped            // without its trailing line end
	bodyTrimmed            // without surrounding white space
	bodyLF                 // line ends LF
	bodyCRLF               // line ends CRLF
	bodyBOM                // after a byte order mark
	bodyNoBOM              // without its byte order mark
	bodyLatin1             // in ISO 8859-1
	bodyQuestion           // with ? for non-ASCII characters
	bodyQuoted             // as a JSON string
	bodyUnquoted           // what the JSON string holds
	bodyRepr               // as Python prints a dict
	bodySHA256             // digest in hex
	bodyMD5                // digest in hex
	bodyBase64             // in base64
	bodyEscaped            // URL-encoded
	bodyUnescaped          // URL-decoded
)

const bom = "\ufeff"

// render returns a form of the body, which may be the body itself.
func (f *facts) render(form bodyForm) []byte {
	var b []byte
	switch form.kind {
	case bodyNone:
		return nil
	case bodyText:
		return []byte(form.text)
	case bodyJSON:
		if form.style.keys != keysSent || form.style.without != membersAll || form.style.spacing != spacingSent {
			return f.doc.write(b, form.style)
		}
		// White space around the value is kept if that within it is.
		b = append(b, f.body[:f.doc.nodes[0].start]...)
		b = f.doc.write(b, form.style)
		return append(b, f.body[f.doc.tail:]...)
	case bodyChomped:
		return bytes.TrimSuffix(bytes.TrimSuffix(f.body, []byte("\n")), []byte("\r"))
	case bodyTrimmed:
		return bytes.TrimSpace(f.body)
	case bodyLF:
		return bytes.ReplaceAll(f.body, []byte("\r\n"), []byte("\n"))
	case bodyCRLF:
		return bytes.ReplaceAll(bytes.ReplaceAll(f.body, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	case bodyBOM:
		return append(append(b, bom...), f.body...)
	case bodyNoBOM:
		return bytes.TrimPrefix(f.body, []byte(bom))
	case bodyLatin1, bodyQuestion:
		for _, r := range string(f.body) {
			if r > 0x7f && (form.kind == bodyQuestion || r > 0xff) {
				r = '?'
			}
			b = append(b, byte(r))
		}
		return b
	case bodyQuoted:
		return escapesLeast.quote(b, f.body)
	case bodyUnquoted:
		return []byte(unquote(f.doc.src[f.doc.nodes[0].start:f.doc.tail]))
	case bodyRepr:
		return f.doc.repr(b)
	case bodySHA256:
		sum := sha256.Sum256(f.body)
		return hex.AppendEncode(b, sum[:])
	case bodyMD5:
		sum := md5.Sum(f.body)
		return hex.AppendEncode(b, sum[:])
	case bodyBase64:
		return base64.StdEncoding.AppendEncode(b, f.body)
	case bodyEscaped:
		return append(b, url.QueryEscape(string(f.body))...)
	case bodyUnescaped:
		if text, err := url.QueryUnescape(string(f.body)); err == nil {
			return append(b, text...)
		}
	}
	return f.body
}

// quote appends text as a JSON string.
func (e escapes) quote(b, text []byte) []byte {
	b = append(b, '"')
	for _, r := range string(text) {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = appendControl(b, r, lowerHex)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// repr appends the document as Python prints the dict that it was read into.
func (d *document) repr(b []byte) []byte {
	var value func(i int)
	list := func(i int, open, closing byte) {
		b = append(b, open)
		for j := i + 1; j < d.nodes[i].next; j = d.nodes[j].next {
			switch {
			case j == i+1:
			case d.nodes[j-1].kind == ':' && d.nodes[j].kind != ':':
			default:
				b = append(b, ", "...)
			}
			value(j)
			if d.nodes[j].kind == ':' {
				b = append(b, ": "...)
			}
		}
		b = append(b, closing)
	}
	value = func(i int) {
		n := d.nodes[i]
		raw := d.src[n.start:n.end]
		switch n.kind {
		case '{':
			list(i, '{', '}')
		case '[':
			list(i, '[', ']')
		case '"', ':':
			text := unquote(raw)
			quote := byte('\'')
			if strings.Contains(text, "'") && !strings.Contains(text, `"`) {
				quote = '"'
			}
			b = append(b, quote)
			for _, r := range text {
				switch {
				case r == rune(quote) || r == '\\':
					b = append(b, '\\', byte(r))
				case r >= ' ' && r < 0x7f:
					b = append(b, byte(r))
				case r == '\n':
					b = append(b, `\n`...)
				case r == '\r':
					b = append(b, `\r`...)
				case r == '\t':
					b = append(b, `\t`...)
				case strconv.IsPrint(r):
					b = utf8.AppendRune(b, r)
				case r <= 0xff:
					b = fmt.Appendf(b, `\x%02x`, r)
				case r <= 0xffff:
					b = fmt.Appendf(b, `\u%04x`, r)
				default:
					b = fmt.Appendf(b, `\U%08x`, r)
				}
			}
			b = append(b, quote)
		case 'n':
			b = append(b, "None"...)
		case 't':
			b = append(b, raw[0]-'a'+'A')
			b = append(b, raw[1:]...)
		default:
			b = appendNumber(b, raw, numbersPython)
		}
	}
	value(0)
	return b
}

// fields returns the members of the body, a JSON object or a form, as
// parameters: strings decoded, other values as compact JSON. It returns none for
// a large body, which nobody flattens.
func (f *facts) fields() []param {
	const most = 8 << 10 // bytes
	var params []param
	if len(f.body) > most {
		return nil
	}
	if f.doc == nil {
		if !strings.HasPrefix(strings.ToLower(f.contentType), "application/x-www-form-urlencoded") {
			return nil
		}
		for _, p := range parseQuery(string(f.body)) {
			params = append(params, plain(p.key, p.value))
		}
	} else {
		for _, key := range f.doc.members(0) {
			n := f.doc.nodes[key+1]
			raw := f.doc.src[n.start:n.end]
			if n.kind == '"' {
				params = append(params, plain(string(f.doc.key(key)), unquote(raw)))
				continue
			}
			var b bytes.Buffer
			if json.Compact(&b, raw) == nil { // always, the document is valid
				params = append(params, plain(string(f.doc.key(key)), b.String()))
			}
		}
	}
	return params
}
