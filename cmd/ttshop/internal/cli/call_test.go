package cli

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// answering returns the environment of a platform that answers every call with
// an HTTP status and a body.
func answering(t *testing.T, status int, body string) map[string]string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return map[string]string{platform.EnvEndpoint: server.URL, platform.EnvAppKey: "k", platform.EnvAppSecret: "s", platform.EnvAccessToken: "t", platform.EnvAuthCode: "c"}
}

func TestCallAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		flags  string
		code   int
		stdout string
		stderr string // part of it
	}{
		{"numbers stay", 200, `{"code":0,"request_id":"1","data":{"b":9007199254740993,"a":1.10,"t":"<ả>"}}`, "--json", console.ExitOK, `{"b":9007199254740993,"a":1.10,"t":"<ả>"}` + "\n", ""},
		{"indented", 200, `{"code":0,"request_id":"1","data":{"b":[1]}}`, "", console.ExitOK, "{\n  \"b\": [\n    1\n  ]\n}\n", ""},
		{"no data", 200, `{"code":0,"request_id":"1"}`, "", console.ExitOK, "null\n", ""},
		{"null", 200, `{"code":0,"request_id":"1","data":null}`, "--json", console.ExitOK, "null\n", ""},
		{"list", 200, `{"code":0,"request_id":"1","data":[1, 2]}`, "--json", console.ExitOK, "[1,2]\n", ""},
		{"as it came", 200, `{"code":0, "request_id":"1", "data":{}}`, "--raw", console.ExitOK, `{"code":0, "request_id":"1", "data":{}}` + "\n", ""},
		{"refused", 200, `{"code":12052032,"message":"no such product","request_id":"1","data":null}`, "", console.ExitRefused, "", "code 12052032, HTTP 200, request 1"},
		{"refused, for machines", 400, `{"code":36009004,"message":"say \"<please>\"","request_id":"1"}`, "--json", console.ExitRefused, "", `{"code":36009004,"message":"say \"<please>\"","request_id":"1","http_status":400}` + "\n"},
		{"items refused", 200, `{"code":0,"request_id":"1","data":{"errors":[{"code":12052055,"message":"too few"},{"code":2}]}}`, "--json", console.ExitRefused, `{"errors":[{"code":12052055,"message":"too few"},{"code":2}]}` + "\n", "refused 2 items of it, see errors in the answer; the first: code 12052055"},
		{"errors of another shape", 200, `{"code":0,"request_id":"1","data":{"errors":"none"}}`, "--json", console.ExitOK, `{"errors":"none"}` + "\n", ""},
		{"no errors", 200, `{"code":0,"request_id":"1","data":{"errors":[]}}`, "--json", console.ExitOK, `{"errors":[]}` + "\n", ""},
		{"not the platform", 502, "<html>Bad Gateway</html>", "", console.ExitRefused, "", "HTTP 502"},
		{"unreadable", 200, "<html>", "", console.ExitFailed, "", "no answer that can be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, answering(t, tt.status, tt.body), "", append([]string{"call", "GET", "/p"}, strings.Fields(tt.flags)...)...)
			if got.code != tt.code || got.stdout != tt.stdout || !strings.Contains(got.err, tt.stderr) || (tt.stderr == "") != (got.err == "") {
				t.Errorf("%+v, want %+v", got, tt)
			}
		})
	}
}

// TestCallSends checks what reaches the platform.
func TestCallSends(t *testing.T) {
	t.Parallel()
	var got *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			t.Error(err)
		}
		fmt.Fprint(w, `{"code":0,"request_id":"1","data":{}}`)
	}))
	defer server.Close()
	env := map[string]string{platform.EnvEndpoint: server.URL + "/", platform.EnvAppKey: "k", platform.EnvAppSecret: "s", platform.EnvAccessToken: "t", platform.EnvShopCipher: "c"}
	send := func(stdin string, args ...string) url.Values {
		t.Helper()
		got = nil
		if o := run(t, env, stdin, append([]string{"call"}, args...)...); o.code != console.ExitOK || got == nil {
			t.Fatalf("%q: %+v", args, o)
		}
		return got.URL.Query()
	}
	query := send("", "get", "/p?ids=1%2C2&a=old", "-q", "a=new&x", "-q", "empty=")
	if got.Method != "GET" || query.Get("ids") != "1,2" || query.Get("a") != "new&x" || !query.Has("empty") || query.Get("shop_cipher") != "c" {
		t.Errorf("%s %s", got.Method, got.URL)
	}
	if token := got.Header.Get("X-Tts-Access-Token"); token != "t" || query.Has("access_token") {
		t.Errorf("token %q", token)
	}
	if query = send("", "GET", "/p", "--no-shop"); query.Has("shop_cipher") {
		t.Error("a shop cipher with --no-shop")
	}
	if query = send("", "GET", "/p", "--shop-cipher", "d"); query.Get("shop_cipher") != "d" {
		t.Errorf("shop cipher %q", query.Get("shop_cipher"))
	}
	send("hello", "POST", "/p", "--file", "data=@-", "-F", "a=1", "-F", "b=x=y")
	file, header, err := got.FormFile("data")
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	if got.FormValue("a") != "1" || got.FormValue("b") != "x=y" || header.Size != 5 || !strings.HasPrefix(header.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("form %v, file %v", got.Form, header)
	}
}

func TestTokenJSON(t *testing.T) {
	t.Parallel()
	env := answering(t, 200, `{"code":0,"message":"success","request_id":"1","data":{"access_token":"planted-a","access_token_expire_in":1700604800,"refresh_token":"planted-r","refresh_token_expire_in":0,"open_id":"o","user_type":1,"z":"planted-z","b":{"c":1}}}`)
	masked := run(t, env, "", "token", "exchange", "--json")
	const rest = `"refresh_token_expire_in":0,"open_id":"o","seller_name":"","seller_base_region":"","user_type":1,"granted_scopes":[]`
	if want := `{"access_token":"[secret]","access_token_expire_in":1700604800,"refresh_token":"[secret]",` + rest + "}\n"; masked != (outcome{console.ExitOK, want, ""}) {
		t.Errorf("%+v, want %s", masked, want)
	}
	shown := run(t, env, "", "token", "exchange", "--json", "--show-secrets")
	if want := `{"access_token":"planted-a","access_token_expire_in":1700604800,"refresh_token":"planted-r",` + rest + `,"b":{"c":1},"z":"planted-z"}` + "\n"; shown != (outcome{console.ExitOK, want, ""}) {
		t.Errorf("%+v, want %s", shown, want)
	}
	people := run(t, env, "", "token", "exchange")
	if strings.Contains(people.stdout, "planted") || !strings.Contains(people.stdout, "(in 7 days)") || !strings.Contains(people.stdout, "unknown") {
		t.Errorf("%+v", people)
	}
}
