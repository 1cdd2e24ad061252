package mcp

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/catalog"
)

// Who approves a write.
const (
	byPerson = "person" // outside of the host
	byHost   = "host"   // the host asks its person
	byAhead  = "ahead"
)

// approver says who has to approve a write of a caller.
func (s *Server) approver(who caller, op *catalog.Operation, risk Risk) string {
	for _, ahead := range s.config.Ahead {
		if ahead == risk && op.Domain != chat && s.plans.aheadLeft() {
			return byAhead
		}
	}
	if s.config.TrustHost && who.elicits {
		return byHost
	}
	return byPerson
}

// planWrite answers the tool of this name. It sends nothing.
func (s *Server) planWrite(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		Operation string          `json:"operation"`
		Shop      string          `json:"shop"`
		Params    json.RawMessage `json:"params"`
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	op, err := s.operation(args.Operation)
	if err != nil {
		return nil, err
	}
	if !op.Write {
		return nil, &Failure{Class: "arguments", Message: op.FullName() + " only reads", Next: "call_operation calls it"}
	}
	shop, err := s.target(ctx, c, op, args.Shop)
	if err != nil {
		return nil, err
	}
	params := map[string]any{}
	if len(args.Params) > 0 {
		if err := decode(args.Params, &params); err != nil {
			return nil, &Failure{Class: "arguments", Message: "params is not an object", Next: "correct params"}
		}
	}
	// The model sees the request as it wrote it; sent is the one with the ids.
	shown, err := newRequest(op, params)
	if err != nil {
		return nil, &Failure{Class: "arguments", Message: op.FullName() + ": " + err.Error(), Next: "correct params"}
	}
	real, _ := s.people.unmask(params).(map[string]any) // it stays an object
	m, err := newRequest(op, real)
	if err != nil {
		return nil, err
	}
	if op.BodyType == catalog.BodyMultipart {
		if _, err := m.form(op); err != nil {
			return nil, &Failure{Class: "arguments", Message: err.Error(), Next: "correct params"}
		}
	}
	one := &plan{client: c.caller.name, op: op, shop: shop, made: m, params: real, risk: RiskOf(op)}
	if one.hash, err = hashOf(op, shop, m); err != nil {
		return nil, err
	}
	data := map[string]any{}
	if err := s.note(ctx, c, one, data); err != nil {
		return nil, err
	}
	if err := s.plans.add(one); err != nil {
		return nil, err
	}
	by := s.approver(c.caller, op, one.risk)
	c.record.Risk, c.record.Plan, c.record.Outcome = one.risk, one.hash, "planned"
	request := map[string]any{"method": op.Method, "path": shown.Path}
	if len(shown.Query) > 0 {
		request["query"] = shown.Query.Encode()
	}
	if shown.Body != nil {
		request["body"] = shown.Body
	}
	small, omitted := shrink(decoded(request), maxTokens-500-nowTokens)
	maps.Copy(data, map[string]any{
		"plan": one.id, "operation": op.FullName(), "does": op.Summary, "shop": shop.ID, "risk": one.risk, "approval": by,
		"request": small, "expires_in_seconds": int(planTime / time.Second),
	})
	if omitted != nil {
		data["not_shown"] = omitted
	}
	if op.Notes != nil && op.Notes.After != "" {
		data["after"] = shorten(op.Notes.After, 300)
	}
	words := "Planned, nothing was sent. "
	switch by {
	case byAhead:
		words += "It is approved ahead: apply_write sends it."
	case byHost:
		words += "apply_write asks the person, then sends it."
	default:
		words += "apply_write asks for the approval of a person outside of this chat."
	}
	return &reply{text: words, data: data}, nil
}

// decoded returns a value as it is read from JSON.
func decoded(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out any
	if decode(b, &out) != nil {
		return nil
	}
	return out
}

// applyWrite answers the tool of this name.
func (s *Server) applyWrite(ctx context.Context, c *call) (*reply, error) {
	var args struct{ Plan string }
	if err := c.args(&args); err != nil {
		return nil, err
	}
	one, err := s.plans.look(args.Plan, c.caller.name)
	if err != nil {
		return nil, err
	}
	c.record.Operation, c.record.Shop, c.record.Write = one.op.FullName(), one.shop.ID, true
	c.record.Risk, c.record.Plan = one.risk, one.hash
	// Between plan and write the key may have lost its rights.
	if err := s.allowed(ctx, c, one.op, one.shop); err != nil {
		return nil, err
	}
	by := s.approver(c.caller, one.op, one.risk)
	var waits *reply
	switch by {
	case byHost:
		waits, err = s.askHost(c, one)
	case byPerson:
		if len(c.request.Params.InputResponses) > 0 {
			return nil, errAnswer()
		}
		waits, err = s.askPerson(c, one)
	}
	if err != nil || waits != nil {
		return waits, err
	}
	c.record.Approval = by
	return s.send(ctx, c, one, by)
}

// errAnswer is the answer to an approval that was not asked for.
func errAnswer() error {
	return &Failure{Class: "state", Message: "this is not an answer to a question of this server", Next: "call apply_write with the plan alone"}
}

// question is what a host hands back with the answer of its person.
type question struct {
	Plan    string    `json:"p"`
	Hash    string    `json:"h"`
	Client  string    `json:"c"`
	Nonce   string    `json:"n"`
	Expires time.Time `json:"e"`
}

const questionPurpose = "question"

// approveKey names the question in the protocol.
const approveKey = "approve"

// askHost lets the host ask its person. It returns nothing once the person agreed.
func (s *Server) askHost(c *call, one plan) (*reply, error) {
	params := c.request.Params
	if len(params.InputResponses) == 0 {
		q := question{one.id, one.hash, one.client, rand.Text(), one.expires}
		state, err := s.seals.Seal(questionPurpose, q)
		if err != nil {
			return nil, err
		}
		s.plans.change(one.id, func(p *plan) { p.nonce = q.Nonce })
		c.record.Outcome = "waiting"
		return &reply{input: &sdk.CallToolResult{
			RequestState: state,
			InputRequests: sdk.InputRequestMap{approveKey: &sdk.ElicitParams{
				Message:         s.questionText(one),
				RequestedSchema: json.RawMessage(`{"type":"object","properties":{"approve":{"type":"boolean","title":"Send it","description":"Send exactly this request"}},"required":["approve"]}`),
			}},
		}}, nil
	}
	var q question
	if err := s.seals.Open(questionPurpose, params.RequestState, &q); err != nil {
		return nil, errAnswer()
	}
	answer, ok := params.InputResponses[approveKey].(*sdk.ElicitResult)
	if !ok || q.Plan != one.id || q.Hash != one.hash || q.Client != c.caller.name || !s.now().Before(q.Expires) || one.nonce == "" || q.Nonce != one.nonce {
		return nil, errAnswer()
	}
	used := false
	s.plans.change(one.id, func(p *plan) { used, p.nonce = p.nonce != q.Nonce, "" })
	if used {
		return nil, errAnswer()
	}
	if approve, _ := answer.Content["approve"].(bool); answer.Action != "accept" || !approve {
		s.plans.end(one.id)
		return nil, errRefused()
	}
	return nil, nil
}

func errRefused() error {
	return &Failure{Class: "refused", Message: "the person refused this write", Next: "ask what they want instead; do not plan it again unasked"}
}

// questionText tells a person what is asked.
func (s *Server) questionText(one plan) string {
	text := fmt.Sprintf("%s (%s) for shop %s:\n%s %s", one.op.FullName(), one.risk, one.shop.ID, one.op.Method, one.made.Path)
	if len(one.made.Query) > 0 {
		text += "?" + one.made.Query.Encode()
	}
	if one.made.Body != nil {
		text += "\n" + shorten(clean(string(one.made.Body)), 1500)
	}
	if one.now != nil {
		text += "\nNow: " + shorten(clean(string(one.now)), 1000)
	}
	return text
}

// askPerson asks a person outside of the host. It returns nothing once they agreed.
func (s *Server) askPerson(c *call, one plan) (*reply, error) {
	approvals := s.config.Approvals
	if approvals == nil {
		return nil, &Failure{Class: "approval", Message: "a person has to approve this write, and this server has no place where they can", Next: "the person who runs it can start it with a folder for approvals"}
	}
	if one.code == "" {
		one.code = rand.Text()[:8]
		err := approvals.ask(Waiting{
			Code: one.code, Hash: one.hash, Client: one.client, Operation: one.op.FullName(), Does: one.op.Summary, Risk: one.risk, Shop: one.shop,
			Method: one.op.Method, Path: one.made.Path, Query: unescaped(one.made.Query), Body: one.made.Body, Now: one.now, Sandbox: s.config.Sandbox, Expires: one.expires,
		})
		if err != nil {
			return nil, err
		}
		s.plans.change(one.id, func(p *plan) { p.code = one.code })
	}
	decision, err := approvals.decided(one.code)
	if err != nil {
		return nil, err
	}
	switch {
	case decision == nil:
		c.record.Outcome = "waiting"
		command := "ttshop mcp approve " + one.code[:4] + "-" + one.code[4:]
		return &reply{
			text: "Waiting for a person. Ask them to run in a terminal of their own: " + command + ". Then call apply_write again.",
			data: map[string]any{"status": "waiting", "plan": one.id, "approve_with": command, "seconds_left": int(one.expires.Sub(s.now()).Seconds())},
		}, nil
	case decision.Hash != one.hash:
		return nil, &Failure{Class: "approval", Message: "what was approved is not this request", Next: "plan_write plans the write again"}
	case !decision.Approved:
		s.plans.end(one.id)
		approvals.drop(one.code)
		return nil, errRefused()
	}
	return nil, nil
}

// unescaped returns a query as people read it.
func unescaped(q url.Values) string {
	text, err := url.QueryUnescape(q.Encode())
	if err != nil {
		return q.Encode()
	}
	return text
}

// send sends an approved write. Its plan is taken before, and the audit knows of it
// before: what is not recorded is not sent.
func (s *Server) send(ctx context.Context, c *call, one plan, by string) (*reply, error) {
	hash, err := hashOf(one.op, one.shop, one.made)
	if err != nil {
		return nil, err
	}
	if hash != one.hash {
		return nil, errors.New("the planned request has changed") // a mistake of ours must not be sent
	}
	if err := s.unchanged(ctx, c, &one); err != nil {
		return nil, err
	}
	if err := s.limits.spend(c.caller.client); err != nil {
		return nil, err
	}
	if err := s.plans.take(one.id, c.caller.name, by == byAhead); err != nil {
		return nil, err
	}
	if one.code != "" {
		s.config.Approvals.drop(one.code)
	}
	begun := c.record
	begun.Event = EventSending
	if err := s.record(begun); err != nil {
		return nil, &Failure{Class: "audit", Message: "the write cannot be recorded and was not sent", Next: "a person has to see to the audit; then plan the write again"}
	}
	r := Request{Shop: one.shop, Operation: one.op, Path: one.made.Path, Query: one.made.Query, Body: one.made.Body}
	if one.op.BodyType == catalog.BodyMultipart {
		if r.Form, err = one.made.form(one.op); err != nil {
			return nil, err
		}
		r.Body = nil
	}
	answer, err := s.config.Platform.Call(ctx, r)
	c.record.RequestID = answer.RequestID
	if err != nil {
		return nil, s.shown(one.op, err)
	}
	object, err := s.view(one.op, answer.Data)
	if err != nil {
		return nil, err
	}
	small, omitted := shrink(any(object), maxTokens-250)
	data := map[string]any{"status": "sent", "operation": one.op.FullName(), "shop": one.shop.ID, "answer": small}
	if answer.RequestID != "" {
		data["request_id"] = answer.RequestID
	}
	if omitted != nil {
		data["omitted"] = omitted
	}
	return &reply{text: one.op.FullName() + " was sent and carried out.", data: data}, nil
}
