package operation

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/spf13/pflag"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

const (
	// maxParallel bounds --parallel; the platform's rate limit makes more useless.
	maxParallel = 100
	// slicesPerReader is the number of slices that a walk is cut into for each
	// of its readers: enough that none is idle for long at the end.
	slicesPerReader = 8
	// shortestSlice keeps a short range from being cut into needless calls.
	shortestSlice = time.Minute
)

// addWalk adds the flags of walks.
func (o *operationOptions) addWalk(flags *pflag.FlagSet) {
	flags.BoolVar(&o.All, "all", false, "fetch all pages; the items become one JSON array")
	flags.IntVar(&o.Limit, "limit", 0, "fetch pages up to `N` items")
	flags.IntVar(&o.Parallel, "parallel", 0, "with --all, walk the time range in slices, `N` at a time; each item comes once, in order of arrival")
	flags.StringVar(&o.Checkpoint, "checkpoint", "", "with --all and --ndjson, record the progress in `FILE`; the same command resumes the walk and repeats items of slices that were under way")
}

// sliced reports whether a walk goes by slices of time.
func (o *operationOptions) sliced() bool { return o.Parallel > 0 || o.Checkpoint != "" }

// checkWalk refuses flags of walks that make no sense together.
func (o *operationOptions) checkWalk(flags *pflag.FlagSet) error {
	switch {
	case flags.Changed("limit") && o.Limit < 1:
		return console.Usagef("--limit %d: must be 1 or more", o.Limit)
	case flags.Changed("parallel") && (o.Parallel < 1 || o.Parallel > maxParallel):
		return console.Usagef("--parallel %d: must be 1 to %d", o.Parallel, maxParallel)
	case !o.sliced():
		return nil
	case !o.All:
		return console.Usagef("--parallel and --checkpoint are for walks of all pages; add --all")
	case o.Limit > 0:
		return console.Usagef("--limit cannot be used with --parallel or --checkpoint: which items come first is not known")
	case o.Checkpoint != "" && !o.output.NDJSON:
		return console.Usagef("--checkpoint needs --ndjson, so that a resumed walk can append its lines")
	case len(timeRanges(o.op)) > 0:
		return nil
	case o.Parallel == 1 && o.Checkpoint == "":
		o.Parallel = 0 // one page after the other, as usual
		return nil
	}
	return console.Usagef("%s cannot be walked in slices: it has no time range to cut; leave out --parallel and --checkpoint", o.op.FullName())
}

// walkSlices fetches the items by slices of time and prints them as they come.
func (o *operationOptions) walkSlices(ctx context.Context, sys *platform.Session, caller *operationCaller) error {
	if firstToken(o.op.Paging, caller.request) != "" {
		return console.Usagef("--%s cannot be used with --parallel or --checkpoint: each slice has pages of its own", field.Dashed(field.AfterColon(o.op.Paging.Token)))
	}
	by, err := chooseRange(o.op, caller.request)
	if err != nil {
		return err
	}
	if by.moves() {
		sys.Warn("%s changes with the items: an item that changes during the walk may come twice or not at all", by.from)
	}
	span, err := by.span(caller.request, ttshop.TimeOf(sys.Now()))
	if err != nil {
		return err
	}
	var saved *WalkCheckpoint
	var resume ttshop.Checkpoint
	if o.Checkpoint != "" {
		if saved, err = o.openCheckpoint(sys, span); err != nil {
			return err
		}
		if saved.complete() {
			sys.Warn("the walk of --checkpoint %s is complete; remove the file to walk again", o.Checkpoint)
			return nil
		}
		span, resume = saved.Span, ttshop.Checkpoint{Done: saved.Done}
	}
	s := &sliceFetcher{caller: caller, by: by}
	readers := max(1, o.Parallel)
	walk := &ttshop.TimeWalk[json.RawMessage]{
		Span: span, Fetch: s.fetch, Key: keyOf(o.op), Parallel: readers, Resume: resume,
		Slice: max(shortestSlice, time.Duration(span.To-span.From)*time.Second/time.Duration(slicesPerReader*readers)),
	}
	out := o.output.Sink(ctx, sys.System)
	watcher := sys.System
	if sys.Terminal.Shown && out.Streams() {
		watcher = &console.System{Err: io.Discard}
	}
	meter := sys.Progress(watcher, "fetching "+answer.NounOf(o.op))
	fetched, err := o.printSlices(ctx, walk, out, saved, meter)
	meter.Stop()
	var ended error
	if err == nil || fetched > 0 { // an error alone is not an empty list
		ended = out.End()
	}
	return errors.Join(ended, err, saved.save(walk.Checkpoint()), s.refused)
}

// printSlices prints the items of a walk one by one, records the progress and
// returns how many there were.
func (o *operationOptions) printSlices(ctx context.Context, walk *ttshop.TimeWalk[json.RawMessage], out answer.Sink, saved *WalkCheckpoint, meter *console.Progress) (fetched int, err error) {
	for item, err := range walk.All(ctx) {
		if err != nil {
			if fetched > 0 {
				err = &answer.BrokenOffError{Items: fetched, Noun: answer.NounOf(o.op), Err: err}
			}
			return fetched, err
		}
		if saved != nil { // what is done by now has been printed
			if err := saved.save(walk.Checkpoint()); err != nil {
				return fetched, err
			}
		}
		if err := out.Page([]json.RawMessage{item}); err != nil {
			return fetched, err
		}
		fetched++
		meter.Set(fetched, 0)
	}
	return fetched, nil
}

// sliceFetcher fetches pages for the readers of a walk, side by side.
type sliceFetcher struct {
	caller *operationCaller
	by     timeRange

	mu      sync.Mutex
	refused error // the first answer with refused items
}

func (s *sliceFetcher) fetch(ctx context.Context, span ttshop.Span, token string) (ttshop.Page[json.RawMessage], error) {
	own := operationCaller{client: s.caller.client, op: s.caller.op, request: s.by.narrowed(s.caller.request, span)}
	response, err := own.call(ctx, token)
	if err != nil {
		return ttshop.Page[json.RawMessage]{}, err
	}
	p, err := answer.ReadPage(own.op.Paging, response)
	if err != nil {
		return ttshop.Page[json.RawMessage]{}, err
	}
	if err := refusedItems(response, own.op.FullName()); err != nil {
		s.mu.Lock()
		if s.refused == nil {
			s.refused = err
		}
		s.mu.Unlock()
	}
	return ttshop.Page[json.RawMessage]{Items: p.Items, Next: p.Next, Total: p.Total}, nil
}
