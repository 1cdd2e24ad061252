package explain

import "fmt"

// rewriteMistakes are about JSON bodies that were encoded twice: once for signing
// and, differently, once for sending.
func rewriteMistakes() []hypothesis {
	return []hypothesis{
		{"body-spaces", ofSpacing, 82, false, bodySpaces},
		{"body-spaces", ofSpacing, 50, true, bodyIndented},
		{"body-key-order", ofKeys, 74, false, bodyKeyOrder},
		{"body-key-order", ofKeys, 70, true, bodyTopKeyOrder},
		{"body-escapes", ofEscapes, 74, false, bodyEscapes},
		{"body-escapes", ofEscapes, 68, true, bodyEscapesRarely},
		{"body-numbers", ofNumbers, 66, false, bodyNumbers},
		{"body-numbers", ofNumbers, 65, true, bodyFractions},
		{"body-members", ofMembers, 50, true, bodyMembers},
		{"body-rewritten", ofBody &^ ofTail, 64, true, bodyRewritten},
		{"body-quoted", ofBody &^ ofTail, 55, true, bodyInQuotes},
		{"body-printed", ofBody &^ ofTail, 45, true, bodyPrinted},
	}
}

const onceFix = "encode the body once; sign and send those exact bytes"

// setStyle changes one part of the style in which the body is written.
func setStyle(change func(*style)) func(*recipe) {
	return func(r *recipe) {
		r.body.kind = bodyJSON
		change(&r.body.style)
	}
}

// jsonSigned reports whether the string holds a body in JSON.
func (f *facts) jsonSigned() bool { return f.doc != nil && f.bodySigned() }

// sentWords says how the body that was sent is spaced, compared with one signed
// with the given spacing.
func (f *facts) sentWords(signed spacing) string {
	switch f.doc.spacing {
	case spacingSent:
		return "otherwise"
	case spacingCompact:
		if signed == spacingPython {
			return "without"
		}
	case spacingPython:
		if signed == spacingCompact {
			return "with"
		}
	}
	return f.doc.spacing.rule().words
}

func addSpacing(f *facts, add addFunc, s spacing) {
	add(fmt.Sprintf("you signed the body %s, but sent it %s", s.rule().words, f.sentWords(s)), onceFix,
		setStyle(func(x *style) { x.spacing = s }))
}

func bodySpaces(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	for _, s := range []spacing{spacingCompact, spacingPython} {
		addSpacing(f, add, s)
	}
}

func bodyIndented(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	for _, s := range []spacing{spacingIndent2, spacingIndent4, spacingColon, spacingComma, spacingTab, spacingCRLF, spacingJackson} {
		addSpacing(f, add, s)
	}
}

func bodyKeyOrder(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	add("you signed the body with sorted keys, but sent them in a different order", onceFix, setStyle(func(x *style) { x.keys = keysSorted }))
}

func bodyTopKeyOrder(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	add("you signed the body with its outermost keys sorted, but sent them in a different order", onceFix, setStyle(func(x *style) { x.keys = keysTop }))
}

func addEscapes(add addFunc, words string, e escapes) {
	add("you signed the body with "+words+", but sent it differently", onceFix, setStyle(func(x *style) { x.escapes = e }))
}

func bodyEscapes(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	addEscapes(add, `plain characters where \u escapes or \/ could stand`, escapesLeast)
	addEscapes(add, `\u escapes for characters beyond ASCII`, escapesASCII)
	addEscapes(add, `slashes as \/`, escapesSlash)
}

func bodyEscapesRarely(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	addEscapes(add, `\u escapes for characters beyond ASCII and slashes as \/ (as PHP's json_encode does)`, escapesPHP)
	addEscapes(add, `\u escapes for <, > and & (as Go's encoding/json does)`, escapesHTML)
	addEscapes(add, `\u escapes in capitals for characters beyond ASCII`, escapesUpper)
	addEscapes(add, `\u escapes for <, >, &, = and ' (as Gson does)`, escapesGson)
	addEscapes(add, `\u escapes in capitals for characters beyond ASCII and those of HTML (as System.Text.Json does)`, escapesDotNet)
}

func bodyNumbers(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	add("you signed the body with numbers that were read as floating point, but sent them as they were", onceFix+"; send long ids as strings",
		setStyle(func(x *style) { x.numbers = numbersFloat }))
}

func bodyFractions(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	add("you signed the body with fractions in a different form than you sent", onceFix, setStyle(func(x *style) { x.numbers = numbersPython }))
}

func bodyMembers(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	add("you signed the body without its null fields, but sent them", onceFix, setStyle(func(x *style) { x.without = membersNulls }))
	add("you signed the body without its empty fields, but sent them", onceFix, setStyle(func(x *style) { x.without = membersEmpty }))
}

// bodyRewritten knows how the JSON writers of several languages write a whole
// document by default.
func bodyRewritten(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	for _, writer := range []struct {
		name  string
		style style
	}{
		{"JavaScript's JSON.stringify", style{spacing: spacingCompact, escapes: escapesLeast, numbers: numbersFloat}},
		{"Python's json.dumps", style{spacing: spacingPython, escapes: escapesASCII, numbers: numbersPython}},
		{"Python's json.dumps without spaces", style{spacing: spacingCompact, escapes: escapesASCII, numbers: numbersPython}},
		{"PHP's json_encode", style{spacing: spacingCompact, escapes: escapesPHP, numbers: numbersPython}},
		{"Go's json.Marshal from a map", style{spacing: spacingCompact, keys: keysSorted, escapes: escapesHTML, numbers: numbersFloat}},
		{"Go's json.Marshal", style{spacing: spacingCompact, escapes: escapesHTML}},
		{"Gson", style{spacing: spacingCompact, escapes: escapesGson}},
		{"System.Text.Json", style{spacing: spacingCompact, escapes: escapesDotNet}},
	} {
		add(fmt.Sprintf("you signed the body as %s writes it, but sent it as it was before", writer.name), onceFix,
			func(r *recipe) { r.body = bodyForm{kind: bodyJSON, style: writer.style} })
	}
}

func bodyInQuotes(f *facts, add addFunc) {
	if !f.bodySigned() {
		return
	}
	add("you signed the body encoded twice, as a JSON string that holds JSON", "encode the body once", setBody(bodyQuoted))
	if f.doc != nil && f.doc.nodes[0].kind == '"' {
		add("you sent the body encoded twice, as a JSON string that holds JSON, but signed what it holds", "encode the body once", setBody(bodyUnquoted))
	}
}

func bodyPrinted(f *facts, add addFunc) {
	if f.jsonSigned() {
		add("you signed the body as Python prints a dict, not as JSON", "sign the JSON that is sent: json.dumps once, not str()", setBody(bodyRepr))
	}
}
