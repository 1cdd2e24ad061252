package assistant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/mcp"
)

// auditOptions are the options of ttshop mcp audit.
type auditOptions struct {
	File   string
	Client string
	Since  string
	Writes bool
	JSON   bool
}

func newAuditCmd(sys *platform.Session) *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Show what assistants called",
		Long: `Show the calls of tools that were recorded. A write has a record before it is
sent, as "sending", and one at its end. An audit holds no values of parameters,
no texts and no secrets.`,
		Example: `  ttshop mcp audit --since 24h
  ttshop mcp audit --writes --json`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Client, "client", "", "only calls of the client with this `NAME`")
	flags.StringVar(&o.Since, "since", "", "only calls of the last `SPAN`, such as 24h")
	flags.BoolVar(&o.Writes, "writes", false, "only writes")
	flags.StringVar(&o.File, "audit", "", "the audit's `FILE`; default: "+auditFile+" beside the configuration")
	flags.BoolVar(&o.JSON, "json", false, "one line of JSON each")
	return cmd
}

func (o *auditOptions) run(ctx context.Context, sys *platform.Session) error {
	var since time.Time
	if o.Since != "" {
		span, err := time.ParseDuration(o.Since)
		if err != nil || span < 0 {
			return console.Usagef("--since %s: use a span such as 24h or 30m", o.Since)
		}
		since = sys.Now().Add(-span)
	}
	path := o.File
	if path == "" {
		var err error
		if path, err = beside(sys, auditFile); err != nil {
			return err
		}
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no audit at %s; ttshop mcp makes it", sys.Tilde(path))
	}
	if err != nil {
		return err
	}
	defer file.Close()
	rows := [][]string{{"TIME", "CLIENT", "TOOL", "OPERATION", "APPROVED", "OUTCOME"}}
	broken, err := mcp.ReadAudit(file, func(r mcp.Record) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if r.Time.Before(since) || o.Client != "" && r.Client != o.Client || o.Writes && !r.Write {
			return nil
		}
		if o.JSON {
			return console.WriteJSON(sys.Out, r)
		}
		rows = append(rows, []string{console.Moment(r.Time), console.Printable(r.Client), r.Tool, r.Operation, r.Approval, cmp.Or(r.Event, r.Class, r.Outcome)})
		return nil
	})
	if err != nil {
		return err
	}
	if broken > 0 {
		sys.Warn("%s of the audit cannot be read", console.Count(broken, "line"))
	}
	if o.JSON {
		return nil
	}
	return console.WriteColumns(sys.Out, console.Painter(sys.Color), rows)
}
