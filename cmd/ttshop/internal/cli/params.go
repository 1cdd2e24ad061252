package cli

import (
	"net/url"
	"strings"
)

// mask stands for a secret in output.
const mask = "[secret]"

// isSecretParam reports whether a parameter's value must not be shown.
func isSecretParam(key string) bool {
	switch strings.ToLower(key) {
	case "sign", "access_token", "app_secret", "auth_code", "code", "refresh_token", "x-tts-access-token":
		return true
	}
	return false
}

// param is one decoded query parameter.
type param struct{ key, value string }

// splitQuery returns the parameters of a raw query in their order. What cannot
// be decoded stays as it is.
func splitQuery(rawQuery string) []param {
	var params []param
	for part := range strings.SplitSeq(rawQuery, "&") {
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		params = append(params, param{unescape(key), unescape(value)})
	}
	return params
}

func unescape(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

// escapeParam returns key=value as it stands in a query.
func escapeParam(key, value string) string {
	return strings.ReplaceAll(url.QueryEscape(key)+"="+url.QueryEscape(value), "+", "%20")
}

// keyValue splits KEY=VALUE as a flag takes it. The value is not repeated in
// the error, since it may be a secret.
func keyValue(flag, text string) (key, value string, err error) {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return "", "", usagef("%s wants KEY=VALUE, such as page_size=20", flag)
	}
	return key, value, nil
}
