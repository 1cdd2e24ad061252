package operation

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// positional returns the flags whose values may stand without the flag, in the
// order of the path: the ids in it or, where it has none, the only other field that
// is required, if that is an id or a list of them.
func (o *operationOptions) positional() []*field.Flag {
	var inPath, required []*field.Flag
	for _, f := range o.fields {
		name := f.Field.Name
		switch {
		case f.Field.In == "path":
			inPath = append(inPath, f)
		case f.Field.Required && name != "page_size" && name != field.AfterColon(o.op.IdempotencyKey):
			required = append(required, f)
		}
	}
	if len(inPath) > 0 {
		return inPath
	}
	if len(required) == 1 && isID(required[0].Field.Name) && !required[0].ReadsFiles() {
		return required
	}
	return nil
}

// isID reports whether a field holds ids by its name.
func isID(name string) bool {
	return name == "id" || name == "ids" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids")
}

// takesIDs checks the number of arguments.
func takesIDs(ids []*field.Flag) cobra.PositionalArgs {
	switch {
	case len(ids) == 0:
		return console.Takes(0, 0, "flags alone, no arguments")
	case ids[len(ids)-1].IsList():
		return nil
	}
	names := make([]string, len(ids))
	for i, f := range ids {
		names[i] = "--" + f.Name
	}
	return console.Takes(0, len(ids), "no more than the values of "+strings.Join(names, ", "))
}

// giveIDs puts the arguments into the flags that they stand for. The last takes the
// rest where it is a list.
func giveIDs(ids []*field.Flag, args []string) error {
	for i, arg := range args {
		f := ids[min(i, len(ids)-1)]
		if f.Given() && (i < len(ids) || !f.IsList()) {
			return console.Usagef("--%s is given twice: with the flag and without", f.Name)
		}
		if err := f.Set(arg); err != nil {
			return err
		}
	}
	return nil
}
