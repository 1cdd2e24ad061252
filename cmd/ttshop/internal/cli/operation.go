package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// operationOptions are the options of the command of an operation.
type operationOptions struct {
	connection
	fields     []*fieldFlag
	APIVersion string
	Body       string
	Set        []string
	NoCheck    bool

	All        bool
	Limit      int
	Parallel   int
	Checkpoint string

	output outputOptions
	send   sendOptions

	family family
	op     *catalog.Operation
}

// The sections of the help text of an operation.
const (
	sectionFlag   = "ttshop-section" // annotation of a flag that has one
	sectionFields = "Fields"
	sectionPages  = "Pages"
	sectionOutput = "Output"
	sectionSend   = "Sending"
	sectionWhom   = "Connection"
)

// sections returns the sections in the order of help texts.
func sections() []string {
	return []string{sectionFields, sectionPages, sectionOutput, sectionSend, sectionWhom}
}

// fillOperation makes the bare command of an operation whole: flags for the
// fields of the version that the arguments ask for, help and completion.
func fillOperation(cmd *cobra.Command, sys *System, known *catalog.Catalog, f family, args []string) error {
	entry, ok := f.version(flagValue(args, "api-version"))
	if !ok {
		entry = f.versions[0] // what --api-version says is refused when the command runs
	}
	op, err := known.Describe(entry)
	if err != nil {
		return err
	}
	o := &operationOptions{family: f, op: op}
	cmd.DisableFlagsInUseLine = true
	cmd.Use += " [FLAGS]"
	cmd.Long = o.long()
	cmd.Args = takes(0, 0, "flags alone, no arguments")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys, cmd) }
	o.addFlags(cmd, sys)
	cmd.Example = o.examples()
	return nil
}

// flagValue returns the value of a flag in arguments that are not yet parsed.
func flagValue(args []string, name string) string {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			return value
		}
		if arg == "--"+name && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// long returns the text about the operation.
func (o *operationOptions) long() string {
	op := o.op
	var b strings.Builder
	for _, line := range wrap(strings.Fields(sentence(op.Summary)+"."), " ", width) {
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "\n%s %s\n\n", op.Method, op.Path)
	var rows []row
	if len(o.family.versions) > 1 {
		rows = append(rows, row{"version", op.Version() + "; --api-version takes " + strings.Join(o.family.dates(), ", ")})
	}
	if op.Write {
		rows = append(rows, row{"writes", "yes; against a real shop it asks first, see --yes"})
	}
	if len(op.Scopes) > 0 {
		rows = append(rows, row{"scope", strings.Join(op.Scopes, ", ")})
	}
	switch op.ShopCipher {
	case catalog.RuleRequired:
		rows = append(rows, row{"shop", "needs a shop cipher"})
	case catalog.RuleOptional:
		rows = append(rows, row{"shop", "takes a shop cipher"})
	}
	switch op.AssetCipher {
	case catalog.RuleRequired:
		rows = append(rows, row{"asset", "needs --category-asset-cipher"})
	case catalog.RuleOptional:
		rows = append(rows, row{"asset", "takes --category-asset-cipher"})
	}
	if op.Page != "" {
		rows = append(rows, row{"page", op.Page})
	}
	_ = writeRows(&b, false, rows) // a strings.Builder takes everything
	b.WriteString("\nAll of its fields: ttshop ops describe " + op.FullName())
	return b.String()
}

// addFlags adds a flag for each field of the operation and those that all
// operations share.
func (o *operationOptions) addFlags(cmd *cobra.Command, sys *System) {
	shared := pflag.NewFlagSet("", pflag.ContinueOnError)
	shared.SortFlags = false
	o.addShared(shared)
	flags := cmd.Flags()
	flags.SortFlags = false
	o.fields = fieldFlags(o.op)
	for _, f := range o.fields {
		f.add(flags, o.op)
	}
	if o.op.BodyType == catalog.BodyJSON {
		flags.StringArrayVar(&o.Set, "set", nil, "a field of the body by its path, `PATH=VALUE`, such as skus[0].price.amount=9.90; can be repeated")
		flags.StringVar(&o.Body, "body", "", "the whole `BODY`: JSON, @FILE, or - for standard input; the other fields go on top of it")
	}
	endSection(flags, sectionFields)
	flags.SetNormalizeFunc(normalizer(o.op.Domain, o.fields, shared))
	shared.VisitAll(flags.AddFlag)
	o.addCompletion(cmd, sys)
}

// addShared adds the flags that do not come from the fields.
func (o *operationOptions) addShared(flags *pflag.FlagSet) {
	if o.op.Paging != nil {
		o.addWalk(flags)
		endSection(flags, sectionPages)
	}
	o.output.add(flags, o.op)
	endSection(flags, sectionOutput)
	o.send.add(flags, o.op.Write)
	flags.StringVar(&o.APIVersion, "api-version", "", "the `DATE` of the version; otherwise "+o.family.versions[0].Version())
	flags.BoolVar(&o.NoCheck, "no-check", false, "send it although fields are missing or of another type")
	endSection(flags, sectionSend)
	o.connection.add(flags)
	endSection(flags, sectionWhom)
}

// endSection puts the flags that are in no section yet into one.
func endSection(flags *pflag.FlagSet, section string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Annotations[sectionFlag] == nil {
			_ = flags.SetAnnotation(f.Name, sectionFlag, []string{section}) // the flag exists
		}
	})
}

// normalizer returns how flags may be written: with underscores too, and
// without the name of the domain, so that --status is --order-status.
func normalizer(domain string, fields []*fieldFlag, shared *pflag.FlagSet) func(*pflag.FlagSet, string) pflag.NormalizedName {
	taken := make(map[string]bool)
	for _, f := range fields {
		taken[f.name] = true
	}
	whole := make(map[string]string)
	for _, f := range fields {
		rest, ok := strings.CutPrefix(f.name, dashed(domain)+"-")
		if ok && !taken[rest] && shared.Lookup(rest) == nil {
			whole[rest] = f.name
		}
	}
	return func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		name = dashed(name)
		return pflag.NormalizedName(cmp.Or(whole[name], name))
	}
}

// run sends the request, or shows it.
func (o *operationOptions) run(ctx context.Context, sys *System, cmd *cobra.Command) error {
	if err := o.check(cmd.Flags()); err != nil {
		return err
	}
	in := &inputs{stdin: sys.In}
	r, err := o.request(sys, in)
	if err != nil {
		return err
	}
	defer r.close()
	if o.op.Write && !o.send.Yes && !o.send.shows() {
		if err := o.consent(ctx, sys, o.op.Method+" "+r.path, takesStdin(o.stdinFlags())); err != nil {
			return err
		}
	}
	var kept captured
	client, err := o.client(sys, in, o.send.source(&o.connection), o.send.transport(sys, &kept))
	if err != nil {
		return err
	}
	if client, err = o.bound(sys, client); err != nil {
		return err
	}
	caller := &operationCaller{client: client, op: o.op, request: r}
	switch {
	case o.send.shows():
		if _, err := caller.call(ctx, ""); err != nil {
			return err
		}
		return o.send.show(sys, &kept, curlParts(r.form, r.files), o.output.JSON)
	case o.sliced():
		return o.walkSlices(ctx, sys, caller)
	case o.All || o.Limit > 0:
		return o.walk(ctx, sys, caller)
	}
	return o.once(ctx, sys, caller)
}

// bound binds the client to the shop and the category asset. One that the
// operation needs must be there.
func (o *operationOptions) bound(sys *System, client *ttshop.Client) (*ttshop.Client, error) {
	switch {
	case o.NoCheck:
	case o.op.ShopCipher == catalog.RuleRequired && !o.NoShop && o.shop(sys) == "":
		return nil, usagef("the operation is about one shop: pass --shop-cipher, or set %s", envShopCipher)
	case o.op.AssetCipher == catalog.RuleRequired && o.AssetCipher == "":
		return nil, usagef("the operation is about one category asset: pass --category-asset-cipher")
	}
	return o.bind(sys, client, o.op), nil
}

// check refuses flags that make no sense together.
func (o *operationOptions) check(flags *pflag.FlagSet) error {
	if _, ok := o.family.version(o.APIVersion); !ok {
		return usagef("--api-version %s: %s has the versions %s", o.APIVersion, o.family.command(), strings.Join(o.family.dates(), ", "))
	}
	if err := o.connection.check(); err != nil {
		return err
	}
	if o.op.Paging != nil {
		if err := o.checkWalk(flags); err != nil {
			return err
		}
	}
	if err := o.send.check(); err != nil {
		return err
	}
	if err := o.output.check(o.All, o.All || o.Limit > 0, o.op); err != nil {
		return err
	}
	return oneStdin(o.stdinFlags()...)
}

// stdinFlags returns the flags that may read standard input.
func (o *operationOptions) stdinFlags() []param {
	readers := append(o.readers(), param{"--body", o.Body})
	for _, f := range o.fields {
		for _, text := range f.texts {
			if f.readsFiles() || f.field.Type == catalog.File {
				readers = append(readers, param{"--" + f.name, text})
			}
		}
	}
	return readers
}
