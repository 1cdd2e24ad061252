package sign_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

// vector is one row of testdata/signing.json.
type vector struct {
	ID          string            `json:"id"`
	Kind        string            `json:"kind"`
	Secret      string            `json:"secret"`
	Path        string            `json:"path"`
	Query       map[string]string `json:"query"`
	ContentType string            `json:"content_type"`
	Body        string            `json:"body"`
	Sign        string            `json:"sign"`
}

func (v vector) signer() *sign.Signer {
	if strings.HasPrefix(v.Kind, "legacy") {
		return sign.NewLegacy(v.Secret)
	}
	return sign.New(v.Secret)
}

func (v vector) request() sign.Request {
	r := sign.Request{Path: v.Path, Query: url.Values{}, ContentType: v.ContentType, Body: []byte(v.Body)}
	for key, value := range v.Query {
		r.Query.Set(key, value)
	}
	return r
}

func readJSON[T any](t testing.TB, name string) T {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func TestVectors(t *testing.T) {
	t.Parallel()
	vectors := readJSON[[]vector](t, "testdata/signing.json")
	if len(vectors) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			signer, r := v.signer(), v.request()
			if got := signer.Sign(r); got != v.Sign {
				t.Errorf("Sign = %s, want %s\ncanonical: %s", got, v.Sign, signer.Canonical(r))
			}
			if !signer.Verify(r, v.Sign) {
				t.Error("Verify refuses the vector's signature")
			}
			if v.Query["timestamp"] == "" {
				return // SignURL would add one
			}
			rawURL := "https://open-api.tiktokglobalshop.com" + v.Path + "?" + r.Query.Encode()
			got, err := signer.SignURL(rawURL, v.ContentType, r.Body, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Signature != v.Sign {
				t.Errorf("SignURL = %s, want %s", got.Signature, v.Sign)
			}
		})
	}
}

func TestWebhookVectors(t *testing.T) {
	t.Parallel()
	vectors := readJSON[[]struct {
		ID            string `json:"id"`
		AppKey        string `json:"app_key"`
		Secret        string `json:"secret"`
		Body          string `json:"body"`
		Authorization string `json:"authorization"`
	}](t, "testdata/webhook.json")
	if len(vectors) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range vectors {
		signer := sign.New(v.Secret)
		if got := signer.SignWebhook(v.AppKey, []byte(v.Body)); got != v.Authorization {
			t.Errorf("%s: SignWebhook = %s, want %s", v.ID, got, v.Authorization)
		}
		if !signer.VerifyWebhook(v.AppKey, []byte(v.Body), v.Authorization) {
			t.Errorf("%s: VerifyWebhook refuses the vector's signature", v.ID)
		}
		if signer.VerifyWebhook(v.AppKey, []byte(v.Body+" "), v.Authorization) {
			t.Errorf("%s: VerifyWebhook accepts another body", v.ID)
		}
	}
}
