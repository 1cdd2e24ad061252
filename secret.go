package ttshop

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a string that never shows itself: every fmt verb, log records and
// JSON yield a placeholder. Use [Secret.Reveal] where the value is needed.
// The zero value is an empty secret.
type Secret string

const secretMask = "[secret]"

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String returns a placeholder, or nothing for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return secretMask
}

// GoString returns what [Secret.String] returns.
func (s Secret) GoString() string { return s.String() }

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON encodes the placeholder: to store a secret, take it out with
// [Secret.Reveal].
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }
