package assistant

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/mcp"
)

// The environment.
const (
	envKey        = "TTSHOP_MCP_KEY"
	envGatewayKey = "TTSHOP_GATEWAY_KEY"
)

// The files beside the configuration.
const (
	auditFile       = "mcp-audit.jsonl"
	approvalsFolder = "mcp-approvals"
)

// The values of --audit that turns it off, and of --keys for those that the gateway has.
const (
	none        = "none"
	gatewayKeys = "gateway"
)

// options are the options of ttshop mcp.
type options struct {
	HTTP         string
	TLSCert      string
	TLSKey       string
	InsecureHTTP bool
	Hosts        []string
	Origins      []string

	Sandbox   bool
	Gateway   string
	Shops     []string
	KeyFile   string
	Keys      string
	Writes    bool
	Ahead     []string
	PerHour   int
	AheadHour int
	TrustHost bool
	Chat      bool
	People    bool
	Text      bool
	Audit     string
	Approvals string
	Database  string
	JSON      bool

	conn platform.Connection
}

// NewCmd returns the command ttshop mcp.
func NewCmd(sys *platform.Session) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "mcp",
		Short: "Let an assistant run a shop, within limits that it cannot change",
		Long: `Run a server for assistants over the Model Context Protocol: on standard input
and output for a host that starts it, or with --http for hosts that call it.

The assistant finds, describes and calls any operation that reads. People's data
is masked, text that buyers wrote is marked, answers are cut at 2,000 tokens.

With --allow-writes it can plan writes. What it planned is sent once a person
has approved it, outside of the assistant's host: with "ttshop mcp approve" at a
terminal, or on its page. Stock and tracking may be approved ahead.

Which shops and operations: those of the profile, of a key (` + envKey + ` or
--key-file, one of "ttshop gateway keys"), or of a gateway (--gateway), which
then has all secrets. With --sandbox everything happens in a sandbox of its own.

With --db the assistant may ask a copy that "ttshop sync" made, in SQL that only
reads: the rows of shops that it may see, without people's data.

Over HTTP clients send a key as a bearer token; on a loopback address and
without --keys everybody on this machine may use the server.`,
		Example: `  ttshop mcp --sandbox
  ttshop mcp --sandbox --allow-writes --approve-ahead stock
  ttshop mcp --gateway http://127.0.0.1:8095 --shop GBCBQ91BQY
  ttshop mcp --sandbox --db sqlite:shop.db
  ttshop mcp --http 127.0.0.1:8097 --keys keys.json --store sqlite:tokens.db`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.Sandbox, "sandbox", false, "start a sandbox and work there; every answer says so")
	flags.StringVar(&o.HTTP, "http", "", "serve streamable HTTP at `HOST:PORT`, path "+mcp.Path+"; port 0 picks a free one")
	flags.StringVar(&o.Gateway, "gateway", "", "call through the gateway at `ADDRESS`, with the key in "+envGatewayKey+" or --key-file")
	flags.StringArrayVar(&o.Shops, "shop", nil, "with --gateway, a `SHOP` that its key is for; repeatable")
	flags.StringVar(&o.KeyFile, "key-file", "", "read the key from `FILE`; default: "+envKey)
	flags.StringVar(&o.Keys, "keys", "", "`FILE` with the keys of clients, or "+gatewayKeys+" for those of ttshop gateway")
	flags.BoolVar(&o.Writes, "allow-writes", false, "offer tools that write, each with a person's approval")
	flags.StringArrayVar(&o.Ahead, "approve-ahead", nil, "approve writes of a `RISK` ahead: stock or tracking; repeatable")
	flags.IntVar(&o.PerHour, "writes-per-hour", 30, "`NUMBER` of writes within an hour at most")
	flags.IntVar(&o.AheadHour, "ahead-per-hour", 10, "`NUMBER` of writes within an hour that are approved ahead at most")
	flags.BoolVar(&o.TrustHost, "trust-host", false, "let the host ask its person, where the client can")
	flags.BoolVar(&o.Chat, "customer-service", false, "open the chats with buyers; sends always need a person")
	flags.BoolVar(&o.People, "show-people", false, "do not mask people's data")
	flags.BoolVar(&o.Text, "text", false, "put answers into the text of results, for hosts that show no other")
	flags.StringVar(&o.Audit, "audit", "", "`FILE` that calls are recorded in, or none; default: "+auditFile+" beside the configuration")
	flags.StringVar(&o.Database, "db", "", "`PLACE` of a copy that ttshop sync made, for questions in SQL: sqlite:FILE or postgres://…")
	flags.StringVar(&o.Approvals, "approvals", "", "`FOLDER` in which writes wait for a person; default: "+approvalsFolder+" beside the configuration")
	flags.StringVar(&o.TLSCert, "tls-cert", "", "`FILE` with the certificate for --http, in PEM")
	flags.StringVar(&o.TLSKey, "tls-key", "", "`FILE` with the key of the certificate, in PEM")
	flags.BoolVar(&o.InsecureHTTP, "insecure-http", false, "serve plain HTTP to other machines: keys can be read on the way")
	flags.StringArrayVar(&o.Hosts, "host", nil, "`NAME` that requests may be for; addresses and localhost need none; repeatable")
	flags.StringArrayVar(&o.Origins, "origin", nil, "`ORIGIN` of web pages that may call, such as https://host.example; repeatable")
	flags.BoolVar(&o.JSON, "json", false, "with --http, report the address in JSON, and log in JSON")
	o.conn.App.Add(flags)
	flags.StringVar(&o.conn.AccessTokenFile, "access-token-file", "", "read the access token from `FILE`; default: "+platform.EnvAccessToken)
	flags.StringVar(&o.conn.Endpoint, "endpoint", "", "`ADDRESS` of the API; default: "+platform.EnvEndpoint+" or the platform's own")
	cmd.AddCommand(newApproveCmd(sys), newInstallCmd(sys), newAuditCmd(sys))
	return cmd
}

// check refuses options that make no sense together.
func (o *options) check() error {
	switch {
	case o.Sandbox && o.Gateway != "":
		return console.Usagef("--sandbox and --gateway cannot be used together")
	case len(o.Shops) > 0 && o.Gateway == "":
		return console.Usagef("--shop goes with --gateway; a key or the profile says which shops there are")
	case !o.Writes && (len(o.Ahead) > 0 || o.TrustHost):
		return console.Usagef("--approve-ahead and --trust-host go with --allow-writes")
	case o.HTTP == "" && (o.TLSCert != "" || o.TLSKey != "" || o.InsecureHTTP || len(o.Hosts) > 0 || len(o.Origins) > 0):
		return console.Usagef("--tls-cert, --tls-key, --insecure-http, --host and --origin go with --http")
	case (o.TLSCert == "") != (o.TLSKey == ""):
		return console.Usagef("--tls-cert and --tls-key go together")
	case o.PerHour < 1 || o.AheadHour < 1:
		return console.Usagef("--writes-per-hour and --ahead-per-hour are at least 1")
	}
	for _, risk := range o.Ahead {
		if r := mcp.Risk(risk); r != mcp.RiskStock && r != mcp.RiskTracking {
			return console.Usagef("--approve-ahead %s: only stock and tracking can be approved ahead, all else needs a person", risk)
		}
	}
	if o.HTTP != "" {
		if _, _, err := net.SplitHostPort(o.HTTP); err != nil {
			return console.Usagef("--http %s: use HOST:PORT, such as 127.0.0.1:8097", o.HTTP)
		}
	}
	return nil
}

func (o *options) run(ctx context.Context, sys *platform.Session) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	logger := o.logger(sys)
	g := new(ground)
	defer func() { err = errors.Join(err, g.close()) }()
	if err := o.stand(ctx, sys, g); err != nil {
		return err
	}
	config, err := o.config(sys, g, logger)
	if err != nil {
		return err
	}
	if o.Database != "" {
		db, closeDB, err := openDatabase(ctx, o.Database)
		if err != nil {
			return err
		}
		g.closes = append(g.closes, closeDB)
		config.Database = db
	}
	server, err := mcp.New(config)
	if err != nil {
		return err
	}
	if o.HTTP != "" {
		return o.serve(ctx, sys, g, server)
	}
	if sys.Terminal.Ask {
		fmt.Fprintln(sys.Err, "The server speaks with a host on standard input and output; ttshop mcp install says how to set one up. Ctrl-C ends it.")
	}
	return server.Run(ctx, &sdk.IOTransport{Reader: io.NopCloser(sys.In), Writer: nopCloser{sys.Out}})
}

type nopCloser struct{ io.Writer }

// Close implements io.Closer.
func (nopCloser) Close() error { return nil }

func (o *options) logger(sys *platform.Session) *slog.Logger {
	level := &slog.HandlerOptions{Level: slog.LevelWarn}
	if o.JSON {
		return slog.New(slog.NewJSONHandler(sys.Err, level))
	}
	return slog.New(slog.NewTextHandler(sys.Err, level))
}

// config makes the configuration of the server.
func (o *options) config(sys *platform.Session, g *ground, logger *slog.Logger) (mcp.Config, error) {
	config := mcp.Config{
		Platform: g.platform, Key: g.key, Sandbox: o.Sandbox, CustomerService: o.Chat, ShowPeople: o.People, TextAnswers: o.Text,
		AllowWrites: o.Writes, TrustHost: o.TrustHost, WritesPerHour: o.PerHour, AheadPerHour: o.AheadHour,
		ExplainSignature: g.explain, Logger: logger, Now: sys.Now,
	}
	for _, risk := range o.Ahead {
		config.Ahead = append(config.Ahead, mcp.Risk(risk))
	}
	if o.Writes {
		dir, err := approvalsAt(sys, o.Approvals)
		if err != nil {
			return mcp.Config{}, err
		}
		if config.Approvals, err = mcp.OpenApprovals(dir); err != nil {
			return mcp.Config{}, err
		}
	}
	if path := o.Audit; path != none && (path != "" || !o.Sandbox) {
		if path == "" {
			var err error
			if path, err = beside(sys, auditFile); err != nil {
				return mcp.Config{}, err
			}
		}
		audit, err := mcp.OpenAuditFile(path)
		if err != nil {
			return mcp.Config{}, err
		}
		g.closes = append(g.closes, audit.Close)
		config.Audit = audit
	}
	return config, nil
}

// serve answers over HTTP.
func (o *options) serve(ctx context.Context, sys *platform.Session, g *ground, server *mcp.Server) error {
	listener, address, err := platform.Listen(ctx, o.HTTP)
	if err != nil {
		return err
	}
	exposed := platform.Exposed(listener)
	refuse := func(format string, args ...any) error {
		return errors.Join(console.Usagef(format, args...), listener.Close())
	}
	if exposed && o.TLSCert == "" && !o.InsecureHTTP {
		return refuse("other machines can reach %s, and keys can be read on the way: use --tls-cert and --tls-key, a loopback address, or --insecure-http", o.HTTP)
	}
	if exposed && g.book == nil {
		return refuse("other machines can reach %s: clients need keys, which --keys names", o.HTTP)
	}
	if exposed && o.InsecureHTTP {
		sys.Warn("other machines can reach this server by plain HTTP, where keys can be read on the way")
	}
	if o.TLSCert != "" {
		if listener, err = encrypted(listener, o.TLSCert, o.TLSKey); err != nil {
			return err
		}
		address = "https" + strings.TrimPrefix(address, "http")
	}
	address += mcp.Path
	if o.JSON {
		err = console.WriteJSON(sys.Out, map[string]string{"url": address})
	} else {
		_, err = fmt.Fprintf(sys.Out, "The server is at %s; Ctrl-C ends it.\n", address)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if g.book != nil {
		watching, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() { defer close(done); g.book.Watch(watching, 2*time.Second, nil) }()
		defer func() { stop(); <-done }()
	}
	return platform.Serve(ctx, listener, server.Handler(mcp.HTTPConfig{Book: g.book, Hosts: o.Hosts, Origins: o.Origins}))
}
