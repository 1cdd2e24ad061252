package sync

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop"
)

// audits are those that run by themselves: the age of the creations that they compare
// with the source, in days, where 0 means all, and every how many nights. A longer one
// stands for the shorter ones.
var audits = [...]struct{ age, nights int64 }{{7, 1}, {90, 7}, {0, 30}}

// The hours in which a shop's night begins: each has its own minute within them, so
// that not all shops are audited at once.
const (
	nightFrom = 1 * time.Hour
	nightLong = 4 * time.Hour
)

// A night is how the nights of a shop are told apart.
type night struct {
	zone  *time.Location
	start time.Duration // after midnight
}

// nightOf returns the nights of a shop, by the clock of its region, or by UTC where
// that is not known.
func nightOf(shop Shop) night {
	zone, err := ttshop.Zone(shop.Region)
	if err != nil {
		zone = time.UTC
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(shop.ID)) // it cannot fail
	return night{zone, nightFrom + time.Duration(h.Sum32()%uint32(nightLong/time.Second))*time.Second}
}

// number counts nights: that of a time before tonight's start is last night's.
func (n night) number(t time.Time) int64 {
	local := t.In(n.zone).Add(-n.start)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	return day.Unix() / day64
}

// begins returns when a night starts.
func (n night) begins(number int64) time.Time {
	day := time.Unix(number*day64, 0).UTC()
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, n.zone).Add(n.start)
}

const day64 = int64(day)

// NextAudit returns when a stream of a shop is compared with the source next, a time
// that has passed where that is due or under way. It is zero where the stream is not
// audited: streams that are not [Updates] are read again anyway, and what is still
// being copied comes first.
func (s *Stream) NextAudit(shop Shop, st State) time.Time {
	if st.Check != nil {
		return time.Unix(st.Check.Began, 0)
	}
	if s.Class != Updates || len(st.Audits) != len(audits) {
		return time.Time{}
	}
	n := nightOf(shop)
	next := n.begins(n.number(time.Unix(st.Audits[0], 0)) + audits[0].nights)
	for i, a := range audits {
		if at := n.begins(n.number(time.Unix(st.Audits[i], 0)) + a.nights); at.Before(next) {
			next = at
		}
	}
	return next
}

// audit compares a slice of what an audit covers that is due or under way, repairs it,
// and reports whether anything is left.
func (r *run) audit(ctx context.Context, s *Stream) (bool, error) {
	st := r.states[s.Name]
	if r.config.NoAudits || s.Class != Updates || st.Start == 0 {
		return false, nil
	}
	if _, left := missing(st.Done, r.wanted(s)); left {
		return false, nil
	}
	now := r.serverNow()
	if len(st.Audits) != len(audits) { // what was just copied need not be compared
		st.Audits = slices.Repeat([]int64{now.Unix()}, len(audits))
		_, err := r.commit(ctx, s, PhaseVerify, Batch{State: &st}, -1)
		return false, err
	}
	if st.Check == nil {
		if st.Check = r.due(s, st, now); st.Check == nil {
			return false, nil
		}
	}
	check := *st.Check
	part, pages := r.latest(Span{check.From, check.At}, st.Width)
	if pages < 1 {
		return true, errStop
	}
	var c Comparison
	d, err := r.compare(ctx, s, &part, &c)
	if errors.Is(err, errStop) { // see backfill
		st = r.states[s.Name]
		st.Check, st.Width = &check, halfOf(part, pages)
		if _, err := r.commit(ctx, s, PhaseVerify, Batch{State: &st}, -1); err != nil {
			return true, err
		}
		return true, errStop
	}
	if err == nil {
		err = r.repair(ctx, s, d, &c)
	}
	if err != nil {
		return true, err
	}
	st = r.states[s.Name]
	check.At = part.From
	check.Source += c.Source
	check.Found += len(c.Missing) + len(c.Surplus) + len(c.Differ)
	check.Repaired += c.Repaired
	st.Check, st.Width = &check, s.sliceWidth(part, c.Source)
	st.Repaired += int64(c.Repaired)
	left := check.At > check.From
	if !left {
		st.Audits = slices.Clone(st.Audits)
		for i := range check.Audit + 1 {
			st.Audits[i] = check.Began
		}
		st.Check, st.Checked = nil, &check
	}
	_, err = r.commit(ctx, s, PhaseVerify, Batch{State: &st}, -1)
	return left, err
}

// due returns the longest audit that is due, or nil.
func (r *run) due(s *Stream, st State, now time.Time) *Check {
	n := nightOf(r.shop)
	for i := len(audits) - 1; i >= 0; i-- {
		a := audits[i]
		if n.number(now)-n.number(time.Unix(st.Audits[i], 0)) < a.nights {
			continue
		}
		c := &Check{Audit: i, Began: now.Unix(), From: r.wanted(s).From, To: min(r.horizon(), st.Cursor)}
		if a.age > 0 {
			c.From = max(c.From, now.Unix()-a.age*day)
		}
		c.At = c.To
		if c.From < c.To {
			return c
		}
	}
	return nil
}

// sliceWidth is the width of the next slice of creations, after one that had so many
// rows.
func (s *Stream) sliceWidth(slice Span, rows int) int64 {
	width := slice.To - slice.From
	if rows == 0 {
		return width * 4
	}
	return max(int64(float64(width)*float64(slicePages*s.PageSize)/float64(rows)), 1)
}
