package describe

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// A group is the gaps of one field name under one parent.
type group struct {
	key    string
	gaps   []Gap
	texts  []string // official, the most frequent first
	values []string
}

// Worklist prints what is missing in a domain: for every group of fields of one
// name under one parent its key, type, facts, occurrences, and the official text
// where official is not nil.
func Worklist(w io.Writer, gaps []Gap, official *Official) error {
	groups := map[string]*group{}
	for _, gap := range gaps {
		key := gap.Path
		if parts := strings.Split(key, "."); len(parts) > 2 {
			key = strings.Join(parts[len(parts)-2:], ".")
		}
		g := groups[key]
		if g == nil {
			g = &group{key: key}
			groups[key] = g
		}
		g.gaps = append(g.gaps, gap)
		if text := official.Text(gap.Operation.Key(), gap.Path); text != "" && !slices.Contains(g.texts, text) {
			g.texts = append(g.texts, text)
		}
		for _, v := range gap.Values {
			if !slices.Contains(g.values, v) {
				g.values = append(g.values, v)
			}
		}
	}
	buf := bufio.NewWriter(w)
	for _, key := range slices.SortedFunc(maps.Keys(groups), func(a, b string) int {
		return cmp.Or(cmp.Compare(groups[a].gaps[0].Path, groups[b].gaps[0].Path), cmp.Compare(a, b))
	}) {
		groups[key].print(buf)
	}
	return buf.Flush()
}

func (g *group) print(w io.Writer) {
	first := g.gaps[0]
	missing := slices.ContainsFunc(g.gaps, func(gap Gap) bool { return gap.NoText })
	_, _ = fmt.Fprintf(w, "%s  (%s) ×%d", g.key, known(first.Field), len(g.gaps)) // the buffer keeps the error
	if !missing {
		_, _ = fmt.Fprint(w, " values only")
	}
	var places []string
	for _, gap := range g.gaps {
		if place := gap.Operation.Title + gap.Operation.Version + " " + gap.Path; !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	_, _ = fmt.Fprintf(w, "  at %s", places[0])
	if n := len(places); n > 1 {
		_, _ = fmt.Fprintf(w, " … %s", places[n-1])
	}
	_, _ = fmt.Fprintln(w)
	if len(g.values) > 0 {
		_, _ = fmt.Fprintf(w, "    values: %s\n", strings.Join(g.values, " "))
	}
	for i, text := range g.texts {
		if i == 2 {
			_, _ = fmt.Fprintf(w, "    > … and %d more wordings\n", len(g.texts)-2)
			break
		}
		_, _ = fmt.Fprintf(w, "    > %s\n", text)
	}
}

// known lists the facts that the spec has of a field.
func known(f *spec.Field) string {
	facts := []string{string(f.Type)}
	if f.Type == catalog.Array {
		facts[0] = "[]" + string(f.Leaf().Type)
	}
	add := func(name, value string) {
		if value != "" && value != "0" {
			facts = append(facts, name+value)
		}
	}
	add("", string(f.Leaf().Kind))
	if f.Required {
		add("", "required")
	}
	add("≥", f.Min)
	add("≤", f.Max)
	add("default ", f.Default)
	add("length≤", fmt.Sprint(f.MaxLength))
	add("items≤", fmt.Sprint(f.MaxItems))
	return strings.Join(facts, " ")
}
