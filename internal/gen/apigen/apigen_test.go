package apigen

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/describe"
	"github.com/ttshop-go/ttshop/internal/gen/lock"
	"github.com/ttshop-go/ttshop/internal/gen/naming"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
	"github.com/ttshop-go/ttshop/internal/testdiff"
)

var update = flag.Bool("update", false, "write the golden files")

func load(t *testing.T) []*spec.Domain {
	t.Helper()
	domains, err := spec.Load(filepath.Join("testdata", "spec"))
	if err != nil {
		t.Fatal(err)
	}
	book, err := describe.Load(filepath.Join("testdata", "descriptions"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := book.Apply(domains); err != nil {
		t.Fatal(err)
	}
	return domains
}

var toyOverrides = Overrides{
	Operations: map[string]Rename{"toy_shop GetTOYDetail": {Name: "GetToyDetail", Reason: "capitals"}},
	Methods: Methods{
		Domains: map[string]naming.MethodRule{"toy_shop": {Drop: []string{"Toy"}}},
		Names:   map[string]Rename{"toy_shop CreateToy": {Name: "Add", Reason: "shorter"}},
	},
	Shapes: map[string]Rename{"amount,currency": {Name: "money", Reason: "one thing"}},
	Summaries: map[string]string{
		"GET /toy_shop/202309/toys/{toy_id}": "reads one toy.",
		"GET /toy_shop/202507/toys/{toy_id}": "reads one toy and whether it is sold.",
		"POST /toy_shop/202309/toys":         "creates a toy from at most nine parts, which must all be in stock when the call is made.",
		"POST /toy_shop/202309/toys/search":  "searches the toys of the shop.",
		"POST /toy_shop/202309/images":       "uploads an image.",
	},
}

// The generated source, file by file. Run with -update after a change that is
// meant, and read the diff.
func TestGolden(t *testing.T) {
	t.Parallel()
	names := new(lock.Lock)
	api, err := New(load(t), names, toyOverrides)
	if err != nil {
		t.Fatal(err)
	}
	files, err := Files(api)
	if err != nil {
		t.Fatal(err)
	}
	files["names.lock"] = names.Bytes()
	dir := filepath.Join("testdata", "golden")
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		for name, data := range files {
			path := filepath.Join(dir, filepath.FromSlash(name)+".golden")
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	golden, err := filepath.Glob(filepath.Join(dir, "*", "*.golden"))
	if err != nil {
		t.Fatal(err)
	}
	if len(golden)+1 != len(files) {
		t.Errorf("%d golden files in folders, %d generated", len(golden), len(files)-1)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		want, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)+".golden"))
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := testdiff.Diff(string(want), string(files[name])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A second run with the lock of the first changes nothing.
func TestRepeatable(t *testing.T) {
	t.Parallel()
	names := new(lock.Lock)
	first := generate(t, load(t), names)
	before := names.Bytes()
	again, err := lock.Parse(before)
	if err != nil {
		t.Fatal(err)
	}
	second := generate(t, load(t), again)
	if diff := testdiff.Diff(first, second); diff != "" {
		t.Errorf("the second run differs:\n%s", diff)
	}
	if string(again.Bytes()) != string(before) {
		t.Error("the second run changed the lock")
	}
	if gone := again.Unclaimed(); len(gone) > 0 {
		t.Errorf("the second run lost %v", gone)
	}
}

func generate(t *testing.T, domains []*spec.Domain, names *lock.Lock) map[string]string {
	t.Helper()
	api, err := New(domains, names, toyOverrides)
	if err != nil {
		t.Fatal(err)
	}
	files, err := Files(api)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, data := range files {
		out[name] = string(data)
	}
	return out
}

// A new date adds names and changes none, although it is newer than the one that
// has the bare name and its shapes differ.
func TestNewDateChangesNoName(t *testing.T) {
	t.Parallel()
	names := new(lock.Lock)
	generate(t, load(t), names)
	before := names.Bytes()

	domains := load(t)
	domains[0].Operations = append(domains[0].Operations, &spec.Operation{
		Method: "GET", Path: "/toy_shop/202612/toys/{toy_id}", Title: "GetTOYDetail", Version: "202612",
		Params: []*spec.Field{{Name: "toy_id", In: "path", Type: catalog.String, Required: true}},
		Result: []*spec.Field{{Name: "toy", Type: catalog.Object, Fields: []*spec.Field{
			{Name: "create_time", Type: catalog.String}, // an integer before
			{Name: "id", Type: catalog.String},
			{Name: "status", Type: catalog.String, Enum: []string{"HOT", "COLD"}},
		}}},
	})
	domains[0].Sort()
	later, err := lock.Parse(before)
	if err != nil {
		t.Fatal(err)
	}
	files := generate(t, domains, later)
	for line := range strings.Lines(string(before)) {
		if !strings.Contains(string(later.Bytes()), line) {
			t.Errorf("the lock lost %s", line)
		}
	}
	detail := files["toyshop/get.go"]
	for _, want := range []string{
		"func (s Service) GetV202612(", "Path:   \"/toy_shop/202612/toys/{toy_id}\"",
		"Newer dates: [Service.GetV202612]",
	} {
		if !strings.Contains(detail, want) {
			t.Errorf("no %q in\n%s", want, detail)
		}
	}
	added := strings.Join(later.Added(), "\n")
	if strings.Contains(added, " Toy\n") || strings.HasSuffix(added, " Toy") || strings.HasSuffix(added, " Status") {
		t.Errorf("a changed shape joined an old type:\n%s", added)
	}
}

// A field that a published type gets later joins it.
func TestLaterFieldJoinsType(t *testing.T) {
	t.Parallel()
	names := new(lock.Lock)
	generate(t, load(t), names)
	domains := load(t)
	for _, op := range domains[0].Operations {
		if op.Version == "202507" {
			toy := op.Result[0]
			toy.Fields = append(toy.Fields, &spec.Field{Name: "weight", Type: catalog.String})
		}
	}
	later, err := lock.Parse(names.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	files := generate(t, domains, later)
	if len(later.Added()) > 0 {
		t.Errorf("new names: %v", later.Added())
	}
	_, toy, _ := strings.Cut(files["toyshop/types.go"], "type Toy struct")
	toy, _, _ = strings.Cut(toy, "}")
	if !strings.Contains(toy, "Weight") {
		t.Errorf("Toy has no Weight:\n%s", toy)
	}
}

// A published type whose field changes is a human's decision.
func TestChangedFieldIsRefused(t *testing.T) {
	t.Parallel()
	names := new(lock.Lock)
	generate(t, load(t), names)
	domains := load(t)
	for _, op := range domains[0].Operations {
		if op.Key() == "GET /toy_shop/202309/toys/{toy_id}" {
			price := spec.Find(op.Result[0].Fields, "price") // of a type that others share
			price.Fields[0].Type = catalog.Integer
		}
	}
	if _, err := New(domains, names, toyOverrides); err == nil || !strings.Contains(err.Error(), "no longer agree") {
		t.Errorf("New: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	object := func(fields ...*spec.Field) []*spec.Field { return fields }
	for _, test := range []struct {
		name string
		op   spec.Operation
		want string
	}{
		{"two fields of one Go name", spec.Operation{Result: object(
			&spec.Field{Name: "sku_id", Type: catalog.String}, &spec.Field{Name: "sku-id", Type: catalog.String})}, "both SKUID"},
		{"unknown type", spec.Operation{Result: object(&spec.Field{Name: "x", Type: "null"})}, "unknown type"},
		{"name of more than forty characters", spec.Operation{Result: object(
			&spec.Field{Name: "a_noun_that_goes_on_and_on_and_never_ever_ends_at_all", Type: catalog.Object})}, "no free name of 40 characters"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			op := test.op
			op.Method, op.Path, op.Title, op.Version = "GET", "/toy/202309/toys", "GetToys", "202309"
			_, err := New([]*spec.Domain{{Name: "toy", Operations: []*spec.Operation{&op}}}, new(lock.Lock), Overrides{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("New: %v, want an error with %q", err, test.want)
			}
		})
	}
}
