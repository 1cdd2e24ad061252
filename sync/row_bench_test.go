package sync

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"
)

// BenchmarkRow makes rows of a page of orders, people's data hashed or kept, beside the
// decoding of the same bytes by encoding/json. The ratio is the median of rounds that
// take turns.
func BenchmarkRow(b *testing.B) {
	table := ordersTable(b)
	text, err := os.ReadFile("testdata/order.json")
	if err != nil {
		b.Fatal(err)
	}
	var order bytes.Buffer
	if err := json.Compact(&order, text); err != nil {
		b.Fatal(err)
	}
	page := slices.Concat([]byte(`{"orders":[`), bytes.Join(slices.Repeat([][]byte{order.Bytes()}, 100), []byte(",")), []byte(`]}`))
	for _, kind := range []struct {
		name   string
		people People
	}{{"kept", People{Keep: true}}, {"hashed", People{Key: []byte("k")}}} {
		b.Run(kind.name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			var ratios []float64
			for b.Loop() {
				began := time.Now()
				var decoded any
				if err := json.Unmarshal(page, &decoded); err != nil {
					b.Fatal(err)
				}
				bare := time.Since(began)
				began = time.Now()
				answer, err := parseJSON(page)
				if err != nil {
					b.Fatal(err)
				}
				m := rowMaker{table: table, people: newMasker(kind.people)}
				for _, item := range answer.get("orders").items {
					if _, ok := m.make(item, "", 1); !ok {
						b.Fatal("an order is not a row")
					}
				}
				ratios = append(ratios, float64(bare)/float64(time.Since(began)))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "x-decoding")
		})
	}
}
