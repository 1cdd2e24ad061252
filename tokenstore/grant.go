package tokenstore

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// Shop is a shop that a grant reaches.
type Shop struct {
	ID         string `json:"id"`
	Cipher     string `json:"cipher"` // what identifies the shop in calls
	Name       string `json:"name"`
	Region     string `json:"region"`      // two letters, such as GB
	SellerType string `json:"seller_type"` // LOCAL or CROSS_BORDER
	Code       string `json:"code"`        // as Seller Center shows it
}

// Grant is what one user allowed an app. Times are truncated to the microsecond
// when they are stored, and the token's open id is that of the key.
type Grant struct {
	Key
	// Token holds the tokens, their ends and the scopes granted.
	Token ttshop.Token
	// Shops are the shops of a seller; creators and partners have none.
	Shops []Shop
	// AuthorizedAt is when the user last authorized the app.
	AuthorizedAt time.Time
	// RefreshedAt is when the access token was issued.
	RefreshedAt time.Time
	// ShopsAt is when the shops were fetched; zero means not yet.
	ShopsAt time.Time
	// LostAt is when the platform refused to refresh the token for good; zero
	// means that the grant is alive.
	LostAt time.Time
	// LostReason is what the platform said then.
	LostReason string
	// EndingMark is the last mark, in days before the end of the
	// authorization, that was reported; 0 means none.
	EndingMark int
	// Intent is set while the refresh token is being spent.
	Intent Intent
	// Version marks the stored state: see [Store].Save. 0 means not stored.
	Version int64
}

// Intent says that a process is about to spend a grant's refresh token. It is
// stored before the platform is asked and removed by the save of the result. A
// process that finds one under the lock knows that its predecessor did not get
// that far. The zero value means that nothing is under way.
type Intent struct {
	// ID names the attempt.
	ID string
	// At is when the attempt began or, if its process lost the lock and is still
	// at work, when it last said so.
	At time.Time
}

// IsZero reports whether nothing is under way.
func (i Intent) IsZero() bool { return i == Intent{} }

// String names the grant without any secret.
func (g Grant) String() string {
	return fmt.Sprintf("tokenstore.Grant(%s, %d shops, %s)", g.Key, len(g.Shops), g.Token)
}

// GoString is String, so that no fmt verb walks into the grant.
func (g Grant) GoString() string { return g.String() }

// Format implements fmt.Formatter for every verb.
func (g Grant) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, g.String()) }

// LogValue implements slog.LogValuer.
func (g Grant) LogValue() slog.Value { return slog.StringValue(g.String()) }

// Lost reports whether only a new authorization by the user can revive the
// grant.
func (g Grant) Lost() bool { return !g.LostAt.IsZero() }

// Clone returns a copy that shares nothing with g.
func (g Grant) Clone() Grant {
	g.Shops = slices.Clone(g.Shops)
	g.Token.GrantedScopes = slices.Clone(g.Token.GrantedScopes)
	g.Token.Extra = maps.Clone(g.Token.Extra)
	for name, value := range g.Token.Extra {
		g.Token.Extra[name] = slices.Clone(value)
	}
	return g
}

// issued returns the token in the form that a source takes.
func (g Grant) issued() oauth.Issued { return oauth.Issued{Token: g.Token, At: g.RefreshedAt} }

// recordVersion is the version of record that this code writes.
const recordVersion = 1

// record is a grant as it is stored and exported, with its secrets.
type record struct {
	Record                int                        `json:"record"`           // version of this layout
	Masked                bool                       `json:"masked,omitempty"` // the secrets are not there
	AppKey                string                     `json:"app_key"`
	OpenID                string                     `json:"open_id"`
	AccessToken           string                     `json:"access_token"`
	AccessTokenExpiresAt  time.Time                  `json:"access_token_expires_at,omitzero"`
	RefreshToken          string                     `json:"refresh_token"`
	RefreshTokenExpiresAt time.Time                  `json:"refresh_token_expires_at,omitzero"`
	SellerName            string                     `json:"seller_name,omitempty"`
	SellerBaseRegion      string                     `json:"seller_base_region,omitempty"`
	UserType              int                        `json:"user_type"`
	GrantedScopes         []string                   `json:"granted_scopes"`
	Extra                 map[string]json.RawMessage `json:"extra,omitempty"`
	Shops                 []Shop                     `json:"shops"`
	AuthorizedAt          time.Time                  `json:"authorized_at,omitzero"`
	RefreshedAt           time.Time                  `json:"refreshed_at,omitzero"`
	ShopsAt               time.Time                  `json:"shops_at,omitzero"`
	LostAt                time.Time                  `json:"lost_at,omitzero"`
	LostReason            string                     `json:"lost_reason,omitempty"`
	EndingMark            int                        `json:"ending_mark,omitempty"`
	IntentID              string                     `json:"intent,omitempty"`
	IntentAt              time.Time                  `json:"intent_at,omitzero"`
	Reserve               string                     `json:"reserve,omitempty"` // holds the room of the result
	Version               int64                      `json:"version,omitempty"`
}

// resultReserve is how much larger the record of a grant with an [Intent] is than
// that of the same grant without: the result of the refresh then fits in its
// place, even if the platform's answer has grown.
const resultReserve = 24 << 10

// MarshalJSON encodes the grant for display: the tokens are masked, and fields of
// the platform's answer that are not known are left out. [ParseGrant] refuses the
// result; see [Grant.RevealJSON].
func (g Grant) MarshalJSON() ([]byte, error) {
	r := g.record()
	r.Masked, r.Extra, r.Reserve = true, nil, ""
	r.AccessToken, r.RefreshToken = g.Token.AccessToken.String(), g.Token.RefreshToken.String()
	return json.Marshal(r)
}

// RevealJSON returns the grant as JSON with its secrets, for an export or a store;
// [ParseGrant] reads it. With an [Intent] it is 24 KiB larger than without, so
// that storing it reserves room for the result.
func (g Grant) RevealJSON() ([]byte, error) {
	data, err := json.Marshal(g.record())
	if err != nil {
		return nil, fmt.Errorf("encode grant %s: %w", g.Key, err)
	}
	return data, nil
}

// record returns the grant as it is stored.
func (g Grant) record() record {
	t := g.Token
	reserve := ""
	if !g.Intent.IsZero() {
		reserve = strings.Repeat("-", resultReserve)
	}
	return record{
		Record: recordVersion, AppKey: g.AppKey, OpenID: g.OpenID,
		AccessToken: t.AccessToken.Reveal(), AccessTokenExpiresAt: stored(t.AccessTokenExpiresAt),
		RefreshToken: t.RefreshToken.Reveal(), RefreshTokenExpiresAt: stored(t.RefreshTokenExpiresAt),
		SellerName: t.SellerName, SellerBaseRegion: t.SellerBaseRegion, UserType: int(t.UserType),
		GrantedScopes: t.GrantedScopes, Extra: t.Extra, Shops: g.Shops,
		AuthorizedAt: stored(g.AuthorizedAt), RefreshedAt: stored(g.RefreshedAt), ShopsAt: stored(g.ShopsAt),
		LostAt: stored(g.LostAt), LostReason: g.LostReason, EndingMark: g.EndingMark,
		IntentID: g.Intent.ID, IntentAt: stored(g.Intent.At), Reserve: reserve, Version: g.Version,
	}
}

// ParseGrant reads what [Grant.RevealJSON] wrote. The error for a record of a newer
// version is [ErrNewerVersion], for anything else that is not a grant
// [ErrCorrupt].
func ParseGrant(data []byte) (Grant, error) {
	var layout struct {
		Record int `json:"record"`
	}
	// The text of JSON errors may quote the input, which holds secrets.
	if json.Unmarshal(data, &layout) != nil {
		return Grant{}, fmt.Errorf("read grant: %w: it is no record of a grant", ErrCorrupt)
	}
	if layout.Record > recordVersion {
		return Grant{}, fmt.Errorf("read grant: %w (record %d, known %d)", ErrNewerVersion, layout.Record, recordVersion)
	}
	var r record
	if layout.Record < 1 || json.Unmarshal(data, &r) != nil {
		return Grant{}, fmt.Errorf("read grant: %w: it is no record of a grant", ErrCorrupt)
	}
	if r.Masked {
		return Grant{}, fmt.Errorf("read grant: %w: its secrets are masked", ErrCorrupt)
	}
	g := Grant{
		Key: Key{r.AppKey, r.OpenID},
		Token: ttshop.Token{
			AccessToken: ttshop.Secret(r.AccessToken), AccessTokenExpiresAt: r.AccessTokenExpiresAt,
			RefreshToken: ttshop.Secret(r.RefreshToken), RefreshTokenExpiresAt: r.RefreshTokenExpiresAt,
			OpenID: r.OpenID, SellerName: r.SellerName, SellerBaseRegion: r.SellerBaseRegion,
			UserType: ttshop.UserType(r.UserType), GrantedScopes: r.GrantedScopes, Extra: r.Extra,
		},
		Shops: r.Shops, AuthorizedAt: r.AuthorizedAt, RefreshedAt: r.RefreshedAt, ShopsAt: r.ShopsAt,
		LostAt: r.LostAt, LostReason: r.LostReason, EndingMark: r.EndingMark,
		Intent: Intent{r.IntentID, r.IntentAt}, Version: r.Version,
	}
	if err := g.Key.Validate(); err != nil {
		return Grant{}, fmt.Errorf("read grant: %w: %w", ErrCorrupt, err)
	}
	return g, nil
}

// stored returns a time as it comes back from a store. JSON times end with the
// year 9999; a later one comes back as that end rather than not at all.
func stored(t time.Time) time.Time {
	t = t.UTC().Truncate(time.Microsecond)
	last := time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)
	switch {
	case t.Year() < 1:
		return time.Time{}
	case t.After(last):
		return last
	}
	return t
}
