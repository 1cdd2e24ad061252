package operation

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/internal/ask"
)

// What a search shows of what fields mean: this many hits, and none that is
// worth less than this share of the best.
const (
	mostHits   = 10
	worthShare = 0.4
)

// besideFields is how many operations are shown for a question that likely asks for a
// field, so that the fields are seen.
const besideFields = 3

func newOpsSearchCmd(sys *platform.Session) *cobra.Command {
	var o opsOptions
	cmd := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find operations by words, and by what their fields mean",
		Long: `Find the operations that the words likely mean, best first. A path or a name
finds its operation, and so do the words of people: "print label", "which orders
are late?". Then those follow that have every word in their name, path or
summary; there, words match from their beginning: "ord" finds orders. Then the
fields and operations are listed whose descriptions fit best, each with its
sentence and where it stands. A question for a time or a number, such as "when
was it paid", shows three operations, and then the fields.

With --json each hit is an operation, with field, part (parameter, body or
answer), text and also (the other commands that have it) if it was found by what
it means.`,
		Example: `  ttshop ops search stock update
  ttshop ops search when was the parcel handed over
  ttshop ops search refund --json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return console.Usagef("ttshop ops search needs words to look for, such as: ttshop ops search stock update")
			}
			return o.search(sys, strings.Join(args, " "))
		},
	}
	o.add(cmd)
	return cmd
}

// foundJSON is a hit for machines.
type foundJSON struct {
	entryJSON
	Field string   `json:"field,omitempty"`
	Part  string   `json:"part,omitempty"`
	Text  string   `json:"text,omitempty"`
	Also  []string `json:"also,omitempty"`
}

func (o *opsOptions) search(sys *platform.Session, words string) error {
	known := new(catalog.Catalog)
	entries := ask.Operations(known, words)
	if ask.AsksForField(words) {
		entries = entries[:min(len(entries), besideFields)]
	}
	index, err := ask.OpenIndex(known)
	if err != nil {
		return err
	}
	named := make(map[string]bool)
	for _, e := range entries {
		named[e.FullName()] = true
	}
	hits := best(ask.Rank(index, words), named)
	if o.JSON {
		found := make([]foundJSON, 0, len(entries)+len(hits))
		for _, e := range entries {
			found = append(found, foundJSON{entryJSON: newEntryJSON(e)})
		}
		for _, h := range hits {
			at := firstPlace(h)
			found = append(found, foundJSON{newEntryJSON(at.Entry), at.Path, at.Part, h.Text, commandsOf(h)[1:]})
		}
		return console.WriteJSON(sys.Out, found)
	}
	var b strings.Builder
	WriteList(&b, familyRows(entries), sys.Columns())
	if len(entries) > 0 && len(hits) > 0 {
		b.WriteString("\n" + console.Painter(sys.Color).Bold("By what they mean") + "\n")
	}
	for i, h := range hits {
		if i > 0 {
			b.WriteByte('\n')
		}
		writeHit(&b, h, console.Painter(sys.Color), sys.Columns())
	}
	if b.Len() == 0 {
		fmt.Fprintf(sys.Err, "Nothing fits the words %q; fewer, shorter or other words may.\n", words)
		return nil
	}
	_, err = fmt.Fprint(sys.Out, b.String())
	return err
}

// familyRows returns a row for each command that entries belong to.
func familyRows(entries []catalog.Entry) []console.Row {
	var rows []console.Row
	shown := make(map[string]bool)
	for _, e := range entries {
		f := field.Family{Name: field.BaseName(e.Name), Versions: []catalog.Entry{e}}
		if command := f.Command(); !shown[command] {
			shown[command] = true
			rows = append(rows, console.Row{Label: command, Value: f.Short()})
		}
	}
	return rows
}

// best returns the hits that are worth showing, without the operations that
// were found by name.
func best(hits []ask.Hit, named map[string]bool) []ask.Hit {
	var shown []ask.Hit
	for _, h := range hits {
		if len(shown) == mostHits || h.Score < hits[0].Score*worthShare {
			break
		}
		if h.Name != "" || !named[h.Places[0].Entry.FullName()] {
			shown = append(shown, h)
		}
	}
	return shown
}

// firstPlace returns the place that stands for the others: the newest version of the
// first operation.
func firstPlace(h ask.Hit) ask.Place {
	first := h.Places[0]
	for _, at := range h.Places {
		if at.Entry.Domain == first.Entry.Domain && field.BaseName(at.Entry.Name) == field.BaseName(first.Entry.Name) && at.Entry.Version() > first.Entry.Version() {
			first = at
		}
	}
	return first
}

// commandsOf returns the commands of the operations of a hit, each once.
func commandsOf(h ask.Hit) []string {
	var list []string
	seen := make(map[string]bool)
	for _, at := range h.Places {
		command := field.Family{Name: field.BaseName(at.Entry.Name), Versions: []catalog.Entry{at.Entry}}.Command()
		if !seen[command] {
			seen[command] = true
			list = append(list, command)
		}
	}
	return list
}

// writeHit writes a hit for people: where it stands, what it means, and the other
// operations that have it.
func writeHit(b *strings.Builder, h ask.Hit, paint console.Painter, columns int) {
	commands := commandsOf(h)
	at := firstPlace(h)
	switch place := ", " + at.Part + " of " + commands[0]; {
	case at.Path == "":
		b.WriteString(paint.Bold(commands[0]) + "\n")
	case len(at.Path)+len(place) <= columns:
		b.WriteString(paint.Bold(at.Path) + place + "\n")
	default:
		b.WriteString(paint.Bold(at.Path) + ",\n" + strings.TrimPrefix(place, ", ") + "\n")
	}
	text := h.Text
	if n := len(commands) - 1; n > 0 {
		text += " Also in " + field.Listed(commands[1:], 3) + "."
	}
	for _, line := range console.Wrap(strings.Fields(text), " ", columns-2) {
		b.WriteString("  " + line + "\n")
	}
}
