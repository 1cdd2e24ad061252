package sync

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// TestStreamsAndCatalogue holds the table of streams against the catalogue: a new
// release of the official files shows here what it changed.
func TestStreamsAndCatalogue(t *testing.T) {
	t.Parallel()
	streams, schema, err := Streams()
	if err != nil {
		t.Fatal(err)
	}
	if len(streams) < 9 {
		t.Errorf("%d streams", len(streams))
	}
	for _, s := range streams {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			op := s.operation
			if op.Write {
				t.Errorf("%s writes", op.FullName())
			}
			if op.ShopCipher == catalog.RuleAbsent {
				t.Errorf("%s takes no shop", op.FullName())
			}
			for name := range s.Query {
				mustHave(t, op.Params, name)
			}
			for name := range s.Body {
				mustHave(t, op.Body, name)
			}
			if value := s.Query["sort_field"]; value != "" {
				mustTake(t, mustHave(t, op.Params, "sort_field"), value)
			}
			if where, name, ok := strings.Cut(s.IDsIn, ":"); ok {
				fields := op.Params
				if where == "body" {
					fields = op.Body
				}
				f := mustHave(t, fields, name)
				if f.MaxItems > 0 && s.IDsAt > f.MaxItems {
					t.Errorf("%d ids at once in %s, which takes %d", s.IDsAt, name, f.MaxItems)
				}
			}
			checkPaging(t, s)
			checkFilter(t, s)
			for name, value := range requiredOf(op.Params) {
				sent := s.Query[name] != "" || name == "page_size" || strings.HasSuffix(s.IDsIn, ":"+name) || name == "sort_field" && s.Sorted
				if !sent {
					t.Errorf("the parameter %s (%s) is required and not sent", name, value)
				}
			}
			if s.Total {
				mustHave(t, op.Result, "total_count")
			}
			if s.DetailOf != nil && s.DetailOf.calls.Method != "GET" {
				t.Errorf("the detail is a %s", s.DetailOf.calls.Method)
			}
		})
	}
	checkSchema(t, schema)
}

func requiredOf(fields []catalog.Field) map[string]string {
	required := map[string]string{}
	for _, f := range fields {
		if f.Required {
			required[f.Name] = string(f.Type)
		}
	}
	return required
}

func checkPaging(t *testing.T, s *Stream) {
	t.Helper()
	switch {
	case (s.operation.Paging != nil) != (s.PageSize > 0):
		t.Errorf("pages of %d, and the catalogue has %+v", s.PageSize, s.operation.Paging)
	case s.PageSize > 0:
		where, name, _ := strings.Cut(s.operation.Paging.Size, ":")
		fields := s.operation.Params
		if where == "body" {
			fields = s.operation.Body
		}
		size := mustHave(t, fields, name)
		if size.Max != "" && size.Max != strconv.Itoa(s.PageSize) {
			t.Errorf("pages of %d, the largest are of %s", s.PageSize, size.Max)
		}
		if s.Items != s.operation.Paging.Items {
			t.Errorf("items at %s, not %s", s.Items, s.operation.Paging.Items)
		}
	}
}

func checkFilter(t *testing.T, s *Stream) {
	t.Helper()
	for _, member := range []string{s.created, s.updated} {
		if member == "" {
			continue
		}
		upper := member + "_lt"
		if s.Inclusive {
			upper = member + "_le"
		}
		all := slices.Concat(s.operation.Params, s.operation.Body)
		for _, name := range []string{member + "_ge", upper} {
			if f := mustHave(t, all, name); f.Kind != catalog.KindUnix {
				t.Errorf("%s is not in seconds", name)
			}
		}
		if s.Sorted {
			mustTake(t, mustHave(t, s.operation.Params, "sort_field"), member)
			mustTake(t, mustHave(t, s.operation.Params, "sort_order"), "ASC")
		}
		if s.table.Column(member) < 0 {
			t.Errorf("the rows have no %s", member)
		}
	}
	if s.Class == Updates && (s.updated == "" || s.created == "" || !s.Total) {
		t.Errorf("class %s needs both filters and a total", s.Class)
	}
}

func mustHave(t *testing.T, fields []catalog.Field, name string) catalog.Field {
	t.Helper()
	i := slices.IndexFunc(fields, func(f catalog.Field) bool { return f.Name == name })
	if i < 0 {
		t.Errorf("the catalogue has no field %s", name)
		return catalog.Field{}
	}
	return fields[i]
}

func mustTake(t *testing.T, f catalog.Field, value string) {
	t.Helper()
	if len(f.Enum) > 0 && !slices.Contains(f.Enum, value) {
		t.Errorf("%s does not take %s: %v", f.Name, value, f.Enum)
	}
}

// checkSchema sees to it that both databases take the names.
func checkSchema(t *testing.T, schema *Schema) {
	t.Helper()
	tables := map[string]bool{}
	for _, table := range schema.Tables {
		if tables[table.Name] {
			t.Errorf("two tables %s", table.Name)
		}
		tables[table.Name] = true
		columns := map[string]bool{"shop_id": true}
		for _, c := range table.Columns {
			name := strings.ToLower(c.Name)
			if columns[name] || len(name) > 63 || strings.HasPrefix(name, "_") {
				t.Errorf("table %s: column %s is there twice, too long, or reserved", table.Name, c.Name)
			}
			columns[name] = true
		}
		for _, key := range table.Key {
			if i := table.Column(key); i < 0 || table.Columns[i].Type != Text && key != "ordinal" {
				t.Errorf("table %s: key %s is not a text", table.Name, key)
			}
		}
	}
}

// TestNoDecimalIsAFloat looks for fields that the catalogue declares as numbers with a
// fraction: they are decimals here.
func TestNoDecimalIsAFloat(t *testing.T) {
	t.Parallel()
	c := column(catalog.Field{Name: "rate", Type: catalog.Number}, nil)
	for text, want := range map[string]string{"0.1": "0.1", "-12.300": "-12.300", `"7"`: "7", "1e3": "not", `"1,5"`: "not", `"NaN"`: "not"} {
		n, err := parseJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got, err := valueOf(&c, &n)
		if want == "not" {
			if err == nil {
				t.Errorf("%s is taken as %v", text, got)
			}
		} else if err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s is %v, %v; want %s", text, got, err, want)
		}
	}
}
