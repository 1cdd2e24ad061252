package gate

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/gateway/connect"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// gatewayOptions are the options of ttshop gateway.
type gatewayOptions struct {
	place
	Listen       string
	Admin        string
	TLSCert      string
	TLSKey       string
	InsecureHTTP bool
	Hosts        []string
	Audit        string
	AuditKeep    string
	BestEffort   bool
	Pace         string
	Sandbox      bool
	JSON         bool

	connect connectOptions
	app     platform.AppFlags
}

// defaultListen is where a gateway listens unless it is told otherwise.
const defaultListen = "127.0.0.1:8095"

// NewGatewayCmd returns the command ttshop gateway.
func NewGatewayCmd(sys *platform.Session) *cobra.Command {
	var o gatewayOptions
	cmd := &cobra.Command{
		Use:   "gateway",
		Short: "Let programs in any language call the platform without its secrets",
		Long: `Run a gateway: programs call it with a key of their own and plain HTTP, and it
calls the platform with signature, token and shop cipher, at the pace that the
platform allows. It takes the path of any operation:

  curl -H "Authorization: Bearer $KEY" -H "X-Ttshop-Shop: $SHOP" \
    http://127.0.0.1:8095/order/202309/orders/search?page_size=5 -d '{}'

An SDK that signs works, too, once its host is the gateway's address and its app
key and secret are those of "gateway keys create --signed".

The grants are those of the token store (--store). Keys say who may call what,
see "ttshop gateway keys"; changes take effect within seconds. Each call is
recorded, see "ttshop gateway audit". Gateways side by side over one PostgreSQL
database share grants, keys and pace, and with --audit store the audit.

Plain HTTP is served on loopback addresses and Unix sockets; elsewhere it takes
--tls-cert and --tls-key, or --insecure-http. With --admin, health and metrics
are served on a listener of their own: /healthz, /readyz and /metrics. With
--connect, another one has pages by which sellers connect their shops.

With --sandbox the gateway stands before a sandbox of its own, with a key that
may do everything: nothing is needed and nothing is kept.`,
		Example: `  ttshop gateway --sandbox
  ttshop gateway --listen unix:/run/ttshop.sock --store postgres://db/tokens
  ttshop gateway --sandbox --connect 127.0.0.1:8097
  ttshop gateway --store postgres://db/tokens --audit store --audit-keep 90d
  ttshop gateway --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem \
    --host gateway.internal --admin 127.0.0.1:8096 --store sqlite:tokens.db`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Listen, "listen", defaultListen, "`ADDRESS` to listen on: HOST:PORT, where port 0 picks a free one, or unix:PATH")
	flags.StringVar(&o.Admin, "admin", "", "`ADDRESS` for health and metrics, likewise")
	flags.StringVar(&o.TLSCert, "tls-cert", "", "`FILE` with the certificate, in PEM")
	flags.StringVar(&o.TLSKey, "tls-key", "", "`FILE` with the key of the certificate, in PEM")
	flags.BoolVar(&o.InsecureHTTP, "insecure-http", false, "serve plain HTTP to other machines: keys can be read on the way")
	flags.StringArrayVar(&o.Hosts, "host", nil, "`NAME` that requests may be for; addresses and localhost need none; repeatable")
	o.add(flags)
	o.connect.add(flags)
	flags.StringVar(&o.Audit, "audit", "", "`WHERE` calls are recorded: a file, store for the token store's database where it is PostgreSQL, postgres://…, or none; default: the file "+auditFile+" beside the configuration")
	flags.StringVar(&o.AuditKeep, "audit-keep", "", "drop calls from a database after this `TIME`, such as 90d; default: keep them")
	flags.BoolVar(&o.BestEffort, "audit-best-effort", false, "let writes go that cannot be recorded")
	flags.StringVar(&o.Pace, "pace", paceAuto, "`WHO` keeps the pace: auto, local, or postgres://… for all gateways over that database; auto is the token store's database where it is PostgreSQL")
	flags.BoolVar(&o.Sandbox, "sandbox", false, "start a sandbox behind the gateway, and make a key for it")
	flags.BoolVar(&o.JSON, "json", false, "report the addresses in JSON, and log in JSON")
	o.app.Add(flags)
	cmd.AddCommand(newAuditCmd(sys), newKeysCmd(sys), newTestCmd(sys))
	return cmd
}

// check refuses options that make no sense.
func (o *gatewayOptions) check() error {
	if err := checkAddress("--listen", o.Listen); err != nil {
		return err
	}
	if o.Admin != "" {
		if err := checkAddress("--admin", o.Admin); err != nil {
			return err
		}
	}
	return o.connect.check(o.Sandbox)
}

// ground is what a gateway stands on.
type ground struct {
	fleet  *tokenstore.Fleet
	book   *policy.Book
	sealer policy.Sealer
	budget gateway.Budgets
	nonces gateway.Nonces
	pace   *pace
	audit  gateway.Audit // nil: calls are not recorded
	app    *oauth.App
	demo   *demo // with --sandbox
	text   string
	closes []func() error // in the order in which they are made

	storeURL string // of the grants; empty with --sandbox
	auditAt  string // for people

	connections connect.Store // nil: a file beside the configuration
}

// close ends what was opened, the last first.
func (g *ground) close() error {
	var errs []error
	for i := len(g.closes) - 1; i >= 0; i-- {
		errs = append(errs, g.closes[i]())
	}
	return errors.Join(errs...)
}

func (o *gatewayOptions) run(ctx context.Context, sys *platform.Session) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	crypt, err := certificate(o.TLSCert, o.TLSKey)
	if err != nil {
		return err
	}
	logger := o.logger(sys)
	g := new(ground)
	defer func() { err = errors.Join(err, g.close()) }()
	entry, err := o.connect.open(ctx, crypt, o.InsecureHTTP)
	if err != nil {
		return err
	}
	opened := false // whoever serves at the listeners closes them
	defer func() {
		if !opened {
			_ = entry.close()
		}
	}()
	if o.Sandbox {
		err = o.sandboxGround(ctx, sys, g, entry)
	} else {
		err = o.storeGround(ctx, sys, g, logger)
	}
	if err != nil {
		return err
	}
	if err := o.openAudit(ctx, sys, g, logger); err != nil {
		return err
	}
	config := gateway.Config{
		Fleet: g.fleet, Book: g.book, Sealer: g.sealer, Hosts: o.Hosts, AuditBestEffort: o.BestEffort,
		Keys: g.pace.keys, Budgets: g.budget, Nonces: g.nonces, Audit: g.audit, Node: nodeName(), Logger: logger, Now: sys.Now,
	}
	gate, err := gateway.New(config)
	if err != nil {
		return err
	}
	keeper := &tokenstore.Keeper{Fleet: g.fleet}
	front, admin, err := o.listeners(ctx, crypt)
	if err != nil {
		return err
	}
	s := &service{ground: g, gate: gate, keeper: keeper, front: front, admin: admin, entry: entry, logger: logger}
	if entry != nil {
		if s.connect, err = o.connect.handler(sys, g, entry, logger); err != nil {
			return errors.Join(err, s.close())
		}
	}
	if err := o.welcome(sys, s); err != nil {
		return errors.Join(err, s.close())
	}
	opened = true
	return s.run(ctx)
}

// listeners opens the listeners.
func (o *gatewayOptions) listeners(ctx context.Context, crypt *tls.Config) (front, admin *listening, err error) {
	if front, err = listen(ctx, o.Listen, crypt); err != nil {
		return nil, nil, err
	}
	if crypt == nil && !o.InsecureHTTP && !gateway.Loopback(front.Listener) {
		_ = front.Close() // nobody was answered
		return nil, nil, console.Usagef("other machines can reach %s, and keys can be read on the way: use --tls-cert and --tls-key, a loopback address, unix:PATH, or --insecure-http", o.Listen)
	}
	if o.Admin != "" {
		if admin, err = listen(ctx, o.Admin, nil); err != nil {
			return nil, nil, errors.Join(err, front.Close())
		}
	}
	return front, admin, nil
}

// storeGround opens the token store and what goes with it.
func (o *gatewayOptions) storeGround(ctx context.Context, sys *platform.Session, g *ground, logger *slog.Logger) error {
	app, err := o.app.OAuthApp(sys, &field.Inputs{Stdin: sys.In}, "")
	if err != nil {
		return err
	}
	api, err := platform.APIEndpoint(sys, "", app.Key)
	if err != nil {
		return err
	}
	p, err := o.open(ctx, sys)
	if err != nil {
		return err
	}
	g.closes = append(g.closes, p.close)
	if p.seal != nil {
		g.sealer = p.seal
	}
	if db := p.database(); db != nil {
		g.budget, g.nonces, g.connections = db, db, db.Document(connectionsDocument)
	}
	g.storeURL = p.storeURL
	g.text = sys.Tilde(platform.ShownStore(p.storeURL)) + ", keys from " + sys.Tilde(p.keysAt)
	if g.book, err = policy.Open(ctx, p.keys, new(catalog.Catalog)); err != nil {
		return err
	}
	if g.pace, err = openPace(ctx, o.Pace, p.storeURL, logger); err != nil {
		return err
	}
	g.closes = append(g.closes, func() error { g.pace.close(); return nil })
	o.newFleet(ctx, sys, g, app, p.grants, api, logger)
	return nil
}

// newFleet makes the fleet, whose clients are paced.
func (o *gatewayOptions) newFleet(ctx context.Context, sys *platform.Session, g *ground, app *oauth.App, store tokenstore.Store, api string, logger *slog.Logger) {
	g.app = app
	g.fleet = tokenstore.NewFleet(app, store, tokenstore.FleetConfig{
		Now: sys.Now, Logger: logger,
		ClientOptions: append(sys.Trace.Options(), ttshop.WithClock(sys.Now), ttshop.WithEndpoint(api), ttshop.WithLimiter(g.pace.calls)),
	})
	g.closes = append(g.closes, func() error { return platform.CloseFleet(ctx, g.fleet) })
}

// demo is what to try with --sandbox.
type demo struct {
	Key  string
	Shop tokenstore.Shop
}

// sandboxGround starts a sandbox and makes a grant and a key.
func (o *gatewayOptions) sandboxGround(ctx context.Context, sys *platform.Session, g *ground, entry *entrance) error {
	config := sandbox.Config{Seed: 1, Now: sys.Now}
	if entry != nil {
		config.RedirectURL = entry.url + "/connect/callback"
		g.connections = new(policy.Memory)
	}
	sb, err := sandbox.New(config)
	if err != nil {
		return err
	}
	listener, address, err := platform.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, sb.Close())
	}
	served := make(chan error, 1)
	ending, end := context.WithCancel(context.WithoutCancel(ctx))
	go func() { served <- platform.Serve(ending, listener, sb) }()
	g.closes = append(g.closes, func() error { end(); return errors.Join(sb.Close(), <-served) })
	c := sb.Credentials()
	if g.pace, err = openPace(ctx, paceLocal, "", nil); err != nil {
		return err
	}
	keys := tokenstore.GenerateKey()
	sealer, err := tokenstore.ParseKeys(keys)
	if err != nil {
		return err
	}
	g.sealer = sealer
	o.newFleet(ctx, sys, g, &oauth.App{Key: c.AppKey, Secret: ttshop.Secret(c.AppSecret), ServiceID: c.ServiceID, Endpoint: address}, new(tokenstore.Memory), address, nil)
	grant, err := g.fleet.Authorize(ctx, c.AuthCode)
	if err != nil {
		return fmt.Errorf("authorize the sandbox's app: %w", err)
	}
	if entry != nil {
		hook := control.AppWebhook{Address: entry.url + "/connect/webhook", Types: connect.WebhookTypes()}
		if err := control.New(address).SetWebhook(ctx, hook); err != nil {
			return fmt.Errorf("have the sandbox tell who ends an authorization: %w", err)
		}
	}
	g.text = "a sandbox at " + address
	var store policy.Store = new(policy.Memory)
	if o.Keys != "" {
		store = policy.File(o.Keys)
		g.text += ", keys from " + sys.Tilde(o.Keys)
	}
	if g.book, err = policy.Open(ctx, store, new(catalog.Catalog)); err != nil {
		return err
	}
	if o.Keys != "" {
		return nil
	}
	var issued policy.Issued
	err = policy.Update(ctx, store, g.book.Operations(), func(d *policy.Document) (err error) {
		issued, err = d.Create(policy.Key{Name: "demo", Allow: []string{"*"}, Shops: []string{"*"}}, sys.Now(), nil)
		return err
	})
	if err == nil {
		err = g.book.Reload(ctx)
	}
	if err != nil {
		return err
	}
	g.demo = &demo{issued.RevealKey(), grant.Shops[0]}
	return nil
}

// nodeName names this gateway in audits.
func nodeName() string {
	name, err := os.Hostname()
	if err != nil {
		return "" // it is left out
	}
	return name
}

func (o *gatewayOptions) logger(sys *platform.Session) *slog.Logger {
	if o.JSON {
		return slog.New(slog.NewJSONHandler(sys.Err, nil))
	}
	return slog.New(slog.NewTextHandler(sys.Err, nil))
}

// welcome says where the gateway is and, with a sandbox, what to try.
func (o *gatewayOptions) welcome(sys *platform.Session, s *service) error {
	g, front, admin := s.ground, s.front, s.admin
	adminURL := ""
	if admin != nil {
		adminURL = admin.url
	}
	if o.InsecureHTTP && !gateway.Loopback(front.Listener) {
		sys.Warn("other machines can reach this gateway by plain HTTP, where keys can be read on the way")
	}
	if admin != nil && !gateway.Loopback(admin.Listener) {
		sys.Warn("other machines can reach %s, which tells without a key which shops and clients there are", adminURL)
	}
	if o.JSON {
		out := struct {
			URL     string           `json:"url"`
			Admin   string           `json:"admin,omitempty"`
			Connect string           `json:"connect,omitempty"`
			Key     string           `json:"key,omitempty"`
			Shop    *tokenstore.Shop `json:"shop,omitempty"`
		}{URL: front.url, Admin: adminURL, Connect: s.connectURL()}
		if g.demo != nil {
			shop := g.demo.Shop
			shop.Cipher = "" // no client needs it
			out.Key, out.Shop = g.demo.Key, &shop
		}
		return console.WriteJSON(sys.Out, out)
	}
	paint := console.Painter(sys.Color)
	var b strings.Builder
	fmt.Fprintf(&b, "%s is at %s; Ctrl-C ends it.\nIt calls %s.\n", paint.Bold("The gateway"), front.url, g.text)
	if adminURL != "" {
		fmt.Fprintf(&b, "Health and metrics are at %s/readyz and %s/metrics.\n", adminURL, adminURL)
	}
	if url := s.connectURL(); url != "" {
		fmt.Fprintf(&b, "Sellers connect their shops at %s/connect/NAME; the app's redirect URL is %s/connect/callback.\n", url, url)
	}
	if g.auditAt != "" {
		fmt.Fprintf(&b, "Calls are recorded in %s.\n", sys.Tilde(g.auditAt))
	}
	switch {
	case g.demo != nil:
		fmt.Fprintf(&b, "\nIn another terminal:\n\n  curl %s-H 'Authorization: Bearer %s' \\\n    -H 'X-Ttshop-Shop: %s' -d '{}' \\\n    '%s/order/202309/orders/search?page_size=2'\n",
			curlSocket(front), g.demo.Key, g.demo.Shop.ID, curlURL(front))
	case g.book.Rules().Len() == 0:
		fmt.Fprintf(&b, "There is no key yet: ttshop gateway keys create makes one.\n")
	}
	_, err := io.WriteString(sys.Out, b.String())
	return err
}

// curlSocket is the option of curl for a Unix socket, or nothing.
func curlSocket(l *listening) string {
	if path, ok := strings.CutPrefix(l.url, "unix:"); ok {
		return "--unix-socket " + path + " "
	}
	return ""
}

// curlURL is the address for curl.
func curlURL(l *listening) string {
	if _, ok := l.Addr().(*net.UnixAddr); ok {
		return "http://localhost"
	}
	return cmp.Or(l.url, "http://localhost")
}
