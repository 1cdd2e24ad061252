package soak

import (
	"net/http"
	"strings"
	"testing"
)

func TestTransportStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	transport := newTransport(1)
	defer transport.CloseIdleConnections()
	for _, url := range []string{
		"http://192.0.2.1/", "http://[2001:db8::1]/", "http://0.0.0.0:1/", "http://localhost/",
		"https://open-api.tiktokglobalshop.com/", "http://127.0.0.1.example.com/",
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := transport.RoundTrip(req)
		if err == nil {
			response.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "is not on this machine") {
			t.Errorf("%s is called: %v", url, err)
		}
	}
}
