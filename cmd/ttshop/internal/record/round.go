package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// round calls the operations that read, each as soon as the ids that it needs are
// known, until no further one can be called.
func (o *options) round(ctx context.Context, sys *platform.Session) error {
	operations, err := o.reads(sys)
	if err != nil {
		return err
	}
	client, err := o.Client(sys, &field.Inputs{Stdin: sys.In}, o.Tokens)
	if err != nil {
		return err
	}
	r := rounds{call: func(op *catalog.Operation, q request) (*ttshop.Response, error) {
		return o.Bind(sys, client, op).Call(ctx, op.Method, q.path, q.query, q.body, platform.AsOperation(op))
	}, known: ids{}, refused: map[int]int{}, now: sys.Now()}
	meter := console.NewProgress(sys.System, "going through the shop")
	for len(operations) > 0 && err == nil {
		before := len(operations)
		if operations, err = r.pass(operations); len(operations) == before {
			break
		}
		meter.Set(r.answered, 0)
	}
	meter.Stop()
	fmt.Fprintf(sys.Err, "%s answered", console.Count(r.answered, "call"))
	for _, code := range slices.Sorted(maps.Keys(r.refused)) {
		fmt.Fprintf(sys.Err, ", %d refused with code %d", r.refused[code], code)
	}
	fmt.Fprintf(sys.Err, "; %s left out, for want of an id or a value\n", console.Count(len(operations), "operation"))
	return err
}

// rounds are passes over operations, and what came of them so far.
type rounds struct {
	call     func(*catalog.Operation, request) (*ttshop.Response, error)
	known    ids
	answered int
	refused  map[int]int // by code
	now      time.Time
}

// pass calls the operations that can be called, and returns the others.
func (r *rounds) pass(operations []*catalog.Operation) (left []*catalog.Operation, err error) {
	for i, op := range operations {
		requests := r.known.requests(op, r.now)
		if len(requests) == 0 {
			left = append(left, op)
		}
		for _, q := range requests {
			response, err := r.call(op, q)
			if refusal, ok := errors.AsType[*ttshop.Error](err); ok {
				r.refused[refusal.Code]++
				continue
			}
			var data any
			if err == nil {
				err = response.Decode(&data)
			}
			if err != nil {
				return append(left, operations[i:]...), err
			}
			r.known.learn("", data)
			r.answered++
		}
	}
	return left, nil
}

// strangers are domains that no seller's grant covers.
var strangers = []string{"affiliate_creator", "affiliate_partner"}

// reads returns the operations that read, in their newest version.
func (o *options) reads(sys *platform.Session) ([]*catalog.Operation, error) {
	var all catalog.Catalog
	today := sys.Now().UTC().Format("2006-01-02")
	var list []*catalog.Operation
	for _, e := range all.Operations("") {
		op, err := all.Describe(e)
		if err != nil {
			return nil, err
		}
		newer := func(name string) bool {
			other, ok := all.ByName(e.Domain + "." + name)
			return ok && other.Version() > e.Version()
		}
		asked := slices.ContainsFunc(o.Domains, func(d string) bool { return field.Dashed(d) == field.Dashed(e.Domain) })
		switch {
		case op.Write, op.BodyType == catalog.BodyMultipart, op.AssetCipher == catalog.RuleRequired,
			e.Sunset != "" && e.Sunset <= today, slices.ContainsFunc(op.Siblings, newer),
			len(o.Domains) > 0 && !asked, len(o.Domains) == 0 && slices.Contains(strangers, e.Domain):
			continue
		}
		list = append(list, op)
	}
	return list, nil
}

// A request is one call of an operation.
type request struct {
	path  string
	query url.Values
	body  any
}

// encode makes a request of values by place and name.
func encode(op *catalog.Operation, params, body map[string]any) request {
	r := request{path: op.Path, query: url.Values{}}
	for _, f := range op.Params {
		value, ok := params[f.Name]
		switch {
		case !ok:
		case f.In == "path":
			r.path = strings.ReplaceAll(r.path, "{"+f.Name+"}", url.PathEscape(field.QueryText(value)))
		default:
			r.query.Set(f.Name, field.QueryText(value))
		}
	}
	if op.BodyType == catalog.BodyJSON {
		r.body = body
		if len(body) == 0 {
			r.body = json.RawMessage("{}")
		}
	}
	return r
}
