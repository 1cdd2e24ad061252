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
)

// Main runs the command until it ends or the process gets SIGINT or SIGTERM,
// and returns the exit code. A second signal ends the process at once.
func Main(sys *System, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	outlivePipe()
	return Run(ctx, sys, args)
}

// Run runs the command with the arguments that follow its name and returns the
// exit code.
func Run(ctx context.Context, sys *System, args []string) int {
	own := *sys // the flags of this run change it
	own.Out = pipeOut{sys.Out}
	own.guard()
	sys = &own
	root := newRootCmd(sys, args)
	var global globalFlags
	global.add(root.PersistentFlags())
	acting, asJSON := false, false
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		acting = true
		if flag := cmd.Flags().Lookup("json"); flag != nil {
			asJSON = flag.Value.String() == "true"
		}
		return global.apply(sys)
	}
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	if err := growOperations(root, sys, args); err != nil {
		report(ctx, sys, root, err, false)
		return exitCode(err)
	}
	cmd, err := root.ExecuteContextC(ctx)
	untraced := sys.trace.end()
	if errors.Is(err, errReaderGone) && exitCode(err) == exitFailed {
		err = nil
	}
	if err != nil && !acting {
		err = &exitError{exitUsage, suggestOperations(err, args)} // cobra's own errors are about usage
	}
	err = errors.Join(err, untraced)
	if err != nil {
		report(ctx, sys, cmd, err, asJSON)
	}
	return exitCode(err)
}

// report tells the error to people or, for a refusal of the platform with
// --json, to machines.
func report(ctx context.Context, sys *System, cmd *cobra.Command, err error, asJSON bool) {
	var refused *ttshop.Error
	switch {
	case err.Error() == "":
		return
	case asJSON && errors.As(err, &refused):
		_ = writeJSON(sys.Err, newRefusal(refused))
		return
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		err = fmt.Errorf("interrupted: %w", err)
	}
	fmt.Fprintf(sys.Err, "ttshop: %s\n", strings.TrimRight(err.Error(), "\n"))
	if more := sys.explainRefusal(err); more != "" {
		fmt.Fprintln(sys.Err, more)
	}
	if exitCode(err) == exitUsage {
		fmt.Fprintf(sys.Err, "Run '%s --help' for usage.\n", cmd.CommandPath())
	}
}

// refusal is an error of the platform as machines get it.
type refusal struct {
	Code       any    `json:"code"` // a number; a text where it is not the platform's; null where there is none
	Message    string `json:"message"`
	RequestID  string `json:"request_id"`
	HTTPStatus int    `json:"http_status"`
}

func newRefusal(e *ttshop.Error) refusal {
	r := refusal{nil, e.Message, e.RequestID, e.HTTPStatus}
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
makes, in this order. A token store that is asked for goes before the token of
the environment.

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
  TTSHOP_OPEN_ID        whose grant to use, where the store holds several
  TTSHOP_PASSPHRASE     the passphrase of stores and of kept secrets
  TTSHOP_INBOX          where ttshop listen keeps events: a folder, nats://…
  NO_COLOR              any value: no colours
  CI                    any value: no questions, no progress

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the platform said no (or a
signature is wrong), 4 not signed in.`

// newRootCmd returns the command with what is below it; of that, only what a
// run with the arguments looks at. Without arguments it is all there.
func newRootCmd(sys *System, args []string) *cobra.Command {
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
	root.SetUsageFunc(func(cmd *cobra.Command) error { return usage(cmd, sys.columns()) })
	root.SetFlagErrorFunc(suggestFlags)
	root.SetHelpCommand(newHelpCmd())
	root.CompletionOptions.DisableDefaultCmd = true // ours is newCompletionCmd
	addCommands(root, sys, args)
	return root
}

// group makes cmd a mere parent: alone it shows its help, and an unknown
// subcommand is an error with suggestions.
func group(cmd *cobra.Command) *cobra.Command {
	cmd.FParseErrWhitelist.UnknownFlags = true // the unknown subcommand is the better complaint
	cmd.SuggestionsMinimumDistance = 2
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		hint := ""
		if names := cmd.SuggestionsFor(args[0]); len(names) > 0 {
			hint = "\n\nDid you mean this?\n\t" + strings.Join(names, "\n\t") + "\n"
		}
		return usagef("unknown command %q for %q%s", args[0], cmd.CommandPath(), hint)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return cmd
}

// takes checks the number of arguments; what names them, such as "one URL".
// The arguments themselves may be secrets and are not repeated.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usagef("%s takes %s, got %s", cmd.CommandPath(), what, count(len(args), "argument"))
		}
		return nil
	}
}
