package sandbox

import (
	"net/url"
	"strings"
)

// param is one query parameter, decoded.
type param struct{ key, value string }

// parseQuery appends the parameters of a raw query to params, sorted by the
// bytes of their keys. Equal keys keep their order. A part that is not
// decodable stays as it is.
func parseQuery(params []param, raw string) []param {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		params = append(params, param{unescape(key), unescape(value)})
		for i := len(params) - 1; i > 0 && params[i].key < params[i-1].key; i-- {
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

// lookup returns the first value of a key.
func lookup(params []param, key string) (string, bool) {
	for _, p := range params {
		if p.key == key {
			return p.value, true
		}
	}
	return "", false
}
