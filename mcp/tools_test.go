package mcp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
	"github.com/ttshop-go/ttshop/mcp"
)

// watched is a platform that notes what is called.
type watched struct {
	mcp.Platform

	mu     sync.Mutex
	called map[string]int
	writes []string
	last   mcp.Request
}

func watch(p mcp.Platform) *watched { return &watched{Platform: p, called: map[string]int{}} }

// Call implements mcp.Platform.
func (w *watched) Call(ctx context.Context, r mcp.Request) (mcp.Answer, error) {
	w.mu.Lock()
	w.called[r.Operation.FullName()]++
	if r.Operation.Write {
		w.writes = append(w.writes, r.Operation.FullName())
	}
	w.last = r
	w.mu.Unlock()
	return w.Platform.Call(ctx, r)
}

func (w *watched) sent() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.writes)
}

// everything is a configuration with all tools.
func everything(p mcp.Platform) mcp.Config {
	return mcp.Config{
		Platform: p, AllowWrites: true, CustomerService: true, Sandbox: true,
		ExplainSignature: func(context.Context, string) (any, error) { return map[string]string{"summary": "it is right"}, nil },
	}
}

// room is how large the list of tools and one answer may be.
const (
	listRoom   = 4000
	answerRoom = 2000
)

// tokensOf counts what a model is shown of an answer.
func tokensOf(t *testing.T, a answer) int {
	t.Helper()
	b, err := json.Marshal(a.Data)
	if err != nil {
		t.Fatal(err)
	}
	return mcp.Tokens(string(b)) + mcp.Tokens(a.Text)
}

func TestToolsAreSmallAndWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, err := client(t, everything(mcp.Fleet(w.fleet)), nil).ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	if n := mcp.Tokens(string(raw)); n > listRoom {
		t.Errorf("the list takes %d tokens, more than %d", n, listRoom)
	} else {
		t.Logf("%d tools, %d tokens", len(list.Tools), n)
	}
	if bytes.Contains(raw, []byte(`"null"`)) {
		t.Error("a schema allows null")
	}
	for _, tool := range list.Tools {
		a := tool.Annotations
		if a == nil || a.DestructiveHint == nil || a.OpenWorldHint == nil {
			t.Errorf("%s lacks annotations", tool.Name)
			continue
		}
		if writes := tool.Name == "plan_write" || tool.Name == "apply_write"; a.ReadOnlyHint == writes {
			t.Errorf("%s says that it only reads: %t", tool.Name, a.ReadOnlyHint)
		}
		if tool.Description == "" || tool.Title == "" {
			t.Errorf("%s has no title or no description", tool.Name)
		}
	}
}

func TestWriteToolsAreThereOnDemand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := client(t, mcp.Config{Platform: mcp.Fleet(w.fleet)}, nil)
	list, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range list.Tools {
		if strings.HasSuffix(tool.Name, "_write") || tool.Name == "explain_signature" {
			t.Errorf("%s is offered", tool.Name)
		}
	}
	a := use(t, session, "call_operation", args{"operation": "product.UpdateInventory", "shop": w.shopIn(t, "GB"), "params": args{"product_id": "1", "skus": []any{}}})
	if a.failure() != "writes" {
		t.Errorf("a write by call_operation: %s", a.Raw)
	}
	if a := use(t, session, "call_operation", args{"operation": "customer_service.GetConversations", "shop": w.shopIn(t, "GB")}); a.failure() != "forbidden" {
		t.Errorf("chats are open: %s", a.Raw)
	}
}

// Bad arguments are told in a way that says what to do.
func TestArguments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := client(t, everything(mcp.Fleet(w.fleet)), nil)
	gb := w.shopIn(t, "GB")
	for name, test := range map[string]struct {
		tool  string
		args  args
		class string
		says  string
	}{
		"unknown argument":    {"find_orders", args{"shpo": gb}, "arguments", "shpo"},
		"missing argument":    {"get_order", args{"shop": gb}, "arguments", "order_id"},
		"wrong type":          {"find_orders", args{"shop": gb, "limit": "many"}, "arguments", "limit"},
		"too many":            {"find_orders", args{"shop": gb, "limit": 1000}, "arguments", "limit"},
		"no shop":             {"find_orders", args{}, "shop", "several shops"},
		"unknown shop":        {"find_orders", args{"shop": "nowhere"}, "shop", "nowhere"},
		"unknown operation":   {"describe_operation", args{"operation": "order.GetOrders"}, "not_found", "order.GetOrders"},
		"unknown parameter":   {"call_operation", args{"operation": "order.GetOrderList", "shop": gb, "params": args{"order_statuss": "UNPAID"}}, "arguments", "did you mean order_status"},
		"missing parameter":   {"call_operation", args{"operation": "order.GetOrderDetail", "shop": gb}, "arguments", "ids: required"},
		"a bad time":          {"find_orders", args{"shop": gb, "created_after": "yesterday"}, "arguments", "YYYY-MM-DD"},
		"a forged cursor":     {"find_orders", args{"cursor": "AAAA"}, "cursor", "not made by this server"},
		"an unknown order":    {"get_order", args{"shop": gb, "order_id": "1"}, "", ""},
		"a path that leaves":  {"call_operation", args{"operation": "product.GetProduct", "shop": gb, "params": args{"product_id": ".."}}, "arguments", "product_id"},
		"the platform's code": {"call_operation", args{"operation": "product.GetProduct", "shop": gb, "params": args{"product_id": "1"}}, "", ""},
	} {
		a := use(t, session, test.tool, test.args)
		if !a.IsError {
			t.Errorf("%s is no error: %s", name, a.Raw)
			continue
		}
		if test.class != "" && a.failure() != test.class || !strings.Contains(a.Raw, test.says) {
			t.Errorf("%s: class %s, want %s with %q: %s", name, a.failure(), test.class, test.says, a.Raw)
		}
	}
}

// A cursor goes through all orders, each once.
func TestCursor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := client(t, mcp.Config{Platform: mcp.Fleet(w.fleet)}, nil)
	other := client(t, mcp.Config{Platform: mcp.Fleet(w.fleet)}, nil)
	seen := map[string]bool{}
	a := use(t, session, "find_orders", args{"shop": w.shopIn(t, "GB"), "status": "DELIVERED", "limit": 7})
	total := 0
	for range 200 {
		if a.IsError {
			t.Fatal(a.Raw)
		}
		if n, ok := a.Data["total_count"].(float64); ok {
			total = int(n)
		}
		for _, o := range a.Data["orders"].([]any) {
			id := o.(map[string]any)["id"].(string)
			if seen[id] {
				t.Fatalf("order %s comes twice", id)
			}
			seen[id] = true
		}
		next, more := a.Data["next_cursor"].(string)
		if !more {
			break
		}
		if len(seen) < 10 {
			if foreign := use(t, other, "find_orders", args{"cursor": next}); foreign.failure() != "cursor" {
				t.Fatalf("another server takes the cursor: %s", foreign.Raw)
			}
			if elsewhere := use(t, session, "find_returns", args{"cursor": next}); elsewhere.failure() != "cursor" {
				t.Fatalf("another tool takes the cursor: %s", elsewhere.Raw)
			}
		}
		a = use(t, session, "find_orders", args{"cursor": next})
	}
	if len(seen) != total || total < 20 {
		t.Errorf("%d orders were seen of %d", len(seen), total)
	}
}

// Every operation is found by a plain question, an older version by its name, described
// and called, and no answer is too large or holds a secret.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	platform := watch(mcp.Fleet(w.fleet))
	config := everything(platform)
	config.WritesPerHour, config.Sandbox = 1000, false
	approvals, err := mcp.OpenApprovals(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	config.Approvals = approvals
	session := client(t, config, nil)
	known := new(catalog.Catalog)
	gb := w.shopIn(t, "GB")
	small := func(e catalog.Entry, what string, a answer) {
		if n := tokensOf(t, a); n > answerRoom {
			t.Errorf("%s: %s takes %d tokens", e.FullName(), what, n)
		}
		if secret := w.holdsSecret(a.Raw); secret != "" {
			t.Errorf("%s: %s holds a secret", e.FullName(), what)
		}
	}
	all := known.Operations("")
	newest := make(map[string]bool)
	for _, e := range names.Newest(all) {
		newest[e.FullName()] = true
	}
	questions := plainQuestions(t)
	found := 0
	for _, e := range all {
		op, err := known.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		question, limit := questions[e.Domain+"."+names.Base(e.Name)], 3
		if !newest[e.FullName()] {
			question, limit = e.FullName(), 1
		}
		hit := false
		a := use(t, session, "search_operations", args{"question": question, "limit": limit})
		small(e, "search", a)
		for _, o := range list(a.Data["operations"]) {
			hit = hit || o.(map[string]any)["operation"] == e.FullName()
		}
		if hit {
			found++
		} else {
			t.Errorf("%s is not found by %q", e.FullName(), question)
		}
		a = use(t, session, "describe_operation", args{"operation": e.FullName()})
		small(e, "description", a)
		if a.IsError || a.Data["params"] == nil {
			t.Errorf("%s is not described: %s", e.FullName(), a.Raw)
		}
		params := example(op)
		before := platform.called[e.FullName()] // plans read what others change
		if !op.Write {
			small(e, "answer", use(t, session, "call_operation", args{"operation": e.FullName(), "shop": gb, "params": params}))
		} else {
			plan := use(t, session, "plan_write", args{"operation": e.FullName(), "shop": gb, "params": params})
			small(e, "plan", plan)
			if plan.IsError {
				t.Errorf("%s cannot be planned: %s", e.FullName(), plan.Raw)
				continue
			}
			small(e, "waiting", use(t, session, "apply_write", args{"plan": plan.Data["plan"]}))
			approveAll(t, approvals)
			small(e, "answer", use(t, session, "apply_write", args{"plan": plan.Data["plan"]}))
		}
		if n := platform.called[e.FullName()] - before; n != 1 {
			t.Errorf("%s was called %d times", e.FullName(), n)
		}
	}
	t.Logf("%d of %d operations found, described and called", found, len(all))
}

// plainQuestions returns a question for each operation, by its name without a version.
func plainQuestions(t *testing.T) map[string]string {
	t.Helper()
	content, err := os.ReadFile("../internal/ask/testdata/every.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for line := range strings.Lines(string(content)) {
		if question, name, ok := strings.Cut(strings.TrimSpace(line), " = "); ok && !strings.HasPrefix(line, "#") {
			all[name] = question
		}
	}
	return all
}

func list(v any) []any {
	items, _ := v.([]any)
	return items
}

// example returns parameters with what an operation requires.
func example(op *catalog.Operation) args {
	params := args{}
	for _, fields := range [][]catalog.Field{op.Params, op.Body} {
		for _, f := range fields {
			if f.Required || f.In == "path" {
				params[f.Name] = value(&f)
			}
		}
	}
	if op.AssetCipher == catalog.RuleRequired {
		params["category_asset_cipher"] = "asset"
	}
	return params
}

func value(f *catalog.Field) any {
	switch f.Type {
	case catalog.Integer:
		return 1
	case catalog.Number:
		return 1.5
	case catalog.Boolean:
		return true
	case catalog.File:
		return args{"name": "a.png", "base64": "iVBORw0KGgo="}
	case catalog.Array:
		return []any{value(f.Items)}
	case catalog.Object:
		object := args{}
		for _, m := range f.Fields {
			if m.Required {
				object[m.Name] = value(&m)
			}
		}
		return object
	}
	if len(f.Enum) > 0 {
		return f.Enum[0]
	}
	return "1"
}

// approveAll is the person who approves what waits.
func approveAll(t *testing.T, approvals *mcp.Approvals) {
	t.Helper()
	waiting, err := approvals.List(now())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range waiting {
		if err := approvals.Decide(w, true); err != nil {
			t.Fatal(err)
		}
	}
}

// The tools for common questions answer about every shop, within their room.
func TestQuestionsOfEveryShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := client(t, everything(mcp.Fleet(w.fleet)), nil)
	for _, shop := range w.shops {
		for tool, a := range map[string]args{
			"find_orders": {}, "find_products": {}, "low_stock": {"at_most": 1000}, "find_returns": {"open": true},
			"settlement_summary": {"days": 90}, "shop_performance": {"days": 90},
		} {
			a["shop"] = shop.Code
			got := use(t, session, tool, a)
			if got.IsError && (tool != "settlement_summary" || shop.Region == "GB") {
				t.Errorf("%s in %s: %s", tool, shop.Region, got.Raw)
			}
			if n := tokensOf(t, got); n > answerRoom {
				t.Errorf("%s in %s takes %d tokens", tool, shop.Region, n)
			}
			if got.Data["sandbox"] != true || !strings.HasPrefix(got.Text, "[sandbox]") {
				t.Errorf("%s does not say that this is a sandbox: %s", tool, got.Raw)
			}
		}
	}
}

func TestResourcesAndPrompts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := client(t, mcp.Config{Platform: mcp.Fleet(w.fleet)}, nil)
	resources, err := session.ListResources(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	uris := []string{"ttshop://operation/order.GetOrderList", "ttshop://error/106001"}
	for _, r := range resources.Resources {
		uris = append(uris, r.URI)
	}
	for _, uri := range uris {
		r, err := session.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: uri})
		if err != nil || len(r.Contents) != 1 || len(r.Contents[0].Text) < 80 {
			t.Errorf("%s: %v %v", uri, r, err)
		}
	}
	for _, uri := range []string{"ttshop://operation/no.Such", "ttshop://error/x", "ttshop://guide/../risks", "ttshop://states/none"} {
		if _, err := session.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: uri}); err == nil {
			t.Errorf("%s was read", uri)
		}
	}
	prompts, err := session.ListPrompts(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(prompts.Prompts) != 3 {
		t.Errorf("%d prompts", len(prompts.Prompts))
	}
	for _, p := range prompts.Prompts {
		got, err := session.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: p.Name, Arguments: map[string]string{"product": "17", "shop": "GB"}})
		if err != nil {
			t.Error(err)
			continue
		}
		if text := fmt.Sprint(got.Messages[0].Content.(*sdk.TextContent).Text); !strings.Contains(text, `"GB"`) {
			t.Errorf("%s forgets the shop: %s", p.Name, text)
		}
	}
	if _, err := session.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: "why_not_live"}); err == nil {
		t.Error("a prompt without its argument was made")
	}
}

// What guides name is there.
func TestGuidesNameWhatThereIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := client(t, everything(mcp.Fleet(w.fleet)), nil)
	tools, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	known := new(catalog.Catalog)
	resources, err := session.ListResources(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range resources.Resources {
		if !strings.HasPrefix(r.URI, "ttshop://guide/") {
			continue
		}
		read, err := session.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: r.URI})
		if err != nil {
			t.Fatal(err)
		}
		for i, word := range strings.Split(read.Contents[0].Text, "`") {
			if i%2 == 0 || strings.ContainsAny(word, " :") {
				continue
			}
			_, isOperation := known.ByName(word)
			isTool := slices.ContainsFunc(tools.Tools, func(tool *sdk.Tool) bool { return tool.Name == word })
			if !isOperation && !isTool && (strings.Contains(word, ".") || strings.HasSuffix(word, "_write") || strings.HasPrefix(word, "find_")) {
				t.Errorf("%s names %s, which is not there", r.URI, word)
			}
		}
	}
}
