package policy

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// Prefix begins every key, so that scanners for leaked secrets know one.
const Prefix = "ttg_"

// Sealer encrypts the secrets that signatures are verified with; the Keys of
// package tokenstore do. about is authenticated, not stored.
type Sealer interface {
	Seal(plain []byte, about string) ([]byte, error)
	Open(sealed []byte, about string) ([]byte, error)
}

// SealedAbout is what the secret of a credential is sealed about.
func SealedAbout(credentialID string) string { return "ttshop gateway client\x00" + credentialID }

// Issued are the secrets of a new credential: the only time that they can be had.
// It shows none of them, whichever way it is printed.
type Issued struct {
	id, key, secret string
}

// ID returns what names the credential: the app key of a client that signs.
func (i Issued) ID() string { return i.id }

// RevealKey returns the key to present.
func (i Issued) RevealKey() string { return i.key }

// RevealSecret returns the app secret of a client that signs, or nothing.
func (i Issued) RevealSecret() string { return i.secret }

// String names the credential.
func (i Issued) String() string { return "policy.Issued(" + i.id + ")" }

// Format prints what String returns, so that no fmt verb shows a secret.
func (i Issued) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, i.String()) }

// LogValue implements slog.LogValuer.
func (i Issued) LogValue() slog.Value { return slog.StringValue(i.String()) }

// MarshalJSON encodes the id alone.
func (i Issued) MarshalJSON() ([]byte, error) { return []byte(`"` + i.id + `"`), nil }

// issue makes a credential.
func issue(now time.Time, sealer Sealer) (Credential, Issued, error) {
	i := Issued{id: "ttc" + strings.ToLower(rand.Text()[:13]), key: Prefix + random()}
	c := Credential{ID: i.id, Hash: HashOf(i.key), Created: stored(now)}
	if sealer == nil {
		return c, i, nil
	}
	i.secret = random()
	var err error
	if c.Sealed, err = sealer.Seal([]byte(i.secret), SealedAbout(i.id)); err != nil {
		return c, Issued{}, fmt.Errorf("seal the secret for signatures: %w", err)
	}
	return c, i, nil
}

// random returns 256 random bits as text.
func random() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}
