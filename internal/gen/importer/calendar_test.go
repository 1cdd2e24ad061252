package importer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

const laterToys = `[
 {"operation": "GET /shelf/202601/shelves", "title": "GetShelves", "seen": "a public client", "grade": "D", "raw": "the answer was not seen",
  "scopes": ["seller.toy"], "scope_basis": "inferred", "shop_cipher": "required",
  "params": [{"name": "page_token", "in": "query", "type": "string"}]},
 {"operation": "POST /toy/202601/toys/search", "title": "SearchToys", "seen": "public copies", "grade": "A", "write": true, "partial": true,
  "scopes": ["seller.toy"], "scope_basis": "inferred", "body_type": "json", "codes": [36009003],
  "body": [{"name": "kinds", "type": "array", "items": {"type": "string", "enum": ["NEW", "OLD"]}}]},
 {"operation": "POST /toy/202602/toys/search", "title": "SearchToys", "seen": "a public client", "grade": "C", "like": "POST /toy/202601/toys/search",
  "scopes": ["seller.box"], "scope_basis": "inferred"},
 {"operation": "POST /toy/202602/boxes", "title": "MakeBox", "seen": "a public client", "grade": "B",
  "scopes": ["seller.box"], "scope_basis": "seen"}
]`

// What others saw of operations becomes part of the spec with where they saw it;
// scopes that are only inferred count where an older date has them.
func TestLaterOperations(t *testing.T) {
	t.Parallel()
	shop := newToyshop(t, toyDocument, toyFacts, map[string]string{"../additions/operations.json": laterToys})
	domains, err := Import(shop.archive, shop.specDir)
	if err != nil {
		t.Fatal(err)
	}
	if len(domains) != 2 || domains[0].Name != "shelf" {
		t.Fatalf("%d domains, the first is %s", len(domains), domains[0].Name)
	}
	got := map[string]*spec.Operation{}
	for _, d := range domains {
		for _, op := range d.Operations {
			if op.Seen != "" {
				got[op.Key()] = op
			}
		}
	}
	kinds := &spec.Field{Name: "kinds", Type: catalog.Array, Items: &spec.Field{Type: catalog.String, Enum: []string{"NEW", "OLD"}}}
	want := map[string]*spec.Operation{
		"GET /shelf/202601/shelves": {
			Method: "GET", Path: "/shelf/202601/shelves", Title: "GetShelves", Version: "202601", ShopCipher: catalog.RuleRequired,
			Params: []*spec.Field{{Name: "page_token", In: "query", Type: catalog.String}},
			Seen:   "a public client, grade D", Raw: "the answer was not seen",
		},
		"POST /toy/202601/toys/search": {
			Method: "POST", Path: "/toy/202601/toys/search", Title: "SearchToys", Version: "202601", Scopes: []string{"seller.toy"},
			Write: true, BodyType: catalog.BodyJSON, Codes: []int{36009003}, Body: []*spec.Field{kinds},
			Seen: "public copies, grade A; it may have more fields",
		},
		"POST /toy/202602/toys/search": {
			Method: "POST", Path: "/toy/202602/toys/search", Title: "SearchToys", Version: "202602",
			Seen: "a public client, grade C; fields that nobody saw on this date are those of POST /toy/202601/toys/search",
		},
		"POST /toy/202602/boxes": {
			Method: "POST", Path: "/toy/202602/boxes", Title: "MakeBox", Version: "202602", Scopes: []string{"seller.box"},
			Seen: "a public client, grade B",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("later operations (-want +got):\n%s", diff)
	}
}

// An added field may have the members of another one, values of its own, or no
// known type, which keeps it out.
func TestAddedShapes(t *testing.T) {
	t.Parallel()
	const search = "POST /toy/202309/toys/search "
	shop := newToyshop(t, toyDocument, toyFacts, map[string]string{"../additions/fields.json": `{
		"` + search + `result.others": {"type": "array", "items": "object", "like": "` + search + `result.toys", "seen": "release notes, grade B"},
		"` + search + `query.kind": {"type": "string", "enum": ["NEW"], "seen": "release notes, grade A"},
		"` + search + `body.riddle": {"type": "unknown", "seen": "release notes, grade A"}}`,
		"paging.json": `{"POST /toy/202309/toys/search": {"next": "next_page_token", "items": "toys", "reason": "r"}}`,
	})
	domains, err := Import(shop.archive, shop.specDir)
	if err != nil {
		t.Fatal(err)
	}
	op := domains[0].Operations[0]
	toys, others := spec.Find(op.Result, "toys"), spec.Find(op.Result, "others")
	if others == nil || others.Seen != "release notes, grade B" {
		t.Fatalf("the added list is %+v", others)
	}
	if diff := cmp.Diff(toys.Items, others.Items); diff != "" {
		t.Errorf("members of the list that is like another (-want +got):\n%s", diff)
	}
	if kind := spec.Find(op.Params, "kind"); kind == nil || kind.In != "query" || len(kind.Enum) != 1 {
		t.Errorf("the added parameter is %+v", kind)
	}
	if spec.Find(op.Body, "riddle") != nil {
		t.Error("a field of unknown type is in the body")
	}
}

func TestLaterOperationsRefuse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file, text, want string }{
		{"in the package", "operations", `[{"operation": "POST /toy/202309/toys/search", "title": "SearchToys"}]`, "in the package by now"},
		{"without a version", "operations", `[{"operation": "POST /toy/toys/search", "title": "SearchToys"}]`, "without a version"},
		{"unknown member", "operations", `[{"operation": "POST /toy/202601/toys", "source": "x"}]`, "source"},
		{"like nothing", "fields", `{"POST /toy/202309/toys/search body.x": {"type": "object", "like": "POST /toy/202309/toys/search body.y", "seen": "s"}}`, "there is no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			shop := newToyshop(t, toyDocument, toyFacts, map[string]string{"../additions/" + test.file + ".json": test.text})
			if _, err := Import(shop.archive, shop.specDir); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Import: %v, want an error with %q", err, test.want)
			}
		})
	}
}
