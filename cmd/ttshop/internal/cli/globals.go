package cli

import (
	"slices"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// globalFlags are the flags that every command takes. All except --trace stand for
// an environment variable.
type globalFlags struct{ profile, store, openID, trace string }

func (f *globalFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.profile, "profile", "", "use the profile `NAME`, rather than credentials of the environment; default: "+platform.EnvProfile)
	flags.StringVar(&f.store, "store", "", "the `URL` of the token store: file:PATH, sqlite:PATH or postgres://…; default: "+platform.EnvStore)
	flags.StringVar(&f.openID, "open-id", "", "whose grant to use, by `OPENID`, if the store holds several; default: "+platform.EnvOpenID)
	flags.StringVar(&f.trace, "trace", "", "write what calls do, with tries and waits, to `FILE`, which is overwritten: one line of JSON each, without secrets; - is standard error")
}

// apply makes the flags override the environment and opens the trace.
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
