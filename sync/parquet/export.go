// Package parquet writes copies of shops as Parquet files, for lakes:
//
//	orders/shop_id=7/month=2026-05/20260601T020304-1.parquet
//
// A file holds the rows of a table, a shop and a month, that of their creation or, where
// rows belong to a parent, of the parent's. Tables without such a time have no months.
// What an export has written is there once its manifest is; the files of the export
// before are removed after that.
package parquet

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/manifest"
)

// Options are what is exported, and into which folder.
type Options struct {
	// Tables are those that are exported.
	Tables []*sync.Table
	// Folder is where the files are, and the manifest. It is made if it is missing.
	Folder string
	// Deleted has rows that are deleted, too.
	Deleted bool
	// Made is when the export is made; zero means now.
	Made time.Time
	// Schema is the version of the layout of tables, for the manifest.
	Schema int
}

// Export writes the tables of a copy, then their manifest, which it returns, then removes
// the files of the export before. Where it fails, that one is as it was.
func Export(ctx context.Context, from sync.Inspector, options Options) (*manifest.Manifest, error) {
	if options.Made.IsZero() {
		options.Made = time.Now()
	}
	former, err := manifest.Read(options.Folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	e := &export{
		Options: options, from: from, former: former,
		m: &manifest.Manifest{Made: options.Made.UTC().Format(time.RFC3339), Format: "parquet", Schema: options.Schema},
	}
	if err := e.all(ctx); err != nil {
		return nil, errors.Join(err, e.discard())
	}
	if err := e.sweep(); err != nil {
		return e.m, fmt.Errorf("the export is complete; remove the files of the one before: %w", err)
	}
	return e.m, nil
}

// export is one under way.
type export struct {
	Options
	from   sync.Inspector
	former *manifest.Manifest // nil: there is none
	m      *manifest.Manifest
	files  []*file
}

// all writes all files, then the manifest.
func (e *export) all(ctx context.Context) error {
	if err := os.MkdirAll(e.Folder, 0o700); err != nil {
		return err
	}
	for _, t := range e.Tables {
		if err := e.table(ctx, t); err != nil {
			return fmt.Errorf("export %s: %w", t.Name, err)
		}
	}
	if err := e.name(); err != nil {
		return err
	}
	return e.m.Write(e.Folder)
}

// table writes the files of one table. Its rows come in order of the shop, so that only
// files of one shop are open.
func (e *export) table(ctx context.Context, t *sync.Table) error {
	l := newLayout(t)
	months := e.months(ctx, t)
	defer months.close()
	open := map[string]*file{} // of the shop, by month
	shop := ""
	defer func() {
		for _, f := range open {
			f.abandon()
		}
	}()
	finish := func() error {
		for _, month := range sortedKeys(open) {
			f := open[month]
			delete(open, month)
			if err := e.finish(t, f); err != nil {
				return err
			}
		}
		return nil
	}
	for values, err := range e.from.Values(ctx, t, e.Deleted) {
		if err != nil {
			return err
		}
		owner, ok := values[0].(string)
		if !ok {
			return fmt.Errorf("shop_id is %v", values[0])
		}
		if owner != shop {
			if err := finish(); err != nil {
				return err
			}
			shop = owner
		}
		month, err := months.of(values)
		if err != nil {
			return err
		}
		f := open[month]
		if f == nil {
			if f, err = e.create(l, t, shop, month); err != nil {
				return err
			}
			open[month] = f
		}
		unfit, err := f.write(values)
		if err != nil {
			return err
		}
		for _, u := range unfit {
			u.Table, u.Shop, u.Key = t.Name, shop, keyOf(t, values)
			e.m.Unfit = append(e.m.Unfit, u)
		}
	}
	return finish()
}

// keyOf is the key of a row after shop_id, as one text.
func keyOf(t *sync.Table, values []any) string {
	parts := make([]string, len(t.Key))
	for i, name := range t.Key {
		parts[i] = fmt.Sprint(values[t.Column(name)+1])
	}
	return strings.Join(parts, "/")
}

// ending is that of the files of exports.
const ending = ".parquet"

// create begins a file where nobody takes it for one yet.
func (e *export) create(l *layout, t *sync.Table, shop, month string) (*file, error) {
	parts := []string{t.Name, "shop_id=" + escape(shop)}
	if month != noMonths {
		parts = append(parts, "month="+month)
	}
	folder := filepath.Join(append([]string{e.Folder}, parts...)...)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	name := e.Made.UTC().Format("20060102T150405")
	for n := 1; ; n++ { // an export in the same second may have left files
		parts := append(slices.Clone(parts), name+"-"+strconv.Itoa(n)+ending)
		final := filepath.Join(append([]string{e.Folder}, parts...)...)
		if _, err := os.Lstat(final); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		f, err := newFile(l, final, filepath.Join(folder, manifest.Unfinished+filepath.Base(final)))
		if err != nil {
			return nil, err
		}
		f.listed = strings.Join(parts, "/")
		e.files = append(e.files, f)
		return f, nil
	}
}

// escape makes a folder's name of a value, as Hive does.
func escape(value string) string {
	var b strings.Builder
	for i := range len(value) {
		c := value[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_' || c == '.' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// finish ends a file. It gets its name when all files are there.
func (e *export) finish(t *sync.Table, f *file) error {
	if err := f.close(); err != nil {
		return fmt.Errorf("write %s: %w", f.listed, err)
	}
	e.m.Files = append(e.m.Files, manifest.File{Table: t.Name, File: f.listed, Rows: f.rows, SHA256: f.sum()})
	return nil
}

// name gives the files their names.
func (e *export) name() error {
	for i, f := range e.files {
		if err := os.Rename(f.path, f.final); err != nil {
			return err
		}
		e.files[i].path = f.final
	}
	return nil
}

// discard removes what a failed export has written.
func (e *export) discard() error {
	var errs []error
	for _, f := range e.files {
		if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// sweep removes the files that the former manifest lists and the new one does not, and
// what exports left that were interrupted.
func (e *export) sweep() error {
	listed := map[string]bool{}
	for _, f := range e.m.Files {
		listed[f.File] = true
	}
	var errs []error
	if e.former != nil && e.former.Format == e.m.Format {
		for _, f := range e.former.Files {
			path := filepath.FromSlash(f.File)
			if !listed[f.File] && filepath.IsLocal(path) {
				errs = append(errs, e.remove(path))
			}
		}
	}
	for _, t := range e.Tables {
		root := filepath.Join(e.Folder, t.Name)
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(e.Folder, path)
			if err != nil {
				return err
			}
			if d.Type().IsRegular() && ours(filepath.Base(path)) && !listed[filepath.ToSlash(name)] {
				return e.remove(name)
			}
			return nil
		})
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// ours reports whether a name is one that exports give.
func ours(name string) bool {
	name = strings.TrimPrefix(name, manifest.Unfinished)
	stamp, n, ok := strings.Cut(strings.TrimSuffix(name, ending), "-")
	_, notTime := time.Parse("20060102T150405", stamp)
	_, notNumber := strconv.Atoi(n)
	return ok && strings.HasSuffix(name, ending) && notTime == nil && notNumber == nil
}

// remove removes a file, and the folders that it leaves empty.
func (e *export) remove(name string) error {
	if err := os.Remove(filepath.Join(e.Folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for folder := filepath.Dir(name); folder != "."; folder = filepath.Dir(folder) {
		if os.Remove(filepath.Join(e.Folder, folder)) != nil {
			break // it is not empty
		}
	}
	return nil
}
