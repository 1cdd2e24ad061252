package platform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/oauth"
)

// defaultProfile is the name of the profile if no other is given.
const defaultProfile = "default"

// Home is what the command keeps on this machine: the configuration file, the
// secrets, and the profile of this run.
type Home struct {
	*Config
	Vault *vault

	Name     string   // of the profile in use
	Profile  *Profile // nil: it does not exist
	Explicit bool     // the profile was asked for by name
}

// Home returns what is kept on this machine. It is read once per run.
func (s *Session) Home() (*Home, error) {
	if s.kept != nil {
		return s.kept, nil
	}
	c, err := LoadConfig(s)
	if err != nil {
		return nil, err
	}
	asked := s.Getenv(EnvProfile)
	h := &Home{
		Config: c, Vault: &vault{sys: s, folder: c.Folder(), Place: c.Secrets},
		Name: cmp.Or(asked, c.Current, defaultProfile), Explicit: asked != "",
	}
	h.Profile = c.Profiles[h.Name]
	s.kept = h
	return h, nil
}

// appKey returns the app key of the profile in use, or nothing where there is
// no profile.
func (h *Home) appKey() (string, error) {
	if h.Profile != nil {
		return h.Profile.AppKey, nil
	}
	if h.Explicit {
		return "", h.NoProfile()
	}
	return "", nil
}

// profileOf returns the profile in use where it is one of an app, and nil
// otherwise.
func (s *Session) profileOf(appKey string) (*Profile, error) {
	h, err := s.Home()
	if err != nil {
		return nil, err
	}
	if h.Profile == nil && h.Explicit {
		return nil, h.NoProfile()
	}
	if h.Profile == nil || h.Profile.AppKey != appKey {
		return nil, nil
	}
	return h.Profile, nil
}

// apiAddress returns the address of the API; that of no profile is the
// platform's.
func (p *Profile) apiAddress() (string, error) {
	if p == nil || p.Endpoint == "" {
		return ttshop.DefaultEndpoint, nil
	}
	return endpoint(struct{ name, value string }{"the endpoint of the profile", p.Endpoint})
}

// authAddress returns the address of the authorization host, or nothing for the
// platform's own.
func (p *Profile) authAddress() (string, error) {
	if p == nil {
		return "", nil
	}
	return endpoint(
		struct{ name, value string }{"the auth endpoint of the profile", p.AuthEndpoint},
		struct{ name, value string }{"the endpoint of the profile", p.Endpoint},
	)
}

// knowsAuth reports whether the secret of an app may go to an authorization
// host: the platform's, or one that a profile of the app signed in at.
func (h *Home) knowsAuth(appKey, address string) bool {
	if address == "" || address == oauth.DefaultEndpoint {
		return true
	}
	for _, p := range h.Profiles {
		if known, err := p.authAddress(); err == nil && p.AppKey == appKey && known == address {
			return true
		}
	}
	return false
}

// NoProfile is the error about a profile that was asked for and is not there.
func (h *Home) NoProfile() error {
	if len(h.Profiles) == 0 {
		return console.NotSignedInf("there is no profile %q, and no other; ttshop login --profile %s makes it", h.Name, h.Name)
	}
	return console.NotSignedInf("there is no profile %q, only %s; ttshop login --profile %s makes it", h.Name, strings.Join(h.Names(), ", "), h.Name)
}

// save writes the configuration file with the profile of this run; see Change.
func (h *Home) save() error {
	if h.Profile != nil {
		h.Profiles[h.Name] = h.Profile
	} else {
		delete(h.Profiles, h.Name)
	}
	h.Secrets = h.Vault.Place
	return h.Config.save()
}

// Apps returns the app keys of all profiles.
func (h *Home) Apps() []string {
	var keys []string
	for _, p := range h.Profiles {
		keys = append(keys, p.AppKey)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// CheckProfileName refuses names that would be hard to type or to read.
func CheckProfileName(name string) error {
	for _, r := range name {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			continue
		}
		return console.Usagef("%q is not a valid profile name; use letters, digits, dots and dashes", name)
	}
	return nil
}

// Tilde returns a path, or the URL of a store in a file, with ~ in place of the
// home folder, for people.
func (s *Session) Tilde(path string) string {
	home := s.Getenv("HOME")
	if home == "" || home == "/" {
		return path
	}
	scheme := ""
	if name, rest, ok := strings.Cut(path, ":"); ok && (name == "file" || name == "sqlite") {
		scheme, path = name+":", rest
	}
	if rest, ok := strings.CutPrefix(path, home); ok && strings.HasPrefix(rest, "/") {
		path = "~" + rest
	}
	return scheme + path
}
