package sync

import (
	"context"
	"errors"
	"fmt"
	gosync "sync"
	"time"

	"github.com/ttshop-go/ttshop"
)

// Sync copies what has changed in a shop, and what is still to be copied from before,
// until all is here or the turn's time is over. A stream that fails is reported and
// the others go on; an error is returned where the shop as a whole cannot go on.
func (e *Engine) Sync(ctx context.Context, shop Shop, caller Caller) (*Report, error) {
	report := &Report{Shop: shop, Streams: map[string]*StreamReport{}}
	err := e.hold(ctx, shop, caller, report, func(ctx context.Context, r *run) error { return r.turn(ctx) })
	return report, err
}

// hold runs f while the shop is this worker's.
func (e *Engine) hold(ctx context.Context, shop Shop, caller Caller, report *Report, f func(context.Context, *run) error) (err error) {
	epoch, err := e.to.Acquire(ctx, shop, e.config.Owner, e.config.Lease)
	if err != nil {
		return fmt.Errorf("take shop %s: %w", shop.ID, err)
	}
	ctx, letGo := e.keep(ctx, shop.ID, epoch)
	defer func() {
		letGo()
		// Also after the context's end, so that another worker need not wait.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if freed := e.to.Release(ctx, shop.ID, epoch); freed != nil {
			err = errors.Join(err, fmt.Errorf("release shop %s: %w", shop.ID, freed))
		}
	}()
	state, err := e.to.State(ctx, shop.ID)
	if err != nil {
		return fmt.Errorf("read the state of shop %s: %w", shop.ID, err)
	}
	r := e.newRun(shop, caller, report)
	r.epoch, r.day, r.used = epoch, state.Day, state.Used
	if state.Streams != nil {
		r.states = state.Streams
	}
	if e.config.Turn > 0 {
		r.until = e.now().Add(e.config.Turn)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return f(ctx, r)
}

// newRun returns a run of a shop that has nothing yet.
func (e *Engine) newRun(shop Shop, caller Caller, report *Report) *run {
	return &run{Engine: e, shop: shop, caller: caller, streams: shop.Kind.of(e.streams), states: map[string]State{}, owed: map[string]int{}, report: report}
}

// turn does what is due, by priority: hints, the present, what is older.
func (r *run) turn(ctx context.Context) error {
	since := r.now().Add(-r.config.Since).Unix()
	for _, s := range r.streams {
		st := r.states[s.Name]
		if err := r.samePeople(s); err != nil {
			r.report.of(s.Name).Err = err
			continue
		}
		if st.Since == 0 || since < st.Since {
			st.Since = since
		}
		st.People = r.config.People.print()
		r.states[s.Name] = st
	}
	steps := []func(context.Context, *Stream) error{
		func(ctx context.Context, s *Stream) error {
			st := r.states[s.Name]
			switch {
			case s.Class == Updates && st.Cursor > 0, s.Class == Scans && s.IDsIn != "" && st.Generation > 0:
				return r.hints(ctx, s)
			case s.Class == Details && st.Live > 0:
				_, err := r.details(ctx, s, PhaseHints)
				return err
			case s.Class == Details:
				return r.owe(ctx, s)
			}
			return nil
		},
		func(ctx context.Context, s *Stream) error {
			if s.Class == Updates {
				return r.live(ctx, s)
			}
			return nil
		},
		func(ctx context.Context, s *Stream) error { // by the server's clock, which is known now
			switch {
			case s.Class == Creations:
				return r.creations(ctx, s)
			case s.Class == Days:
				return r.days(ctx, s)
			case s.Class == Scans && s.Parent == "":
				return r.scan(ctx, s)
			}
			return nil
		},
		r.audits,
		r.older,
		func(ctx context.Context, s *Stream) error {
			if s.Class == Scans && s.Parent != "" {
				return r.scan(ctx, s) // after its parents are here
			}
			return nil
		},
		func(ctx context.Context, s *Stream) error { return r.waiting(ctx, s, false) },
		func(ctx context.Context, s *Stream) error { return r.waiting(ctx, s, true) },
	}
	for _, step := range steps {
		if err := r.together(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// together does something for all streams that do not stand, side by side.
func (r *run) together(ctx context.Context, do func(context.Context, *Stream) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all gosync.WaitGroup
	for _, s := range r.streams {
		if r.report.of(s.Name).Err != nil {
			continue
		}
		all.Go(func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			if err := r.step(ctx, s, do); err != nil {
				stop(err)
			}
		})
	}
	r.mu.Unlock()
	all.Wait()
	r.mu.Lock()
	return context.Cause(ctx)
}

// samePeople refuses a table whose rows hold people's data in another form: half of each
// would be neither private nor comparable.
func (r *run) samePeople(s *Stream) error {
	have, want := r.states[s.Name].People, r.config.People.print()
	if have == "" || have == want {
		return nil
	}
	return fmt.Errorf("%w: it is %s in %s, and is to be %s now; use the setting and the key of before, another place, or reset the table", ErrPeople, have, s.Name, want)
}

// audits compares what is due, for half an interval at most: changes come first.
func (r *run) audits(ctx context.Context, s *Stream) error {
	for end := r.now().Add(r.config.Interval / 2); ; {
		left, err := r.audit(ctx, s)
		if err != nil || !left {
			return err
		}
		if r.now().After(end) {
			r.report.Rest = true
			return nil
		}
	}
}

// waiting makes the requests that wait for a stream. Where the parents are made by such
// requests themselves, it is later than they are.
func (r *run) waiting(ctx context.Context, s *Stream, later bool) error {
	parent := streamOf(r.all, s.Parent)
	if after := parent != nil && parent.Class == Details; after != later {
		return nil
	}
	for s.Class == Details || s.Class == Days {
		if left, err := r.details(ctx, s, PhaseBackfill); err != nil || !left {
			return err
		}
	}
	return nil
}

// older carries out the backfill of a stream.
func (r *run) older(ctx context.Context, s *Stream) error {
	for s.Class == Updates || s.Class == Creations {
		if left, err := r.backfill(ctx, s); err != nil || !left {
			return err
		}
	}
	return nil
}

// step does something for a stream. What only concerns the stream is noted; what
// concerns the shop is returned.
func (r *run) step(ctx context.Context, s *Stream, do func(context.Context, *Stream) error) error {
	report := r.report.of(s.Name)
	err := do(ctx, s)
	st := r.states[s.Name]
	switch {
	case err == nil:
		if st.Error == "" && st.Blocked == "" || report.Requests == 0 {
			return nil
		}
		st.Error, st.ErrorAt, st.Blocked = "", 0, ""
	case errors.Is(err, errStop):
		r.report.Rest = true
		return nil
	case errors.Is(err, ErrBudget):
		r.report.Rest = true
		report.Err = err
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, ttshop.ErrScope):
		report.Err = err
		st.Blocked, st.ErrorAt = err.Error(), r.serverNow().Unix()
	case !ofStream(err):
		return err
	default:
		report.Err = err
		st.Error, st.ErrorAt = err.Error(), r.serverNow().Unix()
	}
	_, err = r.commit(ctx, s, PhaseLive, Batch{State: &st}, -1)
	return err
}

// ofStream reports whether an error concerns one stream, so that the others can go on.
func ofStream(err error) bool {
	return !errors.Is(err, ErrUnaccounted) && !errors.Is(err, errStore) && !errors.Is(err, ttshop.ErrUnauthorized)
}
