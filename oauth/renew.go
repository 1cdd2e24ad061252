package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop"
)

// ErrAuthorizationLost means that the refresh token no longer works, because the
// authorization ended or was revoked; the user must authorize the app again.
// Every such error is of class [ttshop.ErrUnauthorized] too.
var ErrAuthorizationLost = fmt.Errorf("%w: the authorization is lost; the user must authorize the app again", ttshop.ErrUnauthorized)

// ErrOtherUser means that a refresh was answered with another user's token. That
// token is not returned and must not be used.
var ErrOtherUser = errors.New("the platform answered with the token of another user")

// Renew is [App.Refresh] for a whole token. What the answer leaves out about who
// granted what is filled in from held. A refusal that no later try can change is
// [ErrAuthorizationLost], an answer with another open id [ErrOtherUser].
func (a *App) Renew(ctx context.Context, held ttshop.Token) (ttshop.Token, error) {
	if held.RefreshToken == "" {
		return ttshop.Token{}, fmt.Errorf("oauth: there is no refresh token: %w", ErrAuthorizationLost)
	}
	token, err := a.Refresh(ctx, held.RefreshToken)
	if err != nil {
		if isLost(err) {
			err = &lostError{err}
		}
		return ttshop.Token{}, err
	}
	if token.OpenID != "" && held.OpenID != "" && token.OpenID != held.OpenID {
		return ttshop.Token{}, fmt.Errorf("oauth: refresh the token of %q: %w: %q", held.OpenID, ErrOtherUser, token.OpenID)
	}
	if token.RefreshTokenExpiresAt.IsZero() && token.RefreshToken == held.RefreshToken {
		token.RefreshTokenExpiresAt = held.RefreshTokenExpiresAt
	}
	if token.OpenID == "" {
		token.OpenID, token.UserType = held.OpenID, held.UserType
	}
	token.SellerName = cmp.Or(token.SellerName, held.SellerName)
	token.SellerBaseRegion = cmp.Or(token.SellerBaseRegion, held.SellerBaseRegion)
	if token.GrantedScopes == nil {
		token.GrantedScopes = held.GrantedScopes
	}
	return token, nil
}

// isLost reports whether a refresh was refused for good. Only answers about the
// refresh token itself count: a wrong app secret, an address that is not in the
// allow list or a proxy's "forbidden" can be fixed without the user, and a grant
// given up by mistake has to be asked of the seller again.
func isLost(err error) bool {
	refused, ok := errors.AsType[*ttshop.Error](err)
	if !ok {
		return false
	}
	switch refused.Code {
	case 36004001, // refresh token expired
		36004004, // code or token unknown
		36004005, // authorize again
		98001005, // code used up
		98001006, // refresh token invalid
		105001:   // the user revoked the authorization
		return true
	}
	return false
}

// lostError is the platform's refusal of a refresh token.
type lostError struct{ refusal error }

// Error returns the platform's words, which say what to do.
func (e *lostError) Error() string { return e.refusal.Error() }

// Unwrap makes the error ErrAuthorizationLost as well as the refusal.
func (e *lostError) Unwrap() []error { return []error{ErrAuthorizationLost, e.refusal} }
