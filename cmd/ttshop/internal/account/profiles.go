package account

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// NewProfilesCmd returns the command ttshop profiles.
func NewProfilesCmd(sys *platform.Session) *cobra.Command {
	asJSON := false
	cmd := console.Group(&cobra.Command{
		Use:   "profiles",
		Short: "List the profiles and choose one",
		Long: `A profile is an app, where it calls, and who signed in. Profiles are kept in
$XDG_CONFIG_HOME/ttshop/config.json, by default in ~/.config, or in the file
that ` + platform.EnvConfig + ` names; secrets are not in it.

ttshop login --profile NAME makes one.`,
	})
	list := &cobra.Command{
		Use: "list", Short: "List the profiles",
		Example: "  ttshop profiles list --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(*cobra.Command, []string) error { return listProfiles(sys, asJSON) },
	}
	list.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	use := &cobra.Command{
		Use: "use NAME", Short: "Choose the profile for later commands",
		Example: "  ttshop profiles use sandbox",
		Args:    console.Takes(1, 1, "one name"),
		RunE:    func(cmd *cobra.Command, args []string) error { return useProfile(cmd.Context(), sys, args[0]) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			h, err := sys.Home()
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var words []string
			for _, name := range h.Names() {
				words = console.Suggest(words, name, "")
			}
			return words, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.AddCommand(list, use)
	return cmd
}

func listProfiles(sys *platform.Session, asJSON bool) error {
	h, err := sys.Home()
	if err != nil {
		return err
	}
	type listed struct {
		Name     string `json:"name"`
		InUse    bool   `json:"in_use"`
		SignedIn bool   `json:"signed_in"`
		*platform.Profile
	}
	list := make([]listed, 0, len(h.Profiles))
	rows := [][]string{{"", "NAME", "APP", "SIGNED IN", "CALLS"}}
	for _, name := range h.Names() {
		p := h.Profiles[name]
		l := listed{name, name == h.Name, p.OpenID != "", p}
		list = append(list, l)
		mark, signedIn := "", "no"
		if l.InUse {
			mark = "*"
		}
		if l.SignedIn {
			signedIn = "yes"
		}
		rows = append(rows, []string{mark, name, p.AppKey, signedIn, cmp.Or(p.Endpoint, ttshop.DefaultEndpoint)})
	}
	if asJSON {
		return console.WriteJSON(sys.Out, list)
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(sys.Out, "There is no profile yet; ttshop login makes one.")
		return err
	}
	return console.WriteColumns(sys.Out, console.Painter(sys.Color), rows)
}

func useProfile(ctx context.Context, sys *platform.Session, name string) error {
	h, err := sys.Home()
	if err != nil {
		return err
	}
	h.Name, h.Profile = name, h.Profiles[name]
	if h.Profile == nil {
		return h.NoProfile()
	}
	err = h.Change(ctx, func() error {
		if h.Profile == nil { // removed meanwhile
			return h.NoProfile()
		}
		h.Current = name
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(sys.Out, "Later commands use profile %s.\n", name)
	if other := sys.Getenv(platform.EnvProfile); other != "" && other != name {
		sys.Warn("%s is set and takes precedence over the choice", platform.EnvProfile)
	}
	return nil
}
