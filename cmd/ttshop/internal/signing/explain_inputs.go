package signing

import (
	"errors"
	"os"
	"strings"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign/explain"
	"github.com/ttshop-go/ttshop/sign/explain/paste"
)

// read returns what the arguments give.
func (o *explainOptions) read(sys *platform.Session, in *field.Inputs) (paste.Paste, error) {
	p, err := o.recording(in)
	if p.Requests == nil && err == nil {
		p, err = o.text(sys, in)
	}
	if err != nil && console.ExitCode(err) != console.ExitUsage && !errors.Is(err, errNoFile) {
		err = &console.ExitError{Code: console.ExitUsage, Err: err}
	}
	return p, err
}

// errNoFile marks the errors of files that cannot be read, which are not about
// usage.
var errNoFile = errors.New("")

// recording reads the file that one of the flags names; without any it returns
// nothing.
func (o *explainOptions) recording(in *field.Inputs) (paste.Paste, error) {
	read := func(flag, name string, parse func([]byte) ([]explain.Request, error)) (paste.Paste, error) {
		text, err := in.File(flag, name)
		if err != nil {
			return paste.Paste{}, errors.Join(err, errNoFile)
		}
		requests, err := parse(text)
		if err != nil {
			return paste.Paste{}, err
		}
		p := paste.Paste{Form: strings.TrimPrefix(flag, "--")}
		for _, r := range requests {
			p.Requests = append(p.Requests, paste.Request{Request: r, Whole: true})
		}
		return p, nil
	}
	one := func(r explain.Request, err error) ([]explain.Request, error) { return []explain.Request{r}, err }
	switch {
	case o.Curl != "":
		return read("--curl", o.Curl, func(text []byte) ([]explain.Request, error) {
			return one(explain.ParseCurl(string(text), os.ReadFile))
		})
	case o.HTTP != "":
		return read("--http", o.HTTP, func(text []byte) ([]explain.Request, error) { return one(explain.ParseHTTP(text)) })
	case o.HAR != "":
		text, err := in.File("--har", o.HAR)
		if err != nil {
			return paste.Paste{}, errors.Join(err, errNoFile)
		}
		if _, err := explain.ParseHAR(text); err != nil {
			return paste.Paste{}, err
		}
		return paste.Read(string(text), nil)
	}
	return paste.Paste{}, nil
}

// text reads the URL or the text that was pasted.
func (o *explainOptions) text(sys *platform.Session, in *field.Inputs) (paste.Paste, error) {
	body, err := in.Body("--body", o.Body)
	if err != nil {
		return paste.Paste{}, errors.Join(err, errNoFile)
	}
	text := o.Text
	if text == "-" {
		b, err := in.File("the text", "-")
		if err != nil {
			return paste.Paste{}, errors.Join(err, errNoFile)
		}
		text = strings.TrimRight(string(b), "\r\n")
	}
	if url := strings.TrimSpace(text); url != "" && isURL(url) {
		text = url
		if err := checkURL(sys, text); err != nil {
			return paste.Paste{}, err
		}
		r := paste.Request{Request: explain.Request{Method: strings.ToUpper(o.Method), URL: text, ContentType: o.ContentType, Body: body}}
		return paste.Paste{Requests: []paste.Request{r}}, nil
	}
	p, err := paste.Read(text, os.ReadFile)
	if err != nil {
		return p, err
	}
	for i := range p.Requests {
		r := &p.Requests[i]
		if o.Body != "" {
			r.Body, r.BodyUnknown = body, false
		}
		if o.Method != "" {
			r.Method = strings.ToUpper(o.Method)
		}
		if o.ContentType != "" {
			r.ContentType = o.ContentType
		}
	}
	return p, nil
}

// isURL reports whether a text is a URL and nothing else.
func isURL(text string) bool {
	if strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "/") {
		return !strings.ContainsAny(text, " \t\r\n")
	}
	return !strings.ContainsAny(text, " \t\r\n{}<>()\"'`")
}
