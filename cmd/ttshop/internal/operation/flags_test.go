package operation

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// TestEveryFlagIsFree checks that no field of any operation has the name of a
// flag that all share: pflag would panic.
func TestEveryFlagIsFree(t *testing.T) {
	t.Parallel()
	everyOperation(t, func(op *catalog.Operation, command []string) {
		o := &operationOptions{op: op, family: field.Family{Name: op.Name, Versions: []catalog.Entry{op.Entry}}}
		shared := pflag.NewFlagSet("", pflag.ContinueOnError)
		o.addShared(shared)
		for _, f := range field.Flags(op) {
			if shared.Lookup(f.Name) != nil || f.Name == "set" || f.Name == "body" || f.Name == "help" {
				t.Errorf("%q: field %s has the name of another flag", command, f.Field.Name)
			}
		}
	})
}

func TestPageSize(t *testing.T) {
	t.Parallel()
	tests := []struct {
		field   catalog.Field
		walking bool
		limit   int
		want    int
	}{
		{catalog.Field{Default: "20", Min: "1", Max: "100"}, false, 0, 20},
		{catalog.Field{Default: "20", Min: "1", Max: "100"}, true, 0, 100},
		{catalog.Field{Min: "1", Max: "100"}, true, 7, 7},
		{catalog.Field{Min: "10", Max: "50"}, true, 7, 10},
		{catalog.Field{Max: "10"}, false, 0, 10},
		{catalog.Field{}, true, 0, 10},
		{catalog.Field{Default: "50"}, true, 500, 50},
	}
	for _, tt := range tests {
		if got := field.PageSize(&tt.field, tt.walking, tt.limit); got != tt.want {
			t.Errorf("%+v: %d", tt, got)
		}
	}
}

// everyOperation calls f for each operation of the catalogue with its command
// line.
func everyOperation(t *testing.T, f func(op *catalog.Operation, command []string)) {
	t.Helper()
	known := new(catalog.Catalog)
	for _, domain := range known.Domains() {
		for _, family := range field.Families(known, domain) {
			for _, e := range family.Versions {
				op, err := known.Describe(e)
				if err != nil {
					t.Fatal(err)
				}
				f(op, append(strings.Fields(family.Command()), "--api-version", e.Version()))
			}
		}
	}
}
