package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// defaultProfile is the name of the profile where nobody gives another.
const defaultProfile = "default"

// home is what the command keeps on this machine: the configuration file, the
// secrets, and the profile of this run.
type home struct {
	*config
	vault *vault

	name     string   // of the profile in use
	profile  *profile // nil: it does not exist
	explicit bool     // the profile was asked for by name
}

// home returns what is kept on this machine. It is read once in a run.
func (s *System) home() (*home, error) {
	if s.kept != nil {
		return s.kept, nil
	}
	c, err := loadConfig(s)
	if err != nil {
		return nil, err
	}
	asked := s.Getenv(envProfile)
	h := &home{
		config: c, vault: &vault{sys: s, folder: c.folder(), place: c.Secrets},
		name: cmp.Or(asked, c.Current, defaultProfile), explicit: asked != "",
	}
	h.profile = c.Profiles[h.name]
	s.kept = h
	return h, nil
}

// appKey returns the app key of the profile in use, or nothing where there is
// no profile.
func (h *home) appKey() (string, error) {
	if h.profile != nil {
		return h.profile.AppKey, nil
	}
	if h.explicit {
		return "", h.noProfile()
	}
	return "", nil
}

// profileOf returns the profile in use where it is one of an app, and nil
// otherwise.
func (s *System) profileOf(appKey string) (*profile, error) {
	h, err := s.home()
	if err != nil {
		return nil, err
	}
	if h.profile == nil && h.explicit {
		return nil, h.noProfile()
	}
	if h.profile == nil || h.profile.AppKey != appKey {
		return nil, nil
	}
	return h.profile, nil
}

// apiAddress returns the address of the API; that of no profile is the
// platform's.
func (p *profile) apiAddress() (string, error) {
	if p == nil || p.Endpoint == "" {
		return ttshop.DefaultEndpoint, nil
	}
	return endpoint(struct{ name, value string }{"the endpoint of the profile", p.Endpoint})
}

// authAddress returns the address of the authorization host, or nothing for the
// platform's own.
func (p *profile) authAddress() (string, error) {
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
func (h *home) knowsAuth(appKey, address string) bool {
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

// noProfile is the error about a profile that was asked for and is not there.
func (h *home) noProfile() error {
	if len(h.Profiles) == 0 {
		return notSignedInf("there is no profile %q, and no other; ttshop login --profile %s makes it", h.name, h.name)
	}
	return notSignedInf("there is no profile %q, only %s; ttshop login --profile %s makes it", h.name, strings.Join(h.names(), ", "), h.name)
}

// save writes the configuration file with the profile of this run; see change.
func (h *home) save() error {
	if h.profile != nil {
		h.Profiles[h.name] = h.profile
	} else {
		delete(h.Profiles, h.name)
	}
	h.Secrets = h.vault.place
	return h.config.save()
}

// apps returns the app keys of all profiles.
func (h *home) apps() []string {
	var keys []string
	for _, p := range h.Profiles {
		keys = append(keys, p.AppKey)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// checkProfileName refuses what would be hard to type or to read.
func checkProfileName(name string) error {
	for _, r := range name {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			continue
		}
		return usagef("%q is no name for a profile; use letters, digits, dots and dashes", name)
	}
	return nil
}

// tilde returns a path, or the URL of a store in a file, with ~ in place of the
// home folder, for people.
func (s *System) tilde(path string) string {
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
