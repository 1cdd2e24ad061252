package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// logoutOptions are the options of ttshop logout.
type logoutOptions struct {
	Forget bool
}

func newLogoutCmd(sys *System) *cobra.Command {
	var o logoutOptions
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Sign out: forget the grant and the app secret",
		Long: `Forget the grant of the profile and its app secret. The profile keeps app key
and service id for the next ttshop login, unless --forget removes it too.

A grant in a store that was named with --store stays there, since others may
use it; ttshop tokens revoke removes it. The authorization itself goes on until
the seller takes it back in Seller Center: the platform knows no call for that.`,
		Example: "  ttshop logout\n  ttshop logout --profile sandbox --forget",
		Args:    takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	cmd.Flags().BoolVar(&o.Forget, "forget", false, "remove the profile, too")
	return cmd
}

func (o *logoutOptions) run(ctx context.Context, sys *System) error {
	h, err := sys.home()
	if err != nil {
		return err
	}
	if err := o.check(h); err != nil {
		return err
	}
	var kept, openID string
	err = h.change(ctx, func() (err error) {
		kept, openID, err = o.signOut(ctx, sys, h)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(sys.Out, "Signed out of profile %s.\n", h.name)
	if kept != "" {
		fmt.Fprintf(sys.Out, "The grant stays in %s;\nttshop tokens revoke %s removes it.\n", kept, printable(openID))
	}
	return nil
}

// check returns an error where there is nothing to sign out of.
func (o *logoutOptions) check(h *home) error {
	switch p := h.profile; {
	case p == nil && h.explicit:
		return h.noProfile()
	case p == nil || p.OpenID == "" && !o.Forget:
		return notSignedInf("nobody is signed in with profile %s", h.name)
	}
	return nil
}

// signOut forgets the grant of the profile, its secret and, where asked to, the
// profile. kept is the store in which the grant of openID stays.
func (o *logoutOptions) signOut(ctx context.Context, sys *System, h *home) (kept, openID string, err error) {
	if err := o.check(h); err != nil { // again: it may have changed
		return "", "", err
	}
	p := h.profile
	if p.OpenID != "" {
		if p.Store == "" {
			err = h.dropGrant(ctx, sys, tokenstore.Key{AppKey: p.AppKey, OpenID: p.OpenID})
		} else {
			kept = sys.tilde(shownStore(p.Store))
		}
		if err != nil {
			return "", "", err
		}
	}
	if !h.otherUses(p.AppKey) && h.vault.place != "" {
		if err := h.vault.setAppSecret(p.AppKey, ""); err != nil {
			return "", "", err
		}
	}
	openID = p.OpenID
	p.OpenID, p.ShopID, p.ShopCipher = "", "", ""
	if o.Forget {
		h.profile = nil
		if h.Current == h.name {
			h.Current = ""
		}
	}
	return kept, openID, nil
}

// dropGrant deletes a grant from the store of this machine, unless another
// profile uses it.
func (h *home) dropGrant(ctx context.Context, sys *System, key tokenstore.Key) (err error) {
	for name, p := range h.Profiles {
		if name != h.name && p.Store == "" && p.AppKey == key.AppKey && p.OpenID == key.OpenID {
			return nil
		}
	}
	store, err := h.openStore(ctx, sys, h.ownStore(), false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return removeGrant(ctx, store, key)
}

// removeGrant deletes a grant while nobody refreshes it.
func removeGrant(ctx context.Context, store tokenstore.Store, key tokenstore.Key) error {
	held, unlock, err := store.Lock(ctx, key)
	if err != nil {
		return err
	}
	defer unlock()
	return store.Delete(held, key)
}

// otherUses reports whether another profile than the one in use is signed in
// with an app.
func (h *home) otherUses(appKey string) bool {
	return slices.ContainsFunc(h.names(), func(name string) bool {
		p := h.Profiles[name]
		return name != h.name && p.AppKey == appKey && p.OpenID != ""
	})
}
