package gateway

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/policy"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Config configures a [Gateway]. Fleet and Book are required.
type Config struct {
	// Fleet has the grants that calls are made with. What paces its clients paces
	// the gateway: give them one limiter.
	Fleet *tokenstore.Fleet
	// Book has the keys of clients.
	Book *policy.Book
	// Sealer opens the secrets that clients sign with; nil: no client can sign.
	Sealer policy.Sealer
	// Catalog is the operations; nil means the embedded ones.
	Catalog *catalog.Catalog

	// Hosts are the names that requests may be for, besides addresses and localhost.
	Hosts []string
	// Audit records every call; nil records nothing.
	Audit Audit
	// AuditBestEffort lets writes go that cannot be recorded.
	AuditBestEffort bool
	// Keys paces the clients' keys that have a rate; nil means one that serves this
	// process. See [KeyRate].
	Keys ttshop.Limiter
	// Budgets counts the calls of keys that have a number per day; nil means one
	// that counts those of this process.
	Budgets Budgets
	// Nonces knows which signed requests were there before; nil means those of this
	// process.
	Nonces Nonces

	// MaxBody is the size in bytes up to which a body that is signed is taken. Zero
	// means 10 MiB. Uploads are streamed and have the limit of the platform.
	MaxBody int64
	// Memory is how many bytes of bodies are held at once. Zero means 256 MiB.
	Memory int64
	// KeyParallel is how many calls of one key are under way at once. Zero means 16;
	// sixteen times as many may wait.
	KeyParallel int
	// Timeout bounds a call with all its waits and tries. Zero means 2 minutes, and
	// five times that for uploads.
	Timeout time.Duration

	// Node names this gateway in audits; empty leaves it out.
	Node string
	// Logger records what an operator has to know; nil records nothing. It gets no
	// secrets.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Gateway is the handler. It is safe for concurrent use.
type Gateway struct {
	fleet      *tokenstore.Fleet
	book       *policy.Book
	signers    signers
	operations *operations
	hosts      hosts
	audit      Audit
	bestEffort bool
	keys       ttshop.Limiter
	budgets    Budgets
	nonces     Nonces
	turns      turns
	memory     memory
	maxBody    int64
	timeout    time.Duration
	node       string
	logger     *slog.Logger
	now        func() time.Time
	metrics    *Metrics
}

// The defaults of [Config].
const (
	defaultMaxBody     = 10 << 20
	defaultMemory      = 256 << 20
	defaultKeyParallel = 16
	defaultTimeout     = 2 * time.Minute
	uploadFactor       = 5 // of the timeout
	waitingFactor      = 16
)

// New returns a gateway.
func New(config Config) (*Gateway, error) {
	if config.Fleet == nil || config.Book == nil {
		return nil, errors.New("gateway: it needs a fleet and a book of keys")
	}
	c := config.Catalog
	if c == nil {
		c = new(catalog.Catalog)
	}
	operations, err := newOperations(c)
	if err != nil {
		return nil, err
	}
	g := &Gateway{
		fleet: config.Fleet, book: config.Book, signers: signers{sealer: config.Sealer}, operations: operations,
		hosts: newHosts(config.Hosts), audit: config.Audit, bestEffort: config.AuditBestEffort,
		keys: config.Keys, budgets: config.Budgets, nonces: config.Nonces,
		maxBody: cmp.Or(config.MaxBody, defaultMaxBody), timeout: cmp.Or(config.Timeout, defaultTimeout),
		node: config.Node, logger: cmp.Or(config.Logger, slog.New(slog.DiscardHandler)), now: config.Now,
		metrics: newMetrics(),
	}
	g.memory.most = cmp.Or(config.Memory, defaultMemory)
	g.turns.each = cmp.Or(config.KeyParallel, defaultKeyParallel)
	g.turns.waiting = waitingFactor * g.turns.each
	if g.keys == nil {
		g.keys = ttshop.NewPacer(ttshop.PacerConfig{Rate: KeyRate})
	}
	if g.budgets == nil {
		g.budgets = new(memoryBudgets)
	}
	if g.nonces == nil {
		g.nonces = new(MemoryNonces)
	}
	if g.now == nil {
		g.now = time.Now
	}
	return g, nil
}

// Metrics returns what the gateway counts.
func (g *Gateway) Metrics() *Metrics { return g.metrics }

// exchange is one request on its way through the gateway.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	began  time.Time
	record Record
	noted  bool   // the audit has that it is being sent
	give   func() // gives back the memory of the body
}

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{w: w, r: r, began: time.Now(), record: Record{ID: rand.Text(), Node: g.node}, give: func() {}}
	defer func() { x.give() }()
	w.Header().Set(HeaderCall, x.record.ID)
	if len(r.TransferEncoding) > 0 && r.ProtoMajor == 1 {
		// Whoever forwarded it may see its end elsewhere: nothing that follows on
		// this connection is to be taken for a request.
		w.Header().Set("Connection", "close")
	}
	g.metrics.begin()
	if refused := g.serve(x); refused != nil {
		x.record.Status, x.record.Reason, x.record.Rule, x.record.Unknown = refused.status, string(refused.reason), refused.rule, refused.unknown
		x.record.Key = cmp.Or(x.record.Key, refused.key)
		x.record.Out = int64(refused.write(w, x.record.ID))
	}
	g.finish(x)
}

// finish records a call that has ended.
func (g *Gateway) finish(x *exchange) {
	x.record.Event, x.record.Time = EventDone, g.now().UTC()
	took := time.Since(x.began)
	x.record.Took = took.Milliseconds()
	g.metrics.end(x.record, took)
	if err := g.write(x.record); err != nil {
		g.logger.Error("a call could not be recorded", "call", x.record.ID, "operation", x.record.Operation, "error", err.Error())
	}
}

// write writes a record.
func (g *Gateway) write(r Record) error {
	if g.audit == nil {
		return nil
	}
	err := g.audit.Record(r)
	if err != nil {
		g.metrics.auditFailed()
	}
	return err
}

// serve carries a request from its first line to the platform's answer. It returns
// what to answer instead.
func (g *Gateway) serve(x *exchange) *refusal {
	a, refused := g.inspect(x.r)
	if refused != nil {
		return refused
	}
	who, refused := g.identify(a)
	if refused != nil {
		return refused
	}
	contentType := x.r.Header.Get("Content-Type")
	multipart := isMultipart(contentType)
	var body []byte
	read := func() *refusal {
		var give func()
		if body, give, refused = g.readBody(x); refused == nil {
			x.give = give
		}
		return refused
	}
	if who.signer != nil { // nothing else is done for somebody who may be a stranger
		if !multipart { // whose signature does not cover the body
			if refused := read(); refused != nil {
				return refused
			}
		}
		if refused := g.verify(x.r.Context(), who, a, contentType, body); refused != nil {
			return refused
		}
	}
	x.record.Key = who.client.Name()
	op := g.operations.find(x.r.Method, a.path)
	if op == nil {
		return forbidden(policy.Decision{Rule: policy.RuleCatalogue, Key: who.client.Name()})
	}
	x.record.Operation, x.record.Write = op.Name, !op.Read
	if decision := who.client.DecideOperation(op.Name); !decision.Allowed {
		return forbidden(decision)
	}
	if multipart != op.multipart && (multipart || x.r.ContentLength != 0) {
		return refuse(http.StatusUnsupportedMediaType, ReasonRequest, op.Name+" takes "+map[bool]string{true: "multipart/form-data", false: "a JSON body, or none"}[op.multipart])
	}
	leave, ok := g.turns.enter(x.r.Context(), who.client.Name())
	if !ok {
		return &refusal{status: http.StatusTooManyRequests, reason: ReasonBusy, retryAfter: time.Second, message: "too many calls of key " + who.client.Name() + " are waiting"}
	}
	defer leave()
	if who.signer == nil && !multipart {
		if refused := read(); refused != nil {
			return refused
		}
	}
	to, refused := g.subjectOf(x.r.Context(), x.r, a, who.client, op)
	if refused != nil {
		return refused
	}
	x.record.Shop, x.record.Grant = to.reach.Shop.ID, to.grant
	if decision := who.client.Decide(to.request(op)); !decision.Allowed {
		return forbidden(decision)
	}
	if refused := to.lacks(op); refused != nil {
		return refused
	}
	if refused := g.paceKey(x.r.Context(), who.client); refused != nil {
		return refused
	}
	if refused := g.spend(x.r.Context(), who.client); refused != nil {
		return refused
	}
	return g.forward(x, a, op, to, contentType, body)
}

// forbidden is the answer to what the policy refuses. It does not say what the key
// may not know: whether a shop exists.
func forbidden(d policy.Decision) *refusal {
	message := d.String()
	switch d.Rule {
	case policy.RuleShop:
		message = "key " + d.Key + " has no such shop"
	case policy.RuleAccount:
		message = fmt.Sprintf("key %s: %s names no shop and acts for the seller's whole account, of which the key has only some shops", d.Key, d.Operation)
	}
	return &refusal{status: http.StatusForbidden, reason: ReasonPolicy, message: message, rule: string(d.Rule)}
}

// isMultipart reports whether a media type is multipart/form-data.
func isMultipart(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(mediaType), "multipart/form-data")
}

// bodyTime is how long the next bytes of a body may take.
const bodyTime = 30 * time.Second

// readBody reads a body that is signed. Its memory is given back with the function
// returned.
func (g *Gateway) readBody(x *exchange) ([]byte, func(), *refusal) {
	tooLarge := refuse(http.StatusRequestEntityTooLarge, ReasonTooLarge, "the body is larger than "+strconv.FormatInt(g.maxBody, 10)+" bytes")
	length := x.r.ContentLength
	if length > g.maxBody {
		return nil, nil, tooLarge
	}
	reserve := length
	if length < 0 {
		reserve = g.maxBody
	}
	if !g.memory.take(reserve) {
		return nil, nil, &refusal{status: http.StatusServiceUnavailable, reason: ReasonBusy, retryAfter: time.Second, message: "the gateway holds too many bodies at the moment"}
	}
	give := func() { g.memory.give(reserve) }
	if length == 0 {
		return nil, give, nil
	}
	controller := http.NewResponseController(x.w)
	_ = controller.SetReadDeadline(time.Now().Add(bodyTime)) // a test's writer has none
	body, err := io.ReadAll(io.LimitReader(x.r.Body, g.maxBody+1))
	_ = controller.SetReadDeadline(time.Time{})
	x.record.In = int64(len(body))
	switch {
	case err != nil:
		give()
		return nil, nil, refuse(http.StatusBadRequest, ReasonRequest, "the body did not arrive whole")
	case int64(len(body)) > g.maxBody:
		give()
		return nil, nil, tooLarge
	}
	return body, give, nil
}

// errAudit means that a write was not sent because it could not be recorded.
var errAudit = errors.New("the call could not be recorded")

// sending records that a call is about to be sent.
func (g *Gateway) sending(x *exchange) error {
	if x.noted || g.audit == nil {
		return nil
	}
	x.record.Event, x.record.Time = EventSending, g.now().UTC()
	if err := g.write(x.record); err != nil {
		if x.record.Write && !g.bestEffort {
			return fmt.Errorf("%w: %w", errAudit, err)
		}
		g.logger.Error("a call could not be recorded", "call", x.record.ID, "error", err.Error())
	}
	x.noted = true
	return nil
}

// forward sends a request on and passes the answer back.
func (g *Gateway) forward(x *exchange, a asked, op *operation, to subject, contentType string, body []byte) *refusal {
	for name := range reserved {
		a.query.Del(name)
	}
	if a.signed {
		a.query.Del(nonceParameter)
	}
	client := to.reach.Client.CategoryAsset(to.asset)
	if !op.multipart && !strings.Contains(strings.ToLower(contentType), "json") {
		contentType = "" // the platform takes JSON alone, whatever curl calls it
	}
	f := ttshop.Forward{Operation: &op.Operation, Path: a.path, Query: a.query, ContentType: contentType, Body: body}
	timeout := g.timeout
	var counted *countedBody
	if op.multipart {
		timeout *= uploadFactor
		counted = &countedBody{reader: x.r.Body, controller: http.NewResponseController(x.w)}
		f.Stream, f.Length = counted, x.r.ContentLength
	}
	ctx, cancel := context.WithTimeout(x.r.Context(), timeout)
	defer cancel()
	sent := func() {}
	if !op.Read && !op.multipart {
		// Once a write is on its way, its outcome is awaited and recorded whether or
		// not the client still is there.
		var forget context.CancelFunc
		ctx, forget = context.WithTimeout(context.WithoutCancel(x.r.Context()), timeout)
		defer forget()
		stop := context.AfterFunc(x.r.Context(), forget)
		sent = func() { stop() }
		defer stop()
	}
	f.Sending = func(int) error {
		if err := g.sending(x); err != nil {
			return err
		}
		sent()
		return ctx.Err()
	}
	answer, err := client.Forward(ctx, f)
	if counted != nil {
		x.record.In = counted.n.Load()
	}
	if answer == nil {
		return g.failed(x, err)
	}
	x.record.Status, x.record.Code, x.record.RequestID = answer.HTTPStatus, codeOf(err), answer.Meta.RequestID
	x.record.Tries, x.record.Wait = answer.Meta.Tries, answer.Waited.Milliseconds()
	if refusedBy, ok := errors.AsType[*ttshop.Error](err); ok && x.record.RequestID == "" {
		x.record.RequestID = refusedBy.RequestID
	}
	h := x.w.Header()
	copyHeader(h, answer.Header)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(answer.Body)))
	h.Set(HeaderTries, strconv.Itoa(answer.Meta.Tries))
	if errors.Is(err, ttshop.ErrOutcomeUnknown) {
		x.record.Unknown = true
		h.Set(HeaderOutcome, "unknown")
	}
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Now().Add(answerTime)) // a test's writer has none
	x.w.WriteHeader(answer.HTTPStatus)
	n, _ := x.w.Write(answer.Body) // a client that is gone needs no answer
	x.record.Out = int64(n)
	return nil
}

// answerTime is how long a client may take to receive an answer.
const answerTime = 2 * time.Minute

// codeOf returns the platform's code of a refusal.
func codeOf(err error) int {
	if refused, ok := errors.AsType[*ttshop.Error](err); ok {
		return refused.Code
	}
	return 0
}

// failed is the answer where the platform gave none.
func (g *Gateway) failed(x *exchange, err error) *refusal {
	transport, _ := errors.AsType[*ttshop.TransportError](err)
	limited, isLimited := errors.AsType[*ttshop.LimitError](err)
	if transport != nil {
		x.record.Tries = transport.Tries
	}
	switch {
	case errors.Is(err, errAudit):
		g.logger.Error("a write was refused since it cannot be recorded", "operation", x.record.Operation, "error", err.Error())
		return refuse(http.StatusServiceUnavailable, ReasonAudit, "the call cannot be recorded at the moment, so it was not sent")
	case errors.Is(err, ttshop.ErrOutcomeUnknown):
		return &refusal{status: http.StatusBadGateway, reason: ReasonUpstream, unknown: true, message: "no answer that can be read came from the platform, which may have carried the call out; find out before you repeat it" + checkedBy(transport)}
	case isLimited:
		wait := time.Second
		if !limited.Until.IsZero() {
			wait = max(wait, time.Until(limited.Until))
		}
		return &refusal{status: http.StatusTooManyRequests, reason: ReasonLimit, retryAfter: wait, message: "not sent: " + string(limited.Reason)}
	case errors.Is(err, ttshop.ErrInvalidRequest):
		return refuse(http.StatusBadRequest, ReasonRequest, err.Error())
	case transport != nil && transport.Sent:
		return refuse(http.StatusBadGateway, ReasonUpstream, "no answer that can be read came from the platform")
	case transport != nil && x.r.Context().Err() != nil:
		return refuse(statusClientGone, ReasonRequest, "the client went away before the call was sent")
	case transport != nil:
		return &refusal{status: http.StatusServiceUnavailable, reason: ReasonUpstream, retryAfter: time.Second, message: "the call was not sent: the platform was not reached in time"}
	}
	g.logger.Error("no token for a call", "operation", x.record.Operation, "shop", x.record.Shop, "error", err.Error())
	if errors.Is(err, ttshop.ErrUnauthorized) {
		return refuse(http.StatusServiceUnavailable, ReasonToken, "the shop has no valid authorization: the seller must authorize the app again")
	}
	return &refusal{status: http.StatusServiceUnavailable, reason: ReasonToken, retryAfter: time.Second, message: "the gateway has no token for the shop at the moment"}
}

// statusClientGone is the status in the audit of a call whose client did not wait.
const statusClientGone = 499

// checkedBy names the operation that shows whether a write was carried out.
func checkedBy(err *ttshop.TransportError) string {
	if err == nil || err.Check == "" {
		return ""
	}
	return " with " + err.Check
}
