package sign

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// Signature is the result of signing a URL or a config.
type Signature struct {
	// Signature is 64 lower-case hex characters: the value of the parameter sign.
	Signature string `json:"signature"`
	// Timestamp is the Unix second that was signed. A URL without the
	// parameter timestamp must get it with this value.
	Timestamp int64 `json:"timestamp"`
}

// SignURL signs a request given by its URL, content type and exact body. The
// URL may be absolute, with any host, or begin with the path; a fragment is
// ignored. The time signed is that of the URL's parameter timestamp or, without
// one, now. An error names the parameter that cannot be read, never
// its value. On success nothing but the result is allocated.
func (s *Signer) SignURL(rawURL, contentType string, body []byte, now time.Time) (Signature, error) {
	st := s.state()
	defer s.pool.Put(st)
	path, rawQuery := splitURL(rawURL)
	if err := st.parse(rawQuery); err != nil {
		return Signature{}, fmt.Errorf("sign URL: %w", err)
	}
	timestamp := now.Unix()
	if text, ok := st.lookup("timestamp"); ok {
		var err error
		if timestamp, err = strconv.ParseInt(text, 10, 64); err != nil {
			return Signature{}, fmt.Errorf("sign URL: parameter timestamp is %q, want Unix seconds such as 1700000000", strings.Clone(text))
		}
	} else {
		start := len(st.scratch)
		st.scratch = strconv.AppendInt(st.scratch, timestamp, 10)
		st.pairs = append(st.pairs, pair{"timestamp", view(st.scratch[start:])})
	}
	s.sum(st, path, s.signedBody(contentType, body))
	return Signature{string(st.digest[:]), timestamp}, nil
}

// VerifyURL reports whether the parameter sign of the URL is right for the URL,
// content type and exact body. It returns an error if the URL cannot be read or
// has no sign.
func (s *Signer) VerifyURL(rawURL, contentType string, body []byte) (bool, error) {
	st := s.state()
	defer s.pool.Put(st)
	path, rawQuery := splitURL(rawURL)
	if err := st.parse(rawQuery); err != nil {
		return false, fmt.Errorf("verify URL: %w", err)
	}
	signature, ok, err := queryValue(rawQuery, "sign")
	if err != nil {
		return false, fmt.Errorf("verify URL: %w", err)
	}
	if !ok {
		return false, fmt.Errorf("verify URL: it has no parameter sign; pass the URL as it was sent, with &sign=…")
	}
	s.sum(st, path, s.signedBody(contentType, body))
	return st.matches(signature), nil
}

// RequestFromURL returns the request made of a URL, a content type and a body, for
// [Signer.Sign] and [Signer.Canonical].
func RequestFromURL(rawURL, contentType string, body []byte) (Request, error) {
	path, rawQuery := splitURL(rawURL)
	var st state
	if err := st.parse(rawQuery); err != nil {
		return Request{}, fmt.Errorf("read URL: %w", err)
	}
	query := make(url.Values, len(st.pairs))
	for _, p := range st.pairs {
		query[strings.Clone(p.key)] = append(query[p.key], strings.Clone(p.value))
	}
	return Request{Path: path, Query: query, ContentType: contentType, Body: body}, nil
}

// splitURL returns the escaped path and the raw query.
func splitURL(rawURL string) (path, rawQuery string) {
	rawURL, _, _ = strings.Cut(rawURL, "#")
	path, rawQuery, _ = strings.Cut(rawURL, "?")
	if _, rest, ok := strings.Cut(path, "://"); ok && !strings.HasPrefix(path, "/") {
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			path = rest[slash:]
		} else {
			path = ""
		}
	}
	return path, rawQuery
}

// parse splits and decodes a raw query into the pairs that are signed. The
// decoded values live in st.scratch.
func (st *state) parse(rawQuery string) error {
	if cap(st.scratch) < len(rawQuery)+maxTimestamp {
		// Must not grow afterwards, since the pairs point into it.
		st.scratch = make([]byte, 0, len(rawQuery)+maxTimestamp)
	}
	for rawQuery != "" {
		var part string
		part, rawQuery, _ = strings.Cut(rawQuery, "&")
		if part == "" {
			continue
		}
		rawKey, rawValue, _ := strings.Cut(part, "=")
		key, err := st.unescape(rawKey)
		if err != nil {
			return fmt.Errorf("a parameter's name holds %w", err)
		}
		value, err := st.unescape(rawValue)
		if err != nil {
			return fmt.Errorf("parameter %q holds %w", strings.Clone(key), err)
		}
		if signed(key) {
			st.pairs = append(st.pairs, pair{key, value})
		}
	}
	return nil
}

// maxTimestamp is the space that SignURL needs for a timestamp that it adds.
const maxTimestamp = 20

// lookup returns the first value of a key.
func (st *state) lookup(key string) (string, bool) {
	for _, p := range st.pairs {
		if p.key == key {
			return p.value, true
		}
	}
	return "", false
}

// queryValue returns the first value of one key of a raw query.
func queryValue(rawQuery, key string) (string, bool, error) {
	for part := range strings.SplitSeq(rawQuery, "&") {
		rawKey, rawValue, _ := strings.Cut(part, "=")
		if rawKey == key {
			value, err := url.QueryUnescape(rawValue)
			if err != nil {
				return "", false, fmt.Errorf("parameter %q holds %w", key, errEscape)
			}
			return value, true, nil
		}
	}
	return "", false, nil
}

var (
	errEscape    = fmt.Errorf("a broken percent escape; a literal %% is written %%25")
	errSemicolon = fmt.Errorf("a bare semicolon, which servers read differently; write it as %%3B")
)

// unescape decodes one component of a query, as [url.QueryUnescape] does, into
// the scratch memory.
func (st *state) unescape(s string) (string, error) {
	i := coded(s)
	if i == len(s) {
		return s, nil
	}
	start := len(st.scratch)
	for ; i < len(s); i = coded(s) {
		st.scratch = append(st.scratch, s[:i]...)
		switch s = s[i:]; s[0] {
		case '+':
			st.scratch = append(st.scratch, ' ')
			s = s[1:]
		case ';':
			return "", errSemicolon
		case '%':
			if len(s) < 3 {
				return "", errEscape
			}
			high, low := unhex(s[1]), unhex(s[2])
			if high > 15 || low > 15 {
				return "", errEscape
			}
			st.scratch = append(st.scratch, high<<4|low)
			s = s[3:]
		}
	}
	st.scratch = append(st.scratch, s...)
	return view(st.scratch[start:]), nil
}

// coded returns the position of the first byte that does not stand for itself,
// or the length of s. It is faster than [strings.IndexAny] on strings as short as
// parameters.
func coded(s string) int {
	for i := range len(s) {
		if c := s[i]; c == '%' || c == '+' || c == ';' {
			return i
		}
	}
	return len(s)
}

func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

// view returns b as a string without a copy: the scratch memory of a state is
// only appended to while its pairs are in use.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
