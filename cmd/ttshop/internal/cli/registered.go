package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// registered is what ttshop listen --register notes, so that the run after one
// that was killed knows the former addresses.
type registered struct {
	Shop    string            `json:"shop"` // cipher
	Address string            `json:"address"`
	Former  map[string]string `json:"former"` // by topic
}

// registeredFile returns where it is noted for a shop.
func registeredFile(sys *System, appKey, shop string) (string, error) {
	h, err := sys.home()
	if err != nil {
		return "", err
	}
	if h.path == "" {
		return "", usagef("there is no home folder to note the former addresses in; set %s to a file in one", envConfig)
	}
	sum := sha256.Sum256([]byte(appKey + " " + shop))
	return filepath.Join(h.folder(), "registered-"+hex.EncodeToString(sum[:6])+".json"), nil
}

func writeRegistered(path string, r registered) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = writePrivate(path, append(content, '\n'), false)
	}
	if err != nil {
		return fmt.Errorf("note the former addresses: %w", err)
	}
	return nil
}

// forgetOwn replaces in former the addresses that a run before set and could not
// take back by those that it found.
func forgetOwn(path, shop string, former map[string]string) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var last registered
	if err == nil {
		err = json.Unmarshal(content, &last)
	}
	if err != nil {
		return fmt.Errorf("read the former addresses of the last run from %s; remove the file where they are of no interest: %w", path, err)
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

func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a note: %w", err)
	}
	return nil
}
