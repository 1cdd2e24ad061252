package explain

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sign"
)

// facts are a request and the options in the form that the search needs.
type facts struct {
	address
	method       string
	params       []param // of the URL, sign and access_token included
	sorted       []param // the same, by key
	contentType  string
	multipart    bool
	body         []byte
	doc          *document // the body, if it is JSON
	unsignedBody bool      // there is a body, but it is not in the string
	token        string    // of the header or the URL, empty if unknown
	secret       string
	got          string // the signature that was sent
	expected     string
	canonical    string // masked at both ends only
	options      Options
	mask         *mask
}

func newFacts(r Request, secret string, o Options) (*facts, error) {
	if secret == "" {
		return nil, fmt.Errorf("explain: the app secret is empty")
	}
	request, err := sign.RequestFromURL(r.URL, r.ContentType, r.Body)
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	signer := sign.New(secret)
	if o.Legacy {
		signer = sign.NewLegacy(secret)
	}
	f := &facts{
		address:     splitURL(r.URL),
		method:      strings.ToUpper(r.Method),
		contentType: r.ContentType,
		multipart:   isMultipart(r.ContentType),
		body:        r.Body,
		token:       r.AccessToken,
		secret:      secret,
		got:         r.Signature,
		expected:    signer.Sign(request),
		canonical:   signer.Canonical(request),
		options:     o,
	}
	if err := checkEscapes(f.query); err != nil {
		return nil, fmt.Errorf("explain: read URL: %w", err)
	}
	f.params = parseQuery(f.query)
	f.sorted = slices.SortedStableFunc(slices.Values(f.params), byKey)
	f.unsignedBody = len(f.body) > 0 && (f.multipart || o.Legacy)
	if f.got == "" {
		f.got, _ = f.lookup("sign")
	}
	if f.token == "" {
		f.token, _ = f.lookup("access_token")
	}
	f.mask = newMask(f)
	return f, nil
}

// read parses the body, which only the search for a mistake needs.
func (f *facts) read() {
	if !f.multipart {
		f.doc = parseDocument(f.body)
	}
}

// checkEscapes finds escapes that package sign ignores, since they belong to
// parameters that are not signed.
func checkEscapes(query string) error {
	for part := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(part, "=")
		for _, s := range []string{key, value} {
			if _, err := url.QueryUnescape(s); err != nil {
				return fmt.Errorf("a parameter holds a broken percent escape; a literal %% is written %%25")
			}
		}
	}
	return nil
}

// isMultipart asks package sign whether it leaves out the body of a content
// type, so that there is one reading of media types.
func isMultipart(contentType string) bool {
	r := sign.Request{ContentType: contentType, Body: []byte{'.'}}
	return !strings.Contains(sign.New("").Canonical(r), ".")
}

// lookup returns the first value of a parameter.
func (f *facts) lookup(key string) (string, bool) {
	i := slices.IndexFunc(f.params, func(p param) bool { return p.key == key })
	if i < 0 {
		return "", false
	}
	return f.params[i].value, true
}

// signed returns the parameters that take part in the signature, without
// repetitions, in the order of the URL.
func (f *facts) signed() []param {
	var list []param
	for _, p := range f.params {
		if p.key != "sign" && p.key != "access_token" && !slices.ContainsFunc(list, func(q param) bool { return q.key == p.key }) {
			list = append(list, p)
		}
	}
	return list
}

// any reports whether a signed parameter meets the condition.
func (f *facts) any(condition func(param) bool) bool {
	return slices.ContainsFunc(f.signed(), condition)
}

// bodySigned reports whether the right string contains a body.
func (f *facts) bodySigned() bool { return len(f.body) > 0 && !f.unsignedBody }

// isLegacyPath reports whether the path is one of version 202212.
func (f *facts) isLegacyPath() bool {
	version, _ := f.lookup("version")
	return strings.HasPrefix(f.path, "/api/") || version == "202212"
}
