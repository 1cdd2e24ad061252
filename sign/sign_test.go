package sign_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

const host = "https://open-api.tiktokglobalshop.com"

// The digests are those of an independent implementation, for the secret s3cr3t.
func TestSignURL(t *testing.T) {
	t.Parallel()
	const fixed = "?app_key=k&timestamp=1700000000"
	tests := []struct {
		name, url, body, want string
	}{
		{"no further parameter", host + "/order/202309/orders" + fixed, "", "4f8309c0a70ef3423a98fdb2e029f4c31bd4721ce2ab9b5e9e4d7865f213b58e"},
		{"other host", "http://127.0.0.1:9000/order/202309/orders" + fixed, "", "4f8309c0a70ef3423a98fdb2e029f4c31bd4721ce2ab9b5e9e4d7865f213b58e"},
		{"IPv6 host", "http://[::1]:9000/order/202309/orders" + fixed, "", "4f8309c0a70ef3423a98fdb2e029f4c31bd4721ce2ab9b5e9e4d7865f213b58e"},
		{"path only", "/order/202309/orders" + fixed, "", "4f8309c0a70ef3423a98fdb2e029f4c31bd4721ce2ab9b5e9e4d7865f213b58e"},
		{"fragment", host + "/order/202309/orders" + fixed + "#top", "", "4f8309c0a70ef3423a98fdb2e029f4c31bd4721ce2ab9b5e9e4d7865f213b58e"},
		{"escaped comma", host + "/order/202309/orders" + fixed + "&ids=1%2C2", "", "f45903cf8a8a4cf2a1231acc44832307607e9079005d105a03e119029a2cc663"},
		{"plain comma", host + "/order/202309/orders" + fixed + "&ids=1,2", "", "f45903cf8a8a4cf2a1231acc44832307607e9079005d105a03e119029a2cc663"},
		{"escaped padding", host + "/order/202309/orders" + fixed + "&page_token=aGk%3D%3D", "", "25bb9e72a004986b5d12fd8bda423ae75c4a563a3b3837f04965c7e9fae05d84"},
		{"bare padding", host + "/order/202309/orders" + fixed + "&page_token=aGk==", "", "25bb9e72a004986b5d12fd8bda423ae75c4a563a3b3837f04965c7e9fae05d84"},
		{"plus", host + "/order/202309/orders" + fixed + "&title=a+b", "", "da2443d44a0c837685d2c0fd581511cd1c724d63aef7d883647aa725f3b19e92"},
		{"escaped ampersand", host + "/order/202309/orders" + fixed + "&title=a%26b", "", "b1e12dee5f4459c99703d5499ccd839d35a658816ba28018e3bf05b5ca0efec7"},
		{"parameter token", host + "/order/202309/orders" + fixed + "&token=zz", "", "68857b8a226de0718249d0c5bf44e07a4a989c8e82e329cdad0f5a53cdc458d6"},
		{"capital key", host + "/order/202309/orders" + fixed + "&B=1&a=2", "", "90c1f7c733326885d05a30888a39a5fef066638fcad8be03117dd7449f069208"},
		{"underscore key", host + "/order/202309/orders" + fixed + "&a1=1&a_=2", "", "d3c6baf6f20e96d57b8d3052baa4c5f22aedabbceb122671493487266652856a"},
		{"empty object", host + "/order/202309/orders/search" + fixed, "{}", "0e854524fb1c0ac829abbbd04031b14e1cc2867c8d5bbdc0e81ad1519667cad6"},
		{"first of two values", host + "/order/202309/orders" + fixed + "&ids=1%2C2&ids=9", "", "f45903cf8a8a4cf2a1231acc44832307607e9079005d105a03e119029a2cc663"},
	}
	signer := sign.New("s3cr3t")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := signer.SignURL(tt.url, "application/json; charset=utf-8", []byte(tt.body), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if want := (sign.Signature{Signature: tt.want, Timestamp: 1700000000}); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
			ok, err := signer.VerifyURL(tt.url+"&sign="+got.Signature+"&access_token=t", "", []byte(tt.body))
			if strings.Contains(tt.url, "#") {
				return // the parameters would belong to the fragment
			}
			if err != nil || !ok {
				t.Errorf("VerifyURL = %v, %v", ok, err)
			}
		})
	}
}

func TestSignURLTakesNow(t *testing.T) {
	t.Parallel()
	signer := sign.New("s3cr3t")
	got, err := signer.SignURL(host+"/order/202309/orders?app_key=k", "", nil, time.Unix(1700000000, 999))
	if err != nil {
		t.Fatal(err)
	}
	if want := "4f8309c0a70ef3423a98fdb2e029f4c31bd4721ce2ab9b5e9e4d7865f213b58e"; got.Signature != want || got.Timestamp != 1700000000 {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestSignURLErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ url, want string }{
		{"/x?page_token=%zz", `parameter "page_token" holds a broken percent escape`},
		{"/x?a=%4", `parameter "a" holds a broken percent escape`},
		{"/x?%=1", "a parameter's name holds a broken percent escape"},
		{"/x?a=1;b=2", `parameter "a" holds a bare semicolon`},
		{"/x?timestamp=soon", `parameter timestamp is "soon"`},
		{"/x?timestamp=", `parameter timestamp is ""`},
	}
	for _, tt := range tests {
		_, err := sign.New("s").SignURL(tt.url, "", nil, time.Time{})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("SignURL(%q): error %v, want it to contain %q", tt.url, err, tt.want)
		}
	}
	if _, err := sign.New("s").VerifyURL("/x?a=1", "", nil); err == nil || !strings.Contains(err.Error(), "no parameter sign") {
		t.Errorf("VerifyURL without sign: error %v", err)
	}
	if _, err := sign.New("s").VerifyURL("/x?sign=%z", "", nil); err == nil {
		t.Error("VerifyURL with a broken sign: no error")
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	signer := sign.New("s3cr3t")
	r := sign.Request{Path: "/order/202309/orders", Query: url.Values{"app_key": {"k"}}}
	right := signer.Sign(r)
	for name, wrong := range map[string]string{
		"empty": "", "short": right[:63], "long": right + "0", "upper case": strings.ToUpper(right),
		"other secret": sign.New("other").Sign(r), "spaces": " " + right[1:],
	} {
		if signer.Verify(r, wrong) {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestMultipartBodyIsNotSigned(t *testing.T) {
	t.Parallel()
	signer := sign.New("s")
	r := sign.Request{Path: "/product/202309/images/upload"}
	want := signer.Sign(r)
	r.Body = []byte("--b")
	for contentType, signed := range map[string]bool{
		"multipart/form-data":               false,
		"multipart/form-data; boundary=b":   false,
		" Multipart/Form-Data ;boundary=b":  false,
		"multipart/form-data; boundary=\"b": false,
		"multipart/mixed; boundary=b":       true,
		"application/json":                  true,
		"":                                  true,
	} {
		r.ContentType = contentType
		if got := signer.Sign(r) != want; got != signed {
			t.Errorf("%q: body signed is %v, want %v", contentType, got, signed)
		}
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	r := sign.Request{
		Path:  "/order/202309/orders/search",
		Query: url.Values{"timestamp": {"1700000000"}, "app_key": {"k"}, "shop_id": {""}, "sign": {"x"}, "access_token": {"y"}},
		Body:  []byte(`{"a":1}`),
	}
	const want = `<app_secret>/order/202309/orders/searchapp_keykshop_idtimestamp1700000000{"a":1}<app_secret>`
	if got := sign.New("s3cr3t").Canonical(r); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSignConfig(t *testing.T) {
	t.Parallel()
	signer := sign.New("s3cr3t")
	now := time.Unix(1700000000, 0)
	want := func(query url.Values) string {
		return signer.Sign(sign.Request{Path: "/order/202309/orders", Query: query})
	}
	base := url.Values{"app_key": {"k"}, "timestamp": {"1700000000"}, "version": {"202212"}}
	with := func(pairs ...string) url.Values {
		q := url.Values{}
		maps.Copy(q, base)
		for i := 0; i < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		return q
	}
	tests := []struct {
		name   string
		config sign.Config
		path   string
		query  url.Values
	}{
		{"defaults", sign.Config{AppKey: "k"}, "/order/202309/orders", base},
		{"full URL", sign.Config{AppKey: "k"}, host + "/order/202309/orders", base},
		{"query of the path", sign.Config{AppKey: "k"}, "/order/202309/orders?ids=1%2C2", with("ids", "1,2")},
		{"version of the path", sign.Config{AppKey: "k"}, "/order/202309/orders?version=202309", with("version", "202309")},
		{"config wins", sign.Config{AppKey: "k", Version: "202306"}, "/order/202309/orders?version=202309", with("version", "202306")},
		{"shop", sign.Config{AppKey: "k", ShopID: "7", ShopCipher: "c"}, "/order/202309/orders", with("shop_id", "7", "shop_cipher", "c")},
		{"extra", sign.Config{AppKey: "k", Extra: map[string]string{"a": "1", "shop_id": ""}}, "/order/202309/orders", with("a", "1", "shop_id", "")},
		{"timestamp", sign.Config{AppKey: "k", Timestamp: 1700000001}, "/order/202309/orders", with("timestamp", "1700000001")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := signer.SignConfig(tt.config, tt.path, now)
			if err != nil {
				t.Fatal(err)
			}
			if got.Signature != want(tt.query) {
				t.Errorf("signature differs from that over %v", tt.query)
			}
			if fmt.Sprint(got.Timestamp) != tt.query.Get("timestamp") {
				t.Errorf("timestamp = %d, want %s", got.Timestamp, tt.query.Get("timestamp"))
			}
		})
	}
	for _, bad := range []string{"", "/x?a=%", "/x?timestamp=now"} {
		if _, err := signer.SignConfig(sign.Config{}, bad, now); err == nil {
			t.Errorf("SignConfig(%q): no error", bad)
		}
	}
}

func TestSignerHidesSecret(t *testing.T) {
	t.Parallel()
	signer := sign.New("s3cr3t")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if got := fmt.Sprintf(verb, signer); strings.Contains(got, "s3cr3t") || strings.Contains(got, fmt.Sprintf("%x", "s3cr3t")) {
			t.Errorf("%s prints the secret", verb)
		}
	}
	if got := signer.LogValue().String(); strings.Contains(got, "s3cr3t") {
		t.Error("the log shows the secret")
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	signer := sign.New("s3cr3t")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			r := sign.Request{Path: "/p", Query: url.Values{"i": {fmt.Sprint(i)}}, Body: bytes.Repeat([]byte{'b'}, i*1000)}
			want := sign.New("s3cr3t").Sign(r)
			for range 200 {
				if got := signer.Sign(r); got != want {
					t.Errorf("worker %d: got %s, want %s", i, got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestAllocations(t *testing.T) {
	signer := sign.New("s3cr3t")
	r := sign.Request{
		Path:        "/order/202309/orders/search",
		Query:       url.Values{"app_key": {"k"}, "timestamp": {"1700000000"}, "shop_cipher": {"c"}, "page_token": {"aGk=="}},
		ContentType: "application/json",
		Body:        bytes.Repeat([]byte{' '}, 4000),
	}
	rawURL := host + r.Path + "?" + r.Query.Encode()
	signer.Sign(r)
	for name, f := range map[string]func(){
		"Sign":    func() { signer.Sign(r) },
		"SignURL": func() { _, _ = signer.SignURL(rawURL, r.ContentType, r.Body, time.Time{}) },
	} {
		// The race detector makes the pool drop states at random; one state in
		// a hundred calls is the collector's, not ours.
		if got := testing.AllocsPerRun(1000, f); got > 1 && !raceEnabled {
			t.Errorf("%s allocates %v times, want once for the result", name, got)
		}
	}
}
