package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// Handler receives deliveries over HTTP. Register functions with [On], or give
// it an inbox. It answers with an empty body: 200, 401 if the signature is wrong,
// and other codes if the platform is to try again. Why a delivery is refused is
// only in the log: the first refusal for each reason, and how many followed within
// a minute.
//
// In any server, a handler refuses what is not a delivery by the request's header,
// reads a body within the time for an answer, and uses memory only for bytes that
// have arrived. The number of connections and idle ones are up to the server: see
// [Protect] for one that strangers can reach.
type Handler struct {
	Mux

	apps         atomic.Pointer[[]App]
	inbox        Inbox
	logger       *slog.Logger
	window       time.Duration
	maxBody      int64
	answerWithin time.Duration
	now          func() time.Time
	observer     func(Answer)
	direct       direct
	counters     counters
	refusals     tally
}

// NewHandler returns a handler for the deliveries of an app.
func NewHandler(app App, options ...Option) *Handler {
	h := &Handler{
		window:       DefaultReplayWindow,
		maxBody:      DefaultMaxBody,
		answerWithin: DefaultAnswerWithin,
		now:          time.Now,
		direct:       direct{limit: DefaultMaxInFlight},
	}
	h.SetApps(app)
	for _, option := range options {
		option(h)
	}
	return h
}

// Stats returns the counters.
func (h *Handler) Stats() Stats { return h.counters.stats() }

// SetApps replaces the apps whose deliveries are accepted, including those of
// [WithApps], for example to rotate a secret while the program runs. Set the new
// and the old secret, see [NewApp], before the new one takes effect, and the new
// one alone once [Stats] counts no more deliveries with the old one. A delivery is
// judged by the apps that are set when its body is complete.
func (h *Handler) SetApps(apps ...App) {
	apps = slices.Clone(apps)
	h.apps.Store(&apps)
}

func (h *Handler) current() []App {
	if apps := h.apps.Load(); apps != nil {
		return *apps
	}
	return nil
}

// Shutdown takes no further events and waits for the functions that are running,
// until ctx ends; with an inbox there are none. It also logs how many deliveries
// were refused lately. Call it after [http.Server.Shutdown].
func (h *Handler) Shutdown(ctx context.Context) error {
	defer h.refusals.tell(h.log())
	return h.direct.shutdown(ctx)
}

// Verify checks a delivery, given by its Authorization header and its body as
// it came, and reads it. The error is [ErrSignature] or [ErrWindow]; it says
// why, so keep it from the sender. A genuine body that is not a JSON object is
// not an error: it gives an event of type 0 without data. Verify is what
// ServeHTTP does, for other ways in.
func (h *Handler) Verify(authorization string, body []byte) (*Event, error) {
	return h.verify(authorization, body, func() bool { return true })
}

// verify is Verify. It looks for the cause of a wrong signature if it may.
func (h *Handler) verify(authorization string, body []byte, mayDiagnose func() bool) (*Event, error) {
	apps := h.current()
	appKey, secret, ok := match(apps, authorization, body)
	if !ok {
		reason := "it does not match the body"
		if mayDiagnose() {
			reason = diagnose(apps, authorization, body)
		}
		return nil, &verifyError{class: ErrSignature, reason: reason}
	}
	if secret > 0 {
		h.counters.oldSecret.Add(1)
	}
	e, err := Parse(body)
	if err != nil {
		h.counters.unreadable.Add(1)
		h.log().Warn("a genuine webhook delivery cannot be read", "app_key", appKey, "bytes", len(body), "error", err)
		e = new(Event)
		e.Meta.Raw = body
	}
	now := h.now()
	e.Meta.Received = now
	e.Meta.Attempt = 1
	e.SetApp(appKey)
	if sent := e.Timestamp.Time(); h.window > 0 && !sent.IsZero() {
		if age := now.Sub(sent); age > h.window+clockSkew || age < -clockSkew {
			return nil, &verifyError{class: ErrWindow, reason: fmt.Sprintf("the event is of %s, %s ago", sent.Format(time.RFC3339), age.Round(time.Second))}
		}
	}
	return e, nil
}

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	e, outcome := h.receive(w, r, start)
	status := outcome.status()
	if outcome == BadMethod {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(status)
	answer := Answer{Outcome: outcome, Status: status, Duration: time.Since(start)}
	if e != nil {
		answer.Type = e.Type
	}
	h.counters.add(answer)
	if h.observer != nil {
		h.observer(answer)
	}
}

func (o Outcome) status() int {
	switch o {
	case Accepted, Duplicate:
		return http.StatusOK
	case BadMethod:
		return http.StatusMethodNotAllowed
	case BadMediaType:
		return http.StatusUnsupportedMediaType
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case BodyLost:
		return http.StatusBadRequest
	case BadSignature, OutsideWindow:
		return http.StatusUnauthorized
	case Failed:
		return http.StatusInternalServerError
	}
	return http.StatusServiceUnavailable
}

// receive takes a delivery in and says what became of it.
func (h *Handler) receive(w http.ResponseWriter, r *http.Request, start time.Time) (*Event, Outcome) {
	refuse := func(outcome Outcome, reason string, args ...any) (*Event, Outcome) {
		h.refusals.note(h.log(), "webhook delivery refused: "+reason, r.RemoteAddr, args...)
		return nil, outcome
	}
	if outcome, reason, args := h.refusedByHead(r); outcome != "" {
		leaveBody(w, r)
		return refuse(outcome, reason, args...)
	}
	deadline := start.Add(h.answerWithin)
	body, err := h.readBody(w, r, deadline)
	switch {
	case errors.Is(err, wire.ErrTooLarge):
		leaveBody(w, r)
		return refuse(TooLarge, "the body is too large", "limit", h.maxBody)
	case err != nil:
		return refuse(BodyLost, "the body did not come whole and in time", "error", err)
	}
	e, err := h.verify(r.Header.Get("Authorization"), body, func() bool { return h.refusals.mayDiagnose(h.log()) })
	switch {
	case errors.Is(err, ErrWindow):
		return refuse(OutsideWindow, ErrWindow.Error(), "error", err)
	case err != nil:
		return refuse(BadSignature, err.Error(), "bytes", len(body))
	}
	genuine(r.Context())
	// The platform may hang up; the event is taken in all the same.
	ctx, cancel := context.WithDeadline(context.WithoutCancel(r.Context()), deadline)
	defer cancel()
	return e, h.take(ctx, e)
}

// refusedByHead says why a request is refused without a look at its body; the
// outcome is empty if it is not.
func (h *Handler) refusedByHead(r *http.Request) (outcome Outcome, reason string, args []any) {
	if r.Method != http.MethodPost {
		return BadMethod, "not a POST", []any{"method", r.Method}
	}
	if contentType := r.Header.Get("Content-Type"); !isJSON(contentType) {
		return BadMediaType, "the body is not announced as JSON", []any{"content_type", contentType}
	}
	if reason := notASignature(r.Header.Get("Authorization")); reason != "" {
		return BadSignature, ErrSignature.Error() + ": " + reason, nil
	}
	if r.ContentLength > h.maxBody {
		return TooLarge, "the body is too large", []any{"limit", h.maxBody}
	}
	return "", "", nil
}

// leaveGrace is how long a connection stays open after a request was answered
// without its body, so that a client that is still sending gets the answer.
const leaveGrace = 500 * time.Millisecond

// leaveBody makes the server answer at once instead of waiting for the rest of the
// body, which it would do for the sake of the next request.
func leaveBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 || r.ProtoMajor != 1 { // streams of HTTP/2 end one by one
		return
	}
	w.Header().Set("Connection", "close")
	leave(w)
}

// leave bounds how long the server waits for the rest of a body.
func leave(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(leaveGrace)) // a recorder has no deadlines
}

// take stores the event or works on it.
func (h *Handler) take(ctx context.Context, e *Event) Outcome {
	var fresh bool
	var err error
	if h.inbox != nil {
		fresh, err = h.put(ctx, e)
	} else {
		fresh, err = h.direct.do(ctx, e, Recovered(h.Handle), h.logFailure)
	}
	switch {
	case err == nil && fresh:
		return Accepted
	case err == nil:
		return Duplicate
	case errors.Is(err, errBusy):
		h.logEvent(e, "webhook event put off: too many are worked on, or the handler is shutting down", nil)
		return Busy
	case ctx.Err() != nil:
		h.logEvent(e, "webhook event put off: it is not finished in time", err)
		return Late
	case h.inbox != nil:
		h.logEvent(e, "webhook event not stored", err)
		return NotStored
	}
	return Failed // and logged by logFailure
}

// logFailure logs how an event failed, whether or not an answer still waits for it.
func (h *Handler) logFailure(e *Event, err error) { h.logEvent(e, "webhook event failed", err) }

func (h *Handler) logEvent(e *Event, message string, err error) {
	args := []any{"type", e.Type.String(), "key", e.Meta.Key}
	if err != nil {
		args = append(args, "error", err)
	}
	if panicked, ok := errors.AsType[*PanicError](err); ok {
		args = append(args, "stack", string(panicked.Stack))
	}
	h.log().Error(message, args...)
}

// put stores the event. It returns when ctx ends even if the inbox does not.
func (h *Handler) put(ctx context.Context, e *Event) (bool, error) {
	type result struct {
		fresh bool
		err   error
	}
	results := make(chan result, 1)
	go func() {
		stored := result{err: errExited}
		defer func() { results <- stored }()
		stored.err = Recovered(func(ctx context.Context, e *Event) (err error) {
			stored.fresh, err = h.inbox.Put(ctx, e)
			return err
		})(ctx, e)
	}()
	select {
	case stored := <-results:
		return stored.fresh, stored.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// firstRead is the size in bytes up to which a body's buffer is made as large as
// announced. Most deliveries are smaller.
const firstRead = 1 << 10

// readBody reads the body up to the limit and until the deadline.
func (h *Handler) readBody(w http.ResponseWriter, r *http.Request, deadline time.Time) ([]byte, error) {
	control := http.NewResponseController(w)
	bounded := control.SetReadDeadline(deadline) == nil // a recorder has no deadlines
	body, err := wire.ReadGrowing(r.Body, r.ContentLength, h.maxBody, firstRead)
	if err == nil && bounded {
		// The connection may carry further deliveries. After a failure the
		// deadline stays, or the server would wait for the rest of the body.
		err = control.SetReadDeadline(time.Time{})
	}
	return body, err
}

// isJSON reports whether a media type is JSON. An empty one is, since the
// signature covers the body and no source says that the header is always sent.
func isJSON(contentType string) bool {
	if contentType == "" || contentType == "application/json" {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && strings.EqualFold(mediaType, "application/json")
}

func (h *Handler) log() *slog.Logger {
	if h.logger != nil {
		return h.logger
	}
	return slog.Default()
}
