package operation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// operationCaller sends the request of an operation, once or page by page.
type operationCaller struct {
	client  *ttshop.Client
	op      *catalog.Operation
	request *operationRequest
	meta    ttshop.Meta // of the last call, even if it failed
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
	return c.client.Call(ctx, c.request.method, c.request.path, query, body, ttshop.CaptureMeta(&c.meta), platform.AsOperation(c.op))
}

// refusedItems returns an error if the call succeeded but items of a batch did
// not.
func refusedItems(response *ttshop.Response, name string) error {
	failures, _ := errors.AsType[ttshop.ItemErrors](response.Failed())
	// If its errors have another shape, the caller must judge the answer.
	failures = slices.DeleteFunc(slices.Clone(failures), func(e *ttshop.ItemError) bool { return e.Code == 0 && e.Message == "" })
	if len(failures) > 0 {
		return &console.ExitError{Code: console.ExitRefused, Err: fmt.Errorf("%s: the platform accepted the call but refused %s of it, see errors in the answer; the first: code %d, %q",
			name, console.Count(len(failures), "item"), failures[0].Code, failures[0].Message)}
	}
	return nil
}

// once sends the request and prints the answer.
func (o *operationOptions) once(ctx context.Context, sys *platform.Session, caller *operationCaller) error {
	meter := sys.Progress(sys.System, "waiting for the platform")
	response, err := caller.call(ctx, "")
	meter.Stop()
	if err != nil {
		return errors.Join(o.explained(err, caller), answer.PrintRefused(sys.System, caller.meta, o.output.Options))
	}
	if err := o.output.Print(ctx, sys.System, o.op, response); err != nil {
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
	return fmt.Errorf("%w; if you send it again with --%s %v, it is carried out at most once", err, field.Dashed(name), values[name])
}

// walk fetches pages and prints their items, up to the limit. What was fetched
// before an error or an interruption is printed in full, and nothing if no page
// was answered.
func (o *operationOptions) walk(ctx context.Context, sys *platform.Session, caller *operationCaller) error {
	out := o.output.Sink(ctx, sys.System)
	watcher := sys.System
	if sys.Terminal.Shown && out.Streams() {
		watcher = &console.System{Err: io.Discard} // the items themselves show the progress
	}
	meter := sys.Progress(watcher, "fetching "+answer.NounOf(o.op))
	answered, err := o.fetch(ctx, caller, out, meter)
	meter.Stop()
	if !answered {
		return err
	}
	return errors.Join(out.End(), err)
}

// fetch sends the pages to out and reports whether any was answered.
func (o *operationOptions) fetch(ctx context.Context, caller *operationCaller, out answer.Sink, meter *console.Progress) (answered bool, err error) {
	var p answer.ListPage
	var refused error
	fetched := 0
	brokenOff := func(err error) error {
		if !answered {
			return err
		}
		return &answer.BrokenOffError{Items: fetched, Total: p.Total, Noun: answer.NounOf(o.op), Err: err}
	}
	first := firstToken(o.op.Paging, caller.request)
	pages := ttshop.Pages(first, func(token string) ([]json.RawMessage, string, error) {
		response, err := caller.call(ctx, token)
		if err != nil {
			return nil, "", brokenOff(err)
		}
		next, err := answer.ReadPage(o.op.Paging, response)
		if err != nil {
			return nil, "", brokenOff(err)
		}
		p, answered = next, true
		if refused == nil {
			refused = refusedItems(response, o.op.FullName())
		}
		if o.Limit > 0 && fetched+len(p.Items) >= o.Limit {
			p.Items, p.Next = p.Items[:o.Limit-fetched], ""
		}
		fetched += len(p.Items)
		meter.Set(fetched, p.Total)
		return p.Items, p.Next, out.Page(p.Items)
	})
	for _, err := range pages {
		if err != nil {
			return answered, err
		}
	}
	return answered, refused
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
