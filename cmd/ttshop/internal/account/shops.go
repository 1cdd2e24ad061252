package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// shopsOptions are the options of ttshop shops.
type shopsOptions struct {
	Refresh bool
	JSON    bool
}

// NewShopsCmd returns the command ttshop shops.
func NewShopsCmd(sys *platform.Session) *cobra.Command {
	cmd := newShopsListCmd(sys)
	list := newShopsListCmd(sys)
	list.Use, list.Example = "list", "  ttshop shops list"
	choose := NewUseCmd(sys)
	choose.Example = "  ttshop shops use GB"
	cmd.AddCommand(list, choose)
	return cmd
}

// newShopsListCmd returns the command that lists the shops.
func newShopsListCmd(sys *platform.Session) *cobra.Command {
	var o shopsOptions
	cmd := &cobra.Command{
		Use:   "shops",
		Short: "List the shops of the grant",
		Long: `List the shops that the grant covers, as stored when it was made. With
--refresh, and for a bare access token from the environment, the platform is
asked.`,
		Example: "  ttshop shops\n  ttshop shops --refresh --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&o.Refresh, "refresh", false, "ask the platform and store its answer")
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON, ciphers included")
	return cmd
}

func (o *shopsOptions) run(ctx context.Context, sys *platform.Session) error {
	g, err := platform.CurrentGrant(ctx, sys)
	if err != nil {
		return err
	}
	shops := g.Shops
	switch {
	case g.StoreURL == "":
		shops, err = fetchShops(ctx, sys)
	case o.Refresh || g.ShopsAt.IsZero() && g.Token.UserType == ttshop.UserSeller:
		shops, err = syncShops(ctx, sys, g)
	}
	if err != nil {
		return err
	}
	s, err := gatherStatus(ctx, sys, g)
	if err != nil {
		return err
	}
	chosen := ""
	if s.Shop != nil {
		chosen = s.Shop.Cipher
	}
	if o.JSON {
		type listed struct {
			tokenstore.Shop
			InUse bool `json:"in_use"`
		}
		list := make([]listed, len(shops))
		for i, shop := range shops {
			list[i] = listed{shop, shop.Cipher == chosen}
		}
		return console.WriteJSON(sys.Out, list)
	}
	if len(shops) == 0 {
		_, err := fmt.Fprintln(sys.Out, "The grant covers no shops.")
		return err
	}
	return writeShops(sys.Out, console.Painter(sys.Color), shops, chosen)
}

// fetchShops asks the platform for the shops of a bare token.
func fetchShops(ctx context.Context, sys *platform.Session) ([]tokenstore.Shop, error) {
	in := &field.Inputs{Stdin: sys.In}
	var c platform.Connection
	client, err := c.Client(sys, in, c.Tokens)
	if err != nil {
		return nil, err
	}
	response, err := client.Call(ctx, "GET", platform.ShopsPath, nil, nil)
	if err != nil {
		return nil, err
	}
	var data struct {
		Shops []tokenstore.Shop `json:"shops"`
	}
	if err := response.Decode(&data); err != nil {
		return nil, fmt.Errorf("read the shops: %w", err)
	}
	return data.Shops, nil
}

// syncShops asks the platform for the shops of a grant and stores them.
func syncShops(ctx context.Context, sys *platform.Session, g platform.GrantIn) (shops []tokenstore.Shop, err error) {
	fleet, done, err := openFleet(ctx, sys, g.StoreURL, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	synced, err := fleet.SyncShops(ctx, g.Key)
	return synced.Shops, platform.Again(err)
}

// openFleet returns the fleet of the app in use over a store, and a function
// that closes both.
func openFleet(ctx context.Context, sys *platform.Session, storeURL string, create bool) (*tokenstore.Fleet, func() error, error) {
	var flags platform.AppFlags
	app, err := flags.OAuthApp(sys, &field.Inputs{Stdin: sys.In}, "")
	if err != nil {
		return nil, nil, err
	}
	api, err := platform.APIEndpoint(sys, "", app.Key)
	if err != nil {
		return nil, nil, err
	}
	h, err := sys.Home()
	if err != nil {
		return nil, nil, err
	}
	store, err := h.OpenStore(ctx, sys, storeURL, create)
	if err != nil {
		return nil, nil, err
	}
	fleet := platform.NewFleet(sys, app, store, ttshop.WithEndpoint(api))
	return fleet, func() error { return errors.Join(platform.CloseFleet(ctx, fleet), store.Close()) }, nil
}

// writeShops writes a table of shops; the one in use is marked.
func writeShops(w io.Writer, paint console.Painter, shops []tokenstore.Shop, chosen string) error {
	rows := [][]string{{"", "ID", "CODE", "REGION", "TYPE", "NAME"}}
	for _, shop := range shops {
		mark := ""
		if shop.Cipher == chosen {
			mark = "*"
		}
		rows = append(rows, []string{mark, shop.ID, shop.Code, shop.Region, strings.ToLower(shop.SellerType), shop.Name})
	}
	if err := console.WriteColumns(w, paint, rows); err != nil {
		return err
	}
	if chosen == "" {
		_, err := fmt.Fprintln(w, "\nttshop use SHOP chooses the one that calls are about.")
		return err
	}
	return nil
}
