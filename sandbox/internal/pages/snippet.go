package pages

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// recipe is what a request takes to be made again somewhere else.
type recipe struct {
	Method, Base, Path string
	AppKey             string
	Params             map[string]string // without what signing adds
	Body               string
	Shift              int64 // seconds by which the sandbox's clock is ahead of the real one
	Stands             int64 // Unix seconds at which the clock is frozen; 0 where it runs
}

// recipe reads a request of the log.
func (s *Site) recipe(base string, v *gate.RequestView) recipe {
	made := recipe{Method: v.Method, Base: base, Path: v.Path, AppKey: v.AppKey, Params: gate.Unsigned(v.Query), Body: v.Sent}
	if v.Method == "GET" { // few clients send one, and the platform reads none
		made.Body = ""
	}
	if made.AppKey == "" {
		made.AppKey = s.State.Load().Authority.First().Key
	}
	now := s.Clock.Now()
	if s.Clock.Frozen() {
		made.Stands = now.Unix()
	} else if shift := now.Sub(s.Clock.Source()); shift.Abs() > 2*time.Second {
		made.Shift = int64(shift / time.Second)
	}
	return made
}

// snippet is a request in a language.
type snippet struct {
	Key, Label string
	Needs      string // what must be there, in words
	Code       string
}

// snippets writes a request in every language. They sign by themselves and read
// secret and token from the environment: neither stands in them.
func snippets(r recipe) []snippet {
	return []snippet{
		{"curl", "curl", "a POSIX shell, curl and openssl", curlSnippet(r)},
		{"go", "Go", "this project's module: go get github.com/ttshop-go/ttshop", goSnippet(r)},
		{"node", "Node", "Node 18 or later, nothing else", nodeSnippet(r)},
		{"php", "PHP", "PHP 7.4 or later, nothing else", phpSnippet(r)},
		{"python", "Python", "Python 3.8 or later, nothing else", pythonSnippet(r)},
	}
}

// sorted returns the parameters that are signed, without the timestamp, in the
// order of signing.
func (r recipe) sorted() []pair {
	all := maps.Clone(r.Params)
	all["app_key"] = r.AppKey
	var list []pair
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, pair{name, all[name]})
	}
	return list
}

// now writes the timestamp as an expression, from one of the real time, and why
// it is not that alone, after a mark of comments.
func (r recipe) now(real, mark string) (expression, comment string) {
	switch {
	case r.Stands != 0:
		return strconv.FormatInt(r.Stands, 10), mark + "the sandbox's clock is frozen"
	case r.Shift > 0:
		return real + " + " + strconv.FormatInt(r.Shift, 10), mark + "the sandbox's clock is ahead"
	case r.Shift < 0:
		return real + " - " + strconv.FormatInt(-r.Shift, 10), mark + "the sandbox's clock is behind"
	}
	return real, ""
}

// shellQuote quotes a text for a POSIX shell.
func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// jsonQuote quotes a text for JavaScript and Python, both of which read what
// JSON does.
func jsonQuote(text string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a text in memory always works
	return strings.TrimSuffix(b.String(), "\n")
}

// phpQuote quotes a text for PHP.
func phpQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}

// goQuote quotes a text for Go, raw where that is easier to read.
func goQuote(text string) string {
	if strconv.CanBackquote(text) && strings.Contains(text, `"`) {
		return "`" + text + "`"
	}
	return strconv.Quote(text)
}
