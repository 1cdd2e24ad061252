package cli

import (
	"slices"

	"github.com/spf13/pflag"
)

// globalFlags are the flags that every command takes. All but --trace stand for
// a variable of the environment.
type globalFlags struct{ profile, store, openID, trace string }

func (f *globalFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.profile, "profile", "", "use the profile `NAME`, before all credentials of the environment; otherwise "+envProfile)
	flags.StringVar(&f.store, "store", "", "the `URL` of the token store: file:PATH, sqlite:PATH or postgres://…; otherwise "+envStore)
	flags.StringVar(&f.openID, "open-id", "", "whose grant to use, by `OPENID`, where the store holds several; otherwise "+envOpenID)
	flags.StringVar(&f.trace, "trace", "", "write what calls do, tries and waits too, to `FILE`, which is made anew: a line of JSON each, without secrets; - is standard error")
}

// apply makes the flags win over the environment and opens the trace.
func (f *globalFlags) apply(sys *System) (err error) {
	if f.trace != "" {
		if sys.trace, err = openTrace(sys, f.trace); err != nil {
			return err
		}
	}
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
		return nil
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
	return nil
}
