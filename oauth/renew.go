package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop"
)

// ErrAuthorizationLost means that the refresh token buys nothing any more, because the
// authorization ended or was taken back; the user must authorize the app
// again. Every error of this kind is of class [ttshop.ErrUnauthorized] too.
var ErrAuthorizationLost = fmt.Errorf("%w: the authorization is lost; the user must authorize the app again", ttshop.ErrUnauthorized)

// ErrOtherUser means that a refresh was answered with the token of somebody
// else. That token is not returned, and nobody may use it.
var ErrOtherUser = errors.New("the platform answered with the token of another user")

// Renew is [App.Refresh] for a whole token. Where the answer leaves out who
// granted what, the token in hand fills it in. A refusal that no later try can
// turn is [ErrAuthorizationLost], an answer with another open id [ErrOtherUser].
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

// isLost tells whether a refresh was refused for good. Only answers about the
// refresh token itself count: a wrong app secret, an address that is not in
// the allow list or a proxy's "forbidden" can be put right without the user,
// and a grant given up by mistake costs a call to the seller.
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
		105001:   // the user took the authorization back
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
