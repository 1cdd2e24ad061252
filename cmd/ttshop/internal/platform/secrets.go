package platform

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// secretsPlace is where the secrets of the command are.
type secretsPlace string

const (
	InKeyring secretsPlace = "keyring"
	// InFile is a sealed file. Its key is derived from a passphrase or lies
	// beside it.
	InFile secretsPlace = "file"
)

// The files beside the configuration file.
const (
	SecretsFile = "secrets" // sealed; what a keyring holds elsewhere
	KeyFile     = "key"     // the key of sealed files, where there is no passphrase
	GrantsFile  = "grants"  // the store of this machine
)

// sealedSecrets is the context that the secrets file is sealed for.
const sealedSecrets = "ttshop secrets"

// ErrNoSecret means that nothing is kept under a name.
var ErrNoSecret = errors.New("there is no such secret")

// vault keeps what must stay secret: app secrets, and the key of the sealed
// files. The zero place means that nothing is kept yet. What changes
// it runs in Home.Change.
type vault struct {
	sys    *Session
	folder string
	Place  secretsPlace
	keys   *tokenstore.Keys // of the sealed files, once they are known
}

// Choose decides where secrets are kept from now on, unless some are kept
// already: in a file if a passphrase is set or the keyring is not wanted or
// missing, and otherwise in the keyring.
func (v *vault) Choose(keyring bool) {
	switch {
	case v.Place != "":
	case keyring && v.sys.Getenv(EnvPassphrase) == "" && v.ringWorks():
		v.Place = InKeyring
	default:
		v.Place = InFile
	}
}

// ringWorks reports whether there is a keyring.
func (v *vault) ringWorks() bool {
	if v.sys.Keyring == nil {
		return false
	}
	_, err := v.sys.Keyring.Get(v.account("key"))
	return err == nil || errors.Is(err, ErrNoSecret)
}

// LeaveKeyring moves the secrets of apps and the key of the files from the
// keyring to files.
func (v *vault) LeaveKeyring(appKeys []string) error {
	if v.Place != InKeyring {
		return nil
	}
	moved := *v
	moved.Place, moved.keys = InFile, nil
	text, err := v.ReadKey()
	if err != nil && !errors.Is(err, ErrNoSecret) {
		return err
	}
	if err == nil {
		if err := moved.replaceKey(text); err != nil {
			return err
		}
	}
	for _, key := range appKeys {
		secret, err := v.AppSecret(key)
		if err == nil {
			err = moved.SetAppSecret(key, secret)
		}
		if err != nil && !errors.Is(err, ErrNoSecret) {
			return err
		}
	}
	*v = moved
	return nil
}

// account returns the name of a secret in the keyring, which is shared by all
// folders.
func (v *vault) account(name string) string { return name + " of " + v.folder }

// AppSecret returns the secret of an app, or ErrNoSecret.
func (v *vault) AppSecret(appKey string) (ttshop.Secret, error) {
	switch v.Place {
	case InKeyring:
		secret, err := v.ring(func(k console.Keyring) (string, error) { return k.Get(v.account("app " + appKey)) })
		return ttshop.Secret(secret), err
	case InFile:
		secrets, err := v.ReadFile()
		if err != nil {
			return "", err
		}
		if secret := secrets[appKey]; secret != "" {
			return ttshop.Secret(secret), nil
		}
	}
	return "", ErrNoSecret
}

// SetAppSecret keeps the secret of an app; an empty one is forgotten.
func (v *vault) SetAppSecret(appKey string, secret ttshop.Secret) error {
	if v.Place == InKeyring {
		_, err := v.ring(func(k console.Keyring) (string, error) {
			if secret == "" {
				return "", k.Delete(v.account("app " + appKey))
			}
			return "", k.Set(v.account("app "+appKey), secret.Reveal())
		})
		if secret == "" && errors.Is(err, ErrNoSecret) {
			return nil
		}
		return err
	}
	secrets, err := v.ReadFile()
	if err != nil {
		return err
	}
	if secrets[appKey] == secret.Reveal() {
		return nil
	}
	secrets[appKey] = secret.Reveal()
	if secret == "" {
		delete(secrets, appKey)
	}
	return v.writeFile(secrets)
}

// ring asks the keyring.
func (v *vault) ring(ask func(console.Keyring) (string, error)) (string, error) {
	err := errors.New("this system has none")
	if v.sys.Keyring != nil {
		var secret string
		if secret, err = ask(v.sys.Keyring); err == nil || errors.Is(err, ErrNoSecret) {
			return secret, err
		}
	}
	return "", fmt.Errorf("the secrets are in the keyring, which cannot be used here: %w. "+
		"Unlock it, give secret and token in the environment, or sign in again with %s in another folder and --no-keyring", err, EnvConfig)
}

// ReadFile returns the secrets in the file; a missing file holds none.
func (v *vault) ReadFile() (map[string]string, error) {
	secrets := make(map[string]string)
	path := filepath.Join(v.folder, SecretsFile)
	if err := CheckPrivate(path); errors.Is(err, fs.ErrNotExist) {
		return secrets, nil
	} else if err != nil {
		return nil, fmt.Errorf("secrets: %w", err)
	}
	sealed, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("secrets: %w", err)
	}
	keys, err := v.fileKeys(false)
	if err != nil {
		return nil, err
	}
	content, err := keys.Open(sealed, sealedSecrets)
	if err != nil {
		return nil, fmt.Errorf("secrets: %s: %w", path, v.advise(err))
	}
	if json.Unmarshal(content, &secrets) != nil { // the error could quote one
		return nil, fmt.Errorf("secrets: %s: %w", path, tokenstore.ErrCorrupt)
	}
	return secrets, nil
}

// writeFile puts secrets in the file.
func (v *vault) writeFile(secrets map[string]string) error {
	keys, err := v.fileKeys(true)
	if err != nil {
		return err
	}
	content, err := json.Marshal(secrets)
	if err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	sealed, err := keys.Seal(content, sealedSecrets)
	if err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	if err := WritePrivate(filepath.Join(v.folder, SecretsFile), sealed, false); err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	return nil
}

// advise adds what to do about a wrong key.
func (v *vault) advise(err error) error {
	if !errors.Is(err, tokenstore.ErrWrongKey) {
		return err
	}
	if v.sys.Getenv(EnvPassphrase) == "" {
		return fmt.Errorf("%w; it may need %s", err, EnvPassphrase)
	}
	return fmt.Errorf("%w; check %s", err, EnvPassphrase)
}

// fileKeys returns the keys of the files of this machine: the one in the
// keyring, that of the passphrase, or the one beside them. With create, a
// missing key is made.
func (v *vault) fileKeys(create bool) (*tokenstore.Keys, error) {
	if v.keys != nil {
		return v.keys, nil
	}
	keys, err := v.findKeys(create)
	if err != nil {
		return nil, fmt.Errorf("key of this machine's secrets: %w", err)
	}
	v.keys = keys
	return keys, nil
}

func (v *vault) findKeys(create bool) (*tokenstore.Keys, error) {
	var keys *tokenstore.Keys
	text, err := v.ReadKey()
	switch {
	case err == nil:
		if keys, err = tokenstore.ParseKeys(text); err != nil {
			return nil, err
		}
	case !errors.Is(err, ErrNoSecret):
		return nil, err
	}
	spoken, err := passphraseKeys(v.sys)
	switch {
	case err != nil:
		return nil, err
	case keys != nil && spoken != nil:
		return keys.And(spoken), nil
	case keys != nil || spoken != nil:
		return cmp.Or(keys, spoken), nil
	case !create:
		return nil, console.NotSignedInf("there is none yet: run ttshop login or, where it is a passphrase, set %s", EnvPassphrase)
	}
	if text, err = v.makeKey(); err != nil {
		return nil, err
	}
	return tokenstore.ParseKeys(text)
}

// makeKey makes a missing key and returns its text, or that of another process
// that was faster.
func (v *vault) makeKey() (string, error) {
	text := tokenstore.GenerateKey()
	if v.Place == InKeyring {
		return text, v.replaceKey(text)
	}
	err := WritePrivate(filepath.Join(v.folder, KeyFile), []byte(text+"\n"), true)
	if errors.Is(err, fs.ErrExist) {
		return v.ReadKey()
	}
	return text, err
}

// ReadKey returns the text of the key of the files, or ErrNoSecret.
func (v *vault) ReadKey() (string, error) {
	if v.Place == InKeyring {
		return v.ring(func(k console.Keyring) (string, error) { return k.Get(v.account("key")) })
	}
	path := filepath.Join(v.folder, KeyFile)
	if err := CheckPrivate(path); errors.Is(err, fs.ErrNotExist) {
		return "", ErrNoSecret
	} else if err != nil {
		return "", err
	}
	text, err := os.ReadFile(path)
	return string(text), err
}

// replaceKey keeps the text of the key of the files.
func (v *vault) replaceKey(text string) error {
	if v.Place == InKeyring {
		_, err := v.ring(func(k console.Keyring) (string, error) { return "", k.Set(v.account("key"), text) })
		return err
	}
	return WritePrivate(filepath.Join(v.folder, KeyFile), []byte(strings.TrimSpace(text)+"\n"), false)
}

// passphraseKeys returns the keys of the passphrases in the environment, or nil.
func passphraseKeys(sys *Session) (*tokenstore.Keys, error) {
	var passphrases []ttshop.Secret
	for _, name := range []string{EnvPassphrase, EnvOldPassphrase} {
		if text := sys.Getenv(name); text != "" {
			passphrases = append(passphrases, ttshop.Secret(text))
		}
	}
	if len(passphrases) == 0 {
		return nil, nil
	}
	return tokenstore.Passphrases(passphrases...)
}
