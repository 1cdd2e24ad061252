package sandbox_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// spot is a place in a snapshot: the bytes from start to end are its value.
type spot struct {
	path       string
	start, end int
}

// spots lists the places of a JSON document. Places whose paths differ by
// digits alone, such as positions and ids, are of one shape, and the first of
// them stands for all.
func spots(t testing.TB, document []byte) []spot {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(document))
	var all []spot
	var value func(path string)
	next := func() json.Token {
		token, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	value = func(path string) {
		start := int(decoder.InputOffset())
		for strings.IndexByte(" ,:\n", document[start]) >= 0 {
			start++
		}
		at := len(all)
		all = append(all, spot{path: path, start: start})
		switch next() {
		case json.Delim('{'):
			for decoder.More() {
				key := next().(string)
				value(path + "." + key)
			}
			next()
		case json.Delim('['):
			for i := 0; decoder.More(); i++ {
				value(fmt.Sprintf("%s[%d]", path, i))
			}
			next()
		}
		all[at].end = int(decoder.InputOffset())
	}
	value("")
	digits, seen := regexp.MustCompile(`[0-9]+`), map[string]bool{}
	return slices.DeleteFunc(all, func(s spot) bool {
		shape := digits.ReplaceAllString(s.path, "0")
		defer func() { seen[shape] = true }()
		return seen[shape]
	})
}

// mutations returns what stands in for a value, by the kind of the change.
func mutations(value []byte) map[string]string {
	wrong := map[string]string{"null": "null", "number": "7", "text": `"x"`, "list": "[]", "object": "{}"}
	switch value[0] {
	case '"':
		text := strings.Trim(string(value), `"`)
		maps.Copy(wrong, map[string]string{
			"empty": `""`, "dangling reference": `"7999999999999999999"`, "negative": `"-1"`, "huge": `"` + strings.Repeat("9", 40) + `"`,
			"overlong": `"` + strings.Repeat("long ", 40_000) + `"`, "longer": `"` + text + `0"`, "exponent": `"1e400"`,
		})
	case 't':
		wrong["turned"] = "false"
	case 'f':
		wrong["turned"] = "true"
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(value, &list) != nil || len(list) == 0 {
			break
		}
		put := func(kind string, list ...json.RawMessage) {
			raw, err := json.Marshal(list)
			if err != nil {
				panic(err)
			}
			wrong[kind] = string(raw)
		}
		put("missing element", list[1:]...)
		put("missing last element", list[:len(list)-1]...)
		put("duplicated element", append([]json.RawMessage{list[0]}, list...)...)
		put("list of null", json.RawMessage("null"))
		reversed := slices.Clone(list)
		slices.Reverse(reversed)
		put("reordered", reversed...)
		wrong["many elements"] = "[" + strings.Repeat(string(list[0])+",", min(20_000, 1<<21/len(list[0]))) + string(list[0]) + "]"
	case '{':
		var members map[string]json.RawMessage
		if json.Unmarshal(value, &members) != nil || len(members) == 0 {
			break
		}
		put := func(kind string, change func(m map[string]json.RawMessage, key string)) {
			m, key := maps.Clone(members), slices.Sorted(maps.Keys(members))[len(value)%len(members)]
			change(m, key)
			raw, err := json.Marshal(m)
			if err != nil {
				panic(err)
			}
			wrong[kind] = string(raw)
		}
		put("missing member", func(m map[string]json.RawMessage, key string) { delete(m, key) })
		put("wrong key", func(m map[string]json.RawMessage, key string) { m["7"+key] = m[key]; delete(m, key) })
		put("second key", func(m map[string]json.RawMessage, key string) { m[key+"1"] = m[key] })
		put("member of null", func(m map[string]json.RawMessage, key string) { m[key] = json.RawMessage("null") })
	case 'n':
	default:
		maps.Copy(wrong, map[string]string{
			"negative": "-1", "zero": "0", "largest": "9223372036854775807", "smallest": "-9223372036854775808", "beyond": "1e400",
			"seconds as milliseconds": string(value) + "000", "fraction": "0.5",
		})
	}
	return wrong
}

// mutation is one change of a snapshot.
type mutation struct {
	spot
	kind, to string
}

func (m mutation) String() string { return fmt.Sprintf("%s: %s (%.40s)", m.path, m.kind, m.to) }

func (m mutation) apply(document []byte) []byte {
	return slices.Concat(document[:m.start], []byte(m.to), document[m.end:])
}

// draw takes mutations of a document, each place before any comes twice.
func draw(t testing.TB, document []byte, count int, seed uint64) []mutation {
	t.Helper()
	all := spots(t, document)[1:]
	rng := rand.New(rand.NewPCG(1, seed))
	var list []mutation
	for len(list) < count {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, at := range all[:min(len(all), count-len(list))] {
			kinds := mutations(document[at.start:at.end])
			kind := slices.Sorted(maps.Keys(kinds))[rng.IntN(len(kinds))]
			list = append(list, mutation{at, kind, kinds[kind]})
		}
	}
	return list
}

// trim makes a snapshot small: of the orders of each shop it keeps a few of
// every state and those that somebody asks something about, with what belongs
// to them.
func trim(t testing.TB, snapshot []byte) []byte {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(snapshot))
	decoder.UseNumber()
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	for _, s := range document["shops"].([]any) {
		shop := s.(map[string]any)
		trade := shop["trade"].(map[string]any)
		kept, lines, states := map[any]bool{}, map[string]bool{}, map[any]int{}
		for _, table := range []string{"cancellations", "returns"} {
			requests := trade[table].(map[string]any)
			keys := slices.Sorted(maps.Keys(requests))
			for _, id := range keys[max(0, len(keys)-6):] {
				kept[requests[id].(map[string]any)["order_id"]] = true
				if order, ok := requests[id].(map[string]any)["replacement"]; ok {
					kept[order] = true
				}
			}
		}
		for _, b := range trade["bundles"].(map[string]any) {
			for _, id := range b.(map[string]any)["orders"].([]any) {
				kept[id] = true
			}
		}
		shop["orders"] = slices.DeleteFunc(shop["orders"].([]any), func(o any) bool {
			data := o.(map[string]any)["data"].(map[string]any)
			status := data["status"]
			if states[status]++; states[status] <= 2 || data["replaced_order_id"] != nil {
				kept[data["id"]] = true
			}
			if kept[data["id"]] {
				for _, line := range data["line_items"].([]any) {
					lines[line.(map[string]any)["id"].(string)] = true
				}
			}
			return !kept[data["id"]]
		})
		requests := map[any]bool{}
		for _, table := range []string{"cancellations", "returns"} {
			maps.DeleteFunc(trade[table].(map[string]any), func(id string, v any) bool {
				requests[id] = kept[v.(map[string]any)["order_id"]]
				return !requests[id]
			})
		}
		maps.DeleteFunc(trade["packages"].(map[string]any), func(_ string, v any) bool {
			return slices.ContainsFunc(v.(map[string]any)["parts"].([]any), func(p any) bool { return !kept[p.(map[string]any)["order_id"]] })
		})
		maps.DeleteFunc(trade["holds"].(map[string]any), func(id string, _ any) bool { return !lines[id] })
		list := func(in map[string]any, name string, fits func(m map[string]any) bool) {
			if all, ok := in[name].([]any); ok {
				in[name] = slices.DeleteFunc(all, func(v any) bool { return !fits(v.(map[string]any)) })
			}
		}
		list(trade, "refunds", func(m map[string]any) bool { return kept[m["order_id"]] })
		list(trade["deadlines"].(map[string]any), "queue", func(m map[string]any) bool {
			return kept[m["id"]] || requests[m["id"]] || m["kind"] == "chat"
		})
		if queue, ok := trade["deadlines"].(map[string]any)["queue"].([]any); ok {
			slices.SortFunc(queue, func(a, b any) int { // what is sorted is a heap
				number := func(v any, name string) int64 {
					n, err := v.(map[string]any)[name].(json.Number).Int64()
					if err != nil {
						t.Fatal(err)
					}
					return n
				}
				return cmp.Or(cmp.Compare(number(a, "at"), number(b, "at")), cmp.Compare(number(a, "turn"), number(b, "turn")))
			})
		}
	}
	raw, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
