package account

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// exchangeOptions are the options of ttshop token exchange.
type exchangeOptions struct {
	tokenOptions
	Code     string
	CodeFile string
}

func newTokenExchangeCmd(sys *platform.Session) *cobra.Command {
	var o exchangeOptions
	cmd := &cobra.Command{
		Use:   "exchange [CODE]",
		Short: "Exchange an auth code for a token",
		Long: `Exchange an auth code, which the platform appends to the redirect URL after a
user has granted access, for a token. A code works once, within 30 minutes. It
is taken from ` + platform.EnvAuthCode + `, a file or standard input; as an argument
it causes a warning.`,
		Example: `  ttshop token exchange
  ttshop token exchange --code-file code.txt --show-secrets --json`,
		Args: console.Takes(0, 1, "at most one auth code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.Code = args[0]
			}
			return o.run(cmd.Context(), sys)
		},
	}
	o.add(cmd)
	cmd.Flags().StringVar(&o.CodeFile, "code-file", "", "read the auth code from `FILE`; - is standard input")
	return cmd
}

func (o *exchangeOptions) run(ctx context.Context, sys *platform.Session) error {
	if err := field.OneStdin(field.Param{Key: "--secret-file", Value: o.app.Secret.File}, field.Param{Key: "--code-file", Value: o.CodeFile}); err != nil {
		return err
	}
	in := &field.Inputs{Stdin: sys.In}
	app, err := o.oauthApp(sys, in)
	if err != nil {
		return err
	}
	code, err := platform.SecretSource{
		What: "auth code", Argument: o.Code, ArgName: "CODE",
		File: o.CodeFile, FileFlag: "--code-file", Env: platform.EnvAuthCode,
	}.Read(sys, in)
	if err != nil {
		return err
	}
	token, err := app.Exchange(ctx, code.Reveal())
	if err != nil {
		return err
	}
	return o.show(sys, token)
}
