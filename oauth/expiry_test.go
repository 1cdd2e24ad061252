package oauth_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// TestExpiryThatCannotBe: an end in another unit, or centuries ahead, is read
// sensibly and logged, and never loses the tokens beside it.
func TestExpiryThatCannotBe(t *testing.T) {
	t.Parallel()
	const seconds = 1_900_000_000
	at := time.Unix(seconds, 0)
	life := 7 * 24 * time.Hour
	for _, tt := range []struct {
		name, written   string
		access, refresh time.Time     // zero: not known
		fromNow         time.Duration // of the access token, in place of access
		odd             bool
	}{
		{name: "seconds", written: fmt.Sprint(seconds), access: at, refresh: at},
		{name: "seconds in quotes", written: fmt.Sprintf("%q", fmt.Sprint(seconds)), access: at, refresh: at},
		{name: "2123", written: "4838400000", access: time.Unix(4838400000, 0), refresh: time.Unix(4838400000, 0)},
		{name: "past", written: "1500000000", access: time.Unix(1500000000, 0), refresh: time.Unix(1500000000, 0)},
		{name: "zero", written: "0"},
		{name: "null", written: "null"},
		{name: "milliseconds", written: fmt.Sprint(seconds * 1000), access: at, refresh: at, odd: true},
		{name: "microseconds", written: fmt.Sprint(seconds * 1_000_000), access: at, refresh: at, odd: true},
		{name: "nanoseconds", written: fmt.Sprint(seconds * 1_000_000_000), access: at, refresh: at, odd: true},
		{name: "a float", written: "1.9e9", access: at, refresh: at},
		{name: "a duration", written: "604800", fromNow: life, odd: true},
		{name: "centuries ahead", written: "95000000000", fromNow: life, odd: true},
		{name: "beyond every unit", written: "1" + strings.Repeat("0", 400), fromNow: life, odd: true},
		{name: "negative", written: "-5", fromNow: life, odd: true},
		{name: "text", written: `"next week"`, fromNow: life, odd: true},
		{name: "an object", written: `{"at":1}`, fromNow: life, odd: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			app := authHost(t, 200, `{"code":0,"message":"success","data":{"open_id":"o1","access_token":"ROW_a","refresh_token":"ROW_r",
				"access_token_expire_in":`+tt.written+`,"refresh_token_expire_in":`+tt.written+`}}`, nil)
			app.Logger = slog.New(slog.NewTextHandler(&log, nil))
			began := time.Now()
			got, err := app.Refresh(t.Context(), refresh)
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessToken != "ROW_a" || got.RefreshToken != "ROW_r" {
				t.Errorf("the tokens are %q and %q", got.AccessToken.Reveal(), got.RefreshToken.Reveal())
			}
			if tt.fromNow != 0 {
				if d := got.AccessTokenExpiresAt.Sub(began); d < tt.fromNow-2*time.Second || d > tt.fromNow+time.Minute {
					t.Errorf("the access token ends in %v, want %v", d, tt.fromNow)
				}
			} else if !got.AccessTokenExpiresAt.Equal(tt.access) || !got.RefreshTokenExpiresAt.Equal(tt.refresh) {
				t.Errorf("the tokens end at %v and %v, want %v and %v", got.AccessTokenExpiresAt, got.RefreshTokenExpiresAt, tt.access, tt.refresh)
			}
			if logged := strings.Contains(log.String(), "odd"); logged != tt.odd || strings.Contains(log.String(), "ROW_") {
				t.Errorf("the log says %q", log.String())
			}
		})
	}
}

// TestRenewRefusesAnotherUser: an answer with the token of somebody else is not
// used.
func TestRenewRefusesAnotherUser(t *testing.T) {
	t.Parallel()
	app := authHost(t, 200, granted, nil) // of o1
	token, err := app.Renew(t.Context(), ttshop.Token{RefreshToken: refresh, OpenID: "somebody"})
	if !errors.Is(err, oauth.ErrOtherUser) || errors.Is(err, oauth.ErrAuthorizationLost) || token.AccessToken != "" {
		t.Errorf("token %v, error %v", token, err)
	}
	if err != nil && (!strings.Contains(err.Error(), `"somebody"`) || !strings.Contains(err.Error(), `"o1"`)) {
		t.Errorf("the error does not name both users: %v", err)
	}
	for _, held := range []string{"o1", ""} {
		if token, err := app.Renew(t.Context(), ttshop.Token{RefreshToken: refresh, OpenID: held}); err != nil || token.OpenID != "o1" {
			t.Errorf("held by %q: token %v, error %v", held, token, err)
		}
	}
}
