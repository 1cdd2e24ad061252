package main

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func TestExport(t *testing.T) {
	t.Parallel()
	shop := sandboxtest.Start(t).Shop("GB")
	since := time.Now().AddDate(0, 0, -20)
	var out strings.Builder
	if err := export(t.Context(), shop, since, &out); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want []string // one line per line item, newest first
	for o, err := range order.New(shop).SearchAll(t.Context(), &order.SearchParams{PageSize: 50}) {
		if err != nil {
			t.Fatal(err)
		}
		if o.CreateTime.Time().Before(since.Truncate(time.Second)) {
			break
		}
		for range o.LineItems {
			want = append(want, o.ID)
		}
	}
	slices.Reverse(want)
	var got []string
	for _, record := range records[1:] {
		got = append(got, record[0])
		if record[6] == "" || record[7] != "GBP" {
			t.Errorf("order %s: price %q %q", record[0], record[6], record[7])
		}
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("%d lines, want %d; or another order", len(got), len(want))
	}
}
