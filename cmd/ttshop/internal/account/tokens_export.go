package account

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// tokensExportOptions are the options of ttshop tokens export.
type tokensExportOptions struct {
	OpenIDs     []string
	Out         string
	ShowSecrets bool
}

func newTokensExportCmd(sys *platform.Session) *cobra.Command {
	var o tokensExportOptions
	cmd := &cobra.Command{
		Use:   "export [OPENID...]",
		Short: "Write grants with their secrets, for another store",
		Long: `Write grants with their secrets, one JSON object a line, for ttshop tokens
import: all those of the store, or the named ones. They go to a file that only
you can read, or with --show-secrets to standard output.

If the platform replaces refresh tokens, two stores with the same grant diverge
at the first refresh: move a grant, do not copy it.`,
		Example: `  ttshop tokens export --out grants.jsonl
  ttshop tokens export --show-secrets | \
    ttshop tokens import - --store sqlite:copy.db --force`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.OpenIDs = args
			return o.run(cmd.Context(), sys)
		},
		ValidArgsFunction: completeGrants(sys),
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&o.Out, "out", "", "write to `FILE`, which must not exist")
	cmd.Flags().BoolVar(&o.ShowSecrets, "show-secrets", false, "write the secrets to standard output")
	return cmd
}

func (o *tokensExportOptions) run(ctx context.Context, sys *platform.Session) error {
	if (o.Out == "") == !o.ShowSecrets {
		return console.Usagef("an export holds secrets: write it to a file with --out FILE, or to standard output with --show-secrets")
	}
	return withStore(ctx, sys, false, func(store tokenstore.Store, storeURL string) error {
		grants, err := o.grants(ctx, sys, store, storeURL)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		for _, g := range grants {
			g.Version = 0 // it is the store's
			line, err := g.RevealJSON()
			if err != nil {
				return err
			}
			b.Write(append(line, '\n'))
		}
		if o.Out == "" {
			_, err := sys.Out.Write(b.Bytes())
			return err
		}
		f, err := os.OpenFile(o.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		if _, err := f.Write(b.Bytes()); err != nil {
			return errors.Join(fmt.Errorf("--out: %w", err), f.Close())
		}
		if err := f.Close(); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		fmt.Fprintf(sys.Err, "ttshop: %s with secrets in %s\n", console.Count(len(grants), "grant"), o.Out)
		return nil
	})
}

func (o *tokensExportOptions) grants(ctx context.Context, sys *platform.Session, store tokenstore.Store, storeURL string) ([]tokenstore.Grant, error) {
	if len(o.OpenIDs) == 0 {
		grants, err := store.List(ctx, "")
		if err == nil && len(grants) == 0 {
			err = console.NotSignedInf("the store %s holds no grants", sys.Tilde(platform.ShownStore(storeURL)))
		}
		return grants, err
	}
	var grants []tokenstore.Grant
	for _, openID := range o.OpenIDs {
		g, err := findGrant(ctx, sys, store, storeURL, openID)
		if err != nil {
			return nil, err
		}
		grants = append(grants, g)
	}
	return grants, nil
}
