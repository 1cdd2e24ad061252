package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/consolepage"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/gateway"
)

// consoleOptions are the options of ttshop console.
type consoleOptions struct {
	Listen   string
	Gateways []string
	JSON     bool
}

// NewConsoleCmd returns the command ttshop console.
func NewConsoleCmd(sys *platform.Session) *cobra.Command {
	var o consoleOptions
	cmd := &cobra.Command{
		Use:   "console",
		Short: "Serve a page for whoever operates gateways",
		Long: `Serve a page that shows how gateways are doing: calls per second, latency,
refusals, the pace and the quotas that are left, tokens that end soon, and the
last failures with their reasons. It reads the status of each gateway that is
named, at its --admin address, and shows no secrets.

A gateway with --admin serves the same page about itself at /console. This
command puts several on one page.

It serves loopback addresses only, and nobody has to sign in: whoever can reach
it sees names of keys and shops.`,
		Example: `  ttshop console
  ttshop console --gateway http://127.0.0.1:8096 --gateway http://127.0.0.1:8196`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&o.Gateways, "gateway", []string{"http://127.0.0.1:8096"}, "`URL` of a gateway's --admin address; repeatable")
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:8098", "`HOST:PORT` to listen on, where port 0 picks a free one")
	flags.BoolVar(&o.JSON, "json", false, "report the address in JSON")
	return cmd
}

func (o *consoleOptions) run(ctx context.Context, sys *platform.Session) error {
	if err := checkAddress("--listen", o.Listen); err != nil {
		return err
	}
	page := gatewayPage()
	for i, address := range o.Gateways {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return console.Usagef("--gateway %s: use the address of a gateway's --admin, such as http://127.0.0.1:8096", address)
		}
		prefix, name := "", ""
		if len(o.Gateways) > 1 {
			prefix, name = fmt.Sprintf("gateway-%d-", i+1), u.Host
		}
		page.Panels = append(page.Panels, gatewayPanels(prefix, name, statusAt(u))...)
	}
	l, err := listen(ctx, o.Listen, nil)
	if err != nil {
		return err
	}
	if !gateway.Loopback(l.Listener) {
		_ = l.Close() // nobody was answered
		return console.Usagef("other machines can reach --listen %s, and nobody has to sign in: use a loopback address", o.Listen)
	}
	if o.JSON {
		err = console.WriteJSON(sys.Out, struct {
			URL string `json:"url"`
		}{l.url + "/console"})
	} else {
		_, err = fmt.Fprintf(sys.Out, "The console is at %s/console; Ctrl-C ends it.\n", l.url)
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	return serve(ctx, l, consolepage.Local(page))
}

// maxStatus bounds the size of a status.
const maxStatus = 16 << 20

// statusAt reads the status of a gateway at its admin address.
func statusAt(base *url.URL) statusOf {
	client := &http.Client{Timeout: 3 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	address := base.JoinPath("status.json").String()
	return func(ctx context.Context) (s gateway.Status, err error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return s, err
		}
		resp, err := client.Do(req)
		if err != nil {
			return s, fmt.Errorf("the gateway at %s does not answer: %w", base.Host, errors.Unwrap(err))
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return s, fmt.Errorf("the gateway at %s answers with HTTP %d; --gateway takes the address of its --admin", base.Host, resp.StatusCode)
		}
		if err := json.NewDecoder(io.LimitReader(resp.Body, maxStatus)).Decode(&s); err != nil {
			return s, fmt.Errorf("the gateway at %s gives no status: %w", base.Host, err)
		}
		return s, nil
	}
}

// gatewayPage is a page without panels yet.
func gatewayPage() *consolepage.Page {
	return &consolepage.Page{Title: "ttshop console", Seek: "key, shop, operation, code"}
}

// ownConsole is the page of one gateway about itself.
func ownConsole(admin *gateway.Admin) http.Handler {
	load := func(ctx context.Context) (gateway.Status, error) { return admin.Status(ctx), nil }
	page := gatewayPage()
	page.Panels = gatewayPanels("", "", load)
	return page
}
