package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/internal/realpath"
)

// configVersion is the version of the configuration file that this code writes.
const configVersion = 1

// Config is the configuration file: what the command knows from one run to the
// next, without any secret.
type Config struct {
	Version int `json:"version"`
	// Current is the profile that is used unless another is named.
	Current string `json:"current,omitempty"`
	// Secrets tells where the secrets are; empty means that there are none yet.
	Secrets secretsPlace `json:"secrets,omitempty"`
	// Profiles holds the profiles by their names.
	Profiles map[string]*Profile `json:"profiles"`

	Path string
}

// Profile is an app, where it calls, and who signed in.
type Profile struct {
	AppKey       string `json:"app_key"`
	ServiceID    string `json:"service_id,omitempty"`
	Endpoint     string `json:"endpoint,omitempty"`      // of the API; empty is the platform's own
	AuthEndpoint string `json:"auth_endpoint,omitempty"` // of the authorization host; empty is the platform's own
	Store        string `json:"store,omitempty"`         // where the grant is; empty is the file of this machine
	OpenID       string `json:"open_id,omitempty"`       // who signed in; empty if nobody did
	ShopID       string `json:"shop_id,omitempty"`       // the shop that calls are about
	ShopCipher   string `json:"shop_cipher,omitempty"`
}

// configPath returns where the configuration file is, or nothing where there is
// no home folder.
func configPath(sys *Session) string {
	if path := sys.Getenv(EnvConfig); path != "" {
		return path
	}
	if folder := sys.Getenv("XDG_CONFIG_HOME"); folder != "" {
		return filepath.Join(folder, "ttshop", "config.json")
	}
	if folder := sys.Getenv("AppData"); runtime.GOOS == "windows" && folder != "" {
		return filepath.Join(folder, "ttshop", "config.json")
	}
	if folder := sys.Getenv("HOME"); folder != "" {
		return filepath.Join(folder, ".config", "ttshop", "config.json")
	}
	return ""
}

// LoadConfig reads the configuration file. A missing file counts as empty.
func LoadConfig(sys *Session) (*Config, error) {
	path := configPath(sys)
	c := &Config{Version: configVersion, Path: path, Profiles: make(map[string]*Profile)}
	if path == "" {
		return c, nil
	}
	if err := CheckPrivate(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return c, nil
		}
		return nil, fmt.Errorf("configuration: %w", err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	var layout struct {
		Version int `json:"version"`
	}
	if json.Unmarshal(content, &layout) == nil && layout.Version > configVersion {
		return nil, fmt.Errorf("configuration: %s was written by a newer version of ttshop; update this one", path)
	}
	if err := decoder.Decode(c); err != nil {
		return nil, fmt.Errorf("configuration: %s: %w", path, atLine(content, err))
	}
	if decoder.More() {
		return nil, fmt.Errorf("configuration: %s: there is more after the object; remove it", path)
	}
	for name, p := range c.Profiles {
		if p == nil {
			return nil, fmt.Errorf("configuration: %s: profile %q is empty", path, name)
		}
	}
	if c.Profiles == nil {
		c.Profiles = make(map[string]*Profile)
	}
	return c, nil
}

// atLine adds the line to an error about JSON.
func atLine(content []byte, err error) error {
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	offset := int64(-1)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &shape):
		offset = shape.Offset
	}
	if offset < 0 || offset > int64(len(content)) {
		return err
	}
	return fmt.Errorf("line %d: %w", 1+bytes.Count(content[:offset], []byte("\n")), err)
}

// save writes the configuration file.
func (c *Config) save() error {
	if c.Path == "" {
		return fmt.Errorf("configuration: %w", c.homeless())
	}
	content, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	if err := WritePrivate(c.Path, append(content, '\n'), false); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	return nil
}

// homeless is the error when there is no place for the file.
func (*Config) homeless() error {
	return fmt.Errorf("there is no home folder to keep it in; set %s to a file", EnvConfig)
}

// Folder returns the folder of everything that the command keeps.
func (c *Config) Folder() string { return filepath.Dir(c.Path) }

// Names returns the names of the profiles.
func (c *Config) Names() []string { return slices.Sorted(maps.Keys(c.Profiles)) }

// CheckPrivate returns an error if a file does not exist, is not a regular file,
// or is open to other users of the machine.
func CheckPrivate(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file; name one, or remove what is there", path)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return fmt.Errorf("%s is readable by others (mode %04o); run: chmod 600 %s", path, mode, console.ShellWord(path))
	}
	return nil
}

// WritePrivate puts a file that only its owner can read in place, whole or not
// at all. A link stays a link, and its target is written. With fresh, an existing
// file is left alone, and the error is fs.ErrExist.
func WritePrivate(path string, content []byte, fresh bool) (err error) {
	if path, err = realpath.Of(path); err != nil {
		return err
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "."+filepath.Base(path)+"-*") // with mode 0600
	if err != nil {
		return err
	}
	moved := false
	defer func() {
		if !moved {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err := f.Write(content); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	if fresh {
		return os.Link(f.Name(), path)
	}
	err = os.Rename(f.Name(), path)
	moved = err == nil
	return err
}
