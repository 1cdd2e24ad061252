package hooks

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// secretVariables are those of our environment that hold secrets.
func secretVariables() []string {
	return []string{platform.EnvAppSecret, platform.EnvAccessToken, platform.EnvRefreshToken, platform.EnvAuthCode, platform.EnvStoreKey, platform.EnvPeopleKey, platform.EnvPassphrase, platform.EnvOldPassphrase}
}

// commandEnv returns the environment of a command that is run for an event: that
// of this process without our secrets, except those that are passed by name.
func commandEnv(environ, passed []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case slices.Contains(passed, name):
			return false
		case name == platform.EnvStore, name == platform.EnvInbox:
			return holdsPassword(value)
		}
		return slices.Contains(secretVariables(), name)
	})
}

// holdsPassword reports whether an address has a user's password or token in it,
// or cannot be read.
func holdsPassword(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.User != nil || u.RawQuery != ""
}
