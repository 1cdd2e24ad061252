package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/operation"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/signing"
)

// Main runs the command until it ends or the process gets SIGINT or SIGTERM,
// and returns the exit code. A second signal ends the process at once.
func Main(sys *console.System, args []string) int { return mainOf(sys, args, wholeTree) }

// MainOf is [Main] of a program that has one of the command's own subcommands and no
// other. What the others need is not linked into it.
func MainOf(sys *console.System, args []string, only func(*platform.Session) *cobra.Command) int {
	return mainOf(sys, args, func(root *cobra.Command, sys *platform.Session, _ []string) error {
		root.AddCommand(only(sys))
		return nil
	})
}

func mainOf(sys *console.System, args []string, t tree) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	console.OutlivePipe()
	return runTree(ctx, sys, args, t)
}

// Run runs the command with the arguments that follow its name and returns the
// exit code.
func Run(ctx context.Context, system *console.System, args []string) int {
	return runTree(ctx, system, args, wholeTree)
}

// A tree gives a root the subcommands that a run with the arguments needs.
type tree func(root *cobra.Command, sys *platform.Session, args []string) error

func wholeTree(root *cobra.Command, sys *platform.Session, args []string) error {
	addCommands(root, sys, args)
	return operation.Grow(root, sys, args)
}

func runTree(ctx context.Context, system *console.System, args []string, t tree) int {
	own := *system // the flags of this run change it
	own.Out = console.PipeOut{Writer: system.Out}
	own.Guard()
	sys := platform.NewSession(&own)
	sys.Args = args
	root := bareRoot(sys)
	var global globalFlags
	global.add(root.PersistentFlags())
	_ = root.RegisterFlagCompletionFunc("profile", completeProfiles(sys)) // the flag exists
	acting, asJSON := false, false
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		acting = true
		if flag := cmd.Flags().Lookup("json"); flag != nil {
			asJSON = flag.Value.String() == "true"
		}
		return global.apply(sys)
	}
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	if err := t(root, sys, args); err != nil {
		report(ctx, sys, root, err, false)
		return console.ExitCode(err)
	}
	finish := finishCompletion(root, sys, args)
	cmd, err := root.ExecuteContextC(ctx)
	err = errors.Join(err, finish())
	untraced := sys.Trace.End()
	if errors.Is(err, console.ErrReaderGone) && console.ExitCode(err) == console.ExitFailed {
		err = nil
	}
	if err != nil && !acting {
		err = &console.ExitError{Code: console.ExitUsage, Err: suggestOperations(err, args)} // cobra's own errors are about usage
	}
	err = errors.Join(err, untraced)
	if err != nil {
		report(ctx, sys, cmd, err, asJSON)
	}
	return console.ExitCode(err)
}

// report prints the error for people or, for a refusal of the platform with
// --json, for machines.
func report(ctx context.Context, sys *platform.Session, cmd *cobra.Command, err error, asJSON bool) {
	var refused *ttshop.Error
	switch {
	case err.Error() == "":
		return
	case asJSON && errors.As(err, &refused):
		r := newRefusal(refused)
		if broken, ok := errors.AsType[*answer.BrokenOffError](err); ok {
			r.Incomplete = &broken.Items
		}
		_ = console.WriteJSON(sys.Err, r)
		return
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		err = fmt.Errorf("interrupted: %w", err)
	}
	fmt.Fprintf(sys.Err, "ttshop: %s\n", strings.TrimRight(err.Error(), "\n"))
	if more := signing.ExplainRefusal(sys, err); more != "" {
		fmt.Fprintln(sys.Err, more)
	}
	if address, here := console.RefusedHere(err); here && !strings.Contains(err.Error(), "ttshop sandbox") {
		fmt.Fprintf(sys.Err, "Nothing listens at %s; ttshop sandbox --listen %s starts a sandbox there.\n", address, address)
	}
	if console.ExitCode(err) == console.ExitUsage {
		fmt.Fprintf(sys.Err, "Run '%s --help' for usage.\n", cmd.CommandPath())
	}
}

// refusal is an error of the platform, for machines.
type refusal struct {
	Code       any    `json:"code"` // a number; a text if it is not the platform's; null if there is none
	Message    string `json:"message"`
	RequestID  string `json:"request_id"`
	HTTPStatus int    `json:"http_status"`
	Incomplete *int   `json:"incomplete_after,omitempty"` // items that were printed of a list that broke off
}

func newRefusal(e *ttshop.Error) refusal {
	r := refusal{Message: e.Message, RequestID: e.RequestID, HTTPStatus: e.HTTPStatus}
	switch {
	case e.CodeText != "":
		r.Code = e.CodeText
	case e.Code != 0:
		r.Code = e.Code
	}
	return r
}

const rootLong = `ttshop works with the TikTok Shop Open API: it signs in, calls any operation,
signs requests and says what is wrong with signatures, looks after tokens,
receives webhooks, and runs a sandbox, a local platform to develop against.

Credentials come from flags, the environment, and the profile that ttshop login
makes, in this order. A token store that is asked for takes precedence over the
token of the environment.

Environment:
  TTSHOP_APP_KEY        the app's key
  TTSHOP_APP_SECRET     the app's secret
  TTSHOP_ACCESS_TOKEN   the token that calls carry
  TTSHOP_SHOP_CIPHER    the shop that calls are about
  TTSHOP_ENDPOINT       address of the API, and of the authorization host too
                        where both live at one address, as in the sandbox
  TTSHOP_AUTH_ENDPOINT  address of the authorization host
  TTSHOP_AUTH_CODE      the code for ttshop token exchange
  TTSHOP_REFRESH_TOKEN  the token for ttshop token refresh
  TTSHOP_SERVICE_ID     the app's service id, for ttshop login
  TTSHOP_PROFILE        the profile in use
  TTSHOP_CONFIG         the configuration file
  TTSHOP_STORE          the token store: file:PATH, sqlite:PATH, postgres://…
  TTSHOP_STORE_KEY      the key of that store
  TTSHOP_OPEN_ID        whose grant to use, if the store holds several
  TTSHOP_PASSPHRASE     the passphrase of stores and of kept secrets
  TTSHOP_PEOPLE_KEY     the key of the hashes in place of people's data;
                        machines that share a copy have the same one
  TTSHOP_INBOX          where ttshop listen keeps events: a folder, nats://…
  NO_COLOR              any value: no colours
  CI                    any value: no questions, no progress

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the platform said no (or a
signature is wrong), 4 not signed in.`

// newRootCmd returns the command with the subcommands that a run with the
// arguments needs; without arguments, with all of them.
func newRootCmd(sys *platform.Session, args []string) *cobra.Command {
	root := bareRoot(sys)
	addCommands(root, sys, args)
	return root
}

// bareRoot returns the command without subcommands.
func bareRoot(sys *platform.Session) *cobra.Command {
	root := &cobra.Command{
		Use:   "ttshop",
		Short: "Work with the TikTok Shop Open API",
		Long:  rootLong,
		Example: `  ttshop quickstart
  ttshop login --sandbox
  ttshop sign '/order/202309/orders?app_key=k&ids=1'
  ttshop order get-order-list --status AWAITING_SHIPMENT --limit 5
  ttshop call GET /authorization/202309/shops --no-shop`,
		Version:       ttshop.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(sys.In)
	root.SetOut(sys.Out)
	root.SetErr(sys.Err)
	root.SetUsageFunc(func(cmd *cobra.Command) error { return usage(cmd, sys.Columns()) })
	root.SetFlagErrorFunc(suggestFlags)
	root.SetHelpCommand(newHelpCmd())
	root.CompletionOptions.DisableDefaultCmd = true // ours is newCompletionCmd
	return root
}
