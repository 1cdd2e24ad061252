package importer

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
	"github.com/ttshop-go/ttshop/internal/testdiff"
)

const toyDocument = `{"paths": {
 "/toy/202309/toys/search": {"post": {"summary": "SearchToys", "parameters": [
   {"name": "page_size", "in": "query", "required": true, "description": "Valid range: [1-100]", "schema": {"type": "integer", "format": "int32"}},
   {"name": "page_token", "in": "query", "schema": {"type": "string"}},
   {"name": "shop_cipher", "in": "query", "schema": {"type": "string"}},
   {"name": "x-tts-access-token", "in": "header", "required": true, "schema": {"type": "string"}}],
  "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {
   "status": {"type": "string", "description": "A sentence that must stay behind.\nPossible values:\n- NEW\n- OLD"},
   "maker": {"type": "object", "properties": {"name": {"type": "string"}}}}}}}},
  "responses": {"200": {"content": {"application/json": {"schema": {"properties": {"data": {"type": "object", "properties": {
   "toys": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}, "create_time": {"type": "integer", "format": "int64", "example": 1619611561}}}},
   "next_page_token": {"type": "string"}}}}}}}}}}},
 "/toy/202309/toys/{toy_id}/image": {"post": {"summary": "UploadToyImage", "parameters": [
   {"name": "toy_id", "in": "path", "required": true, "schema": {"type": "string"}}],
  "requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object", "properties": {"data": {"type": "string", "format": "binary"}}}}}},
  "responses": {"200": {"content": {"application/json": {"schema": {"properties": {"data": {"type": "object"}}}}}}}}}}}`

const toyFacts = `{"source": "test", "endpoints": {"POST /toy/202309/toys/search": {
 "scopes": ["seller.toy"], "required_query": ["shop_cipher", "page_size"], "optional_query": ["page_token"],
 "required_body": ["maker.name"], "error_codes": [36009003], "shop_cipher": "required", "category_asset_cipher": "absent",
 "limits": {"query.page_size": {"range": ["1", "50."], "default": "20"}}}}}`

// A toyshop is a spec folder and a package for it, folder and archive.
type toyshop struct {
	specDir, folder, archive string
}

func newToyshop(t *testing.T, document, facts string, overrides map[string]string) toyshop {
	t.Helper()
	dir := t.TempDir()
	shop := toyshop{filepath.Join(dir, "spec"), filepath.Join(dir, "package"), filepath.Join(dir, "toys.tgz")}
	files := map[string]string{
		"package.json":       `{"name": "toys", "version": "1.2.3"}`,
		"oas/index.json":     `{}`,
		"oas/paths/toy.json": document,
	}
	var archive bytes.Buffer
	zw := gzip.NewWriter(&archive)
	tw := tar.NewWriter(zw)
	list := ""
	for _, name := range slices.Sorted(maps.Keys(files)) {
		write(t, filepath.Join(shop.folder, name), files[name])
		if err := tw.WriteHeader(&tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(files[name])), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
		if rel, ok := strings.CutPrefix(name, "oas/"); ok {
			list += fmt.Sprintf("%s  %s\n", sha256Hex([]byte(files[name])), rel)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, shop.archive, archive.String())
	pin, err := json.Marshal(Source{Package: "toys", Version: "1.2.3", Folder: "oas", SHA256: sha256Hex(archive.Bytes()), FilesSHA256: sha256Hex([]byte(list))})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(shop.specDir, "source.json"), string(pin))
	write(t, filepath.Join(shop.specDir, "facts", "endpoint-facts.json"), facts)
	for name, empty := range map[string]string{"operations.json": "[]", "fields.json": "{}", "paging.json": "{}", "access.json": "{}", "../additions/sunsets.json": "{}", "../additions/fields.json": "{}", "../additions/operations.json": "[]"} {
		if overrides[name] != "" {
			empty = overrides[name]
		}
		write(t, filepath.Join(shop.specDir, "overrides", name), empty)
	}
	return shop
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	shop := newToyshop(t, toyDocument, toyFacts, nil)
	fromArchive, err := Import(shop.archive, shop.specDir)
	if err != nil {
		t.Fatal(err)
	}
	fromFolder, err := Import(shop.folder, shop.specDir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := testdiff.Diff(fromArchive, fromFolder); diff != "" {
		t.Errorf("archive and folder differ:\n%s", diff)
	}
	toy := &spec.Field{Type: catalog.Object, Fields: []*spec.Field{
		{Name: "create_time", Type: catalog.Integer, Format: "int64", Kind: catalog.KindUnix},
		{Name: "id", Type: catalog.String},
	}}
	want := []*spec.Domain{{Name: "toy", Operations: []*spec.Operation{
		{
			Method: "POST", Path: "/toy/202309/toys/search", Title: "SearchToys", Version: "202309",
			Scopes: []string{"seller.toy"}, ShopCipher: catalog.RuleRequired, BodyType: catalog.BodyJSON, Codes: []int{36009003},
			Paging: &catalog.Paging{Token: "query:page_token", Size: "query:page_size", Next: "next_page_token", Items: "toys"},
			Params: []*spec.Field{
				{Name: "page_size", In: "query", Type: catalog.Integer, Format: "int32", Required: true, Min: "1", Max: "50", Default: "20"},
				{Name: "page_token", In: "query", Type: catalog.String},
			},
			Body: []*spec.Field{
				{Name: "maker", Type: catalog.Object, Fields: []*spec.Field{{Name: "name", Type: catalog.String, Required: true}}},
				{Name: "status", Type: catalog.String, Enum: []string{"NEW", "OLD"}},
			},
			Result: []*spec.Field{
				{Name: "next_page_token", Type: catalog.String},
				{Name: "toys", Type: catalog.Array, Items: toy},
			},
		},
		{
			Method: "POST", Path: "/toy/202309/toys/{toy_id}/image", Title: "UploadToyImage", Version: "202309",
			Write: true, BodyType: catalog.BodyMultipart,
			Params: []*spec.Field{{Name: "toy_id", In: "path", Type: catalog.String, Required: true}},
			Body:   []*spec.Field{{Name: "data", Type: catalog.File}},
		},
	}}}
	if diff := testdiff.Diff(want, fromArchive); diff != "" {
		t.Errorf("Import (-want +got):\n%s", diff)
	}
	text, err := spec.Encode(fromArchive[0])
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "sentence") {
		t.Error("a sentence of the source came along")
	}
}

func TestImportOverrides(t *testing.T) {
	t.Parallel()
	shop := newToyshop(t, toyDocument, toyFacts, map[string]string{
		"operations.json":           `[{"operation": "POST /toy/202401/toys/search", "like": "POST /toy/202309/toys/search", "reason": "r"}]`,
		"fields.json":               `{"POST /toy/202309/toys/search body.status": {"enum": ["NEW", "OLD", "WORN"], "reason": "r"}}`,
		"access.json":               `{"POST /toy/202309/toys/search": {"write": true, "scopes": ["toy.read"], "shop_cipher": "required", "max_body": 1024, "reason": "r"}}`,
		"../additions/sunsets.json": `{"POST /toy/202309/toys/search": {"date": "2026-08-15", "grade": "A", "source": "release note"}}`,
		"../additions/fields.json": `{"POST /toy/202309/toys/search result.toys[].box": {"type": "object", "seen": "a recorded answer, grade A"},
			"POST /toy/202309/toys/search result.toys[].box.labels": {"type": "array", "items": "string", "seen": "a recorded answer, grade A"}}`,
	})
	domains, err := Import(shop.archive, shop.specDir)
	if err != nil {
		t.Fatal(err)
	}
	ops := domains[0].Operations
	if len(ops) != 3 || ops[2].Path != "/toy/202401/toys/search" || ops[2].Version != "202401" {
		t.Errorf("the added operation is missing: %v", ops)
	}
	if status := spec.Find(ops[0].Body, "status"); len(status.Enum) != 3 || !ops[0].Write {
		t.Errorf("status %v, write %t", status.Enum, ops[0].Write)
	}
	box := spec.Find(spec.Find(ops[0].Result, "toys").Object().Fields, "box")
	if box == nil || box.Seen == "" || len(box.Fields) != 1 || box.Fields[0].Leaf().Type != catalog.String {
		t.Errorf("the added field is %+v", box)
	}
	if end := ops[0].Sunset; end == nil || end.Date != "2026-08-15" {
		t.Errorf("sunset %v", end)
	}
	if op := ops[0]; !slices.Equal(op.Scopes, []string{"toy.read"}) || op.ShopCipher != catalog.RuleRequired || op.MaxBody != 1024 {
		t.Errorf("scopes %v, shop cipher %q, body of at most %d bytes", op.Scopes, op.ShopCipher, op.MaxBody)
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, document, facts string
		overrides             map[string]string
		spoil                 func(shop toyshop) error
		want                  string
	}{
		{
			name: "another package file", want: "has checksum",
			spoil: func(shop toyshop) error { return os.WriteFile(shop.archive, []byte("x"), 0o644) },
		},
		{
			name: "unknown member of the facts", facts: strings.Replace(toyFacts, `"scopes"`, `"scopez"`, 1), want: "scopez",
		},
		{
			name: "facts of an unknown operation", facts: strings.Replace(toyFacts, "toys/search", "toys/seek", 1), want: "unknown operation",
		},
		{
			name: "facts of an unknown field", facts: strings.Replace(toyFacts, "maker.name", "maker.nome", 1), want: "maker.nome",
		},
		{
			name: "override that matches nothing", overrides: map[string]string{"fields.json": `{"POST /toy/202309/toys/search body.stotus": {"reason": "r"}}`},
			want: "match nothing",
		},
		{
			name: "path without a version", document: strings.ReplaceAll(toyDocument, "202309/toys/search", "toys/search"), want: "without a version",
		},
		{
			name: "two arrays to walk", want: "array to walk",
			document: strings.Replace(toyDocument, `"next_page_token"`, `"others": {"type": "array", "items": {"type": "object"}}, "next_page_token"`, 1),
		},
		{
			name: "added field in nothing", overrides: map[string]string{"../additions/fields.json": `{"POST /toy/202309/toys/search result.tops[].box": {"type": "string", "seen": "a recorded answer, grade A"}}`}, want: "match nothing",
		},
		{
			name: "added field that is there", overrides: map[string]string{"../additions/fields.json": `{"POST /toy/202309/toys/search result.toys[].id": {"type": "string", "seen": "a recorded answer, grade A"}}`}, want: "match nothing",
		},
		{
			name: "sunset of nothing", overrides: map[string]string{"../additions/sunsets.json": `{"POST /toy/202309/toys/seek": {"date": "2026-08-15", "grade": "A", "source": "release note"}}`},
			want: "match nothing",
		},
		{name: "no JSON", document: "paths", want: "decoding OpenAPI file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document, facts := toyDocument, toyFacts
			if test.document != "" {
				document = test.document
			}
			if test.facts != "" {
				facts = test.facts
			}
			shop := newToyshop(t, document, facts, test.overrides)
			if test.spoil != nil {
				if err := test.spoil(shop); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Import(shop.archive, shop.specDir); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Import: %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestImportRefusesChangedFolder(t *testing.T) {
	t.Parallel()
	shop := newToyshop(t, toyDocument, toyFacts, nil)
	write(t, filepath.Join(shop.folder, "oas", "paths", "toy.json"), toyDocument+" ")
	if _, err := Import(shop.folder, shop.specDir); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a changed file: %v", err)
	}
	write(t, filepath.Join(shop.folder, "package.json"), `{"name": "toys", "version": "1.2.4"}`)
	if _, err := Import(shop.folder, shop.specDir); err == nil || !strings.Contains(err.Error(), "pinned is toys 1.2.3") {
		t.Errorf("another version: %v", err)
	}
}
