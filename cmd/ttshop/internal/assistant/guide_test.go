package assistant

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/mcp"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
)

var update = flag.Bool("update", false, "write the questions in SQL of docs/mcp.md again")

// TestQuestionsOfTheGuide holds the questions in SQL that docs/mcp.md shows, and their
// answers, against a copy of the sandbox.
func TestQuestionsOfTheGuide(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC) }
	w := sandboxtest.StartWith(t, sandbox.Config{Seed: 1, Throttle: new(0.0), Now: now})
	path := filepath.Join(t.TempDir(), "shop.db")
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := sync.New(t.Context(), store, sync.Config{Streams: []string{"orders"}, Budget: -1, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	shop := w.ShopID("GB")
	report, err := e.Sync(t.Context(), sync.Shop{ID: shop, Region: "GB"}, w.Shop("GB"))
	if err != nil || report.Err() != nil {
		t.Fatal(err, report.Err())
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	db, closeDB, err := openDatabase(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := closeDB(); err != nil {
			t.Error(err)
		}
	})
	server, err := mcp.New(mcp.Config{Platform: struct{ mcp.Platform }{}, Database: db, Sandbox: true, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	near, far := sdk.NewInMemoryTransports()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx, far) }()
	t.Cleanup(func() { cancel(); <-done })
	client, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(ctx, near, nil)
	if err != nil {
		t.Fatal(err)
	}

	var b strings.Builder
	for _, arguments := range []string{
		`{"sql":"select status, count(*) as orders, round(sum(cast(payment_total_amount as numeric)), 2) as paid, payment_currency as currency from orders group by status, payment_currency order by orders desc limit 3"}`,
		`{"sql":"delete from orders"}`,
	} {
		got, err := client.CallTool(ctx, &sdk.CallToolParams{Name: "query", Arguments: json.RawMessage(arguments)})
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(got.StructuredContent)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "> query %s\n%s\n%s\n\n", arguments, got.Content[0].(*sdk.TextContent).Text, data)
	}
	held := strings.TrimRight(b.String(), "\n") + "\n"

	guide := filepath.Join("..", "..", "..", "..", "docs", "mcp.md")
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "```query\n", "```\n"
	head, rest, ok := strings.Cut(string(text), begin)
	old, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no questions in SQL", guide)
	}
	if old == held {
		return
	}
	if !*update {
		t.Fatalf("the questions of %s are answered otherwise; go test ./cmd/ttshop/internal/assistant -run Questions -update writes them:\n%s", guide, held)
	}
	if err := os.WriteFile(guide, []byte(head+begin+held+end+tail), 0o600); err != nil {
		t.Fatal(err)
	}
}
