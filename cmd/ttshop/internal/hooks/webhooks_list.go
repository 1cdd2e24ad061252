package hooks

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

func newWebhooksListCmd(sys *platform.Session) *cobra.Command {
	var o webhooksOptions
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the shop's own addresses",
		Long:    "List the shop's own addresses, by event.",
		Example: "  ttshop webhooks list\n  ttshop webhooks list --json",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			api, err := openWebhooks(&o.ShopFlags, sys, &field.Inputs{Stdin: sys.In})
			if err != nil {
				return err
			}
			list, err := api.list(cmd.Context())
			if err != nil {
				return err
			}
			return o.show(sys, list)
		},
	}
	o.add(cmd.Flags(), false)
	return cmd
}

func (o *webhooksOptions) show(sys *platform.Session, list []shopWebhook) error {
	if o.JSON {
		return console.WriteJSON(sys.Out, append([]shopWebhook{}, list...)) // never null
	}
	items := make([]json.RawMessage, len(list))
	for i, w := range list {
		item, err := json.Marshal(w)
		if err != nil {
			return fmt.Errorf("show the addresses: %w", err)
		}
		items[i] = item
	}
	return answer.View{Noun: "addresses of the shop's own; those of the app are in Partner Center", Columns: []answer.Column{
		{Title: "EVENT", Paths: []string{"event_type"}},
		{Title: "ADDRESS", Paths: []string{"address"}, Gives: true},
		{Title: "SET", Paths: []string{"update_time"}, Kind: answer.CellMoment},
	}}.Write(sys.System, items)
}
