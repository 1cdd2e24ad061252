package cataloggen

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	words "github.com/ttshop-go/ttshop/internal/gen/describe"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
	"github.com/ttshop-go/ttshop/internal/testdiff"
)

// The catalogue knows of every field all that the spec knows, the limits that
// only descriptions state included.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	domains, err := spec.Load(filepath.Join("..", "..", "..", "spec", "operations"))
	if err != nil {
		t.Fatal(err)
	}
	book, err := words.Load(filepath.Join("..", "..", "..", "spec", "descriptions"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := book.Apply(domains); err != nil {
		t.Fatal(err)
	}
	var c catalog.Catalog
	checked := 0
	for _, d := range domains {
		for _, op := range d.Operations {
			e, ok := c.Find(op.Method, op.Path)
			if !ok {
				t.Errorf("%s is not in the catalogue", op.Key())
				continue
			}
			got, err := c.Describe(e)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, fields := range [][]catalog.Field{got.Params, got.Body, got.Result} {
				if op.Raw == "" { // a raw operation has no types
					takeTypes(t, op.Key(), fields)
				}
			}
			if got.Seen != op.Seen || got.Raw != (op.Raw != "") || got.RawReason != op.Raw {
				t.Errorf("%s: seen in %q, raw %t for %q", op.Key(), got.Seen, got.Raw, got.RawReason)
			}
			want := map[string]any{
				"params": op.Params, "body": op.Body, "result": op.Result, "paging": op.Paging, "codes": op.Codes, "scopes": op.Scopes,
				"shop": op.ShopCipher, "asset": op.AssetCipher, "write": op.Write, "key": op.IdempotencyKey, "type": op.BodyType, "title": op.Title, "sunset": op.Sunset,
			}
			have := map[string]any{
				"params": got.Params, "body": got.Body, "result": got.Result, "paging": got.Paging, "codes": got.Codes, "scopes": got.Scopes,
				"shop": got.ShopCipher, "asset": got.AssetCipher, "write": got.Write, "key": got.IdempotencyKey, "type": got.BodyType, "title": got.Title, "sunset": got.End,
			}
			if diff := testdiff.Diff(tree(t, want), tree(t, have)); diff != "" {
				t.Errorf("%s (-spec +catalogue):\n%s", op.Key(), diff)
			}
			checked++
		}
	}
	if checked < 400 {
		t.Errorf("%d operations checked", checked)
	}
}

// takeTypes takes the Go types, which the spec does not have, out of fields. Every
// object has one, and nothing that is neither an object nor a text.
func takeTypes(t *testing.T, at string, fields []catalog.Field) {
	t.Helper()
	for i := range fields {
		f := &fields[i]
		if f.Type == catalog.Object && f.GoType == "" || f.GoType != "" && f.Type != catalog.Object && f.Type != catalog.String {
			t.Errorf("%s: %s, a %s, has the Go type %q", at, f.Name, f.Type, f.GoType)
		}
		f.GoType = ""
		takeTypes(t, at, f.Fields)
		if f.Items != nil {
			takeTypes(t, at, []catalog.Field{*f.Items})
			f.Items.GoType = ""
		}
	}
}

func tree(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
