package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// operationCaller sends the request of an operation, once or page by page.
type operationCaller struct {
	client  *ttshop.Client
	op      *catalog.Operation
	request *operationRequest
	meta    ttshop.Meta // of the last call, also where it failed
}

// call sends the request, for the page of a token where that is not empty.
func (c *operationCaller) call(ctx context.Context, token string) (*ttshop.Response, error) {
	query, body := c.request.query(c.op), c.request.body()
	if token != "" {
		place, name, _ := strings.Cut(c.op.Paging.Token, ":")
		if place == "body" {
			members := maps.Clone(c.request.members)
			if members == nil {
				members = make(map[string]any)
			}
			members[name] = token
			body = members
		} else {
			query.Set(name, token)
		}
	}
	c.meta = ttshop.Meta{}
	return c.client.Call(ctx, c.request.method, c.request.path, query, body, ttshop.CaptureMeta(&c.meta), asOperation(c.op))
}

// asOperation tells the client what the catalogue knows of a call.
func asOperation(op *catalog.Operation) ttshop.CallOption {
	return ttshop.AsOperation(&ttshop.Operation{
		Name: op.FullName(), Method: op.Method, Path: op.Path, Read: !op.Write,
		IdempotencyKey: op.IdempotencyKey, Scope: strings.Join(op.Scopes, ", "),
	})
}

// listPage is one page of a list.
type listPage struct {
	items []json.RawMessage
	next  string // token of the page behind it; empty: there is none
	total int    // items of all pages; 0 where the platform does not tell
}

// readPage takes a page out of an answer.
func readPage(paging *catalog.Paging, response *ttshop.Response) (listPage, error) {
	var p listPage
	var total struct {
		Count int `json:"total_count"`
	}
	if err := response.Decode(&total); err == nil { // only a help for people
		p.total = total.Count
	}
	raw, err := rawAt(response.Data, paging.Items)
	if err != nil {
		return listPage{}, err
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &p.items); err != nil {
			return listPage{}, fmt.Errorf("%s of request %s is no list: %w", paging.Items, response.RequestID, err)
		}
	}
	if raw, err = rawAt(response.Data, paging.Next); err != nil {
		return listPage{}, err
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &p.next); err != nil {
			return listPage{}, fmt.Errorf("%s of request %s is no page token: %w", paging.Next, response.RequestID, err)
		}
	}
	return p, nil
}

// rawAt returns what an object holds at a dotted path, nothing where it is
// missing.
func rawAt(data json.RawMessage, path string) (json.RawMessage, error) {
	for name := range strings.SplitSeq(path, ".") {
		if len(data) == 0 {
			return nil, nil
		}
		var object map[string]json.RawMessage
		if err := json.Unmarshal(data, &object); err != nil {
			return nil, fmt.Errorf("look for %s in the answer: %w", path, err)
		}
		data = object[name]
	}
	return data, nil
}

// refusedItems returns an error where the call succeeded but items of a batch
// did not.
func refusedItems(response *ttshop.Response, name string) error {
	// An answer whose errors have another shape is the caller's to judge.
	if failures, err := response.Failures(); err == nil && len(failures) > 0 {
		return &exitError{exitRefused, fmt.Errorf("%s: the platform took the call but refused %s of it, see errors in the answer; the first: code %d, %q",
			name, count(len(failures), "item"), failures[0].Code, failures[0].Message)}
	}
	return nil
}

// once sends the request and prints the answer.
func (o *operationOptions) once(ctx context.Context, sys *System, caller *operationCaller) error {
	meter := newProgress(sys, "waiting for the platform")
	response, err := caller.call(ctx, "")
	meter.stop()
	if err != nil {
		return errors.Join(o.explained(err, caller), printRefused(sys, caller.meta, o.output.answerOptions))
	}
	if err := o.output.print(ctx, sys, o.op, response); err != nil {
		return err
	}
	return refusedItems(response, o.op.FullName())
}

// explained adds to an error what only the command knows.
func (o *operationOptions) explained(err error, caller *operationCaller) error {
	place, name, ok := strings.Cut(o.op.IdempotencyKey, ":")
	if !ok || !errors.Is(err, ttshop.ErrOutcomeUnknown) {
		return err
	}
	values := caller.request.params
	if place == "body" {
		values = caller.request.members
	}
	return fmt.Errorf("%w; sent again with --%s %v it is carried out once at most", err, dashed(name), values[name])
}

// walk fetches pages and prints their items, up to the limit. What was fetched
// before an error or an interruption is printed whole.
func (o *operationOptions) walk(ctx context.Context, sys *System, caller *operationCaller) error {
	out := o.output.sink(ctx, sys)
	watcher := sys
	if sys.Terminal.Shown && out.streams() {
		watcher = &System{Err: io.Discard} // the items themselves show how far it is
	}
	meter := newProgress(watcher, "fetching "+nounOf(o.op))
	err := o.fetch(ctx, caller, out, meter)
	meter.stop()
	return errors.Join(out.end(), err)
}

// fetch sends the pages to out.
func (o *operationOptions) fetch(ctx context.Context, caller *operationCaller, out sink, meter *progress) error {
	var p listPage
	var refused error
	fetched := 0
	first := firstToken(o.op.Paging, caller.request)
	pages := ttshop.Pages(first, func(token string) ([]json.RawMessage, string, error) {
		response, err := caller.call(ctx, token)
		if err != nil {
			return nil, "", err
		}
		if p, err = readPage(o.op.Paging, response); err != nil {
			return nil, "", err
		}
		if refused == nil {
			refused = refusedItems(response, o.op.FullName())
		}
		if o.Limit > 0 && fetched+len(p.items) >= o.Limit {
			p.items, p.next = p.items[:o.Limit-fetched], ""
		}
		fetched += len(p.items)
		meter.set(fetched, p.total)
		return p.items, p.next, out.page(p.items)
	})
	for _, err := range pages {
		if err != nil {
			return err
		}
	}
	return refused
}

// firstToken returns the page token that the request already has.
func firstToken(paging *catalog.Paging, r *operationRequest) string {
	place, name, _ := strings.Cut(paging.Token, ":")
	values := r.params
	if place == "body" {
		values = r.members
	}
	token, _ := values[name].(string)
	return token
}

// nounOf names the items of a list, such as orders.
func nounOf(op *catalog.Operation) string {
	path := listPath(op)
	if path == "" {
		return "items"
	}
	return strings.ReplaceAll(path[strings.LastIndexByte(path, '.')+1:], "_", " ")
}
