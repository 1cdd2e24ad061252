package sync

import (
	"slices"
)

// A State is how far a stream of a shop has come. Times are in seconds since 1970.
type State struct {
	// Start is where the live cursor began. What was created before it comes by the
	// backfill. Of class Details it is when the parents that were there were noted.
	Start int64 `json:"start,omitempty"`
	// Cursor: every change before it is here.
	Cursor int64 `json:"cursor,omitempty"`
	// Width of the next window.
	Width int64 `json:"width,omitempty"`
	// Deep is when the long overlap was read last.
	Deep int64 `json:"deep,omitempty"`
	// Live is when the stream was read up to the present last.
	Live int64 `json:"live,omitempty"`

	// Done are the spans of creation that are here, in order, without gaps between
	// neighbours. Of class Days they are the days that were noted to be read.
	Done []Span `json:"done,omitempty"`
	// Since is the beginning of what is wanted.
	Since int64 `json:"since,omitempty"`

	// Generation is that of the last scan that was complete, and Scanned when it began. Of
	// class Days it is when the latest day was asked for.
	Generation int64 `json:"generation,omitempty"`
	Scanned    int64 `json:"scanned,omitempty"`
	// Rescans are when the ages of creations, or of days, were read last, the youngest
	// first.
	Rescans []int64 `json:"rescans,omitempty"`
	// Open is the creation of the oldest row that can still change.
	Open int64 `json:"open,omitempty"`
	// Audits are when the audits were begun last that have ended, the shortest first.
	Audits []int64 `json:"audits,omitempty"`
	// Check is the audit that is under way, nil if there is none.
	Check *Check `json:"check,omitempty"`
	// Checked is what the last audit that has ended came to.
	Checked *Check `json:"checked,omitempty"`
	// Repaired rows, by audits that ran by themselves, since the stream began.
	Repaired int64 `json:"repaired,omitempty"`

	// People is what became of people's data: kept, or a print of the key of the hashes.
	People string `json:"people,omitempty"`

	// Error is what the stream stands at, since ErrorAt; it is tried again.
	Error   string `json:"error,omitempty"`
	ErrorAt int64  `json:"error_at,omitempty"`
	// Blocked: a scope is missing.
	Blocked string `json:"blocked,omitempty"`

	// Rows that were written, and requests, since the stream began.
	Rows     int64 `json:"rows,omitempty"`
	Requests int64 `json:"requests,omitempty"`
}

// A Check is an audit that runs by itself, a slice of creations at a time, the latest
// first.
type Check struct {
	Audit    int   `json:"audit"` // which: its place in [State.Audits]
	Began    int64 `json:"began"`
	From     int64 `json:"from"` // of creation
	To       int64 `json:"to"`
	At       int64 `json:"at"`     // what was created from here on has been compared
	Source   int   `json:"source"` // rows that the source has
	Found    int   `json:"found,omitempty"`
	Repaired int   `json:"repaired,omitempty"`
}

// A Span is the time from From to before To.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// add adds a span to spans in order and joins those that touch.
func add(spans []Span, s Span) []Span {
	if s.From >= s.To {
		return spans
	}
	all := append(slices.Clone(spans), s)
	slices.SortFunc(all, func(a, b Span) int {
		switch {
		case a.From < b.From:
			return -1
		case a.From > b.From:
			return 1
		}
		return 0
	})
	joined := all[:1]
	for _, next := range all[1:] {
		last := &joined[len(joined)-1]
		if next.From <= last.To {
			last.To = max(last.To, next.To)
		} else {
			joined = append(joined, next)
		}
	}
	return joined
}

// missing returns the latest gap of want that spans leave, and false if there is none.
func missing(spans []Span, want Span) (Span, bool) {
	gap := want
	for i := len(spans) - 1; i >= 0; i-- {
		s := spans[i]
		switch {
		case s.To <= gap.From || s.From >= gap.To:
			if s.To <= gap.From {
				return gap, gap.From < gap.To
			}
		case s.To >= gap.To:
			gap.To = s.From
		default:
			gap.From = s.To
			return gap, gap.From < gap.To
		}
		if gap.From >= gap.To {
			return Span{}, false
		}
	}
	return gap, gap.From < gap.To
}

// covered returns how much of want the spans cover, in seconds.
func covered(spans []Span, want Span) int64 {
	var sum int64
	for _, s := range spans {
		if from, to := max(s.From, want.From), min(s.To, want.To); from < to {
			sum += to - from
		}
	}
	return sum
}
