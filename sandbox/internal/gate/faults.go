package gate

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// The points at which a fault cuts the connection.
const (
	CutBefore    = "before"     // nothing is done, nothing is answered
	CutBody      = "body"       // the work is done, half of the answer arrives
	CutAfterWork = "after_work" // the work is done, nothing is answered
)

// What a fault does to webhooks.
const (
	WebhookDuplicate = "duplicate" // it is delivered twice
	WebhookLate      = "late"      // it is held back for the delay
	WebhookForged    = "forged"    // a wrongly signed copy comes before it
)

// fault is a rule in force.
type fault struct {
	id   string
	rule control.Fault
	left int // hits, where rule.Next counts them
	hits int
}

// Faults holds the rules in the order of their making.
type Faults struct {
	Count atomic.Int32 // of the rules: most of the time there is none

	mu   sync.Mutex
	list []*fault
	last int
	rng  invent.Random
}

// Reset drops all rules but the given ones.
func (s *Faults) Reset(seed uint64, standing []control.Fault) {
	s.mu.Lock()
	s.list, s.last, s.rng = nil, 0, invent.NewRandom(seed, invent.StreamFaults)
	s.Count.Store(0)
	s.mu.Unlock()
	for _, rule := range standing {
		s.add(rule)
	}
}

// Adopt takes over the rules of a snapshot.
func (s *Faults) Adopt(other *Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list, s.last, s.rng = other.list, other.last, other.rng
	s.Count.Store(int32(len(s.list)))
}

// add puts a rule into force and returns its id.
func (s *Faults) add(rule control.Fault) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	f := &fault{id: strconv.Itoa(s.last), rule: rule}
	f.left = rule.Next
	s.list = append(s.list, f)
	s.Count.Store(int32(len(s.list)))
	return f.id
}

// remove ends a rule and reports whether there was one.
func (s *Faults) remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.list, func(f *fault) bool { return f.id == id })
	if i >= 0 {
		s.drop(i)
	}
	return i >= 0
}

func (s *Faults) drop(i int) {
	s.list = slices.Concat(s.list[:i], s.list[i+1:])
	s.Count.Store(int32(len(s.list)))
}

// Views shows the rules.
func (s *Faults) Views() []FaultView {
	s.mu.Lock()
	defer s.mu.Unlock()
	views := []FaultView{}
	for _, f := range s.list {
		view := FaultView{ID: f.id, Hits: f.hits, Fault: f.rule}
		if f.rule.Next != 0 {
			view.Left = new(f.left)
		}
		views = append(views, view)
	}
	return views
}

// take returns the effect of the first rule that hits a request and the
// rule's id, or nil. A rule that has hit as often as it should ends.
func (s *Faults) take(c *Call) (*control.Effect, string) {
	if s.Count.Load() == 0 {
		return nil, ""
	}
	t := c.target()
	return s.first(func(f *control.Fault) bool { return f.Then.Webhook == "" && matches(&f.Match, t) })
}

// TakeWebhook returns the effect of the first rule that hits a webhook, or nil.
func (s *Faults) TakeWebhook(eventType int) *control.Effect {
	effect, _ := s.first(func(f *control.Fault) bool {
		return f.Then.Webhook != "" && (f.Match.Webhook == 0 || f.Match.Webhook == eventType)
	})
	return effect
}

func (s *Faults) first(matches func(*control.Fault) bool) (*control.Effect, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.list {
		if !matches(&f.rule) {
			continue
		}
		if p := f.rule.Probability; p != 0 && p < 1 && s.rng.Float64() >= p {
			continue
		}
		f.hits++
		if f.rule.Next != 0 {
			if f.left--; f.left <= 0 {
				s.drop(i)
			}
		}
		return &f.rule.Then, f.id
	}
	return nil, ""
}

// wait holds a request up, no longer than its client waits.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// disturb does what a fault does before the work. It reports whether that was
// all; otherwise the request goes on with the writer that it returns.
func disturb(e *control.Effect, w http.ResponseWriter, c *Call) (http.ResponseWriter, bool) {
	if e.Cut == CutAfterWork {
		return &cutWriter{ResponseWriter: w, call: c, effect: e}, false
	}
	wait(c.Request.Context(), e.Delay)
	if e.Cut == CutBefore {
		panic(http.ErrAbortHandler)
	}
	if e.Cut != "" {
		return &cutWriter{ResponseWriter: w, call: c, effect: e}, false
	}
	status, code := AnswerOf(e)
	if status == 0 {
		return w, false
	}
	// An envelope, or where there is no code the plain text of something in
	// front of the gateway.
	c.Status, c.code = status, code
	if code == 0 {
		c.Out = append(c.Out[:0], http.StatusText(status)...)
		http.Error(w, http.StatusText(status), status)
		return w, true
	}
	c.refuse(&Failure{status, code, gatewayMessage(code)}, c.ID)
	WriteJSON(w, status, c.Out)
	return w, true
}

// cutWriter ends the connection instead of finishing the answer.
type cutWriter struct {
	http.ResponseWriter
	call   *Call
	effect *control.Effect
}

// Write sends half of a body, where half is wanted, and cuts.
func (w *cutWriter) Write(body []byte) (int, error) {
	if w.effect.Cut == CutBody {
		// Whether or not this reaches the client, the connection ends here.
		_, _ = w.ResponseWriter.Write(body[:len(body)/2])
		_ = http.NewResponseController(w.ResponseWriter).Flush()
	} else {
		wait(w.call.Request.Context(), w.effect.Delay)
	}
	panic(http.ErrAbortHandler)
}

// WriteHeader sends the header where half a body follows.
func (w *cutWriter) WriteHeader(status int) {
	if w.effect.Cut == CutBody {
		w.ResponseWriter.WriteHeader(status)
	}
}
