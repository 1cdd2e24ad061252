package platform

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringService is the name under which the keyring lists our secrets.
const keyringService = "ttshop"

// keyringPatience is how long a person has to unlock the keyring.
const keyringPatience = time.Minute

// OSKeyring is the keyring of the operating system: Keychain, Credential
// Manager, or the Secret Service of a desktop.
type OSKeyring struct{ Getenv func(string) string }

// reachable returns an error where there is no desktop session. Without its
// address the library would start a bus of its own, which has no keyring.
func (k OSKeyring) reachable() error {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || k.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return nil
	}
	if folder := k.Getenv("XDG_RUNTIME_DIR"); folder != "" {
		if _, err := os.Stat(filepath.Join(folder, "bus")); err == nil {
			return nil
		}
	}
	return errors.New("there is no desktop session")
}

// Get implements Keyring.
func (k OSKeyring) Get(account string) (string, error) {
	return k.inTime(func() (string, error) { return keyring.Get(keyringService, account) })
}

// Set implements Keyring.
func (k OSKeyring) Set(account, secret string) error {
	_, err := k.inTime(func() (string, error) { return "", keyring.Set(keyringService, account, secret) })
	return err
}

// Delete implements Keyring.
func (k OSKeyring) Delete(account string) error {
	_, err := k.inTime(func() (string, error) { return "", keyring.Delete(keyringService, account) })
	return err
}

// inTime asks the keyring and gives up when it waits for a person who is not
// there.
func (k OSKeyring) inTime(ask func() (string, error)) (string, error) {
	if err := k.reachable(); err != nil {
		return "", err
	}
	type answer struct {
		secret string
		err    error
	}
	answered := make(chan answer, 1)
	go func() {
		secret, err := ask()
		answered <- answer{secret, err}
	}()
	select {
	case a := <-answered:
		if errors.Is(a.err, keyring.ErrNotFound) {
			return "", ErrNoSecret
		}
		return a.secret, a.err
	case <-time.After(keyringPatience):
		return "", fmt.Errorf("it did not answer within %v", keyringPatience)
	}
}
