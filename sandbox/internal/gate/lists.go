package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// maxLag bounds how long a list can hide an entry. Archived orders, which do not
// change, are older.
const maxLag = 7 * 24 * time.Hour

// ListKeeper keeps how lists behave.
type ListKeeper struct {
	current atomic.Pointer[control.Lists]
	past    past
}

// Reset replaces how lists behave.
func (k *ListKeeper) Reset(l control.Lists) {
	l.Rules = slices.Concat([]control.ListRule{}, l.Rules) // shown as a list, also without rules
	k.current.Store(&l)
}

// Plain reports whether lists behave as they do without any switch.
func (k *ListKeeper) Plain() bool {
	l := k.Get()
	return len(l.Rules) == 0 && !l.OrderDetailFields && l.BlankAddressDays == 0
}

// Get returns how lists behave.
func (k *ListKeeper) Get() control.Lists {
	if l := k.current.Load(); l != nil {
		return *l
	}
	return control.Lists{Rules: []control.ListRule{}}
}

// ValidateLists refuses what lists cannot do.
func ValidateLists(l *control.Lists) error {
	if l.BlankAddressDays < 0 {
		return fmt.Errorf("blank_address_days is %d, want 0 or more", l.BlankAddressDays)
	}
	for i := range l.Rules {
		if err := validateListRule(&l.Rules[i]); err != nil {
			return fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	return nil
}

func validateListRule(r *control.ListRule) error {
	var lag, jitter time.Duration
	if r.Lag != nil {
		lag = *r.Lag
	}
	if r.Jitter != nil {
		jitter = *r.Jitter
	}
	switch {
	case r.Paging != "" && r.Paging != control.PagingKeyset && r.Paging != control.PagingOffset:
		return fmt.Errorf("paging is %q, want %s or %s", r.Paging, control.PagingKeyset, control.PagingOffset)
	case lag < 0 || jitter < 0:
		return errors.New("lag and jitter must not be negative")
	case lag > maxLag || jitter > maxLag:
		return fmt.Errorf("lag and jitter must not be above %v", maxLag)
	case r.Late != "" && r.Late != control.LateMissing && r.Late != control.LateOld:
		return fmt.Errorf("late is %q, want %s or %s", r.Late, control.LateMissing, control.LateOld)
	case r.Paging == "" && r.Lag == nil && r.Jitter == nil && r.Late == "" && r.TotalError == nil:
		return errors.New("a rule needs paging, lag, jitter, late or total_error")
	}
	return nil
}

// Part holds how lists behave.
func (k *ListKeeper) Part() keep.Part {
	return keep.Part{Name: "lists", Later: true,
		Save: func() any { return k.Get() },
		Load: func(raw json.RawMessage) error {
			var l control.Lists
			if err := keep.Decode(raw, &l); err != nil {
				return err
			}
			if err := ValidateLists(&l); err != nil {
				return err
			}
			k.Reset(l)
			return nil
		}}
}

func (s *Gate) getLists(w http.ResponseWriter, _ *http.Request) {
	ControlAnswer(w, http.StatusOK, s.Lists.Get())
}

func (s *Gate) putLists(w http.ResponseWriter, r *http.Request) {
	var given control.Lists
	if !ControlBody(w, r, &given) {
		return
	}
	if err := ValidateLists(&given); err != nil {
		ControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	s.Lists.Reset(given)
	ControlAnswer(w, http.StatusOK, s.Lists.Get())
}

// Listing is how the list of a call behaves.
type Listing struct {
	offset      bool
	lag, jitter time.Duration
	old         bool // shows what changed a moment ago as it was
	totalError  int

	now  time.Time
	seed uint64

	// Where entries are kept as they were, and whose they are.
	past  *past
	world *world.World
	shop  string
}

// Listing returns how the list of the call behaves.
func (c *Call) Listing() Listing {
	l := Listing{now: c.Now, seed: c.State.World.Seed, past: &c.Gate.Lists.past, world: c.State.World}
	if c.Shop != nil {
		l.shop = c.Shop.ID
	}
	given := c.Gate.Lists.current.Load()
	if given == nil {
		return l
	}
	for i := range given.Rules {
		r := &given.Rules[i]
		if !matchesName(r.Operation, c.Route.Name) || r.ShopID != "" && (c.Shop == nil || c.Shop.ID != r.ShopID) {
			continue
		}
		if r.Paging != "" {
			l.offset = r.Paging == control.PagingOffset
		}
		if r.Lag != nil {
			l.lag = *r.Lag
		}
		if r.Jitter != nil {
			l.jitter = *r.Jitter
		}
		if r.Late != "" {
			l.old = r.Late == control.LateOld
		}
		if r.TotalError != nil {
			l.totalError = *r.TotalError
		}
	}
	return l
}

// Hides reports whether the list may hide entries at all.
func (l *Listing) Hides() bool { return l.lag > 0 || l.jitter > 0 }

// ShowsOld reports whether the list shows entries as they were, see [Earlier].
func (l *Listing) ShowsOld() bool { return l.old && l.Hides() }

// Shows reports whether an entry that was last changed at a Unix time is in the
// list already.
func (l *Listing) Shows(id, changed int64) bool {
	after := l.lag
	if steps := uint64(l.jitter / time.Millisecond); steps > 0 {
		draw := invent.Mix(invent.Mix(l.seed^uint64(id)) ^ uint64(changed))
		after += time.Duration(draw%(steps+1)) * time.Millisecond
	}
	return !l.now.Before(time.Unix(changed, 0).Add(after))
}

// Total returns the number of all entries as the list tells it.
func (l *Listing) Total(n int) int { return max(0, n+l.totalError) }

// offsetMark is the sort value of a cursor that counts entries. No entry has it.
const offsetMark = math.MinInt64

// Skipped returns how many entries lie before the page, where that is what its
// token tells. A list goes on with the kind of token that it began with.
func (l *Listing) Skipped(after *Cursor) (n int, counted bool) {
	if after == nil {
		return 0, l.offset
	}
	if after.At != offsetMark {
		return 0, false
	}
	return int(after.ID), true
}

// Next returns where the list goes on after a page, from where it does by key.
func (l *Listing) Next(next, after *Cursor, shown int) *Cursor {
	skipped, counted := l.Skipped(after)
	if next == nil || !counted {
		return next
	}
	return &Cursor{offsetMark, int64(skipped + shown)}
}

// changing is an entry of a list that knows when it was last changed, in Unix
// seconds. For others the value that they are sorted by stands for that.
type changing interface{ Changed() int64 }
