package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// NewUseCmd returns the command ttshop use.
func NewUseCmd(sys *platform.Session) *cobra.Command {
	return &cobra.Command{
		Use:   "use SHOP",
		Short: "Choose the shop that calls are about",
		Long: `Choose the shop that later calls are about, by its id, code, name or cipher, by
a part of its name, or by its region where only one shop has that. The profile
keeps the choice.`,
		Example: "  ttshop use 7495000000000000001\n  ttshop use 'Bright Home'\n  ttshop use GB",
		Args:    console.Takes(1, 1, "one shop"),
		RunE:    func(cmd *cobra.Command, args []string) error { return use(cmd.Context(), sys, args[0]) },
		ValidArgsFunction: func(cmd *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
			return completeShops(cmd.Context(), sys, args)
		},
	}
}

// use keeps a shop as the one that calls are about.
func use(ctx context.Context, sys *platform.Session, name string) error {
	h, err := sys.Home()
	if err != nil {
		return err
	}
	if h.Profile == nil || h.Profile.OpenID == "" {
		if h.Explicit && h.Profile == nil {
			return h.NoProfile()
		}
		return console.NotSignedInf("nobody is signed in, so no profile can keep the choice: run ttshop login, or set %s", platform.EnvShopCipher)
	}
	g, err := platform.CurrentGrant(ctx, sys)
	if err != nil {
		return err
	}
	if g.StoreURL == "" || g.AppKey != h.Profile.AppKey || g.OpenID != h.Profile.OpenID {
		return console.Usagef("the environment gives a token other than that of profile %s, which therefore cannot keep the choice; unset it, or pass --profile %s", h.Name, h.Name)
	}
	shops := g.Shops
	if g.ShopsAt.IsZero() && g.Token.UserType == ttshop.UserSeller {
		if shops, err = syncShops(ctx, sys, g); err != nil {
			return err
		}
	}
	shop, err := findShop(shops, name)
	if err != nil {
		return err
	}
	err = h.Change(ctx, func() error {
		if h.Profile == nil || h.Profile.AppKey != g.AppKey || h.Profile.OpenID != g.OpenID {
			return console.NotSignedInf("profile %s was changed meanwhile; run this again", h.Name)
		}
		h.Profile.ShopID, h.Profile.ShopCipher = shop.ID, shop.Cipher
		return nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(sys.Out, "Calls are now about %s (%s, %s).\n", console.Printable(shop.Name), console.Printable(shop.Region), console.Printable(shop.ID))
	if sys.Getenv(platform.EnvShopCipher) != "" {
		sys.Warn("%s is set and takes precedence over the choice", platform.EnvShopCipher)
	}
	return err
}

// findShop returns the shop that a word means: by id, cipher, code, name or region,
// exactly, in any case, or by a part of its name.
func findShop(shops []tokenstore.Shop, word string) (tokenstore.Shop, error) {
	for _, fits := range []func(tokenstore.Shop) bool{
		func(s tokenstore.Shop) bool { return s.ID == word },
		func(s tokenstore.Shop) bool { return s.Cipher == word },
		func(s tokenstore.Shop) bool { return strings.EqualFold(s.Code, word) },
		func(s tokenstore.Shop) bool { return s.Name == word },
		func(s tokenstore.Shop) bool { return strings.EqualFold(s.Name, word) },
		func(s tokenstore.Shop) bool { return len(word) == 2 && strings.EqualFold(s.Region, word) },
		func(s tokenstore.Shop) bool {
			return word != "" && strings.Contains(strings.ToLower(s.Name), strings.ToLower(word))
		},
	} {
		found := slices.DeleteFunc(slices.Clone(shops), func(s tokenstore.Shop) bool { return !fits(s) })
		if len(found) == 1 {
			return found[0], nil
		}
		if len(found) > 1 {
			return tokenstore.Shop{}, console.Usagef("%q matches several shops; name one by its id:%s", word, shopList(found))
		}
	}
	if len(shops) == 0 {
		return tokenstore.Shop{}, console.Usagef("the grant covers no shops; ttshop shops --refresh asks the platform again")
	}
	return tokenstore.Shop{}, console.Usagef("no shop of the grant has the id, code, name, region or cipher %q; it covers:%s", word, shopList(shops))
}

// shopList lists shops one per line, the first few of many.
func shopList(shops []tokenstore.Shop) string {
	const most = 20
	var b strings.Builder
	for i, s := range shops {
		if i == most {
			fmt.Fprintf(&b, "\n  and %d more; see ttshop shops", len(shops)-most)
			break
		}
		fmt.Fprintf(&b, "\n  %s  %s  %s", console.Printable(s.ID), console.Printable(s.Region), console.Printable(console.Shorten(s.Name, 50)))
	}
	return b.String()
}

// completeShops offers the shops of the grant to the shell. Where nothing can be
// read, nothing is offered.
func completeShops(ctx context.Context, sys *platform.Session, args []string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	g, err := platform.CurrentGrant(ctx, sys)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var words []string
	for _, s := range g.Shops {
		words = console.Suggest(words, s.ID, s.Name+" ("+s.Region+")")
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}
