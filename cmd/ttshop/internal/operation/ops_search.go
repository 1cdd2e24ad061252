package operation

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// What a search shows of what fields mean: this many hits, and none that is
// worth less than this share of the best.
const (
	mostHits   = 10
	worthShare = 0.4
)

func newOpsSearchCmd(sys *platform.Session) *cobra.Command {
	var o opsOptions
	cmd := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find operations by words, and by what their fields mean",
		Long: `Find the operations that the words likely mean, best first, in the words of
people, too: "print label", "reprice". Then those follow that have every word in
their name, path or summary; there, words match from their beginning: "ord"
finds orders. Then the fields and operations are listed whose descriptions fit
best, so that a question in plain words works, too; each with its sentence and
where it stands.

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
	entries := searchOperations(known, words)
	index, err := openIndex(known)
	if err != nil {
		return err
	}
	named := make(map[string]bool)
	for _, e := range entries {
		named[e.FullName()] = true
	}
	hits := best(rank(index, words), named)
	if o.JSON {
		found := make([]foundJSON, 0, len(entries)+len(hits))
		for _, e := range entries {
			found = append(found, foundJSON{entryJSON: newEntryJSON(e)})
		}
		for _, h := range hits {
			at := h.first()
			found = append(found, foundJSON{newEntryJSON(at.entry), at.path, at.part, h.text, h.commands()[1:]})
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
		h.write(&b, console.Painter(sys.Color), sys.Columns())
	}
	if b.Len() == 0 {
		fmt.Fprintf(sys.Err, "Nothing fits the words %q; fewer, shorter or other words may.\n", words)
		return nil
	}
	_, err = fmt.Fprint(sys.Out, b.String())
	return err
}

// searchOperations returns the operations that a question likely means, and then
// the others that have all of its words.
func searchOperations(known *catalog.Catalog, question string) []catalog.Entry {
	entries := likelyOperations(known, question)
	listed := make(map[string]bool)
	for _, e := range entries {
		listed[e.FullName()] = true
	}
	for _, e := range known.Search(question) {
		if !listed[e.FullName()] {
			entries = append(entries, e)
		}
	}
	return entries
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
func best(hits []hit, named map[string]bool) []hit {
	var shown []hit
	for _, h := range hits {
		if len(shown) == mostHits || h.score < hits[0].score*worthShare {
			break
		}
		if h.name != "" || !named[h.places[0].entry.FullName()] {
			shown = append(shown, h)
		}
	}
	return shown
}

// first returns the place that stands for the others: the newest version of the
// first operation.
func (h hit) first() place {
	first := h.places[0]
	for _, at := range h.places {
		if at.entry.Domain == first.entry.Domain && field.BaseName(at.entry.Name) == field.BaseName(first.entry.Name) && at.entry.Version() > first.entry.Version() {
			first = at
		}
	}
	return first
}

// commands returns the commands of the operations of a hit, each once.
func (h hit) commands() []string {
	var list []string
	seen := make(map[string]bool)
	for _, at := range h.places {
		command := field.Family{Name: field.BaseName(at.entry.Name), Versions: []catalog.Entry{at.entry}}.Command()
		if !seen[command] {
			seen[command] = true
			list = append(list, command)
		}
	}
	return list
}

// write writes a hit for people: where it stands, what it means, and the other
// operations that have it.
func (h hit) write(b *strings.Builder, paint console.Painter, columns int) {
	commands := h.commands()
	at := h.first()
	switch place := ", " + at.part + " of " + commands[0]; {
	case at.path == "":
		b.WriteString(paint.Bold(commands[0]) + "\n")
	case len(at.path)+len(place) <= columns:
		b.WriteString(paint.Bold(at.path) + place + "\n")
	default:
		b.WriteString(paint.Bold(at.path) + ",\n" + strings.TrimPrefix(place, ", ") + "\n")
	}
	text := h.text
	if n := len(commands) - 1; n > 0 {
		text += " Also in " + field.Listed(commands[1:], 3) + "."
	}
	for _, line := range console.Wrap(strings.Fields(text), " ", columns-2) {
		b.WriteString("  " + line + "\n")
	}
}
