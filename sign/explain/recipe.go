package explain

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"slices"
	"strings"
)

// recipe is a way to sign a request, right or wrong. The fields are independent, so
// that mistakes which set different fields can be combined.
type recipe struct {
	digest      digestKind
	key         string // of the HMAC
	front, back string // around the string
	layout      layout
	lead        string // before the path
	path        string
	source      []param // the parameters of the URL, sign and access_token included, sorted by key
	set         []param // new values of parameters in source
	extra       []param // parameters that the URL does not have
	drop        []string
	signValue   *string // of a parameter sign that takes part; nil: it does not
	token       bool    // access_token takes part
	repeated    repeatedForm
	empty       emptyForm
	list        func(add func(param), p param) // writes a list in another form
	value       func(p param) string           // the form of a value; nil: decoded
	order       func(a, b param) int           // nil: by key
	join        joiner
	query       *string // instead of all the parameters
	body        bodyForm
	tail        string // after the body
}

// right returns the recipe that gives the expected signature.
func (f *facts) right() recipe {
	r := recipe{key: f.secret, front: f.secret, back: f.secret, path: f.path, source: f.sorted}
	if f.unsignedBody {
		r.body.kind = bodyNone
	}
	return r
}

// layout is the order of the parts.
type layout uint8

const (
	layoutRight       layout = iota // secret path parameters body secret
	layoutPathLast                  // secret parameters path body secret
	layoutBodyFirst                 // secret path body parameters secret
	layoutBodyOutside               // secret path parameters secret body
)

// repeatedForm says what happens to the values of a repeated key.
type repeatedForm uint8

const (
	repeatedFirst  repeatedForm = iota // the first counts
	repeatedLast                       // the last counts
	repeatedAll                        // key value key value
	repeatedValues                     // key value value
	repeatedComma                      // key value,value
)

// emptyForm says what happens to empty values.
type emptyForm uint8

const (
	emptyKept emptyForm = iota
	emptyDropped
	emptyNull      // null of JavaScript and PHP's JSON
	emptyUndefined // undefined of JavaScript
	emptyNone      // None of Python
)

// text returns what stands for an empty value.
func (e emptyForm) text() string { return [...]string{"", "", "null", "undefined", "None"}[e] }

// joiner is what goes before the pairs, between key and value and between pairs.
type joiner struct {
	lead, equal, between string
	valuesOnly           bool
}

// digestKind is a way to make a digest of key and string.
type digestKind uint8

const (
	hmacSHA256 digestKind = iota
	plainSHA256
	swappedSHA256 // HMAC-SHA256 with the string as the key and the secret as the message
	hmacSHA1
	plainSHA1
	hmacMD5
	plainMD5
	hmacSHA512
	plainSHA512
)

// algorithm is a hash function, keyed or not.
type algorithm struct {
	new   func() hash.Hash
	size  int
	keyed bool
}

func (k digestKind) algorithm() algorithm {
	switch k {
	case plainSHA256, swappedSHA256:
		return algorithm{sha256.New, sha256.Size, false}
	case hmacSHA1:
		return algorithm{sha1.New, sha1.Size, true}
	case plainSHA1:
		return algorithm{sha1.New, sha1.Size, false}
	case hmacMD5:
		return algorithm{md5.New, md5.Size, true}
	case plainMD5:
		return algorithm{md5.New, md5.Size, false}
	case hmacSHA512:
		return algorithm{sha512.New, sha512.Size, true}
	case plainSHA512:
		return algorithm{sha512.New, sha512.Size, false}
	}
	return algorithm{sha256.New, sha256.Size, true}
}

// shared is the digest kind with which k can share the hashing of a string.
func (k digestKind) shared() digestKind {
	if k == swappedSHA256 {
		return plainSHA256
	}
	return k
}

// stemKey is the key as far as it matters from the start.
func (k digestKind) stemKey(key string) string {
	if k.algorithm().keyed {
		return key
	}
	return ""
}

// leafKey is the key as far as it matters at the end.
func (k digestKind) leafKey(key string) string {
	if k == swappedSHA256 {
		return key
	}
	return ""
}

func (k digestKind) hash(key string) hash.Hash {
	a := k.algorithm()
	if a.keyed {
		return hmac.New(a.new, []byte(key))
	}
	return a.new()
}

// recipeScratch is memory reused from one recipe to the next.
type recipeScratch struct {
	list []param
	text []byte
}

// appendParameters appends the part of the string that comes from the query.
func (r *recipe) appendParameters(m *recipeScratch) {
	if r.query != nil {
		m.text = append(m.text, *r.query...)
		return
	}
	m.text = append(m.text, r.join.lead...)
	for i, p := range r.pairs(m) {
		if i > 0 {
			m.text = append(m.text, r.join.between...)
		}
		if !r.join.valuesOnly {
			m.text = append(m.text, p.key...)
			m.text = append(m.text, r.join.equal...)
		}
		if r.value != nil {
			p.value = r.value(p)
		}
		m.text = append(m.text, p.value...)
	}
}

// pairs returns the parameters that are signed in their order.
func (r *recipe) pairs(m *recipeScratch) []param {
	m.list = m.list[:0]
	hasSign := false
	for i, p := range r.source {
		switch {
		case p.key == "sign":
			if r.signValue == nil || hasSign {
				continue
			}
			hasSign = true
			p = p.with(*r.signValue)
		case p.key == "access_token" && !r.token, slices.Contains(r.drop, p.key):
			continue
		}
		for _, s := range r.set {
			if s.key == p.key {
				s.at = p.at
				p = s
			}
		}
		var ok bool
		if p, ok = r.repeat(p, i); !ok {
			continue
		}
		if p.value == "" && r.empty != emptyKept {
			if r.empty == emptyDropped {
				continue
			}
			p = p.with(r.empty.text())
		}
		if r.list != nil {
			r.list(func(p param) { m.list = append(m.list, p) }, p)
		} else {
			m.list = append(m.list, p)
		}
	}
	m.list = append(m.list, r.extra...)
	if r.signValue != nil && !hasSign {
		m.list = append(m.list, plain("sign", *r.signValue))
	}
	order := r.order
	if order == nil {
		order = byKey
	}
	slices.SortStableFunc(m.list, order)
	return m.list
}

// repeat applies the form of repeated keys to the parameter at index i of the
// source. It reports false if the parameter is dropped.
func (r *recipe) repeat(p param, i int) (param, bool) {
	same := func(q param) bool { return q.key == p.key }
	before, after := slices.ContainsFunc(r.source[:i], same), r.source[i+1:]
	if !before && !slices.ContainsFunc(after, same) {
		return p, true
	}
	switch r.repeated {
	case repeatedLast:
		return p, !slices.ContainsFunc(after, same)
	case repeatedAll:
		return p, true
	case repeatedValues, repeatedComma:
		if before {
			return p, false
		}
		comma := ""
		if r.repeated == repeatedComma {
			comma = ","
		}
		value := p.value
		for _, q := range after {
			if same(q) {
				value += comma + q.value
			}
		}
		return p.with(value), true
	}
	return p, !before
}

func byKey(a, b param) int { return strings.Compare(a.key, b.key) }

// message returns the string that the recipe signs, without the body, and
// where the body goes in it. The string is stored in m.
func (r *recipe) message(m *recipeScratch) (text []byte, body int) {
	m.text = append(m.text[:0], r.front...)
	if r.layout == layoutPathLast {
		r.appendParameters(m)
	}
	m.text = append(m.text, r.lead...)
	m.text = append(m.text, r.path...)
	switch r.layout {
	case layoutBodyFirst:
		body = len(m.text)
		m.text = append(m.text, r.tail...)
		r.appendParameters(m)
		m.text = append(m.text, r.back...)
	case layoutBodyOutside:
		r.appendParameters(m)
		m.text = append(m.text, r.back...)
		body = len(m.text)
		m.text = append(m.text, r.tail...)
	default:
		if r.layout == layoutRight {
			r.appendParameters(m)
		}
		body = len(m.text)
		m.text = append(m.text, r.tail...)
		m.text = append(m.text, r.back...)
	}
	return m.text, body
}
