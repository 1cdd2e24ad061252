package bench

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

const secret = "e59af819cc0d4f6fb5f0c5a4b3d2e1f0a9b8c7d6"

// searchRequest is an order search as programs send it every minute.
func searchRequest() sign.Request {
	return sign.Request{
		Path: "/order/202309/orders/search",
		Query: url.Values{
			"app_key":     {"68xu9ks5p4i8"},
			"shop_cipher": {"ROW_xkMbgAAAeVAQra0eZWebFQq5aIK"},
			"timestamp":   {"1700000000"},
			"page_size":   {"50"},
			"page_token":  {"6AsPQsUMvH3RkchNUPPh22NROHkE0D8pmq/N5M1kHYcZmtRyv9aVrNv65W7Q6tFA+7D1ud64MPNz5OaT"},
		},
		ContentType: "application/json",
		Body:        []byte(`{"order_status":"AWAITING_SHIPMENT","create_time_ge":1699990000,"create_time_lt":1700000000}`),
	}
}

// bareHMAC signs the bytes that the request's signature covers and does
// nothing else, by the book and with a hash in hand.
func bareHMAC(r sign.Request) (fresh, reused func()) {
	message := []byte(sign.New(secret).Canonical(r))
	message = append([]byte(secret), message[len(sign.SecretMask):len(message)-len(sign.SecretMask)]...)
	message = append(message, secret...)
	key := []byte(secret)
	fresh = func() {
		mac := hmac.New(sha256.New, key)
		mac.Write(message)
		sink = hex.EncodeToString(mac.Sum(nil))
	}
	mac := hmac.New(sha256.New, key)
	reused = func() {
		mac.Reset()
		mac.Write(message)
		sink = hex.EncodeToString(mac.Sum(nil))
	}
	return fresh, reused
}

var sink string

func BenchmarkSign(b *testing.B) {
	r := searchRequest()
	fresh, reused := bareHMAC(r)
	signer := sign.New(secret)
	subject := func() { sink = signer.Sign(r) }
	b.Run("HMAC", func(b *testing.B) { compare(b, 1000, subject, fresh) })
	b.Run("HMAC_reused", func(b *testing.B) { compare(b, 1000, subject, reused) })
}

func BenchmarkSignURL(b *testing.B) {
	r := searchRequest()
	fresh, reused := bareHMAC(r)
	signer := sign.New(secret)
	rawURL := "https://open-api.tiktokglobalshop.com" + r.Path + "?" + r.Query.Encode()
	subject := func() {
		s, err := signer.SignURL(rawURL, r.ContentType, r.Body, time.Time{})
		if err != nil {
			b.Fatal(err)
		}
		sink = s.Signature
	}
	b.Run("HMAC", func(b *testing.B) { compare(b, 1000, subject, fresh) })
	b.Run("HMAC_reused", func(b *testing.B) { compare(b, 1000, subject, reused) })
}
