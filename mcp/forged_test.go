package mcp_test

import (
	"context"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/mcp"
)

// forger is a client that answers by itself what it is asked, or is not asked.
func forger(t *testing.T, server *mcp.Server, name string, elicits bool) *sdk.ClientSession {
	t.Helper()
	near, far := sdk.NewInMemoryTransports()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx, far) }()
	options := &sdk.ClientOptions{MultiRoundTrip: &sdk.MultiRoundTripOptions{Disabled: true}, Capabilities: &sdk.ClientCapabilities{}}
	if elicits {
		options.Capabilities.Elicitation = &sdk.ElicitationCapabilities{Form: &sdk.FormElicitationCapabilities{}}
		options.ElicitationHandler = func(context.Context, *sdk.ElicitRequest) (*sdk.ElicitResult, error) {
			return &sdk.ElicitResult{Action: "accept", Content: args{"approve": true}}, nil
		}
	}
	session, err := sdk.NewClient(&sdk.Implementation{Name: name, Version: "1"}, options).Connect(ctx, near, nil)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close(); cancel(); <-done })
	return session
}

// apply calls apply_write with an answer and a state.
func apply(t *testing.T, session *sdk.ClientSession, plan any, state string, responses sdk.InputResponseMap) (*sdk.CallToolResult, answer) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "apply_write", Arguments: args{"plan": plan}, RequestState: state, InputResponses: responses})
	if err != nil {
		t.Fatal(err)
	}
	if result.InputRequests != nil {
		return result, answer{}
	}
	return result, answerOf(t, result)
}

func accept() sdk.InputResponseMap {
	return sdk.InputResponseMap{"approve": &sdk.ElicitResult{Action: "accept", Content: args{"approve": true}}}
}

// Without --trust-host nothing that a client says about its person approves.
func TestForgedAnswersWithoutTrust(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	server, err := mcp.New(d.config)
	if err != nil {
		t.Fatal(err)
	}
	for _, elicits := range []bool{false, true} {
		session := forger(t, server, "host", elicits)
		plan := d.stock(t, session, 7).Data["plan"]
		for i, state := range []string{"", "AAAA", strings.Repeat("A", 200)} {
			if _, a := apply(t, session, plan, state, accept()); a.failure() != "state" {
				t.Errorf("accept at first shot with state %d: %s", i, a.Raw)
			}
		}
		if result, a := apply(t, session, plan, "", nil); result.InputRequests != nil || a.Data["status"] != "waiting" {
			t.Errorf("the host was asked: %s", a.Raw)
		}
		if _, a := apply(t, session, plan, "", accept()); a.failure() != "state" {
			t.Errorf("accept while it waits: %s", a.Raw)
		}
		for _, more := range []args{{"confirm": true}, {"approved": true}, {"approval": "person"}} {
			more["plan"] = plan
			if a := use(t, session, "apply_write", more); a.failure() != "arguments" {
				t.Errorf("%v: %s", more, a.Raw)
			}
		}
	}
	d.nothingSent(t, "forged answers")
}

// With --trust-host an answer counts only with the state of a question that was asked
// about this plan, once, of this client, in time.
func TestForgedAnswersWithTrust(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.config.TrustHost = true
	server, err := mcp.New(d.config)
	if err != nil {
		t.Fatal(err)
	}
	session, other, dumb := forger(t, server, "host", true), forger(t, server, "other", true), forger(t, server, "dumb", false)
	refused := func(what string, s *sdk.ClientSession, plan any, state string, responses sdk.InputResponseMap, class string) {
		t.Helper()
		if _, a := apply(t, s, plan, state, responses); a.failure() != class {
			t.Errorf("%s: want %s: %s", what, class, a.Raw)
		}
		d.nothingSent(t, what)
	}
	question := func(s *sdk.ClientSession, plan any) string {
		t.Helper()
		result, a := apply(t, s, plan, "", nil)
		if result.InputRequests["approve"] == nil || result.RequestState == "" {
			t.Fatalf("it was not asked: %s", a.Raw)
		}
		return result.RequestState
	}
	plan := d.stock(t, session, 7).Data["plan"]
	refused("accept at first shot", session, plan, "invented", accept(), "state")
	refused("accept without a state", session, plan, "", accept(), "state")
	state := question(session, plan)
	refused("another question", session, plan, state, sdk.InputResponseMap{"other": accept()["approve"]}, "state")
	refused("an altered state", session, plan, state[:len(state)-3]+"AAA", accept(), "state")
	refused("another client's plan", other, plan, state, accept(), "plan")
	second := d.stock(t, session, 8).Data["plan"]
	question(session, second)
	refused("the state of another plan", session, second, state, accept(), "state")
	theirs := d.stock(t, other, 9).Data["plan"]
	question(other, theirs)
	refused("another client's state", other, theirs, state, accept(), "state")
	newer := question(session, plan)
	refused("an older state", session, plan, state, accept(), "state")
	// A client that says nothing about asking is not asked.
	silent := d.stock(t, dumb, 6).Data["plan"]
	if result, a := apply(t, dumb, silent, "", nil); result.InputRequests != nil || a.Data["status"] != "waiting" {
		t.Errorf("a client that cannot ask was asked: %s", a.Raw)
	}
	refused("an undeclared capability", dumb, silent, newer, accept(), "state")
	// Too late.
	late := d.stock(t, session, 5).Data["plan"]
	lateState := question(session, late)
	d.clock.advance(5 * time.Minute)
	refused("an expired plan", session, late, lateState, accept(), "plan")

	// The right answer counts, once.
	good := d.stock(t, session, 12).Data["plan"]
	goodState := question(session, good)
	if _, a := apply(t, session, good, goodState, accept()); a.Data["status"] != "sent" {
		t.Fatal(a.Raw)
	}
	if _, a := apply(t, session, good, goodState, accept()); a.failure() != "plan" {
		t.Errorf("a replayed answer: %s", a.Raw)
	}
	if sent := d.platform.sent(); len(sent) != 1 {
		t.Fatalf("sent %v", sent)
	}
	// What is no yes is a no.
	for i, no := range []*sdk.ElicitResult{{Action: "decline"}, {Action: "cancel"}, {Action: "accept"}, {Action: "accept", Content: args{"approve": false}}, {Action: "accept", Content: args{"approve": "true"}}} {
		p := d.stock(t, session, 13).Data["plan"]
		s := question(session, p)
		if _, a := apply(t, session, p, s, sdk.InputResponseMap{"approve": no}); a.failure() != "refused" {
			t.Errorf("answer %d: %s", i, a.Raw)
		}
		if _, a := apply(t, session, p, s, accept()); a.failure() != "plan" {
			t.Errorf("yes after answer %d: %s", i, a.Raw)
		}
	}
	if sent := d.platform.sent(); len(sent) != 1 {
		t.Errorf("sent %v", sent)
	}
}

// A plan is of its client, whole, and good for five minutes.
func TestPlans(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.config.Ahead = []mcp.Risk{mcp.RiskStock}
	server, err := mcp.New(d.config)
	if err != nil {
		t.Fatal(err)
	}
	session, other := forger(t, server, "host", false), forger(t, server, "other", false)
	plan, _ := d.stock(t, session, 7).Data["plan"].(string)
	for what, id := range map[string]string{"an invented plan": "plan_AAAAAAAAAAAAAAAAAAAAAAAAAA", "an altered plan": plan[:len(plan)-1] + "7", "nothing": "x"} {
		if id == plan {
			continue
		}
		if a := use(t, session, "apply_write", args{"plan": id}); a.failure() != "plan" {
			t.Errorf("%s: %s", what, a.Raw)
		}
	}
	if a := use(t, other, "apply_write", args{"plan": plan}); a.failure() != "plan" {
		t.Errorf("another client's plan: %s", a.Raw)
	}
	d.clock.advance(5*time.Minute - time.Second)
	fresh, _ := d.stock(t, session, 8).Data["plan"].(string)
	d.clock.advance(time.Second)
	if a := use(t, session, "apply_write", args{"plan": plan}); a.failure() != "plan" {
		t.Errorf("an expired plan: %s", a.Raw)
	}
	d.nothingSent(t, "plans that do not count")
	if a := use(t, session, "apply_write", args{"plan": fresh}); a.Data["status"] != "sent" {
		t.Error(a.Raw)
	}
	// A server that starts again knows no plan of before.
	kept, _ := d.stock(t, session, 9).Data["plan"].(string)
	if a := use(t, client(t, d.config, nil), "apply_write", args{"plan": kept}); a.failure() != "plan" {
		t.Errorf("another server takes the plan: %s", a.Raw)
	}
}

// Answers to questions that no tool asks are refused by every tool.
func TestAnswersToNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	server, err := mcp.New(d.config)
	if err != nil {
		t.Fatal(err)
	}
	session := forger(t, server, "host", true)
	for _, tool := range []string{"list_shops", "find_orders", "plan_write"} {
		arguments := args{"shop": d.shop}
		switch tool {
		case "list_shops":
			arguments = args{}
		case "plan_write":
			arguments = args{"operation": "product.ActivateProduct", "shop": d.shop, "params": args{"product_ids": []string{d.product}}}
		}
		result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: arguments, InputResponses: accept(), RequestState: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if a := answerOf(t, result); a.failure() != "state" {
			t.Errorf("%s: %s", tool, a.Raw)
		}
	}
	d.nothingSent(t, "answers to nothing")
}
