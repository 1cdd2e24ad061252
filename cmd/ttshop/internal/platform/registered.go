package platform

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// Registered is what ttshop listen --register records, so that after a run that
// was killed the next one knows the former addresses.
type Registered struct {
	Shop    string            `json:"shop"` // cipher
	Address string            `json:"address"`
	Former  map[string]string `json:"former"` // by topic
}

// RegisteredFile returns where that is recorded for a shop.
func RegisteredFile(sys *Session, appKey, shop string) (string, error) {
	h, err := sys.Home()
	if err != nil {
		return "", err
	}
	if h.Path == "" {
		return "", console.Usagef("there is no home folder to record the former addresses in; set %s to a file", EnvConfig)
	}
	sum := sha256.Sum256([]byte(appKey + " " + shop))
	return filepath.Join(h.Folder(), "registered-"+hex.EncodeToString(sum[:6])+".json"), nil
}

// WriteRegistered keeps what a run registered, so that the next one can undo it.
func WriteRegistered(path string, r Registered) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = WritePrivate(path, append(content, '\n'), false)
	}
	if err != nil {
		return fmt.Errorf("record the former addresses: %w", err)
	}
	return nil
}

// ForgetOwn replaces the addresses in former that an earlier run set and could
// not restore with those that it had found.
func ForgetOwn(path, shop string, former map[string]string) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var last Registered
	if err == nil {
		err = json.Unmarshal(content, &last)
	}
	if err != nil {
		return fmt.Errorf("read the former addresses of the last run from %s; remove the file if they do not matter: %w", path, err)
	}
	if last.Shop != shop {
		return nil
	}
	for topic, address := range former {
		if address != last.Address {
			continue
		}
		delete(former, topic)
		if old := last.Former[topic]; old != "" && old != address {
			former[topic] = old
		}
	}
	return nil
}

// RemoveFile removes a file; a missing file is not an error.
func RemoveFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a record: %w", err)
	}
	return nil
}
