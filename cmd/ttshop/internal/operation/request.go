package operation

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// operationRequest is the request of an operation, complete except for what the
// client adds.
type operationRequest struct {
	method   string
	path     string // escaped
	params   map[string]any
	members  map[string]any // of the JSON body; empty: no body
	verbatim []byte         // the JSON body as it was given, if no flag changed it
	form     *ttshop.Form
	files    map[string]string // names of the files of the form, by field
	uploads  *uploads
}

func (r *operationRequest) close() { r.uploads.close() }

// query returns the parameters that are not in the path.
func (r *operationRequest) query(op *catalog.Operation) url.Values {
	query := make(url.Values)
	for _, f := range op.Params {
		if value, ok := r.params[f.Name]; ok && f.In != "path" {
			query.Set(f.Name, field.QueryText(value))
		}
	}
	return query
}

// body returns the body as the client takes it.
func (r *operationRequest) body() any {
	switch {
	case r.form != nil:
		return r.form
	case r.verbatim != nil:
		return r.verbatim
	case len(r.members) > 0:
		return r.members
	}
	return nil
}

// request makes the request of the flags and checks it against the catalogue.
func (o *operationOptions) request(sys *platform.Session, in *field.Inputs) (*operationRequest, error) {
	r := &operationRequest{method: o.op.Method, params: make(map[string]any), uploads: &uploads{in: in}}
	if err := o.readBody(r, in); err != nil {
		return nil, err
	}
	if err := o.applyFields(r, in, sys.Now()); err != nil {
		return nil, err
	}
	for _, text := range o.Set {
		if err := o.applySet(r, text, sys.Now()); err != nil {
			return nil, err
		}
	}
	o.setPageSize(r)
	o.setIdempotencyKey(r)
	if err := o.verify(sys, r); err != nil {
		return nil, err
	}
	var err error
	if r.path, err = fillPath(o.op.Path, r.params); err != nil {
		return nil, err
	}
	if o.op.BodyType == catalog.BodyMultipart {
		if err := o.makeForm(r); err != nil {
			r.close()
			return nil, err
		}
	}
	return r, nil
}

// readBody reads the body that --body gives.
func (o *operationOptions) readBody(r *operationRequest, in *field.Inputs) error {
	text := o.Body
	if text == "" {
		return nil
	}
	if text == "-" {
		text = "@-"
	}
	b, err := in.Body("--body", text)
	if err != nil {
		return err
	}
	value, err := field.DecodeJSON(b)
	if err != nil {
		return console.Usagef("--body is not valid JSON: %w", err)
	}
	members, ok := value.(map[string]any)
	if !ok {
		return console.Usagef("--body expects a JSON object")
	}
	r.members, r.verbatim = members, b
	return nil
}

// member sets a member of the body.
func (r *operationRequest) member(name string, value any) {
	if r.members == nil {
		r.members = make(map[string]any)
	}
	r.members[name] = value
	r.verbatim = nil
}

// applyFields puts the flags of the fields into the request.
func (o *operationOptions) applyFields(r *operationRequest, in *field.Inputs, now time.Time) error {
	for _, f := range o.fields {
		if !f.Given() {
			continue
		}
		value, err := f.Value(in, now)
		if err != nil {
			return err
		}
		if f.Param {
			r.params[f.Field.Name] = value
		}
		if f.Member {
			r.member(f.Field.Name, value)
		}
	}
	return nil
}

// applySet puts PATH=VALUE of --set into the request.
func (o *operationOptions) applySet(r *operationRequest, text string, now time.Time) error {
	path, value, ok := strings.Cut(text, "=")
	if !ok {
		return console.Usagef("--set expects PATH=VALUE, such as skus[0].price.amount=9.90")
	}
	steps, err := field.ParsePath(path)
	if err != nil {
		return console.Usagef("--set: %w", err)
	}
	fields, into := o.op.Body, any(r.members)
	if r.members == nil {
		into = nil
	}
	param := field.Named(o.op.Body, steps[0].Name) == nil && field.Named(o.op.Params, steps[0].Name) != nil
	if param {
		fields, into = o.op.Params, r.params
	}
	s := field.Setter{Free: o.NoCheck, Leaf: func(f *catalog.Field, at string) (any, error) {
		value, err := field.ParseField(f, value, now)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		return value, nil
	}}
	set, err := s.Set(into, &catalog.Field{Type: catalog.Object, Fields: fields}, steps, "")
	if err != nil {
		return console.Usagef("--set: %w", err)
	}
	if !param {
		r.members, r.verbatim = set.(map[string]any), nil // set returns what it was given, an object
	}
	return nil
}

// setPageSize sets the page size if no flag does: the largest for walks, and
// otherwise only if the operation requires one.
func (o *operationOptions) setPageSize(r *operationRequest) {
	if o.op.Paging == nil || o.op.Paging.Size == "" {
		return
	}
	place, name, _ := strings.Cut(o.op.Paging.Size, ":")
	fields, values := o.op.Params, r.params
	if place == "body" {
		fields, values = o.op.Body, r.members
	}
	f := field.Named(fields, name)
	if _, given := values[name]; given || f == nil {
		return
	}
	walking := o.All || o.Limit > 0
	if !walking && !f.Required {
		return
	}
	size := field.PageSize(f, walking, o.Limit)
	var value any = json.Number(strconv.Itoa(size))
	if f.Type == catalog.String {
		value = strconv.Itoa(size)
	}
	if place == "body" {
		r.member(name, value)
	} else {
		r.params[name] = value
	}
}

// setIdempotencyKey gives a write a key of its own, by which the platform
// recognizes it.
func (o *operationOptions) setIdempotencyKey(r *operationRequest) {
	place, name, ok := strings.Cut(o.op.IdempotencyKey, ":")
	if !ok {
		return
	}
	values := r.params
	if place == "body" {
		values = r.members
	}
	if _, given := values[name]; given {
		return
	}
	if key := rand.Text(); place == "body" {
		r.member(name, key)
	} else {
		r.params[name] = key
	}
}

// verify checks the request against the catalogue. Missing fields and wrong types
// are errors; values and limits, which change, cause a warning.
func (o *operationOptions) verify(sys *platform.Session, r *operationRequest) error {
	if unknown := field.UnknownFields(o.op.Body, r.members, ""); len(unknown) > 0 && r.members != nil {
		sys.Warn("the catalogue does not know %s of %s; it is sent anyway", field.Listed(unknown, 8), o.op.FullName())
	}
	if o.NoCheck {
		return nil
	}
	var problems []field.Problem
	field.CheckObject(o.op.Params, r.params, "", &problems)
	if o.op.BodyType != catalog.BodyNone {
		field.CheckObject(o.op.Body, r.members, "", &problems)
	}
	for _, f := range o.op.Params {
		if text, ok := r.params[f.Name].(string); ok && text == "" && f.In == "path" {
			problems = append(problems, field.Problem{Path: f.Name, Text: "required, it is part of the path"})
		}
	}
	var lines []string
	for _, p := range slices.Compact(problems) {
		if p.Doubtful {
			sys.Warn("%s; it is sent anyway, and the platform decides", p)
		} else {
			lines = append(lines, p.String())
		}
	}
	switch len(lines) {
	case 0:
		return nil
	case 1:
		return console.Usagef("%s\nNothing was sent; pass --no-check to send it as it is.", lines[0])
	}
	return console.Usagef("%d problems:\n  %s\nNothing was sent; pass --no-check to send it as it is.", len(lines), strings.Join(lines, "\n  "))
}

// fillPath puts the parameters into a path.
func fillPath(path string, params map[string]any) (string, error) {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		value := field.QueryText(params[name])
		if params[name] == nil || value == "" {
			return "", console.Usagef("--%s: required, it is part of the path", field.Dashed(name))
		}
		segments[i] = url.PathEscape(value)
	}
	return strings.Join(segments, "/"), nil
}

// makeForm turns the members into a form and opens its files.
func (o *operationOptions) makeForm(r *operationRequest) error {
	r.form = &ttshop.Form{Fields: make(url.Values), Files: make(map[string]ttshop.File)}
	r.files = make(map[string]string)
	for _, f := range o.op.Body {
		value, ok := r.members[f.Name]
		if !ok {
			continue
		}
		text := field.QueryText(value)
		if f.Type != catalog.File {
			r.form.Fields.Set(f.Name, text)
			continue
		}
		name := strings.TrimPrefix(text, "@")
		file, err := r.uploads.open("--"+field.Dashed(f.Name), name)
		if err != nil {
			return err
		}
		r.form.Files[f.Name], r.files[f.Name] = file, name
	}
	return nil
}
