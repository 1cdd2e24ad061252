package sandbox_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// A name that leads to this machine opens nothing but the API.
func TestControlHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.Hosts = []string{"Sandbox.Internal"} })
	ask := func(host, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		r.RemoteAddr, r.Host = "127.0.0.1:1", host
		recorder := httptest.NewRecorder()
		w.ServeHTTP(recorder, r)
		return recorder
	}
	for host, want := range map[string]int{
		"127.0.0.1": 200, "127.0.0.1:8089": 200, "[::1]:8089": 200, "[::1]": 200, "192.0.2.7:80": 200,
		"localhost": 200, "LocalHost:8089": 200, "localhost.": 200, "shop.localhost:1": 200,
		"sandbox.internal:8089": 200, "SANDBOX.INTERNAL.": 200,
		"evil.example": 403, "evil.example:8089": 403, "127.0.0.1.evil.example": 403, "localhost.evil.example": 403,
		"notsandbox.internal": 403, "": 403, "1.2.3": 403, "localhost@evil.example": 403,
	} {
		for _, path := range []string{"credentials", "snapshot", "ui/orders"} {
			answer := ask(host, "/_sandbox/"+path)
			if answer.Code != want {
				t.Errorf("host %q, %s: status %d, want %d", host, path, answer.Code, want)
			}
			if want == 403 && !strings.Contains(answer.Body.String(), "--host NAME") {
				t.Errorf("host %q, %s: %s does not say what to do", host, path, answer.Body)
			}
		}
		if answer := ask(host, "/order/202309/orders?ids=1"); !strings.Contains(answer.Body.String(), `"request_id"`) {
			t.Errorf("host %q: the API answers %s", host, answer.Body)
		}
	}
}

// RemoteControl opens to other machines, not to other names.
func TestControlHostRemote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.RemoteControl = true })
	for host, want := range map[string]int{"192.0.2.7:8089": 200, "evil.example": 403} {
		r := httptest.NewRequest("GET", "/_sandbox/health", nil)
		r.RemoteAddr, r.Host = "192.0.2.1:1", host
		recorder := httptest.NewRecorder()
		w.ServeHTTP(recorder, r)
		if recorder.Code != want {
			t.Errorf("host %q: status %d, want %d", host, recorder.Code, want)
		}
	}
}

func TestConfigHosts(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"", ".", "http://x", "x:80", "*", "a b"} {
		if _, err := sandbox.New(sandbox.Config{Hosts: []string{host}}); err == nil || !strings.Contains(err.Error(), "want a host name") {
			t.Errorf("host %q: %v", host, err)
		}
	}
}
