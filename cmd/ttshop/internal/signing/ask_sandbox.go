package signing

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sign"
	"github.com/ttshop-go/ttshop/sign/explain/paste"
)

// askSandbox sends a request to a sandbox in this process, at the time at which it
// arrived, and returns what the gateway there refuses of it; nil if it passes. Token
// and ciphers are replaced by those of the sandbox, and it is signed again. What
// only the state of a shop decides, such as whether an order exists, is no reason.
func askSandbox(r paste.Request, key, secret string, at time.Time) (*refusal, error) {
	box, err := sandbox.New(sandbox.Config{Seed: 1, AppKey: key, AppSecret: secret, Throttle: new(0.0), Now: func() time.Time { return at }})
	if err != nil {
		return nil, fmt.Errorf("ask a sandbox: %w", err)
	}
	defer box.Close()
	credentials := box.Credentials()
	target, err := foreign(r.URL, map[string]string{
		"shop_cipher": credentials.Shops[0].Cipher, "category_asset_cipher": credentials.CategoryAssetCipher,
	})
	if err != nil {
		return nil, err
	}
	body := r.Body
	signature, err := sign.New(secret).SignURL(target, r.ContentType, body, at)
	if err != nil {
		return nil, fmt.Errorf("ask a sandbox: %w", err)
	}
	req, err := http.NewRequest(r.Method, "http://sandbox"+SignedURL(target, signature), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("ask a sandbox: %w", err)
	}
	req.RemoteAddr = "127.0.0.1:1"
	if r.ContentType != "" {
		req.Header.Set("Content-Type", r.ContentType)
	} else if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json") // the text did not say
	}
	req.Header.Set("X-Tts-Access-Token", credentials.AccessToken)
	var answer heard
	box.ServeHTTP(&answer, req)
	var envelope struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(answer.body.Bytes(), &envelope); err != nil {
		return nil, fmt.Errorf("ask a sandbox: read its answer: %w", err)
	}
	if !ofGateway(envelope.Code) {
		return nil, nil
	}
	return &refusal{
		ID:       "refused",
		Sentence: fmt.Sprintf("a sandbox refuses the request with code %d: %s", envelope.Code, strings.TrimRight(envelope.Message, ".")),
		Fix:      fmt.Sprintf("see ttshop errors %d", envelope.Code),
	}, nil
}

// ofGateway reports whether a code is one of the gateway, which looks at the
// request alone.
func ofGateway(code int) bool { return code/1000 == 36009 || code/1000 == 106 }

// foreign returns the path and query of a URL with other values for those of some
// parameters that are there.
func foreign(address string, values map[string]string) (string, error) {
	u, err := url.Parse(console.Before(address, "#"))
	if err != nil {
		return "", console.Usagef("the URL cannot be read")
	}
	var parts []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		if other, ok := values[name]; ok && value != "" {
			part = name + "=" + url.QueryEscape(other)
		}
		if name != "sign" && name != "access_token" && part != "" {
			parts = append(parts, part)
		}
	}
	return u.EscapedPath() + "?" + strings.Join(parts, "&"), nil
}

// heard is an http.ResponseWriter that keeps the answer.
type heard struct {
	header http.Header
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (h *heard) Header() http.Header {
	if h.header == nil {
		h.header = make(http.Header)
	}
	return h.header
}

// Write implements http.ResponseWriter.
func (h *heard) Write(p []byte) (int, error) { return h.body.Write(p) }

// WriteHeader implements http.ResponseWriter.
func (h *heard) WriteHeader(int) {}
