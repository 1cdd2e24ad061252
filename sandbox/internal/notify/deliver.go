package notify

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// deliveryTimeout is how long the platform waits for the answer to a webhook.
const deliveryTimeout = 3 * time.Second

// maxUnderWay is the number of webhooks that are delivered at the same time.
const maxUnderWay = 8

// dispatcher delivers webhooks. It has goroutines only while something is under
// way; what is due later waits in a timer.
type dispatcher struct {
	Client  *http.Client
	Context context.Context
	cancel  context.CancelFunc

	mu       sync.Mutex
	closed   bool
	underWay int
	timer    *time.Timer
	running  sync.WaitGroup
}

func (d *dispatcher) init() {
	d.Context, d.cancel = context.WithCancel(context.Background())
	d.Client = &http.Client{
		Timeout: deliveryTimeout,
		// Connections are not kept: a sandbox that nobody closes leaves none.
		Transport: &http.Transport{DisableKeepAlives: true},
		// No document says that the platform follows a redirect.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close ends the delivery of webhooks and waits for those under way.
func (s *Notifier) Close() {
	d := &s.Dispatch
	d.mu.Lock()
	d.closed = true
	if d.timer != nil {
		d.timer.Stop()
	}
	d.mu.Unlock()
	d.cancel()
	d.running.Wait()
}

// DeliverDue starts the deliveries whose time has come and sets a timer for the
// next one. It may be called with locks of the state held; it never waits.
func (s *Notifier) DeliverDue() {
	d := &s.Dispatch
	d.mu.Lock()
	defer d.mu.Unlock()
	st := s.State.Load()
	if d.closed || st == nil {
		return
	}
	hooks := Of(st.World)
	now := s.Clock.Now()
	if hooks.reviewDue(now.Unix()) {
		d.running.Go(func() { s.endReviews(st) })
	}
	for d.underWay < maxUnderWay {
		next := hooks.take(now.Unix())
		if next == nil {
			break
		}
		d.underWay++
		d.running.Go(func() { s.deliver(st, next) })
	}
	if d.timer != nil {
		d.timer.Stop()
	}
	// Whoever ends a delivery comes back here, so does whoever moves the clock.
	at := hooks.next()
	if at == math.MaxInt64 || d.underWay == maxUnderWay || s.Clock.Frozen() {
		return
	}
	d.timer = time.AfterFunc(max(time.Unix(at, 0).Sub(now), time.Millisecond), s.DeliverDue)
}

// deliver makes one attempt.
func (s *Notifier) deliver(st *gate.State, d *Delivery) {
	began := time.Now()
	attempt := DeliveryAttempt{Time: s.Clock.Now().Unix()}
	status, err := s.post(st, d)
	attempt.Status, attempt.DurationMS = status, float64(time.Since(began))/float64(time.Millisecond)
	if err != nil {
		attempt.Error = err.Error()
	}
	// What belongs to a state that was replaced is forgotten with it, and what
	// Close cut off is left as it was.
	if s.Dispatch.Context.Err() == nil {
		s.Changing.RLock()
		Of(st.World).finish(d, attempt)
		s.Changing.RUnlock()
	}
	s.Dispatch.mu.Lock()
	s.Dispatch.underWay--
	s.Dispatch.mu.Unlock()
	s.DeliverDue()
}

// post sends the body and returns the status of the answer.
func (s *Notifier) post(st *gate.State, d *Delivery) (int, error) {
	r, err := http.NewRequestWithContext(s.Dispatch.Context, http.MethodPost, d.Address, strings.NewReader(d.Body))
	if err != nil {
		return 0, err
	}
	app := st.Authority.App(d.AppKey)
	if app == nil {
		return 0, errors.New("no app has the key of this delivery")
	}
	secret := app.Secret
	if d.Forged {
		secret = "not the secret of the app"
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", signWebhook(app.Key, secret, d.Body))
	answer, err := s.Dispatch.Client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	// The answer counts once it is complete; a long one is of no interest.
	if _, err := io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)); err != nil {
		return 0, err
	}
	return answer.StatusCode, nil
}

// ClockMoved makes happen what the new time asks for. The gate is held for
// reading.
func (s *Notifier) ClockMoved() {
	st := s.State.Load()
	s.look(st.World)
	s.DeliverDue()
}

// Notifier delivers the webhooks of a gate.
type Notifier struct {
	*gate.Gate
	Dispatch dispatcher
}

// New returns a notifier that delivers the webhooks of a gate.
func New(g *gate.Gate) *Notifier {
	s := &Notifier{Gate: g}
	s.Dispatch.init()
	return s
}

// Adopt gives a world that is complete somebody who announces what happens in
// it.
func (s *Notifier) Adopt(w *world.World, a *authority.Authority) {
	h := Of(w)
	h.sandbox, h.authority = s, a
	w.Ports.Announce, w.Ports.Wake = h.announce, h.reviewEnds
}

// reviewEnds notes when a review will be over, so that its end is announced
// without anybody looking at the product.
func (h *webhooks) reviewEnds(at time.Time) {
	if !h.listening() {
		return
	}
	h.Mu.Lock()
	h.review = min(h.review, at.Unix())
	h.Mu.Unlock()
	h.sandbox.DeliverDue()
}

// reviewDue tells once that a review may be over.
func (h *webhooks) reviewDue(now int64) bool {
	h.Mu.Lock()
	defer h.Mu.Unlock()
	if h.review > now {
		return false
	}
	h.review = math.MaxInt64
	return true
}

// endReviews ends the reviews whose time has come, unless the state was
// replaced meanwhile.
func (s *Notifier) endReviews(st *gate.State) {
	s.Changing.RLock()
	defer s.Changing.RUnlock()
	if s.State.Load() == st {
		s.look(st.World)
	}
}

// look makes everything happen that is due and reminds of grants that will end.
func (s *Notifier) look(w *world.World) {
	Of(w).remind(s.Clock.Now())
	w.Settle(s.Clock.Now())
	for _, shop := range w.Shops {
		if due := shop.Due.Load(); due != math.MaxInt64 {
			w.Wake(time.Unix(due, 0))
		}
	}
}
