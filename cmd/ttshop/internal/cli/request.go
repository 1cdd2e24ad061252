package cli

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
)

// operationRequest is the request of an operation, whole but for what the
// client adds.
type operationRequest struct {
	method   string
	path     string // escaped
	params   map[string]any
	members  map[string]any // of the JSON body; empty: no body
	verbatim []byte         // the JSON body as it was given, where nothing was put on top
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
			query.Set(f.Name, queryText(value))
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
func (o *operationOptions) request(sys *System, in *inputs) (*operationRequest, error) {
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
func (o *operationOptions) readBody(r *operationRequest, in *inputs) error {
	text := o.Body
	if text == "" {
		return nil
	}
	if text == "-" {
		text = "@-"
	}
	b, err := in.body("--body", text)
	if err != nil {
		return err
	}
	value, err := decodeJSON(b)
	if err != nil {
		return usagef("--body is not valid JSON: %w", err)
	}
	members, ok := value.(map[string]any)
	if !ok {
		return usagef("--body wants a JSON object")
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
func (o *operationOptions) applyFields(r *operationRequest, in *inputs, now time.Time) error {
	for _, f := range o.fields {
		if !f.given() {
			continue
		}
		value, err := f.value(in, now)
		if err != nil {
			return err
		}
		if f.param {
			r.params[f.field.Name] = value
		}
		if f.member {
			r.member(f.field.Name, value)
		}
	}
	return nil
}

// applySet puts PATH=VALUE of --set into the request.
func (o *operationOptions) applySet(r *operationRequest, text string, now time.Time) error {
	path, value, ok := strings.Cut(text, "=")
	if !ok {
		return usagef("--set wants PATH=VALUE, such as skus[0].price.amount=9.90")
	}
	steps, err := parsePath(path)
	if err != nil {
		return usagef("--set: %w", err)
	}
	fields, into := o.op.Body, any(r.members)
	if r.members == nil {
		into = nil
	}
	param := fieldNamed(o.op.Body, steps[0].name) == nil && fieldNamed(o.op.Params, steps[0].name) != nil
	if param {
		fields, into = o.op.Params, r.params
	}
	s := setter{free: o.NoCheck, leaf: func(f *catalog.Field, at string) (any, error) {
		value, err := parseField(f, value, now)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		return value, nil
	}}
	set, err := s.set(into, &catalog.Field{Type: catalog.Object, Fields: fields}, steps, "")
	if err != nil {
		return usagef("--set: %w", err)
	}
	if !param {
		r.members, r.verbatim = set.(map[string]any), nil // set returns what it was given, an object
	}
	return nil
}

// setPageSize gives the size of pages where the flags do not: the largest when
// pages are walked, and otherwise only where the operation wants one.
func (o *operationOptions) setPageSize(r *operationRequest) {
	if o.op.Paging == nil || o.op.Paging.Size == "" {
		return
	}
	place, name, _ := strings.Cut(o.op.Paging.Size, ":")
	fields, values := o.op.Params, r.params
	if place == "body" {
		fields, values = o.op.Body, r.members
	}
	f := fieldNamed(fields, name)
	if _, given := values[name]; given || f == nil {
		return
	}
	walking := o.All || o.Limit > 0
	if !walking && !f.Required {
		return
	}
	size := pageSize(f, walking, o.Limit)
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

// pageSize returns the size of pages that suits a walk up to limit items, 0
// for all, or a single page. Where the catalogue knows no limit it is one that
// every operation takes.
func pageSize(f *catalog.Field, walking bool, limit int) int {
	const usual, unknown = 20, 10
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0 // the catalogue tells none
		}
		return n
	}
	most, size := number(f.Max), number(f.Default)
	switch {
	case walking && most > 0:
		size = most
	case size > 0:
	case most > 0:
		size = min(usual, most)
	default:
		size = unknown
	}
	if walking && limit > 0 {
		size = min(size, limit)
	}
	return max(size, number(f.Min))
}

// setIdempotencyKey gives a write a key of its own, by which the platform
// knows it again.
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

// verify checks the request against the catalogue. What is missing or of
// another type is an error; values and limits, which change, draw a warning.
func (o *operationOptions) verify(sys *System, r *operationRequest) error {
	if unknown := unknownFields(o.op.Body, r.members, ""); len(unknown) > 0 && r.members != nil {
		sys.warn("the catalogue does not know %s of %s; sent all the same", listed(unknown, 8), o.op.FullName())
	}
	if o.NoCheck {
		return nil
	}
	var problems []problem
	checkObject(o.op.Params, r.params, "", &problems)
	if o.op.BodyType != catalog.BodyNone {
		checkObject(o.op.Body, r.members, "", &problems)
	}
	for _, f := range o.op.Params {
		if text, ok := r.params[f.Name].(string); ok && text == "" && f.In == "path" {
			problems = append(problems, problem{path: f.Name, text: "required, it stands in the path"})
		}
	}
	var lines []string
	for _, p := range slices.Compact(problems) {
		if p.doubtful {
			sys.warn("%s; sent all the same, as far as the platform takes it", p)
		} else {
			lines = append(lines, p.String())
		}
	}
	switch len(lines) {
	case 0:
		return nil
	case 1:
		return usagef("%s\nNothing was sent; --no-check sends it as it is.", lines[0])
	}
	return usagef("%d things are wrong:\n  %s\nNothing was sent; --no-check sends it as it is.", len(lines), strings.Join(lines, "\n  "))
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
		value := queryText(params[name])
		if params[name] == nil || value == "" {
			return "", usagef("--%s: required, it stands in the path", dashed(name))
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
		text := queryText(value)
		if f.Type != catalog.File {
			r.form.Fields.Set(f.Name, text)
			continue
		}
		name := strings.TrimPrefix(text, "@")
		file, err := r.uploads.open("--"+dashed(f.Name), name)
		if err != nil {
			return err
		}
		r.form.Files[f.Name], r.files[f.Name] = file, name
	}
	return nil
}
