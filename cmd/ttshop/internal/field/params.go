package field

import (
	"net/url"
	"strings"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// Mask stands for a secret in output.
const Mask = "[secret]"

// IsSecretParam reports whether a parameter's value must not be shown.
func IsSecretParam(key string) bool {
	switch strings.ToLower(key) {
	case "sign", "access_token", "app_secret", "auth_code", "code", "refresh_token", "x-tts-access-token":
		return true
	}
	return false
}

// Param is one decoded query parameter.
type Param struct{ Key, Value string }

// SplitQuery returns the parameters of a raw query in their order. What cannot
// be decoded stays as it is.
func SplitQuery(rawQuery string) []Param {
	var params []Param
	for part := range strings.SplitSeq(rawQuery, "&") {
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		params = append(params, Param{Unescape(key), Unescape(value)})
	}
	return params
}

// Unescape returns a part of a query decoded, or as it stands where it cannot be.
func Unescape(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

// EscapeParam returns key=value as it stands in a query.
func EscapeParam(key, value string) string {
	return strings.ReplaceAll(url.QueryEscape(key)+"="+url.QueryEscape(value), "+", "%20")
}

// KeyValue splits KEY=VALUE as a flag takes it. The value is not repeated in
// the error, since it may be a secret.
func KeyValue(flag, text string) (key, value string, err error) {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return "", "", console.Usagef("%s expects KEY=VALUE, such as page_size=20", flag)
	}
	return key, value, nil
}
