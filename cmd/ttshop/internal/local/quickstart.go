package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/sandbox"
)

// quickstartOptions are the options of ttshop quickstart.
type quickstartOptions struct {
	Live bool
	Seed uint64
	JSON bool
}

// NewQuickstartCmd returns the command ttshop quickstart.
func NewQuickstartCmd(sys *platform.Session) *cobra.Command {
	var o quickstartOptions
	cmd := &cobra.Command{
		Use:   "quickstart",
		Short: "Walk through a complete conversation with the platform",
		Long: `Start a sandbox and hold a complete conversation with it: authorization, token,
shops, products, two pages of orders, and a stock set to 0 and read back. Each
step shows what is sent, what comes back and how long it takes, and checks the
answer.

With --live the conversation is with the platform, using the credentials of the
environment or the profile, and only reads.`,
		Example: `  ttshop quickstart
  ttshop quickstart --seed 7 --json
  ttshop quickstart --live`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Live && cmd.Flags().Changed("seed") {
				return console.Usagef("--seed is for the sandbox's data and cannot be used with --live")
			}
			return o.run(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.Live, "live", false, "talk to the platform instead of a sandbox; only reads")
	flags.Uint64Var(&o.Seed, "seed", defaultSeed, "`NUMBER` from which the sandbox's data is made")
	flags.BoolVar(&o.JSON, "json", false, "report the steps in JSON, once all are done")
	return cmd
}

func (o *quickstartOptions) run(ctx context.Context, sys *platform.Session) error {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	t := &tour{
		out: sys.Out, paint: console.Painter(sys.Color), quiet: o.JSON, now: sys.Now, trace: sys.Trace,
		wire: &platform.Recorder{Next: transport, ReadOnly: o.Live},
	}
	if o.Live {
		return o.live(ctx, sys, t)
	}
	return o.sandbox(ctx, sys, t)
}

// sandbox holds the conversation with a sandbox on a port of its own.
func (o *quickstartOptions) sandbox(ctx context.Context, sys *platform.Session, t *tour) (err error) {
	sb, err := sandbox.New(sandbox.Config{Seed: o.Seed, Now: sys.Now})
	if err != nil {
		return fmt.Errorf("make the sandbox: %w", err)
	}
	defer sb.Close()
	listener, address, err := platform.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- platform.Serve(serving, listener, sb) }()
	defer func() {
		stop()
		err = errors.Join(err, <-served)
	}()
	credentials := sb.Credentials()
	t.strict, t.endpoint = true, address
	t.app = &oauth.App{
		Key: credentials.AppKey, Secret: ttshop.Secret(credentials.AppSecret), ServiceID: credentials.ServiceID,
		Endpoint: address, HTTPClient: &http.Client{Transport: t.wire, Timeout: 30 * time.Second},
		Logger: t.trace.Log(),
	}
	t.introduce("A conversation with a sandbox of the platform, started just for this at " + address + ".")
	return t.walk(ctx, []step{
		{"Ask the seller for access", t.authorize},
		{"Exchange the auth code for a token", t.exchange},
		{"See which shops the token gives access to", t.shops},
		{"Find products on sale", t.products},
		{"Read two pages of orders, newest first", t.orders},
		{"Read the stock of the products", t.stock},
		{"Set the stock of one SKU to 0", t.empty},
		{"Read it back", t.readBack},
	})
}

// live holds the conversation with the platform and changes nothing.
func (o *quickstartOptions) live(ctx context.Context, sys *platform.Session, t *tour) error {
	in := &field.Inputs{Stdin: sys.In}
	var app platform.AppFlags // quickstart has none of these flags: everything comes from the environment
	key, err := app.ReadKey(sys)
	if err != nil {
		return err
	}
	secret, err := app.Secret.Read(sys, in)
	if err != nil {
		return err
	}
	tokens, err := platform.TokenSource(sys, in, "", &app, "", sys.Getenv(platform.EnvShopCipher))
	if err != nil {
		return err
	}
	token, err := tokens.Token(ctx)
	if err != nil {
		return err
	}
	if t.endpoint, err = platform.APIEndpoint(sys, "", key); err != nil {
		return err
	}
	if t.cipher = sys.Getenv(platform.EnvShopCipher); t.cipher == "" {
		if t.cipher, err = app.Shop(sys); err != nil {
			return err
		}
	}
	t.app = &oauth.App{Key: key, Secret: secret}
	t.connect(token.AccessToken)
	t.introduce("A conversation with " + t.endpoint + " that only reads.")
	return t.walk(ctx, []step{
		{"See which shops the token gives access to", t.shops},
		{"Find products on sale", t.products},
		{"Read two pages of orders, newest first", t.orders},
		{"Read the stock of the products", t.stock},
	})
}

// step is a part of the conversation. It checks the answer and returns what it
// says.
type step struct {
	title string
	do    func(ctx context.Context) (result string, err error)
}

// stepReport is a step for machines.
type stepReport struct {
	Title    string              `json:"title"`
	OK       bool                `json:"ok"`
	Result   string              `json:"result,omitempty"`
	Error    string              `json:"error,omitempty"`
	Took     float64             `json:"duration_ms"`
	Requests []platform.Exchange `json:"requests"`
}

// tour is a conversation under way.
type tour struct {
	out      io.Writer
	paint    console.Painter
	quiet    bool // the report comes at the end, in JSON
	strict   bool // the shop is known to hold products and orders
	endpoint string
	wire     *platform.Recorder
	now      func() time.Time
	trace    *platform.TraceFile

	app    *oauth.App
	client *ttshop.Client // bound to the shop, once that is known
	code   ttshop.Secret
	cipher string // the shop that is asked for; empty: the first

	listed []product
	chosen stockedSKU
}

// say writes a line for people.
func (t *tour) say(format string, args ...any) {
	if !t.quiet {
		fmt.Fprintf(t.out, format+"\n", args...)
	}
}

// introduce tells people what is going to happen.
func (t *tour) introduce(text string) {
	text += " Secrets and signatures are masked."
	t.say("%s\n", strings.Join(console.Wrap(strings.Fields(text), " ", console.Width), "\n"))
}

// connect makes the client that the steps call with.
func (t *tour) connect(token ttshop.Secret) {
	options := append(t.trace.Options(),
		ttshop.WithTokenSource(ttshop.StaticToken(token.Reveal())),
		ttshop.WithEndpoint(t.endpoint),
		ttshop.WithHTTPClient(&http.Client{Transport: t.wire}),
		ttshop.WithClock(t.now))
	t.client = ttshop.New(t.app.Key, t.app.Secret.Reveal(), options...)
}

// walk takes the steps up to the first that fails.
func (t *tour) walk(ctx context.Context, steps []step) error {
	report := struct {
		OK       bool         `json:"ok"`
		Endpoint string       `json:"endpoint"`
		Steps    []stepReport `json:"steps"`
	}{Endpoint: t.endpoint}
	var failed error
	begun := time.Now()
	for i, s := range steps {
		t.say("%s", t.paint.Bold(fmt.Sprintf("%2d  %s", i+1, s.title)))
		start := time.Now()
		result, err := s.do(ctx)
		r := stepReport{Title: s.title, OK: err == nil, Result: result, Took: platform.Milliseconds(time.Since(start)), Requests: t.wire.Take()}
		indent := strings.Repeat(" ", platform.StepIndent)
		for _, x := range r.Requests {
			for _, line := range x.Lines() {
				t.say("%s%s", indent, t.paint.Dim(line))
			}
		}
		if err != nil {
			r.Error = err.Error()
			report.Steps = append(report.Steps, r)
			t.say("%s%s", indent, t.paint.Red("✗ failed"))
			failed = fmt.Errorf("step %d, %s: %w", i+1, s.title, err)
			break
		}
		report.Steps = append(report.Steps, r)
		lines := console.Wrap(strings.Fields(console.Printable(result)), " ", console.Width-platform.StepIndent-2)
		t.say("%s%s %s\n", indent, t.paint.Green("✓"), strings.Join(lines, "\n"+indent+"  "))
	}
	report.OK = failed == nil
	if t.quiet {
		return errors.Join(failed, console.WriteJSON(t.out, report))
	}
	if failed == nil {
		t.say("All %d answers were as expected; it took %.0f ms.\n\n%s", len(steps), platform.Milliseconds(time.Since(begun)), t.paint.Bold("Next:"))
		if t.strict {
			t.say("  ttshop sandbox             a sandbox that keeps running, for your own program")
			t.say("  ttshop quickstart --live   the same with your own shop, reading only")
		}
		t.say("  ttshop call --help         call any operation")
		t.say("  ttshop sign --help         sign a request of your own")
	}
	return failed
}
