package cli

import (
	"slices"

	"github.com/spf13/pflag"
)

// globalFlags are the flags that every command takes. Each stands for a
// variable of the environment.
type globalFlags struct{ profile, store, openID string }

func (f *globalFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.profile, "profile", "", "use the profile `NAME`, before all credentials of the environment; otherwise "+envProfile)
	flags.StringVar(&f.store, "store", "", "the `URL` of the token store: file:PATH, sqlite:PATH or postgres://…; otherwise "+envStore)
	flags.StringVar(&f.openID, "open-id", "", "whose grant to use, by `OPENID`, where the store holds several; otherwise "+envOpenID)
}

// apply makes the flags win over the environment.
func (f *globalFlags) apply(sys *System) {
	given := make(map[string]string)
	var hidden []string
	if f.profile != "" {
		given[envProfile] = f.profile
		hidden = append(hidden, envAppKey, envAppSecret, envAccessToken, envShopCipher, envEndpoint, envAuthEndpoint, envServiceID, envOpenID)
	}
	if f.store != "" {
		given[envStore] = f.store
		hidden = append(hidden, envAccessToken)
	}
	if f.openID != "" {
		given[envOpenID] = f.openID
	}
	if len(given) == 0 {
		return
	}
	getenv := sys.Getenv
	sys.Getenv = func(name string) string {
		if value, ok := given[name]; ok {
			return value
		}
		if slices.Contains(hidden, name) {
			return ""
		}
		return getenv(name)
	}
}
