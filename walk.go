package ttshop

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// RawItem makes an iterator of package api put the JSON of each item into raw
// before it yields the item: as the platform sent it, with the fields that no type
// knows. It is meant for the loop itself, not for items that [Prefetch] hands on
// later.
func RawItem(raw *json.RawMessage) CallOption { return func(c *call) { c.rawItem = raw } }

// Walk is [Pages] for the operations of package api: fetch gets the options of the
// call, and items is the dotted path in data to the list that it returns.
func Walk[T any](first, items string, options []CallOption, fetch func(token string, options []CallOption) ([]T, string, error)) iter.Seq2[T, error] {
	var asked call
	for _, option := range options {
		option(&asked)
	}
	if asked.rawItem == nil {
		return Pages(first, func(token string) ([]T, string, error) { return fetch(token, options) })
	}
	return func(yield func(T, error) bool) {
		var raws []json.RawMessage
		pages := Pages(first, func(token string) ([]T, string, error) {
			var answer []byte
			page, next, err := fetch(token, append(slices.Clone(options), func(c *call) { c.rawAnswer = &answer }))
			if err != nil {
				return page, next, err
			}
			if raws, err = rawItems(answer, items); err == nil && len(raws) != len(page) {
				err = fmt.Errorf("read raw items: %d of them for %d items", len(raws), len(page))
			}
			return page, next, err
		})
		for item, err := range pages {
			*asked.rawItem = nil
			if err == nil {
				*asked.rawItem, raws = raws[0], raws[1:]
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// rawItems returns the items of the list at a dotted path in the data of an answer.
func rawItems(answer []byte, path string) ([]json.RawMessage, error) {
	at := json.RawMessage(answer)
	for name := range strings.SplitSeq("data."+path, ".") {
		at = members(at)[name]
	}
	if at == nil {
		return nil, nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(at, &items); err != nil {
		return nil, fmt.Errorf("read raw items: %w", err)
	}
	return items, nil
}
