package docs_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// sandboxEnv returns an environment that names another sandbox, with a home
// folder of its own.
func sandboxEnv(t *testing.T, env []string, server *sandboxtest.Server) []string {
	c := server.Credentials
	return append(env[:len(env):len(env)], "HOME="+t.TempDir(),
		"TTSHOP_ENDPOINT="+server.URL, "TTSHOP_APP_KEY="+c.AppKey, "TTSHOP_APP_SECRET="+c.AppSecret,
		"TTSHOP_ACCESS_TOKEN="+c.AccessToken, "TTSHOP_SHOP_CIPHER="+c.Shops[0].Cipher)
}

// listener is a running ttshop listen.
type listener struct {
	cmd    *exec.Cmd
	stderr string // file
}

// startListener starts a script that ends in ttshop listen and waits until it
// takes deliveries.
func startListener(t *testing.T, env []string, script string) *listener {
	t.Helper()
	l := &listener{shell(t.Context(), env, "exec "+strings.TrimSpace(script)+" --addr 127.0.0.1:0"), filepath.Join(t.TempDir(), "stderr")}
	stderr, err := os.Create(l.stderr)
	if err != nil {
		t.Fatal(err)
	}
	defer stderr.Close() // the process has its own
	l.cmd.Stderr = stderr
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(l.stderr)
		if err == nil && regexp.MustCompile(`(?m)^listening +http://127`).Match(text) {
			return l
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is not ready: %s", script, text)
		}
	}
}

// stop ends it as a person does.
func (l *listener) stop(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(-l.cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Error(err)
	}
	if err := l.cmd.Wait(); err != nil {
		text, _ := os.ReadFile(l.stderr)
		t.Errorf("it does not end cleanly: %v; stderr: %s", err, text)
	}
}

// runWebhooks runs the blocks of the guide one after the other: they are about
// one sandbox, whose events go to one listener and from there to a program.
func runWebhooks(t *testing.T, env, scripts []string) {
	t.Helper()
	program := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer program.Close()
	server := sandboxtest.Start(t)
	env = sandboxEnv(t, env, server)
	here := strings.NewReplacer("http://127.0.0.1:3000", program.URL, "http://127.0.0.1:8089", server.URL, "login --sandbox", "login --sandbox="+server.URL)
	l := startListener(t, env, here.Replace("ttshop listen --sandbox --forward-to http://127.0.0.1:3000/webhook"))
	defer l.stop(t)
	if out, err := shell(t.Context(), env, "ttshop trigger ORDER_STATUS_CHANGE").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	listening := 0
	for i, script := range scripts {
		t.Run(fmt.Sprintf("%d %s", i, strings.SplitN(script, "\n", 2)[0]), func(t *testing.T) {
			switch {
			case strings.HasPrefix(script, "ttshop sandbox"):
				runSandbox(t, env, script)
			case strings.HasPrefix(script, "ttshop listen"):
				listening++
				own := sandboxtest.Start(t) // or it would take the address from the other
				startListener(t, sandboxEnv(t, env, own), strings.ReplaceAll(script, "http://127.0.0.1:3000", program.URL)).stop(t)
			default:
				if out, err := shell(t.Context(), env, here.Replace(script)).CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", script, err, out)
				}
			}
		})
	}
	if listening < 2 || len(scripts) < 8 {
		t.Errorf("%d blocks, %d of them listen", len(scripts), listening)
	}
}
