package affiliate

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The types of target collaborations. The second one is made by the platform
// and cannot be edited.
const (
	targetStandard = "STANDARD"
	targetProgram  = "TOP_CREATOR_PROGRAM"
)

// expiringPeriod is how long before its end a target collaboration counts as
// about to end. No document tells.
const expiringPeriod = 7 * invent.SecondsOfDay

// targetCollaboration invites creators to promote products.
type targetCollaboration struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Name       string          `json:"name"`
	Message    string          `json:"message"`
	Email      string          `json:"email"`
	FreeSample bool            `json:"free_sample"`
	Exempt     bool            `json:"exempt"` // samples need no approval
	Start      int64           `json:"start"`
	End        int64           `json:"end"`
	Updated    int64           `json:"updated"`
	Removed    int64           `json:"removed"` // when the seller deleted it; 0: not
	Creators   []invitation    `json:"creators"`
	Products   []targetProduct `json:"products"`
}

// stay is how long something is part of a collaboration.
type stay struct {
	Since int64 `json:"since"`
	Left  int64 `json:"left"` // 0: not yet
}

func (s stay) at(now int64) bool { return s.Since <= now && (s.Left == 0 || now < s.Left) }

// invitation is a creator in a target collaboration.
type invitation struct {
	Creator string `json:"creator"` // user id
	stay
	Accepted int64            `json:"accepted,omitempty"` // by the creator's own act; else see accepts
	Dropped  map[string]int64 `json:"dropped,omitempty"`  // products that the creator took out of the showcase, and when
}

// targetProduct is a product in a target collaboration.
type targetProduct struct {
	ID    string       `json:"id"`
	Rates []ratePeriod `json:"rates"` // the oldest first
	stay
}

// ratePeriod is a commission rate from a time on.
type ratePeriod struct {
	Since int64 `json:"since"`
	Rate  int64 `json:"rate"`
	Ads   int64 `json:"ads"` // for sales through shop ads; 0: none
}

func (p *targetProduct) rate() ratePeriod { return p.Rates[len(p.Rates)-1] }

// runs tells whether creators earn by the collaboration at a time.
func (t *targetCollaboration) runs(at int64) bool {
	return t.Start <= at && at < t.End && (t.Removed == 0 || at < t.Removed)
}

// status is the state that searches ask for. VALID, which is both states before
// the end, is left to them; nothing is ever CANCELING, since what is deleted is
// gone at once.
func (t *targetCollaboration) status(now int64) string {
	switch {
	case now >= t.End:
		return "COMPLETED"
	case now >= t.End-expiringPeriod:
		return "EXPIRING"
	}
	return "ONGOING"
}

// invited lists the creators who are in the collaboration.
func (t *targetCollaboration) invited() (list []invitation) {
	return slices.DeleteFunc(slices.Clone(t.Creators), func(i invitation) bool { return i.Left != 0 })
}

// promoted lists the products that are in the collaboration.
func (t *targetCollaboration) promoted() (list []targetProduct) {
	return slices.DeleteFunc(slices.Clone(t.Products), func(p targetProduct) bool { return p.Left != 0 })
}

func (t *targetCollaboration) invites(creator string) bool {
	return slices.ContainsFunc(t.invited(), func(i invitation) bool { return i.Creator == creator })
}

func (t *targetCollaboration) promotes(product string) bool {
	return slices.ContainsFunc(t.promoted(), func(p targetProduct) bool { return p.ID == product })
}

// accepts tells when a creator takes an invitation, unless they never do.
func (t *targetCollaboration) accepts(cr *creator, i invitation) (at int64, ok bool) {
	if i.Accepted > 0 {
		return i.Accepted, true
	}
	return cr.joins(t.ID, i.Since, 3*invent.SecondsOfDay, 75)
}

// set gives the collaboration its creators and products. Those that are not
// named any more leave.
func (t *targetCollaboration) set(creators []*creator, products []targetProduct, now int64) {
	for i := range t.Creators {
		in := &t.Creators[i]
		if in.Left == 0 && !slices.ContainsFunc(creators, func(cr *creator) bool { return cr.userID == in.Creator }) {
			in.Left = now
		}
	}
	for _, cr := range creators {
		if !t.invites(cr.userID) {
			t.Creators = append(t.Creators, invitation{Creator: cr.userID, stay: stay{Since: now}})
		}
	}
	for i := range t.Products {
		in := &t.Products[i]
		if in.Left != 0 {
			continue
		}
		at := slices.IndexFunc(products, func(p targetProduct) bool { return p.ID == in.ID })
		if at < 0 {
			in.Left = now
		} else if next, old := products[at].rate(), in.rate(); next.Rate != old.Rate || next.Ads != old.Ads {
			in.Rates = append(in.Rates, next)
		}
	}
	for _, p := range products {
		if !t.promotes(p.ID) {
			t.Products = append(t.Products, p)
		}
	}
	t.Updated = now
}

// targetInPath returns the target collaboration that the path names.
func targetInPath(c *gate.Call, a *affiliate) (*targetCollaboration, *gate.Failure) {
	id := c.Param(0)
	i := slices.IndexFunc(a.Targets, func(t *targetCollaboration) bool { return t.ID == id && t.Removed == 0 })
	if i < 0 {
		return nil, gate.Fail(codeTargetUnknown, "target collaboration ", id, " does not exist or is not the shop's")
	}
	return a.Targets[i], nil
}

// runningTarget returns it unless it is over.
func runningTarget(c *gate.Call, a *affiliate) (*targetCollaboration, *gate.Failure) {
	t, f := targetInPath(c, a)
	if f == nil && !t.runs(c.Now.Unix()) {
		return nil, gate.Fail(codeTargetOver, "target collaboration ", t.ID, " has ended")
	}
	return t, f
}

// targetOf returns another running target collaboration in which a creator is
// invited to promote a product, or nil.
func (a *affiliate) targetOf(creator, product string, but *targetCollaboration, now int64) *targetCollaboration {
	for _, t := range a.Targets {
		if t != but && t.runs(now) && t.invites(creator) && t.promotes(product) {
			return t
		}
	}
	return nil
}

// invited tells whether a creator was invited to a target collaboration since a
// time. The caller holds the lock.
func invited(s *world.Shop, cr *creator, since int64) bool {
	for _, t := range Of(s).Targets {
		if slices.ContainsFunc(t.Creators, func(i invitation) bool { return i.Creator == cr.userID && i.Since >= since }) {
			return true
		}
	}
	return false
}
