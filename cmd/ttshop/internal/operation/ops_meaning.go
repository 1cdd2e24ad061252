package operation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// writeMeaning writes, below the facts of a field, what it and each of its values
// mean, from column start on.
func writeMeaning(b *strings.Builder, f *catalog.Field, start, columns int) {
	d := f.Description
	if d == nil {
		return
	}
	write := func(text string, start int) {
		for _, line := range console.Wrap(strings.Fields(text), " ", max(columns-start, 30)) {
			b.WriteString(strings.Repeat(" ", start) + line + "\n")
		}
	}
	write(strings.Join(sentences(d), " "), start)
	for _, value := range enumOf(f) {
		if text := d.Values[value]; text != "" {
			write(value+": "+text, start+2)
		}
	}
}

// sentences returns the description of a field with its facts, as sentences.
func sentences(d *catalog.Description) []string {
	all := append([]string{d.Text}, d.Facts()...)
	if d.Deprecated != "" {
		all = append(all, "Deprecated: "+d.Deprecated)
	}
	return all
}

// enumOf returns the values of a field or of the items of an array.
func enumOf(f *catalog.Field) []string {
	for f.Type == catalog.Array && f.Items != nil {
		f = f.Items
	}
	return f.Enum
}

// withoutValues returns f, or a copy without values if they are described one by
// one.
func withoutValues(f *catalog.Field, told bool) *catalog.Field {
	if !told {
		return f
	}
	plain := *f
	plain.Enum = nil
	if f.Items != nil {
		plain.Items = withoutValues(f.Items, true)
	}
	return &plain
}

// writeNotes writes what happens before and after a call.
func writeNotes(b *strings.Builder, paint console.Painter, notes *catalog.Notes, columns int) {
	if notes == nil {
		return
	}
	write := func(title, text string) {
		if text == "" {
			return
		}
		fmt.Fprintf(b, "\n%s\n", paint.Bold(title))
		for _, line := range console.Wrap(strings.Fields(text), " ", columns-2) {
			b.WriteString("  " + line + "\n")
		}
	}
	write("Before", notes.Before)
	write("After", notes.After)
	write("Webhooks", strings.Join(notes.Webhooks, ", "))
	for i, code := range slices.Sorted(maps.Keys(notes.Codes)) {
		if i == 0 {
			fmt.Fprintf(b, "\n%s\n", paint.Bold("Codes to expect"))
		}
		for _, line := range console.Wrap(strings.Fields(code+": "+notes.Codes[code]), " ", columns-2) {
			b.WriteString("  " + line + "\n")
		}
	}
}
