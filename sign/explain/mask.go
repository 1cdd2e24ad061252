package explain

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/sign"
)

const (
	tokenMask = "<access_token>"
	otherMask = "<other_app_secret>"
)

// mask removes secrets from texts, even if they are escaped as in a URL or in
// JSON.
type mask struct{ old, new []string }

func newMask(f *facts) *mask {
	m := new(mask)
	m.add(f.secret, sign.SecretMask)
	m.add(strings.TrimSpace(f.secret), sign.SecretMask)
	for _, app := range f.options.Apps {
		m.add(app.Secret, otherMask)
	}
	m.add(f.token, tokenMask)
	for _, p := range f.params {
		if shown := masks[p.key]; shown != "" {
			m.add(p.value, shown)
			m.add(p.rawValue, shown)
		}
	}
	for _, found := range secretMember().FindAllSubmatch(f.body, -1) {
		m.add(string(found[2]), masks[string(found[1])])
	}
	return m
}

// masks are what is shown for the values of parameters and members that are
// secret.
var masks = map[string]string{
	"access_token": tokenMask, "app_secret": sign.SecretMask, "refresh_token": "<refresh_token>", "auth_code": "<auth_code>",
}

// secretMember finds such members in a body, whether it is valid JSON or not.
var secretMember = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`"(access_token|app_secret|refresh_token|auth_code)"\s*:\s*"([^"]+)"`)
})

func (m *mask) add(secret, shown string) {
	if secret == "" {
		return
	}
	quoted, _ := json.Marshal(secret) // cannot fail for a string
	for _, form := range []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1]),
	} {
		if slices.Contains(m.old, form) {
			continue
		}
		// Longer forms first, since they may contain shorter ones.
		at := slices.IndexFunc(m.old, func(s string) bool { return len(s) < len(form) })
		if at < 0 {
			at = len(m.old)
		}
		m.old = slices.Insert(m.old, at, form)
		m.new = slices.Insert(m.new, at, shown)
	}
}

// text returns s without secrets.
func (m *mask) text(s string) string {
	for i, old := range m.old {
		if strings.Contains(s, old) {
			s = strings.ReplaceAll(s, old, m.new[i])
		}
	}
	return s
}

// digest returns a signature that was sent, without secrets. A few hex digits
// that are also a very short secret are a coincidence and stay.
func (m *mask) digest(s string) string {
	const short = 4
	for i, old := range m.old {
		if s == old || len(old) > short {
			s = strings.ReplaceAll(s, old, m.new[i])
		}
	}
	return s
}

// show returns a part of the request for a sentence, without secrets.
func (f *facts) show(s string) string { return f.mask.text(s) }

// report removes the secrets from what a report quotes of the request.
func (m *mask) report(r *Report) {
	r.Got = m.digest(r.Got)
	// Both ends are masked already, and a mask must not be searched.
	inner := strings.TrimSuffix(strings.TrimPrefix(r.Canonical, sign.SecretMask), sign.SecretMask)
	r.Canonical = sign.SecretMask + m.text(inner) + sign.SecretMask
	for i := range r.Pieces {
		if p := &r.Pieces[i]; p.Kind != PieceSecret {
			p.Key, p.Text = m.text(p.Key), m.text(p.Text)
		}
	}
}
