package gate

import (
	"net/http"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// Call is one request on its way through the checks. What was asked, who asks
// and what became of it are parts of their own; here is what needs more than one
// of them. Calls are reused.
type Call struct {
	Gate  *Gate
	State *State
	Now   time.Time
	ID    string // the request id

	Wire
	Caller
	Verdict

	replayOf int64  // id of the request that this one repeats; 0 for none
	logged   *int64 // takes the id that the log gives; nil where nobody asks
}

// Begin makes a call ready for a request. Its buffers are used again.
func (c *Call) Begin(s *Gate, r *http.Request) {
	st := s.State.Load()
	now := s.Clock.Now()
	*c = Call{
		Gate: s, State: st, Now: now, ID: st.IDs.new(now),
		Wire: Wire{
			Request: r,
			Path:    r.URL.EscapedPath(),
			Query:   wire.ParseQuery(c.Query[:0], r.URL.RawQuery),
			Body:    c.Body[:0],
		},
		Verdict: Verdict{Out: append(c.Out[:0], EnvelopeStart...)},
	}
	if again, ok := r.Context().Value(replayKey{}).(*replayed); ok {
		c.replayOf, c.logged = again.of, &again.id
	}
}

// end drops what a reused call must not keep.
func (c *Call) end() {
	const keep = 1 << 20
	if cap(c.Body) > keep {
		c.Body = nil
	}
	if cap(c.Out) > keep {
		c.Out = nil
	}
	clear(c.Query)
	*c = Call{
		Wire:    Wire{Query: c.Query[:0], Body: c.Body[:0]},
		Verdict: Verdict{Out: c.Out[:0]},
	}
}

// WithShop finds the shop of a call that may leave it out by an id that belongs
// to a shop, and falls back to the first shop of the grant. Ids of shops that
// the caller may not act for are found by nobody.
func (c *Call) WithShop(id string) *Failure {
	if c.Shop != nil {
		return nil
	}
	return c.actFor(c.State.World.Owners.Of(id))
}

// maxAppKey is how much of an app key the log shows: whole ones, and not what
// somebody put in their place.
const maxAppKey = 64

// record describes the request for the log.
func (c *Call) record(duration time.Duration) LogRecord {
	path := c.Path
	if len(path) > longestPath {
		path = strings.ToValidUTF8(path[:longestPath], "")
	}
	key, _ := wire.Lookup(c.Query, "app_key")
	r := LogRecord{
		Time: c.Now.UTC(),
		// Parts of the request line would keep all of it, query included.
		Method:      strings.Clone(c.Request.Method),
		Path:        strings.Clone(path),
		Operation:   c.Operation,
		AppKey:      strings.Clone(key[:min(len(key), maxAppKey)]),
		Status:      c.Status,
		Code:        c.code,
		RequestID:   c.ID,
		SignatureOK: c.signed,
		DurationMS:  float64(duration) / float64(time.Millisecond),
	}
	if c.Shop != nil {
		r.ShopID = c.Shop.ID
	}
	return r
}
