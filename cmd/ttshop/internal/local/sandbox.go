package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/signing"
	"github.com/ttshop-go/ttshop/sandbox"
)

// sandboxOptions are the options of ttshop sandbox.
type sandboxOptions struct {
	Listen   string
	Config   sandbox.Config
	Throttle float64
	Faults   string
	Fixtures string
	State    string
	Log      string
	Quiet    bool
	JSON     bool
	Check    string
}

// defaultSeed makes the world of sandboxes whose user asks for no other.
const defaultSeed = 1

// NewSandboxCmd returns the command ttshop sandbox.
func NewSandboxCmd(sys *platform.Session) *cobra.Command {
	var o sandboxOptions
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Run a local platform to develop against",
		Long: `Run a sandbox: the platform's protocol, API and authorization host at one
address, with shops, products and orders made from a seed. Ctrl-C stops it.

Each request is a line: time, HTTP status, code, duration, operation and, where
it was refused, why; for a wrong signature the mistake that made it wrong.
--quiet turns the lines off, and --log json makes each an object. With --json
there are none unless --log asks for them.

With --json the first line of output, written once connections are accepted, is
one object: base_url, app_key, app_secret, service_id, auth_code (unused),
access_token, refresh_token, category_asset_cipher and shops. These credentials
are valid for this sandbox only.

With --state FILE a later run continues where this one ended: the state is
saved at the end, and what the file holds takes precedence over --seed,
--app-key, --app-secret, --throttle, --faults and --fixtures. Time has passed
meanwhile. Two sandboxes at the same time need two files.`,
		Example: `  ttshop sandbox
  ttshop sandbox --listen 127.0.0.1:0 --seed 7 --json
  ttshop sandbox --listen 127.0.0.1:0 --access-token-ttl 1m \
    --refresh-rotation strict
  ttshop sandbox --state mine.json
  ttshop sandbox --listen 127.0.0.1:0 --log json
  ttshop sandbox --check http://127.0.0.1:8089`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("check") {
				return checkSandbox(cmd.Context(), sys, o.Check)
			}
			return o.run(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:8089", "`HOST:PORT` to listen on; port 0 picks a free one")
	flags.Uint64Var(&o.Config.Seed, "seed", defaultSeed, "`NUMBER` from which all data is made")
	flags.IntVar(&o.Config.Orders, "orders", 0, "`NUMBER` of further, old orders of each shop")
	flags.StringVar(&o.Config.AppKey, "app-key", "", "the app's `KEY`; default: made from the seed")
	flags.StringVar(&o.Config.AppSecret, "app-secret", "", "the app's `SECRET`, an invented one; default: made from the seed")
	flags.DurationVar(&o.Config.AccessTokenTTL, "access-token-ttl", sandbox.DefaultAccessTokenTTL, "lifetime of access tokens, a `DURATION` such as 90s or 1h")
	flags.Float64Var(&o.Throttle, "throttle", sandbox.DefaultThrottle, "`REQUESTS` per second for each app, shop and operation; 0 means no limit")
	bindSwitches(flags, &o.Config)
	flags.StringVar(&o.Faults, "faults", "", "`FILE` of fault rules that are in force from the start and again after a reset: a JSON list of what POST /_sandbox/faults takes")
	flags.StringVar(&o.Fixtures, "fixtures", "", "`FILE` of products, stock, buyers, orders and creators of your own, in JSON or YAML; fixtures-schema prints its form")
	flags.StringArrayVar(&o.Config.Hosts, "host", nil, "host `NAME` for which /_sandbox/ answers, too; addresses and localhost need none, and the API answers for any; repeatable")
	flags.StringVar(&o.State, "state", "", "`FILE` to keep the state in between runs")
	flags.StringVar(&o.Log, "log", "", "`HOW` to show requests: text, json or none; default: text, with --json none")
	flags.BoolVar(&o.Quiet, "quiet", false, "show no requests, as --log none")
	flags.BoolVar(&o.JSON, "json", false, "report address and credentials in JSON")
	flags.StringVar(&o.Check, "check", "", "start none: ask the sandbox at `ADDRESS` whether it answers, as health checks of containers do")
	cmd.AddCommand(newFixturesSchemaCmd(sys))
	return cmd
}

func (o *sandboxOptions) run(ctx context.Context, sys *platform.Session) (err error) {
	if _, _, err := net.SplitHostPort(o.Listen); err != nil {
		return console.Usagef("--listen %s: use HOST:PORT, such as 127.0.0.1:8089", o.Listen)
	}
	if o.Config.AccessTokenTTL <= 0 {
		return console.Usagef("--access-token-ttl %v: must be more than 0", o.Config.AccessTokenTTL)
	}
	log, err := o.log(sys)
	if err != nil {
		return err
	}
	if o.Config.Faults, err = readFaults(o.Faults); err != nil {
		return err
	}
	if o.Config.Fixtures, err = readFixtures(o.Fixtures); err != nil {
		return err
	}
	o.Config.Throttle, o.Config.Now, o.Config.Explain, o.Config.Answered = &o.Throttle, sys.Now, signing.ExplainRefused, log
	sb, err := sandbox.New(o.Config)
	if err != nil {
		return &console.ExitError{Code: console.ExitUsage, Err: err}
	}
	defer sb.Close()
	if o.State != "" {
		if err := restoreState(sb, o.State); err != nil {
			return err
		}
		if err := saveState(sb, o.State); err != nil { // better now than at the end
			return err
		}
	}
	listener, baseURL, err := platform.Listen(ctx, o.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; --listen 127.0.0.1:0 picks a free port", err)
	}
	if err != nil {
		return err
	}
	if o.State != "" {
		defer func() {
			sb.Close() // so that no delivery is under way in the saved state
			err = errors.Join(err, saveState(sb, o.State))
		}()
	}
	if platform.Exposed(listener) {
		fmt.Fprintln(sys.Err, "ttshop: warning: other machines can reach this sandbox, read its credentials and change its data; --listen 127.0.0.1:8089 keeps it to this machine")
	}
	// The listener accepts connections from here on.
	credentials := sb.Credentials()
	credentials.BaseURL = baseURL
	if o.JSON {
		err = console.WriteJSON(sys.Out, credentials)
	} else {
		err = writeWelcome(sys.Out, console.Painter(sys.Color), credentials)
	}
	if err != nil {
		listener.Close()
		return fmt.Errorf("print the address: %w", err)
	}
	// Pages that are open in a browser would delay the shutdown.
	defer context.AfterFunc(ctx, func() { sb.Close() })()
	return platform.Serve(ctx, listener, sb)
}

// writeWelcome tells people where the sandbox is and what to try.
func writeWelcome(w io.Writer, paint console.Painter, c sandbox.Credentials) error {
	if len(c.Shops) == 0 {
		return errors.New("the sandbox has no shop")
	}
	shop := c.Shops[0]
	_, err := fmt.Fprintf(w, `%s is at %s; Ctrl-C ends it.

In another terminal:

  export TTSHOP_ENDPOINT=%s
  export TTSHOP_APP_KEY=%s
  export TTSHOP_APP_SECRET=%s
  export TTSHOP_ACCESS_TOKEN=%s
  export TTSHOP_SHOP_CIPHER=%s  # %s, %s

  ttshop call GET /authorization/202309/shops --no-shop
  ttshop call POST '/order/202309/orders/search?page_size=5'
  ttshop call POST '/product/202309/products/search?page_size=5'

or, to keep it in a profile:  ttshop login --sandbox=%s

%s
  %s/_sandbox/
  %s/open/authorize?service_id=%s&state=any
  TTSHOP_AUTH_CODE=%s ttshop token exchange
`,
		paint.Bold("The sandbox"), c.BaseURL,
		c.BaseURL, c.AppKey, c.AppSecret, c.AccessToken, shop.Cipher, shop.Name, shop.Region, c.BaseURL,
		paint.Dim("Its page for a browser, the page that sellers see, and a code to exchange:"),
		c.BaseURL, c.BaseURL, c.ServiceID, c.AuthCode)
	return err
}
