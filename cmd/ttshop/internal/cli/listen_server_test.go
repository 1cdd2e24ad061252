package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// natsServer is a NATS server with JetStream that some machines have.
const natsServer = "127.0.0.1:4222"

// inboxAtServer returns the address of an inbox of its own on the server, which
// goes with the test. CI has the server, a laptop need not.
func inboxAtServer(t *testing.T) string {
	t.Helper()
	conn, err := net.DialTimeout("tcp", natsServer, time.Second)
	switch {
	case err == nil:
		conn.Close()
	case os.Getenv("CI") == "true":
		t.Fatalf("CI needs a NATS server with JetStream at %s: %v", natsServer, err)
	default:
		t.Skipf("no NATS server at %s", natsServer)
	}
	prefix := "cli_" + rand.Text()
	t.Cleanup(func() { removeInbox(t, prefix) })
	return "nats://" + natsServer + "?prefix=" + prefix
}

func removeInbox(t *testing.T, prefix string) {
	conn, err := nats.Connect("nats://" + natsServer)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Error(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, name := range []string{prefix + "_events", prefix + "_dead", prefix + "_work", "KV_" + prefix + "_leases"} {
		if err := js.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			t.Errorf("removing %s: %v", name, err)
		}
	}
}

// Two listeners share an inbox on a server: what one received the other hands on,
// also when the one that does so is killed.
func TestListenersShareServer(t *testing.T) {
	t.Parallel()
	address := inboxAtServer(t)
	sb := launchSandbox(t)
	target := startTarget()
	defer target.Close()
	target.down.Store(true)
	args := []string{"--sandbox", sb.BaseURL, "--inbox", address, "--forward-to", target.URL + "/hook", "--first-wait", "100ms", "--redeliver", "1s"}
	first, _ := launchListener(t, hookEnv(t), args...)
	second, at := launchListener(t, hookEnv(t), args...)
	if !strings.Contains(at.Inbox, natsServer) {
		t.Errorf("the inbox is %s", at.Inbox)
	}
	got := run(t, map[string]string{platform.EnvEndpoint: sb.BaseURL}, "", "trigger", "1", "--set", "order_id=577000000000000002", "--json")
	if got.code != console.ExitOK || !strings.Contains(got.stdout, `"status":200`) {
		t.Fatalf("%+v; %s", got, second.text())
	}
	if err := says(second.out, `"object":"577000000000000002"`); err != nil { // it is registered since
		t.Fatal(err)
	}
	list := run(t, nil, "", "events", "list", "--inbox", address, "--json")
	if list.code != console.ExitOK || !strings.Contains(list.stdout, "577000000000000002") {
		t.Errorf("%+v", list)
	}
	if code, err := first.stop(syscall.SIGKILL); err != nil || code == console.ExitOK {
		t.Fatalf("code %d, %v", code, err)
	}
	target.down.Store(false)
	if !within(func() bool { return len(target.taken()) > 0 }) {
		t.Fatalf("the event is lost; %s", second.text())
	}
	if body := target.taken()[0]; !strings.Contains(body, "577000000000000002") {
		t.Errorf("%s", body)
	}
}
