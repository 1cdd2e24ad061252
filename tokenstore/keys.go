package tokenstore

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop"
)

// Sizes of what [Keys.Seal] writes, in bytes.
const (
	keySize   = 32 // AES-256
	keyIDSize = 8
	saltSize  = 16
)

// The first two bytes of what is sealed: the layout's version, and where the
// key comes from.
const (
	sealVersion    = 1
	fromBytes      = 0 // a key of 32 bytes
	fromPassphrase = 1 // PBKDF2 with HMAC-SHA-256; salt and iterations follow
)

// The cost of guessing a passphrase, in rounds. There is a maximum because the
// number is read from data that may have been tampered with.
const (
	defaultIterations = 600_000
	maxIterations     = 10_000_000
)

// Keys seal what a store holds, with AES-256-GCM. The first key seals; all of them
// open. To rotate, give all processes the new key after the old one, then before
// it, and call the store's Rotate; then leave the old key out. Keys are safe for
// concurrent use.
type Keys struct {
	iterations  int
	keys        []sealKey
	passphrases []ttshop.Secret
	first       int // kind of the first key: fromBytes or fromPassphrase

	mu      sync.Mutex
	derived map[derivation]sealKey
	salt    []byte // of the first passphrase; nil until it is known or made
}

// sealKey is a key ready for use.
type sealKey struct {
	id     [keyIDSize]byte
	header []byte // what is sealed with it starts with this
	aead   cipher.AEAD
}

// derivation names a key made of a passphrase.
type derivation struct {
	passphrase int
	salt       [saltSize]byte
	iterations int
}

// GenerateKey returns a new random key in the form that [ParseKeys] reads.
func GenerateKey() string {
	key := make([]byte, keySize)
	rand.Read(key)
	return base64.RawURLEncoding.EncodeToString(key)
}

// ParseKeys reads keys of 32 bytes, separated by commas or white space, each as 64
// hexadecimal digits or in base64: a form for environment variables and secret
// files.
func ParseKeys(text string) (*Keys, error) {
	k := newKeys(fromBytes)
	for i, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r <= ' ' }) {
		raw, err := hex.DecodeString(word)
		if err != nil {
			word = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(word), "=")
			raw, err = base64.RawURLEncoding.DecodeString(word)
		}
		if err != nil || len(raw) != keySize {
			return nil, fmt.Errorf("tokenstore: key %d is not 32 bytes in hexadecimal or base64; make one with tokenstore.GenerateKey", i+1)
		}
		k.keys = append(k.keys, newSealKey(raw, []byte{sealVersion, fromBytes}))
	}
	if len(k.keys) == 0 {
		return nil, errors.New("tokenstore: there is no key; make one with tokenstore.GenerateKey")
	}
	return k, nil
}

// Passphrases returns keys made of passphrases, by 600,000 rounds of PBKDF2: the
// first use takes some tenths of a second. If a machine rather than a person keeps
// the key, [ParseKeys] is the better choice.
func Passphrases(passphrases ...ttshop.Secret) (*Keys, error) {
	k := newKeys(fromPassphrase)
	for i, p := range passphrases {
		if p == "" {
			return nil, fmt.Errorf("tokenstore: passphrase %d is empty", i+1)
		}
	}
	if len(passphrases) == 0 {
		return nil, errors.New("tokenstore: there is no passphrase")
	}
	k.passphrases = append(k.passphrases, passphrases...)
	return k, nil
}

func newKeys(first int) *Keys {
	return &Keys{iterations: defaultIterations, first: first, derived: map[derivation]sealKey{}}
}

// And returns keys that seal as k does and open what either opens, for a rotation
// from a passphrase to a key, or back.
func (k *Keys) And(old *Keys) *Keys {
	both := newKeys(k.first)
	both.iterations = k.iterations
	both.keys = append(append(both.keys, k.keys...), old.keys...)
	both.passphrases = append(append(both.passphrases, k.passphrases...), old.passphrases...)
	return both
}

// String hides the keys.
func (k *Keys) String() string {
	return fmt.Sprintf("tokenstore.Keys(%d)", len(k.keys)+len(k.passphrases))
}

// GoString hides the keys.
func (k *Keys) GoString() string { return k.String() }

// Format hides the keys from every fmt verb.
func (k *Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// Seal encrypts plain with the first key. about, such as the key of a record, is
// authenticated but not stored: [Keys.Open] must be given the same.
func (k *Keys) Seal(plain []byte, about string) ([]byte, error) {
	key, err := k.sealing()
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	sealed := append(bytes.Clone(key.header), key.id[:]...)
	return key.aead.Seal(sealed, nil, plain, authenticated(sealed, about)), nil
}

// Open decrypts what [Keys.Seal] made. The error is [ErrWrongKey] if no key fits,
// [ErrNewerVersion] if the layout is unknown, and [ErrCorrupt] if the data was
// changed or sealed about something else.
func (k *Keys) Open(sealed []byte, about string) ([]byte, error) {
	plain, _, err := k.open(sealed, about)
	return plain, err
}

// SealedByFirst reports whether the first key sealed this, without checking the
// rest. It reports false for what is not sealed at all.
func (k *Keys) SealedByFirst(sealed []byte) bool {
	key, err := k.find(sealed)
	if err != nil {
		return false
	}
	first, err := k.sealing()
	return err == nil && key.id == first.id
}

func (k *Keys) open(sealed []byte, about string) ([]byte, sealKey, error) {
	key, err := k.find(sealed)
	if err != nil {
		return nil, sealKey{}, fmt.Errorf("open the seal: %w", err)
	}
	header := sealed[:len(key.header)+keyIDSize]
	plain, err := key.aead.Open(nil, nil, sealed[len(header):], authenticated(header, about))
	if err != nil {
		return nil, sealKey{}, fmt.Errorf("open the seal: %w: it was changed", ErrCorrupt)
	}
	return plain, key, nil
}

// authenticated returns the data that the seal covers besides the plain text.
func authenticated(header []byte, about string) []byte {
	return append(append(bytes.Clone(header), 0), about...)
}

// find returns the key that something was sealed with.
func (k *Keys) find(sealed []byte) (sealKey, error) {
	if len(sealed) < 2 || sealed[0] == 0 {
		return sealKey{}, fmt.Errorf("%w: it is too short or not sealed", ErrCorrupt)
	}
	if sealed[0] > sealVersion || sealed[1] > fromPassphrase {
		return sealKey{}, fmt.Errorf("%w (seal %d.%d)", ErrNewerVersion, sealed[0], sealed[1])
	}
	size := 2
	if sealed[1] == fromPassphrase {
		size += saltSize + 4
	}
	if len(sealed) < size+keyIDSize {
		return sealKey{}, fmt.Errorf("%w: it ends early", ErrCorrupt)
	}
	id := [keyIDSize]byte(sealed[size:])
	if sealed[1] == fromBytes {
		for _, key := range k.keys {
			if key.id == id {
				return key, nil
			}
		}
		return sealKey{}, ErrWrongKey
	}
	salt := [saltSize]byte(sealed[2:])
	iterations := int(binary.BigEndian.Uint32(sealed[2+saltSize:]))
	if iterations < 1 || iterations > maxIterations {
		return sealKey{}, fmt.Errorf("%w: %d rounds for a passphrase", ErrCorrupt, iterations)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range k.passphrases {
		key, err := k.derive(derivation{i, salt, iterations})
		if err != nil {
			return sealKey{}, err
		}
		if key.id != id {
			continue
		}
		// One salt for everything in a store: each salt costs its readers a
		// derivation.
		if i == 0 && k.first == fromPassphrase && k.salt == nil && iterations == k.iterations {
			k.salt = salt[:]
		}
		return key, nil
	}
	return sealKey{}, ErrWrongKey
}

// sealing returns the first key.
func (k *Keys) sealing() (sealKey, error) {
	if k.first == fromBytes {
		return k.keys[0], nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.salt == nil {
		k.salt = make([]byte, saltSize)
		rand.Read(k.salt)
	}
	return k.derive(derivation{0, [saltSize]byte(k.salt), k.iterations})
}

// derive returns the key of a passphrase. The caller holds the lock, so that a
// key is derived once.
func (k *Keys) derive(d derivation) (sealKey, error) {
	if key, ok := k.derived[d]; ok {
		return key, nil
	}
	raw, err := pbkdf2.Key(sha256.New, k.passphrases[d.passphrase].Reveal(), d.salt[:], d.iterations, keySize)
	if err != nil {
		return sealKey{}, fmt.Errorf("derive key: %w", err)
	}
	header := append([]byte{sealVersion, fromPassphrase}, d.salt[:]...)
	key := newSealKey(raw, binary.BigEndian.AppendUint32(header, uint32(d.iterations)))
	k.derived[d] = key
	return key, nil
}

// newSealKey prepares a key of the right size.
func newSealKey(raw, header []byte) sealKey {
	block, err := aes.NewCipher(raw)
	if err != nil {
		panic("tokenstore: " + err.Error()) // the size is checked before
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("tokenstore: " + err.Error()) // AES has the block size of GCM
	}
	sum := sha256.Sum256(append([]byte("ttshop token store key\x00"), raw...))
	return sealKey{[keyIDSize]byte(sum[:]), header, aead}
}
