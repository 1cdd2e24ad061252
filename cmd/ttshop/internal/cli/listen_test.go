package cli

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/webhook"
)

// runningSandbox is a sandbox in a process of its own, as a user starts it.
type runningSandbox struct {
	sandbox.Credentials
	*program
}

func launchSandbox(t *testing.T) runningSandbox {
	t.Helper()
	p := launch(t, hookEnv(t), "sandbox", "--listen", "127.0.0.1:0", "--json")
	var c sandbox.Credentials
	if err := json.Unmarshal(p.firstLine(t), &c); err != nil {
		t.Fatal(err)
	}
	return runningSandbox{c, p}
}

// readyOrder returns an order that waits for its shipment.
func (s runningSandbox) readyOrder(t *testing.T) string {
	t.Helper()
	client := ttshop.New(s.AppKey, s.AppSecret, ttshop.WithEndpoint(s.BaseURL), ttshop.WithTokenSource(ttshop.StaticToken(s.AccessToken))).Shop(s.Shops[0].Cipher)
	response, err := client.Call(t.Context(), "POST", "/order/202309/orders/search", url.Values{"page_size": {"1"}}, map[string]string{"order_status": "AWAITING_SHIPMENT"})
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Orders []struct {
			ID string `json:"id"`
		} `json:"orders"`
	}
	if err := response.Decode(&page); err != nil || len(page.Orders) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	return page.Orders[0].ID
}

// listening is the first line of ttshop listen --print json.
type listening struct {
	Listening, Registered, Inbox string
}

func launchListener(t *testing.T, env []string, args ...string) (*program, listening) {
	t.Helper()
	p := launch(t, env, append([]string{"listen", "--addr", "127.0.0.1:0", "--print", "json"}, args...)...)
	var at listening
	if err := json.Unmarshal(p.firstLine(t), &at); err != nil || at.Listening == "" {
		t.Fatalf("%v; %s", err, p.text())
	}
	return p, at
}

// TestOrderMovesToTarget is the first thing that an integrator tries: a sandbox
// and a listener as they are started by hand, an order that moves, and a program
// that learns of it.
func TestOrderMovesToTarget(t *testing.T) {
	t.Parallel()
	sb := launchSandbox(t)
	target := startTarget()
	defer target.Close()
	p, at := launchListener(t, hookEnv(t), "--sandbox", sb.BaseURL, "--forward-to", target.URL+"/hook")
	if !strings.Contains(at.Registered, sb.BaseURL) {
		t.Errorf("registered %q", at.Registered)
	}
	order := sb.readyOrder(t)
	began := time.Now()
	if err := post(t.Context(), sb.BaseURL+"/_sandbox/orders/"+order+"/move", `{"to":"DELIVERED"}`); err != nil {
		t.Fatal(err)
	}
	// The order of deliveries is nobody's promise; that each comes is.
	arrived := func(status string) bool {
		for _, body := range target.taken() {
			if strings.Contains(body, order) && strings.Contains(body, `"`+status+`"`) {
				return true
			}
		}
		return false
	}
	for _, status := range []string{"DELIVERED", "IN_TRANSIT", "AWAITING_COLLECTION"} {
		if !within(func() bool { return arrived(status) }) {
			t.Fatalf("the target never learns of %s: %s; %s", status, target.taken(), p.text())
		}
		t.Logf("%s at the target %v after the move", status, time.Since(began))
	}
	app, err := webhook.NewApp(sb.AppKey, sb.AppSecret)
	if err != nil {
		t.Fatal(err)
	}
	receiver := webhook.NewHandler(app)
	target.mu.Lock()
	for i, body := range target.bodies {
		if _, err := receiver.Verify(target.heads[i].Get("Authorization"), []byte(body)); err != nil {
			t.Errorf("what is forwarded is not signed as the platform does: %v", err)
		}
	}
	target.mu.Unlock()
	if err := says(p.out, `"topic":"ORDER_STATUS_CHANGE".*"object":"`+order+`".*DELIVERED`); err != nil {
		t.Error(err)
	}
	// The address that it set is taken back, and a running listener is no longer.
	if code, err := p.stop(os.Interrupt); err != nil || code != console.ExitOK {
		t.Errorf("code %d, %v; %s", code, err, p.text())
	}
	response, err := http.Get(sb.BaseURL + "/_sandbox/webhooks")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var addresses struct{ App struct{ Address string } }
	if err := json.NewDecoder(response.Body).Decode(&addresses); err != nil || addresses.App.Address != "" {
		t.Errorf("left behind: %+v, %v", addresses, err)
	}
}

// TestListenSurvivesKill kills the listener between its answer and the work, and
// starts it again.
func TestListenSurvivesKill(t *testing.T) {
	t.Parallel()
	sb := launchSandbox(t)
	target := startTarget()
	defer target.Close()
	target.down.Store(true)
	env := hookEnv(t)
	args := []string{"--sandbox", sb.BaseURL, "--forward-to", target.URL + "/hook", "--first-wait", "1s", "--redeliver", "1s"}
	p, _ := launchListener(t, env, args...)
	raise := func() {
		t.Helper()
		got := run(t, map[string]string{platform.EnvEndpoint: sb.BaseURL}, "", "trigger", "1", "--set", "order_id=577000000000000001", "--json")
		if got.code != console.ExitOK || !strings.Contains(got.stdout, `"status":200`) {
			t.Fatalf("%+v; %s", got, p.text())
		}
	}
	raise()
	if code, err := p.stop(syscall.SIGKILL); err != nil || code == console.ExitOK {
		t.Fatalf("code %d, %v", code, err)
	}
	if n := len(target.taken()); n != 0 {
		t.Fatalf("the target took %d before it was up", n)
	}
	target.down.Store(false)
	p, _ = launchListener(t, env, args...)
	if !within(func() bool { return len(target.taken()) > 0 }) {
		t.Fatalf("the event is lost; %s", p.text())
	}
	if body := target.taken()[0]; !strings.Contains(body, "577000000000000001") {
		t.Errorf("%s", body)
	}
}

// TestListenPath checks what a request to another path is told.
func TestListenPath(t *testing.T) {
	t.Parallel()
	sb := launchSandbox(t)
	p, at := launchListener(t, hookEnv(t), "--sandbox", sb.BaseURL, "--path", "/here")
	if !strings.HasSuffix(at.Listening, "/here") {
		t.Errorf("listening at %s", at.Listening)
	}
	// The first stray request is told, the later ones are counted.
	for _, tt := range []struct {
		path string
		want int
	}{{"/there", http.StatusNotFound}, {"/", http.StatusNotFound}, {"/here", http.StatusMethodNotAllowed}} {
		path, want := tt.path, tt.want
		answer, err := http.Get(strings.TrimSuffix(at.Listening, "/here") + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, answer.Status, want)
		}
	}
	if err := says(p.errOut, "a request to /there; deliveries are accepted at /here"); err != nil {
		t.Error(err)
	}
}
