// Package wire reads what arrives: queries, signatures, strict JSON. The sandbox
// has its own verifier, so that a mistake of the client's signer shows.
package wire

import (
	"net/url"
	"strings"
)

// Param is one query parameter, decoded.
type Param struct{ Key, Value string }

// ParseQuery appends the parameters of a raw query to params, sorted by the
// bytes of their keys. Equal keys keep their order. A part that is not
// decodable stays as it is.
func ParseQuery(params []Param, raw string) []Param {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		params = append(params, Param{unescape(key), unescape(value)})
		for i := len(params) - 1; i > 0 && params[i].Key < params[i-1].Key; i-- {
			params[i], params[i-1] = params[i-1], params[i]
		}
	}
	return params
}

func unescape(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return decoded
}

// Lookup returns the first value of a key.
func Lookup(params []Param, key string) (string, bool) {
	for _, p := range params {
		if p.Key == key {
			return p.Value, true
		}
	}
	return "", false
}
