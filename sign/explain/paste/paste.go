package paste

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sign/explain"
)

// Paste is what a text holds: requests, or a delivery.
type Paste struct {
	// Form names what was recognized, such as curl or fetch.
	Form string
	// Requests are the requests, in the order of the text.
	Requests []Request
	// Delivery is a webhook's delivery, nil if the text holds requests.
	Delivery *Delivery
}

// Request is a request, and what the text says about it.
type Request struct {
	explain.Request
	// Whole reports whether the text has all headers, so that an empty token
	// means that none was sent.
	Whole bool
	// BodyUnknown reports that the text does not have the body, which may have
	// been sent.
	BodyUnknown bool
	// Sent is when it was sent; zero where the text does not say.
	Sent time.Time
}

// Delivery is a webhook's delivery. It prints without its contents.
type Delivery struct {
	Body          []byte
	Authorization string
}

// Format prints no contents, for every verb.
func (d Delivery) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "paste.Delivery(%d bytes)", len(d.Body))
}

// LogValue implements slog.LogValuer: it shows no contents.
func (d Delivery) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(d)) }

// Format prints the method and the path only, for every verb.
func (r Request) Format(f fmt.State, verb rune) { r.Request.Format(f, verb) }

// LogValue implements slog.LogValuer: it shows the method and the path only.
func (r Request) LogValue() slog.Value { return r.Request.LogValue() }

// form is a form that a text may have.
type form struct {
	name string
	// begins reports whether the text has the form.
	begins func(text string) bool
	// read reads it. Files that it names are read with open, which may be nil.
	read func(text string, open func(string) ([]byte, error)) (Paste, error)
}

// forms are tried in this order: what is recognized by its first word comes before
// what is recognized by something in it.
func forms() []form {
	word := func(pattern string) func(string) bool {
		re := regexp.MustCompile(`^(?i:` + pattern + `)`)
		return re.MatchString
	}
	return []form{
		{"HTTP request", word(`(GET|POST|PUT|DELETE|PATCH|HEAD) \S+ HTTP/`), readHTTP},
		{"curl", word(`(PS [^\n>]*> |[A-Z]:[^\n>]*>|[$>#%] )?(\S*[/\\])?curl(\.exe)?["']?\s`), readCurl},
		{"PowerShell", isPowerShell, readPowerShell},
		{"axios", isAxios, readAxios},
		{"fetch", fetchCall.MatchString, readFetch},
		{"Python", isPython, readPython},
		{"HAR", isHAR, readHAR},
		{"webhook", isDelivery, readDelivery},
		{"log", func(string) bool { return true }, readLog},
	}
}

// Read reads what a text holds. Files that a curl command names as @file are read
// with open; with a nil open they are an error.
func Read(text string, open func(name string) ([]byte, error)) (Paste, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	// Spaces at the end may belong to a body.
	text = strings.TrimRight(strings.TrimLeft(text, " \t\r\n"), "\r\n")
	text = unfenced(text)
	if text == "" {
		return Paste{}, errors.New("paste: the text is empty")
	}
	all := forms()
	i := slices.IndexFunc(all, func(f form) bool { return f.begins(text) })
	p, err := all[i].read(text, open)
	if err != nil {
		return Paste{}, fmt.Errorf("paste: read as %s: %w", all[i].name, err)
	}
	p.Form = all[i].name
	for i := range p.Requests {
		if err := p.Requests[i].settle(); err != nil {
			return Paste{}, fmt.Errorf("paste: read as %s: %w", p.Form, err)
		}
	}
	return p, nil
}

// settle refuses a request whose URL or body has a part with an unknown value. An
// unknown token is one that was sent.
func (r *Request) settle() error {
	for _, text := range []string{r.URL, string(r.Body), r.Method} {
		if _, rest, ok := strings.Cut(text, unknownMark); ok {
			name, _, _ := strings.Cut(rest, unknownMark)
			return fmt.Errorf("it contains %s, whose value is not in the text; insert it", name)
		}
	}
	r.AccessToken = strings.ReplaceAll(r.AccessToken, unknownMark, "")
	r.ContentType = strings.ReplaceAll(r.ContentType, unknownMark, "")
	return nil
}

// unfenced takes the fence of Markdown away.
func unfenced(text string) string {
	if rest, ok := strings.CutPrefix(text, "```"); ok {
		if _, inner, found := strings.Cut(rest, "\n"); found {
			return strings.Trim(strings.TrimSuffix(strings.TrimRight(inner, " \t\r\n"), "```"), " \t\r\n")
		}
	}
	return text
}

// single is a paste of one request.
func single(r explain.Request, whole bool) Paste {
	return Paste{Requests: []Request{{Request: r, Whole: whole}}}
}

// readHTTP reads the text of an HTTP request, which may be a webhook's delivery.
func readHTTP(text string, _ func(string) ([]byte, error)) (Paste, error) {
	r, err := explain.ParseHTTP([]byte(text))
	if err != nil {
		return Paste{}, bare(err)
	}
	if !isCall(r.URL) {
		if authorization, ok := authorizationIn(text); ok && r.Method == http.MethodPost {
			return Paste{Delivery: &Delivery{Body: r.Body, Authorization: authorization}}, nil
		}
	}
	return single(r, true), nil
}

// bare returns an error of package explain without what Read says already.
func bare(err error) error {
	if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), "explain: ") {
		return inner
	}
	return err
}

// isCall reports whether a URL is that of a call of the API.
func isCall(url string) bool {
	_, query, _ := strings.Cut(url, "?")
	for part := range strings.SplitSeq(query, "&") {
		if strings.HasPrefix(part, "sign=") || strings.HasPrefix(part, "app_key=") {
			return true
		}
	}
	return false
}

// setHeader keeps what an explanation needs of a header.
func setHeader(r *explain.Request, name, value string) {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "content-type":
		r.ContentType = strings.TrimSpace(value)
	case "x-tts-access-token":
		r.AccessToken = strings.TrimSpace(value)
	}
}
