package ttshop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"
)

// Token is the grant of one seller, creator or partner to an app.
type Token struct {
	// AccessToken authenticates calls. It lives seven days by default.
	AccessToken Secret
	// AccessTokenExpiresAt is when the access token expires; zero means unknown.
	AccessTokenExpiresAt time.Time
	// RefreshToken is exchanged for the next access token.
	RefreshToken Secret
	// RefreshTokenExpiresAt is when the authorization ends; zero means unknown.
	RefreshTokenExpiresAt time.Time
	// OpenID identifies the user who granted the authorization.
	OpenID string
	// SellerName is the seller's display name.
	SellerName string
	// SellerBaseRegion is a two-letter region such as GB.
	SellerBaseRegion string
	// UserType says who granted the authorization.
	UserType UserType
	// GrantedScopes lists the scopes granted, such as seller.order.info. A
	// creator may have granted fewer than the app asked for.
	GrantedScopes []string
	// Extra holds the remaining fields of the platform's answer, as they came.
	Extra map[string]json.RawMessage
}

// String names whose token it is, without any secret.
func (t Token) String() string {
	return fmt.Sprintf("ttshop.Token(%s %s, until %s)", t.UserType, t.OpenID, t.AccessTokenExpiresAt.UTC().Format(time.RFC3339))
}

// GoString is String, so that no fmt verb shows the fields in Extra.
func (t Token) GoString() string { return t.String() }

// LogValue implements slog.LogValuer.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// ValidAt reports whether the access token is present and has not expired.
func (t Token) ValidAt(now time.Time) bool {
	return t.AccessToken != "" && (t.AccessTokenExpiresAt.IsZero() || now.Before(t.AccessTokenExpiresAt))
}

// HasScope reports whether a scope was granted.
func (t Token) HasScope(scope string) bool { return slices.Contains(t.GrantedScopes, scope) }

// UserType is the kind of a user who can authorize an app. Other values may
// appear and keep their number.
type UserType int

// The kinds of users. The number 2 is not in use.
const (
	UserSeller  UserType = 0
	UserCreator UserType = 1
	UserPartner UserType = 3
)

// String returns seller, creator, partner or the number.
func (u UserType) String() string {
	switch u {
	case UserSeller:
		return "seller"
	case UserCreator:
		return "creator"
	case UserPartner:
		return "partner"
	}
	return strconv.Itoa(int(u))
}

// TokenSource provides the token for a call. It must be safe for concurrent use,
// and it is asked before every call: an implementation caches a token and returns
// it at once while it is valid.
type TokenSource interface {
	Token(ctx context.Context) (Token, error)
}

// Refresher is a source that can replace a token which the platform called
// expired although the source took it for valid. The client then repeats the
// call once.
type Refresher interface {
	TokenSource
	// Refresh returns a token other than expired: the one it holds meanwhile, or
	// else a new one.
	Refresh(ctx context.Context, expired Token) (Token, error)
}

// StaticToken is a source that always returns the same access token and does not
// know when it expires.
func StaticToken(accessToken string) TokenSource { return staticToken(accessToken) }

type staticToken Secret

func (t staticToken) Token(context.Context) (Token, error) {
	if t == "" {
		return Token{}, errors.New("the access token is empty")
	}
	return Token{AccessToken: Secret(t)}, nil
}

// String hides the token, as Secret does.
func (t staticToken) String() string { return Secret(t).String() }

// GoString hides the token, as Secret does.
func (t staticToken) GoString() string { return Secret(t).String() }
