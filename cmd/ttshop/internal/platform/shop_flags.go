package platform

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// ShopFlags are the flags of commands that are about one shop.
type ShopFlags struct{ Connection }

// Add binds the flags.
func (f *ShopFlags) Add(flags *pflag.FlagSet) {
	f.App.Add(flags)
	flags.StringVar(&f.ShopCipher, "shop-cipher", "", "the `CIPHER` of the shop; default: "+EnvShopCipher)
	flags.StringVar(&f.AccessTokenFile, "access-token-file", "", "read the access token from `FILE`; - is standard input; default: "+EnvAccessToken)
	flags.StringVar(&f.Endpoint, "endpoint", "", "`ADDRESS` of the API; default: "+EnvEndpoint+" or the platform's own")
}

// AddSandboxFlag adds a flag whose value may be left out.
func AddSandboxFlag(flags *pflag.FlagSet, value *string, usage string) {
	flags.StringVar(value, "sandbox", "", usage)
	flags.Lookup("sandbox").NoOptDefVal = anySandbox
}

// SandboxWord takes the address of the sandbox from the arguments: since the
// flag's value may be left out, it cannot be the next word.
func SandboxWord(cmd *cobra.Command, args []string, value *string) error {
	if len(args) == 0 {
		return nil
	}
	if !cmd.Flags().Changed("sandbox") {
		return console.Usagef("%s takes no arguments; is it the address for --sandbox?", cmd.CommandPath())
	}
	*value = args[0]
	return nil
}
