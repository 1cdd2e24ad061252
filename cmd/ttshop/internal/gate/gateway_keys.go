package gate

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/policy"
)

func newKeysCmd(sys *platform.Session) *cobra.Command {
	cmd := console.Group(&cobra.Command{
		Use:   "keys",
		Short: "Look after the keys of the gateway's clients",
		Long: `Make, list, rotate and revoke the keys of the gateway's clients. A gateway that
runs sees a change within seconds.

A key is shown once, when it is made; what is kept is its SHA-256. The secret of
a client that signs (--signed) has to be recoverable: it is kept sealed with the
key of the token store.`,
	})
	cmd.AddCommand(newKeysCreateCmd(sys), newKeysListCmd(sys), newKeysRevokeCmd(sys), newKeysRotateCmd(sys))
	return cmd
}

// keysCreateOptions are the options of ttshop gateway keys create.
type keysCreateOptions struct {
	place
	key     policy.Key
	Rate    string
	Expires string
	Signed  bool
	JSON    bool
}

func newKeysCreateCmd(sys *platform.Session) *cobra.Command {
	var o keysCreateOptions
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Make a key and show it, once",
		Long: `Make a key for a client and show it, once.

A key may call the operations that an --allow names and no --deny does; * stands
for any text. With --read-only it may call those that change nothing, as
"ttshop ops describe" says. --shops are ids or codes of shops, in which * stands
for any text, or name:PATTERN or region:PATTERN; sellers can change the names of
their shops. --grants are open ids of creators and partners.

An operation that names no shop acts for the seller's whole account. A key that
has only some shops of a seller may call it with --whole-accounts alone.

With --signed the client gets an app key and an app secret of its own, for SDKs
that sign: their host is set to the gateway's address.`,
		Example: `  ttshop gateway keys create erp --shops 'region:GB' \
    --allow 'order.*' --allow 'logistics.*' --read-only --rate 10/s \
    --daily 5000 --expires 90d
  ttshop gateway keys create shop-sdk --shops '*' --allow '*' --signed --json`,
		Args: console.Takes(1, 1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), sys, args[0]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&o.key.Allow, "allow", nil, "`OPERATION` that the key may call, such as order.GetOrderList or order.*; repeatable")
	flags.StringArrayVar(&o.key.Deny, "deny", nil, "`OPERATION` that it may not call, whatever is allowed; repeatable")
	flags.BoolVar(&o.key.ReadOnly, "read-only", false, "only what changes nothing")
	flags.StringArrayVar(&o.key.Shops, "shops", nil, "`SHOP` that it may act for: an id, a code, name:PATTERN or region:PATTERN; repeatable")
	flags.StringArrayVar(&o.key.Grants, "grants", nil, "`OPENID` of a creator or a partner that it may act for; repeatable")
	flags.BoolVar(&o.key.WholeAccounts, "whole-accounts", false, "also operations that act for all shops of a seller")
	flags.StringVar(&o.Rate, "rate", "", "`CALLS` per time, such as 10/s or 600/m")
	flags.IntVar(&o.key.Daily, "daily", 0, "`CALLS` per day")
	flags.StringVar(&o.Expires, "expires", "", "`TIME` until it ends, such as 90d or 12h")
	flags.StringVar(&o.key.Note, "note", "", "`TEXT` that says what the key is for")
	flags.BoolVar(&o.Signed, "signed", false, "also an app key and secret for a client that signs")
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON")
	o.add(flags)
	return cmd
}

func (o *keysCreateOptions) run(ctx context.Context, sys *platform.Session, name string) error {
	var err error
	if o.key.Rate, err = parseRate(o.Rate); err != nil {
		return err
	}
	if o.Expires != "" {
		d, err := parseSpan("--expires", o.Expires)
		if err != nil {
			return err
		}
		o.key.Expires = sys.Now().Add(d).UTC().Truncate(time.Second)
	}
	switch {
	case len(o.key.Allow) == 0:
		return console.Usagef("say what the key may call: --allow 'order.*', or --allow '*' for everything")
	case len(o.key.Shops)+len(o.key.Grants) == 0:
		return console.Usagef("say for which shops the key is: --shops ID, or --shops '*' for all")
	}
	o.key.Name = name
	if err := o.key.Validate(); err != nil {
		return &console.ExitError{Code: console.ExitUsage, Err: err}
	}
	var issued policy.Issued
	err = withKeys(ctx, sys, &o.place, func(d *policy.Document, p *places) error {
		sealer, err := signing(p, o.Signed)
		if err == nil {
			issued, err = d.Create(o.key, sys.Now(), sealer)
		}
		return err
	})
	if err != nil {
		return err
	}
	return show(sys, name, issued, o.JSON)
}

// signing returns what seals the secret of a client that signs, or nil.
func signing(p *places, signed bool) (policy.Sealer, error) {
	if !signed {
		return nil, nil
	}
	return p.sealer()
}

// show shows a new key.
func show(sys *platform.Session, name string, issued policy.Issued, asJSON bool) error {
	if asJSON {
		return console.WriteJSON(sys.Out, struct {
			Name   string `json:"name"`
			Key    string `json:"key"`
			ID     string `json:"id"`
			AppKey string `json:"app_key,omitempty"`
			Secret string `json:"app_secret,omitempty"`
		}{name, issued.RevealKey(), issued.ID(), appKey(issued), issued.RevealSecret()})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Key %s, shown only now:\n\n  %s\n", name, issued.RevealKey())
	if issued.RevealSecret() != "" {
		fmt.Fprintf(&b, "\nFor an SDK that signs:\n\n  app key     %s\n  app secret  %s\n", issued.ID(), issued.RevealSecret())
	}
	_, err := io.WriteString(sys.Out, b.String())
	return err
}

// appKey is the app key of a client that signs, or nothing.
func appKey(issued policy.Issued) string {
	if issued.RevealSecret() == "" {
		return ""
	}
	return issued.ID()
}

func newKeysListCmd(sys *platform.Session) *cobra.Command {
	var p place
	asJSON := false
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the keys and what they may do",
		Example: `  ttshop gateway keys list
  ttshop gateway keys list --json`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := readKeys(cmd.Context(), sys, &p)
			if err != nil {
				return err
			}
			return listKeys(sys, d, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	p.add(cmd.Flags())
	return cmd
}

// listed is a key as it is listed: without the hashes of its secrets.
type listed struct {
	policy.Key
	State       string             `json:"state"`
	Credentials []listedCredential `json:"credentials"`
}

type listedCredential struct {
	ID      string    `json:"id"`
	Signs   bool      `json:"signs,omitempty"`
	Created time.Time `json:"created,omitzero"`
	Until   time.Time `json:"until,omitzero"`
}

func listKeys(sys *platform.Session, d *policy.Document, asJSON bool) error {
	now := sys.Now()
	if asJSON {
		list := make([]listed, len(d.Keys))
		for i, k := range d.Keys {
			list[i] = listed{Key: k, State: k.State(now), Credentials: []listedCredential{}}
			for _, c := range k.Credentials {
				list[i].Credentials = append(list[i].Credentials, listedCredential{c.ID, c.Sealed != nil, c.Created, c.Until})
			}
		}
		return console.WriteJSON(sys.Out, list)
	}
	if len(d.Keys) == 0 {
		_, err := fmt.Fprintln(sys.Out, "There are no keys; ttshop gateway keys create makes one.")
		return err
	}
	rows := [][]string{{"NAME", "STATE", "ENDS", "SHOPS", "MAY CALL"}}
	for _, k := range d.Keys {
		ends := "never"
		if !k.Expires.IsZero() {
			ends = k.Expires.UTC().Format(time.DateOnly)
		}
		rows = append(rows, []string{console.Shorten(k.Name, 20), k.State(now), ends, console.Shorten(strings.Join(append(k.Shops, k.Grants...), " "), 24), mayCall(k)})
	}
	return console.WriteColumns(sys.Out, console.Painter(sys.Color), rows)
}

// mayCall says in few words what a key may call.
func mayCall(k policy.Key) string {
	text := strings.Join(k.Allow, " ")
	if len(k.Deny) > 0 {
		text += ", not " + strings.Join(k.Deny, " ")
	}
	if k.ReadOnly {
		text += ", read-only"
	}
	if k.Rate > 0 {
		text += ", " + strconv.FormatFloat(k.Rate, 'g', -1, 64) + "/s"
	}
	if k.Daily > 0 {
		text += ", " + strconv.Itoa(k.Daily) + " a day"
	}
	return text
}

func newKeysRevokeCmd(sys *platform.Session) *cobra.Command {
	var p place
	cmd := &cobra.Command{
		Use:     "revoke NAME",
		Short:   "End a key for good",
		Long:    "End a key for good. Gateways refuse it within seconds. Its name stays taken, so\nthat audits stay clear.",
		Example: "  ttshop gateway keys revoke erp",
		Args:    console.Takes(1, 1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := withKeys(cmd.Context(), sys, &p, func(d *policy.Document, _ *places) error { return d.Revoke(args[0], sys.Now()) })
			if err == nil {
				_, err = fmt.Fprintf(sys.Out, "Key %s is revoked.\n", args[0])
			}
			return err
		},
	}
	p.add(cmd.Flags())
	return cmd
}

func newKeysRotateCmd(sys *platform.Session) *cobra.Command {
	var o struct {
		place
		Overlap string
		Signed  bool
		JSON    bool
	}
	cmd := &cobra.Command{
		Use:   "rotate NAME",
		Short: "Give a key new secrets and show them, once",
		Long: `Give a key new secrets and show them, once. The former ones work until the
overlap is over, so that the client can be changed without a gap.`,
		Example: "  ttshop gateway keys rotate erp --overlap 12h",
		Args:    console.Takes(1, 1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			overlap, err := parseSpan("--overlap", o.Overlap)
			if err != nil {
				return err
			}
			var issued policy.Issued
			err = withKeys(cmd.Context(), sys, &o.place, func(d *policy.Document, p *places) error {
				signed := o.Signed
				if k := d.Find(args[0]); k != nil && len(k.Credentials) > 0 {
					signed = signed || k.Credentials[0].Sealed != nil
				}
				sealer, err := signing(p, signed)
				if err == nil {
					issued, err = d.Rotate(args[0], overlap, sys.Now(), sealer)
				}
				return err
			})
			if err != nil {
				return err
			}
			return show(sys, args[0], issued, o.JSON)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Overlap, "overlap", "24h", "`TIME` for which the former secrets work")
	flags.BoolVar(&o.Signed, "signed", false, "also an app key and secret for a client that signs; kept where the key has them")
	flags.BoolVar(&o.JSON, "json", false, "answer in JSON")
	o.add(flags)
	return cmd
}

// parseRate reads calls per time, such as 10/s.
func parseRate(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	number, unit, _ := strings.Cut(text, "/")
	calls, err := strconv.ParseFloat(number, 64)
	per := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[unit]
	if err != nil || !(calls > 0) || per == 0 {
		return 0, console.Usagef("--rate %s: use calls per time, such as 10/s or 600/m", text)
	}
	return calls / per, nil
}

// parseSpan reads a time such as 90d or 12h.
func parseSpan(flag, text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n < 100_000 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, console.Usagef("%s %s: use a time such as 90d or 12h", flag, text)
	}
	return d, nil
}
