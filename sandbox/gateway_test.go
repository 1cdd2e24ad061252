package sandbox_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// The codes of the gateway, written down once more.
const (
	throttled    = 36009002
	invalid      = 36009004
	unknownPath  = 36009009
	badMethod    = 36009010
	tooLarge     = 36009021
	badType      = 36009022
	notMultipart = 36009023
	identity     = 101000
	tokenExpired = 105002
	scopeMissing = 105005
	badSignature = 106001
	noCipher     = 106013
)

const searchPath = "/order/202309/orders/search"

func TestGatewayChecks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		bend         func(e *exchange)
		status, code int
		names        string // what the message names in single quotes
	}{
		"fine":                     {func(e *exchange) {}, 200, 0, ""},
		"unknown path":             {func(e *exchange) { e.path = "/order/202309/nothing" }, 404, unknownPath, ""},
		"unknown version":          {func(e *exchange) { e.path = "/order/202301/orders/search" }, 404, unknownPath, ""},
		"legacy path":              {func(e *exchange) { e.path = "/api/orders/search" }, 404, unknownPath, ""},
		"trailing slash":           {func(e *exchange) { e.path += "/" }, 404, unknownPath, ""},
		"no path":                  {func(e *exchange) { e.path = "/" }, 404, unknownPath, ""},
		"order id in the path":     {func(e *exchange) { e.path = "/order/202309/orders/576461413038785752"; e.method = "GET" }, 404, unknownPath, ""},
		"method":                   {func(e *exchange) { e.method = "PUT" }, 405, badMethod, ""},
		"content type":             {func(e *exchange) { e.header.Set("Content-Type", "text/plain") }, 400, badType, "content-type"},
		"no content type":          {func(e *exchange) { e.header.Del("Content-Type") }, 400, badType, "content-type"},
		"content type of a form":   {func(e *exchange) { e.header.Set("Content-Type", "application/x-www-form-urlencoded") }, 400, badType, "content-type"},
		"type with a parameter":    {func(e *exchange) { e.header.Set("Content-Type", "application/json; charset=utf-8") }, 200, 0, ""},
		"type in capitals":         {func(e *exchange) { e.header.Set("Content-Type", "Application/JSON") }, 200, 0, ""},
		"no body, no type":         {func(e *exchange) { e.body = ""; e.header.Del("Content-Type") }, 200, 0, ""},
		"no body, any type":        {func(e *exchange) { e.body = ""; e.header.Set("Content-Type", "text/plain") }, 200, 0, ""},
		"no app key":               {func(e *exchange) { e.query.Del("app_key") }, 400, invalid, "app_key"},
		"wrong app key":            {func(e *exchange) { e.query.Set("app_key", "123abc") }, 400, invalid, "app_key"},
		"no timestamp":             {func(e *exchange) { e.query.Del("timestamp") }, 400, invalid, "timestamp"},
		"timestamp is text":        {func(e *exchange) { e.query.Set("timestamp", "now") }, 400, invalid, "timestamp"},
		"timestamp is negative":    {func(e *exchange) { e.query.Set("timestamp", "-5") }, 400, invalid, "timestamp"},
		"timestamp in ms":          {func(e *exchange) { e.query.Set("timestamp", strconv.FormatInt(start.UnixMilli(), 10)) }, 400, invalid, "timestamp"},
		"timestamp just too old":   {stamp(-301), 400, invalid, "timestamp"},
		"timestamp just not old":   {stamp(-300), 200, 0, ""},
		"timestamp just in time":   {stamp(30), 200, 0, ""},
		"timestamp just too early": {stamp(31), 400, invalid, "timestamp"},
		"no sign":                  {func(e *exchange) { e.unsigned = true }, 400, invalid, "sign"},
		"wrong sign":               {func(e *exchange) { e.sign = strings.Repeat("0", 64) }, 401, badSignature, "sign"},
		"wrong secret":             {func(e *exchange) { e.secret = "another" }, 401, badSignature, "sign"},
		"sign over no body":        {func(e *exchange) { e.signBody = new("") }, 401, badSignature, "sign"},
		"no token":                 {func(e *exchange) { e.header.Del("x-tts-access-token") }, 400, invalid, "x-tts-access-token"},
		"garbage token":            {func(e *exchange) { e.header.Set("x-tts-access-token", "garbage") }, 400, invalid, "x-tts-access-token"},
		"token in the query only": {func(e *exchange) {
			e.query.Set("access_token", e.header.Get("x-tts-access-token"))
			e.header.Del("x-tts-access-token")
		}, 400, invalid, "x-tts-access-token"},
		"refresh token instead": {func(e *exchange) { e.header.Set("x-tts-access-token", w.credentials.RefreshToken) }, 400, invalid, "x-tts-access-token"},
		"no cipher":             {func(e *exchange) { e.query.Del("shop_cipher") }, 400, noCipher, "shop_cipher"},
		"empty cipher":          {func(e *exchange) { e.query.Set("shop_cipher", "") }, 400, noCipher, "shop_cipher"},
		"foreign cipher":        {func(e *exchange) { e.query.Set("shop_cipher", "ROW_elsewhere") }, 401, identity, "shop_cipher"},
		"extra parameters": {func(e *exchange) {
			e.query.Set("version", "202309")
			e.query.Set("shop_id", "")
			e.query.Set("x", "y z+&")
		}, 200, 0, ""},
		"token in query as well":  {func(e *exchange) { e.query.Set("access_token", "anything") }, 200, 0, ""},
		"field missing":           {func(e *exchange) { e.query.Del("page_size") }, 400, invalid, "page_size"},
		"field in the body":       {func(e *exchange) { e.query.Del("page_size"); e.body = `{"page_size":20}` }, 400, invalid, "page_size"},
		"size too small":          {func(e *exchange) { e.query.Set("page_size", "0") }, 400, invalid, "page_size"},
		"size too large":          {func(e *exchange) { e.query.Set("page_size", "101") }, 400, invalid, "page_size"},
		"size is text":            {func(e *exchange) { e.query.Set("page_size", "ten") }, 400, invalid, "page_size"},
		"broken JSON":             {func(e *exchange) { e.body = `{"order_status":` }, 400, invalid, ""},
		"two JSON values":         {func(e *exchange) { e.body = `{} {}` }, 400, invalid, ""},
		"list instead of object":  {func(e *exchange) { e.body = `[1]` }, 400, invalid, "body"},
		"wrong JSON type":         {func(e *exchange) { e.body = `{"order_status":["UNPAID"]}` }, 400, invalid, "order_status"},
		"number where text is":    {func(e *exchange) { e.body = `{"order_status":100}` }, 400, invalid, "order_status"},
		"value not in list":       {func(e *exchange) { e.body = `{"order_status":"SHIPPED"}` }, 400, invalid, "order_status"},
		"lower-case sort order":   {func(e *exchange) { e.query.Set("sort_order", "asc") }, 400, invalid, "sort_order"},
		"unknown sort field":      {func(e *exchange) { e.query.Set("sort_field", "id") }, 400, invalid, "sort_field"},
		"made-up page token":      {func(e *exchange) { e.query.Set("page_token", "bm90IG1pbmU=") }, 400, invalid, "page_token"},
		"unknown field":           {func(e *exchange) { e.body = `{"colour":"red"}` }, 200, 0, ""},
		"empty object, unsigned":  {func(e *exchange) { e.body = `{}`; e.signBody = new("") }, 200, 0, ""},
		"empty object, signed":    {func(e *exchange) { e.body = `{}` }, 200, 0, ""},
		"spaced body, signed raw": {func(e *exchange) { e.body = `{ "order_status" : "UNPAID" }` }, 200, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := w.request("POST", searchPath, "page_size=20&shop_cipher="+w.shop("US").Cipher, `{"order_status":"UNPAID"}`)
			test.bend(e)
			a := w.send(t, e)
			if a.status != test.status || a.Code != test.code {
				t.Fatalf("answered %d with code %d (%s), want %d with code %d", a.status, a.Code, a.Message, test.status, test.code)
			}
			if test.code != 0 {
				if string(a.Data) != "null" {
					t.Errorf("data of a failure is %s, want null", a.Data)
				}
				if test.names != "" && !strings.Contains(a.Message, "'"+test.names+"'") {
					t.Errorf("message %q does not name '%s'", a.Message, test.names)
				}
			}
			if !regexp.MustCompile(`^\d{14}[0-9A-F]{20}$`).MatchString(a.RequestID) {
				t.Errorf("request id %q", a.RequestID)
			}
		})
	}
}

func stamp(offset int64) func(*exchange) {
	return func(e *exchange) { e.query.Set("timestamp", strconv.FormatInt(start.Unix()+offset, 10)) }
}

// TestGatewayOrder breaks a request everywhere and mends it step by step: each
// answer must be about the next check.
func TestGatewayOrder(t *testing.T) {
	t.Parallel()
	clock := newManualClock()
	w := newWorld(t, func(c *sandbox.Config) { c.Now = clock.Now; c.Throttle = new(1.0); c.AccessTokenTTL = time.Hour })
	expired := w.credentials.AccessToken
	clock.advance(2 * time.Hour)
	w.now = clock.Now()
	creator := w.creatorToken(t)
	fresh := w.Credentials().AccessToken
	spent := func(e *exchange) { // empties the bucket of the operation
		e.query.Set("page_size", "20")
		good := w.request("POST", searchPath, "page_size=20&shop_cipher="+w.shop("US").Cipher, "")
		good.header.Set("x-tts-access-token", fresh)
		w.send(t, good)
	}
	e := w.request("PATCH", "/order/202309/unknown", "page_size=0&shop_cipher=wrong", `{"order_status":5}`)
	e.query.Set("app_key", "wrong")
	e.query.Set("timestamp", "-1")
	e.header.Set("Content-Type", "text/plain")
	e.header.Del("x-tts-access-token")
	e.unsigned = true
	steps := []struct {
		mend func()
		want int
		word string
	}{
		{func() {}, unknownPath, "path"},
		{func() { e.path = searchPath }, badMethod, "method"},
		{func() { e.method = "POST" }, badType, "content-type"},
		{func() { e.header.Set("Content-Type", "application/json") }, invalid, "app_key"},
		{func() { e.query.Set("app_key", w.credentials.AppKey) }, invalid, "timestamp"},
		{func() { e.query.Set("timestamp", strconv.FormatInt(w.now.Unix(), 10)) }, invalid, "'sign'"},
		{func() { e.unsigned, e.sign = false, "wrong" }, badSignature, "sign"},
		{func() { e.sign = "" }, invalid, "x-tts-access-token"},
		{func() { e.header.Set("x-tts-access-token", expired) }, tokenExpired, "expired"},
		{func() { e.header.Set("x-tts-access-token", creator) }, scopeMissing, "scope"},
		{func() { e.header.Set("x-tts-access-token", fresh); e.query.Del("shop_cipher") }, noCipher, "shop_cipher"},
		{func() { e.query.Set("shop_cipher", "wrong") }, identity, "shop_cipher"},
		{func() { e.query.Set("shop_cipher", w.shop("US").Cipher); spent(e); e.query.Set("page_size", "0") }, throttled, "many"},
		{func() {
			clock.advance(time.Minute)
			e.query.Set("timestamp", strconv.FormatInt(clock.Now().Unix(), 10))
		}, invalid, "page_size"},
		{func() { clock.advance(time.Second); e.query.Set("page_size", "20") }, invalid, "order_status"},
		{func() { clock.advance(time.Second); e.body = "{}" }, 0, ""},
	}
	for i, step := range steps {
		step.mend()
		e.query.Del("sign")
		a := w.send(t, e)
		if a.Code != step.want || !strings.Contains(a.Message, step.word) {
			t.Fatalf("step %d: code %d (%s), want %d about %q", i, a.Code, a.Message, step.want, step.word)
		}
	}
}

func TestGatewayTimestampMessagesDiffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	messages := map[string]bool{}
	for _, value := range []string{"-5", strconv.FormatInt(start.Unix()-400, 10), strconv.FormatInt(start.Unix()+400, 10)} {
		e := w.request("GET", "/authorization/202309/shops", "", "")
		e.query.Set("timestamp", value)
		messages[w.send(t, e).Message] = true
	}
	if len(messages) != 3 {
		t.Errorf("three faults give the messages %v", messages)
	}
}

func TestGatewayUnneededCipher(t *testing.T) {
	t.Parallel()
	for _, lenient := range []bool{false, true} {
		w := newWorld(t, func(c *sandbox.Config) { c.LenientCipher = lenient })
		for _, name := range []string{"shop_cipher", "category_asset_cipher"} {
			e := w.request("GET", "/authorization/202309/shops", "", "")
			e.query.Set(name, "ROW_any")
			a := w.send(t, e)
			if want := map[bool]int{false: invalid, true: 0}[lenient]; a.Code != want {
				t.Errorf("lenient %t, %s: code %d, want %d", lenient, name, a.Code, want)
			}
			if want := "The '" + name + "' query parameter is not required for this request"; !lenient && !strings.HasPrefix(a.Message, want) {
				t.Errorf("%s: message %q, want %q", name, a.Message, want)
			}
		}
		if a := w.call(t, "", "GET", "/authorization/202309/shops", "shop_cipher=&shop_id=&version=202309&access_token=x", ""); a.Code != 0 {
			t.Errorf("lenient %t: what known clients add answers %d: %s", lenient, a.Code, a.Message)
		}
	}
}

// Bodies that mean nothing are empty where nothing is required, and so are empty
// lists in the place of objects. Strict sandboxes refuse them.
func TestGatewayBodiesThatMeanNothing(t *testing.T) {
	t.Parallel()
	const activity = `{"title":"t","activity_type":"DIRECT_DISCOUNT","product_level":"PRODUCT","begin_time":%d,"end_time":%d,"discount":[ ]}`
	inner := fmt.Sprintf(activity, start.Unix()+3600, start.Unix()+7200)
	for _, strict := range []bool{false, true} {
		w := newWorld(t, func(c *sandbox.Config) { c.StrictBodies = strict })
		for _, test := range []struct {
			path, body    string
			code, refused int
		}{
			{searchPath, "{}", 0, 0},
			{searchPath, "null", 0, invalid},
			{searchPath, "null\n", 0, invalid},
			{searchPath, "[]", 0, invalid},
			{searchPath, " [ ] ", 0, invalid},
			{searchPath, "[{}]", invalid, invalid},
			{"/promotion/202309/activities", "null\n", invalid, invalid},
			{"/promotion/202309/activities", inner, 0, invalid},
			{"/promotion/202309/activities", strings.Replace(inner, "[ ]", "[1]", 1), invalid, invalid},
		} {
			want := test.code
			if strict {
				want = test.refused
			}
			query := ""
			if test.path == searchPath {
				query = "page_size=2"
			}
			if a := w.call(t, "US", "POST", test.path, query, test.body); a.Code != want {
				t.Errorf("strict %t, %s with %q: code %d, want %d: %s", strict, test.path, test.body, a.Code, want, a.Message)
			}
		}
	}
}

// A path may be signed as it is sent or decoded.
func TestGatewayPathSignedEitherWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, refused := range map[string]bool{
		"/fulfillment/202309/packages/a%20b":   false,
		"/fulfillment/202309/packages/a b":     false,
		"/fulfillment/202309/packages/a%2520b": true,
	} {
		e := w.request("GET", "/fulfillment/202309/packages/a%20b", "shop_cipher="+w.shop("US").Cipher, "")
		e.sign = signature(e.secret, path, e.query, "")
		if a := w.send(t, e); (a.Code == badSignature) != refused {
			t.Errorf("signed as %q: code %d: %s", path, a.Code, a.Message)
		}
	}
}

func TestGatewayBodyLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, length := range map[string]int64{"announced": 0, "chunked": -1} {
		e := w.request("POST", searchPath, "page_size=20&shop_cipher="+w.shop("US").Cipher, `{"x":"`+strings.Repeat("a", 10<<20)+`"}`)
		r := e.http()
		if length < 0 {
			r.ContentLength = -1
		}
		if a := w.serve(t, r); a.status != 413 || a.Code != tooLarge {
			t.Errorf("%s: answered %d with code %d", name, a.status, a.Code)
		}
	}
}

func TestGatewayMultipartOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if a := w.call(t, "", "POST", "/product/202309/images/upload", "", `{"data":"x"}`); a.Code != notMultipart {
		t.Errorf("code %d, want %d", a.Code, notMultipart)
	}
	if a := w.call(t, "", "POST", "/product/202309/images/upload", "", ""); a.Code != invalid || !strings.Contains(a.Message, "'data'") {
		t.Errorf("without a body: code %d, %s", a.Code, a.Message)
	}
}

// TestGatewayProxy sends requests as to a forward proxy: any host, the target
// in absolute form.
func TestGatewayProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	proxy, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy)}
	t.Cleanup(transport.CloseIdleConnections)
	r := w.request("GET", "/authorization/202309/shops", "", "").http()
	outgoing, err := http.NewRequestWithContext(t.Context(), "GET", "http://open-api.tiktokglobalshop.com"+r.URL.RequestURI(), nil)
	if err != nil {
		t.Fatal(err)
	}
	outgoing.Header = r.Header
	response, err := (&http.Client{Transport: transport}).Do(outgoing)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 || !bytes.Contains(body, []byte(w.shop("VN").Cipher)) {
		t.Errorf("status %d, error %v, body %s", response.StatusCode, err, body)
	}
}

// TestForeignClients replays the requests of a JavaScript client as it builds
// them: everything in the query, values not escaped, empty parameters.
func TestForeignClients(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shop := w.shop("GB")
	// build is generateRequestSign of that client.
	build := func(method, path, body, query string, withCipher bool) *http.Request {
		target := fmt.Sprintf("%s?access_token=%s&app_key=%s", path, w.credentials.AccessToken, w.credentials.AppKey)
		if withCipher {
			target += "&shop_cipher=" + shop.Cipher
		}
		target += "&shop_id=&version=202309" + query
		_, raw, _ := strings.Cut(target, "?")
		params := url.Values{}
		for pair := range strings.SplitSeq(raw, "&") {
			key, value, _ := strings.Cut(pair, "=")
			params.Set(key, value)
		}
		timestamp := strconv.FormatInt(start.Unix()-100, 10)
		params.Set("timestamp", timestamp)
		sign := signature(w.credentials.AppSecret, path, params, body)
		r := httptest.NewRequest(method, "http://open-api.tiktokglobalshop.com"+target+"&timestamp="+timestamp+"&sign="+sign, strings.NewReader(body))
		r.Header.Set("x-tts-access-token", w.credentials.AccessToken)
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		return r
	}
	var product string
	{
		var found struct {
			Products []struct{ ID string }
		}
		w.call(t, "GB", "POST", "/product/202309/products/search", "page_size=1", `{"status":"SELLER_DEACTIVATED"}`).into(t, &found)
		product = found.Products[0].ID
	}
	for name, r := range map[string]*http.Request{
		"shops":        build("GET", "/authorization/202309/shops", "", "&shop_cipher=&shop_id=", false),
		"seller shops": build("GET", "/seller/202309/shops", "", "&shop_cipher=", false),
		"categories":   build("GET", "/product/202309/categories", "", "&locale=en-US", true),
		"attributes":   build("GET", "/product/202309/categories/600011/attributes", "", "&locale=en-US", true),
		"brands":       build("GET", "/product/202309/brands", "", "&brand_name=Lum&page_size=100&is_authorized=true", true),
		"new brand":    build("POST", "/product/202309/brands", `{"name":"Wrenfield"}`, "", false),
		"inventory":    build("POST", "/product/202309/inventory/search", `{}`, "", true),
		"recommend":    build("POST", "/product/202309/categories/recommend", `{"product_title":"Stoneware mug","description":"A mug"}`, "", true),
		"warehouses":   build("GET", "/logistics/202309/warehouses", "", "", true),
		"product":      build("GET", "/product/202309/products/"+product, "", "", true),
		"activate":     build("POST", "/product/202309/products/activate", `{"product_ids":["`+product+`"]}`, "", true),
		"delete":       build("DELETE", "/product/202309/products", `{"product_ids":["`+product+`"]}`, "", true),
		"orders":       build("POST", searchPath, `{"order_status":"COMPLETED"}`, "&page_size=100", true),
	} {
		if a := w.serve(t, r); a.Code != 0 || a.status != 200 || a.Message != "Success" {
			t.Errorf("%s: status %d, code %d: %s", name, a.status, a.Code, a.Message)
		}
	}
}

func TestOperationsAreReachable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	parameter := regexp.MustCompile(`\{[a-z_]+\}`)
	names := map[string]bool{}
	for _, op := range sandbox.Operations() {
		if names[op.Name] {
			t.Errorf("two operations are called %s", op.Name)
		}
		names[op.Name] = true
		a := w.call(t, "US", op.Method, parameter.ReplaceAllString(op.Path, "1"), "", "")
		if a.Code == unknownPath || a.Code == badMethod || a.Code == scopeMissing {
			t.Errorf("%s %s: code %d: %s", op.Method, op.Path, a.Code, a.Message)
		}
	}
}
