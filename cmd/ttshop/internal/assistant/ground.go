package assistant

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/gate"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/mcp"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// ground is what a server stands on.
type ground struct {
	platform mcp.Platform
	key      func() (*policy.Client, error) // over standard input; nil: no policy decides
	book     *policy.Book                   // over HTTP; nil: clients need no key
	explain  func(ctx context.Context, request string) (any, error)
	closes   []func() error // in the order in which they are made
}

// close ends what was opened, the last first.
func (g *ground) close() error {
	var errs []error
	for i := len(g.closes) - 1; i >= 0; i-- {
		errs = append(errs, g.closes[i]())
	}
	return errors.Join(errs...)
}

// beside returns the path of a file beside the configuration file.
func beside(sys *platform.Session, name string) (string, error) {
	h, err := sys.Home()
	if err != nil {
		return "", err
	}
	if h.Path == "" {
		return "", console.Usagef("there is no home folder for %s; name a file, or set %s", name, platform.EnvConfig)
	}
	return filepath.Join(h.Folder(), name), nil
}

func approvalsAt(sys *platform.Session, dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	return beside(sys, approvalsFolder)
}

// readKey reads a key from its file or the environment.
func (o *options) readKey(sys *platform.Session, env string) (ttshop.Secret, error) {
	if o.KeyFile != "" {
		in := &field.Inputs{Stdin: strings.NewReader("")} // standard input is the host's
		key, err := in.Secret("--key-file", o.KeyFile)
		return ttshop.Secret(key), err
	}
	return ttshop.Secret(sys.Getenv(env)), nil
}

// stand finds what the server calls.
func (o *options) stand(ctx context.Context, sys *platform.Session, g *ground) error {
	switch {
	case o.Sandbox:
		return o.inSandbox(ctx, sys, g)
	case o.Gateway != "":
		return o.behindGateway(sys, g)
	}
	key, err := o.readKey(sys, envKey)
	if err != nil {
		return err
	}
	if key != "" || o.Keys != "" {
		return o.byKey(ctx, sys, g, key)
	}
	in := &field.Inputs{Stdin: strings.NewReader("")}
	client, err := o.conn.Client(sys, in, o.conn.Tokens)
	if err != nil {
		return err
	}
	g.platform = mcp.Single(client, new(catalog.Catalog))
	appKey, err := o.conn.App.ReadKey(sys)
	if err != nil {
		return err
	}
	secret, err := o.conn.App.Secret.Read(sys, in)
	if err != nil {
		return err
	}
	g.explain = signatures(sys, appKey, secret)
	return nil
}

// behindGateway calls through a gateway.
func (o *options) behindGateway(sys *platform.Session, g *ground) error {
	key, err := o.readKey(sys, envGatewayKey)
	if err != nil {
		return err
	}
	if key == "" {
		return console.NotSignedInf("no key for the gateway: set %s, or pass --key-file FILE", envGatewayKey)
	}
	if !strings.HasPrefix(o.Gateway, "http://") && !strings.HasPrefix(o.Gateway, "https://") {
		return console.Usagef("--gateway %s: use its address, such as http://127.0.0.1:8095", o.Gateway)
	}
	g.platform = mcp.Gateway(strings.TrimRight(o.Gateway, "/"), key, o.Shops, http.DefaultTransport.(*http.Transport).Clone())
	return nil
}

// byKey calls with the grants of the token store, as the policy of keys decides.
func (o *options) byKey(ctx context.Context, sys *platform.Session, g *ground, key ttshop.Secret) error {
	app, err := o.conn.App.OAuthApp(sys, &field.Inputs{Stdin: strings.NewReader("")}, "")
	if err != nil {
		return err
	}
	api, err := platform.APIEndpoint(sys, o.conn.Endpoint, app.Key)
	if err != nil {
		return err
	}
	file := o.Keys
	if file == gatewayKeys {
		file = ""
	}
	keys, err := gate.OpenKeys(ctx, sys, file)
	if err != nil {
		return err
	}
	g.closes = append(g.closes, keys.Grants.Close)
	fleet := tokenstore.NewFleet(app, keys.Grants, tokenstore.FleetConfig{
		Now: sys.Now, ClientOptions: append(sys.Trace.Options(), ttshop.WithClock(sys.Now), ttshop.WithEndpoint(cmp.Or(api, ttshop.DefaultEndpoint))),
	})
	g.closes = append(g.closes, func() error { return platform.CloseFleet(ctx, fleet) })
	g.platform, g.book = mcp.Fleet(fleet), keys.Book
	g.explain = signatures(sys, app.Key, app.Secret)
	if o.HTTP != "" {
		return nil // each client brings its own
	}
	if key == "" {
		return console.NotSignedInf("no key: set %s, or pass --key-file FILE; ttshop gateway keys create makes one", envKey)
	}
	g.key = func() (*policy.Client, error) {
		if err := keys.Book.Reload(ctx); err != nil {
			return nil, fmt.Errorf("read the keys: %w", err)
		}
		client, decision := keys.Book.Rules().Authenticate(key.Reveal(), sys.Now())
		if client == nil {
			return nil, errors.New(decision.String())
		}
		return client, nil
	}
	if _, err := g.key(); err != nil {
		return console.NotSignedInf("%w", err)
	}
	return nil
}

// inSandbox starts a sandbox and calls it.
func (o *options) inSandbox(ctx context.Context, sys *platform.Session, g *ground) error {
	if o.Keys != "" || o.KeyFile != "" {
		return console.Usagef("--sandbox needs no keys")
	}
	sb, err := sandbox.New(sandbox.Config{Seed: 1, Now: sys.Now})
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
	fleet := tokenstore.NewFleet(&oauth.App{Key: c.AppKey, Secret: ttshop.Secret(c.AppSecret), ServiceID: c.ServiceID, Endpoint: address}, new(tokenstore.Memory), tokenstore.FleetConfig{
		Now: sys.Now, ClientOptions: append(sys.Trace.Options(), ttshop.WithClock(sys.Now), ttshop.WithEndpoint(address)),
	})
	g.closes = append(g.closes, func() error { return platform.CloseFleet(ctx, fleet) })
	if _, err := fleet.Authorize(ctx, c.AuthCode); err != nil {
		return fmt.Errorf("authorize the sandbox's app: %w", err)
	}
	g.platform = mcp.Fleet(fleet)
	g.explain = signatures(sys, c.AppKey, ttshop.Secret(c.AppSecret))
	return nil
}

// encrypted puts TLS before a listener.
func encrypted(listener net.Listener, cert, key string) (net.Listener, error) {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the certificate: %w", err), listener.Close())
	}
	return tls.NewListener(listener, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}}), nil
}
