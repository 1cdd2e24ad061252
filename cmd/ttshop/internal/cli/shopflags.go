package cli

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// shopFlags are the flags of commands that are about one shop.
type shopFlags struct{ connection }

func (f *shopFlags) add(flags *pflag.FlagSet) {
	f.app.add(flags)
	flags.StringVar(&f.ShopCipher, "shop-cipher", "", "the `CIPHER` of the shop; otherwise "+envShopCipher)
	flags.StringVar(&f.AccessTokenFile, "access-token-file", "", "read the access token from `FILE`; - is standard input; otherwise "+envAccessToken)
	flags.StringVar(&f.Endpoint, "endpoint", "", "`ADDRESS` of the API; otherwise "+envEndpoint+" or the platform's own")
}

// addSandboxFlag adds a flag whose value may be left out.
func addSandboxFlag(flags *pflag.FlagSet, value *string, usage string) {
	flags.StringVar(value, "sandbox", "", usage)
	flags.Lookup("sandbox").NoOptDefVal = anySandbox
}

// sandboxWord takes the address of the sandbox as a word of its own: the flag's
// value may be left out, so it cannot be one.
func sandboxWord(cmd *cobra.Command, args []string, value *string) error {
	if len(args) == 0 {
		return nil
	}
	if !cmd.Flags().Changed("sandbox") {
		return usagef("%s takes no arguments; is it the address for --sandbox?", cmd.CommandPath())
	}
	*value = args[0]
	return nil
}
