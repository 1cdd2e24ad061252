package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// suggestFlags adds to the error about an unknown flag those that may have been
// meant.
func suggestFlags(cmd *cobra.Command, err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return invalidValue(invalid)
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 2 {
		return err
	}
	var names []string
	domain := ""
	if cmd.HasParent() {
		domain = cmd.Parent().Name()
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		names = append(names, f.Name)
		if short, ok := strings.CutPrefix(f.Name, domain+"-"); ok { // see normalizer
			names = append(names, short)
		}
	})
	near := console.Closest(field.Dashed(unknown.GetSpecifiedName()), names)
	if len(near) == 0 {
		return err
	}
	for i := range near {
		near[i] = "--" + near[i]
	}
	return console.Usagef("%w%s", err, console.DidYouMean(near))
}

// invalidValue says what a flag takes, rather than how it is read.
func invalidValue(err *pflag.InvalidValueError) error {
	wants := map[string]string{
		"int": "a whole number", "int64": "a whole number", "uint64": "a whole number of 0 or more", "float64": "a number",
		"bool": "true or false", "duration": "a duration such as 90s or 1h",
	}[err.GetFlag().Value.Type()]
	if wants == "" {
		return console.Usagef("%w", err)
	}
	return console.Usagef("--%s takes %s, not %q", err.GetFlag().Name, wants, err.GetValue())
}

// suggestOperations adds to the error about an unknown command the operations that
// may have been meant.
func suggestOperations(err error, args []string) error {
	if len(args) == 0 || !strings.HasPrefix(err.Error(), "unknown command") || strings.Contains(err.Error(), "Did you mean") {
		return err
	}
	known, name := new(catalog.Catalog), strings.ReplaceAll(args[0], "-", "")
	commands := field.SameNames(known, name)
	if len(commands) == 0 {
		commands = field.CloseOperations(known, name)
	}
	return fmt.Errorf("%w%s", err, console.DidYouMean(commands))
}
