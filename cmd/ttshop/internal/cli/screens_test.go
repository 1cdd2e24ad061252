package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/screentest"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// prose are the screens of names and sentences: they are laid out for 80 columns, and
// a narrower terminal breaks their lines.
var prose = []string{"error", "ops_describe", "ops_search", "shops"}

// TestScreens keeps what people see most, as wide as their terminals are. Run with
// -update after a change that is meant, and look at the difference.
func TestScreens(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return testNow }
	server, err := sandboxtest.Open(sandbox.Config{Seed: 1, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	env := map[string]string{
		"TTSHOP_ENDPOINT": server.URL, "TTSHOP_APP_KEY": server.Credentials.AppKey, "TTSHOP_APP_SECRET": server.Credentials.AppSecret,
		"TTSHOP_ACCESS_TOKEN": server.Credentials.AccessToken, "TTSHOP_SHOP_CIPHER": server.Credentials.Shops[0].Cipher,
	}
	found, err := order.New(server.NewClient(server.Credentials.AccessToken).Shop(server.Credentials.Shops[0].Cipher)).Search(t.Context(), &order.SearchParams{PageSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"orders_list":  {"orders", "list", "--limit", "5"},
		"orders_get":   {"orders", "get", found.Orders[0].ID},
		"products":     {"products", "search", "--limit", "5"},
		"shops":        {"shops"},
		"warehouses":   {"logistics", "get-warehouse-list"},
		"statements":   {"finance", "get-statements", "--sort-field", "statement_time", "--limit", "5"},
		"ops_list":     {"ops", "list", "order"},
		"ops_search":   {"ops", "search", "ship", "order"},
		"ops_describe": {"ops", "describe", "order.GetOrderList"},
		"errors":       {"errors", "throttled"},
		"error":        {"errors", "36009004"},
	} {
		for _, columns := range screentest.Widths {
			if columns < console.Width && slices.Contains(prose, name) {
				continue
			}
			t.Run(fmt.Sprintf("%s_%d", name, columns), func(t *testing.T) {
				t.Parallel()
				var out, errOut bytes.Buffer
				sys := &console.System{
					In: strings.NewReader(""), Out: &out, Err: &errOut, Now: now,
					Getenv:   func(name string) string { return env[name] },
					Terminal: console.Terminal{Columns: columns},
				}
				if code := Run(t.Context(), sys, args); code != console.ExitOK {
					t.Fatalf("exit code %d: %s", code, &errOut)
				}
				screentest.Golden(t, fmt.Sprintf("%s_%d.txt", name, columns), columns, out.String())
			})
		}
	}
}
