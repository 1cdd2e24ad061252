package openapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
)

// Options choose what a document holds.
type Options struct {
	Domains []string // all where it is empty
	Version string   // of the document
	// Examples holds an example for each operation that has one, by full name.
	Examples map[string]*Example
}

// An Example is a call and its answer.
type Example struct {
	Params map[string]any  // of path and query, by name
	Body   json.RawMessage // nil where there is none
	Answer json.RawMessage // with its envelope
}

// Build makes the document of the operations that known has.
func Build(known *catalog.Catalog, o Options) (*Document, error) {
	b := &builder{
		known:   known,
		schemas: schemas{groups: map[string]*group{}, values: map[string]*values{}},
		doc:     frame(o.Version),

		examples: o.Examples,
	}
	domains := o.Domains
	if len(domains) == 0 {
		domains = known.Domains()
	}
	var ops []*catalog.Operation
	for _, domain := range domains {
		entries := known.Operations(domain)
		if len(entries) == 0 {
			return nil, fmt.Errorf("there is no domain %q", domain)
		}
		b.doc.Tags = append(b.doc.Tags, Tag{entries[0].Domain, "Operations below `/" + entries[0].Domain + "`."})
		for _, e := range entries {
			op, err := known.Explain(e)
			if err != nil {
				return nil, err
			}
			b.collect(op)
			ops = append(ops, op)
		}
	}
	b.name()
	for _, op := range ops {
		if err := b.add(op); err != nil {
			return nil, fmt.Errorf("%s: %w", op.FullName(), err)
		}
	}
	if err := b.schemas.add(b.doc.Components.Schemas); err != nil {
		return nil, err
	}
	b.addCodes(ops)
	return b.doc, nil
}

type builder struct {
	known *catalog.Catalog
	schemas
	doc      *Document
	examples map[string]*Example
}

// add adds an operation.
func (b *builder) add(op *catalog.Operation) error {
	out := &Operation{
		OperationID: op.FullName(),
		Tags:        []string{op.Domain},
		Summary:     op.Summary,
		Description: notesOf(op),
		External:    &External{"Official page", op.Page},
		Version:     op.Version(),
		Reads:       !op.Write,
		Scopes:      op.Scopes,
		Check:       op.Check,
		MaxBody:     op.MaxBody,
		Codes:       advice(b.known, op),
	}
	var err error
	if out.Idempotency, err = place(op.IdempotencyKey); err != nil {
		return err
	}
	for _, name := range op.Siblings {
		out.Versions = append(out.Versions, op.Domain+"."+name)
	}
	if op.Notes != nil {
		out.Webhooks = op.Notes.Webhooks
	}
	if p := op.Paging; p != nil {
		out.Paging = &Paging{Next: p.Next, Items: p.Items}
		if out.Paging.Token, err = place(p.Token); err != nil {
			return err
		}
		if out.Paging.Size, err = place(p.Size); err != nil {
			return err
		}
	}
	if out.Parameters, err = b.parameters(op); err != nil {
		return err
	}
	if out.RequestBody, err = b.body(op); err != nil {
		return err
	}
	if out.Responses, err = b.responses(op); err != nil {
		return err
	}
	if err := b.addExample(op, out); err != nil {
		return err
	}
	item := b.doc.Paths[op.Path]
	if item == nil {
		item = &PathItem{}
		b.doc.Paths[op.Path] = item
	}
	switch op.Method {
	case "GET":
		item.Get = out
	case "PUT":
		item.Put = out
	case "POST":
		item.Post = out
	case "DELETE":
		item.Delete = out
	default:
		return fmt.Errorf("method %s", op.Method)
	}
	return nil
}

// addExample shows a call of op, where there is one.
func (b *builder) addExample(op *catalog.Operation, out *Operation) error {
	example := b.examples[op.FullName()]
	if example == nil {
		return nil
	}
	for _, p := range out.Parameters {
		value, ok := example.Params[p.Name]
		if p.Ref != "" || !ok {
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("example of parameter %s: %w", p.Name, err)
		}
		p.Example = text
	}
	if out.RequestBody != nil && example.Body != nil {
		show(out.RequestBody.Content, example.Body)
	}
	show(out.Responses["200"].Content, example.Answer)
	return nil
}

func show(content map[string]Media, example json.RawMessage) {
	if media, ok := content["application/json"]; ok {
		media.Example = example
		content["application/json"] = media
	}
}

// place splits query:page_token.
func place(text string) (*Place, error) {
	if text == "" {
		return nil, nil
	}
	in, name, ok := strings.Cut(text, ":")
	if !ok || name == "" {
		return nil, fmt.Errorf("%q is not a place such as query:page_token", text)
	}
	return &Place{in, name}, nil
}

func (b *builder) parameters(op *catalog.Operation) ([]*Parameter, error) {
	var all []*Parameter
	for i := range op.Params {
		f := &op.Params[i]
		schema, err := b.value(op.Domain, []*catalog.Field{f}, true)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", f.Name, err)
		}
		if schema.Default, err = defaultOf(f); err != nil {
			return nil, fmt.Errorf("parameter %s: %w", f.Name, err)
		}
		p := &Parameter{Name: f.Name, In: f.In, Description: schema.Description, Required: f.Required, Deprecated: schema.Deprecated, Schema: schema}
		schema.Description, schema.Deprecated = "", false
		if f.Type == catalog.Array {
			p.Style, p.Explode = "form", new(bool)
		}
		all = append(all, p)
	}
	for _, cipher := range []struct {
		name string
		rule catalog.Rule
	}{{"ShopCipher", op.ShopCipher}, {"AssetCipher", op.AssetCipher}} {
		switch cipher.rule {
		case catalog.RuleRequired:
			all = append(all, &Parameter{Ref: "#/components/parameters/" + cipher.name})
		case catalog.RuleOptional:
			all = append(all, &Parameter{Ref: "#/components/parameters/Optional" + cipher.name})
		}
	}
	return all, nil
}

// defaultOf returns the value that the platform takes for a parameter that is
// left out.
func defaultOf(f *catalog.Field) (json.RawMessage, error) {
	if f.Default == "" {
		return nil, nil
	}
	value := json.RawMessage(f.Default)
	ok := false
	switch f.Type {
	case catalog.String:
		return json.Marshal(f.Default)
	case catalog.Boolean:
		ok = f.Default == "true" || f.Default == "false"
	case catalog.Integer, catalog.Number:
		ok = json.Valid(value) && json.Unmarshal(value, new(json.Number)) == nil && f.Default[0] != '"'
	}
	if !ok {
		return nil, fmt.Errorf("the default %s is not a value of type %s", f.Default, f.Type)
	}
	return value, nil
}

func (b *builder) body(op *catalog.Operation) (*RequestBody, error) {
	if op.BodyType == catalog.BodyNone || len(op.Body) == 0 {
		return nil, nil
	}
	if op.Raw { // what is in it is not known
		return &RequestBody{Content: map[string]Media{"application/json": {Schema: &Schema{Type: "object"}}}}, nil
	}
	schema, err := b.fields(op.Domain, op.Body, true)
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	name := op.FullName() + "Body"
	if err := b.addSchema(name, schema); err != nil {
		return nil, err
	}
	media := "application/json"
	if op.BodyType == catalog.BodyMultipart {
		media = "multipart/form-data"
	}
	return &RequestBody{
		Required: len(schema.Required) > 0 || op.BodyType == catalog.BodyMultipart,
		Content:  map[string]Media{media: {Schema: &Schema{Ref: ref(name)}}},
	}, nil
}

func (b *builder) responses(op *catalog.Operation) (map[string]*Response, error) {
	data := &Schema{Type: "object"}
	if len(op.Result) > 0 && !op.Raw {
		schema, err := b.fields(op.Domain, op.Result, false)
		if err != nil {
			return nil, fmt.Errorf("answer: %w", err)
		}
		name := op.FullName() + "Result"
		if err := b.addSchema(name, schema); err != nil {
			return nil, err
		}
		data = &Schema{Ref: ref(name)}
	}
	answer := &Schema{AllOf: []*Schema{{Ref: ref("Envelope")}, {Type: "object", Properties: map[string]*Schema{"data": {OneOf: []*Schema{data, {Type: "null"}}}}}}}
	return map[string]*Response{
		"200":     {Description: "Done where `code` is 0; otherwise refused, and `data` is null or absent.", Content: map[string]Media{"application/json": {Schema: answer}}},
		"default": {Ref: "#/components/responses/Refusal"},
	}, nil
}

func (b *builder) addSchema(name string, schema *Schema) error {
	if b.doc.Components.Schemas[name] != nil {
		return fmt.Errorf("two components are named %s", name)
	}
	b.doc.Components.Schemas[name] = schema
	return nil
}

// addCodes adds what the codes of operations mean, and those of the gateway.
func (b *builder) addCodes(ops []*catalog.Operation) {
	listed := map[int]bool{}
	for _, op := range ops {
		for _, code := range op.Codes {
			listed[code] = true
		}
	}
	for _, c := range b.known.Codes() {
		if listed[c.Code] || slices.Contains([]string{"gateway", "auth"}, c.Area) {
			b.doc.Codes[strconv.Itoa(c.Code)] = Code{string(c.Class), c.Meaning, c.Fix, string(c.Retry)}
		}
	}
}
