package sync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	gosync "sync"
	"time"

	"github.com/ttshop-go/ttshop"
)

// run is one turn of one shop. Its streams go on side by side, and one at a time: who
// waits for an answer lets go of mu, which all other work is done with. So the answers
// of some are on their way while another's rows are stored, and commits stay in order.
type run struct {
	*Engine
	mu      gosync.Mutex
	shop    Shop
	caller  Caller
	streams []*Stream // that are of its kind
	epoch   int64
	sent    int64 // requests of this epoch
	states  map[string]State
	day     string
	used    int            // requests on that day, here and before
	unpaid  int            // requests that no commit has counted yet
	owed    map[string]int // of them by stream
	pace    time.Duration  // that an answer takes about
	ahead   time.Duration
	clock   bool // ahead was measured
	hinted  bool // the turn had hints
	until   time.Time
	report  *Report
}

// A Report is what a turn came to.
type Report struct {
	Shop     Shop
	Tally    Tally
	Streams  map[string]*StreamReport
	Requests int
	Rest     bool // something was left for the next turn
}

// Add adds what a later turn of the same shop came to.
func (r *Report) Add(later *Report) {
	r.Tally.Add(later.Tally)
	r.Requests += later.Requests
	r.Rest = later.Rest
	for name, s := range later.Streams {
		sum := r.of(name)
		sum.Tally.Add(s.Tally)
		sum.Requests += s.Requests
		sum.Err = s.Err
	}
}

// A StreamReport is what a turn came to for one stream.
type StreamReport struct {
	Tally    Tally
	Requests int
	Err      error // what it stands at, nil if nothing
}

// Err returns what streams stand at, joined.
func (r *Report) Err() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(r.Streams)) {
		if err := r.Streams[name].Err; err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// answer is a page.
type answer struct {
	items []node
	total int // -1: it does not say
	next  string
	until string    // the latest day that it has figures of
	date  time.Time // of the server
	seq   int64

	made   chan struct{} // closed once rows are what the items make; nil: that needs more to be known
	rows   []Row
	issues []Issue
	bad    error
}

// serverNow returns a time that the server's clock has reached.
func (r *run) serverNow() time.Time { return r.now().Add(r.ahead) }

// horizon is the end of what is taken as visible.
func (r *run) horizon() int64 { return r.serverNow().Add(-r.config.Settle).Unix() }

// request is what is asked for.
type request struct {
	stream *Stream
	calls  *ttshop.Operation
	path   []string // to the items
	query  map[string]string
	body   map[string]any
	values map[string]string // of the path
	size   int
	token  string
	most   int // rows that the answer may have on all its pages; 0: any number
}

// tooLong means that an answer has more rows on its pages than it may.
type tooLong struct{ total int }

func (e tooLong) Error() string { return fmt.Sprintf("%d rows are too many", e.total) }

// flight is a request that is on its way.
type flight struct {
	request
	phase    Phase
	seq      int64
	sent     time.Time
	done     chan struct{}
	response *ttshop.Response
	answer   *answer
	err      error
}

// errStop means that the turn's time is over.
var errStop = errors.New("the turn's time is over")

// ask sends a request, once it is within the budget, and waits for the answer.
func (r *run) ask(ctx context.Context, phase Phase, q request) (*answer, error) {
	f, err := r.send(ctx, phase, q)
	if err != nil {
		return nil, err
	}
	return r.wait(f)
}

// send sends a request, once it is within the budget. Its answer has to be waited for.
func (r *run) send(ctx context.Context, phase Phase, q request) (*flight, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !r.until.IsZero() && r.now().After(r.until) {
		return nil, errStop
	}
	if day := r.serverNow().UTC().Format(time.DateOnly); day != r.day {
		r.day, r.used = day, 0
	}
	if limit := r.config.Budget; limit > 0 && float64(r.used) >= float64(limit)*phase.share() {
		return nil, fmt.Errorf("%w: %d of %d requests on %s, of which %.0f %% are for %s; it goes on tomorrow (UTC)", ErrBudget, r.used, limit, r.day, 100*phase.share(), phase)
	}
	query := url.Values{}
	body := map[string]any{}
	maps.Copy(body, q.stream.Body)
	maps.Copy(body, q.body)
	for name, value := range q.stream.Query {
		query.Set(name, value)
	}
	for name, value := range q.query {
		query.Set(name, value)
	}
	if q.size > 0 {
		q.setPaging(query, body)
	}
	if q.stream.OfSeller {
		query["shop_cipher"] = nil // the caller is bound to a shop, whose cipher would be refused
	}
	path := q.calls.Path
	for name, value := range q.values {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	var sent any
	if q.calls.Method != http.MethodGet {
		sent = body
	}
	r.sent++
	r.used++
	// The sequence is taken before it is sent: answers may overtake each other.
	f := &flight{request: q, phase: phase, seq: r.epoch<<32 | r.sent, sent: r.now(), done: make(chan struct{})}
	options := []ttshop.CallOption{ttshop.AsOperation(q.calls)}
	if phase == PhaseBackfill || phase == PhaseVerify {
		options = append(options, ttshop.AsBulk())
	}
	go func() {
		f.response, f.err = r.caller.Call(ctx, q.calls.Method, path, query, sent, options...)
		if f.err == nil {
			f.answer, f.err = f.understand()
		}
		a := f.answer
		close(f.done)
		if a != nil && a.made != nil {
			m := r.rowMaker(q.stream)
			a.rows, a.bad = m.all(q.stream, a, "")
			a.issues = m.issues
			close(a.made)
		}
	}()
	return f, nil
}

// wait waits for an answer, while other streams go on.
func (r *run) wait(f *flight) (*answer, error) {
	r.mu.Unlock()
	<-f.done
	r.mu.Lock()
	tries := 1
	if f.response != nil {
		tries = max(f.response.Tries, 1)
	}
	name := f.stream.Name
	r.used += tries - 1
	r.unpaid += tries
	r.owed[name] += tries
	r.report.Requests += tries
	r.report.of(name).Requests += tries
	if f.err != nil {
		return nil, f.err
	}
	a := f.answer
	received := r.now()
	if r.pace == 0 {
		r.pace = received.Sub(f.sent)
	}
	if a.date.IsZero() {
		a.date = r.serverNow()
	} else {
		r.ahead, r.clock = a.date.Sub(received), true
	}
	return a, nil
}

// understand reads the answer. Where the rows of its items can be made without knowing
// more, that is begun: it takes as long as to store them, and goes on while the next
// request is on its way and the page before is stored.
func (f *flight) understand() (*answer, error) {
	a, err := f.read(f.response)
	if err != nil {
		return nil, fmt.Errorf("answer %s of %s: %w", f.response.RequestID, f.calls.Name, err)
	}
	a.seq = f.seq
	s := f.stream
	ofParent := s.Parent != "" || s.Class == Days // whose key the rows need
	other := s.Single != nil && f.calls == s.Single.calls
	tooLong := f.most > 0 && f.token == "" && a.total > f.most
	if !ofParent && !other && s.number == nil && !tooLong {
		a.made = make(chan struct{})
	}
	return a, nil
}

// setPaging puts size and token of a page to where the operation takes them.
func (q *request) setPaging(query url.Values, body map[string]any) {
	size := strconv.Itoa(q.size)
	paging := q.stream.operation.Paging
	if paging != nil && strings.HasPrefix(paging.Size, "body:") {
		body[strings.TrimPrefix(paging.Size, "body:")] = q.size
	} else {
		query.Set("page_size", size)
	}
	if q.token == "" {
		return
	}
	if paging != nil && strings.HasPrefix(paging.Token, "body:") {
		body[strings.TrimPrefix(paging.Token, "body:")] = q.token
	} else {
		query.Set("page_token", q.token)
	}
}

// read takes the items out of an answer.
func (q *request) read(response *ttshop.Response) (*answer, error) {
	a := &answer{total: -1}
	a.date, _ = http.ParseTime(response.Header.Get("Date")) // without one, the local clock counts
	if len(response.Data) == 0 || bytes.Equal(response.Data, []byte("null")) {
		return a, nil
	}
	data, err := parseJSON(response.Data)
	if err != nil {
		return nil, err
	}
	a.next = data.get("next_page_token").text()
	a.until = data.get("latest_available_date").text()
	if total := data.get("total_count").text(); total != "" && len(q.path) > 0 { // else it is of a list within the item
		if a.total, err = strconv.Atoi(total); err != nil {
			return nil, fmt.Errorf("total_count %.40q is not a number", total)
		}
	}
	list := data.at(q.path)
	switch {
	case len(q.path) == 0:
		a.items = []node{data}
	case list.missing():
	case list.kind() != '[':
		return nil, fmt.Errorf("%s is not a list", strings.Join(q.path, "."))
	default:
		a.items = list.items
	}
	return a, nil
}

func (r *Report) of(stream string) *StreamReport {
	s := r.Streams[stream]
	if s == nil {
		s = new(StreamReport)
		r.Streams[stream] = s
	}
	return s
}

// rows returns the rows that the items of an answer make.
func (r *run) rows(s *Stream, a *answer, parent string) ([]Row, []Issue, error) {
	if a.made != nil {
		r.mu.Unlock()
		<-a.made
		r.mu.Lock()
		return a.rows, a.issues, a.bad
	}
	m := r.rowMaker(s)
	rows, err := m.all(s, a, parent)
	return rows, m.issues, err
}

func (r *run) rowMaker(s *Stream) rowMaker {
	return rowMaker{table: s.table, people: newMasker(r.config.People), mirror: r.config.MirrorAddresses}
}

// errStore means that the destination failed: reading more would serve nothing.
var errStore = errors.New("store")

// ErrUnaccounted means that a destination did not say what became of each row.
var ErrUnaccounted = errors.New("rows were brought and not all of them stored")

// commit stores what an answer brought, and the state that it leads to.
func (r *run) commit(ctx context.Context, s *Stream, phase Phase, b Batch, rest int) (Tally, error) {
	b.Shop, b.Epoch, b.Stream, b.Table = r.shop.ID, r.epoch, s.Name, s.table
	b.Day, b.Requests, b.At = r.day, r.unpaid, r.now().UTC()
	if d := r.followUp(s); d != nil {
		b.FollowUp, b.FollowBy = d.Name, d.ParentBy
	}
	state := r.states[s.Name]
	if b.State != nil {
		state = *b.State
	}
	state.Rows += int64(len(b.Rows))
	state.Requests += int64(r.owed[s.Name])
	b.State = &state
	tally, err := r.to.Commit(ctx, &b)
	if err != nil {
		return tally, fmt.Errorf("%w %s: %w", errStore, s.Name, err)
	}
	if tally.Stored() != len(b.Rows) {
		return tally, fmt.Errorf("store %s: %w: %d rows, %d accounted for", s.Name, ErrUnaccounted, len(b.Rows), tally.Stored())
	}
	r.states[s.Name] = state
	requests := r.unpaid
	r.unpaid, r.owed[s.Name] = 0, 0
	r.report.of(s.Name).Tally.Add(tally)
	r.report.Tally.Add(tally)
	if r.config.Progress != nil {
		r.config.Progress(Progress{Shop: r.shop, Stream: s.Name, Phase: phase, Rows: len(b.Rows), Tally: tally, Requests: requests, Rest: rest})
	}
	return tally, nil
}

// followUp returns the stream that asks about rows of s that changed, or nil. One that
// was copied once stays owed what changes, also while it is not copied.
func (r *run) followUp(s *Stream) *Stream {
	for _, d := range r.all {
		if d.Class == Details && d.Parent == s.Name && r.states[d.Name].owed() {
			return d
		}
	}
	return nil
}
