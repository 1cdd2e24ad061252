package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// rotateOptions are the options of ttshop tokens rotate-key.
type rotateOptions struct {
	DropOld bool
	JSON    bool
}

func newTokensRotateKeyCmd(sys *System) *cobra.Command {
	var o rotateOptions
	cmd := &cobra.Command{
		Use:   "rotate-key",
		Short: "Seal the store with a new key",
		Long: `Seal all grants of the store with a new key. Where it is the key of this
machine, a random one is made. The old one stays behind it, for other stores
that it may have sealed, until --drop-old takes it away. A key of the
environment comes from there, in three steps:

  1. Give every program that shares the store both keys, the old one first:
     ` + envStoreKey + `=OLD,NEW
  2. Then the new one first, and run this command:
     ` + envStoreKey + `=NEW,OLD, or
     ` + envPassphrase + `=NEW ` + envOldPassphrase + `=OLD
  3. Take the old one away.

Without the first step a program that knows only the old key cannot read what
another has sealed with the new one. The command may be run again after an
error, and programs can use the store all the while.`,
		Example: "  ttshop tokens rotate-key\n  ttshop tokens rotate-key --drop-old --json",
		Args:    takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&o.DropOld, "drop-old", false, "forget the old keys of this machine")
	cmd.Flags().BoolVar(&o.JSON, "json", false, "answer in JSON")
	return cmd
}

func (o *rotateOptions) run(ctx context.Context, sys *System) error {
	h, err := sys.home()
	if err != nil {
		return err
	}
	storeURL := h.storeURL(sys)
	machine := h.vault.hasKey() && (storeURL == h.ownStore() || sys.Getenv(envStoreKey) == "" && sys.Getenv(envPassphrase) == "")
	if o.DropOld && !machine {
		return usagef("--drop-old goes with the key of this machine; the key of %s comes from the environment", shownStore(storeURL))
	}
	var sealed int
	if machine || storeURL == h.ownStore() {
		// From the new key to the last seal: another rotation in between would
		// take this one's key for an old one.
		err = h.locked(ctx, func() (err error) {
			sealed, err = o.rotate(ctx, sys, h, storeURL, machine)
			return err
		})
	} else {
		sealed, err = h.rotate(ctx, sys, storeURL)
	}
	if err != nil {
		return err
	}
	if o.JSON {
		return writeJSON(sys.Out, struct {
			Store  string `json:"store"`
			Sealed int    `json:"sealed"`
		}{shownStore(storeURL), sealed})
	}
	_, err = fmt.Fprintf(sys.Out, "%s in %s sealed with the new key.\n", count(sealed, "grant"), sys.tilde(shownStore(storeURL)))
	return err
}

// rotate seals a store and what this machine keeps with a new key; machine says
// that the key is this machine's.
func (o *rotateOptions) rotate(ctx context.Context, sys *System, h *home, storeURL string, machine bool) (sealed int, err error) {
	if machine {
		if err := h.vault.addKey(); err != nil {
			return 0, fmt.Errorf("make a new key: %w", err)
		}
	}
	sealed, err = h.rotate(ctx, sys, storeURL)
	if err == nil && machine && storeURL != h.ownStore() {
		_, err = h.rotate(ctx, sys, h.ownStore())
	}
	if err == nil {
		err = h.vault.reseal()
	}
	if err == nil && o.DropOld {
		err = h.vault.dropOldKeys()
	}
	return sealed, err
}

// rotate seals the grants of a store with the first of its keys.
func (h *home) rotate(ctx context.Context, sys *System, storeURL string) (sealed int, err error) {
	store, err := h.openStore(ctx, sys, storeURL, false)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	rotator, ok := store.(tokenstore.Rotator)
	if !ok {
		return 0, usagef("the store %s has no key", shownStore(storeURL))
	}
	return rotator.Rotate(ctx)
}

// hasKey reports whether there is a key of this machine, beside any passphrase.
func (v *vault) hasKey() bool {
	_, err := v.readKey()
	return err == nil
}

// addKey puts a new key in front of those that open the files.
func (v *vault) addKey() error {
	old, err := v.readKey()
	if err != nil {
		return err
	}
	v.keys = nil
	return v.replaceKey(tokenstore.GenerateKey() + "," + old)
}

// dropOldKeys leaves only the first key.
func (v *vault) dropOldKeys() error {
	text, err := v.readKey()
	if err != nil {
		return err
	}
	v.keys = nil
	return v.replaceKey(before(text, ", \n"))
}

// reseal seals the secrets anew.
func (v *vault) reseal() error {
	if _, err := os.Stat(filepath.Join(v.folder, secretsFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	secrets, err := v.readFile()
	if err != nil {
		return err
	}
	return v.writeFile(secrets)
}
