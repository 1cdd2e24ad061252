package sync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Audit says what to compare.
type Audit struct {
	// Streams are the names of what is compared; nil means all that the engine copies.
	Streams []string
	// Since is how far back creations are compared. Zero means as far as the copy goes.
	Since time.Duration
	// Repair replaces what differs by what the source has.
	Repair bool
}

// A Comparison is what a table's audit came to.
type Comparison struct {
	Stream   string    `json:"table"`
	From     time.Time `json:"from,omitzero"` // of creation; zero: from the beginning
	To       time.Time `json:"to,omitzero"`
	Source   int       `json:"source"` // rows
	Here     int       `json:"here"`
	Missing  []string  `json:"missing,omitempty"`   // ids that only the source has
	Surplus  []string  `json:"surplus,omitempty"`   // ids that only the copy has
	Differ   []string  `json:"different,omitempty"` // ids whose content is another
	Repaired int       `json:"repaired,omitempty"`
	Requests int       `json:"requests"`
	Error    string    `json:"error,omitempty"`
}

// Equal reports whether the copy is the source.
func (c *Comparison) Equal() bool {
	return c.Error == "" && len(c.Missing) == 0 && len(c.Surplus) == 0 && len(c.Differ) == 0
}

// Cost returns about how many requests an audit of a shop takes, by table.
func (e *Engine) Cost(ctx context.Context, shop Shop, audit Audit) (map[string]int, error) {
	streams, err := e.audited(shop, audit)
	if err != nil {
		return nil, err
	}
	cost := map[string]int{}
	for _, s := range streams {
		if s.byParent() {
			if cost[s.Name], err = e.costByParent(ctx, shop.ID, s, audit); err != nil {
				return nil, err
			}
			continue
		}
		rows := 0
		from, to := e.auditRange(s, State{}, audit, e.now())
		column := s.created
		for _, err := range e.to.Rows(ctx, shop.ID, s.table, column, time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()) {
			if err != nil {
				return nil, fmt.Errorf("count the rows of %s: %w", s.Name, err)
			}
			rows++
		}
		page := s.PageSize
		if s.IDsIn != "" && s.Class == Scans {
			page = s.IDsAt
		}
		cost[s.Name] = 1
		if page > 0 {
			cost[s.Name] = max((rows+page-1)/page, 1)
		}
	}
	return cost, nil
}

// audited returns the streams of an audit.
func (e *Engine) audited(shop Shop, audit Audit) ([]*Stream, error) {
	streams := shop.Kind.of(e.streams)
	if audit.Streams != nil {
		streams = nil
		for _, name := range audit.Streams {
			s := streamOf(e.all, name)
			switch {
			case s == nil:
				return nil, fmt.Errorf("sync: no stream %q", name)
			case s.Of != shop.Kind:
			case !slices.Contains(streams, s):
				streams = append(streams, s)
			}
		}
	}
	return streams, nil
}

// auditRange is the span of creation that is compared.
func (e *Engine) auditRange(s *Stream, st State, audit Audit, now time.Time) (from, to int64) {
	to = now.Unix()
	switch {
	case audit.Since > 0:
		from = to - int64(audit.Since.Seconds())
	case s.Always:
		from = firstOrder
	case st.Since > 0:
		from = st.Since
	default:
		from = to - int64(e.config.Since.Seconds())
	}
	return from, to
}

// Verify compares the rows of a shop with the source, by creation and up to a closed
// time. A difference is believed only after a second request about it, since rows
// change meanwhile.
func (e *Engine) Verify(ctx context.Context, shop Shop, caller Caller, audit Audit) ([]Comparison, error) {
	streams, err := e.audited(shop, audit)
	if err != nil {
		return nil, err
	}
	report := &Report{Shop: shop, Streams: map[string]*StreamReport{}}
	var all []Comparison
	err = e.hold(ctx, shop, caller, report, func(ctx context.Context, r *run) error {
		r.until = time.Time{}
		for _, s := range streams {
			if err := r.samePeople(s); err != nil {
				return err
			}
			// What has changed so far is copied first: it would only look like a
			// difference.
			if s.Class == Updates && r.states[s.Name].Cursor > 0 {
				if err := r.live(ctx, s); err != nil {
					return fmt.Errorf("bring %s up to date: %w", s.Name, err)
				}
			}
			verify := r.verify
			if s.byParent() {
				verify = r.verifyByParent
			}
			c, err := verify(ctx, s, audit)
			c.Requests = report.of(s.Name).Requests
			if err != nil {
				if ctx.Err() != nil || !ofStream(err) {
					return fmt.Errorf("compare %s: %w", s.Name, err)
				}
				c.Error = err.Error()
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// verify compares one stream.
func (r *run) verify(ctx context.Context, s *Stream, audit Audit) (Comparison, error) {
	c := Comparison{Stream: s.Name}
	st := r.states[s.Name]
	var from, to int64
	if s.created != "" {
		from, to = r.auditRange(s, st, audit, r.serverNow())
		to = min(to, r.horizon())
		if st.Cursor > 0 {
			to = min(to, st.Cursor)
		}
		c.From, c.To = time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()
	}
	if s.created == "" {
		return c, r.mend(ctx, s, new(Span), audit.Repair, &c)
	}
	for width := st.Width; to > from; {
		part := Span{from, to}
		if width > 0 {
			part.From = max(from, to-width)
		}
		before := c.Source
		if err := r.mend(ctx, s, &part, audit.Repair, &c); err != nil {
			return c, err
		}
		to, width = part.From, s.sliceWidth(part, c.Source-before)
	}
	return c, nil
}

// mend compares a slice and repairs it if that is asked for.
func (r *run) mend(ctx context.Context, s *Stream, slice *Span, repair bool, c *Comparison) error {
	d, err := r.compare(ctx, s, slice, c)
	if err != nil || !repair {
		return err
	}
	return r.repair(ctx, s, d, c)
}

// mismatch is what is to be repaired.
type mismatch struct {
	rows []Row      // as the source has them
	gone [][]string // keys that it does not have
}

// compare compares a slice of what was created, or all of a stream without creations,
// and adds what it finds. A slice that has too many rows is made shorter, at its
// beginning. A difference counts once a second look has seen it, with the same source.
func (r *run) compare(ctx context.Context, s *Stream, slice *Span, c *Comparison) (mismatch, error) {
	l, err := r.look(ctx, s, slice)
	if err != nil {
		return mismatch{}, err
	}
	first := l.differ
	if len(first) > 0 {
		// What moved in between settles.
		if s.Class == Updates {
			if err := r.live(ctx, s); err != nil {
				return mismatch{}, err
			}
		}
		if l, err = r.look(ctx, s, slice); err != nil {
			return mismatch{}, err
		}
	}
	c.Source += l.source
	c.Here += l.here
	if err := r.leaveHidden(ctx, s, first, l.differ); err != nil {
		return mismatch{}, err
	}
	return c.confirm(first, l.differ), nil
}

// confirm adds what two looks have found alike, and returns what there is to repair.
func (c *Comparison) confirm(first, second map[string]difference) mismatch {
	var d mismatch
	for _, id := range slices.Sorted(maps.Keys(second)) {
		now := second[id]
		before, ok := first[id]
		if !ok || before.kind != now.kind || before.there.Hash != now.there.Hash {
			continue // it is on the move
		}
		switch now.kind {
		case kindMissing:
			c.Missing = append(c.Missing, id)
		case kindSurplus:
			c.Surplus = append(c.Surplus, id)
			d.gone = append(d.gone, now.key)
		case kindDiffers:
			c.Differ = append(c.Differ, id)
		}
		if now.kind != kindSurplus {
			d.rows = append(d.rows, now.there)
		}
	}
	return d
}

// The kinds of differences.
const (
	kindMissing = iota
	kindSurplus
	kindDiffers
)

// difference is a row that is not the same in the source and here.
type difference struct {
	kind  int
	there Row
	key   []string // of a row that only the copy has
}

// look is what a slice of the source and the copy of it are.
type look struct {
	differ       map[string]difference
	source, here int // rows
}

// look reads a slice of the source and returns what is not the same here.
func (r *run) look(ctx context.Context, s *Stream, slice *Span) (look, error) {
	source := map[string]Row{}
	note := func(a *answer) error {
		rows, _, err := r.rows(s, a, "")
		for _, row := range rows {
			source[row.ID(s.table)] = row
		}
		return err
	}
	var err error
	switch {
	case s.created != "":
		_, err = r.walk(ctx, PhaseVerify, s, slice, func(a *answer, _ int, _ bool) error { return note(a) })
	case s.IDsIn != "":
		err = r.scanByIDs(ctx, s, PhaseVerify, func(a *answer, _ int) error { return note(a) })
	default:
		err = r.scanPages(ctx, s, PhaseVerify, func(a *answer, _ int) error { return note(a) })
	}
	if err != nil {
		return look{}, err
	}
	l := look{differ: map[string]difference{}, source: len(source)}
	here := map[string]bool{}
	column := s.created
	// What changed after the cursor is still to be copied, or is here already because a
	// webhook told of it, while lists may not show it yet.
	early := func(version int64) bool {
		cursor := r.states[s.Name].Cursor
		return s.Class == Updates && cursor > 0 && version >= cursor
	}
	for k, err := range r.to.Rows(ctx, r.shop.ID, s.table, column, time.Unix(slice.From, 0).UTC(), time.Unix(slice.To, 0).UTC()) {
		if err != nil {
			return look{}, fmt.Errorf("read the rows of %s: %w", s.Name, err)
		}
		row, ok := source[k.ID]
		switch {
		case k.Deleted && !ok:
			continue
		case ok && early(row.Version), early(k.Version):
		case k.Deleted: // it is back
			l.differ[k.ID] = difference{kind: kindMissing, there: row}
		case !ok:
			l.differ[k.ID] = difference{kind: kindSurplus, key: k.Key}
		case row.Hash != k.Hash:
			l.differ[k.ID] = difference{kind: kindDiffers, there: row}
		}
		if !k.Deleted {
			l.here++
		}
		here[k.ID] = true
	}
	for id, row := range source {
		if !here[id] && !early(row.Version) {
			l.differ[id] = difference{kind: kindMissing, there: row}
		}
	}
	return l, nil
}

// repairBatch is how many rows are repaired at a time.
const repairBatch = 100

// repair stores what the source has, whatever version is here, and marks what it does
// not have as deleted.
func (r *run) repair(ctx context.Context, s *Stream, d mismatch, c *Comparison) error {
	if len(d.gone) > 0 {
		tally, err := r.commit(ctx, s, PhaseVerify, Batch{Gone: d.gone}, -1)
		if err != nil {
			return err
		}
		c.Repaired += tally.Deleted
	}
	for rows := range slices.Chunk(d.rows, repairBatch) {
		issues := make([]Issue, len(rows))
		for i := range rows {
			issues[i] = Issue{Table: s.Name, ID: rows[i].ID(s.table), Problem: "it was not what the source has, and was repaired"}
		}
		b := Batch{Rows: rows, Issues: issues, Force: true}
		switch s.Class {
		case Scans:
			b.Generation = r.states[s.Name].Generation
		case Details, Days:
			b.Generation = rows[0].Seq // the next read of the parent has a later one
		}
		tally, err := r.commit(ctx, s, PhaseVerify, b, -1)
		if err != nil {
			return err
		}
		c.Repaired += tally.Inserted + tally.Changed
	}
	return nil
}
