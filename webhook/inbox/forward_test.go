package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/inbox"
)

func TestForward(t *testing.T) {
	t.Parallel()
	app, err := webhook.NewApp("k", "s3cr3t")
	if err != nil {
		t.Fatal(err)
	}
	status := 204
	var header http.Header
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(status)
	}))
	defer server.Close()
	e := order(t, "1", event.OrderStatusUnpaid, 1)
	e.Meta.Attempt, e.Meta.Reconciled, e.Meta.Replayed = 3, true, true
	f, err := inbox.Forward(server.URL+"/hook?token=hidden", inbox.ForwardOptions{App: app})
	if err != nil {
		t.Fatal(err)
	}
	if err := f(t.Context(), e); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(body, e.Meta.Raw) || header.Get("Content-Type") != "application/json" || header.Get(inbox.HeaderKey) != e.Meta.Key ||
		header.Get(inbox.HeaderAttempt) != "3" || header.Get(inbox.HeaderReconciled) != "1" || header.Get(inbox.HeaderReplayed) != "1" {
		t.Errorf("sent %s with %v", body, header)
	}
	if _, err := webhook.NewHandler(app).Verify(header.Get("Authorization"), body); err != nil {
		t.Errorf("the receiver refuses it: %v", err)
	}
	for _, code := range []int{302, 401, 500} {
		status = code
		if err := f(t.Context(), e); err == nil || !strings.Contains(err.Error(), fmt.Sprint(code)) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("status %d: %v", code, err)
		}
	}
	server.Close()
	if err := f(t.Context(), e); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("without a receiver: %v", err)
	}
	for _, target := range []string{"", "localhost:80", "ftp://x", "http://"} {
		if _, err := inbox.Forward(target, inbox.ForwardOptions{}); err == nil {
			t.Errorf("Forward(%q): no error", target)
		}
	}
}

// A command does not get the secrets of ours that the process has, unless it is
// given them.
func TestExecEnvironment(t *testing.T) {
	const name = "TTSHOP_APP_SECRET"
	t.Setenv(name, "planted")
	t.Setenv("OTHER", "passed")
	e := order(t, "5766536881352581781", event.OrderStatusUnpaid, 1)
	for want, env := range map[string][]string{
		"[][passed][ORDER_STATUS_CHANGE]": nil,
		"[given][][ORDER_STATUS_CHANGE]":  {"PATH=" + os.Getenv("PATH"), name + "=given"},
	} {
		var out bytes.Buffer
		f, err := inbox.Exec([]string{"sh", "-c", `echo "[$TTSHOP_APP_SECRET][$OTHER][$TTSHOP_EVENT_NAME]"`}, inbox.ExecOptions{Out: &out, Env: env})
		if err != nil {
			t.Skip(err) // no shell here
		}
		if err := f(t.Context(), e); err != nil || strings.TrimSpace(out.String()) != want {
			t.Errorf("got %s, %v; want %s", out.String(), err, want)
		}
	}
}

func TestExec(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell here")
	}
	e := order(t, "5766536881352581781", event.OrderStatusUnpaid, 1)
	e.Meta.Attempt, e.Meta.Reconciled = 2, true
	run := func(ctx context.Context, script string) (string, error) {
		t.Helper()
		var out bytes.Buffer
		f, err := inbox.Exec([]string{"sh", "-c", script}, inbox.ExecOptions{Out: &out})
		if err != nil {
			t.Fatal(err)
		}
		err = f(ctx, e)
		return out.String(), err
	}
	out, err := run(t.Context(), `cat; echo; echo $TTSHOP_EVENT_TYPE $TTSHOP_EVENT_NAME $TTSHOP_EVENT_KEY $TTSHOP_EVENT_ACCOUNT $TTSHOP_EVENT_OBJECT $TTSHOP_EVENT_ATTEMPT $TTSHOP_EVENT_RECONCILED "[$TTSHOP_EVENT_REPLAYED]"`)
	want := fmt.Sprintf("%s\n1 ORDER_STATUS_CHANGE %s %s 5766536881352581781 2 1 []\n", e.Meta.Raw, e.Meta.Key, e.ShopID)
	if err != nil || out != want {
		t.Errorf("got %q, %v; want %q", out, err, want)
	}
	if _, err := run(t.Context(), `echo one >&2; echo "it cannot be done" >&2; exit 3`); err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.HasSuffix(err.Error(), "it cannot be done") {
		t.Errorf("a command that fails: %v", err)
	}
	if _, err := run(t.Context(), `i=0; while [ $i -lt 300 ]; do echo 0123456789 >&2; i=$((i+1)); done; exit 1`); err == nil || len(err.Error()) > 1200 {
		t.Errorf("a command that says a lot: %d bytes of error", len(err.Error()))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := run(ctx, "exec sleep 60"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a command that hangs: %v", err)
	}
	for _, command := range [][]string{nil, {"no such command"}} {
		if _, err := inbox.Exec(command, inbox.ExecOptions{}); err == nil {
			t.Errorf("Exec(%q): no error", command)
		}
	}
}
