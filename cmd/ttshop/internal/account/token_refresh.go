package account

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// refreshOptions are the options of ttshop token refresh.
type refreshOptions struct {
	tokenOptions
	RefreshTokenFile string
}

func newTokenRefreshCmd(sys *platform.Session) *cobra.Command {
	var o refreshOptions
	cmd := &cobra.Command{
		Use:   "refresh",
		Short: "Exchange a refresh token for a new token",
		Long: `Exchange a refresh token, from ` + platform.EnvRefreshToken + `, a file or standard input,
for a new token. The answer may contain a new refresh token; keep that one.`,
		Example: `  ttshop token refresh
  ttshop token refresh --refresh-token-file refresh.txt --show-secrets --json`,
		Args: console.Takes(0, 0, "no arguments, so that the refresh token stays out of the shell's history"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	o.add(cmd)
	cmd.Flags().StringVar(&o.RefreshTokenFile, "refresh-token-file", "", "read the refresh token from `FILE`; - is standard input")
	return cmd
}

func (o *refreshOptions) run(ctx context.Context, sys *platform.Session) error {
	if err := field.OneStdin(field.Param{Key: "--secret-file", Value: o.app.Secret.File}, field.Param{Key: "--refresh-token-file", Value: o.RefreshTokenFile}); err != nil {
		return err
	}
	in := &field.Inputs{Stdin: sys.In}
	app, err := o.oauthApp(sys, in)
	if err != nil {
		return err
	}
	refreshToken, err := platform.SecretSource{
		What: "refresh token", File: o.RefreshTokenFile, FileFlag: "--refresh-token-file", Env: platform.EnvRefreshToken,
	}.Read(sys, in)
	if err != nil {
		return err
	}
	token, err := app.Refresh(ctx, refreshToken)
	if err != nil {
		return err
	}
	return o.show(sys, token)
}
