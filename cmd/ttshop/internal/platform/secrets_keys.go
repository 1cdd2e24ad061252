package platform

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// HasKey reports whether there is a key of this machine, beside any passphrase.
func (v *vault) HasKey() bool {
	_, err := v.ReadKey()
	return err == nil
}

// AddKey puts a new key in front of those that open the files.
func (v *vault) AddKey() error {
	old, err := v.ReadKey()
	if err != nil {
		return err
	}
	v.keys = nil
	return v.replaceKey(tokenstore.GenerateKey() + "," + old)
}

// DropOldKeys leaves only the first key.
func (v *vault) DropOldKeys() error {
	text, err := v.ReadKey()
	if err != nil {
		return err
	}
	v.keys = nil
	return v.replaceKey(console.Before(text, ", \n"))
}

// Reseal seals the secrets again.
func (v *vault) Reseal() error {
	if _, err := os.Stat(filepath.Join(v.folder, SecretsFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	secrets, err := v.ReadFile()
	if err != nil {
		return err
	}
	return v.writeFile(secrets)
}
