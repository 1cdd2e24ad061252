package cli

import (
	"encoding/json"
	"net"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// listForms are the flags that a list of orders is printed by.
func listForms() []string {
	return []string{
		"", "--json", "--limit 5", "--limit 5 --json", "--all", "--all --json", "--all --ndjson", "--all --table",
		"--all --columns id", "--all --jq length", "--all --template {{len\u00a0.}}",
		"--all --ndjson --parallel 2 --create-time-ge -30d", "--all --parallel 2 --create-time-ge -30d",
	}
}

func orderList(flags string) []string {
	args := []string{"order", "get-order-list"}
	for flag := range strings.FieldsSeq(strings.ReplaceAll(flags, "\u00a0", "\x00")) {
		args = append(args, strings.ReplaceAll(flag, "\x00", " "))
	}
	return args
}

func TestFailureIsNotAnEmptyList(t *testing.T) {
	t.Parallel()
	for _, flags := range listForms() {
		t.Run(flags, func(t *testing.T) {
			t.Parallel()
			list := &listing{items: "orders", pages: 1, refused: 1}
			got := run(t, list.start(t), "", orderList(flags)...)
			if got.code != console.ExitRefused || got.stdout != "" {
				t.Errorf("exit code %d, stdout %q", got.code, got.stdout)
			}
			if strings.Contains(got.err, "There are no") || !strings.Contains(got.err, "no permission") {
				t.Errorf("stderr %q", got.err)
			}
		})
	}
}

func TestBrokenOffList(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"--all --json":                    `["1-0","1-1"]`,
		"--all":                           `["1-0","1-1"]`,
		"--limit 3 --json":                `["1-0","1-1"]`,
		"--all --ndjson --jq .id":         "1-0\n1-1\n",
		"--all --jq map(.id)":             `["1-0","1-1"]` + "\n",
		"--all --columns id":              "id\n1-0\n1-1\n",
		"--all --template {{len\u00a0.}}": "2\n",
	} {
		t.Run(flags, func(t *testing.T) {
			t.Parallel()
			list := &listing{items: "orders", pages: 3, size: 2, refused: 2}
			got := run(t, list.start(t), "", orderList(flags)...)
			out := got.stdout
			if want[0] == '[' && !strings.HasSuffix(want, "\n") {
				printed, err := json.Marshal(ids(t, out))
				if err != nil {
					t.Fatal(err)
				}
				out = string(printed)
			}
			if got.code != console.ExitRefused || out != want {
				t.Errorf("exit code %d, stdout %q, want %q", got.code, out, want)
			}
			said := "the list is incomplete, it ends after 2 of 6 orders: "
			if strings.Contains(flags, "--json") {
				said = `"incomplete_after":2`
			}
			if !strings.Contains(got.err, said) || !strings.Contains(got.err, "no permission") {
				t.Errorf("stderr %q", got.err)
			}
		})
	}
}

// TestClosedPort counts tries rather than time: a command that tries once ends as
// soon as the connection is refused.
func TestClosedPort(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	closed, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		platform.EnvEndpoint: "http://" + address, platform.EnvAppKey: "k", platform.EnvAppSecret: "s",
		platform.EnvAccessToken: "t", platform.EnvRefreshToken: "r", platform.EnvAuthCode: "a", platform.EnvShopCipher: "c",
	}
	calls := []string{
		"order get-order-list", "order get-order-list --all", "order get-order-list --all --ndjson --parallel 3 --create-time-ge -30d",
		"product activate-product --product-ids 1 --yes", "call GET /authorization/202309/shops", "shops", "webhooks list",
		"webhooks set order-status-change http://127.0.0.1:1/x --yes", "webhooks delete order-status-change --yes", "events reconcile --inbox " + t.TempDir(),
	}
	for _, call := range calls {
		got := run(t, env, "", append(strings.Fields(call), "--trace", "-")...)
		if got.code != console.ExitFailed || got.stdout != "" || !strings.Contains(got.err, `"msg":"try begins"`) || strings.Contains(got.err, `"try":2`) {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", call, got.code, got.stdout, got.err)
		}
		if !strings.Contains(got.err, "Nothing listens at "+address) {
			t.Errorf("%s: %q", call, got.err)
		}
	}
	for _, other := range []string{
		"trigger ORDER_STATUS_CHANGE", "listen --sandbox", "events list --sandbox", "doctor", "status", "token refresh", "token exchange",
	} {
		got := run(t, env, "", strings.Fields(other)...)
		if other != "status" && (got.code == console.ExitOK || !strings.Contains(got.stdout+got.err, "connection refused")) {
			t.Errorf("%s: exit code %d, %q, %q", other, got.code, got.stdout, got.err)
		}
	}
}
