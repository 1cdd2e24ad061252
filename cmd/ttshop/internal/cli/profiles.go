package cli

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
)

func newProfilesCmd(sys *System) *cobra.Command {
	asJSON := false
	cmd := group(&cobra.Command{
		Use:   "profiles",
		Short: "List the profiles and choose one",
		Long: `A profile is an app, where it calls, and who signed in. Profiles are kept in
$XDG_CONFIG_HOME/ttshop/config.json, by default in ~/.config, or in the file
that ` + envConfig + ` names; secrets are not in it.

ttshop login --profile NAME makes one.`,
	})
	list := &cobra.Command{
		Use: "list", Short: "List the profiles",
		Example: "  ttshop profiles list --json",
		Args:    takes(0, 0, "no arguments"),
		RunE:    func(*cobra.Command, []string) error { return listProfiles(sys, asJSON) },
	}
	list.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	use := &cobra.Command{
		Use: "use NAME", Short: "Choose the profile for later commands",
		Example: "  ttshop profiles use sandbox",
		Args:    takes(1, 1, "one name"),
		RunE:    func(cmd *cobra.Command, args []string) error { return useProfile(cmd.Context(), sys, args[0]) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			h, err := sys.home()
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return h.names(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.AddCommand(list, use)
	return cmd
}

func listProfiles(sys *System, asJSON bool) error {
	h, err := sys.home()
	if err != nil {
		return err
	}
	type listed struct {
		Name     string `json:"name"`
		InUse    bool   `json:"in_use"`
		SignedIn bool   `json:"signed_in"`
		*profile
	}
	list := make([]listed, 0, len(h.Profiles))
	rows := [][]string{{"", "NAME", "APP", "SIGNED IN", "CALLS"}}
	for _, name := range h.names() {
		p := h.Profiles[name]
		l := listed{name, name == h.name, p.OpenID != "", p}
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
		return writeJSON(sys.Out, list)
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(sys.Out, "There is no profile yet; ttshop login makes one.")
		return err
	}
	return writeColumns(sys.Out, painter(sys.Color), rows)
}

func useProfile(ctx context.Context, sys *System, name string) error {
	h, err := sys.home()
	if err != nil {
		return err
	}
	h.name, h.profile = name, h.Profiles[name]
	if h.profile == nil {
		return h.noProfile()
	}
	err = h.change(ctx, func() error {
		if h.profile == nil { // removed meanwhile
			return h.noProfile()
		}
		h.Current = name
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(sys.Out, "Later commands use profile %s.\n", name)
	if other := sys.Getenv(envProfile); other != "" && other != name {
		sys.warn("%s is set and wins over the choice", envProfile)
	}
	return nil
}
