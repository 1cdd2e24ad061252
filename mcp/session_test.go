package mcp_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/mcp"
)

var update = flag.Bool("update", false, "write the session of docs/mcp.md again")

// TestSessionOfTheGuide holds the session that docs/mcp.md shows against the sandbox.
// What is random in it, plans, codes and cursors, is shortened.
func TestSessionOfTheGuide(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	w := newWorldBehind(t, func(h http.Handler) http.Handler { return h }, now)
	approvals, err := mcp.OpenApprovals(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	session := client(t, mcp.Config{Platform: mcp.Fleet(w.fleet), AllowWrites: true, Approvals: approvals, Sandbox: true, Now: now}, nil)
	var b strings.Builder
	random := regexp.MustCompile(`plan_[A-Z2-7]{26}|approve [A-Z2-7]{4}-[A-Z2-7]{4}|"next_cursor":"[^"]*"`)
	say := func(tool string, a args) answer {
		question, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		got := use(t, session, tool, a)
		data, err := json.Marshal(got.Data)
		if err != nil {
			t.Fatal(err)
		}
		exchange := fmt.Sprintf("> %s %s\n%s\n%s\n\n", tool, question, got.Text, data)
		b.WriteString(random.ReplaceAllStringFunc(exchange, func(s string) string {
			switch {
			case strings.HasPrefix(s, "plan_"):
				return "plan_…"
			case strings.HasPrefix(s, "approve "):
				return "approve K7Q2-M4XD"
			}
			return `"next_cursor":"…"`
		}))
		return got
	}
	gb := "GBCBQ91BQY"
	say("search_operations", args{"question": "Hide a product from buyers", "limit": 2})
	say("find_orders", args{"shop": gb, "due": "today", "limit": 2})
	products := say("find_products", args{"shop": gb, "status": "ACTIVATE", "limit": 1})
	id := list(products.Data["products"])[0].(map[string]any)["id"]
	plan := say("plan_write", args{"operation": "product.DeactivateProducts", "shop": gb, "params": args{"product_ids": []any{id}}})
	say("apply_write", args{"plan": plan.Data["plan"]})
	waiting, err := approvals.List(at)
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	if err := approvals.Decide(waiting[0], true); err != nil {
		t.Fatal(err)
	}
	b.WriteString("(a person runs the command, reads the request and types yes)\n\n")
	say("apply_write", args{"plan": plan.Data["plan"]})

	guide := filepath.Join("..", "docs", "mcp.md")
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "```session\n", "```\n"
	head, rest, ok := strings.Cut(string(text), begin)
	old, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no session", guide)
	}
	// Request ids and mask numbers are those of the sandbox; they are the same each time.
	held := strings.TrimRight(regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAllString(b.String(), `"request_id":"…"`), "\n") + "\n"
	if old == held {
		return
	}
	if !*update {
		t.Fatalf("the session of %s is another one; go test ./mcp -run Session -update writes it:\n%s", guide, held)
	}
	if err := os.WriteFile(guide, []byte(head+begin+held+end+tail), 0o600); err != nil {
		t.Fatal(err)
	}
}
