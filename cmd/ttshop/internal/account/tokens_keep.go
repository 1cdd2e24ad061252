package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// tokensKeepOptions are the options of ttshop tokens keep.
type tokensKeepOptions struct {
	Interval time.Duration
	Parallel int
	Listen   string
	Once     bool
	JSON     bool

	app platform.AppFlags
}

func newTokensKeepCmd(sys *platform.Session) *cobra.Command {
	var o tokensKeepOptions
	cmd := &cobra.Command{
		Use:   "keep",
		Short: "Keep all tokens of an app fresh for the programs that use them",
		Long: `Refresh tokens in the store that are about to expire, fetch missing shops, and
report which authorizations end or were lost, until the command is stopped.
Several keepers on one store share the work. Events are logged to standard
error.

With --listen the command answers health checks at /healthz: HTTP 200 with the
state of the grants, and 503 while the store cannot be read. With --once it
goes through the grants once and exits with code 1 if one is lost or could not
be refreshed.`,
		Example: `  ttshop tokens keep --once
  ttshop tokens keep --store postgres://db/tokens --listen 127.0.0.1:8090 --json`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.Once, "once", false, "go through the grants once")
	flags.DurationVar(&o.Interval, "interval", time.Minute, "`TIME` between rounds")
	flags.IntVar(&o.Parallel, "parallel", 8, "how many `GRANTS` are refreshed at once")
	flags.StringVar(&o.Listen, "listen", "", "answer health checks on `HOST:PORT`")
	flags.BoolVar(&o.JSON, "json", false, "log in JSON, and answer --once in JSON")
	o.app.Add(flags)
	return cmd
}

func (o *tokensKeepOptions) run(ctx context.Context, sys *platform.Session) error {
	switch {
	case o.Interval <= 0:
		return console.Usagef("--interval %v: must be more than 0", o.Interval)
	case o.Parallel <= 0:
		return console.Usagef("--parallel %d: must be at least 1", o.Parallel)
	case o.Once && o.Listen != "":
		return console.Usagef("--once and --listen cannot be used together")
	}
	if o.Listen != "" {
		if _, _, err := net.SplitHostPort(o.Listen); err != nil {
			return console.Usagef("--listen %s: use HOST:PORT, such as 127.0.0.1:8090", o.Listen)
		}
	}
	app, err := o.app.OAuthApp(sys, &field.Inputs{Stdin: sys.In}, "")
	if err != nil {
		return err
	}
	api, err := platform.APIEndpoint(sys, "", app.Key)
	if err != nil {
		return err
	}
	return withStore(ctx, sys, false, func(store tokenstore.Store, storeURL string) (err error) {
		fleet := tokenstore.NewFleet(app, store, tokenstore.FleetConfig{
			Now: sys.Now, Logger: o.logger(sys),
			ClientOptions: []ttshop.Option{ttshop.WithClock(sys.Now), ttshop.WithEndpoint(api)},
		})
		defer func() { err = errors.Join(err, platform.CloseFleet(ctx, fleet)) }()
		keeper := &tokenstore.Keeper{Fleet: fleet, Interval: o.Interval, Parallel: o.Parallel}
		if o.Once {
			return o.once(ctx, sys, keeper)
		}
		return o.keep(ctx, sys, keeper, sys.Tilde(platform.ShownStore(storeURL)))
	})
}

func (o *tokensKeepOptions) logger(sys *platform.Session) *slog.Logger {
	if o.JSON {
		return slog.New(slog.NewJSONHandler(sys.Err, nil))
	}
	return slog.New(slog.NewTextHandler(sys.Err, nil))
}

// keep looks after the grants until the context ends.
func (o *tokensKeepOptions) keep(ctx context.Context, sys *platform.Session, keeper *tokenstore.Keeper, store string) error {
	if o.Listen == "" {
		fmt.Fprintf(sys.Out, "Keeping the grants in %s fresh; Ctrl-C ends it.\n", store)
		return keeper.Run(ctx)
	}
	listener, address, err := platform.Listen(ctx, o.Listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(sys.Out, "Keeping the grants in %s fresh; Ctrl-C ends it.\nHealth is at %s/healthz\n", store, address)
	mux := http.NewServeMux()
	mux.Handle("/healthz", keeper)
	ctx, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() {
		served <- platform.Serve(ctx, listener, mux)
		stop()
	}()
	err = keeper.Run(ctx)
	stop()
	return errors.Join(err, <-served)
}

// once goes through the grants once and reports their state.
func (o *tokensKeepOptions) once(ctx context.Context, sys *platform.Session, keeper *tokenstore.Keeper) error {
	health := keeper.Round(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	status := health.Status(sys.Now())
	if o.JSON {
		err := console.WriteJSON(sys.Out, struct {
			Status string `json:"status"`
			tokenstore.Health
		}{status, health})
		if err == nil && (len(health.Lost)+len(health.Failing) > 0 || health.Error != "") {
			return &console.ExitError{Code: console.ExitFailed, Err: nil}
		}
		return err
	}
	if health.Error != "" {
		return errors.New(health.Error)
	}
	fmt.Fprintf(sys.Out, "%s: %d lost, %d failing, %d ending.\n", console.Count(health.Grants, "grant"), len(health.Lost), len(health.Failing), len(health.Ending))
	for _, list := range []struct {
		title  string
		grants []tokenstore.GrantHealth
	}{{"lost", health.Lost}, {"failing", health.Failing}, {"ending", health.Ending}} {
		for _, g := range list.grants {
			text := list.title + ": " + strings.TrimSpace(g.SellerName+" ("+g.Grant+")") + ": " + g.Reason
			lines := console.Wrap(strings.Fields(console.Printable(text)), " ", console.Width-4)
			fmt.Fprintf(sys.Out, "  %s\n", strings.Join(lines, "\n    "))
		}
	}
	if len(health.Lost)+len(health.Failing) > 0 {
		return &console.ExitError{Code: console.ExitFailed, Err: nil}
	}
	return nil
}
