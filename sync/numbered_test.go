package sync

import (
	"slices"
	"testing"
)

// TestNumbered: items without an id get the same one in each read, whatever comes between
// them and whichever page they are on, and also once something about them has another
// name.
func TestNumbered(t *testing.T) {
	t.Parallel()
	read := func(pages ...[]string) (ids []string) {
		t.Helper()
		s := &Stream{number: numbered("record", "at", "goods", "goods.id")}
		alike := map[string]int{}
		for _, page := range pages {
			var items []node
			for _, text := range page {
				item, err := parseJSON([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				items = append(items, item)
			}
			if err := s.numberAll(items, alike); err != nil {
				t.Fatal(err)
			}
			for i, item := range items {
				ids = append(ids, item.get("id").text())
				if string(item.get("record").raw) != page[i] {
					t.Errorf("%s became %s", page[i], item.raw)
				}
			}
		}
		return ids
	}
	const a, b, renamed = `{"at":1,"goods":{"id":"7","name":"Mug"}}`, `{"at":2,"goods":{"id":"7","name":"Mug"}}`, `{"goods":{"name":"Cup","id":"7"},"at":1}`
	ids := read([]string{a, b}, []string{a})
	if len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 3 {
		t.Errorf("ids %q are not different", ids)
	}
	if again := read([]string{renamed}, []string{b, renamed}); again[0] != ids[0] || again[1] != ids[1] || again[2] != ids[2] {
		t.Errorf("ids %q, and %q another time", ids, again)
	}
	if alone := read([]string{a}); alone[0] != ids[0] {
		t.Errorf("the id depends on what else there is: %q and %q", alone[0], ids[0])
	}
}
