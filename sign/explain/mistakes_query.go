package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// queryMistakes are about which parameters are signed, in what order and with what
// between them.
func queryMistakes() []hypothesis {
	return []hypothesis{
		{"access-token-signed", ofToken, 80, false, accessTokenSigned},
		{"access-token-signed", ofToken, 40, true, headerTokenSigned},
		{"sign-signed", ofSign, 70, false, signSigned},
		{"sign-signed", ofSign, 68, true, signedTwice},
		{"secret-signed", 0, 30, true, secretSigned},
		{"header-signed", 0, 20, true, headerSigned},
		{"parameter-not-signed", 0, 50, true, parameterNotSigned},
		{"parameter-not-signed", 0, 45, true, onlyCommonSigned},
		{"parameter-not-sent", 0, 45, true, parameterNotSent},
		{"order-insertion", ofOrder, 75, false, orderInsertion},
		{"order-locale", ofOrder, 60, false, orderLocale},
		{"order-case", ofOrder, 58, false, orderCase},
		{"order-other", ofOrder, 30, true, orderOther},
		{"joined", ofJoin, 75, false, joined},
		{"joined", ofJoin, 30, true, joinedRarely},
		{"raw-query", ofQuery, 65, false, rawQuery},
		{"raw-query", ofQuery, 60, true, rawQueryRarely},
		{"repeated-key", ofRepeated, 62, false, repeatedKey},
	}
}

func accessTokenSigned(f *facts, add addFunc) {
	if _, ok := f.lookup("access_token"); ok {
		add("you left access_token in the signed parameters", "leave access_token out of the string; it belongs in the header x-tts-access-token",
			func(r *recipe) { r.token = true })
	}
}

func headerTokenSigned(f *facts, add addFunc) {
	if f.token == "" {
		return
	}
	for _, key := range []string{"access_token", "x-tts-access-token"} {
		if _, ok := f.lookup(key); ok {
			continue
		}
		add(fmt.Sprintf("you signed the access token of the header as the parameter %s", key), "leave the access token out of the string; no header is signed",
			func(r *recipe) { r.extra = append(r.extra, plain(key, f.token)) })
	}
}

const signFix = "leave the parameter sign out of the string, and add it to the URL last"

func signSigned(_ *facts, add addFunc) {
	add("you left an empty parameter sign in the signed parameters", signFix, func(r *recipe) { r.signValue = new("") })
}

func signedTwice(f *facts, add addFunc) {
	expected := f.expected
	add("you signed twice: the second time with the first signature as the parameter sign", signFix, func(r *recipe) { r.signValue = &expected })
}

func secretSigned(f *facts, add addFunc) {
	for _, key := range []string{"app_secret", "secret"} {
		if _, ok := f.lookup(key); !ok {
			add(fmt.Sprintf("you left %s in the signed parameters", key), "keep the secret out of the parameters; it only goes around the string",
				func(r *recipe) { r.extra = append(r.extra, plain(key, f.secret)) })
		}
	}
}

func headerSigned(f *facts, add addFunc) {
	contentType := f.contentType
	if contentType == "" {
		contentType = "application/json"
	}
	for _, key := range []string{"content-type", "Content-Type", "content_type"} {
		add(fmt.Sprintf("you signed the header Content-Type as the parameter %s", key), "leave headers out of the string",
			func(r *recipe) { r.extra = append(r.extra, plain(key, contentType)) })
	}
}

func parameterNotSigned(f *facts, add addFunc) {
	for _, p := range f.signed() {
		sentence := fmt.Sprintf("you sent the parameter %s, but did not sign it", f.show(p.key))
		switch {
		case p.key == "token" || p.key == "app_secret":
			sentence += "; the npm packages tiktok-shop and tiktok-shop-client leave it out"
		case strings.EqualFold(p.key, "sign") || strings.EqualFold(p.key, "access_token"):
			sentence += "; only sign and access_token in lower case are left out"
		}
		add(sentence, fmt.Sprintf("sign after the last parameter is added to the URL, %s included", f.show(p.key)),
			func(r *recipe) { r.drop = append(r.drop, p.key) })
	}
}

func onlyCommonSigned(f *facts, add addFunc) {
	signed := f.signed()
	for _, kept := range [][]string{{"app_key", "timestamp"}, {"app_key", "timestamp", "shop_cipher"}, {"app_key", "timestamp", "shop_id"}, {}} {
		var dropped []string
		have := 0
		for _, p := range signed {
			if slices.Contains(kept, p.key) {
				have++
			} else {
				dropped = append(dropped, p.key)
			}
		}
		if have != len(kept) || len(dropped) == 0 {
			continue
		}
		sentence := fmt.Sprintf("you signed %s only, none of the other parameters", words(kept))
		if len(kept) == 0 {
			sentence = "you left the query parameters out of the string"
		}
		add(sentence, "sign every parameter of the URL except sign and access_token", func(r *recipe) { r.drop = append(r.drop, dropped...) })
	}
}

func words(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

func parameterNotSent(f *facts, add addFunc) {
	missing := []param{plain("version", "202212"), plain("version", "202309"), plain("shop_id", ""), plain("shop_cipher", "")}
	if version := pathVersion(f.path); version != "" && version != "202309" && version != "202212" {
		missing = append(missing, plain("version", version))
	}
	for _, p := range missing {
		if _, ok := f.lookup(p.key); ok {
			continue
		}
		value := p.value
		if value == "" {
			value = "(empty)"
		}
		add(fmt.Sprintf("you signed a parameter %s %s that you did not send", p.key, value), fmt.Sprintf("send %s as well, or leave it out of the string", p.key),
			func(r *recipe) { r.extra = append(r.extra, p) })
	}
}

const sortFix = "sort the parameters by their keys in byte order"

func orderInsertion(_ *facts, add addFunc) {
	add("you signed the parameters in the order of the URL, unsorted", sortFix, func(r *recipe) { r.order = func(a, b param) int { return cmp.Compare(a.at, b.at) } })
}

func orderLocale(f *facts, add addFunc) {
	add("you sorted the keys by locale (as localeCompare does), not by bytes", sortFix+": in JavaScript sort() without a function, not localeCompare",
		func(r *recipe) { r.order = byLocale })
	add("you sorted the keys by a locale that ignores punctuation, not by bytes", sortFix,
		func(r *recipe) { r.order = byLetters })
}

func orderCase(_ *facts, add addFunc) {
	add("you sorted the keys ignoring case", sortFix+": upper case before _ before lower case",
		func(r *recipe) { r.order = byLowerCase })
	add("you sorted the keys ignoring case, as upper case", sortFix+": upper case before _ before lower case",
		func(r *recipe) {
			r.order = func(a, b param) int { return strings.Compare(strings.ToUpper(a.key), strings.ToUpper(b.key)) }
		})
}

func byLowerCase(a, b param) int {
	return strings.Compare(strings.ToLower(a.key), strings.ToLower(b.key))
}

func orderOther(_ *facts, add addFunc) {
	add("you sorted the keys in descending order", sortFix+", ascending", func(r *recipe) { r.order = func(a, b param) int { return byKey(b, a) } })
	add("you sorted the parameters by their values", sortFix+": in PHP with ksort, not asort",
		func(r *recipe) { r.order = func(a, b param) int { return strings.Compare(a.value, b.value) } })
	add("you sorted the pairs of key and value, not the keys", sortFix,
		func(r *recipe) {
			r.order = func(a, b param) int { return strings.Compare(a.key+a.value, b.key+b.value) }
		})
	add("you sorted the pairs of key=value, not the keys", sortFix,
		func(r *recipe) {
			r.order = func(a, b param) int { return strings.Compare(a.key+"="+a.value, b.key+"="+b.value) }
		})
	add("you sorted the parameters by the length of their keys", sortFix,
		func(r *recipe) { r.order = func(a, b param) int { return len(a.key) - len(b.key) } })
}

// localeOrder is the order of the ASCII characters in the root collation of
// Unicode, letters of both cases being equal at first.
const localeOrder = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz"

// byLocale compares as localeCompare does for ASCII: letters regardless of
// case, lower case first if that is the only difference.
func byLocale(a, b param) int {
	x, y := strings.ToLower(a.key), strings.ToLower(b.key)
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return localeRank(x[i]) - localeRank(y[i])
		}
	}
	if len(x) != len(y) {
		return len(x) - len(y)
	}
	return strings.Compare(b.key, a.key) // lower case comes after upper case in bytes
}

func localeRank(c byte) int {
	if i := strings.IndexByte(localeOrder, c); i >= 0 {
		return i
	}
	return len(localeOrder) + int(c)
}

// byLetters compares letters and digits only.
func byLetters(a, b param) int {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune("_-.[]", r) {
				return -1
			}
			return r
		}, strings.ToLower(s))
	}
	return strings.Compare(letters(a.key), letters(b.key))
}

const joinFix = "put each value directly after its key and each pair directly after the last, without = and &"

func joined(_ *facts, add addFunc) {
	add("you joined the parameters with = and &, as in a URL", joinFix, func(r *recipe) { r.join = joiner{"", "=", "&", false} })
}

func joinedRarely(_ *facts, add addFunc) {
	add("you joined path and parameters with ?, = and &, as in a URL", joinFix, func(r *recipe) { r.join = joiner{"?", "=", "&", false} })
	add("you joined keys and values with =", joinFix, func(r *recipe) { r.join = joiner{"", "=", "", false} })
	add("you joined the pairs with &", joinFix, func(r *recipe) { r.join = joiner{"", "", "&", false} })
	add("you put a ? between path and parameters", joinFix, func(r *recipe) { r.join = joiner{"?", "", "", false} })
	add("you put a & between path and parameters joined with = and &", joinFix, func(r *recipe) { r.join = joiner{"&", "=", "&", false} })
	add("you joined the pairs with commas", joinFix, func(r *recipe) { r.join = joiner{"", "", ",", false} })
	add("you joined keys and values with colons", joinFix, func(r *recipe) { r.join = joiner{"", ":", "", false} })
	add("you put line ends between path and parameters", joinFix, func(r *recipe) { r.join = joiner{"\n", "", "\n", false} })
	add("you put spaces between the pairs", joinFix, func(r *recipe) { r.join = joiner{"", "", " ", false} })
	add("you signed the values without their keys", joinFix, func(r *recipe) { r.join = joiner{"", "", "", true} })
}

// rawQuery is for those who sign the query as it appears in the URL.
func rawQuery(f *facts, add addFunc) {
	if query := f.queryWithout("sign", "access_token"); query != "" {
		add("you signed the query as it appears in the URL", rawFix, func(r *recipe) { r.query = &query })
	}
}

func rawQueryRarely(f *facts, add addFunc) {
	all, query := f.queryWithout("sign"), f.queryWithout("sign", "access_token")
	if all == "" {
		return
	}
	add("you signed the query as it appears in the URL, access_token included", rawFix, func(r *recipe) { r.query = &all })
	for _, text := range []string{"?" + query, "?" + all} {
		add("you signed path and query as they appear in the URL", rawFix, func(r *recipe) { r.query = &text })
	}
}

const rawFix = "sort the decoded parameters by key and join them without ?, = and &"

// queryWithout returns the query as it was sent, without some parameters.
func (f *facts) queryWithout(keys ...string) string {
	var parts []string
	for part := range strings.SplitSeq(f.query, "&") {
		if key, _, _ := strings.Cut(part, "="); !slices.Contains(keys, key) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "&")
}

func repeatedKey(f *facts, add addFunc) {
	if !slices.ContainsFunc(f.signed(), func(p param) bool {
		return countKey(f.params, p.key) > 1
	}) {
		return
	}
	const fix = "send each key once, with several values joined by commas, and sign it that way"
	add("you sent a key several times and signed its last value", fix, func(r *recipe) { r.repeated = repeatedLast })
	add("you sent a key several times and signed every pair", fix, func(r *recipe) { r.repeated = repeatedAll })
	add("you sent a key several times and signed the key once with all its values", fix, func(r *recipe) { r.repeated = repeatedValues })
	add("you sent a key several times, but signed its values joined by commas", fix, func(r *recipe) { r.repeated = repeatedComma })
}

func countKey(params []param, key string) int {
	n := 0
	for _, p := range params {
		if p.key == key {
			n++
		}
	}
	return n
}
