package gate

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// The bodies that the gateway takes. Above an operation's own limit and below
// the gateway's, the operation answers.
const (
	maxJSONBody      = 10 << 20
	maxMultipartBody = 20 << 20
	maxAhead         = 64 << 10 // room that is made for a body before it comes
)

// Wire is what was asked for: the request as it came, and the operation that it
// names. Its methods read parameters, forms and JSON.
type Wire struct {
	Request   *http.Request
	Path      string // as on the wire
	Route     *Route
	Operation string
	Params    pathParams
	Query     []wire.Param
	Body      []byte
	fields    []byte // see Fields; nil until the body was checked
	base      string // see BaseURL; "" until it is asked for
}

// Param returns a parameter of the path by position.
func (w *Wire) Param(i int) string { return w.Params.Values[i] }

// MediaType returns the media type of the body in lower case, or "".
func (w *Wire) MediaType() string {
	value := w.Request.Header.Get("Content-Type")
	if value == "application/json" {
		return value
	}
	// Parameters are not the gateway's business, so a broken one does not
	// matter here.
	mediaType, _, err := mime.ParseMediaType(value)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return ""
	}
	return mediaType
}

// BaseURL is the address under which the caller reached the sandbox, for
// links in answers.
func (w *Wire) BaseURL() string {
	if w.base == "" {
		scheme := "http://"
		if w.Request.TLS != nil {
			scheme = "https://"
		}
		w.base = scheme + w.Request.Host
	}
	return w.base
}

// readBody reads the body, which the signature covers.
func (w *Wire) readBody() *Failure {
	limit := int64(maxJSONBody)
	if w.Route.Spec().Multipart {
		limit = cmp.Or(w.Route.Spec().MaxBody, maxMultipartBody)
	}
	tooLarge := func() *Failure {
		return Fail(codeTooLarge, "the body is larger than ", strconv.FormatInt(limit, 10), " bytes")
	}
	r := w.Request
	if r.ContentLength > limit {
		return tooLarge()
	}
	if r.Body == nil || r.ContentLength == 0 {
		return nil
	}
	if r.ContentLength > 0 {
		// What is announced has not come yet.
		w.Body = slices.Grow(w.Body, int(min(r.ContentLength+1, maxAhead)))
	}
	for body := io.LimitReader(r.Body, limit+1); ; {
		if len(w.Body) == cap(w.Body) {
			w.Body = slices.Grow(w.Body, 4096)
		}
		n, err := body.Read(w.Body[len(w.Body):cap(w.Body)])
		w.Body = w.Body[:len(w.Body)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Fail(CodeInvalidParameter, "the body ended early")
		}
	}
	if int64(len(w.Body)) > limit {
		return tooLarge()
	}
	return nil
}

// checkContentType looks at requests with a body only: a type without a body
// means nothing.
func (w *Wire) checkContentType() *Failure {
	if len(w.Body) == 0 {
		return nil
	}
	switch mediaType := w.MediaType(); {
	case w.Route.Spec().Multipart && mediaType != "multipart/form-data":
		return Fail(codeMultipartOnly, "'content-type' must be multipart/form-data")
	case !w.Route.Spec().Multipart && mediaType != "application/json":
		return Fail(codeContentType, "'content-type' must be application/json")
	}
	return nil
}
