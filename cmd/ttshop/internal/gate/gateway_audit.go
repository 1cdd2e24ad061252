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
	"github.com/ttshop-go/ttshop/gateway/pgaudit"
)

// auditOptions are the options of ttshop gateway audit.
type auditOptions struct {
	Audit     string
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
  ttshop gateway audit --key erp --refused --json
  ttshop gateway audit --audit store --store postgres://db/tokens --shop 7494049642642441621`,
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
	flags.StringVar(&o.Audit, "audit", "", "`WHERE` the audit is, as for ttshop gateway; default: the file "+auditFile+" beside the configuration and, where the token store is in PostgreSQL, its database")
	flags.BoolVar(&o.JSON, "json", false, "one line of JSON each")
	return cmd
}

func (o *auditOptions) run(ctx context.Context, sys *platform.Session) error {
	since, err := parseSince(o.Since, sys.Now())
	if err != nil {
		return err
	}
	rows := [][]string{{"TIME", "KEY", "HTTP", "TOOK", "CODE", "OPERATION"}}
	broken, err := o.read(ctx, sys, since, func(r gateway.Record) error {
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

// read reads the audit that was asked for or, if none was, those that there are: the
// file, and that of the token store's database.
func (o *auditOptions) read(ctx context.Context, sys *platform.Session, since time.Time, each func(gateway.Record) error) (broken int, err error) {
	filter := pgaudit.Filter{Key: o.Key, Shop: o.Shop, Operation: o.Operation, Since: since}
	h, err := sys.Home()
	if err != nil {
		return 0, err
	}
	storeURL := h.StoreURL(sys)
	if o.Audit != "" {
		url, err := auditURL(o.Audit, storeURL)
		switch {
		case err != nil:
			return 0, err
		case url == "":
			return readAuditFile(sys, o.Audit, each)
		}
		if err = pgaudit.Read(ctx, url, filter, each); errors.Is(err, pgaudit.ErrNone) {
			err = fmt.Errorf("%w; a gateway with --audit makes it", err)
		}
		return 0, err
	}
	path, err := beside(sys, auditFile)
	if err != nil {
		return 0, err
	}
	broken, err = readAuditFile(sys, path, each)
	if err != nil && !errors.Is(err, fs.ErrNotExist) || !isPostgres(storeURL) {
		return broken, err
	}
	stored := pgaudit.Read(ctx, storeURL, filter, each)
	if errors.Is(stored, pgaudit.ErrNone) {
		return broken, err // that of the file: it may be there
	}
	return broken, stored
}

// readAuditFile reads an audit in a file.
func readAuditFile(sys *platform.Session, path string, each func(gateway.Record) error) (broken int, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, &noAuditError{sys.Tilde(path)}
	}
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return gateway.ReadAudit(file, each)
}

// noAuditError means that there is no file with an audit.
type noAuditError struct{ path string }

func (e *noAuditError) Error() string {
	return "there is no audit at " + e.path + "; a gateway makes it"
}

func (e *noAuditError) Unwrap() error { return fs.ErrNotExist }

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
