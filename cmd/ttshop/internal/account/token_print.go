package account

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

func newTokenPrintCmd(sys *platform.Session) *cobra.Command {
	return &cobra.Command{
		Use:   "print",
		Short: "Print the access token of calls, for scripts",
		Long: `Print the access token that calls carry and nothing else: that of the
environment, or that of the profile, which is refreshed first if it is due. It
is a secret: hand it to a program, and do not keep it.`,
		Example: "  token=$(ttshop token print)",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return printToken(cmd.Context(), sys) },
	}
}

// printToken prints the token that a call would carry.
func printToken(ctx context.Context, sys *platform.Session) error {
	var c platform.Connection
	source, err := c.Tokens(sys, &field.Inputs{Stdin: sys.In})
	if err != nil {
		return err
	}
	token, err := source.Token(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(sys.Out, token.AccessToken.Reveal())
	return err
}
