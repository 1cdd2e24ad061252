// Package seal seals what clients hand back, so that nobody reads or changes it on the
// way.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// Sealer seals values with a key of its own. Make it with [New].
type Sealer struct{ aead cipher.AEAD }

// New returns a sealer with a key of its own, which is kept nowhere: what it
// sealed ends with the process.
func New() Sealer {
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key has the right length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES has the right block
	}
	return Sealer{aead}
}

// Seal returns the sealed form of a value that is good for one purpose.
func (s Sealer) Seal(purpose string, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, []byte(purpose))), nil
}

// Err is returned for what was not sealed here, or not for this purpose.
var Err = errors.New("it was not made by this server, or was changed")

// Open opens what Seal made for the same purpose.
func (s Sealer) Open(purpose, sealed string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return Err
	}
	plain, err := s.aead.Open(nil, nil, raw, []byte(purpose))
	if err != nil {
		return Err
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return Err
	}
	return nil
}
