package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// rotateOptions are the options of ttshop tokens rotate-key.
type rotateOptions struct {
	DropOld bool
	JSON    bool
}

func newTokensRotateKeyCmd(sys *platform.Session) *cobra.Command {
	var o rotateOptions
	cmd := &cobra.Command{
		Use:   "rotate-key",
		Short: "Seal the store with a new key",
		Long: `Seal all grants of the store with a new key. If the store uses the key of this
machine, a random one is made. The old one is kept, for other stores that it may
have sealed, until --drop-old removes it. A key from the environment is rotated
in three steps:

  1. Give every program that shares the store both keys, the old one first:
     ` + platform.EnvStoreKey + `=OLD,NEW
  2. Then put the new one first, and run this command:
     ` + platform.EnvStoreKey + `=NEW,OLD, or
     ` + platform.EnvPassphrase + `=NEW ` + platform.EnvOldPassphrase + `=OLD
  3. Remove the old one.

Without the first step a program that knows only the old key cannot read what
another has sealed with the new one. The command may be run again after an
error, and programs can keep using the store meanwhile.`,
		Example: "  ttshop tokens rotate-key\n  ttshop tokens rotate-key --drop-old --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&o.DropOld, "drop-old", false, "forget the old keys of this machine")
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

func (o *rotateOptions) run(ctx context.Context, sys *platform.Session) error {
	h, err := sys.Home()
	if err != nil {
		return err
	}
	storeURL := h.StoreURL(sys)
	machine := h.Vault.HasKey() && (storeURL == h.OwnStore() || sys.Getenv(platform.EnvStoreKey) == "" && sys.Getenv(platform.EnvPassphrase) == "")
	if o.DropOld && !machine {
		return console.Usagef("--drop-old goes with the key of this machine; the key of %s comes from the environment", platform.ShownStore(storeURL))
	}
	var sealed int
	if machine || storeURL == h.OwnStore() {
		// Locked from the new key to the last seal: another rotation in between
		// would take this one's key for an old one.
		err = h.Locked(ctx, func() (err error) {
			sealed, err = o.rotate(ctx, sys, h, storeURL, machine)
			return err
		})
	} else {
		sealed, err = rotate(h, ctx, sys, storeURL)
	}
	if err != nil {
		return err
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			Store  string `json:"store"`
			Sealed int    `json:"sealed"`
		}{platform.ShownStore(storeURL), sealed})
	}
	_, err = fmt.Fprintf(sys.Out, "%s in %s sealed with the new key.\n", console.Count(sealed, "grant"), sys.Tilde(platform.ShownStore(storeURL)))
	return err
}

// rotate seals a store and what this machine keeps with a new key; machine says
// that the key is this machine's.
func (o *rotateOptions) rotate(ctx context.Context, sys *platform.Session, h *platform.Home, storeURL string, machine bool) (sealed int, err error) {
	if machine {
		if err := h.Vault.AddKey(); err != nil {
			return 0, fmt.Errorf("make a new key: %w", err)
		}
	}
	sealed, err = rotate(h, ctx, sys, storeURL)
	if err == nil && machine && storeURL != h.OwnStore() {
		_, err = rotate(h, ctx, sys, h.OwnStore())
	}
	if err == nil {
		err = h.Vault.Reseal()
	}
	if err == nil && o.DropOld {
		err = h.Vault.DropOldKeys()
	}
	return sealed, err
}

// rotate seals the grants of a store with the first of its keys.
func rotate(h *platform.Home, ctx context.Context, sys *platform.Session, storeURL string) (sealed int, err error) {
	store, err := h.OpenStore(ctx, sys, storeURL, false)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	rotator, ok := store.(tokenstore.Rotator)
	if !ok {
		return 0, console.Usagef("the store %s has no key", platform.ShownStore(storeURL))
	}
	return rotator.Rotate(ctx)
}
