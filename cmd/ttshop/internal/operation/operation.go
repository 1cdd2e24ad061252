package operation

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// operationOptions are the options of the command of an operation.
type operationOptions struct {
	platform.Connection
	fields     []*field.Flag
	APIVersion string
	Body       string
	Set        []string
	NoCheck    bool

	All        bool
	Limit      int
	Parallel   int
	Checkpoint string

	output answer.OutputOptions
	send   sendOptions

	family field.Family
	op     *catalog.Operation
}

// The sections of the help text of an operation.
const (
	SectionFlag   = "ttshop-section" // annotation of a flag that has one
	sectionFields = "Fields"
	sectionPages  = "Pages"
	sectionOutput = "Output"
	sectionSend   = "Sending"
	SectionWhom   = "Connection"
)

// Sections returns the sections in the order of help texts.
func Sections() []string {
	return []string{sectionFields, sectionPages, sectionOutput, sectionSend, SectionWhom}
}

// fillOperation completes the bare command of an operation: flags for the fields
// of the version that the arguments ask for, help and completion.
func fillOperation(cmd *cobra.Command, sys *platform.Session, known *catalog.Catalog, f field.Family, args []string) error {
	entry, ok := f.Version(flagValue(args, "api-version"))
	if !ok {
		entry = f.Versions[0] // an unknown --api-version is refused when the command runs
	}
	op, err := known.Describe(entry)
	if err != nil {
		return err
	}
	o := &operationOptions{family: f, op: op}
	cmd.DisableFlagsInUseLine = true
	o.fields = field.Flags(o.op)
	ids := o.positional()
	for _, f := range ids {
		cmd.Use += " [" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")) + "]"
	}
	cmd.Use += " [FLAGS]"
	cmd.Long = o.long()
	cmd.Args = takesIDs(ids)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := giveIDs(ids, args); err != nil {
			return err
		}
		return o.run(cmd.Context(), sys, cmd)
	}
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
	for _, line := range console.Wrap(strings.Fields(field.Sentence(op.Summary)+"."), " ", console.Width) {
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "\n%s %s\n\n", op.Method, op.Path)
	var rows []console.Row
	if len(o.family.Versions) > 1 {
		rows = append(rows, console.Row{Label: "version", Value: op.Version() + "; --api-version takes " + strings.Join(o.family.Dates(), ", ")})
	}
	if op.Write {
		rows = append(rows, console.Row{Label: "writes", Value: "yes; it asks first if the shop is real, see --yes"})
	}
	if len(op.Scopes) > 0 {
		rows = append(rows, console.Row{Label: "scope", Value: strings.Join(op.Scopes, ", ")})
	}
	switch op.ShopCipher {
	case catalog.RuleRequired:
		rows = append(rows, console.Row{Label: "shop", Value: "needs a shop cipher"})
	case catalog.RuleOptional:
		rows = append(rows, console.Row{Label: "shop", Value: "takes a shop cipher"})
	}
	switch op.AssetCipher {
	case catalog.RuleRequired:
		rows = append(rows, console.Row{Label: "asset", Value: "needs --category-asset-cipher"})
	case catalog.RuleOptional:
		rows = append(rows, console.Row{Label: "asset", Value: "takes --category-asset-cipher"})
	}
	if op.Page != "" {
		rows = append(rows, console.Row{Label: "page", Value: op.Page})
	}
	_ = console.WriteRows(&b, false, rows) // a strings.Builder never fails
	b.WriteString("\nAll of its fields: ttshop ops describe " + op.FullName())
	return b.String()
}

// addFlags adds a flag for each field of the operation and those that all
// operations share.
func (o *operationOptions) addFlags(cmd *cobra.Command, sys *platform.Session) {
	shared := pflag.NewFlagSet("", pflag.ContinueOnError)
	shared.SortFlags = false
	o.addShared(shared)
	flags := cmd.Flags()
	flags.SortFlags = false
	for _, f := range o.fields {
		f.Add(flags, o.op)
	}
	if o.op.BodyType == catalog.BodyJSON {
		flags.StringArrayVar(&o.Set, "set", nil, "a field of the body by its path, `PATH=VALUE`, such as skus[0].price.amount=9.90; can be repeated")
		flags.StringVar(&o.Body, "body", "", "the whole `BODY`: JSON, @FILE, or - for standard input; the other fields override it")
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
	o.output.Add(flags, o.op)
	endSection(flags, sectionOutput)
	o.send.add(flags, o.op.Write)
	flags.StringVar(&o.APIVersion, "api-version", "", "the `DATE` of the version; default: "+o.family.Versions[0].Version())
	flags.BoolVar(&o.NoCheck, "no-check", false, "send it even if fields are missing or of the wrong type")
	endSection(flags, sectionSend)
	o.Connection.Add(flags)
	endSection(flags, SectionWhom)
}

// endSection puts the flags that are not in a section yet into one.
func endSection(flags *pflag.FlagSet, section string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Annotations[SectionFlag] == nil {
			_ = flags.SetAnnotation(f.Name, SectionFlag, []string{section}) // the flag exists
		}
	})
}

// normalizer returns how flags may also be written: with underscores, and without
// the name of the domain, so that --status is --order-status.
func normalizer(domain string, fields []*field.Flag, shared *pflag.FlagSet) func(*pflag.FlagSet, string) pflag.NormalizedName {
	taken := make(map[string]bool)
	for _, f := range fields {
		taken[f.Name] = true
	}
	whole := make(map[string]string)
	for _, f := range fields {
		rest, ok := strings.CutPrefix(f.Name, field.Dashed(domain)+"-")
		if ok && !taken[rest] && shared.Lookup(rest) == nil {
			whole[rest] = f.Name
		}
	}
	return func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		name = field.Dashed(name)
		return pflag.NormalizedName(cmp.Or(whole[name], name))
	}
}

// run sends the request, or shows it.
func (o *operationOptions) run(ctx context.Context, sys *platform.Session, cmd *cobra.Command) error {
	if err := o.check(cmd.Flags()); err != nil {
		return err
	}
	in := &field.Inputs{Stdin: sys.In}
	r, err := o.request(sys, in)
	if err != nil {
		return err
	}
	defer r.close()
	if o.op.Write && !o.send.Yes && !o.send.shows() {
		if err := o.Consent(ctx, sys, o.op.Method+" "+r.path, platform.TakesStdin(o.stdinFlags())); err != nil {
			return err
		}
	}
	var kept captured
	client, err := o.Client(sys, in, o.send.source(&o.Connection), o.send.transport(sys, &kept))
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

// bound binds the client to the shop and the category asset, and refuses to go on
// without one that the operation needs.
func (o *operationOptions) bound(sys *platform.Session, client *ttshop.Client) (*ttshop.Client, error) {
	switch {
	case o.NoCheck:
	case o.op.ShopCipher == catalog.RuleRequired && !o.NoShop && o.Shop(sys) == "":
		return nil, console.Usagef("the operation needs a shop: pass --shop-cipher, or set %s", platform.EnvShopCipher)
	case o.op.AssetCipher == catalog.RuleRequired && o.AssetCipher == "":
		return nil, console.Usagef("the operation needs a category asset: pass --category-asset-cipher")
	}
	return o.Bind(sys, client, o.op), nil
}

// check refuses flags that make no sense together.
func (o *operationOptions) check(flags *pflag.FlagSet) error {
	if _, ok := o.family.Version(o.APIVersion); !ok {
		return console.Usagef("--api-version %s: %s has the versions %s", o.APIVersion, o.family.Command(), strings.Join(o.family.Dates(), ", "))
	}
	if err := o.Connection.Check(); err != nil {
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
	if err := o.output.Check(o.All, o.All || o.Limit > 0, o.op); err != nil {
		return err
	}
	return field.OneStdin(o.stdinFlags()...)
}

// stdinFlags returns the flags that may read standard input.
func (o *operationOptions) stdinFlags() []field.Param {
	readers := append(o.Readers(), field.Param{Key: "--body", Value: o.Body})
	for _, f := range o.fields {
		for _, text := range f.Texts {
			if f.ReadsFiles() || f.Field.Type == catalog.File {
				readers = append(readers, field.Param{Key: "--" + f.Name, Value: text})
			}
		}
	}
	return readers
}

// addCompletion completes the values of the flags of an operation.
func (o *operationOptions) addCompletion(cmd *cobra.Command, sys *platform.Session) {
	complete := func(name string, values func(typed string) []string, directive cobra.ShellCompDirective) {
		_ = cmd.RegisterFlagCompletionFunc(name, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return values(typed), directive
		}) // the flag exists
	}
	const alone = cobra.ShellCompDirectiveNoFileComp
	for _, f := range o.fields {
		switch {
		case f.Field.Type == catalog.File:
			complete(f.Name, func(string) []string { return nil }, cobra.ShellCompDirectiveDefault)
		case f.ReadsFiles():
			complete(f.Name, func(string) []string { return nil }, alone)
		default:
			complete(f.Name, func(typed string) []string { return f.Complete(typed, o.described(f)) }, alone)
		}
	}
	complete("api-version", func(string) []string { return o.family.Dates() }, alone)
	complete("columns", func(typed string) []string {
		var words []string
		for _, at := range field.Paths(answer.ItemFields(o.withWords()), "[]") {
			words = append(words, console.Suggestion(at.Path, field.About(at.Field)))
		}
		return field.CompleteLast(typed, words)
	}, alone|cobra.ShellCompDirectiveNoSpace)
	if o.op.BodyType == catalog.BodyJSON {
		complete("set", o.completeSet, alone|cobra.ShellCompDirectiveNoSpace)
		complete("body", func(string) []string { return nil }, alone)
	}
	complete("shop-cipher", func(string) []string { return platform.ShopCiphers(cmd.Context(), sys) }, alone)
	for _, name := range []string{"jq", "template", "category-asset-cipher", "app-key", "secret", "endpoint", "limit"} {
		if cmd.Flags().Lookup(name) != nil {
			complete(name, func(string) []string { return nil }, alone)
		}
	}
}

// completeSet completes the path of --set, and then the value that the field
// there takes.
func (o *operationOptions) completeSet(typed string) []string {
	path, _, ok := strings.Cut(typed, "=")
	if !ok {
		var words []string
		for _, at := range field.Paths(o.withWords().Body, "[0]") {
			words = append(words, console.Suggestion(at.Path+"=", field.About(at.Field)))
		}
		return words
	}
	steps, err := field.ParsePath(path)
	if err != nil {
		return nil
	}
	f, err := answer.FieldAt(o.withWords().Body, steps)
	if err != nil || f == nil {
		return nil
	}
	var words []string
	for _, suggestion := range field.Suggestions(f) {
		words = append(words, path+"="+suggestion)
	}
	return words
}

// withWords returns the operation with its descriptions. Only completion reads
// them, since they take longer than the rest.
func (o *operationOptions) withWords() *catalog.Operation {
	op, err := new(catalog.Catalog).Explain(o.op.Entry)
	if err != nil {
		return o.op // completion does without
	}
	return op
}

// described returns the field of a flag with its description.
func (o *operationOptions) described(flag *field.Flag) *catalog.Field {
	op := o.withWords()
	fields := op.Params
	if !flag.Param {
		fields = op.Body
	}
	if f := field.Named(fields, flag.Field.Name); f != nil {
		return f
	}
	return flag.Field
}
