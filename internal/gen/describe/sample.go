package describe

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// Sample prints n described fields of all domains, drawn at random, with the
// official text where official is not nil: what a reader needs to find errors.
func Sample(w io.Writer, domains []*spec.Domain, n int, seed uint64, official *Official) error {
	type drawn struct {
		op    *spec.Operation
		path  string
		field *spec.Field
	}
	var all []drawn
	for _, d := range domains {
		for _, op := range d.Operations {
			op.WalkAll(func(path string, f *spec.Field) {
				if f.Doc != nil {
					all = append(all, drawn{op, strings.ReplaceAll(path, "[]", ""), f})
				}
			})
		}
	}
	draw := rand.New(rand.NewPCG(seed, seed))
	draw.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:min(n, len(all))]
	slices.SortStableFunc(all, func(a, b drawn) int {
		return cmp.Or(cmp.Compare(a.op.Path, b.op.Path), cmp.Compare(a.path, b.path))
	})
	buf := bufio.NewWriter(w)
	for i, s := range all {
		_, _ = fmt.Fprintf(buf, "%d. %s %s  (%s)\n   %s\n", i+1, s.op.Key(), s.path, known(s.field), facts(s.field.Doc)) // the buffer keeps the error
		for _, value := range slices.Sorted(maps.Keys(s.field.Doc.Values)) {
			_, _ = fmt.Fprintf(buf, "     %s: %s\n", value, s.field.Doc.Values[value])
		}
		if text := official.Text(s.op.Key(), s.path); text != "" {
			_, _ = fmt.Fprintf(buf, "   > %s\n", text)
		}
	}
	return buf.Flush()
}

// facts returns a description with all that stands beside its sentence.
func facts(d *catalog.Description) string {
	text := d.Text
	for _, fact := range []struct{ name, value string }{
		{"unit", d.Unit}, {"format", d.Format}, {"markets", strings.Join(d.Markets, " ")}, {"required if", d.RequiredIf},
		{"deprecated", d.Deprecated}, {"part of", d.Sum}, {"sign", d.Sign},
	} {
		if fact.value != "" {
			text += " [" + fact.name + ": " + fact.value + "]"
		}
	}
	return text
}
