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
	var c catalog.Catalog
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
			if (op.ShopCipher == catalog.RuleAbsent) != (s.OfSeller || s.Of != OfShop) {
				t.Errorf("%s takes a shop: %q, and its rows are the seller's: %v, a %s's", op.FullName(), op.ShopCipher, s.OfSeller, s.Of)
			}
			if (op.AssetCipher == catalog.RuleRequired) != (s.Of == OfPartner) {
				t.Errorf("%s takes a category asset: %q, and its rows are a %s's", op.FullName(), op.AssetCipher, s.Of)
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
			checkParts(t, s)
			checkDays(t, s)
			checkParent(t, s, streams)
			for name, value := range requiredOf(op.Params) {
				sent := s.Query[name] != "" || name == "page_size" || strings.HasSuffix(s.IDsIn, ":"+name) || name == "sort_field" && s.Sorted ||
					s.Class == Days && (name == "start_date_ge" || name == "end_date_lt")
				if !sent {
					t.Errorf("the parameter %s (%s) is required and not sent", name, value)
				}
			}
			for name := range requiredOf(op.Body) {
				if s.Body[name] == nil && s.parts()[0][name] == nil && !strings.HasSuffix(s.IDsIn, ":"+name) && name != "page_size" {
					t.Errorf("the member %s is required and not sent", name)
				}
			}
			for name, value := range s.Query {
				mustTake(t, mustHave(t, op.Params, name), value)
			}
			if s.Total {
				mustHave(t, op.Result, "total_count")
			}
			if s.Class == Updates && s.Single == nil && s.DetailOf == nil && s.IDsAt == 0 {
				t.Error("there is no way to ask about one row")
			}
			if s.Single != nil {
				op, _, err := describe(&c, s.Single.Operation)
				if err != nil {
					t.Fatal(err)
				}
				_, name, _ := strings.Cut(s.Single.IDsIn, ":")
				mustHave(t, op.Params, name)
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

// checkParts sees to it that the parts of a scan are all that there are.
func checkParts(t *testing.T, s *Stream) {
	t.Helper()
	if len(s.Parts) == 0 {
		return
	}
	for name := range s.Parts[0] {
		f := mustHave(t, s.operation.Body, name)
		var values []string
		for _, part := range s.Parts {
			values = append(values, fmt.Sprint(part[name]))
		}
		want := slices.Clone(f.Enum)
		slices.Sort(values)
		if slices.Sort(want); !slices.Equal(values, want) {
			t.Errorf("%s is asked for as %v, the catalogue has %v", name, values, want)
		}
	}
}

// checkDays sees to it that a day can be asked for, and that the answer says which is the
// latest.
func checkDays(t *testing.T, s *Stream) {
	t.Helper()
	if s.Class != Days {
		return
	}
	mustHave(t, s.operation.Params, "start_date_ge")
	mustHave(t, s.operation.Params, "end_date_lt")
	mustHave(t, s.operation.Result, "latest_available_date")
	if s.table.Key[0] != "day" {
		t.Errorf("its key %v does not begin with the day", s.table.Key)
	}
}

// checkParent looks for the columns by which a stream asks about its parent, and an audit
// bounds that. A parent can tell one stream of its changes.
func checkParent(t *testing.T, s *Stream, all []*Stream) {
	t.Helper()
	if s.Class != Details {
		return
	}
	parent := streamOf(all, s.Parent)
	if parent == nil || parent.Name != s.Parent {
		t.Fatalf("its parent is %q", s.Parent)
	}
	for _, column := range []string{s.ParentBy, s.Dated} {
		if column != "" && parent.table.Column(column) < 0 {
			t.Errorf("%s has no column %s", s.Parent, column)
		}
	}
	if s.ParentBy == "" && len(parent.table.Key) != 1 {
		t.Errorf("the key of %s has %d parts", s.Parent, len(parent.table.Key))
	}
	for _, other := range all {
		if other != s && other.Class == Details && other.Parent == s.Parent {
			t.Errorf("%s asks about the rows of %s as well", other.Name, s.Parent)
		}
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
