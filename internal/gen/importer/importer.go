// Package importer makes the spec from the official OpenAPI files, the endpoint
// facts and the hand-written overrides.
//
// It carries facts over, never sentences: enum values, limits and defaults are
// read out of the prose of the source, the prose itself stays behind.
package importer

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// Import reads the package at location and returns the domains, sorted by name.
// specDir is the spec folder of the repository, which holds the pins, the facts
// and the overrides.
func Import(location, specDir string) ([]*spec.Domain, error) {
	var pin Source
	if err := spec.ReadJSON(filepath.Join(specDir, "source.json"), &pin); err != nil {
		return nil, err
	}
	files, err := readPackage(location, pin)
	if err != nil {
		return nil, err
	}
	factsData, err := os.ReadFile(filepath.Join(specDir, "facts", "endpoint-facts.json"))
	if err != nil {
		return nil, fmt.Errorf("reading endpoint facts: %w", err)
	}
	facts, err := parseFacts(factsData)
	if err != nil {
		return nil, err
	}
	over, err := loadOverrides(filepath.Join(specDir, "overrides"))
	if err != nil {
		return nil, err
	}
	return build(files, facts, over)
}

func build(files map[string][]byte, facts map[string]endpointFacts, over *overrides) ([]*spec.Domain, error) {
	var domains []*spec.Domain
	for _, name := range slices.Sorted(maps.Keys(files)) {
		doc, err := parseDocument(files[name])
		if err != nil {
			return nil, fmt.Errorf("domain %s: %w", name, err)
		}
		d := &spec.Domain{Name: name}
		for p, methods := range doc.Paths {
			for method, op := range methods {
				converted, err := convert(strings.ToUpper(method), p, op)
				if err != nil {
					return nil, fmt.Errorf("%s %s: %w", strings.ToUpper(method), p, err)
				}
				d.Operations = append(d.Operations, converted)
			}
		}
		if err := over.addOperations(d); err != nil {
			return nil, err
		}
		d.Sort()
		domains = append(domains, d)
	}
	domains, err := over.addLater(domains)
	if err != nil {
		return nil, err
	}
	if err := over.copyShapes(domains); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var problems []error
	for _, d := range domains {
		for _, op := range d.Operations {
			seen[op.Key()] = true
			if f, ok := facts[op.Key()]; ok {
				if err := f.apply(op); err != nil {
					problems = append(problems, fmt.Errorf("facts of %s: %w", op.Key(), err))
				}
			}
			over.apply(op)
			over.classify(op)
			if err := findPaging(op, over); err != nil {
				problems = append(problems, err)
			}
		}
	}
	over.laterScopes(domains)
	for _, key := range slices.Sorted(maps.Keys(facts)) {
		if !seen[key] {
			problems = append(problems, fmt.Errorf("facts name an unknown operation %s", key))
		}
	}
	problems = append(problems, over.unused())
	return domains, errors.Join(problems...)
}

var versionSegment = regexp.MustCompile(`^\d{6}$`)

func convert(method, p string, op operation) (*spec.Operation, error) {
	out := &spec.Operation{Method: method, Path: p, Title: op.Summary}
	for segment := range strings.SplitSeq(p, "/") {
		if versionSegment.MatchString(segment) {
			out.Version = segment
		}
	}
	if out.Version == "" {
		return nil, fmt.Errorf("path without a version")
	}
	for _, param := range op.Parameters {
		switch {
		case param.In == "header":
			continue
		case param.In != "query" && param.In != "path":
			return nil, fmt.Errorf("parameter %s in %q", param.Name, param.In)
		case param.Name == "shop_cipher":
			out.ShopCipher = cipherOf(param)
			continue
		case param.Name == "category_asset_cipher":
			out.AssetCipher = cipherOf(param)
			continue
		case ceremonial[param.Name]:
			continue
		}
		s := param.Schema
		s.Description = cmp.Or(param.Description, s.Description)
		s.Example = cmp.Or(param.Example, s.Example)
		f, err := convertField(param.Name, s, nil)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", param.Name, err)
		}
		f.In = param.In
		f.Required = param.Required || param.In == "path"
		out.Params = append(out.Params, f)
	}
	if op.RequestBody != nil {
		if err := convertBody(out, op.RequestBody.Content); err != nil {
			return nil, err
		}
	}
	return out, convertResult(out, op)
}

func convertBody(out *spec.Operation, content map[string]media) error {
	if len(content) != 1 {
		return fmt.Errorf("%d forms of the body", len(content))
	}
	var body media
	if m, ok := content["application/json"]; ok {
		out.BodyType, body = catalog.BodyJSON, m
	} else if m, ok := content["multipart/form-data"]; ok {
		out.BodyType, body = catalog.BodyMultipart, m
	} else {
		return fmt.Errorf("unknown form of the body")
	}
	fields, err := convertFields(body.Schema.Properties)
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	out.Body = fields
	return nil
}

func convertResult(out *spec.Operation, op operation) error {
	envelope := op.Responses["200"].Content["application/json"].Schema
	data, ok := envelope.Properties["data"]
	if !ok || data.Type != "object" {
		return fmt.Errorf("answer without data object")
	}
	fields, err := convertFields(data.Properties)
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	out.Result = fields
	return nil
}

func cipherOf(p parameter) catalog.Rule {
	if p.Required {
		return catalog.RuleRequired
	}
	return catalog.RuleOptional
}

func convertFields(properties map[string]schema) ([]*spec.Field, error) {
	var fields []*spec.Field
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		f, err := convertField(name, properties[name], properties)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// convertField translates a schema; beside are the members of the object it is in.
func convertField(name string, s schema, beside map[string]schema) (*spec.Field, error) {
	f, err := convertType(name, s)
	if err != nil {
		return nil, err
	}
	inner, text := &s, s.Description
	for inner.Items != nil {
		inner = inner.Items
		text += "\n" + inner.Description
	}
	leaf := f.Leaf()
	if leaf.Type == catalog.String {
		leaf.Enum = mineEnum(name, text, inner.example())
	}
	mineLimits(f, text)
	leaf.Kind = kindOf(&spec.Field{Name: name, Type: leaf.Type, Format: leaf.Format, Enum: leaf.Enum}, text, inner.example(), beside)
	return f, nil
}

func convertType(name string, s schema) (*spec.Field, error) {
	f := &spec.Field{Name: name}
	switch s.Type {
	case "array":
		if s.Items == nil {
			return nil, fmt.Errorf("array without items")
		}
		items, err := convertType("", *s.Items)
		if err != nil {
			return nil, err
		}
		f.Type, f.Items = catalog.Array, items
	case "object":
		fields, err := convertFields(s.Properties)
		if err != nil {
			return nil, err
		}
		f.Type, f.Fields = catalog.Object, fields
	case "integer", "number", "boolean":
		f.Type, f.Format = catalog.Type(s.Type), s.Format
	case "string":
		f.Type = catalog.String
		if s.Format == "binary" {
			f.Type = catalog.File
		}
	default:
		return nil, fmt.Errorf("unknown type %q", s.Type)
	}
	return f, nil
}

// findPaging finds the page token of the request and of the answer and the array
// that is walked: the only array of objects beside the token.
func findPaging(op *spec.Operation, over *overrides) error {
	if op.Raw != "" {
		return nil
	}
	paging := catalog.Paging{}
	if f := spec.Find(op.Params, "page_token"); f != nil {
		paging.Token = "query:page_token"
	} else if f := spec.Find(op.Body, "page_token"); f != nil {
		paging.Token = "body:page_token"
	} else {
		return nil
	}
	if f := spec.Find(op.Params, "page_size"); f != nil {
		paging.Size = "query:page_size"
	} else if f := spec.Find(op.Body, "page_size"); f != nil {
		paging.Size = "body:page_size"
	}
	var next []string
	spec.Walk("", op.Result, func(p string, f *spec.Field) {
		if f.Name == "next_page_token" || f.Name == "page_token" {
			next = append(next, p)
		}
	})
	if fixed, ok := over.paging[op.Key()]; ok {
		fixed.used = true
		if fixed.Next == "" && fixed.Items == "" {
			return nil
		}
		paging.Next, paging.Items = fixed.Next, fixed.Items
		op.Paging = &paging
		return nil
	}
	if len(next) != 1 {
		return fmt.Errorf("%s: page token of the answer: found %v", op.Key(), next)
	}
	paging.Next = next[0]
	prefix := path.Dir(strings.ReplaceAll(paging.Next, ".", "/"))
	fields := op.Result
	if prefix != "." {
		for segment := range strings.SplitSeq(prefix, "/") {
			fields = spec.Find(fields, segment).Fields
		}
		prefix = strings.ReplaceAll(prefix, "/", ".") + "."
	} else {
		prefix = ""
	}
	var arrays, objects []string
	for _, f := range fields {
		if f.Type == catalog.Array {
			arrays = append(arrays, prefix+f.Name)
			if f.Items.Type == catalog.Object {
				objects = append(objects, prefix+f.Name)
			}
		}
	}
	if len(objects) == 1 {
		arrays = objects
	}
	if len(arrays) != 1 {
		return fmt.Errorf("%s: array to walk: found %v", op.Key(), arrays)
	}
	paging.Items = arrays[0]
	op.Paging = &paging
	return nil
}
