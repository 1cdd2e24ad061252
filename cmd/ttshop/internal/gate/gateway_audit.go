package gate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/gateway"
)

// auditOptions are the options of ttshop gateway audit.
type auditOptions struct {
	File      string
	Key       string
	Shop      string
	Operation string
	Since     string
	Refused   bool
	JSON      bool
}

func newAuditCmd(sys *platform.Session) *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Show the calls that went through the gateway",
		Long: `Show the calls that the gateway recorded, each once. A call that was being sent
when its gateway was killed, or is under way, is shown as "sending": whether the
platform carried it out is not known. An audit holds no values of parameters, no
bodies and no secrets.`,
		Example: `  ttshop gateway audit --since -1h
  ttshop gateway audit --key erp --refused --json`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.Key, "key", "", "only calls of the key with this `NAME`")
	flags.StringVar(&o.Shop, "shop", "", "only calls for the shop with this `ID`")
	flags.StringVar(&o.Operation, "operation", "", "only calls of this `OPERATION`, such as order.GetOrderList")
	flags.StringVar(&o.Since, "since", "", "only calls since a `TIME`: -1h, -7d, or 2026-11-28T12:00:00Z")
	flags.BoolVar(&o.Refused, "refused", false, "only calls that did not succeed")
	flags.StringVar(&o.File, "audit", "", "the audit's `FILE`; default: "+auditFile+" beside the configuration")
	flags.BoolVar(&o.JSON, "json", false, "one line of JSON each")
	return cmd
}

func (o *auditOptions) run(ctx context.Context, sys *platform.Session) error {
	since, err := parseSince(o.Since, sys.Now())
	if err != nil {
		return err
	}
	path := o.File
	if path == "" {
		if path, err = beside(sys, auditFile); err != nil {
			return err
		}
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no audit at %s; a gateway makes it", sys.Tilde(path))
	}
	if err != nil {
		return err
	}
	defer file.Close()
	rows := [][]string{{"TIME", "KEY", "HTTP", "TOOK", "CODE", "OPERATION"}}
	broken, err := gateway.ReadAudit(file, func(r gateway.Record) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !o.wants(r, since) {
			return nil
		}
		if o.JSON {
			return console.WriteJSON(sys.Out, r)
		}
		rows = append(rows, auditRow(r))
		return nil
	})
	if broken > 0 {
		sys.Warn("%s of the audit cannot be read", console.Count(broken, "line"))
	}
	if err != nil || o.JSON {
		return err
	}
	if len(rows) == 1 {
		_, err := fmt.Fprintln(sys.Out, "No call matches.")
		return err
	}
	return console.WriteColumns(sys.Out, console.Painter(sys.Color), rows)
}

// wants reports whether a call is asked for.
func (o *auditOptions) wants(r gateway.Record, since time.Time) bool {
	succeeded := r.Event == gateway.EventDone && r.Reason == "" && r.Code == 0 && r.Status < 400
	return (o.Key == "" || r.Key == o.Key) && (o.Shop == "" || r.Shop == o.Shop) &&
		(o.Operation == "" || r.Operation == o.Operation) && !r.Time.Before(since) && !(o.Refused && succeeded)
}

func auditRow(r gateway.Record) []string {
	status, code, what := strconv.Itoa(r.Status), "", r.Operation
	switch {
	case r.Event == gateway.EventSending:
		status, code = "-", "sending"
	case r.Unknown:
		code = "unknown"
	case r.Rule != "":
		code = r.Reason + " " + r.Rule
	case r.Reason != "":
		code = r.Reason
	case r.Code != 0:
		code = strconv.Itoa(r.Code)
	}
	if r.Shop != "" {
		what += " " + r.Shop
	}
	return []string{r.Time.UTC().Format("01-02 15:04:05"), r.Key, status, (time.Duration(r.Took) * time.Millisecond).String(), code, what}
}

// parseSince reads a time, or how long ago it was.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if text[0] == '-' {
		d, err := parseSpan("--since", text[1:])
		return now.Add(-d), err
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, console.Usagef("--since %s: use -1h, -7d or a time such as 2026-11-28T12:00:00Z", text)
	}
	return at, nil
}
