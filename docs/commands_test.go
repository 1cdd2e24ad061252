package docs_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// root is the top of the repository, seen from here.
const root = ".."

// suiteCommand runs the tests. It cannot run within itself: CI runs it.
const suiteCommand = "go test work"

// TestCommandsOfTheGuides runs every block of shell commands that README and
// guides show, in their order, from the top of the repository.
func TestCommandsOfTheGuides(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	server := sandboxtest.Start(t)
	bin := t.TempDir()
	env := append(os.Environ(),
		"GOBIN="+bin, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+t.TempDir(),
		// What the go command keeps below HOME stays where it is.
		"GOPATH="+goEnv(t, "GOPATH"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOCACHE="+goEnv(t, "GOCACHE"),
		"TTSHOP_ENDPOINT="+server.URL, "TTSHOP_APP_KEY="+server.Credentials.AppKey, "TTSHOP_APP_SECRET="+server.Credentials.AppSecret,
		"TTSHOP_ACCESS_TOKEN="+server.Credentials.AccessToken, "TTSHOP_SHOP_CIPHER="+server.Credentials.Shops[0].Cipher,
	)
	if out, err := shell(t.Context(), env, "go install ./cmd/ttshop").CombinedOutput(); err != nil {
		t.Fatalf("install the command: %v\n%s", err, out)
	}
	block := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")
	ran := 0
	var ofWebhooks, ofSync []string
	for _, guide := range append([]string{"README.md", "CONTRIBUTING.md"}, prefixed("docs/", guides)...) {
		text, err := os.ReadFile(filepath.Join(root, guide))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range block.FindAllStringSubmatch(string(text), -1) {
			script := m[1]
			ran++
			if guide == "docs/webhooks.md" {
				ofWebhooks = append(ofWebhooks, script)
				continue
			}
			if guide == "docs/sync.md" {
				ofSync = append(ofSync, script)
				continue
			}
			t.Run(guide+"/"+strings.SplitN(script, "\n", 2)[0], func(t *testing.T) {
				t.Parallel()
				switch {
				case strings.TrimSpace(script) == suiteCommand:
					runsInCI(t)
				case regexp.MustCompile(`(?m)^(go run \./cmd/)?ttshop sandbox\b`).MatchString(script):
					runSandbox(t, env, script)
				default:
					if out, err := shell(t.Context(), env, script).CombinedOutput(); err != nil {
						t.Errorf("%s: %v\n%s", script, err, out)
					}
				}
			})
		}
	}
	if ran < 5 {
		t.Errorf("only %d blocks were found", ran)
	}
	t.Run("docs/sync.md", func(t *testing.T) {
		t.Parallel()
		cmd := shell(t.Context(), env, strings.Join(ofSync, "\n")) // one after the other, in a folder that they fill
		cmd.Dir = t.TempDir()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("docs/webhooks.md", func(t *testing.T) {
		t.Parallel()
		runWebhooks(t, env, ofWebhooks)
	})
}

func prefixed(prefix string, names []string) []string {
	names = slices.Clone(names)
	for i := range names {
		names[i] = prefix + names[i]
	}
	return names
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// shell runs a script in a process group of its own, which ends with it.
func shell(ctx context.Context, env []string, script string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "bash", "-eu", "-c", script)
	cmd.Dir, cmd.Env = root, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

func runsInCI(t *testing.T) {
	t.Helper()
	ci, err := os.ReadFile(filepath.Join(root, ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^` + suiteCommand + `$`).Match(ci) {
		t.Errorf(".ci/run does not run %q", suiteCommand)
	}
}

// runSandbox starts a sandbox on a free port, reads its first line and ends it
// as a person does.
func runSandbox(t *testing.T, env []string, script string) {
	t.Helper()
	cmd := shell(t.Context(), env, "exec "+strings.TrimSpace(regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(script, "127.0.0.1:0")))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("read the first line: %v; stderr: %s", err, &stderr)
	}
	if strings.Contains(script, "--json") {
		var contract struct {
			BaseURL string `json:"base_url"`
		}
		if err := json.Unmarshal([]byte(first), &contract); err != nil || contract.BaseURL == "" {
			t.Errorf("the first line does not keep the contract: %v\n%s", err, first)
		}
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, lines); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it does not end cleanly: %v; stderr: %s", err, &stderr)
	}
}
