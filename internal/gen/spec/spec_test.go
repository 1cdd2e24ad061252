package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/testdiff"
)

func toyDomain() *Domain {
	return &Domain{Name: "toy", Operations: []*Operation{{
		Method: "GET", Path: "/toy/202309/toys", Title: "GetToys", Version: "202309", Scopes: []string{"a", "b"}, Codes: []int{1, 2},
		Params: []*Field{{Name: "ids", In: "query", Type: catalog.Array, Required: true, MaxItems: 5, Items: &Field{Type: catalog.String}}},
		Result: []*Field{
			{Name: "toys", Type: catalog.Array, Items: &Field{Type: catalog.Object, Fields: []*Field{
				{Name: "id", Type: catalog.String},
				{Name: "status", Type: catalog.String, Enum: []string{"NEW", "OLD"}},
			}}},
		},
	}}}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	data, err := Encode(toyDomain())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`   "path": "/toy/202309/toys",`,
		`   "scopes": ["a", "b"],`,
		`       {"name": "status", "type": "string", "enum": ["NEW", "OLD"]}`,
	} {
		if !strings.Contains(string(data), "\n"+line+"\n") {
			t.Errorf("no line %q in\n%s", line, data)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "toy.json"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := testdiff.Diff([]*Domain{toyDomain()}, loaded); diff != "" {
		t.Errorf("written and read again (-want +got):\n%s", diff)
	}
	if err := os.WriteFile(filepath.Join(dir, "toy.json"), []byte(`{"domain": "toy", "surprise": 1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "surprise") {
		t.Errorf("an unknown member: %v", err)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	before, after := toyDomain(), toyDomain()
	op := after.Operations[0]
	op.Title = "ListToys"
	op.Params[0].Required = false
	toy := op.Result[0].Items
	toy.Fields[0].Type = catalog.Integer
	toy.Fields[1].Enum = []string{"NEW", "WORN"}
	toy.Fields = append(toy.Fields, &Field{Name: "price", Type: catalog.String, Kind: catalog.KindDecimal})
	after.Operations = append(after.Operations, &Operation{Method: "POST", Path: "/toy/202309/toys", Title: "CreateToy"})

	var report strings.Builder
	if err := Report(&report, Diff([]*Domain{before}, []*Domain{after})); err != nil {
		t.Fatal(err)
	}
	want := `~ GET /toy/202309/toys title GetToys → ListToys
~ GET /toy/202309/toys query.ids required true → false
~ GET /toy/202309/toys result.toys[].id type string → integer
+ GET /toy/202309/toys result.toys[].price string decimal
- GET /toy/202309/toys result.toys[].status value OLD
+ GET /toy/202309/toys result.toys[].status value WORN
+ POST /toy/202309/toys (CreateToy)
3 added, 1 removed, 3 changed
`
	if diff := testdiff.Diff(want, report.String()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if changes := Diff([]*Domain{before}, []*Domain{toyDomain()}); len(changes) > 0 {
		t.Errorf("equal specs differ: %v", changes)
	}
	if changes := Diff([]*Domain{before}, nil); len(changes) != 1 || changes[0].Op != "-" {
		t.Errorf("a removed operation: %v", changes)
	}
}
