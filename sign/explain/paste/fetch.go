package paste

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/ttshop-go/ttshop/sign/explain"
)

// The beginnings of calls.
var (
	fetchCall = regexp.MustCompile(`\bfetch\(`)
	axiosCall = regexp.MustCompile(`\baxios(?:\.(request|get|delete|head|post|put|patch))?\(`)
	// axiosInstance is a client of axios with settings of its own.
	axiosInstance = regexp.MustCompile(`([A-Za-z_$][\w$]*)\s*=\s*axios\.create\(`)
)

func isAxios(text string) bool { return axiosCall.MatchString(text) || axiosInstance.MatchString(text) }

// callIn returns the arguments of the first call in a program, and which function
// of several is called.
func callIn(text string, call *regexp.Regexp) (function string, arguments []jsValue, err error) {
	at := call.FindStringSubmatchIndex(text)
	if len(at) > 2 && at[2] >= 0 {
		function = text[at[2]:at[3]]
	}
	p := &jsParser{rest: text[at[1]:], vars: constants(text[:at[0]])}
	if arguments, err = p.arguments(); err == nil && len(arguments) == 0 {
		err = errors.New("the call has no arguments")
	}
	return function, arguments, err
}

// headersOf calls f with the headers of an object or a list of pairs.
func headersOf(v jsValue, f func(name, value string)) {
	for _, m := range v.members {
		f(m.name, m.value.string())
	}
	for _, pair := range v.items {
		if len(pair.items) == 2 {
			f(pair.items[0].string(), pair.items[1].string())
		}
	}
}

// readFetch reads a call of fetch.
func readFetch(text string, _ func(string) ([]byte, error)) (Paste, error) {
	_, arguments, err := callIn(text, fetchCall)
	if err != nil {
		return Paste{}, err
	}
	r := explain.Request{Method: http.MethodGet, URL: arguments[0].string()}
	if len(arguments) > 1 {
		options := arguments[1]
		if method, ok := options.member("method"); ok {
			r.Method = strings.ToUpper(method.string())
		}
		if body, ok := options.member("body"); ok && body.kind != jsNone && body.text != "null" {
			r.Body, r.ContentType = []byte(body.string()), "text/plain;charset=UTF-8"
		}
		if headers, ok := options.member("headers"); ok {
			headersOf(headers, func(name, value string) { setHeader(&r, name, value) })
		}
	}
	return single(r, true), nil
}

// readAxios reads a call of axios, or of one of its functions.
func readAxios(text string, _ func(string) ([]byte, error)) (Paste, error) {
	call, settings := axiosCall, jsValue{}
	if name := axiosInstance.FindStringSubmatch(text); name != nil {
		_, created, err := callIn(text, axiosInstance)
		if err != nil {
			return Paste{}, err
		}
		settings = created[0]
		call = regexp.MustCompile(`\b` + regexp.QuoteMeta(name[1]) + `(?:\.(request|get|delete|head|post|put|patch))?\(`)
		if !call.MatchString(text) {
			return Paste{}, fmt.Errorf("%s is made, and not called", name[1])
		}
	}
	function, arguments, err := callIn(text, call)
	if err != nil {
		return Paste{}, err
	}
	config, data := jsValue{}, jsValue{}
	r := explain.Request{Method: http.MethodGet}
	switch function {
	case "", "request":
		config = arguments[0]
		if config.kind == jsText {
			r.URL = config.text
			config = jsValue{}
			if len(arguments) > 1 {
				config = arguments[1]
			}
		}
		data, _ = config.member("data")
		if method, ok := config.member("method"); ok {
			r.Method = strings.ToUpper(method.string())
		}
	case "get", "delete", "head":
		r.Method, r.URL = strings.ToUpper(function), arguments[0].string()
		if len(arguments) > 1 {
			config = arguments[1]
		}
		data, _ = config.member("data")
	default:
		r.Method, r.URL = strings.ToUpper(function), arguments[0].string()
		if len(arguments) > 1 {
			data = arguments[1]
		}
		if len(arguments) > 2 {
			config = arguments[2]
		}
	}
	if address, ok := config.member("url"); ok && r.URL == "" {
		r.URL = address.string()
	}
	base, ok := config.member("baseURL")
	if !ok {
		base, ok = settings.member("baseURL")
	}
	if ok && !strings.Contains(r.URL, "://") {
		r.URL = strings.TrimRight(base.string(), "/") + "/" + strings.TrimLeft(r.URL, "/")
	}
	if r.URL == "" {
		return Paste{}, errors.New("it has no URL")
	}
	for _, from := range []jsValue{settings, config} {
		if params, ok := from.member("params"); ok {
			r.URL = withParams(r.URL, params)
		}
	}
	switch data.kind {
	case jsObject, jsArray:
		var b strings.Builder
		data.stringify(&b, "", "")
		r.Body, r.ContentType = []byte(b.String()), "application/json"
	case jsText:
		r.Body, r.ContentType = []byte(data.text), "application/x-www-form-urlencoded"
	}
	for _, from := range []jsValue{settings, config} {
		if headers, ok := from.member("headers"); ok {
			headersOf(headers, func(name, value string) { setHeader(&r, name, value) })
		}
	}
	return single(r, true), nil
}

// withParams adds parameters to a URL the way axios does.
func withParams(address string, params jsValue) string {
	var parts []string
	for _, m := range params.members {
		if m.value.kind == jsNone || m.value.kind == jsWord && m.value.text == "null" {
			continue
		}
		parts = append(parts, axiosEscape(m.name)+"="+axiosEscape(m.value.string()))
	}
	if len(parts) == 0 {
		return address
	}
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + strings.Join(parts, "&")
}

// axiosEscape escapes a text the way axios does, which leaves some characters.
func axiosEscape(text string) string {
	return strings.NewReplacer("%3A", ":", "%24", "$", "%2C", ",", "%5B", "[", "%5D", "]").Replace(url.QueryEscape(text))
}
