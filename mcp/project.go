package mcp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// project returns of v only the fields that paths name, such as orders.id. A path
// that ends at an object or a list takes all that is below. Lists need no mark.
func project(v any, paths []string) any {
	below := map[string][]string{}
	for _, path := range paths {
		name, rest, more := strings.Cut(strings.ReplaceAll(path, "[]", ""), ".")
		if !more {
			below[name] = []string{} // all of it
			continue
		}
		if whole, ok := below[name]; !ok || len(whole) > 0 {
			below[name] = append(below[name], rest)
		}
	}
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, member := range v {
			if rest, ok := below[name]; ok {
				if len(rest) > 0 {
					member = project(member, rest)
				}
				kept[name] = member
			}
		}
		return kept
	case []any:
		kept := make([]any, len(v))
		for i, item := range v {
			kept[i] = project(item, paths)
		}
		return kept
	}
	return v
}

// prune takes out what says nothing: empty texts, lists and objects, and nulls.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if member = prune(member); empty(member) {
				delete(v, name)
			} else {
				v[name] = member
			}
		}
	case []any:
		for i, item := range v {
			v[i] = prune(item)
		}
	}
	return v
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// size returns the tokens that a value takes as JSON.
func size(v any) int {
	b, err := json.Marshal(v)
	if err != nil {
		return maxTokens + 1 // it came from JSON
	}
	return Tokens(string(b))
}

// The steps of making an answer smaller, each with how long lists inside of items
// and texts may be, and how deep objects.
var steps = []struct{ list, text, depth int }{
	{20, 600, 12}, {5, 240, 12}, {3, 160, 8}, {1, 80, 5}, {1, 60, 3}, {0, 40, 2}, {0, 24, 1},
}

// shrink returns v within a number of tokens, and what was left out.
func shrink(v any, room int) (any, []string) {
	if size(v) <= room {
		return v, nil
	}
	for _, step := range steps {
		cut := cutter{list: step.list, text: step.text, left: map[string]bool{}}
		small := cut.value(v, "", step.depth)
		if size(small) <= room {
			return small, cut.omitted()
		}
	}
	return core(v, room), []string{"most of it: name the fields that you want in fields"}
}

// core returns the plain members of an object that there is room for, those first
// that say what it is.
func core(v any, room int) any {
	object, ok := v.(map[string]any)
	if !ok {
		return map[string]any{}
	}
	names := slices.SortedFunc(maps.Keys(object), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	small := map[string]any{}
	for _, name := range names {
		switch object[name].(type) {
		case map[string]any, []any:
			continue
		}
		small[name] = object[name]
		if size(small) > room {
			delete(small, name)
		}
	}
	return small
}

// rank orders the members of an object by what they say of it.
func rank(name string) int {
	switch {
	case name == "id" || strings.HasSuffix(name, "_id"):
		return 0
	case strings.Contains(name, "status"):
		return 1
	}
	return 2
}

// cutter makes a value smaller, and notes what it left out.
type cutter struct {
	list, text int
	left       map[string]bool
}

func (c *cutter) omitted() []string {
	all := make([]string, 0, len(c.left))
	for what := range c.left {
		all = append(all, what)
	}
	slices.Sort(all)
	const most = 12
	if len(all) > most {
		all = append(all[:most], fmt.Sprintf("and %d more", len(all)-most))
	}
	return all
}

func (c *cutter) value(v any, path string, depth int) any {
	switch v := v.(type) {
	case string:
		runes := []rune(v)
		if len(runes) <= c.text {
			return v
		}
		c.left[path+": the end of a text"] = true
		return string(runes[:c.text]) + "…"
	case map[string]any:
		if depth <= 0 {
			c.left[path] = true
			return nil
		}
		small := make(map[string]any, len(v))
		for name, member := range v {
			if cut := c.value(member, strings.TrimPrefix(path+"."+name, "."), depth-1); cut != nil {
				small[name] = cut
			}
		}
		return small
	case []any:
		keep := min(len(v), c.list)
		if keep < len(v) {
			c.left[fmt.Sprintf("%s: all but %d", path, keep)] = true
		}
		if depth <= 0 || keep == 0 && len(v) > 0 {
			return nil
		}
		small := make([]any, keep)
		for i := range keep {
			small[i] = c.value(v[i], path, depth)
		}
		return small
	}
	return v
}
