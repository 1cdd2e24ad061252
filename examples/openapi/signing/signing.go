// Package signing signs the requests of generated clients.
package signing

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

// A Transport signs requests for one app and one access token, and sends them
// through http.DefaultTransport.
type Transport struct {
	AppKey, AccessToken string
	Signer              *sign.Signer
}

// RoundTrip implements http.RoundTripper.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	var body []byte
	if r.Body != nil && !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if err := r.Body.Close(); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	query := r.URL.Query()
	query.Set("app_key", t.AppKey)
	query.Set("timestamp", strconv.FormatInt(time.Now().Unix(), 10))
	query.Set("sign", t.Signer.Sign(sign.Request{Path: r.URL.EscapedPath(), Query: query, Body: body}))
	r.URL.RawQuery = query.Encode()
	r.Header.Set("x-tts-access-token", t.AccessToken)
	return http.DefaultTransport.RoundTrip(r)
}
