package cli

import (
	"slices"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// globalFlags are the flags that every command takes. All but --trace stand for
// a variable of the environment.
type globalFlags struct{ profile, store, openID, trace string }

func (f *globalFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.profile, "profile", "", "use the profile `NAME`, before all credentials of the environment; otherwise "+platform.EnvProfile)
	flags.StringVar(&f.store, "store", "", "the `URL` of the token store: file:PATH, sqlite:PATH or postgres://…; otherwise "+platform.EnvStore)
	flags.StringVar(&f.openID, "open-id", "", "whose grant to use, by `OPENID`, where the store holds several; otherwise "+platform.EnvOpenID)
	flags.StringVar(&f.trace, "trace", "", "write what calls do, tries and waits too, to `FILE`, which is made anew: a line of JSON each, without secrets; - is standard error")
}

// apply makes the flags win over the environment and opens the trace.
func (f *globalFlags) apply(sys *platform.Session) (err error) {
	if f.trace != "" {
		if sys.Trace, err = platform.OpenTrace(sys, f.trace); err != nil {
			return err
		}
	}
	given := make(map[string]string)
	var hidden []string
	if f.profile != "" {
		given[platform.EnvProfile] = f.profile
		hidden = append(hidden, platform.EnvAppKey, platform.EnvAppSecret, platform.EnvAccessToken, platform.EnvShopCipher, platform.EnvEndpoint, platform.EnvAuthEndpoint, platform.EnvServiceID, platform.EnvOpenID)
	}
	if f.store != "" {
		given[platform.EnvStore] = f.store
		hidden = append(hidden, platform.EnvAccessToken)
	}
	if f.openID != "" {
		given[platform.EnvOpenID] = f.openID
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
