package sandbox_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// start is when the clock of a test sandbox begins.
var start = time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)

// unthrottled switches the throttle off.
func unthrottled(c *sandbox.Config) { c.Throttle = new(0.0) }

// world is a sandbox under test with a hand-made client.
type world struct {
	*sandbox.Sandbox
	credentials sandbox.Credentials
	now         time.Time
	heard       func(r *http.Request, body []byte) // if set, gets every answer
}

// severalAtOnce matches the names of tests in which several goroutines work: those of
// clients, of deliveries, of what happens by itself.
var severalAtOnce = regexp.MustCompile(`Concurren|Load|Burst|Reset|Webhook|Deliver|Announce|Event|Reminder|News|Gateway|Throttle|Fault|Lag|Delay|EditLive|Close`)

// sampleUnderRace skips most tests that are one goroutine on a world of its own when
// the race detector runs: it could find nothing there, at ten times the cost. The
// names decide, so that the same tests run each time.
func sampleUnderRace(t testing.TB) {
	if !sandbox.UnderRace || severalAtOnce.MatchString(t.Name()) {
		return
	}
	h := fnv.New32a()
	h.Write([]byte(t.Name()))
	if h.Sum32()%sandbox.EachCase != 0 {
		t.Skip("one goroutine, sampled under the race detector")
	}
}

// newWorld returns a sandbox whose clock stands still, without a throttle.
func newWorld(t testing.TB, change ...func(*sandbox.Config)) *world {
	t.Helper()
	sampleUnderRace(t)
	w := &world{now: start}
	config := sandbox.Config{Seed: 7, Now: func() time.Time { return start }}
	for _, f := range append([]func(*sandbox.Config){unthrottled}, change...) {
		f(&config)
	}
	sb, err := sandbox.New(config)
	if err != nil {
		t.Fatal(err)
	}
	w.Sandbox, w.credentials = sb, sb.Credentials()
	return w
}

// shop returns the seller's shop in a region.
func (w *world) shop(region string) sandbox.Shop {
	for _, shop := range w.credentials.Shops {
		if shop.Region == region {
			return shop
		}
	}
	panic("no shop in " + region)
}

// exchange is a request that tests can bend before it is sent.
type exchange struct {
	method, path string
	query        url.Values
	header       http.Header
	body         string
	secret       string
	unsigned     bool   // no sign parameter
	sign         string // instead of the right one
	signBody     *string
}

// request returns a well-formed request. The query is given as in a URL.
func (w *world) request(method, path, query, body string) *exchange {
	values, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	e := &exchange{method: method, path: path, query: values, header: http.Header{}, body: body, secret: w.credentials.AppSecret}
	e.query.Set("app_key", w.credentials.AppKey)
	e.query.Set("timestamp", strconv.FormatInt(w.now.Unix(), 10))
	e.header.Set("x-tts-access-token", w.credentials.AccessToken)
	if body != "" {
		e.header.Set("Content-Type", "application/json")
	}
	return e
}

// signature is the platform's rule, written down once more for the tests.
func signature(secret, path string, query url.Values, body string) string {
	var base strings.Builder
	base.WriteString(secret + path)
	for _, key := range slices.Sorted(func(yield func(string) bool) {
		for key := range query {
			if !yield(key) {
				return
			}
		}
	}) {
		if key != "sign" && key != "access_token" {
			base.WriteString(key + query.Get(key))
		}
	}
	base.WriteString(body + secret)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(base.String()))
	return hex.EncodeToString(mac.Sum(nil))
}

func (e *exchange) http() *http.Request {
	signed := e.body
	if e.signBody != nil {
		signed = *e.signBody
	}
	if strings.HasPrefix(e.header.Get("Content-Type"), "multipart/") {
		signed = ""
	}
	sign := signature(e.secret, e.path, e.query, signed)
	if e.sign != "" {
		sign = e.sign
	}
	if !e.unsigned {
		e.query.Set("sign", sign)
	}
	var body io.Reader
	if e.body != "" {
		body = strings.NewReader(e.body)
	}
	r := httptest.NewRequest(e.method, "http://shop.test"+e.path+"?"+e.query.Encode(), body)
	r.Header = e.header
	return r
}

// answer is a decoded envelope.
type answer struct {
	status    int
	Code      int             `json:"code"`
	Message   string          `json:"message"`
	RequestID string          `json:"request_id"`
	Data      json.RawMessage `json:"data"`
	body      []byte
	header    http.Header
}

// send serves a request and decodes the answer.
func (w *world) send(t testing.TB, e *exchange) *answer {
	t.Helper()
	return w.serve(t, e.http())
}

func (w *world) serve(t testing.TB, r *http.Request) *answer {
	t.Helper()
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, r)
	if w.heard != nil {
		w.heard(r, recorder.Body.Bytes())
	}
	a := &answer{status: recorder.Code, body: recorder.Body.Bytes(), header: recorder.Header()}
	if err := json.Unmarshal(a.body, a); err != nil {
		t.Fatalf("%s %s: status %d, the answer is not an envelope: %v\n%s", r.Method, r.URL.Path, a.status, err, a.body)
	}
	agreed.hold(t, r, a)
	return a
}

// into decodes the data of a successful answer.
func (a *answer) into(t testing.TB, v any) {
	t.Helper()
	if a.Code != 0 {
		t.Fatalf("code %d (status %d): %s", a.Code, a.status, a.Message)
	}
	if err := json.NewDecoder(bytes.NewReader(a.Data)).Decode(v); err != nil {
		t.Fatalf("data does not decode: %v\n%s", err, a.Data)
	}
}

// call sends a request for a region's shop, or for none where region is "".
func (w *world) call(t testing.TB, region, method, path, query, body string) *answer {
	t.Helper()
	if region != "" {
		query += "&shop_cipher=" + url.QueryEscape(w.shop(region).Cipher)
	}
	return w.send(t, w.request(method, path, strings.TrimPrefix(query, "&"), body))
}
