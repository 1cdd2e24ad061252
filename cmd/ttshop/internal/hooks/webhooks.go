package hooks

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// webhooksPath is that of the Event API.
const webhooksPath = "/event/202309/webhooks"

// NewWebhooksCmd returns the command ttshop webhooks.
func NewWebhooksCmd(sys *platform.Session) *cobra.Command {
	cmd := console.Group(&cobra.Command{
		Use:   "webhooks",
		Short: "See and set where a shop's webhooks go",
		Long: `See and set the addresses that the shop in use has for webhooks, one for each
event. They take precedence over the address of the app, which is set in Partner
Center and applies to all its shops. Not every event can have an address of the
shop's own; ttshop trigger --list shows which can.`,
	})
	cmd.AddCommand(newWebhooksListCmd(sys), newWebhooksSetCmd(sys), newWebhooksDeleteCmd(sys))
	return cmd
}

// webhooksOptions are the options of the commands below ttshop webhooks.
type webhooksOptions struct {
	All  bool
	Yes  bool
	JSON bool

	platform.ShopFlags
}

func (o *webhooksOptions) add(flags *pflag.FlagSet, writes bool) {
	flags.SortFlags = false
	if writes {
		flags.BoolVar(&o.All, "all", false, "all events that a shop can have an address for")
		flags.BoolVarP(&o.Yes, "yes", "y", false, "send it to a real shop without asking")
	}
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON")
	o.ShopFlags.Add(flags)
}

// subscribableTypes returns the events that a shop can have an address for.
func subscribableTypes() []event.Type { return subscribable(nil) }

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

func newWebhooksSetCmd(sys *platform.Session) *cobra.Command {
	var o webhooksOptions
	cmd := &cobra.Command{
		Use:   "set [EVENT] URL",
		Short: "Set the shop's own address for an event",
		Long: `Set the address that receives an event of the shop, or all events with --all.
The platform requires https, a domain name, no port, and at most 255 characters.
A sandbox on this machine accepts any address.`,
		Example: `  ttshop webhooks set ORDER_STATUS_CHANGE https://hooks.example.com/tiktok
  ttshop webhooks set --all https://hooks.example.com/tiktok --yes`,
		Args:              console.Takes(1, 2, "an event and a URL, or --all and a URL"),
		ValidArgsFunction: completeTopic(subscribableTypes),
		RunE: func(cmd *cobra.Command, args []string) error {
			address := args[len(args)-1]
			types, err := o.types(cmd, args[:len(args)-1])
			if err != nil {
				return err
			}
			api, err := openWebhooks(&o.ShopFlags, sys, &field.Inputs{Stdin: sys.In})
			if err != nil {
				return err
			}
			if err := api.checkAddress("URL", address); err != nil {
				return err
			}
			return o.change(cmd.Context(), sys, api, types, "set", func(ctx context.Context, t event.Type) error { return api.set(ctx, t, address) })
		},
	}
	o.add(cmd.Flags(), true)
	return cmd
}

func newWebhooksDeleteCmd(sys *platform.Session) *cobra.Command {
	var o webhooksOptions
	cmd := &cobra.Command{
		Use:   "delete [EVENT]",
		Short: "Remove the shop's own address for an event",
		Long: `Remove the shop's own address for an event, or all of them with --all;
the app's address applies again. Removing one that does not exist succeeds.`,
		Example: `  ttshop webhooks delete ORDER_STATUS_CHANGE
  ttshop webhooks delete --all --yes`,
		Args:              console.Takes(0, 1, "an event, or --all"),
		ValidArgsFunction: completeTopic(subscribableTypes),
		RunE: func(cmd *cobra.Command, args []string) error {
			types, err := o.types(cmd, args)
			if err != nil {
				return err
			}
			api, err := openWebhooks(&o.ShopFlags, sys, &field.Inputs{Stdin: sys.In})
			if err != nil {
				return err
			}
			return o.change(cmd.Context(), sys, api, types, "removed", api.remove)
		},
	}
	o.add(cmd.Flags(), true)
	return cmd
}

// types returns the events that a write is about.
func (o *webhooksOptions) types(cmd *cobra.Command, args []string) ([]event.Type, error) {
	switch {
	case o.All && len(args) > 0:
		return nil, console.Usagef("--all means all events; leave out %s", args[0])
	case o.All:
		return subscribableTypes(), nil
	case len(args) == 0:
		return nil, console.Usagef("%s takes an event, or --all", cmd.CommandPath())
	}
	t, err := readEventType(args[0])
	if err != nil {
		return nil, err
	}
	if !t.Subscribable() {
		return nil, console.Usagef("a shop has no address of its own for %s; set the app's in Partner Center", t)
	}
	return []event.Type{t}, nil
}

// change makes a write for each event, after consent.
func (o *webhooksOptions) change(ctx context.Context, sys *platform.Session, api *shopWebhooks, types []event.Type, done string, write func(context.Context, event.Type) error) error {
	if !o.Yes {
		what := "the address for " + types[0].String()
		if len(types) > 1 {
			what = "the addresses for " + console.Count(len(types), "event")
		}
		if err := o.Consent(ctx, sys, "changing "+what, platform.TakesStdin(o.Readers())); err != nil {
			return err
		}
	}
	for i, t := range types {
		if err := write(ctx, t); err != nil {
			if i > 0 {
				err = fmt.Errorf("%s of %d are %s, then %s failed: %w", console.Count(i, "event"), len(types), done, t, err)
			}
			return err
		}
	}
	if o.JSON {
		list, err := api.list(ctx)
		if err != nil {
			return err
		}
		return o.show(sys, list)
	}
	_, err := fmt.Fprintf(sys.Out, "%s: %s.\n", topicList(types), done)
	return err
}

// shopWebhook is an address that a shop has.
type shopWebhook struct {
	Topic      string          `json:"event_type"`
	Address    string          `json:"address"`
	CreateTime ttshop.UnixTime `json:"create_time"`
	UpdateTime ttshop.UnixTime `json:"update_time"`
}

// shopWebhooks is the Event API for one shop.
type shopWebhooks struct {
	client *ttshop.Client
	shop   string // cipher
	local  bool   // a sandbox on this machine
}

// openWebhooks returns the Event API for the shop in use.
func openWebhooks(f *platform.ShopFlags, sys *platform.Session, in *field.Inputs) (*shopWebhooks, error) {
	client, err := f.Client(sys, in, f.Tokens)
	if err != nil {
		return nil, err
	}
	cipher := f.Shop(sys)
	if cipher == "" {
		return nil, console.NotSignedInf("no shop: set %s or pass --shop-cipher; ttshop shops lists them, ttshop use chooses one", platform.EnvShopCipher)
	}
	key, err := f.App.ReadKey(sys)
	if err != nil {
		return nil, err
	}
	address, err := platform.APIEndpoint(sys, f.Endpoint, key)
	if err != nil {
		return nil, err
	}
	return &shopWebhooks{client.Shop(cipher), cipher, platform.IsLoopback(address)}, nil
}

// checkAddress refuses addresses that the platform would not deliver to.
func (w *shopWebhooks) checkAddress(name, address string) error {
	if err := checkTarget(name, address); err != nil || w.local {
		return err
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return err
	case u.Scheme != "https":
		return console.Usagef("%s: the platform delivers to https addresses only", name)
	case u.Port() != "" || net.ParseIP(u.Hostname()) != nil || !strings.Contains(u.Hostname(), "."):
		return console.Usagef("%s: the platform requires the name of a public domain, without a port", name)
	case len(address) > 255:
		return console.Usagef("%s: the platform accepts at most 255 characters", name)
	}
	return nil
}

// call calls an operation of the Event API.
func (w *shopWebhooks) call(ctx context.Context, method string, body any) (*ttshop.Response, error) {
	var known catalog.Catalog
	entry, ok := known.Find(method, webhooksPath)
	if !ok {
		return nil, errors.New("the catalogue lacks " + method + " " + webhooksPath) // a test prevents it
	}
	op, err := known.Describe(entry)
	if err != nil {
		return nil, err
	}
	return w.client.Call(ctx, method, webhooksPath, nil, body, platform.AsOperation(op))
}

// list returns the addresses by topic.
func (w *shopWebhooks) list(ctx context.Context) ([]shopWebhook, error) {
	response, err := w.call(ctx, "GET", nil)
	if err != nil {
		return nil, err
	}
	var data struct {
		Webhooks []shopWebhook `json:"webhooks"`
	}
	if err := response.Decode(&data); err != nil {
		return nil, fmt.Errorf("read the addresses: %w", err)
	}
	slices.SortFunc(data.Webhooks, func(a, b shopWebhook) int { return cmp.Compare(a.Topic, b.Topic) })
	return data.Webhooks, nil
}

func (w *shopWebhooks) set(ctx context.Context, t event.Type, address string) error {
	_, err := w.call(ctx, "PUT", map[string]string{"address": address, "event_type": t.String()})
	return err
}

func (w *shopWebhooks) remove(ctx context.Context, t event.Type) error {
	_, err := w.call(ctx, "DELETE", map[string]string{"event_type": t.String()})
	return err
}
