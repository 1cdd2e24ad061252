package local

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/screentest"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/signing"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sign"
)

var logNow = time.Date(2026, 11, 28, 9, 41, 0, 0, time.UTC)

// logged sends requests of all kinds to a sandbox that logs, and returns the log
// and what must not be in it.
func logged(t *testing.T, o sandboxOptions, columns int) (log string, secrets []string) {
	t.Helper()
	var out bytes.Buffer
	sys := platform.NewSession(&console.System{Out: &out, Terminal: console.Terminal{Columns: columns}})
	told, err := o.log(sys)
	if err != nil {
		t.Fatal(err)
	}
	sb, err := sandbox.New(sandbox.Config{
		Seed: 7, AppKey: "logapp", AppSecret: "planted-secret", Now: func() time.Time { return logNow }, Explain: signing.ExplainRefused,
		Answered: func(a sandbox.Answered) {
			a.Duration = 1300 * time.Microsecond
			if told != nil {
				told(a)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sb.Close() })
	c := sb.Credentials()
	send := func(method, path, body, signed string) {
		url, err := sign.New(c.AppSecret).SignURL(path+"app_key=logapp", "application/json", []byte(signed), logNow)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(method, signing.SignedURL(path+"app_key=logapp", url), strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Tts-Access-Token", c.AccessToken)
		sb.ServeHTTP(httptest.NewRecorder(), r)
	}
	cipher := "shop_cipher=" + c.Shops[0].Cipher + "&"
	send("GET", "/authorization/202309/shops?", "", "")
	send("POST", "/order/202309/orders/search?page_size=2&"+cipher, `{"order_status":"UNPAID"}`, `{"order_status":"UNPAID"}`)
	send("POST", "/order/202309/orders/search?page_size=2&"+cipher, `{"order_status":"UNPAID"}`, "")
	send("POST", "/order/202309/orders/search?page_size=2&", "", "")
	send("POST", "/order/202309/orders/search?page_size=2&"+cipher, `{"order_status":"SENT"}`, `{"order_status":"SENT"}`)
	send("GET", "/order/202309/nothing-of-this-name-is-there-and-it-is-long?", "", "")
	sb.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/_sandbox/health", http.NoBody))
	return out.String(), []string{c.AppSecret, c.AccessToken, c.Shops[0].Cipher}
}

func TestRequestLogScreens(t *testing.T) {
	t.Parallel()
	for _, columns := range screentest.Widths {
		log, secrets := logged(t, sandboxOptions{}, columns)
		screentest.Golden(t, fmt.Sprintf("sandbox_log_%d.txt", columns), columns, log)
		for i, secret := range secrets {
			if strings.Contains(log, secret) {
				t.Errorf("secret %d is shown", i)
			}
		}
	}
}

func TestRequestLogJSON(t *testing.T) {
	t.Parallel()
	log, _ := logged(t, sandboxOptions{JSON: true, Log: logJSON}, 0)
	lines := strings.Split(strings.TrimSpace(log), "\n")
	if len(lines) != 6 {
		t.Fatalf("%d lines: %s", len(lines), log)
	}
	var third struct {
		Status, Code int
		Explanation  string
	}
	if err := json.Unmarshal([]byte(lines[2]), &third); err != nil || third.Code != 106001 || !strings.Contains(third.Explanation, "body") {
		t.Errorf("%s: %v", lines[2], err)
	}
}

func TestQuietLog(t *testing.T) {
	t.Parallel()
	for _, o := range []sandboxOptions{{Quiet: true}, {JSON: true}, {Log: logNone}, {Quiet: true, Log: logNone}} {
		if log, _ := logged(t, o, 80); log != "" {
			t.Errorf("%+v: %s", o, log)
		}
	}
	for _, o := range []sandboxOptions{{Log: "xml"}, {Quiet: true, Log: logText}} {
		if _, err := o.log(platform.NewSession(&console.System{})); console.ExitCode(err) != console.ExitUsage {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
