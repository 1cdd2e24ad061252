package gate

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"runtime"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/gateway/connect"
	"github.com/ttshop-go/ttshop/policy"
)

// connectOptions are the options of the flow by which sellers connect their shops.
type connectOptions struct {
	Listen string
	URL    string
	Apps   string
}

// connectionsFile is the file with the connections beside the configuration file,
// and connectionsDocument the document with them in a database.
const (
	connectionsFile     = "gateway-connections.json"
	connectionsDocument = "gateway connections"
)

func (o *connectOptions) add(flags *pflag.FlagSet) {
	flags.StringVar(&o.Listen, "connect", "", "`ADDRESS` for sellers who connect their shops, likewise")
	flags.StringVar(&o.URL, "connect-url", "", "`URL` under which browsers reach that address, such as https://connect.example.com; default: the address itself")
	flags.StringVar(&o.Apps, "connect-apps", "", "`FILE` with the applications that sellers connect to, in JSON; with --sandbox there is one named demo")
}

func (o *connectOptions) check(inSandbox bool) error {
	switch {
	case o.Listen == "" && (o.URL != "" || o.Apps != ""):
		return console.Usagef("--connect-url and --connect-apps go with --connect")
	case o.Listen == "":
		return nil
	case o.Apps == "" && !inSandbox:
		return console.Usagef("--connect: name the applications that sellers connect to with --connect-apps FILE")
	}
	return checkAddress("--connect", o.Listen)
}

// entrance is where sellers come in.
type entrance struct {
	*listening
	url string // for browsers
}

// open opens the listener. It comes first: a sandbox has to know the address.
func (o *connectOptions) open(ctx context.Context, crypt *tls.Config, insecure bool) (*entrance, error) {
	if o.Listen == "" {
		return nil, nil
	}
	l, err := listen(ctx, o.Listen, crypt)
	if err != nil {
		return nil, err
	}
	if crypt == nil && !insecure && !gateway.Loopback(l.Listener) {
		_ = l.Close() // nobody was answered
		return nil, console.Usagef("other machines can reach --connect %s, and codes can be read on the way: use --tls-cert and --tls-key, a loopback address behind a proxy that has TLS, or --insecure-http", o.Listen)
	}
	return &entrance{l, cmp.Or(o.URL, l.url)}, nil
}

// applications returns the applications of the file or, in a sandbox without one,
// the demonstration's.
func (o *connectOptions) applications() ([]connect.Application, error) {
	if o.Apps == "" {
		return []connect.Application{{
			Name: "demo", Title: "Demo", Purpose: "It shows what sellers see. The shops are those of a sandbox.",
			Audiences: []string{"seller", "seller-us", "creator", "partner", "partner-us"},
		}}, nil
	}
	info, err := os.Stat(o.Apps)
	if err != nil {
		return nil, fmt.Errorf("read the applications: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 && info.Mode().IsRegular() && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("others can read or change %s (mode %04o), which has secrets; run chmod 600 on it", o.Apps, info.Mode().Perm())
	}
	data, err := os.ReadFile(o.Apps)
	if err != nil {
		return nil, fmt.Errorf("read the applications: %w", err)
	}
	list, err := connect.ParseApplications(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Apps, err)
	}
	return list, nil
}

// handler returns what answers at the entrance.
func (o *connectOptions) handler(sys *platform.Session, g *ground, at *entrance, logger *slog.Logger) (*connect.Handler, error) {
	list, err := o.applications()
	if err != nil {
		return nil, err
	}
	if g.sealer == nil {
		return nil, console.Usagef("--connect: what a browser keeps is sealed with the token store's key, and a store in memory has none")
	}
	store := g.connections
	if store == nil {
		path, err := beside(sys, connectionsFile)
		if err != nil {
			return nil, err
		}
		store = policy.File(path)
	}
	return connect.New(connect.Config{
		App: g.app, Fleet: g.fleet, Applications: list, Base: at.url, Store: store, Sealer: g.sealer, Nonces: g.nonces, Logger: logger, Now: sys.Now,
	})
}

// close closes the listener, if there is one.
func (e *entrance) close() error {
	if e == nil {
		return nil
	}
	return e.Close()
}
