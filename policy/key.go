package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// Key is what one client may do. The zero value may do nothing.
type Key struct {
	// Name identifies the key to people, in audits and in limits.
	Name string `json:"name"`
	// Note says what the key is for.
	Note string `json:"note,omitempty"`
	// Credentials are what the client proves itself with: one, or two during a
	// rotation.
	Credentials []Credential `json:"credentials"`

	// Allow and Deny are names of operations, such as order.GetOrderList, in
	// which * stands for any text: order.*, *.Get*.
	Allow []string `json:"allow,omitempty"`
	Deny  []string `json:"deny,omitempty"`
	// ReadOnly forbids what changes something on the platform.
	ReadOnly bool `json:"read_only,omitempty"`

	// Shops are the shops that the key may act for: ids or codes, in which *
	// stands for any text, or name:PATTERN or region:PATTERN. Sellers can change
	// the names of their shops.
	Shops []string `json:"shops,omitempty"`
	// Grants are the open ids of creators and partners that the key may act for.
	Grants []string `json:"grants,omitempty"`
	// WholeAccounts allows operations that name no shop for sellers some of whose
	// shops the key may not use: such operations act for all shops of the seller.
	WholeAccounts bool `json:"whole_accounts,omitempty"`

	Rate  float64 `json:"rate,omitempty"`  // calls per second; 0 means no limit of its own
	Daily int     `json:"daily,omitempty"` // calls per day, UTC; 0 means no limit of its own

	Created time.Time `json:"created,omitzero"`
	Expires time.Time `json:"expires,omitzero"` // zero means never
	Revoked time.Time `json:"revoked,omitzero"` // zero means that it is in force
}

// Credential is one secret of a key, as it is kept.
type Credential struct {
	// ID names the credential. It is no secret; a client that signs sends it as
	// its app key.
	ID string `json:"id"`
	// Hash is the SHA-256 of the key that the client presents.
	Hash Hash `json:"sha256"`
	// Sealed is the secret for signatures, sealed; nil if the client does not sign.
	Sealed  []byte    `json:"sealed,omitempty"`
	Created time.Time `json:"created,omitzero"`
	Until   time.Time `json:"until,omitzero"` // when it ends; zero means with the key
}

// Hash is the SHA-256 of a key.
type Hash [sha256.Size]byte

// HashOf returns the hash of a key.
func HashOf(key string) Hash { return sha256.Sum256([]byte(key)) }

// MarshalText implements encoding.TextMarshaler.
func (h Hash) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h[:])), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return fmt.Errorf("a SHA-256 has %d hexadecimal digits, not %d", hex.EncodedLen(len(h)), len(text))
	}
	if _, err := hex.Decode(h[:], text); err != nil {
		return errors.New("a SHA-256 is written in hexadecimal digits")
	}
	return nil
}

// State is a word for whether a key works: active, revoked or expired.
func (k Key) State(now time.Time) string {
	switch {
	case !k.Revoked.IsZero():
		return "revoked"
	case !k.Expires.IsZero() && !now.Before(k.Expires):
		return "expired"
	}
	return "active"
}

// Validate returns an error about what makes no sense. Whether operations exist
// is judged when the rules are made.
func (k Key) Validate() error {
	if err := checkName(k.Name); err != nil {
		return err
	}
	switch {
	case k.Rate < 0, math.IsNaN(k.Rate), math.IsInf(k.Rate, 0):
		return fmt.Errorf("key %s: the rate %v is not a number of calls per second", k.Name, k.Rate)
	case k.Daily < 0:
		return fmt.Errorf("key %s: %d calls per day make no sense", k.Name, k.Daily)
	}
	for _, pattern := range k.Shops {
		if _, err := parseShopPattern(pattern); err != nil {
			return fmt.Errorf("key %s: %w", k.Name, err)
		}
	}
	for _, grant := range k.Grants {
		if grant == "" || strings.Contains(grant, "*") {
			return fmt.Errorf("key %s: a grant is one whole open id, not %q", k.Name, grant)
		}
	}
	for _, c := range k.Credentials {
		if c.ID == "" || c.Hash == (Hash{}) {
			return fmt.Errorf("key %s: a credential has no id or no hash", k.Name)
		}
	}
	return nil
}

// checkName refuses names that would be hard to type or to read.
func checkName(name string) error {
	if name == "" || len(name) > 64 {
		return fmt.Errorf("a key needs a name of at most 64 characters, not %q", name)
	}
	for _, r := range name {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			continue
		}
		return fmt.Errorf("%q is not a valid name of a key; use letters, digits, dots and dashes", name)
	}
	return nil
}
