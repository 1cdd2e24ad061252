package answer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/itchyny/gojq"
	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// Options say how an answer is shown as a whole; ttshop call and the
// commands of the operations share them.
type Options struct {
	JSON    bool
	Raw     bool
	Include bool
}

// Add binds the flags.
func (o *Options) Add(flags *pflag.FlagSet) {
	flags.BoolVar(&o.JSON, "json", false, "answer on one line, with refusals in JSON")
	flags.BoolVar(&o.Raw, "raw", false, "print the whole answer as received")
	flags.BoolVarP(&o.Include, "include", "i", false, "also show HTTP status and headers")
}

// OutputOptions say how the command of an operation prints what comes back.
type OutputOptions struct {
	Options
	NDJSON   bool
	Table    bool
	Columns  []string
	JQ       string
	Template string

	query    *gojq.Code
	template *template.Template
	view     View
}

// Add binds the flags for the list of an operation.
func (o *OutputOptions) Add(flags *pflag.FlagSet, op *catalog.Operation) {
	o.Options.Add(flags)
	flags.BoolVar(&o.NDJSON, "ndjson", false, "print each item on a line of its own")
	if _, ok := ViewOf(op); ok {
		flags.BoolVar(&o.Table, "table", false, "print a table even with --all")
	}
	flags.StringSliceVar(&o.Columns, "columns", nil, "print a table of the fields at these `PATHS`, separated by commas")
	flags.StringVar(&o.JQ, "jq", "", "print what a jq `FILTER` makes of the data; with --ndjson, of each item")
	flags.StringVar(&o.Template, "template", "", "print the data by a Go `TEMPLATE`, with the functions json, join and time")
}

// Check refuses flags that make no sense together and reads filter, template
// and columns.
func (o *OutputOptions) Check(all, walking bool, op *catalog.Operation) error {
	var forms []string
	for _, form := range []struct {
		flag  string
		given bool
	}{
		{"--jq", o.JQ != ""}, {"--template", o.Template != ""}, {"--columns", len(o.Columns) > 0}, {"--table", o.Table}, {"--raw", o.Raw},
	} {
		if form.given {
			forms = append(forms, form.flag)
		}
	}
	switch {
	case len(forms) > 1:
		return console.Usagef("%s and %s cannot be used together", forms[0], forms[1])
	case o.NDJSON && len(forms) > 0 && forms[0] != "--jq":
		return console.Usagef("--ndjson and %s cannot be used together", forms[0])
	case walking && o.Raw:
		return console.Usagef("--raw shows one answer; it cannot be used with --all or --limit")
	case walking && o.Include:
		return console.Usagef("--include shows one answer; it cannot be used with --all or --limit")
	}
	if o.JQ != "" {
		query, err := gojq.Parse(o.JQ)
		if err != nil {
			return console.Usagef("--jq: %w", err)
		}
		if o.query, err = gojq.Compile(query); err != nil {
			return console.Usagef("--jq: %w", err)
		}
	}
	if o.Template != "" {
		var err error
		if o.template, err = template.New("--template").Funcs(templateFuncs()).Parse(o.Template); err != nil {
			return console.Usagef("%w", err)
		}
	}
	return o.chooseView(all, op)
}

// chooseView decides whether the answer becomes a table, and which. All pages
// become a table only if that is asked for.
func (o *OutputOptions) chooseView(all bool, op *catalog.Operation) error {
	if len(o.Columns) > 0 {
		var err error
		o.view, err = customView(op, o.Columns)
		return err
	}
	other := all || o.JSON || o.NDJSON || o.Raw || o.query != nil || o.template != nil
	if v, ok := ViewOf(op); ok && (o.Table || !other) {
		o.view = v
	}
	return nil
}

// templateFuncs are the functions of --template.
func templateFuncs() template.FuncMap {
	return template.FuncMap{
		"json": func(v any) (string, error) {
			var b bytes.Buffer
			err := console.WriteJSON(&b, v)
			return strings.TrimSuffix(b.String(), "\n"), err
		},
		"join": func(separator string, list []any) string {
			parts := make([]string, len(list))
			for i, item := range list {
				parts[i] = fmt.Sprint(item)
			}
			return strings.Join(parts, separator)
		},
		"time": func(v any) string { return cellTime(fmt.Sprint(v)) },
	}
}

// Print writes the answer to a single call.
func (o *OutputOptions) Print(ctx context.Context, sys *console.System, op *catalog.Operation, response *ttshop.Response) error {
	data := response.Data
	if len(data) == 0 {
		data = json.RawMessage("null")
	}
	switch {
	case o.NDJSON:
		if err := o.head(sys, response.Meta); err != nil {
			return err
		}
		return o.lines(ctx, sys, listOf(op, data))
	case o.query == nil && o.template == nil && o.view.Columns == nil:
		return o.Options.Print(sys, response)
	}
	if err := o.head(sys, response.Meta); err != nil {
		return err
	}
	if err := o.form(ctx, sys, data, listOf(op, data)); err != nil {
		return err
	}
	if o.view.Columns != nil && op.Paging != nil {
		if p, err := ReadPage(op.Paging, response); err == nil && p.Next != "" { // a hint for people
			fmt.Fprintln(sys.Err, moreText(len(p.Items), p.Total, NounOf(op)))
		}
	}
	return nil
}

// moreText tells people that there is more than is shown.
func moreText(shown, total int, noun string) string {
	text := fmt.Sprintf("These are the first %d %s", shown, noun)
	if total > shown {
		text = fmt.Sprintf("These are %d of %d %s", shown, total, noun)
	}
	return text + "; use --limit N for more, or --all for all."
}

// form writes data through filter, template or table. items are those of the list
// in data.
func (o *OutputOptions) form(ctx context.Context, sys *console.System, data json.RawMessage, items []json.RawMessage) error {
	if o.view.Columns != nil {
		return o.view.Write(sys, items)
	}
	value, err := field.DecodeJSON(data)
	if err != nil {
		return fmt.Errorf("format the answer: %w", err)
	}
	if o.query != nil {
		var b bytes.Buffer
		if err := o.filter(ctx, &b, value); err != nil {
			return err
		}
		return sys.WriteData(b.Bytes())
	}
	var b bytes.Buffer
	if err := o.template.Execute(&b, value); err != nil {
		return err // it begins with "template: --template"
	}
	if b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteByte('\n')
	}
	return sys.WriteData(b.Bytes())
}

// lines writes each item on a line, or what the filter makes of it.
func (o *OutputOptions) lines(ctx context.Context, sys *console.System, items []json.RawMessage) error {
	var b bytes.Buffer
	for _, item := range items {
		if o.query == nil {
			if err := json.Compact(&b, item); err != nil {
				return fmt.Errorf("format the answer: %w", err)
			}
			b.WriteByte('\n')
			continue
		}
		value, err := field.DecodeJSON(item)
		if err != nil {
			return fmt.Errorf("format the answer: %w", err)
		}
		if err := o.filter(ctx, &b, value); err != nil {
			return err
		}
	}
	return sys.WriteData(b.Bytes())
}

// filter writes the results of the jq filter for a value: texts as they are,
// others as JSON on a line.
func (o *OutputOptions) filter(ctx context.Context, w io.Writer, value any) error {
	var b bytes.Buffer
	results := o.query.RunWithContext(ctx, value)
	for {
		result, ok := results.Next()
		if !ok {
			break
		}
		switch result := result.(type) {
		case *gojq.HaltError:
			if result.Value() != nil {
				return fmt.Errorf("--jq: %w", result)
			}
			continue // halt: there is no next
		case error:
			return fmt.Errorf("--jq: %w", result)
		case string:
			b.WriteString(result)
		default:
			line, err := gojq.Marshal(result)
			if err != nil {
				return fmt.Errorf("--jq: %w", err)
			}
			b.Write(line)
		}
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}

// head writes status and headers, if they are asked for.
func (o *Options) head(sys *console.System, meta ttshop.Meta) error {
	if !o.Include {
		return nil
	}
	var b bytes.Buffer
	writeHead(&b, meta)
	return sys.WriteData(b.Bytes())
}

// Print writes the answer as JSON.
func (o *Options) Print(sys *console.System, response *ttshop.Response) error {
	data := response.Data
	if len(data) == 0 {
		data = json.RawMessage("null")
	}
	if o.JSON && o.Include && !o.Raw {
		return console.WriteJSON(sys.Out, struct {
			HTTPStatus int             `json:"http_status"`
			RequestID  string          `json:"request_id"`
			Header     http.Header     `json:"header"`
			Data       json.RawMessage `json:"data"`
		}{response.HTTPStatus, response.RequestID, response.Header, data})
	}
	var b bytes.Buffer
	if o.Include {
		writeHead(&b, response.Meta)
	}
	switch {
	case o.Raw:
		b.Write(response.Raw)
	case o.JSON:
		if err := json.Compact(&b, data); err != nil {
			return fmt.Errorf("format the answer: %w", err)
		}
	default:
		if err := json.Indent(&b, data, "", "  "); err != nil {
			return fmt.Errorf("format the answer: %w", err)
		}
	}
	b.WriteByte('\n')
	return sys.WriteData(b.Bytes())
}

// PrintRefused writes what the flags --raw and --include show of a refusal.
func PrintRefused(sys *console.System, meta ttshop.Meta, o Options) error {
	if meta.Header == nil || !o.Raw && !o.Include || o.JSON && !o.Raw {
		return nil
	}
	var b bytes.Buffer
	if o.Include {
		writeHead(&b, meta)
	}
	if o.Raw {
		b.Write(meta.Raw)
		b.WriteByte('\n')
	}
	return sys.WriteData(b.Bytes())
}

// writeHead writes status and headers the way HTTP/1 does.
func writeHead(b *bytes.Buffer, meta ttshop.Meta) {
	fmt.Fprintf(b, "HTTP %d %s\n", meta.HTTPStatus, http.StatusText(meta.HTTPStatus))
	names := make([]string, 0, len(meta.Header))
	for name := range meta.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range meta.Header[name] {
			fmt.Fprintf(b, "%s: %s\n", name, console.Printable(value))
		}
	}
	b.WriteByte('\n')
}

// listOf returns the items of the list in data, or data itself as the only item.
func listOf(op *catalog.Operation, data json.RawMessage) []json.RawMessage {
	path := listPath(op)
	if path == "" {
		return []json.RawMessage{data}
	}
	var items []json.RawMessage
	raw, err := RawAt(data, path)
	if err != nil || len(raw) > 0 && json.Unmarshal(raw, &items) != nil {
		return []json.RawMessage{data} // not the shape in the catalogue
	}
	return items
}

// A Sink takes the items of pages and prints them.
type Sink interface {
	Page(items []json.RawMessage) error
	End() error    // after it, everything before is complete
	Streams() bool // items are printed as they come
}

// Sink returns where the items of pages go.
func (o *OutputOptions) Sink(ctx context.Context, sys *console.System) Sink {
	switch {
	case o.NDJSON:
		return &lineSink{ctx: context.WithoutCancel(ctx), sys: sys, o: o}
	case o.view.Columns != nil, o.query != nil, o.template != nil:
		return &collectSink{ctx: context.WithoutCancel(ctx), sys: sys, o: o}
	}
	return &arraySink{w: sys.Out, compact: o.JSON}
}

// arraySink writes the items as one JSON array, page by page.
type arraySink struct {
	w       io.Writer
	compact bool
	begun   bool
	failed  bool
}

func (s *arraySink) Page(items []json.RawMessage) error {
	var b bytes.Buffer
	for _, item := range items {
		switch {
		case !s.begun:
			b.WriteByte('[')
		default:
			b.WriteByte(',')
		}
		s.begun = true
		if s.compact {
			if err := json.Compact(&b, item); err != nil {
				return fmt.Errorf("format the answer: %w", err)
			}
			continue
		}
		b.WriteString("\n  ")
		if err := json.Indent(&b, item, "  ", "  "); err != nil {
			return fmt.Errorf("format the answer: %w", err)
		}
	}
	_, err := s.w.Write(b.Bytes())
	s.failed = err != nil
	return err
}

func (s *arraySink) Streams() bool { return true }

func (s *arraySink) End() error {
	end := "\n]\n"
	switch {
	case s.failed:
		return nil // nothing reads the end
	case !s.begun:
		end = "[]\n"
	case s.compact:
		end = "]\n"
	}
	_, err := io.WriteString(s.w, end)
	return err
}

// lineSink writes each item on a line of its own, page by page.
type lineSink struct {
	ctx context.Context
	sys *console.System
	o   *OutputOptions
}

func (s *lineSink) Page(items []json.RawMessage) error { return s.o.lines(s.ctx, s.sys, items) }
func (s *lineSink) End() error                         { return nil }
func (s *lineSink) Streams() bool                      { return true }

// collectSink keeps the items and prints them at the end, so that filter, template
// and table see all of them.
type collectSink struct {
	ctx   context.Context
	sys   *console.System
	o     *OutputOptions
	items []json.RawMessage
}

func (s *collectSink) Page(items []json.RawMessage) error {
	s.items = append(s.items, items...)
	return nil
}

func (s *collectSink) Streams() bool { return false }

func (s *collectSink) End() error {
	if s.items == nil {
		s.items = []json.RawMessage{}
	}
	data, err := json.Marshal(s.items)
	if err != nil {
		return fmt.Errorf("format the answer: %w", err)
	}
	return s.o.form(s.ctx, s.sys, data, s.items)
}

// cellTime returns Unix seconds or milliseconds as a time for people, and
// other texts as they are.
func cellTime(text string) string {
	n, err := json.Number(text).Int64()
	switch {
	case err != nil:
		return text
	case n == 0:
		return ""
	case n > 1e11: // seconds reach this in the year 5138
		n /= 1000
	}
	return time.Unix(n, 0).UTC().Format("2006-01-02 15:04")
}
