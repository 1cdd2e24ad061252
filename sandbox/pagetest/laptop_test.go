package pagetest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestLaptop is the guide to webhooks as a person follows it: sandbox and
// listener started by hand, an order moved on the page, and the program behind
// the listener hears of it.
func TestLaptop(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	command := filepath.Join(folder, "ttshop")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", folder, "github.com/ttshop-go/ttshop/cmd/ttshop", "github.com/ttshop-go/ttshop/webhook/inbox/cmd/ttshop-inbox")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the command: %v\n%s", err, out)
	}
	arrived := make(chan webhook, 64)
	program := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var w webhook
		if err == nil && json.Unmarshal(body, &w) == nil {
			arrived <- w
		}
	}))
	t.Cleanup(program.Close)

	var sandbox struct {
		Address string `json:"base_url"`
	}
	run(t, command, &sandbox, "sandbox", "--listen", "127.0.0.1:0", "--json")
	var listener struct{ Registered string }
	run(t, command, &listener, "listen", "--sandbox", sandbox.Address, "--addr", "127.0.0.1:0", "--print", "json", "--forward-to", program.URL)

	p := open(t, sandbox.Address)
	p.visit("/_sandbox/")
	p.click(`a[href="/_sandbox/ui/orders"]`)
	p.says("AWAITING_COLLECTION")
	p.visit("/_sandbox/ui/orders?status=AWAITING_COLLECTION")
	order := value[string](p, `document.querySelector("#rows a").innerText`)
	p.run(chromedp.Evaluate[chromedp.Void](`document.querySelector("#rows a").click()`))
	p.click("#to-IN_TRANSIT")
	p.says("The order has moved on.")
	for {
		if w := receive(t, arrived); w.Type == 1 && w.Data.OrderID == order {
			if w.Data.Status != "IN_TRANSIT" {
				t.Errorf("the program hears %s", w.Data.Status)
			}
			return
		}
	}
}

// run starts the command with a home of its own, until the test is over. It
// returns when the command is ready, with what its first line says in v.
func run(t *testing.T, command string, v any, args ...string) {
	t.Helper()
	home := t.TempDir()
	// Each is ended by its own cleanup: the listener before its sandbox.
	ctx, end := context.WithCancel(context.WithoutCancel(t.Context()))
	c := exec.CommandContext(ctx, command, args...)
	c.Env = append(os.Environ(), "HOME="+home, "TTSHOP_CONFIG="+filepath.Join(home, "config.json"), "TTSHOP_INBOX="+filepath.Join(home, "inbox"))
	var said bytes.Buffer
	c.Stderr = &said
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = patience
	stdout, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		end()
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	first, err := lines.ReadBytes('\n')
	var rest sync.WaitGroup
	rest.Go(func() { _, _ = io.Copy(io.Discard, lines) }) // ends with the command
	t.Cleanup(func() {
		end()
		rest.Wait()
		if err := c.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("ttshop %s: %v\n%s", args[0], err, said.String())
		}
	})
	if err == nil {
		err = json.Unmarshal(first, v)
	}
	if err != nil {
		t.Fatalf("ttshop %s: %v: %s", args[0], err, first)
	}
}
