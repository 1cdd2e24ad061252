package ttshop_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
)

// numbered is a source whose refresh gives another token, or fails.
type numbered struct {
	token     int
	refreshes int
	err       error
}

func (s *numbered) Token(context.Context) (ttshop.Token, error) {
	return ttshop.Token{AccessToken: ttshop.Secret(fmt.Sprintf("planted-token-%d", s.token))}, nil
}

func (s *numbered) Refresh(ctx context.Context, _ ttshop.Token) (ttshop.Token, error) {
	s.refreshes++
	if s.err != nil {
		return ttshop.Token{}, s.err
	}
	s.token++
	return s.Token(ctx)
}

// refusing answers with 105001 to tokens below a number.
type refusing struct {
	below   int
	message string
}

func (r refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	var n int
	if _, err := fmt.Sscanf(req.Header.Get("X-Tts-Access-Token"), "planted-token-%d", &n); err != nil {
		return nil, err
	}
	answer := `{"code":0,"message":"Success","request_id":"R","data":{}}`
	if n < r.below {
		answer = fmt.Sprintf(`{"code":105001,"message":%q,"request_id":"R"}`, r.message)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), ContentLength: -1, Request: req}, nil
}

// A token that the platform calls invalid is refreshed once, and no more if that
// does not help.
func TestInvalidToken(t *testing.T) {
	t.Parallel()
	lost := errors.New("lost")
	for _, c := range []struct {
		what      string
		refusing  refusing
		err       error // of the refresh
		fails     error
		refreshes int // of three calls
	}{
		{"replaced elsewhere", refusing{1, "invalid token"}, nil, nil, 1},
		{"revoked", refusing{1000, "deauthorized"}, lost, lost, 3},
		{"a new one does not help", refusing{1000, "invalid"}, nil, ttshop.ErrUnauthorized, 1},
		{"a user of the wrong kind", refusing{1000, "your User type can not access this interface"}, nil, ttshop.ErrUnauthorized, 0},
	} {
		source := &numbered{err: c.err}
		client := ttshop.New("key", "secret", ttshop.WithTokenSource(source), ttshop.WithHTTPClient(&http.Client{Transport: c.refusing}))
		for range 3 {
			_, err := client.Call(t.Context(), "POST", "/order/202309/orders/search", nil, nil)
			if !errors.Is(err, c.fails) || c.fails == nil && err != nil || c.fails != nil && !errors.Is(err, ttshop.ErrUnauthorized) {
				t.Errorf("%s: error %v", c.what, err)
			}
		}
		if source.refreshes != c.refreshes {
			t.Errorf("%s: %d refreshes, want %d", c.what, source.refreshes, c.refreshes)
		}
	}
}

// A shop's id is no cipher, wherever it is given as one.
func TestShopIDAsCipher(t *testing.T) {
	t.Parallel()
	client := ttshop.New("key", "secret", ttshop.WithTokenSource(ttshop.StaticToken("planted-token-0")), ttshop.WithHTTPClient(&http.Client{Transport: refusing{}}))
	const id = "7495919852417580332"
	operation := &ttshop.Operation{Name: "x.Y", Method: "GET", Path: "/x/202309/y", ShopCipher: ttshop.CipherRequired, Read: true}
	for what, err := range map[string]error{
		"bound":    second(client.Shop(id).Call(t.Context(), "GET", "/x/202309/y", nil, nil)),
		"in query": second(client.Call(t.Context(), "GET", "/x/202309/y", url.Values{"shop_cipher": {id}}, nil)),
		"typed":    client.Shop(id).Do(t.Context(), operation, nil, nil),
	} {
		if !errors.Is(err, ttshop.ErrInvalidRequest) || !strings.Contains(err.Error(), id) || !strings.Contains(err.Error(), "/authorization/202309/shops") {
			t.Errorf("%s: error %v", what, err)
		}
	}
	if _, err := client.Shop(id).Shop("GCP_cipher").Call(t.Context(), "GET", "/x/202309/y", nil, nil); err != nil {
		t.Errorf("bound anew: %v", err)
	}
	if advice := (&ttshop.Error{Code: 101000}).Advice(); !strings.Contains(advice, "cipher of the shop") {
		t.Errorf("advice %q", advice)
	}
}
