package sandbox

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"
)

// deliveryTimeout is how long the platform waits for the answer to a webhook.
const deliveryTimeout = 3 * time.Second

// maxUnderWay is the number of webhooks that are delivered at the same time.
const maxUnderWay = 8

// dispatcher delivers webhooks. It has goroutines only while something is under
// way; what is due later waits in a timer.
type dispatcher struct {
	client  *http.Client
	context context.Context
	cancel  context.CancelFunc

	mu       sync.Mutex
	closed   bool
	underWay int
	timer    *time.Timer
	running  sync.WaitGroup
}

func (d *dispatcher) init() {
	d.context, d.cancel = context.WithCancel(context.Background())
	d.client = &http.Client{
		Timeout: deliveryTimeout,
		// Connections are not kept: a sandbox that nobody closes leaves none.
		Transport: &http.Transport{DisableKeepAlives: true},
		// No document says that the platform follows a redirect.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// close ends the delivery of webhooks and waits for those under way.
func (s *notifier) close() {
	d := &s.dispatch
	d.mu.Lock()
	d.closed = true
	if d.timer != nil {
		d.timer.Stop()
	}
	d.mu.Unlock()
	d.cancel()
	d.running.Wait()
}

// deliverDue starts the deliveries whose time has come and sets a timer for the
// next one. It may be called with locks of the state held; it never waits.
func (s *notifier) deliverDue() {
	d := &s.dispatch
	d.mu.Lock()
	defer d.mu.Unlock()
	st := s.state.Load()
	if d.closed || st == nil {
		return
	}
	hooks := webhooksOf(st.world)
	now := s.clock.Now()
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
	if at == math.MaxInt64 || d.underWay == maxUnderWay || s.clock.frozen() {
		return
	}
	d.timer = time.AfterFunc(max(time.Unix(at, 0).Sub(now), time.Millisecond), s.deliverDue)
}

// deliver makes one attempt.
func (s *notifier) deliver(st *state, d *delivery) {
	began := time.Now()
	attempt := deliveryAttempt{Time: s.clock.Now().Unix()}
	status, err := s.post(st, d)
	attempt.Status, attempt.DurationMS = status, float64(time.Since(began))/float64(time.Millisecond)
	if err != nil {
		attempt.Error = err.Error()
	}
	// What belongs to a state that was replaced is forgotten with it, and what
	// Close cut off is left as it was.
	if s.dispatch.context.Err() == nil {
		s.changing.RLock()
		webhooksOf(st.world).finish(d, attempt)
		s.changing.RUnlock()
	}
	s.dispatch.mu.Lock()
	s.dispatch.underWay--
	s.dispatch.mu.Unlock()
	s.deliverDue()
}

// post sends the body and returns the status of the answer.
func (s *notifier) post(st *state, d *delivery) (int, error) {
	r, err := http.NewRequestWithContext(s.dispatch.context, http.MethodPost, d.Address, strings.NewReader(d.Body))
	if err != nil {
		return 0, err
	}
	app := st.authority.app(d.AppKey)
	if app == nil {
		return 0, errors.New("no app has the key of this delivery")
	}
	secret := app.Secret
	if d.Forged {
		secret = "not the secret of the app"
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", signWebhook(app.Key, secret, d.Body))
	answer, err := s.dispatch.client.Do(r)
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

// clockMoved makes happen what the new time asks for. The gate is held for
// reading.
func (s *notifier) clockMoved() {
	st := s.state.Load()
	s.look(st.world)
	s.deliverDue()
}

// notifier delivers the webhooks of a gate.
type notifier struct {
	*gatehouse
	dispatch dispatcher
}

func newNotifier(g *gatehouse) *notifier {
	s := &notifier{gatehouse: g}
	s.dispatch.init()
	return s
}

// adopt gives a world that is complete somebody who announces what happens in
// it.
func (s *notifier) adopt(w *world, a *authority) {
	h := webhooksOf(w)
	h.sandbox, h.authority = s, a
	w.ports.announce, w.ports.wake = h.announce, h.reviewEnds
}

// reviewEnds notes when a review will be over, so that its end is announced
// without anybody looking at the product.
func (h *webhooks) reviewEnds(at time.Time) {
	if !h.listening() {
		return
	}
	h.mu.Lock()
	h.review = min(h.review, at.Unix())
	h.mu.Unlock()
	h.sandbox.deliverDue()
}

// reviewDue tells once that a review may be over.
func (h *webhooks) reviewDue(now int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.review > now {
		return false
	}
	h.review = math.MaxInt64
	return true
}

// endReviews ends the reviews whose time has come, unless the state was
// replaced meanwhile.
func (s *notifier) endReviews(st *state) {
	s.changing.RLock()
	defer s.changing.RUnlock()
	if s.state.Load() == st {
		s.look(st.world)
	}
}

// look ends the reviews whose time has come, announces promotions that started
// or ended, and reminds of grants that will end.
func (s *notifier) look(w *world) {
	webhooksOf(w).remind(s.clock.Now())
	w.settle(s.clock.Now())
	for _, shop := range w.shops {
		shop.mu.Lock()
		now := s.clock.Now()
		var times []time.Time
		for _, review := range s.registry.reviews {
			times = append(times, review(shop, now))
		}
		shop.mu.Unlock()
		for _, next := range times {
			w.wake(next)
		}
		if due := shop.due.Load(); due != math.MaxInt64 {
			w.wake(time.Unix(due, 0))
		}
	}
}
