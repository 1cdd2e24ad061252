package ttshop

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// tokenHeader carries the access token; it is never in the URL.
const tokenHeader = "X-Tts-Access-Token"

// errRedirect and errUndecodable are failures that would happen again.
var (
	errRedirect    = errors.New("an unexpected redirect, which is not followed; check the endpoint")
	errUndecodable = errors.New("the data does not fit its type")
)

// do carries out a call.
func (c *Client) do(ctx context.Context, k *call) error {
	if c.err != nil {
		return c.err
	}
	if k.meta == nil {
		k.meta = new(Meta)
	}
	if c.observing {
		return c.observed(ctx, k)
	}
	return c.run(ctx, k)
}

// progress is the state of the tries of a call.
type progress struct {
	last     error // of the previous try; nil before the first
	failures int   // tries that count against the policy
	clocks   int   // corrections of the clock
	fresh    Token // to send next instead of the source's
	renewed  Secret
}

// maxClocks limits how often one call corrects the clock.
const maxClocks = 3

// run tries a call until it succeeds or must not be repeated.
func (c *Client) run(ctx context.Context, k *call) error {
	var p progress
	for {
		stage, token, err := c.turn(ctx, k, &p)
		if err == nil {
			c.shared.budget.earn()
			return nil
		}
		again := false
		switch {
		case stage == stageSent:
			k.stamp(err)
			if again, err = c.again(ctx, k, &p, token, err); again {
				p.last = err
			}
		case stage == stageToken && temporary(err):
			again, err = c.pause(ctx, k, &p, tryToken, err)
		}
		if again {
			continue
		}
		if stage != stageSent && p.last != nil { // the error of the previous try says more
			return fmt.Errorf("%w (not tried again: %w)", p.last, err)
		}
		return err
	}
}

// stage is how far a try got.
type stage uint8

const (
	stageWait  stage = iota // it did not get its turn
	stageToken              // there was no token
	stageBuild              // the request could not be built
	stageSent
)

// temporary reports whether a token source may have a token later.
func temporary(err error) bool {
	return errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrUnauthorized)
}

// turn waits for the call's turn and sends it once. The token is fetched after
// the wait, which it might not outlast.
func (c *Client) turn(ctx context.Context, k *call, p *progress) (stage, Token, error) {
	if err := ctx.Err(); err != nil {
		return stageWait, Token{}, k.unsent(err)
	}
	var permit Permit
	var err error
	if c.limiter != nil {
		if permit, err = c.limiter.Acquire(ctx, k.limit, k.priority); err != nil {
			return stageWait, Token{}, k.refusedTurn(err)
		}
		k.wait += permit.Wait
	}
	k.waited += k.wait
	token := p.fresh
	p.fresh = Token{}
	if token.AccessToken == "" {
		if token, err = c.token(ctx, k); err != nil {
			c.done(k, permit, Outcome{Result: ResultNotSent})
			return stageToken, token, err
		}
	}
	before := k.meta.Tries
	if c.observing {
		err = c.observedTry(ctx, k, token)
	} else {
		err = c.try(ctx, k, token)
	}
	k.wait = 0
	if k.meta.Tries == before {
		c.done(k, permit, Outcome{Result: ResultNotSent})
		return stageBuild, token, err
	}
	c.done(k, permit, k.outcome(err))
	return stageSent, token, err
}

func (c *Client) done(k *call, permit Permit, outcome Outcome) {
	if c.limiter != nil {
		c.limiter.Done(k.limit, permit, outcome)
	}
}

// outcome returns how a try went, for the limiter.
func (k *call) outcome(err error) Outcome {
	if err == nil {
		return Outcome{Result: ResultOK}
	}
	refused, ok := errors.AsType[*Error](err)
	if !ok {
		return Outcome{}
	}
	o := Outcome{RetryAfter: k.retryAfter()}
	switch c := refused.classes(); {
	case refused.Code == codeHourlyQuota:
		o.Result = ResultQuota
	case c&flagQuota != 0: // an allowance of the operation, which pacing does not restore
		o.Result = ResultOther
	case c&classRateLimited != 0:
		o.Result = ResultThrottled
	case c&classUnavailable == 0:
		o.Result = ResultOK // an answer like any other
	}
	return o
}

// retryAfter returns how long the last answer asks to wait.
func (k *call) retryAfter() time.Duration {
	value := k.meta.Header.Get("Retry-After")
	if value == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), int(maxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now := time.Now()
	if date, err := http.ParseTime(k.meta.Header.Get("Date")); err == nil {
		now = date // by the clock that wrote the time
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

// again decides whether to repeat a call after a failed try, and waits as long as
// that takes. It returns the error that best describes what happened.
func (c *Client) again(ctx context.Context, k *call, p *progress, token Token, err error) (bool, error) {
	verdict := k.judge(err)
	if verdict == giveUp || ctx.Err() != nil || !k.replayable() {
		return false, err
	}
	switch verdict {
	case tryFresh, tryRevoked:
		if verdict == tryRevoked && !c.shared.mayRenew(token, p.renewed) {
			return false, err
		}
		again, refreshErr := c.refresh(ctx, p, token)
		switch {
		case refreshErr == nil:
			return again, err
		case temporary(refreshErr) && ctx.Err() == nil:
			verdict = tryToken
		}
		err = fmt.Errorf("%w; refresh it: %w", err, refreshErr)
		if verdict != tryToken {
			return false, err
		}
	case tryClock:
		p.clocks++
		corrected := p.clocks <= maxClocks && c.correctClock(ctx, k)
		return corrected && c.policy(k).Tries > 1, err
	}
	return c.pause(ctx, k, p, verdict, err)
}

// replayable reports whether the body can be sent again.
func (k *call) replayable() bool {
	if k.stream != nil {
		return !k.stream.started.Load()
	}
	return k.form == nil || k.form.Replayable()
}

// pause waits until the next try, if one more is allowed.
func (c *Client) pause(ctx context.Context, k *call, p *progress, verdict verdict, err error) (bool, error) {
	var wait time.Duration
	switch {
	case verdict != tryNextHour:
		wait = max(c.policy(k).backoff(p.failures+1), k.retryAfter())
	case c.limiter == nil: // nothing would wait for the next hour
		return false, err
	}
	p.failures++
	if p.failures >= c.policy(k).Tries {
		return false, err
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false, err
	}
	if verdict == tryAgain && !c.shared.budget.take(time.Now()) {
		return false, err
	}
	if cause := sleep(ctx, wait); cause != nil {
		return false, fmt.Errorf("%w (not tried again: %w)", err, cause)
	}
	k.wait += wait
	return true, err
}

// mayRenew reports whether a token that the platform calls invalid is worth a
// refresh. One that a refresh gave just now is not, and neither is it later: the
// reason is another one, such as a user of the wrong kind.
func (s *shared) mayRenew(token Token, renewed Secret) bool {
	if token.AccessToken == renewed {
		s.invalid.Store(renewed)
		return false
	}
	return s.invalid.Load() != token.AccessToken
}

// policy returns the bounds of a call's retries.
func (c *Client) policy(k *call) RetryPolicy {
	if k.retry != nil {
		return *k.retry
	}
	return c.retry
}

// refresh replaces a token that the platform called expired, but not one just
// refreshed. It returns false if there is no other token.
func (c *Client) refresh(ctx context.Context, p *progress, token Token) (bool, error) {
	refresher, ok := c.tokens.(Refresher)
	if !ok || token.AccessToken == p.renewed {
		return false, nil
	}
	fresh, err := refresher.Refresh(ctx, token)
	if err != nil {
		return false, err
	}
	if fresh.AccessToken == "" || fresh.AccessToken == token.AccessToken {
		return false, nil
	}
	p.fresh, p.renewed = fresh, fresh.AccessToken
	return true, nil
}

// unsent returns the error of a call that ended before it was sent.
func (k *call) unsent(cause error) error {
	return &TransportError{Operation: k.name, Write: k.write, Tries: k.meta.Tries, Err: cause}
}

// refusedTurn returns the error of a call that a limiter refused.
func (k *call) refusedTurn(err error) error {
	if _, ok := errors.AsType[*LimitError](err); ok {
		return err
	}
	return k.unsent(err)
}

// stamp completes the error of a try with what is known of the call, and
// remembers whether the try may have been carried out.
func (k *call) stamp(err error) {
	if refused, ok := errors.AsType[*Error](err); ok {
		refused.Uncertain = k.reached
		k.reached = k.reached || refused.classes()&classOutcomeUnknown != 0
	} else if transport, ok := errors.AsType[*TransportError](err); ok {
		transport.IdempotencyKey, transport.Check = k.key, k.check
		transport.Sent = transport.Sent || k.reached
		k.reached = k.reached || transport.Sent && k.write
	}
}

// try signs, sends and decodes once.
func (c *Client) try(ctx context.Context, k *call, token Token) error {
	timeout := c.timeout
	if k.form != nil || k.stream != nil {
		timeout = c.uploadTimeout
	}
	if k.timeout != nil {
		timeout = *k.timeout
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, fmt.Errorf("no complete answer within %v: %w", timeout, context.DeadlineExceeded))
		defer cancel()
	}
	req, err := c.request(ctx, k, token)
	if err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	if k.sending != nil {
		if err := k.sending(k.meta.Tries + 1); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	*k.meta = Meta{Tries: k.meta.Tries + 1, IdempotencyKey: k.key}
	k.code = 0
	resp, err := c.http.Do(req)
	if err != nil {
		return c.transportError(ctx, k, err)
	}
	defer resp.Body.Close()
	k.meta.HTTPStatus, k.meta.Header = resp.StatusCode, resp.Header
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return c.transportError(ctx, k, fmt.Errorf("HTTP %d: %w", resp.StatusCode, errRedirect))
	}
	if k.meta.Raw, err = wire.ReadLimited(resp.Body, resp.ContentLength, c.responseLimit); err != nil {
		return c.transportError(ctx, k, fmt.Errorf("read answer: %w", err))
	}
	return c.decode(k, resp.StatusCode, token)
}

func (c *Client) token(ctx context.Context, k *call) (Token, error) {
	if c.tokens == nil {
		return Token{}, fmt.Errorf("%s: %w: the client has no token; make it with ttshop.WithTokenSource", k.name, ErrUnauthorized)
	}
	token, err := c.tokens.Token(ctx)
	if err != nil {
		return Token{}, fmt.Errorf("%s: get token: %w", k.name, err)
	}
	if token.AccessToken == "" {
		return Token{}, fmt.Errorf("%s: %w: the token source gave an empty access token", k.name, ErrUnauthorized)
	}
	return token, nil
}

// request builds the signed request.
func (c *Client) request(ctx context.Context, k *call, token Token) (*http.Request, error) {
	var body io.Reader
	contentType, length := cmp.Or(k.contentType, "application/json"), int64(len(k.json))
	switch {
	case k.stream != nil:
		body, length = k.stream, k.stream.length
	case k.form != nil:
		var err error
		if body, contentType, length, err = k.form.Reader(); err != nil {
			return nil, err
		}
	case len(k.json) > 0:
		body = bytes.NewReader(k.json)
	}
	rawURL, err := c.signedURL(k, contentType)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, k.method, rawURL, body)
	if err != nil {
		return nil, fmt.Errorf("build request: %w", withoutURL(err))
	}
	req.ContentLength = length
	req.Header = http.Header{
		"Accept":       {"application/json"},
		"Content-Type": {contentType},
		"User-Agent":   {c.userAgent},
		tokenHeader:    {token.AccessToken.Reveal()},
	}
	return req, nil
}

// signedURL returns the URL with app_key, timestamp and sign.
func (c *Client) signedURL(k *call, contentType string) (string, error) {
	b := make([]byte, 0, 512)
	b = append(b, c.endpoint...)
	b = append(b, k.path...)
	b = append(b, '?')
	b = wire.AppendQuery(b, k.query)
	if len(k.query) > 0 {
		b = append(b, '&')
	}
	b = wire.AppendQuery(b, []wire.Param{{Key: "app_key", Value: c.appKey}})
	b = append(b, "&timestamp="...)
	k.skew = c.shared.skew.get()
	b = strconv.AppendInt(b, c.now().Add(k.skew).Unix(), 10)
	signature, err := c.signer.SignURL(string(b), contentType, k.json, time.Time{})
	if err != nil {
		return "", err
	}
	b = append(b, "&sign="...)
	b = append(b, signature.Signature...)
	return string(b), nil
}

// decode turns the answer into the call's data or an error.
func (c *Client) decode(k *call, status int, token Token) error {
	refused := &Error{
		Operation: k.name, HTTPStatus: status, Tries: k.meta.Tries, Write: k.write,
		IdempotencyKey: k.key, Check: k.check, Scope: k.scope,
	}
	success := status >= 200 && status < 300
	data := k.data
	if !success {
		data = nil // whatever an error's data holds, it is not the result
	}
	envelope, err := wire.DecodeEnvelope(k.meta.Raw, data)
	switch {
	case errors.Is(err, wire.ErrNotEnvelope) && !success:
		refused.Message = snippet(k.meta.Raw, token)
		if envelope.CodeText != "" {
			refused.CodeText = codeText(envelope.CodeText, token)
			refused.Message, refused.RequestID = redact(cmp.Or(envelope.Message, refused.Message), token), envelope.RequestID
		}
		return refused
	case envelope.CodeText != "":
		err = fmt.Errorf("%w: its code is %q, its message %q", wire.ErrNotEnvelope,
			codeText(envelope.CodeText, token), snippet([]byte(envelope.Message), token))
		return &TransportError{Operation: k.name, Write: k.write, Sent: true, Tries: k.meta.Tries, Err: err}
	case err != nil:
		if !errors.Is(err, wire.ErrNotEnvelope) {
			err = fmt.Errorf("%w: %w", errUndecodable, err)
		}
		return &TransportError{Operation: k.name, Write: k.write, Sent: true, Tries: k.meta.Tries, Err: err}
	}
	k.meta.RequestID, k.code = envelope.RequestID, envelope.Code
	if envelope.Code == 0 && success {
		return nil
	}
	refused.Code, refused.Message, refused.RequestID = envelope.Code, redact(envelope.Message, token), envelope.RequestID
	return refused
}

// transportError wraps a transport failure, without the URL.
func (c *Client) transportError(ctx context.Context, k *call, err error) error {
	err = withoutURL(err)
	if cause := context.Cause(ctx); cause != nil && ctx.Err() != nil {
		err = cause
	}
	return &TransportError{Operation: k.name, Write: k.write, Sent: wire.MaySent(err), Tries: k.meta.Tries, Err: err}
}

// withoutURL strips the URL that net/http puts into its errors.
func withoutURL(err error) error {
	if urlError, ok := errors.AsType[*url.Error](err); ok {
		return urlError.Err
	}
	return err
}

// redact removes the access token from a text of the platform.
func redact(text string, token Token) string {
	return wire.Mask(text, token.AccessToken.Reveal(), secretMask)
}

// snippet returns the beginning of an answer that is not the platform's, on one
// line and without the access token.
func snippet(answer []byte, token Token) string {
	const most = 200
	// The token is searched for in more than is shown, so that none is cut in two.
	text := redact(string(answer[:min(len(answer), 20*most)]), token)
	cut := text[:min(len(text), most)]
	line := strings.Join(strings.Fields(strings.ToValidUTF8(cut, "")), " ")
	if len(answer) > most {
		line += " …"
	}
	return line
}

// codeText returns a code that is not the platform's, fit to be shown as it is.
func codeText(code string, token Token) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, snippet([]byte(code), token))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
