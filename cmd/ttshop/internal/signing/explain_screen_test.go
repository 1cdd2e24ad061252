package signing

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/screentest"
	"github.com/ttshop-go/ttshop/sign"
)

// TestExplainScreens holds what is shown of a request whose body was not signed, and
// of one that is right and refused.
func TestExplainScreens(t *testing.T) {
	t.Parallel()
	const (
		secret = "planted-secret"
		target = "/order/202309/orders/search?app_key=k&page_size=10&shop_cipher=TTP_abcdefghijklmnopqrstuvwxyz0123456789"
		body   = `{"order_status":"UNPAID","create_time_ge":1699000000,"create_time_lt":1699900000}`
	)
	now := time.Unix(1_700_000_000, 0)
	for _, columns := range screentest.Widths {
		for name, signed := range map[string]string{"wrong": "", "refused": body} {
			signature, err := sign.New(secret).SignURL(target, "application/json", []byte(signed), now.Add(-time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			var out, stderr bytes.Buffer
			sys := &console.System{
				In:  strings.NewReader("curl 'https://host" + SignedURL(target, signature) + "' -H 'content-type: application/json' -d '" + body + "'"),
				Out: &out, Err: &stderr, Now: func() time.Time { return now }, Terminal: console.Terminal{Columns: columns},
				Getenv: func(name string) string { return map[string]string{platform.EnvAppSecret: secret}[name] },
			}
			cmd := NewExplainCmd(platform.NewSession(sys))
			cmd.SetArgs([]string{})
			cmd.SilenceErrors, cmd.SilenceUsage = true, true
			if err := cmd.Execute(); console.ExitCode(err) != console.ExitRefused || stderr.Len() > 0 {
				t.Fatalf("%v: %s", err, &stderr)
			}
			const digest = len("expected  ") + sign.Size // which is never broken, so that it can be copied
			screentest.Golden(t, fmt.Sprintf("explain_%s_%d.txt", name, columns), max(min(columns, console.Width), digest), out.String())
		}
	}
}
