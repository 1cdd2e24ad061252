package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sign"
)

const (
	appKey      = "key"
	appSecret   = "secret"
	accessToken = "ROW_token"
	shopCipher  = "ROW_shop cipher"
	assetCipher = "ROW_asset"
)

var now = time.Unix(1_700_000_000, 0)

// A request is what arrived.
type request struct {
	method      string
	escapedPath string
	query       url.Values
	header      http.Header
	body        []byte
	signed      bool
	// Of a multipart body.
	form  map[string]string
	files map[string]string
}

// transport answers every request with data and keeps the request.
type transport struct {
	answer []byte
	last   *request
	err    error
}

func (tr *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	tr.last, tr.err = receive(r)
	recorder := httptest.NewRecorder()
	recorder.Header().Set("Content-Type", "application/json")
	_, _ = recorder.Write(tr.answer)
	return recorder.Result(), nil
}

func receive(r *http.Request) (*request, error) {
	got := &request{method: r.Method, escapedPath: r.URL.EscapedPath(), header: r.Header}
	var err error
	if got.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return nil, err
	}
	if r.Body != nil {
		if got.body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	contentType := r.Header.Get("Content-Type")
	got.signed = sign.New(appSecret).Verify(sign.Request{
		Path: got.escapedPath, Query: got.query, ContentType: contentType, Body: got.body,
	}, got.query.Get("sign"))
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil || mediaType != "multipart/form-data" {
		return got, err
	}
	got.form, got.files = map[string]string{}, map[string]string{}
	for reader := multipart.NewReader(bytes.NewReader(got.body), params["boundary"]); ; {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return got, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			got.files[part.FormName()] = string(content)
		} else {
			got.form[part.FormName()] = string(content)
		}
	}
}

// A call is one operation with its Go method.
type call struct {
	op        *catalog.Operation
	transport *transport
	method    reflect.Value
	service   reflect.Value
}

// newCall binds the method of op to a client that ends in a transport.
func newCall(t *testing.T, c *catalog.Catalog, e catalog.Entry) *call {
	t.Helper()
	op, err := c.Describe(e)
	if err != nil {
		t.Fatal(err)
	}
	tr := &transport{}
	client := ttshop.New(appKey, appSecret,
		ttshop.WithTokenSource(ttshop.StaticToken(accessToken)),
		ttshop.WithHTTPClient(&http.Client{Transport: tr}),
		ttshop.WithClock(func() time.Time { return now }),
		ttshop.WithLimiter(nil),
		ttshop.WithoutRetry(),
	).Shop(shopCipher).CategoryAsset(assetCipher)
	made := bindCall(t, op, client)
	made.transport = tr
	return made
}

// bindCall binds the method of op to a client.
func bindCall(t *testing.T, op *catalog.Operation, client *ttshop.Client) *call {
	t.Helper()
	e := op.Entry
	s := service(e.Domain, client)
	if !s.IsValid() {
		t.Fatalf("domain %s has no service in services_test.go", e.Domain)
	}
	method := s.MethodByName(e.GoName)
	if !method.IsValid() {
		t.Fatalf("%s has no method %s", s.Type(), e.GoName)
	}
	return &call{op: op, method: method, service: s}
}

// newParams returns a pointer to a zero Params value, or to an empty struct for an
// operation without parameters.
func (c *call) newParams() reflect.Value {
	if !c.takesParams() {
		return reflect.ValueOf(&struct{}{})
	}
	return reflect.New(c.method.Type().In(1).Elem())
}

func (c *call) takesParams() bool { return len(c.op.Params)+len(c.op.Body) > 0 }

// invoke calls the method.
func (c *call) invoke(ctx context.Context, params reflect.Value) []reflect.Value {
	arguments := []reflect.Value{reflect.ValueOf(ctx), params}
	if !c.takesParams() {
		arguments = arguments[:1]
	}
	return c.method.Call(arguments)
}

// do calls the method and returns the pointer to its result.
func (c *call) do(ctx context.Context, params reflect.Value, data any) (reflect.Value, error) {
	answer, err := json.Marshal(map[string]any{"code": 0, "message": "Success", "request_id": "20231114", "data": data})
	if err != nil {
		return reflect.Value{}, err
	}
	c.transport.answer = answer
	out := c.invoke(ctx, params)
	err, _ = out[1].Interface().(error)
	if err == nil {
		err = c.transport.err
	}
	return out[0], err
}

// walk calls the iterator of the method over the pages of fetch and returns the
// number of items.
func (c *call) walk(ctx context.Context, params reflect.Value, answers [][]byte) (items int, tokens []string, err error) {
	method := c.service.MethodByName(c.op.GoName + "All")
	seq := method.Call([]reflect.Value{reflect.ValueOf(ctx), params})[0]
	next, stop := iter.Pull2(seq.Seq2())
	defer stop()
	for page := 0; ; {
		c.transport.answer = answers[min(page, len(answers)-1)]
		before := c.transport.last
		_, e, ok := next()
		if c.transport.last != before {
			tokens = append(tokens, c.token())
			page++
		}
		if !ok {
			return items, tokens, nil
		}
		if err, ok := e.Interface().(error); ok && err != nil {
			return items, tokens, err
		}
		items++
	}
}

// token returns the page token of the last request.
func (c *call) token() string {
	if c.op.Paging.Token == "query:page_token" {
		return c.transport.last.query.Get("page_token")
	}
	var body struct {
		PageToken string `json:"page_token"`
	}
	if len(c.transport.last.body) > 0 {
		if err := json.Unmarshal(c.transport.last.body, &body); err != nil {
			return "not JSON"
		}
	}
	return body.PageToken
}
