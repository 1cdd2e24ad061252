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
)

// exportOptions are the options of ttshop sync export.
type exportOptions struct {
	place
	Out     string
	Format  string
	Tables  []string
	Deleted bool
}

// The formats of an export.
const (
	formatNDJSON = "ndjson"
	formatCSV    = "csv"
)

// manifestFile lists the files of an export. It is written last, in one step: what it
// lists is there as a whole.
const manifestFile = "manifest.json"

// newExportCmd returns the command ttshop sync export.
func newExportCmd(sys *platform.Session) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write a copy into files",
		Long: `Write the tables of a copy into a folder, a file for each, as lines of JSON or
as CSV. Amounts are texts and never rounded. ` + manifestFile + ` lists the files with
their rows and digests; it is replaced last and in one step, so that whoever
reads by it never sees half an export. Files of former exports stay until they
are removed.`,
		Example: "  ttshop sync export --to sqlite:shop.db --out lake\n  ttshop sync export --to sqlite:shop.db --out lake --format csv",
		Args:    console.Takes(0, 0, "no arguments"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	o.add(flags)
	flags.StringVar(&o.Out, "out", "", "the `FOLDER` that files are written into")
	flags.StringVar(&o.Format, "format", formatNDJSON, "the `FORMAT`: ndjson or csv")
	flags.StringSliceVar(&o.Tables, "tables", nil, "only these `TABLES`")
	flags.BoolVar(&o.Deleted, "deleted", false, "rows that are deleted, too")
	return cmd
}

// exportedFile is a file of an export.
type exportedFile struct {
	Table  string `json:"table"`
	File   string `json:"file"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

func (o *exportOptions) run(ctx context.Context, sys *platform.Session) error {
	switch {
	case o.Out == "":
		return console.Usagef("--out is missing: it says which folder files are written into")
	case o.Format != formatNDJSON && o.Format != formatCSV:
		return console.Usagef("--format %q: use %s or %s", o.Format, formatNDJSON, formatCSV)
	}
	if err := known(o.Tables); err != nil {
		return err
	}
	return o.inspect(ctx, func(d sync.Inspector, schema *sync.Schema) error {
		if err := os.MkdirAll(o.Out, 0o700); err != nil {
			return err
		}
		stamp := sys.Now().UTC().Format("20060102T150405")
		var files []exportedFile
		rows := 0
		for _, t := range schema.Tables {
			if len(o.Tables) > 0 && !slices.Contains(o.Tables, t.Name) {
				continue
			}
			file, err := o.table(ctx, d, t, t.Name+"-"+stamp+"."+o.Format)
			if err != nil {
				return fmt.Errorf("export %s: %w", t.Name, err)
			}
			files = append(files, file)
			rows += file.Rows
		}
		if err := o.manifest(sys.Now(), files); err != nil {
			return fmt.Errorf("write %s: %w", manifestFile, err)
		}
		_, err := fmt.Fprintf(sys.Out, "%s of %s in %s; %s lists them.\n", console.Count(rows, "row"), console.Count(len(files), "table"), sys.Tilde(o.Out), manifestFile)
		return err
	})
}

// table writes one table into a file, which is complete or not there.
func (o *exportOptions) table(ctx context.Context, d sync.Inspector, t *sync.Table, name string) (exportedFile, error) {
	e := exportedFile{Table: t.Name, File: name}
	digest := sha256.New()
	err := replaceFile(filepath.Join(o.Out, name), func(w io.Writer) error {
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

// manifest replaces the list of files.
func (o *exportOptions) manifest(now time.Time, files []exportedFile) error {
	return replaceFile(filepath.Join(o.Out, manifestFile), func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(struct {
			Made   string         `json:"made"`
			Format string         `json:"format"`
			Files  []exportedFile `json:"files"`
		}{now.UTC().Format(time.RFC3339), o.Format, files})
	})
}

// replaceFile writes a file beside its place, then puts it there in one step.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".export-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(file.Name())))
		}
	}()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
