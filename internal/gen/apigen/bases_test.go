package apigen

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/lock"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// No type shows a field that one of its operations never has.
func TestNoPhantoms(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "spec")
	domains, err := spec.Load(filepath.Join(root, "operations"))
	if err != nil {
		t.Fatal(err)
	}
	var over Overrides
	for name, v := range map[string]any{"names.json": &over, "methods.json": &over.Methods} {
		if err := spec.ReadJSON(filepath.Join(root, "overrides", name), v); err != nil {
			t.Fatal(err)
		}
	}
	names, err := lock.Load(filepath.Join(root, "names.lock"))
	if err != nil {
		t.Fatal(err)
	}
	api, err := New(domains, names, over)
	if err != nil {
		t.Fatal(err)
	}
	types := 0
	for _, d := range api.Domains {
		for _, c := range d.shown() {
			types++
			for _, field := range c.phantoms() {
				t.Errorf("%s.%s is never there for some of %d uses", d.Package, field, len(c.uses))
			}
		}
	}
	if types < 500 {
		t.Errorf("only %d types", types)
	}
}

// What two operations answer with for the most part is a type that both embed.
func TestCommonPartIsEmbedded(t *testing.T) {
	t.Parallel()
	const shared = "abcdefghijklmno"
	toy := func(own string) []*spec.Field {
		var fields []*spec.Field
		for _, name := range strings.Split(shared, "") {
			fields = append(fields, &spec.Field{Name: name, Type: catalog.String})
		}
		fields = append(fields, &spec.Field{Name: own, Type: catalog.String})
		return []*spec.Field{{Name: "toys", Type: catalog.Array, Items: &spec.Field{Type: catalog.Object, Fields: fields}}}
	}
	domain := &spec.Domain{Name: "toy_shop", Operations: []*spec.Operation{
		{Method: "GET", Path: "/toy_shop/202601/toys", Title: "GetToys", Version: "202601", Result: toy("weight")},
		{Method: "POST", Path: "/toy_shop/202601/toys/search", Title: "SearchToys", Version: "202601", Result: toy("rank")},
	}}
	names := new(lock.Lock)
	files := generate(t, []*spec.Domain{domain}, names)
	types := strings.Join(strings.Fields(files["toyshop/types.go"]), " ")
	for _, want := range []string{
		"// Toy is what [FoundToy] and [ToyDetail] have in common. type Toy struct { A string",
		"type ToyDetail struct { Toy Weight string `json:\"weight,omitzero\"` }",
		"type FoundToy struct { Toy Rank string `json:\"rank,omitzero\"` }",
	} {
		if !strings.Contains(types, want) {
			t.Errorf("no %q in %s", want, types)
		}
	}
	if again := generate(t, []*spec.Domain{domain}, names); again["toyshop/types.go"] != files["toyshop/types.go"] {
		t.Error("the second run differs")
	}
}
