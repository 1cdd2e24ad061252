package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ttshop-go/ttshop"
)

// tokenData is the data part of a token endpoint's answer.
type tokenData struct {
	AccessToken string `json:"access_token"`
	// The names say "in", the values are absolute: Unix seconds.
	AccessTokenExpireIn  expiry   `json:"access_token_expire_in"`
	RefreshToken         string   `json:"refresh_token"`
	RefreshTokenExpireIn expiry   `json:"refresh_token_expire_in"`
	OpenID               string   `json:"open_id"`
	SellerName           string   `json:"seller_name"`
	SellerBaseRegion     string   `json:"seller_base_region"`
	UserType             int      `json:"user_type"`
	GrantedScopes        []string `json:"granted_scopes"`
}

// knownFields are the fields of the answer that have a field in a token.
var knownFields = []string{
	"access_token", "access_token_expire_in", "refresh_token", "refresh_token_expire_in", "open_id",
	"seller_name", "seller_base_region", "user_type", "granted_scopes",
}

// token returns the token of an answer that was decoded into d, and what is odd
// about it.
func (d *tokenData) token(answer []byte, now time.Time) (token ttshop.Token, odd []string, err error) {
	if d.AccessToken == "" {
		return ttshop.Token{}, nil, errors.New("the answer holds no access token")
	}
	var whole struct {
		Data map[string]json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(answer, &whole); err != nil {
		return ttshop.Token{}, nil, fmt.Errorf("decode token: %w", err)
	}
	for _, name := range knownFields {
		delete(whole.Data, name)
	}
	if len(whole.Data) == 0 {
		whole.Data = nil
	}
	accessEnd, oddAccess := d.AccessTokenExpireIn.time(now, assumedLife)
	refreshEnd, oddRefresh := d.RefreshTokenExpireIn.time(now, 0)
	if oddAccess != "" {
		odd = append(odd, "access token: "+oddAccess)
	}
	if oddRefresh != "" {
		odd = append(odd, "refresh token: "+oddRefresh)
	}
	return ttshop.Token{
		AccessToken:           ttshop.Secret(d.AccessToken),
		AccessTokenExpiresAt:  accessEnd,
		RefreshToken:          ttshop.Secret(d.RefreshToken),
		RefreshTokenExpiresAt: refreshEnd,
		OpenID:                d.OpenID,
		SellerName:            d.SellerName,
		SellerBaseRegion:      d.SellerBaseRegion,
		UserType:              ttshop.UserType(d.UserType),
		GrantedScopes:         d.GrantedScopes,
		Extra:                 whole.Data,
	}, odd, nil
}
