package operation

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// timeRange is a pair of fields that select the items of a list by a time in
// seconds, such as create_time_ge and create_time_lt.
type timeRange struct {
	from, to  string // names
	inclusive bool   // the upper bound is part of the range
	param     bool   // they are in the query, not in the body
}

// timeRanges returns the pairs by which a list can be walked.
func timeRanges(op *catalog.Operation) []timeRange {
	var ranges []timeRange
	for i, fields := range [][]catalog.Field{op.Params, op.Body} {
		for _, f := range fields {
			name, ok := strings.CutSuffix(f.Name, "_ge")
			if !ok || f.In == "path" || !isSeconds(&f) {
				continue
			}
			for _, end := range []string{"_lt", "_le"} {
				if to := field.Named(fields, name+end); to != nil && isSeconds(to) {
					ranges = append(ranges, timeRange{f.Name, to.Name, end == "_le", i == 0})
					break
				}
			}
		}
	}
	return ranges
}

func isSeconds(f *catalog.Field) bool { return f.Type == catalog.Integer && f.Kind == catalog.KindUnix }

// moves reports whether the time of an item changes with the item, so that it may
// come twice or not at all in a walk.
func (t timeRange) moves() bool { return strings.Contains(t.from, "update") }

// values returns the part of a request where the fields stand.
func (t timeRange) values(r *operationRequest) map[string]any {
	if t.param {
		return r.params
	}
	return r.members
}

// chooseRange returns the pair to walk by: the one whose start is given, or of
// several the one whose time does not change.
func chooseRange(op *catalog.Operation, r *operationRequest) (timeRange, error) {
	ranges := timeRanges(op)
	var names []string
	var given []timeRange
	for _, t := range ranges {
		names = append(names, "--"+field.Dashed(t.from))
		if _, ok := t.values(r)[t.from]; ok {
			given = append(given, t)
		}
	}
	if len(given) == 0 {
		return timeRange{}, console.Usagef("--parallel and --checkpoint walk a time range in slices; give its start: %s -30d", strings.Join(names, " or "))
	}
	if i := slices.IndexFunc(given, func(t timeRange) bool { return strings.Contains(t.from, "create_time") }); i >= 0 {
		return given[i], nil
	}
	if i := slices.IndexFunc(given, func(t timeRange) bool { return !t.moves() }); i >= 0 {
		return given[i], nil
	}
	return given[0], nil
}

// span returns the time range of the request; without an end it ends now.
func (t timeRange) span(r *operationRequest, now ttshop.UnixTime) (ttshop.Span, error) {
	s := ttshop.Span{To: now}
	for _, end := range []struct {
		name string
		at   *ttshop.UnixTime
	}{{t.from, &s.From}, {t.to, &s.To}} {
		value, ok := t.values(r)[end.name]
		if !ok {
			continue
		}
		seconds, err := strconv.ParseInt(fmt.Sprint(value), 10, 64)
		if err != nil {
			return s, console.Usagef("--%s: expected a time in seconds, got %v", field.Dashed(end.name), value)
		}
		*end.at = ttshop.UnixTime(seconds)
		if end.name == t.to && t.inclusive {
			*end.at++
		}
	}
	if s.From >= s.To {
		return s, console.Usagef("--%s %d is not before --%s %d: the range is empty", field.Dashed(t.from), s.From, field.Dashed(t.to), s.To)
	}
	return s, nil
}

// narrowed returns a copy of the request for a span alone.
func (t timeRange) narrowed(r *operationRequest, s ttshop.Span) *operationRequest {
	narrow := *r
	narrow.params, narrow.members, narrow.verbatim = maps.Clone(r.params), maps.Clone(r.members), nil
	if t.param && narrow.params == nil {
		narrow.params = make(map[string]any)
	}
	if !t.param && narrow.members == nil {
		narrow.members = make(map[string]any)
	}
	to := s.To
	if t.inclusive {
		to-- // whole seconds
	}
	number := func(u ttshop.UnixTime) json.Number { return json.Number(strconv.FormatInt(int64(u), 10)) }
	t.values(&narrow)[t.from], t.values(&narrow)[t.to] = number(s.From), number(to)
	return &narrow
}

// keyOf returns what tells the items of a list apart, or nil if the catalogue
// names nothing that is sure to.
func keyOf(op *catalog.Operation) func(json.RawMessage) string {
	names := []string{"id"}
	if v, ok := answer.ViewOf(op); ok {
		names = append(names, v.Columns[0].Paths[0]) // the one that people know it by
	}
	fields := answer.ItemFields(op)
	for _, name := range append(names, strings.TrimSuffix(answer.NounOf(op), "s")+"_id") {
		if field.Named(fields, name) == nil {
			continue
		}
		return func(item json.RawMessage) string {
			id, err := answer.RawAt(item, name)
			if err != nil || len(id) == 0 {
				return string(item) // an item without an id is identified by its whole content
			}
			return string(id)
		}
	}
	return nil
}
