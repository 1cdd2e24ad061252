package assistant

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/mcp"
)

// approveOptions are the options of ttshop mcp approve.
type approveOptions struct {
	Folder string
	Page   bool
	List   bool
	JSON   bool
}

func newApproveCmd(sys *platform.Session) *cobra.Command {
	var o approveOptions
	cmd := &cobra.Command{
		Use:   "approve [CODE]",
		Short: "Approve or refuse a write that an assistant planned",
		Long: `Show a write that an assistant planned, exactly as it would be sent, and approve
or refuse it. Without a code the only one that waits is shown, or all of them
are listed.

It asks at the terminal and takes no answer from elsewhere, so that a program
that an assistant runs without one cannot give it. With --page the same happens
on a page of this machine, at an address that only this terminal shows.

Who can write to the folder of approvals as you can approve as you: give an
assistant that may run commands a user of its own.`,
		Example: `  ttshop mcp approve --list
  ttshop mcp approve K7Q2-M4XD
  ttshop mcp approve --page`,
		Args: console.Takes(0, 1, "at most one code"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.run(cmd.Context(), sys, strings.Join(args, ""))
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.List, "list", false, "list what waits, and decide nothing")
	flags.BoolVar(&o.Page, "page", false, "decide on a page in the browser")
	flags.StringVar(&o.Folder, "approvals", "", "`FOLDER` in which writes wait; default: "+approvalsFolder+" beside the configuration")
	flags.BoolVar(&o.JSON, "json", false, "with --list, in JSON")
	return cmd
}

func (o *approveOptions) run(ctx context.Context, sys *platform.Session, code string) error {
	if code != "" && (o.Page || o.List) {
		return console.Usagef("--page and --list show all that waits; leave the code out")
	}
	dir, err := approvalsAt(sys, o.Folder)
	if err != nil {
		return err
	}
	approvals, err := mcp.OpenApprovals(dir)
	if err != nil {
		return err
	}
	if o.Page {
		return servePage(ctx, sys, approvals)
	}
	waiting, err := approvals.List(sys.Now())
	if err != nil {
		return err
	}
	if o.List {
		return o.list(sys, waiting)
	}
	var w mcp.Waiting
	switch {
	case code != "":
		if w, err = approvals.Find(code, sys.Now()); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("no write waits under %s: it was decided, or its five minutes are over", code)
			}
			return console.Usagef("%w", err)
		}
	case len(waiting) == 0:
		return errors.New("no write waits")
	case len(waiting) > 1:
		if err := o.list(sys, waiting); err != nil {
			return err
		}
		return console.Usagef("%d writes wait; name the code of one", len(waiting))
	default:
		w = waiting[0]
	}
	return decide(sys, approvals, w)
}

// list lists what waits.
func (o *approveOptions) list(sys *platform.Session, waiting []mcp.Waiting) error {
	if o.JSON {
		if waiting == nil {
			waiting = []mcp.Waiting{}
		}
		return console.WriteJSON(sys.Out, waiting)
	}
	if len(waiting) == 0 {
		fmt.Fprintln(sys.Err, "No write waits.")
		return nil
	}
	rows := make([]console.Row, len(waiting))
	for i, w := range waiting {
		rows[i] = console.Row{Label: shownCode(w.Code), Value: fmt.Sprintf("%s (%s) for %s, by %s", w.Operation, w.Risk, shownShop(w.Shop), w.Client)}
	}
	return console.WriteRows(sys.Out, console.Painter(sys.Color), rows)
}

func shownCode(code string) string { return code[:4] + "-" + code[4:] }

func shownShop(s mcp.Shop) string {
	if s.Name == "" {
		return s.ID
	}
	return fmt.Sprintf("%s (%s)", visible(s.Name), s.ID)
}

// visible returns text of others without characters that change the screen.
func visible(s string) string { return console.Printable(s) }

// decide shows a write to the person at the terminal and takes their decision.
func decide(sys *platform.Session, approvals *mcp.Approvals, w mcp.Waiting) error {
	if !sys.Terminal.Ask {
		return console.Usagef("a person approves at a terminal, and standard input or standard error is none; run it in a terminal of your own, or use --page")
	}
	fmt.Fprint(sys.Err, shown(sys, w))
	answer, err := sys.Ask("Send it? Type yes to approve, no to refuse")
	if err != nil {
		return err
	}
	approved := false
	switch strings.ToLower(answer) {
	case "yes":
		approved = true
	case "no":
	default:
		return errors.New("nothing was decided: the answer was neither yes nor no")
	}
	if err := approvals.Decide(w, approved); err != nil {
		return err
	}
	if approved {
		_, err = fmt.Fprintln(sys.Out, "Approved. The assistant sends it when it asks next.")
	} else {
		_, err = fmt.Fprintln(sys.Out, "Refused. Nothing is sent.")
	}
	return err
}

// shown returns a write as a person reads it.
func shown(sys *platform.Session, w mcp.Waiting) string {
	paint := console.Painter(sys.Color)
	var b strings.Builder
	fmt.Fprintf(&b, "%s wants to call %s, which %s\n", visible(w.Client), paint.Bold(w.Operation), w.Does)
	fmt.Fprintf(&b, "  risk   %s\n  shop   %s\n", w.Risk, shownShop(w.Shop))
	if w.Sandbox {
		b.WriteString("  where  a sandbox\n")
	}
	fmt.Fprintf(&b, "  until  %s\n\n  %s %s\n", w.Expires.Local().Format("15:04:05"), w.Method, visible(w.Path))
	if w.Query != "" {
		fmt.Fprintf(&b, "  %s\n", visible(w.Query))
	}
	for line := range strings.Lines(pretty(w.Body)) {
		b.WriteString("  " + visible(strings.TrimRight(line, "\n")) + "\n")
	}
	if w.Now != nil {
		b.WriteString("\n  What it changes is now:\n")
		for line := range strings.Lines(pretty(w.Now)) {
			b.WriteString("  " + visible(strings.TrimRight(line, "\n")) + "\n")
		}
	}
	b.WriteByte('\n')
	return b.String()
}
