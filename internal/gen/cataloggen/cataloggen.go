// Package cataloggen writes the data that package catalog embeds.
package cataloggen

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/apigen"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// Files returns the files of catalog/data by name.
func Files(api *apigen.API) (map[string][]byte, error) {
	files := map[string][]byte{}
	var index bytes.Buffer
	for _, d := range api.Domains {
		var details bytes.Buffer
		enc := json.NewEncoder(&details)
		enc.SetEscapeHTML(false)
		for _, op := range d.Operations {
			fmt.Fprintf(&index, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.Name, op.Official, op.Name, op.Method, op.Path, op.Summary, sunsetDate(op), rawMark(op))
			if err := enc.Encode(describe(op)); err != nil {
				return nil, fmt.Errorf("encoding %s: %w", op.Official, err)
			}
		}
		packed, err := Compress(details.Bytes())
		if err != nil {
			return nil, fmt.Errorf("compressing %s: %w", d.Name, err)
		}
		files[d.Name+".jsonl.gz"] = packed
		if files["words/"+d.Name+".json.gz"], err = wordsOf(d); err != nil {
			return nil, fmt.Errorf("descriptions of %s: %w", d.Name, err)
		}
	}
	files["index.tsv"] = index.Bytes()
	return files, nil
}

func sunsetDate(op *apigen.Operation) string {
	if op.Sunset == nil {
		return ""
	}
	return op.Sunset.Date
}

// rawMark marks an operation without a method.
func rawMark(op *apigen.Operation) string {
	if op.Raw == "" {
		return ""
	}
	return "raw"
}

func describe(op *apigen.Operation) catalog.Operation {
	out := catalog.Operation{
		Title:          op.Title,
		Page:           op.Link(),
		Scopes:         op.Scopes,
		ShopCipher:     op.ShopCipher,
		AssetCipher:    op.AssetCipher,
		Write:          op.Write,
		IdempotencyKey: op.IdempotencyKey,
		BodyType:       op.BodyType,
		MaxBody:        op.MaxBody,
		Codes:          op.Codes,
		Params:         fields(op.Domain, op.Params),
		Body:           fields(op.Domain, op.Body),
		Result:         fields(op.Domain, op.Result),
		Paging:         op.Paging,
		End:            op.Sunset,
		Seen:           op.Seen,
		RawReason:      op.Raw,
	}
	if check := op.Check(); check != nil {
		out.Check = op.Domain.Name + "." + check.Official
	}
	for _, other := range op.Dates {
		out.Siblings = append(out.Siblings, other.Official)
	}
	return out
}

func fields(d *apigen.Domain, from []*spec.Field) []catalog.Field {
	var out []catalog.Field
	for _, f := range from {
		out = append(out, field(d, f))
	}
	return out
}

func field(d *apigen.Domain, f *spec.Field) catalog.Field {
	out := catalog.Field{
		Name: f.Name, In: f.In, Type: f.Type, Format: f.Format, Kind: f.Kind, Required: f.Required,
		Enum: f.Enum, Default: f.Default, Min: f.Min, Max: f.Max, MinLength: f.MinLength, MaxLength: f.MaxLength, MaxItems: f.MaxItems, Seen: f.Seen,
		GoType: d.TypeName(f), Fields: fields(d, f.Fields),
	}
	if f.Items != nil {
		items := field(d, f.Items)
		out.Items = &items
	}
	return out
}

// Compress returns data as gzip without name and time, the same bytes every time.
func Compress(data []byte) ([]byte, error) {
	var b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := zw.Write(data); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
