package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/webhook/inbox"
	"github.com/ttshop-go/ttshop/webhook/reconcile"
)

// reconcileOptions are the options of ttshop events reconcile.
type reconcileOptions struct {
	AllShops bool
	DryRun   bool
	JSON     bool

	window
	inboxFlags
	platform.ShopFlags
}

func newEventsReconcileCmd(sys *platform.Session) *cobra.Command {
	var o reconcileOptions
	cmd := &cobra.Command{
		Use:   "reconcile",
		Short: "Ask the API for changes that no webhook reported, and put them into the inbox",
		Long: `Ask the API for the orders, returns and cancellations of the shop in use, or of
all shops of the grant, that were updated in a time window, and compare them
with the events received. What was missed is put into the inbox as an event
marked as reconciled, and delivered by the listener like any other. A second run
finds nothing new.

The last five minutes are left out: their events may still be on the way.`,
		Example: `  ttshop events reconcile --since -24h
  ttshop events reconcile --since -24h --all-shops
  ttshop events reconcile --since 2026-10-01 --until 2026-10-02 --dry-run`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.JSON, "json", false, "answer with one object in JSON")
	o.window.add(flags, "-24h")
	flags.BoolVar(&o.AllShops, "all-shops", false, "ask about every shop of the grant")
	flags.BoolVar(&o.DryRun, "dry-run", false, "show what was missed, but put nothing into the inbox")
	o.inboxFlags.add(flags)
	o.ShopFlags.Add(flags)
	return cmd
}

// onlyPast is how old a change must be to count as missed, unless --until says
// otherwise.
const onlyPast = 5 * time.Minute

func (o *reconcileOptions) run(ctx context.Context, sys *platform.Session) (err error) {
	since, until, err := o.read(sys.Now())
	if err != nil {
		return err
	}
	if until.IsZero() {
		until = sys.Now().Add(-onlyPast)
	}
	if !since.Before(until) {
		return console.Usagef("--since %s: the last %s are left out; choose an earlier time", o.Since, console.Span(onlyPast))
	}
	if o.AllShops && o.ShopCipher != "" {
		return console.Usagef("--shop-cipher names one shop; it cannot be used with --all-shops")
	}
	in := &field.Inputs{Stdin: sys.In}
	key, err := o.App.ReadKey(sys)
	if err != nil {
		return err
	}
	client, err := o.Client(sys, in, o.Tokens)
	if err != nil {
		return err
	}
	shops, err := o.shops(ctx, sys, client)
	if err != nil {
		return err
	}
	address, err := o.address(sys, func() (string, error) { return key, nil })
	if err != nil {
		return err
	}
	engine := inboxEngine(ctx, sys, address)
	opening, cancel := context.WithTimeout(ctx, time.Minute)
	box, err := inbox.Open(opening, address, inboxOptions(sys, engine)...)
	cancel()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	var whole reconcile.Report
	var failed []error
	for _, shop := range shops {
		meter := sys.Progress(sys.System, "comparing "+shop.Name)
		report, err := reconcile.Run(ctx, client.Shop(shop.Cipher), box, reconcile.Options{
			AppKey: key, ShopID: shop.ID, From: since, To: until, DryRun: o.DryRun,
		})
		meter.Stop()
		whole.Orders += report.Orders
		whole.Returns += report.Returns
		whole.Cancellations += report.Cancellations
		whole.Missed = append(whole.Missed, report.Missed...)
		if err != nil && o.AllShops {
			err = fmt.Errorf("shop %s (%s): %w", shop.Name, shop.ID, err)
		}
		failed = append(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	err = errors.Join(failed...)
	if err != nil && whole.Orders+whole.Returns+whole.Cancellations == 0 {
		return err
	}
	return errors.Join(o.show(sys, whole), err)
}

// shops returns the shop in use, or all of the grant, as the platform knows
// them: the id stands in events, the cipher does not.
func (o *reconcileOptions) shops(ctx context.Context, sys *platform.Session, client *ttshop.Client) ([]tokenstore.Shop, error) {
	cipher := o.Shop(sys)
	if cipher == "" && !o.AllShops {
		return nil, console.NotSignedInf("no shop: set %s or pass --shop-cipher; ttshop shops lists them, ttshop use chooses one; --all-shops asks about all", platform.EnvShopCipher)
	}
	response, err := client.Call(ctx, "GET", platform.ShopsPath, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("ask for the shop's id: %w", err)
	}
	var data struct {
		Shops []tokenstore.Shop `json:"shops"`
	}
	if err := response.Decode(&data); err != nil {
		return nil, fmt.Errorf("read the shops: %w", err)
	}
	if o.AllShops {
		return data.Shops, nil
	}
	for _, shop := range data.Shops {
		if shop.Cipher == cipher {
			return []tokenstore.Shop{shop}, nil
		}
	}
	return nil, console.NotSignedInf("the grant does not cover the shop whose cipher is in use; ttshop shops lists those that it covers")
}

func (o *reconcileOptions) show(sys *platform.Session, r reconcile.Report) error {
	lines := make([]EventLine, len(r.Missed))
	for i, e := range r.Missed {
		lines[i] = newEventLine(0, e)
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			Orders        int         `json:"orders"`
			Returns       int         `json:"returns"`
			Cancellations int         `json:"cancellations"`
			Missed        []EventLine `json:"missed"`
		}{r.Orders, r.Returns, r.Cancellations, lines})
	}
	items := make([]json.RawMessage, len(lines))
	for i, l := range lines {
		row, err := eventRow(l, "")
		if err != nil {
			return err
		}
		items[i] = row
	}
	what := []string{console.Count(r.Orders, "order"), console.Count(r.Returns, "return"), console.Count(r.Cancellations, "cancellation")}
	fmt.Fprintf(sys.Out, "Updated in this window: %s.\n", strings.Join(what, ", "))
	if len(items) == 0 {
		_, err := fmt.Fprintln(sys.Out, "Nothing was missed.")
		return err
	}
	then := "missed, and now in the inbox"
	if o.DryRun {
		then = "missed"
	}
	if _, err := fmt.Fprintf(sys.Out, "%s %s:\n\n", console.Count(len(items), "event"), then); err != nil {
		return err
	}
	v := eventView("ID")
	v.Columns = v.Columns[2:]
	return v.Write(sys.System, items)
}
