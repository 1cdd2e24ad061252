package operation

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// callOptions are the options of ttshop call.
type callOptions struct {
	platform.Connection
	answer.Options
	sendOptions
	Method string
	Path   string
	Query  []string
	Data   string
	Fields []string
	Files  []string
}

// completeCall completes the method and the path of a call.
func completeCall(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var words []string
	switch len(args) {
	case 0:
		words = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete}
	case 1:
		for _, e := range new(catalog.Catalog).Operations("") {
			if strings.EqualFold(e.Method, args[0]) && strings.HasPrefix(e.Path, typed) {
				words = append(words, console.Suggestion(e.Path, field.Sentence(e.Summary)))
			}
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// NewCallCmd returns the command ttshop call.
func NewCallCmd(sys *platform.Session) *cobra.Command {
	var o callOptions
	cmd := &cobra.Command{
		Use: "call METHOD PATH",

		ValidArgsFunction: completeCall,

		Short: "Call any operation",
		Long: `Call any operation with the credentials of the environment and print the data
part of the answer. The app key, the timestamp, the signature, the token and
the shop cipher are added.

A refusal goes to standard error, with --json as an object of code, message,
request_id and http_status, and the exit code is 3. The same holds if the call
succeeded but items of a batch did not; the data is then printed as well.`,
		Example: `  ttshop call GET /authorization/202309/shops --no-shop
  ttshop call POST '/order/202309/orders/search?page_size=5'
  ttshop call POST /order/202309/orders/search -q page_size=5 \
    -d '{"order_status":"UNPAID"}'
  ttshop call POST /product/202309/images/upload --no-shop \
    --file data=@photo.png -F use_case=MAIN_IMAGE
  ttshop call GET /logistics/202309/warehouses --include`,
		Args: console.Takes(2, 2, "a method and a path"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Method, o.Path = strings.ToUpper(args[0]), args[1]
			if err := o.check(cmd.Flags().Changed("data")); err != nil {
				return err
			}
			return o.run(cmd.Context(), sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&o.Query, "query", "q", nil, "a query parameter `KEY=VALUE`; can be repeated")
	flags.StringVarP(&o.Data, "data", "d", "", "the JSON `BODY`: text, @FILE, or @- for standard input")
	flags.StringArrayVar(&o.Files, "file", nil, "a file to upload, `FIELD=@FILE`; can be repeated")
	flags.StringArrayVarP(&o.Fields, "field", "F", nil, "a form field `KEY=VALUE` of an upload; can be repeated")
	o.Options.Add(flags)
	o.sendOptions.add(flags, true)
	o.Connection.Add(flags)
	return cmd
}

// check refuses flags that make no sense together.
func (o *callOptions) check(hasData bool) error {
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	switch {
	case !slices.Contains(methods, o.Method):
		return console.Usagef("%q is not a method; use one of %s", o.Method, strings.Join(methods, ", "))
	case strings.Contains(console.Before(o.Path, "?"), "://"):
		return console.Usagef("give only the path, such as /order/202309/orders: the token is sent to the endpoint only, see --endpoint")
	case hasData && len(o.Files)+len(o.Fields) > 0:
		return console.Usagef("--data is a JSON body, --file and --field make a form; use one or the other")
	}
	if err := errors.Join(o.Connection.Check(), o.sendOptions.check()); err != nil {
		return err
	}
	return field.OneStdin(o.stdinFlags()...)
}

// stdinFlags returns the flags that may read standard input.
func (o *callOptions) stdinFlags() []field.Param {
	readers := append(o.Readers(), field.Param{Key: "--data", Value: o.Data})
	for _, text := range o.Files {
		_, name, _ := strings.Cut(text, "=")
		readers = append(readers, field.Param{Key: "--file", Value: name})
	}
	return readers
}

func (o *callOptions) run(ctx context.Context, sys *platform.Session) error {
	path, query, err := o.target()
	if err != nil {
		return err
	}
	op, err := o.operation(path)
	if err != nil {
		return err
	}
	in := &field.Inputs{Stdin: sys.In}
	body, done, err := o.body(in)
	if err != nil {
		return err
	}
	defer done()
	if writes := op == nil && o.Method != http.MethodGet || op != nil && op.Write; writes && !o.Yes && !o.shows() {
		if err := o.Consent(ctx, sys, o.Method+" "+path, platform.TakesStdin(o.stdinFlags())); err != nil {
			return err
		}
	}
	var kept captured
	client, err := o.Client(sys, in, o.source(&o.Connection), o.transport(sys, &kept))
	if err != nil {
		return err
	}
	client = o.Bind(sys, client, op)
	var meta ttshop.Meta
	options := []ttshop.CallOption{ttshop.CaptureMeta(&meta)}
	if op != nil {
		options = append(options, platform.AsOperation(op))
	}
	meter := sys.Progress(sys.System, "waiting for the platform")
	response, err := client.Call(ctx, o.Method, path, query, body, options...)
	meter.Stop()
	if err != nil {
		return errors.Join(err, answer.PrintRefused(sys.System, meta, o.Options))
	}
	if o.shows() {
		return o.show(sys, &kept, o.curlParts(body), o.JSON)
	}
	if err := o.Print(sys.System, response); err != nil {
		return err
	}
	return refusedItems(response, o.Method+" "+path)
}

// curlParts returns the parts of the form, the way curl takes them.
func (o *callOptions) curlParts(body any) []string {
	form, ok := body.(*ttshop.Form)
	if !ok {
		return nil
	}
	files := make(map[string]string)
	for _, text := range o.Files {
		field, name, _ := strings.Cut(text, "=@")
		files[field] = name
	}
	return curlParts(form, files)
}

// operation returns what the catalogue knows about the call, or nil.
func (o *callOptions) operation(path string) (*catalog.Operation, error) {
	var known catalog.Catalog
	entry, ok := known.Find(o.Method, path)
	if !ok {
		return nil, nil
	}
	return known.Describe(entry)
}

// target returns the path, and the parameters of the path and the flags; the
// flags take precedence.
func (o *callOptions) target() (string, url.Values, error) {
	path, rawQuery, _ := strings.Cut(o.Path, "?")
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return "", nil, console.Usagef("the query of the path cannot be read: %w", err)
	}
	given := make(url.Values)
	for _, text := range o.Query {
		key, value, err := field.KeyValue("--query", text)
		if err != nil {
			return "", nil, err
		}
		given.Add(key, value)
	}
	maps.Copy(query, given)
	for key, values := range query {
		if len(values) > 1 {
			return "", nil, console.Usagef("parameter %s is given %d times; a list is one value, separated by commas", key, len(values))
		}
	}
	return path, query, nil
}

// body returns the body as the client takes it, and a function that closes
// what it reads from.
func (o *callOptions) body(in *field.Inputs) (body any, done func(), err error) {
	nothing := func() {}
	if len(o.Files)+len(o.Fields) > 0 {
		return o.form(in)
	}
	data, err := in.Body("--data", o.Data)
	switch {
	case err != nil || len(data) == 0:
		return nil, nothing, err
	case !json.Valid(data):
		return nil, nothing, console.Usagef("--data is not valid JSON")
	}
	return data, nothing, nil
}

func (o *callOptions) form(in *field.Inputs) (body any, done func(), err error) {
	form := &ttshop.Form{Fields: make(url.Values), Files: make(map[string]ttshop.File)}
	uploads := &uploads{in: in}
	defer func() {
		if err != nil {
			uploads.close()
		}
	}()
	for _, text := range o.Fields {
		key, value, err := field.KeyValue("--field", text)
		if err != nil {
			return nil, nil, err
		}
		form.Fields.Add(key, value)
	}
	for _, text := range o.Files {
		field, name, ok := strings.Cut(text, "=@")
		if !ok || field == "" || name == "" {
			return nil, nil, console.Usagef("--file expects FIELD=@FILE, such as data=@photo.png")
		}
		if _, twice := form.Files[field]; twice {
			return nil, nil, console.Usagef("--file gives the field %s twice", field)
		}
		if form.Files[field], err = uploads.open("--file", name); err != nil {
			return nil, nil, err
		}
	}
	return form, uploads.close, nil
}
