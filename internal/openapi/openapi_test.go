package openapi

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/partial"
)

var known = new(catalog.Catalog)

// whole is the document of all domains.
var whole = sync.OnceValues(func() (*Document, error) { return Build(known, Options{Version: "1.2.3"}) })

func document(t *testing.T) *Document {
	t.Helper()
	doc, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func operations(doc *Document) map[string]*Operation {
	all := map[string]*Operation{}
	for path, item := range doc.Paths {
		for method, op := range map[string]*Operation{"GET": item.Get, "PUT": item.Put, "POST": item.Post, "DELETE": item.Delete} {
			if op != nil {
				all[method+" "+path] = op
			}
		}
	}
	return all
}

func TestEveryOperation(t *testing.T) {
	t.Parallel()
	doc := document(t)
	ops := operations(doc)
	entries := known.Operations("")
	if len(ops) != len(entries) {
		t.Errorf("%d operations, the catalogue has %d", len(ops), len(entries))
	}
	ids := map[string]bool{}
	for _, e := range entries {
		op, err := known.Explain(e)
		if err != nil {
			t.Fatal(err)
		}
		got := ops[e.Method+" "+e.Path]
		if got == nil || got.OperationID != e.FullName() || got.Summary != e.Summary || got.Reads == op.Write {
			t.Errorf("%s %s is %+v", e.Method, e.Path, got)
			continue
		}
		if ids[got.OperationID] {
			t.Errorf("two operations are %s", got.OperationID)
		}
		ids[got.OperationID] = true
		checkParameters(t, doc, op, got)
		checkBody(t, doc, op, got)
		if op.Paging != nil && got.Paging.Token.In+":"+got.Paging.Token.Name != op.Paging.Token {
			t.Errorf("%s: pages by %+v, not %s", e.FullName(), got.Paging.Token, op.Paging.Token)
		}
	}
}

// checkParameters holds the parameters of an operation against the catalogue's,
// and the ciphers against its rules.
func checkParameters(t *testing.T, doc *Document, op *catalog.Operation, got *Operation) {
	t.Helper()
	have := map[string]bool{} // required or not
	for _, p := range got.Parameters {
		if p.Ref != "" {
			p = doc.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
		}
		have[p.In+" "+p.Name] = p.Required
	}
	want := map[string]bool{}
	for _, f := range op.Params {
		want[f.In+" "+f.Name] = f.Required
	}
	for name, rule := range map[string]catalog.Rule{"shop_cipher": op.ShopCipher, "category_asset_cipher": op.AssetCipher} {
		if rule != catalog.RuleAbsent {
			want["query "+name] = rule == catalog.RuleRequired
		}
	}
	if len(have) != len(want) {
		t.Errorf("%s: parameters %v, want %v", op.FullName(), have, want)
	}
	for name, required := range want {
		if is, ok := have[name]; !ok || is != required {
			t.Errorf("%s: parameter %s required %v, want %v", op.FullName(), name, is, required)
		}
	}
	for segment := range strings.SplitSeq(op.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok && !have["path "+strings.TrimSuffix(name, "}")] {
			t.Errorf("%s: %s of the path is no required parameter", op.FullName(), segment)
		}
	}
}

// checkBody holds what a body requires, at any depth, against the catalogue.
func checkBody(t *testing.T, doc *Document, op *catalog.Operation, got *Operation) {
	t.Helper()
	if got.RequestBody == nil {
		if len(op.Body) > 0 {
			t.Errorf("%s: no body", op.FullName())
		}
		return
	}
	media := "application/json"
	if op.BodyType == catalog.BodyMultipart {
		media = "multipart/form-data"
	}
	body := got.RequestBody.Content[media].Schema
	if body == nil {
		t.Errorf("%s: no %s among %v", op.FullName(), media, got.RequestBody.Content)
		return
	}
	if op.Raw { // what else is in it is not known
		if body.Type != "object" || len(body.Properties) > 0 || !strings.Contains(got.Description, op.RawReason) {
			t.Errorf("%s: a raw operation has the body %+v and the notes %q", op.FullName(), body, got.Description)
		}
		return
	}
	checkObject(t, doc, op.FullName()+" body", op.Body, body)
}

func checkObject(t *testing.T, doc *Document, at string, fields []catalog.Field, schema *Schema) {
	t.Helper()
	schema = resolve(t, doc, schema)
	for i := range fields {
		f := &fields[i]
		member := schema.Properties[f.Name]
		if member == nil {
			t.Errorf("%s: no member %s", at, f.Name)
			continue
		}
		if slices.Contains(schema.Required, f.Name) != f.Required {
			t.Errorf("%s: member %s required %v, want %v", at, f.Name, !f.Required, f.Required)
		}
		leaf := leafOf(f)
		for inner := f; inner.Type == catalog.Array; inner = inner.Items {
			if member.Type != "array" {
				t.Errorf("%s: member %s is a %s, not an array", at, f.Name, member.Type)
				return
			}
			member = member.Items
		}
		member = resolve(t, doc, member)
		switch leaf.Type {
		case catalog.Object:
			checkObject(t, doc, at+"."+f.Name, leaf.Fields, member)
		case catalog.File:
			if member.Format != "binary" {
				t.Errorf("%s: file %s has the format %q", at, f.Name, member.Format)
			}
		default:
			if member.Type != string(leaf.Type) {
				t.Errorf("%s: member %s is a %s, not a %s", at, f.Name, member.Type, leaf.Type)
			}
			for _, value := range leaf.Enum {
				if !slices.Contains(member.Values, value) {
					t.Errorf("%s: member %s lacks the value %s", at, f.Name, value)
				}
			}
		}
	}
}

func resolve(t *testing.T, doc *Document, schema *Schema) *Schema {
	t.Helper()
	if schema.Ref == "" {
		return schema
	}
	found := doc.Components.Schemas[strings.TrimPrefix(schema.Ref, "#/components/schemas/")]
	if found == nil {
		t.Fatalf("nothing at %s", schema.Ref)
	}
	return found
}

var refs = regexp.MustCompile(`"\$ref": "#/components/([a-z]+)/([^"]+)"`)

// What operations refer to is there, and nothing else is. Values are never
// closed: a generated client would refuse the next one.
func TestComponents(t *testing.T) {
	t.Parallel()
	doc := document(t)
	text, err := doc.JSON()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, m := range refs.FindAllStringSubmatch(string(text), -1) {
		used[m[1]+" "+m[2]] = true
	}
	have := map[string]bool{}
	for name := range doc.Components.Schemas {
		have["schemas "+name] = true
	}
	for name := range doc.Components.Parameters {
		have["parameters "+name] = true
	}
	for name := range doc.Components.Responses {
		have["responses "+name] = true
	}
	for name := range used {
		if !have[name] {
			t.Errorf("a reference leads to %s, which is not there", name)
		}
	}
	for name := range have {
		if !used[name] {
			t.Errorf("nothing refers to %s", name)
		}
	}
	if strings.Contains(string(text), `"enum":`) {
		t.Error("the document has a closed enum")
	}
}

// Components have the names of package api: a type, or a type with the operation
// whose requests require more of it. Bodies and answers have that of the operation.
func TestNamesAreThoseOfGo(t *testing.T) {
	t.Parallel()
	types := goTypes(t)
	for _, e := range known.Operations("") {
		op, err := known.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range op.Result {
			if slices.Contains(partial.Lists(), f.Name) { // one type in Go, many shapes
				eachType(f, func(name string) { types[e.Domain+"."+name] = true })
			}
		}
	}
	ops := map[string]bool{}
	for _, e := range known.Operations("") {
		ops[e.FullName()] = true
	}
	variants := 0
	for name := range document(t).Components.Schemas {
		domain, short, _ := strings.Cut(name, ".")
		base, of, variant := cutLast(short, "Of")
		switch {
		case name == "Envelope", types[name], ops[strings.TrimSuffix(name, "Body")], ops[strings.TrimSuffix(name, "Result")]:
		case variant && types[domain+"."+base] && ops[domain+"."+of]:
			variants++
		default:
			t.Errorf("package api has no %s", name)
		}
	}
	if variants == 0 || variants > 60 {
		t.Errorf("%d types have variants", variants)
	}
}

// eachType calls do with the types in f.
func eachType(f catalog.Field, do func(name string)) {
	if f.GoType != "" {
		do(f.GoType)
	}
	if f.Items != nil {
		eachType(*f.Items, do)
	}
	for _, member := range f.Fields {
		eachType(member, do)
	}
}

// cutLast splits s around the last sep that is followed by a capital letter.
func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// goTypes returns the types of package api, as components name them.
func goTypes(t *testing.T) map[string]bool {
	t.Helper()
	types := map[string]bool{}
	folders := map[string]string{"ttshop": "."} // by the name in components
	for _, domain := range known.Domains() {
		folders[domain] = filepath.Join("api", strings.ReplaceAll(domain, "_", ""))
	}
	for domain, folder := range folders {
		files, err := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files of domain %s (%v)", domain, err)
		}
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range file.Decls {
				if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.TYPE {
					for _, spec := range group.Specs {
						types[domain+"."+spec.(*ast.TypeSpec).Name.Name] = true
					}
				}
			}
		}
	}
	return types
}

func TestDomain(t *testing.T) {
	t.Parallel()
	doc, err := Build(known, Options{Domains: []string{"authorization"}, Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Tags) != 1 || len(operations(doc)) != len(known.Operations("authorization")) {
		t.Errorf("tags %v, %d operations", doc.Tags, len(operations(doc)))
	}
	for name := range doc.Components.Schemas {
		if name != "Envelope" && !strings.HasPrefix(name, "authorization.") {
			t.Errorf("component %s of another domain", name)
		}
	}
	if _, err := Build(known, Options{Domains: []string{"weather"}}); err == nil || !strings.Contains(err.Error(), `"weather"`) {
		t.Errorf("an unknown domain: %v", err)
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	doc, err := Build(known, Options{Domains: []string{"order"}, Examples: map[string]*Example{
		"order.GetOrderList": {
			Params: map[string]any{"page_size": 20},
			Body:   json.RawMessage(`{"order_status":"UNPAID"}`),
			Answer: json.RawMessage(`{"code":0,"message":"Success"}`),
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for key, op := range operations(doc) {
		shown := string(op.Responses["200"].Content["application/json"].Example)
		if op.OperationID != "order.GetOrderList" {
			if shown != "" {
				t.Errorf("%s has the example %s", key, shown)
			}
			continue
		}
		if shown != `{"code":0,"message":"Success"}` || string(op.RequestBody.Content["application/json"].Example) != `{"order_status":"UNPAID"}` {
			t.Errorf("answer %s, body %+v", shown, op.RequestBody)
		}
		for _, p := range op.Parameters {
			if want := map[string]string{"page_size": "20"}[p.Name]; string(p.Example) != want {
				t.Errorf("parameter %s has the example %s", p.Name, p.Example)
			}
		}
	}
}

func TestSameEveryTime(t *testing.T) {
	t.Parallel()
	text := func() string {
		doc, err := Build(known, Options{Domains: []string{"product"}, Version: "1"})
		if err != nil {
			t.Fatal(err)
		}
		b, err := doc.JSON()
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	first := text()
	for range 3 {
		if text() != first {
			t.Fatal("two documents of one catalogue differ")
		}
	}
}

func TestYAML(t *testing.T) {
	t.Parallel()
	doc := frame("1.2.3")
	doc.Components = Components{Schemas: map[string]*Schema{
		"on": {Type: "string", Values: []string{"A: b", "- c"}, Description: "Two\nlines <of> it's \"text\"."},
	}}
	doc.Info, doc.Servers, doc.Security = Info{}, nil, nil
	doc.Tags = []Tag{{Name: "true"}}
	got, err := doc.YAML()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "document.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		field catalog.Field
		want  string
		fails bool
	}{
		{catalog.Field{Type: catalog.String, Default: "ASC"}, `"ASC"`, false},
		{catalog.Field{Type: catalog.Integer, Default: "20"}, "20", false},
		{catalog.Field{Type: catalog.Boolean, Default: "false"}, "false", false},
		{catalog.Field{Type: catalog.Integer}, "", false},
		{catalog.Field{Type: catalog.Integer, Default: "many"}, "", true},
		{catalog.Field{Type: catalog.Integer, Default: `"20"`}, "", true},
	} {
		got, err := defaultOf(&test.field)
		if string(got) != test.want || (err != nil) != test.fails {
			t.Errorf("%+v: %s, %v", test.field, got, err)
		}
		if err == nil && got != nil && !json.Valid(got) {
			t.Errorf("%s is not JSON", got)
		}
	}
}
