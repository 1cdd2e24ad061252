package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/internal/faultkit/crowd"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// launchAppListener starts a listener for an app of its own, in a process that
// may open as many files as told.
func launchAppListener(t *testing.T, files int, flags ...string) (p *program, app webhook.App, at listening) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the limit on open files is a matter of unix")
	}
	const key, secret = "strangers", "s3cr3t-of-the-app"
	app, err := webhook.NewApp(key, secret)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	line := fmt.Sprintf(`ulimit -n %d && exec ttshop "$@"`, files)
	args := append([]string{"sh", "-c", line, "sh", "listen", "--print", "json", "--inbox", filepath.Join(folder, "inbox")}, flags...)
	p, err = startProgram(folder, "ttshop", append(hookEnv(t), platform.EnvAppKey+"="+key, platform.EnvAppSecret+"="+secret), args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	if err := json.Unmarshal(p.firstLine(t), &at); err != nil || at.Listening == "" {
		t.Fatalf("%v; %s", err, p.text())
	}
	return p, app, at
}

// deliverAlone sends a genuine delivery over a connection of its own.
func deliverAlone(ctx context.Context, app webhook.App, address string) (time.Duration, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	r, err := webhooktest.Request(ctx, app, address, webhooktest.Sample(event.TypeOrderStatusChange, time.Now()))
	if err != nil {
		return 0, err
	}
	began := time.Now()
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("answered %s", answer.Status)
	}
	return time.Since(began), nil
}

// residentBytes is the memory that a process holds; 0 where that is not known.
func residentBytes(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, _ := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kilobytes * 1024
		}
	}
	return 0
}

// More strangers than the process may open files do not shut a listener out: it
// takes real deliveries, in time, and says little.
func TestListenAmongStrangers(t *testing.T) {
	t.Parallel()
	strangers, deliveries := 1100, 20
	if os.Getenv("TTSHOP_LONG_TESTS") == "1" {
		strangers, deliveries = 3000, 300
	}
	p, app, at := launchAppListener(t, 1024, "--addr", "127.0.0.1:0")
	u, err := url.Parse(at.Listening)
	if err != nil {
		t.Fatal(err)
	}
	quiet := residentBytes(p.cmd.Process.Pid)
	plausible := strings.Repeat("0a", 32)
	announced := "Host: x\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n"
	all := 0
	for hello, n := range map[string]int{
		"": strangers / 5, "POST /webhook HTTP/1.1\r\n": strangers / 5,
		"POST /webhook HTTP/1.1\r\nAuthorization: " + plausible + "\r\n" + announced + "\r\n{": strangers / 5,
		"PUT /webhook HTTP/1.1\r\n" + announced + "\r\n":                                       strangers,
		"GET /other HTTP/1.1\r\nHost: x\r\n\r\n":                                               strangers / 5,
	} {
		crowd.New(t, u.Host, n, crowd.Options{Hello: hello, Again: 5 * time.Second})
		all += n
	}
	var took []time.Duration
	for i := range deliveries {
		d, err := deliverAlone(t.Context(), app, at.Listening)
		if err != nil {
			t.Fatalf("delivery %d among %d strangers: %v; %s", i, all, err, p.text())
		}
		took = append(took, d)
	}
	slices.Sort(took)
	held := residentBytes(p.cmd.Process.Pid)
	messages, err := os.ReadFile(p.errOut)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Count(string(messages), "\n")
	t.Logf("%d strangers, 1024 files: %d deliveries, median %v, slowest %v; the process holds %d MB (%d before) and wrote %d lines",
		all, len(took), took[len(took)/2], took[len(took)-1], held>>20, quiet>>20, lines)
	if took[len(took)/2] > time.Second {
		t.Errorf("half of the deliveries took longer than %v", took[len(took)/2])
	}
	if held-quiet > 150<<20 {
		t.Errorf("%d MB more than before", (held-quiet)>>20)
	}
	if lines > 100 || !strings.Contains(string(messages), "a silent connection was dropped") || strings.Contains(string(messages), "too many open files") {
		t.Errorf("%d lines:\n%.3000s", lines, messages)
	}
}

// An address that other machines reach is told to be one, and what a request
// there gets is what it gets here.
func TestListenOnAllAddresses(t *testing.T) {
	t.Parallel()
	p, app, at := launchAppListener(t, 1024, "--addr", "0.0.0.0:0")
	if !strings.HasPrefix(at.Listening, "http://127.0.0.1:") {
		t.Errorf("listening at %s", at.Listening)
	}
	if err := says(p.errOut, "other machines can reach this address"); err != nil {
		t.Error(err)
	}
	u, err := url.Parse(at.Listening)
	if err != nil {
		t.Fatal(err)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		network, ok := a.(*net.IPNet)
		if !ok || network.IP.To4() == nil {
			continue
		}
		base := "http://" + net.JoinHostPort(network.IP.String(), u.Port())
		if _, err := deliverAlone(t.Context(), app, base+"/webhook"); err != nil {
			t.Errorf("%s: %v", base, err)
		}
		for _, path := range []string{"/", "/_sandbox/", "/debug/pprof/", "/metrics", "/healthz", "/webhook/more"} {
			answer, err := http.Get(base + path)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil || answer.StatusCode != http.StatusNotFound || len(body) > 100 {
				t.Errorf("%s%s: %s, %.200q, %v", base, path, answer.Status, body, err)
			}
		}
	}
}

// A sandbox that other machines reach says what they can do there.
func TestSandboxOnAllAddresses(t *testing.T) {
	t.Parallel()
	for listen, warned := range map[string]bool{"0.0.0.0:0": true, "127.0.0.1:0": false, "localhost:0": false} {
		p := launch(t, hookEnv(t), "sandbox", "--listen", listen, "--json")
		p.firstLine(t)
		if got := within(func() bool {
			messages, err := os.ReadFile(p.errOut)
			return err == nil && strings.Contains(string(messages), "other machines can reach this sandbox") == warned
		}); !got {
			t.Errorf("--listen %s: %s", listen, p.text())
		}
	}
}
