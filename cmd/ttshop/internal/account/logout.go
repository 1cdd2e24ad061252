package account

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// logoutOptions are the options of ttshop logout.
type logoutOptions struct {
	Forget bool
}

// NewLogoutCmd returns the command ttshop logout.
func NewLogoutCmd(sys *platform.Session) *cobra.Command {
	var o logoutOptions
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Sign out: forget the grant and the app secret",
		Long: `Forget the grant of the profile and its app secret. The profile keeps app key
and service id for the next ttshop login, unless --forget removes it too.

A grant in a store named with --store stays there, since others may use it;
ttshop tokens revoke removes it. The authorization itself stays valid until the
seller withdraws it in Seller Center: the platform has no call for that.`,
		Example: "  ttshop logout\n  ttshop logout --profile sandbox --forget",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	cmd.Flags().BoolVar(&o.Forget, "forget", false, "remove the profile, too")
	return cmd
}

func (o *logoutOptions) run(ctx context.Context, sys *platform.Session) error {
	h, err := sys.Home()
	if err != nil {
		return err
	}
	if err := o.check(h); err != nil {
		return err
	}
	var kept, openID string
	err = h.Change(ctx, func() (err error) {
		kept, openID, err = o.signOut(ctx, sys, h)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(sys.Out, "Signed out of profile %s.\n", h.Name)
	if kept != "" {
		fmt.Fprintf(sys.Out, "The grant stays in %s;\nttshop tokens revoke %s removes it.\n", kept, console.Printable(openID))
	}
	return nil
}

// check returns an error where there is nothing to sign out of.
func (o *logoutOptions) check(h *platform.Home) error {
	switch p := h.Profile; {
	case p == nil && h.Explicit:
		return h.NoProfile()
	case p == nil || p.OpenID == "" && !o.Forget:
		return console.NotSignedInf("nobody is signed in with profile %s", h.Name)
	}
	return nil
}

// signOut forgets the grant of the profile, its secret and, where asked to, the
// profile. kept is the store in which the grant of openID stays.
func (o *logoutOptions) signOut(ctx context.Context, sys *platform.Session, h *platform.Home) (kept, openID string, err error) {
	if err := o.check(h); err != nil { // check again: it may have changed
		return "", "", err
	}
	p := h.Profile
	if p.OpenID != "" {
		if p.Store == "" {
			err = dropGrant(h, ctx, sys, tokenstore.Key{AppKey: p.AppKey, OpenID: p.OpenID})
		} else {
			kept = sys.Tilde(platform.ShownStore(p.Store))
		}
		if err != nil {
			return "", "", err
		}
	}
	if !otherUses(h, p.AppKey) && h.Vault.Place != "" {
		if err := h.Vault.SetAppSecret(p.AppKey, ""); err != nil {
			return "", "", err
		}
	}
	openID = p.OpenID
	p.OpenID, p.ShopID, p.ShopCipher = "", "", ""
	if o.Forget {
		h.Profile = nil
		if h.Current == h.Name {
			h.Current = ""
		}
	}
	return kept, openID, nil
}

// dropGrant deletes a grant from the store of this machine, unless another
// profile uses it.
func dropGrant(h *platform.Home, ctx context.Context, sys *platform.Session, key tokenstore.Key) (err error) {
	for name, p := range h.Profiles {
		if name != h.Name && p.Store == "" && p.AppKey == key.AppKey && p.OpenID == key.OpenID {
			return nil
		}
	}
	store, err := h.OpenStore(ctx, sys, h.OwnStore(), false)
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

// otherUses reports whether a profile other than the one in use is signed in
// with an app.
func otherUses(h *platform.Home, appKey string) bool {
	return slices.ContainsFunc(h.Names(), func(name string) bool {
		p := h.Profiles[name]
		return name != h.Name && p.AppKey == appKey && p.OpenID != ""
	})
}
