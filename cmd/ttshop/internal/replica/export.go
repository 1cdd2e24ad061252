package replica

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/manifest"
)

// exportOptions are the options of ttshop sync export.
type exportOptions struct {
	place
	Out     string
	Format  string
	Tables  []string
	Deleted bool

	extras Extras
}

// The formats of an export.
const (
	formatNDJSON  = "ndjson"
	formatCSV     = "csv"
	formatParquet = "parquet"
)

// newExportCmd returns the command ttshop sync export.
func newExportCmd(sys *platform.Session, extras Extras) *cobra.Command {
	o := exportOptions{extras: extras}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write a copy into files",
		Long: `Write the tables of a copy into a folder, a file for each, as lines of JSON or
as CSV. Amounts are texts and never rounded. ` + manifest.Name + ` lists the files with
their rows and digests; it is replaced last and in one step, so that whoever
reads by it never sees half an export. Files of former exports stay until they
are removed.

--format parquet writes a lake: a file for each table, shop and month, such as
orders/shop_id=7/month=2026-05/*.parquet, with amounts as DECIMAL(38, 10) and
times as timestamps. Files of the former export are removed once the manifest
lists the new ones. This takes the program ttshop-sync, which comes with ttshop;
ttshop starts it.`,
		Example: "  ttshop sync export --to sqlite:shop.db --out lake\n  ttshop sync export --to sqlite:shop.db --out lake --format csv",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	o.add(flags)
	flags.StringVar(&o.Out, "out", "", "the `FOLDER` that files are written into")
	flags.StringVar(&o.Format, "format", formatNDJSON, "the `FORMAT`: ndjson, csv or parquet")
	flags.StringSliceVar(&o.Tables, "tables", nil, "only these `TABLES`")
	flags.BoolVar(&o.Deleted, "deleted", false, "rows that are deleted, too")
	return cmd
}

func (o *exportOptions) run(ctx context.Context, sys *platform.Session) error {
	switch {
	case o.Out == "":
		return console.Usagef("--out is missing: it says which folder files are written into")
	case o.Format != formatNDJSON && o.Format != formatCSV && o.Format != formatParquet:
		return console.Usagef("--format %q: use %s, %s or %s", o.Format, formatNDJSON, formatCSV, formatParquet)
	}
	if err := errors.Join(o.check(), known(o.Tables)); err != nil {
		return err
	}
	if o.Format == formatParquet && o.extras.Parquet == nil {
		return become(ctx, sys)
	}
	return o.inspect(ctx, func(d sync.Inspector, schema *sync.Schema) error {
		if err := os.MkdirAll(o.Out, 0o700); err != nil {
			return err
		}
		var tables []*sync.Table
		for _, t := range schema.Tables {
			if len(o.Tables) == 0 || slices.Contains(o.Tables, t.Name) {
				tables = append(tables, t)
			}
		}
		if o.Format == formatParquet {
			m, err := o.extras.Parquet(ctx, d, Lake{Tables: tables, Folder: o.Out, Deleted: o.Deleted, Made: sys.Now(), Schema: schema.Version})
			if err != nil {
				return err
			}
			return o.report(sys, m, len(tables))
		}
		m := &manifest.Manifest{Made: sys.Now().UTC().Format(time.RFC3339), Format: o.Format, Schema: schema.Version}
		stamp := sys.Now().UTC().Format("20060102T150405")
		for _, t := range tables {
			file, err := o.table(ctx, d, t, t.Name+"-"+stamp+"."+o.Format)
			if err != nil {
				return fmt.Errorf("export %s: %w", t.Name, err)
			}
			m.Files = append(m.Files, file)
		}
		if err := m.Write(o.Out); err != nil {
			return err
		}
		return o.report(sys, m, len(tables))
	})
}

// report says what was written.
func (o *exportOptions) report(sys *platform.Session, m *manifest.Manifest, tables int) error {
	if n := len(m.Unfit); n > 0 {
		sys.Warn("%s of %s do not fit and are NULL in the files; %s lists them", console.Count(n, "value"), console.Count(tables, "table"), manifest.Name)
	}
	_, err := fmt.Fprintf(sys.Out, "%s of %s in %s; %s lists them.\n", console.Count(m.Rows(), "row"), console.Count(tables, "table"), sys.Tilde(o.Out), manifest.Name)
	return err
}

// table writes one table into a file, which is complete or not there.
func (o *exportOptions) table(ctx context.Context, d sync.Inspector, t *sync.Table, name string) (manifest.File, error) {
	e := manifest.File{Table: t.Name, File: name}
	digest := sha256.New()
	err := manifest.Replace(filepath.Join(o.Out, name), func(w io.Writer) error {
		buffered := bufio.NewWriterSize(io.MultiWriter(w, digest), 1<<16)
		names := []string{"shop_id"}
		for _, c := range t.Columns {
			names = append(names, c.Name)
		}
		write, flush := ndjsonWriter(buffered, t, names), buffered.Flush
		if o.Format == formatCSV {
			table := csv.NewWriter(buffered)
			if err := table.Write(names); err != nil {
				return err
			}
			write = func(values []any) error { return table.Write(texts(values)) }
			flush = func() error { table.Flush(); return errors.Join(table.Error(), buffered.Flush()) }
		}
		for values, err := range d.Values(ctx, t, o.Deleted) {
			if err == nil {
				err = write(values)
			}
			if err != nil {
				return err
			}
			e.Rows++
		}
		return flush()
	})
	e.SHA256 = hex.EncodeToString(digest.Sum(nil))
	return e, err
}

// ndjsonWriter returns what writes a row as a line of JSON, with its columns in order
// and without those that are NULL. JSON columns are written as JSON.
func ndjsonWriter(w *bufio.Writer, t *sync.Table, names []string) func([]any) error {
	return func(values []any) error {
		separator := byte('{')
		for i, v := range values {
			if v == nil {
				continue
			}
			_ = w.WriteByte(separator) // an error of w stays and is returned below
			separator = ','
			name, err := json.Marshal(names[i])
			if err != nil {
				return err
			}
			_, _ = w.Write(name)
			_ = w.WriteByte(':')
			var value []byte
			if text, ok := v.(string); ok && i > 0 && t.Columns[i-1].Type == sync.JSON {
				value = []byte(text)
			} else if value, err = json.Marshal(plain(v)); err != nil {
				return err
			}
			_, _ = w.Write(value)
		}
		_, err := w.WriteString("}\n")
		return err
	}
}

// plain is a value as it is written: times as SQLite and spreadsheets read them.
func plain(v any) any {
	if at, ok := v.(time.Time); ok {
		return at.UTC().Format(time.DateTime)
	}
	return v
}

func texts(values []any) []string {
	fields := make([]string, len(values))
	for i, v := range values {
		if v != nil {
			fields[i] = fmt.Sprint(plain(v))
		}
	}
	return fields
}
