package explain

import (
	"bytes"
	"net/http"
	"strings"
)

// bodyMistakes are about whether and where the body is signed, and about its
// bytes apart from JSON.
func bodyMistakes() []hypothesis {
	return []hypothesis{
		{"body-missing", ofBody, 85, false, bodyMissing},
		{"legacy-rule", ofBody, 84, false, legacyRule},
		{"legacy-rule", ofBody, 90, false, legacyPath},
		{"multipart-signed", ofBody, 85, false, multipartSigned},
		{"body-added", ofBody, 80, false, bodyAdded},
		{"body-added", ofBody, 40, true, bodyAddedRarely},
		{"body-newline", ofTail, 75, false, bodyNewline},
		{"body-white-space", ofBody &^ ofTail, 70, false, bodyTrim},
		{"body-line-ends", ofBody &^ ofTail, 60, false, bodyLineEnds},
		{"body-mark", ofBody &^ ofTail, 40, true, bodyMark},
		{"body-charset", ofBody &^ ofTail, 40, true, bodyCharset},
		{"body-hash", ofBody &^ ofTail, 50, true, bodyHash},
		{"body-encoded", ofBody &^ ofTail, 40, true, bodyEncoded},
		{"body-place", ofLayout, 55, true, bodyPlace},
		{"body-as-parameters", ofBody, 45, true, bodyAsParameters},
	}
}

func setBody(kind bodyKind) func(*recipe) { return func(r *recipe) { r.body = bodyForm{kind: kind} } }

func (f *facts) isEmptyObject() bool { return string(bytes.TrimSpace(f.body)) == "{}" }

func bodyMissing(f *facts, add addFunc) {
	switch {
	case !f.bodySigned():
	case f.isEmptyObject():
		add("you sent the body {}, but left it out of the string, as some of the official samples do",
			"send no body if there is nothing to say, or sign the two bytes {}", setBody(bodyNone))
	case f.method == http.MethodGet:
		add("you sent a body with GET, but left it out of the string", "sign the body of every request that has one, whatever the method", setBody(bodyNone))
	default:
		add("you left the body out of the string", "put the exact body after the parameters", setBody(bodyNone))
	}
}

func legacyRule(f *facts, add addFunc) {
	switch {
	case f.options.Legacy && f.unsignedBody && !f.multipart:
		add("you signed the body, as the rule of version 202309 and later requires, but this request is checked by the rule of version 202212",
			"leave the body out of the string", setBody(bodySent))
	case f.bodySigned():
		add("you signed by the rule of version 202212, which leaves the body out", "put the exact body after the parameters", setBody(bodyNone))
	}
}

func legacyPath(f *facts, add addFunc) {
	if f.bodySigned() && f.isLegacyPath() {
		add("you signed by the rule of version 202212, which leaves the body out, but this request is checked by that of 202309 and later",
			"put the exact body after the parameters, or have the request checked by the rule of version 202212", setBody(bodyNone))
	}
}

func multipartSigned(f *facts, add addFunc) {
	if f.multipart && len(f.body) > 0 {
		add("you signed the body of a multipart/form-data request", "leave the body out of the string; that of multipart/form-data is not signed", setBody(bodySent))
	}
}

func bodyAdded(f *facts, add addFunc) {
	if !f.bodySigned() {
		addBody(f, add, "{}")
	}
}

func bodyAddedRarely(f *facts, add addFunc) {
	constants := []string{"null", "[]", `""`, "undefined", "None", `"{}"`, "{}\n"}
	if f.bodySigned() {
		// Languages that turn an object into text in their own way.
		for _, text := range []string{"[object Object]", "Array", "null", "undefined", "None", "{}", `""`} {
			add("you signed the text "+text+" instead of the body", "sign the exact bytes of the body",
				func(r *recipe) { r.body = bodyForm{kind: bodyText, text: text} })
		}
		return
	}
	for _, text := range constants {
		addBody(f, add, text)
	}
}

func addBody(f *facts, add addFunc, text string) {
	sentence := "you signed a body " + strings.TrimSpace(text) + ", but sent none"
	if len(f.body) > 0 {
		sentence = "you signed a body " + strings.TrimSpace(text) + ", although no body is signed here"
	}
	add(sentence, "sign no body if none is sent", func(r *recipe) { r.body = bodyForm{kind: bodyText, text: text} })
}

func bodyNewline(f *facts, add addFunc) {
	if !f.bodySigned() {
		return
	}
	const fix = "sign the body byte for byte as it is sent"
	for _, end := range []string{"\n", "\r\n"} {
		add("you signed the body with a trailing line end, but sent it without", fix, func(r *recipe) { r.tail = end })
	}
}

func bodyTrim(f *facts, add addFunc) {
	const fix = "sign the body byte for byte as it is sent"
	if !f.bodySigned() {
		return
	}
	if bytes.HasSuffix(f.body, []byte("\n")) {
		add("you signed the body without its trailing line end, but sent it with one", fix+"; an editor or encoder added a line end", setBody(bodyChomped))
	}
	add("you signed the body without the white space around it, but sent it with that", fix, setBody(bodyTrimmed))
}

func bodyLineEnds(f *facts, add addFunc) {
	if !f.bodySigned() || bytes.IndexByte(f.body, '\n') < 0 {
		return
	}
	const fix = "sign the body byte for byte as it is sent"
	add("you signed the body with LF line ends, but sent it with CRLF", fix, setBody(bodyLF))
	add("you signed the body with CRLF line ends, but sent it with LF", fix, setBody(bodyCRLF))
}

func bodyMark(f *facts, add addFunc) {
	if !f.bodySigned() {
		return
	}
	const fix = "sign and send the body without a byte order mark"
	add("you signed the body with a leading byte order mark, but sent it without", fix, setBody(bodyBOM))
	add("you signed the body without its byte order mark, but sent it with one", fix, setBody(bodyNoBOM))
}

func bodyCharset(f *facts, add addFunc) {
	if !f.bodySigned() || isASCII(f.body) {
		return
	}
	const fix = "sign the body as UTF-8 bytes"
	add("you signed the body in ISO 8859-1, but sent it in UTF-8", fix, setBody(bodyLatin1))
	add("you signed the body in ASCII, with ? for all other characters", fix, setBody(bodyQuestion))
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c > 0x7f {
			return false
		}
	}
	return true
}

func bodyHash(f *facts, add addFunc) {
	if !f.bodySigned() {
		return
	}
	const fix = "sign the body itself, not a digest of it"
	add("you signed the SHA-256 digest of the body", fix, setBody(bodySHA256))
	add("you signed the MD5 digest of the body", fix, setBody(bodyMD5))
}

func bodyEncoded(f *facts, add addFunc) {
	if !f.bodySigned() {
		return
	}
	add("you signed the body in base64", "sign the body itself", setBody(bodyBase64))
	add("you signed the body URL-encoded", "sign the body itself", setBody(bodyEscaped))
	add("you signed the body URL-decoded", "sign the body as it is sent", setBody(bodyUnescaped))
}

func bodyPlace(f *facts, add addFunc) {
	if !f.bodySigned() {
		return
	}
	add("you put the body between the path and the parameters", "put the body after the parameters", func(r *recipe) { r.layout = layoutBodyFirst })
	add("you put the body after the secret at the end", "put the body after the parameters, then the secret", func(r *recipe) { r.layout = layoutBodyOutside })
}

func bodyAsParameters(f *facts, add addFunc) {
	if !f.bodySigned() {
		return
	}
	fields := f.fields()
	if len(fields) == 0 {
		return
	}
	const fix = "sign the body as it is sent, after the parameters"
	add("you signed the fields of the body as if they were query parameters", fix, func(r *recipe) {
		r.extra = append(r.extra, fields...)
		r.body = bodyForm{kind: bodyNone}
	})
	add("you signed the fields of the body as if they were query parameters, and the body as well", fix, func(r *recipe) {
		r.extra = append(r.extra, fields...)
	})
}
