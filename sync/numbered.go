package sync

import (
	"bytes"
	"fmt"
	"slices"
)

// numberAll gives items of a stream whose items have no id one of their own.
func (s *Stream) numberAll(items []node, alike map[string]int) error {
	if s.number == nil {
		return nil
	}
	for i := range items {
		item, err := s.number(items[i], alike)
		if err != nil {
			return err
		}
		items[i] = item
	}
	return nil
}

// numbered returns a function that puts an item into an object beside an id: the hash of
// some of its members and a count of the items before it that have the same. The members
// have to be those that never change, and those that are alike have to come in one read
// from its first page to its last, as what was created in one second does.
func numbered(name string, members ...string) func(node, map[string]int) (node, error) {
	return func(item node, alike map[string]int) (node, error) {
		hash := item.hash(func(path []byte, _ string) bool { return !slices.Contains(members, string(path)) })
		alike[hash]++
		var b bytes.Buffer
		fmt.Fprintf(&b, `{"id":"%s-%d",%q:%s}`, hash, alike[hash], name, item.raw)
		return parseJSON(b.Bytes())
	}
}
