package operation

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// captured is a request that was built and signed, but not sent. It implements
// http.RoundTripper.
type captured struct {
	request *http.Request
	body    string
}

// RoundTrip keeps the request and answers that the call succeeded.
func (c *captured) RoundTrip(req *http.Request) (*http.Response, error) {
	c.request = req
	if req.Body != nil {
		defer req.Body.Close()
		if !strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/") {
			b, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			c.body = string(b)
		}
	}
	const answer = `{"code":0,"data":null}`
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{}, ContentLength: int64(len(answer)), Body: io.NopCloser(strings.NewReader(answer)),
	}, nil
}

// sendOptions say whether a request is sent, and how; ttshop call and the
// commands of the operations share them.
type sendOptions struct {
	DryRun  bool
	Curl    bool
	Verbose bool
	Yes     bool
}

// add adds the flags; writes says that the request may change something.
func (o *sendOptions) add(flags *pflag.FlagSet, writes bool) {
	flags.BoolVar(&o.DryRun, "dry-run", false, "show the signed request with its secrets masked; send nothing")
	flags.BoolVar(&o.Curl, "curl", false, "show a curl command that sends the request; send nothing")
	if writes {
		flags.BoolVarP(&o.Yes, "yes", "y", false, "write to a real shop without being asked")
	}
	flags.BoolVarP(&o.Verbose, "verbose", "v", false, "show each request and answer on standard error")
}

// check refuses flags that make no sense together.
func (o *sendOptions) check() error {
	if o.DryRun && o.Curl {
		return console.Usagef("--dry-run and --curl both show the request; use one of them")
	}
	return nil
}

// shows reports whether the request is only shown.
func (o *sendOptions) shows() bool { return o.DryRun || o.Curl }

// source returns where the token of a call comes from; a call that is only shown
// needs none.
func (o *sendOptions) source(c *platform.Connection) func(*platform.Session, *field.Inputs) (ttshop.TokenSource, error) {
	if o.shows() {
		return func(*platform.Session, *field.Inputs) (ttshop.TokenSource, error) {
			return ttshop.StaticToken(field.Mask), nil
		}
	}
	return c.Tokens
}

// transport returns what the request goes through: next, traced if that is asked
// for, or c, which keeps it.
func (o *sendOptions) transport(sys *platform.Session, c *captured) func(next http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		switch {
		case o.shows():
			return c
		case o.Verbose:
			return platform.NewTracer(sys, next)
		}
		return next
	}
}

// show prints the request that was kept, or a curl command that sends it.
// parts are those of a form, the way curl takes them.
func (o *sendOptions) show(sys *platform.Session, c *captured, parts []string, asJSON bool) error {
	switch {
	case o.Curl:
		return c.writeCurl(sys, parts)
	case asJSON:
		return c.writeJSON(sys, parts)
	}
	return c.write(sys, parts)
}

// address returns the URL without its parameters.
func (c *captured) address() string {
	bare := *c.request.URL
	bare.RawQuery = ""
	return bare.String()
}

// header returns the parts of the header that are worth showing.
func (c *captured) header() map[string]string {
	return map[string]string{
		"Content-Type":       console.Before(c.request.Header.Get("Content-Type"), ";"), // without the boundary, which is different each time
		"X-Tts-Access-Token": field.Mask,
	}
}

// write writes the request with its secrets masked.
func (c *captured) write(sys *platform.Session, parts []string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", console.Painter(sys.Color).Bold(c.request.Method+" "+c.address()))
	mark := "?"
	for _, p := range platform.MaskParams(c.request.URL.RawQuery) {
		fmt.Fprintf(&b, "  %s%s=%s\n", mark, p.Key, console.Printable(p.Value))
		mark = "&"
	}
	header := c.header()
	for _, name := range slices.Sorted(maps.Keys(header)) {
		fmt.Fprintf(&b, "%s: %s\n", name, header[name])
	}
	if c.body != "" {
		parts = []string{c.body}
	}
	if len(parts) > 0 {
		fmt.Fprintf(&b, "\n%s\n", console.Printable(strings.Join(parts, "\n")))
	}
	if _, err := sys.Out.Write(b.Bytes()); err != nil {
		return err
	}
	fmt.Fprintln(sys.Err, "Nothing was sent.")
	return nil
}

// writeJSON writes the request with its secrets masked for machines.
func (c *captured) writeJSON(sys *platform.Session, parts []string) error {
	query := make(map[string]string)
	for _, p := range platform.MaskParams(c.request.URL.RawQuery) {
		query[p.Key] = p.Value
	}
	return console.WriteJSON(sys.Out, struct {
		Method string            `json:"method"`
		URL    string            `json:"url"`
		Query  map[string]string `json:"query"`
		Header map[string]string `json:"header"`
		Body   string            `json:"body,omitempty"`
		Form   []string          `json:"form,omitempty"`
	}{c.request.Method, c.address(), query, c.header(), c.body, parts})
}

// writeCurl writes a shell command that sends the request. The token is taken
// from the environment or from what ttshop login keeps; the signature has to be part of the command.
func (c *captured) writeCurl(sys *platform.Session, parts []string) error {
	words := []string{"curl " + console.ShellWord(c.request.URL.String())}
	if m := c.request.Method; m != http.MethodGet {
		words[0] = "curl -X " + m + " " + console.ShellWord(c.request.URL.String())
	}
	token, from := "$"+platform.EnvAccessToken, platform.EnvAccessToken
	if sys.Getenv(platform.EnvAccessToken) == "" {
		from = "ttshop token print"
		if h, err := sys.Home(); err == nil && h.Explicit {
			from += " --profile " + console.ShellWord(h.Name)
		}
		token = "$(" + from + ")"
	}
	words = append(words, `-H "X-Tts-Access-Token: `+token+`"`)
	for _, part := range parts {
		words = append(words, "-F "+console.ShellWord(part))
	}
	if len(parts) == 0 {
		words = append(words, "-H 'Content-Type: application/json'")
	}
	if c.body != "" {
		words = append(words, "--data-raw "+console.ShellWord(c.body))
	}
	if _, err := fmt.Fprintln(sys.Out, strings.Join(words, " \\\n  ")); err != nil {
		return err
	}
	fmt.Fprintf(sys.Err, "Its timestamp and signature are valid for 5 minutes; the token comes from\n%s.\n", from)
	return nil
}

// curlParts returns the parts of a form the way curl takes them; files are the
// names of its files.
func curlParts(form *ttshop.Form, files map[string]string) []string {
	if form == nil {
		return nil
	}
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(form.Fields)) {
		parts = append(parts, field+"="+form.Fields.Get(field))
	}
	for _, field := range slices.Sorted(maps.Keys(form.Files)) {
		parts = append(parts, field+"=@"+files[field]+";type="+console.Before(form.Files[field].ContentType, ";"))
	}
	return parts
}
