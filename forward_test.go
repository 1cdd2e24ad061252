package ttshop_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/ttshop-go/ttshop"
)

var (
	searchOperation = &ttshop.Operation{Name: "order.GetOrderList", Method: "POST", Path: "/order/202309/orders/search", ShopCipher: ttshop.CipherRequired, Read: true}
	uploadOperation = &ttshop.Operation{Name: "product.UploadProductImage", Method: "POST", Path: "/product/202309/images/upload", Body: ttshop.BodyMultipart}
	fast            = ttshop.WithRetry(ttshop.RetryPolicy{MinWait: time.Microsecond, MaxWait: time.Millisecond})
)

func TestForwardIsVerbatim(t *testing.T) {
	t.Parallel()
	const answer = "{\"code\":0,\n \"message\":\"Success\", \"request_id\":\"r1\",\"data\":{\"n\": 1.50} }\n"
	const body = "{ \"order_status\" : \"UNPAID\",\"order_status\":\"x\" }\r\n"
	endpoint := platform(t, func(w http.ResponseWriter, r received) {
		if r.body != body || r.contentType != "application/json; charset=utf-8" || r.token != accessToken {
			t.Errorf("received %+v", r)
		}
		if r.path != searchOperation.Path || r.query.Get("page_size") != "5" || r.query.Get("odd") != "a+b &=;" || r.query.Get("shop_cipher") != "C" || r.query.Get("app_key") != appKey {
			t.Errorf("received %+v", r)
		}
		w.Header().Set("X-Odd", "kept")
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, answer)
	})
	got, err := newClient(endpoint).Shop("C").Forward(t.Context(), ttshop.Forward{
		Operation: searchOperation, Path: searchOperation.Path, Query: url.Values{"page_size": {"5"}, "odd": {"a+b &=;"}},
		ContentType: "application/json; charset=utf-8", Body: []byte(body),
	})
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Body) != answer || got.HTTPStatus != http.StatusCreated || got.Header.Get("X-Odd") != "kept" || got.Meta.RequestID != "r1" || got.Meta.Tries != 1 {
		t.Errorf("%+v", got)
	}
}

// A refusal is an answer, with what it means, after the tries that a typed call
// would make.
func TestForwardRefusals(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	endpoint := platform(t, func(w http.ResponseWriter, r received) {
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, `{"code":36009003,"message":"internal","request_id":"r`+string('0'+calls.Add(1))+`"}`)
	})
	client := newClient(endpoint, fast).Shop("C")
	got, err := client.Forward(t.Context(), ttshop.Forward{Operation: searchOperation, Path: searchOperation.Path})
	if !errors.Is(err, ttshop.ErrUnavailable) || got == nil || got.HTTPStatus != 500 || calls.Load() != 5 || got.Meta.Tries != 5 || !strings.Contains(string(got.Body), `"r5"`) {
		t.Errorf("a read: %+v, %v", got, err)
	}
	write := *searchOperation
	write.Read = false
	calls.Store(0)
	got, err = client.Forward(t.Context(), ttshop.Forward{Operation: &write, Path: write.Path})
	if !errors.Is(err, ttshop.ErrOutcomeUnknown) || got == nil || calls.Load() != 1 {
		t.Errorf("a write: %+v, %v after %d calls", got, err, calls.Load())
	}
	write.IdempotencyKey = "body:idempotency_key"
	calls.Store(0)
	if _, err = client.Forward(t.Context(), ttshop.Forward{Operation: &write, Path: write.Path, Body: []byte(`{"idempotency_key":"k"}`)}); calls.Load() != 5 {
		t.Errorf("a write with its key: %v after %d calls", err, calls.Load())
	}
}

func TestForwardChecks(t *testing.T) {
	t.Parallel()
	client := newClient("http://127.0.0.1:1").Shop("C")
	for name, f := range map[string]ttshop.Forward{
		"no operation":    {Path: "/x"},
		"a host":          {Operation: searchOperation, Path: "//evil/x"},
		"a query":         {Operation: searchOperation, Path: "/x?y"},
		"app_key":         {Operation: searchOperation, Path: "/x", Query: url.Values{"app_key": {"x"}}},
		"shop_cipher":     {Operation: searchOperation, Path: "/x", Query: url.Values{"shop_cipher": {"x"}}},
		"streamed JSON":   {Operation: searchOperation, Path: "/x", Stream: strings.NewReader("{}")},
		"stream and body": {Operation: uploadOperation, Path: "/x", ContentType: "multipart/form-data; boundary=b", Stream: strings.NewReader("x"), Body: []byte("x")},
	} {
		if got, err := client.Forward(t.Context(), f); !errors.Is(err, ttshop.ErrInvalidRequest) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := newClient("http://127.0.0.1:1").Forward(t.Context(), ttshop.Forward{Operation: searchOperation, Path: "/x"}); !errors.Is(err, ttshop.ErrInvalidRequest) {
		t.Errorf("without a shop: %v", err)
	}
}

// A stream is sent as it comes and never twice: not after an answer that a buffered
// call would repeat, and again only while nothing of it was read.
func TestForwardStreams(t *testing.T) {
	t.Parallel()
	const part = "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.jpg\"\r\n\r\nJPEG\r\n--b--\r\n"
	var calls, dials atomic.Int32
	endpoint := platform(t, func(w http.ResponseWriter, r received) {
		calls.Add(1)
		if r.body != part || r.contentType != `multipart/form-data; boundary="b"` || r.query.Has("shop_cipher") {
			t.Errorf("received %+v", r)
		}
		w.WriteHeader(http.StatusTooManyRequests)
		io.WriteString(w, `{"code":36009002,"message":"too many","request_id":"r1"}`)
	})
	refusesFirst := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if dials.Add(1) == 1 {
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		}
		return http.DefaultTransport.RoundTrip(r)
	})}
	got, err := newClient(endpoint, fast, ttshop.WithHTTPClient(refusesFirst)).Shop("C").Forward(t.Context(), ttshop.Forward{
		Operation: uploadOperation, Path: uploadOperation.Path, ContentType: `multipart/form-data; boundary="b"`,
		Stream: iotest.OneByteReader(strings.NewReader(part)), Length: int64(len(part)),
	})
	if !errors.Is(err, ttshop.ErrRateLimited) || got == nil || got.HTTPStatus != 429 || calls.Load() != 1 || dials.Load() != 2 {
		t.Errorf("%+v, %v after %d calls and %d dials", got, err, calls.Load(), dials.Load())
	}
}

// A body that breaks off leaves the outcome of a write unknown.
func TestForwardCutStream(t *testing.T) {
	t.Parallel()
	endpoint := platform(t, func(w http.ResponseWriter, r received) { t.Errorf("the cut body arrived whole: %+v", r) })
	cut := io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), iotest.ErrReader(errors.New("the client went away")))
	got, err := newClient(endpoint, fast).Forward(t.Context(), ttshop.Forward{
		Operation: uploadOperation, Path: uploadOperation.Path, ContentType: "multipart/form-data; boundary=b", Stream: cut, Length: 2 << 20,
	})
	if got != nil || !errors.Is(err, ttshop.ErrOutcomeUnknown) {
		t.Errorf("%v, %v", got, err)
	}
}
