package parquet

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/parquet-go/parquet-go"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/manifest"
)

// The columns of amounts are DECIMAL(38, 10), the widest that readers have.
const (
	precision = 38
	scale     = 10
)

// layout is what the files of a table look like.
type layout struct {
	schema *parquet.Schema
	names  []string
	types  []sync.Type
}

// nodes are the types of columns.
func node(t sync.Type) parquet.Node {
	switch t {
	case sync.Integer:
		return parquet.Int(64)
	case sync.Decimal:
		return parquet.Decimal(scale, precision, parquet.FixedLenByteArrayType(16))
	case sync.Boolean:
		return parquet.Leaf(parquet.BooleanType)
	case sync.Time:
		return parquet.Timestamp(parquet.Microsecond)
	case sync.JSON:
		return parquet.JSON()
	default:
		return parquet.String()
	}
}

func newLayout(t *sync.Table) *layout {
	l := &layout{names: []string{"shop_id"}, types: []sync.Type{sync.Text}}
	group := parquet.Group{"shop_id": parquet.Required(parquet.String())}
	for _, c := range t.Columns {
		l.names, l.types = append(l.names, c.Name), append(l.types, c.Type)
		group[c.Name] = parquet.Optional(node(c.Type))
	}
	l.schema = parquet.NewSchema(t.Name, inOrder{group, l.names})
	return l
}

// inOrder is a group whose columns have an order of their own.
type inOrder struct {
	parquet.Group
	names []string
}

// Fields implements [parquet.Node].
func (g inOrder) Fields() []parquet.Field {
	byName := map[string]parquet.Field{}
	for _, f := range g.Group.Fields() {
		byName[f.Name()] = f
	}
	fields := make([]parquet.Field, len(g.names))
	for i, name := range g.names {
		fields[i] = byName[name]
	}
	return fields
}

// rowGroup is how many rows are kept in memory for each file.
const rowGroup = 20_000

// file is a file that is being written.
type file struct {
	*layout
	listed      string // how the manifest calls it
	path, final string
	out         *os.File
	buffer      *bufio.Writer
	digest      hash.Hash
	to          *parquet.GenericWriter[any]
	row         parquet.Row
	rows        int
}

func newFile(l *layout, final, path string) (*file, error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	f := &file{layout: l, path: path, final: final, out: out, digest: sha256.New(), row: make(parquet.Row, len(l.names))}
	f.buffer = bufio.NewWriterSize(io.MultiWriter(out, f.digest), 1<<16)
	f.to = parquet.NewGenericWriter[any](f.buffer, l.schema, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowGroup),
		parquet.CreatedBy("ttshop", "", ""))
	return f, nil
}

// write writes a row, and returns the values that do not fit, which are NULL then.
func (f *file) write(values []any) ([]manifest.Unfit, error) {
	if len(values) != len(f.names) {
		return nil, fmt.Errorf("a row has %d values, not %d", len(values), len(f.names))
	}
	var unfit []manifest.Unfit
	for i, v := range values {
		value, err := valueOf(f.types[i], v)
		if errors.Is(err, errUnfit) {
			unfit = append(unfit, manifest.Unfit{Column: f.names[i], Value: fmt.Sprint(v)})
			value, err = parquet.NullValue(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", f.names[i], err)
		}
		defined := 1
		if value.IsNull() || i == 0 {
			defined = 0
		}
		f.row[i] = value.Level(0, defined, i)
	}
	f.rows++
	_, err := f.to.WriteRows([]parquet.Row{f.row})
	return unfit, err
}

// close ends the file. It is on the disk then.
func (f *file) close() error {
	err := errors.Join(f.to.Close(), f.buffer.Flush(), f.out.Sync())
	err = errors.Join(err, f.out.Close())
	f.to, f.buffer, f.row = nil, nil, nil // they are large
	return err
}

// abandon closes a file that is not to be finished.
func (f *file) abandon() { _ = f.out.Close() } // it is removed

func (f *file) sum() string { return hex.EncodeToString(f.digest.Sum(nil)) }
