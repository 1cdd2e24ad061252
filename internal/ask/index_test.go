package ask

import (
	"flag"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

var updateIndex = flag.Bool("update-index", false, "write index.bin.gz")

// The index has what the catalogue says.
func TestSearchIndex(t *testing.T) {
	t.Parallel()
	all, err := meanings(new(catalog.Catalog))
	if err != nil {
		t.Fatal(err)
	}
	checkIndexFile(t, "index.bin.gz", encodeIndex(all))
}

// A search in the index finds what a search in the catalogue itself finds.
func TestSearchIndexRanks(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	all, err := meanings(known)
	if err != nil {
		t.Fatal(err)
	}
	index, err := OpenIndex(known)
	if err != nil {
		t.Fatal(err)
	}
	for _, question := range []string{"when was the parcel handed over", "ship order", "how much commission does the platform charge", "refund", "zzzz", ""} {
		got, want := Rank(index, question), Rank(meaningList(all), question)
		if len(got) != len(want) {
			t.Errorf("%q: %d hits, want %d", question, len(got), len(want))
			continue
		}
		for i := range got[:min(len(got), 100)] { // far down, the last digit of a score decides
			if got[i].Name != want[i].Name || got[i].Text != want[i].Text || len(got[i].Places) != len(want[i].Places) || got[i].Places[0] != want[i].Places[0] {
				t.Errorf("%q: hit %d is %s %q, want %s %q", question, i, got[i].Name, got[i].Text, want[i].Name, want[i].Text)
				break
			}
		}
	}
}

// BenchmarkSearch is a whole search, as ttshop ops search begins it.
func BenchmarkSearch(b *testing.B) {
	for b.Loop() {
		known := new(catalog.Catalog)
		likelyOperations(known, "when was the parcel handed over")
		index, err := OpenIndex(known)
		if err != nil {
			b.Fatal(err)
		}
		if len(Rank(index, "when was the parcel handed over")) == 0 {
			b.Fatal("nothing found")
		}
	}
}
