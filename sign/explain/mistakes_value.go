package explain

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// valueMistakes are about the form of the values.
func valueMistakes() []hypothesis {
	return []hypothesis{
		{"value-encoded", ofValue, 80, false, valueEncoded},
		{"value-encoded", ofValue, 40, true, valueEncodedOtherwise},
		{"plus", ofValue, 82, false, plusKept},
		{"plus", ofValue, 58, true, plusLost},
		{"value-decoded-twice", ofValue, 55, true, decodedTwice},
		{"split-after-decoding", ofSource | ofValue | ofRepeated, 60, false, splitAfterDecoding},
		{"value-cut", ofSource | ofRepeated, 62, true, valueCut},
		{"value-written", ofValue, 25, true, valueWritten},
		{"empty-dropped", ofEmpty, 70, false, emptyLeftOut},
		{"empty-word", ofEmpty, 35, true, emptyAsWord},
		{"array", ofList, 65, false, arrayForms},
		{"array", ofList, 30, true, arrayFormsRarely},
	}
}

const decodeFix = "sign the decoded values; encode them in the URL only"

func valueEncoded(_ *facts, add addFunc) {
	add("you signed the values URL-encoded, as they appear in the URL", decodeFix,
		func(r *recipe) { r.value = func(p param) string { return p.rawValue } })
}

func valueEncodedOtherwise(_ *facts, add addFunc) {
	const sentence = "you signed the values URL-encoded"
	add(sentence, decodeFix, func(r *recipe) { r.value = func(p param) string { return url.QueryEscape(p.value) } })
	add(sentence+", with %20 for spaces", decodeFix, func(r *recipe) { r.value = func(p param) string { return percent(p.value, "-_.~") } })
	add(sentence+" as encodeURIComponent does", decodeFix, func(r *recipe) { r.value = func(p param) string { return percent(p.value, "-_.~!*'()") } })
	add(sentence+", in lower-case hex", decodeFix, func(r *recipe) { r.value = func(p param) string { return lowerEscapes(url.QueryEscape(p.value)) } })
	add(sentence+" twice", decodeFix, func(r *recipe) { r.value = func(p param) string { return url.QueryEscape(url.QueryEscape(p.value)) } })
}

// percent encodes all but letters, digits and the bytes in safe.
func percent(s, safe string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte(safe, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', upperHex[c>>4], upperHex[c&15]})
	}
	return b.String()
}

func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(b)
}

func plusKept(_ *facts, add addFunc) {
	add("you signed a plus sign where the URL has a space: a + in a query is read as a space",
		"send plus signs as %2B, or sign a space where the URL has a +",
		func(r *recipe) {
			r.value = func(p param) string {
				if value, err := url.PathUnescape(p.rawValue); err == nil {
					return value
				}
				return p.value
			}
		})
}

func plusLost(_ *facts, add addFunc) {
	add("you signed a space where the URL has a plus sign: %2B was read as + and then as a space",
		"decode the query once", func(r *recipe) {
			r.value = func(p param) string { return strings.ReplaceAll(p.value, "+", " ") }
		})
}

func decodedTwice(_ *facts, add addFunc) {
	add("you signed the plain values, but sent them URL-encoded twice", "encode the values once",
		func(r *recipe) {
			r.value = func(p param) string {
				if value, err := url.QueryUnescape(p.value); err == nil {
					return value
				}
				return p.value
			}
		})
	add("you signed the plain values, but sent them URL-encoded twice, except plus signs", "encode the values once",
		func(r *recipe) {
			r.value = func(p param) string {
				if value, err := url.PathUnescape(p.value); err == nil {
					return value
				}
				return p.value
			}
		})
}

// splitAfterDecoding reads the query as the npm packages do: the whole URL is
// decoded, then split at & and =, and the last value of a key counts.
func splitAfterDecoding(f *facts, add addFunc) {
	decoded, err := url.PathUnescape(f.query) // leaves + alone, as decodeURIComponent does
	if err != nil {
		return
	}
	decoded, _, _ = strings.Cut(decoded, "?")
	source := splitPlainly(decoded, func(s string) string { return s })
	add("you decoded the URL before splitting it, so that values end at their first &, = or ? (as the npm packages tiktok-shop and tiktok-shop-client do)",
		"split the query at & and =, then decode each value", func(r *recipe) {
			r.source = source
			r.repeated = repeatedLast
		})
}

// valueCut reads the query as split("=")[1] does.
func valueCut(f *facts, add addFunc) {
	source := splitPlainly(f.query, func(s string) string {
		decoded, _ := url.QueryUnescape(s) // has been read before; parts of it can be, too
		return decoded
	})
	add("you cut values at their first = sign", "split each parameter at its first = sign only, or encode = as %3D",
		func(r *recipe) { r.source = source })
}

// splitPlainly splits a query at every & and =, and takes what is between the
// first two = as the value; undefined means no value, as in JavaScript.
func splitPlainly(query string, decode func(string) string) []param {
	var params []param
	for part := range strings.SplitSeq(query, "&") {
		pieces := strings.SplitN(part, "=", 3)
		if pieces[0] == "" {
			continue
		}
		value := "undefined"
		if len(pieces) > 1 {
			value = pieces[1]
		}
		params = append(params, param{decode(pieces[0]), decode(value), pieces[0], value, len(params)})
	}
	return params
}

func valueWritten(f *facts, add addFunc) {
	isBool := func(p param) bool { return strings.EqualFold(p.value, "true") || strings.EqualFold(p.value, "false") }
	if f.any(isBool) {
		const fix = "sign booleans as they are sent"
		for _, form := range []struct {
			words string
			write func(string) string
		}{
			{"as True and False", func(s string) string { return strings.ToUpper(s[:1]) + strings.ToLower(s[1:]) }},
			{"in lower case", strings.ToLower},
			{"in upper case", strings.ToUpper},
			{"as 1 and 0", func(s string) string {
				if strings.EqualFold(s, "true") {
					return "1"
				}
				return "0"
			}},
		} {
			add("you signed booleans "+form.words+", but sent them differently", fix, func(r *recipe) {
				r.value = func(p param) string {
					if isBool(p) {
						return form.write(p.value)
					}
					return p.value
				}
			})
		}
	}
	add("you signed the values without the white space around them", "sign the values as they are sent",
		func(r *recipe) { r.value = func(p param) string { return strings.TrimSpace(p.value) } })
	add("you signed the values as JSON strings, in quotes", "sign the bare values",
		func(r *recipe) {
			r.value = func(p param) string { return string(escapesLeast.quote(nil, []byte(p.value))) }
		})
	add("you signed the values in lower case", "sign the values as they are sent",
		func(r *recipe) { r.value = func(p param) string { return strings.ToLower(p.value) } })
}

func isEmpty(p param) bool { return p.value == "" }

func emptyLeftOut(f *facts, add addFunc) {
	if f.any(isEmpty) {
		add("you sent a parameter with an empty value, but left it out of the string", "sign the key of an empty parameter too, or do not send it",
			func(r *recipe) { r.empty = emptyDropped })
	}
}

func emptyAsWord(f *facts, add addFunc) {
	if !f.any(isEmpty) {
		return
	}
	for _, form := range []emptyForm{emptyNull, emptyUndefined, emptyNone} {
		add(fmt.Sprintf("you signed the word %s for an empty value", form.text()), "sign the key of an empty parameter alone, or do not send it",
			func(r *recipe) { r.empty = form })
	}
}

const listFix = "send a list as one parameter with comma-joined values, and sign the same text"

// elements returns the values of a list parameter, at least one. A parameter
// counts as a list by its value, or by a name in the plural; all lists of the
// platform have such names.
func elements(p param) ([]string, bool) {
	if strings.HasPrefix(p.value, "[") {
		var list []json.RawMessage
		if json.Unmarshal([]byte(p.value), &list) != nil || len(list) == 0 {
			return nil, false
		}
		values := make([]string, len(list))
		for i, raw := range list {
			if values[i] = string(raw); raw[0] == '"' {
				values[i] = unquote(raw)
			}
		}
		return values, true
	}
	if strings.Contains(p.value, ",") || strings.HasSuffix(p.key, "s") || strings.HasSuffix(p.key, "[]") {
		return strings.Split(p.value, ","), true
	}
	return nil, false
}

// asList makes a list form of a function that writes the elements.
func asList(write func(add func(key, value string), key string, values []string)) func(*recipe) {
	return func(r *recipe) {
		r.list = func(add func(param), p param) {
			values, ok := elements(p)
			if !ok {
				add(p)
				return
			}
			write(func(key, value string) { add(p.renamed(key, value)) }, strings.TrimSuffix(p.key, "[]"), values)
		}
	}
}

func arrayForms(f *facts, add addFunc) {
	if !f.any(func(p param) bool { _, ok := elements(p); return ok }) {
		return
	}
	add("you signed a list as a JSON array of strings, but sent it differently", listFix, asList(func(add func(key, value string), key string, values []string) {
		add(key, "["+quoteAll(values, `"`, ",")+"]")
	}))
	add("you signed a list joined by commas, but sent it differently", listFix, asList(func(add func(key, value string), key string, values []string) {
		add(key, strings.Join(values, ","))
	}))
}

func arrayFormsRarely(f *facts, add addFunc) {
	if !f.any(func(p param) bool { _, ok := elements(p); return ok }) {
		return
	}
	add("you signed a list as a repeated key, but sent it differently", listFix, asList(func(add func(key, value string), key string, values []string) {
		for _, value := range values {
			add(key, value)
		}
	}))
	add("you signed a list as a JSON array of numbers, but sent it differently", listFix, asList(func(add func(key, value string), key string, values []string) {
		add(key, "["+strings.Join(values, ",")+"]")
	}))
	add("you signed a list as a JSON array with spaces, but sent it differently", listFix, asList(func(add func(key, value string), key string, values []string) {
		add(key, "["+quoteAll(values, `"`, ", ")+"]")
	}))
	add("you signed a list as Python prints it", listFix, asList(func(add func(key, value string), key string, values []string) {
		add(key, "["+quoteAll(values, "'", ", ")+"]")
	}))
	add("you signed a list as Go prints it", listFix, asList(func(add func(key, value string), key string, values []string) {
		add(key, "["+strings.Join(values, " ")+"]")
	}))
	for _, between := range []struct{ text, words string }{{"", "without commas"}, {", ", "joined by a comma and a space"}, {"|", "joined by |"}, {" ", "joined by spaces"}} {
		add("you signed a list "+between.words+", but sent it differently", listFix, asList(func(add func(key, value string), key string, values []string) {
			add(key, strings.Join(values, between.text))
		}))
	}
	add("you signed a list under keys with [], but sent it differently", listFix, asList(func(add func(key, value string), key string, values []string) {
		for _, value := range values {
			add(key+"[]", value)
		}
	}))
	add("you signed a list under keys with an index, but sent it differently", listFix, asList(func(add func(key, value string), key string, values []string) {
		for i, value := range values {
			add(fmt.Sprintf("%s[%d]", key, i), value)
		}
	}))
	add("you signed only the first value of a list", listFix, asList(func(add func(key, value string), key string, values []string) {
		add(key, values[0])
	}))
}

func quoteAll(values []string, quote, between string) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = quote + value + quote
	}
	return strings.Join(quoted, between)
}
