package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// patience is how long a test waits for something that has to happen.
const patience = 30 * time.Second

// within polls until holds reports true, and reports whether it did in time.
func within(holds func() bool) bool {
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// program is a running ttshop whose output goes to files.
type program struct {
	cmd         *exec.Cmd
	out, errOut string
	ended       chan struct{}
	closed      bool
}

// startProgram starts ttshop, or what a shell makes of a line.
func startProgram(folder, name string, env []string, args ...string) (*program, error) {
	path, err := exec.LookPath(args[0]) // put there by TestMain
	if err != nil {
		return nil, err
	}
	p := &program{cmd: exec.Command(path, args[1:]...), out: filepath.Join(folder, name+".out"), errOut: filepath.Join(folder, name+".err"), ended: make(chan struct{})}
	for file, to := range map[string]*io.Writer{p.out: &p.cmd.Stdout, p.errOut: &p.cmd.Stderr} {
		f, err := os.Create(file)
		if err != nil {
			return nil, err
		}
		defer f.Close() // the process has its own
		*to = f
	}
	p.cmd.Env, p.cmd.Dir = env, folder
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // ProcessState tells
		close(p.ended)
	}()
	return p, nil
}

// stop sends a signal, waits for the end and returns the exit code, -1 where a
// signal made the end.
func (p *program) stop(signal os.Signal) (int, error) {
	if err := p.cmd.Process.Signal(signal); err != nil {
		return 0, err
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		return 0, fmt.Errorf("%v does not end after %v: %s", p.cmd.Args, signal, p.text())
	}
	p.closed = true
	return p.cmd.ProcessState.ExitCode(), nil
}

// kill ends what a test left running.
func (p *program) kill() {
	if !p.closed {
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// text returns all output, for messages.
func (p *program) text() string { return "stdout:\n" + read(p.out) + "\nstderr:\n" + read(p.errOut) }

func read(file string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return string(content)
}

// says waits until a file matches a pattern.
func says(file, pattern string) error {
	wanted := regexp.MustCompile("(?m)" + pattern)
	if !within(func() bool { return wanted.MatchString(read(file)) }) {
		return fmt.Errorf("%s never matches %s:\n%s", file, pattern, read(file))
	}
	return nil
}

// target is a program that takes events, as an integrator's would.
type target struct {
	*httptest.Server
	down atomic.Bool // every connection breaks, as with a server that is gone

	mu     sync.Mutex
	bodies []string
	heads  []http.Header
}

func startTarget() *target {
	t := new(target)
	t.Server = httptest.NewServer(t)
	return t
}

// ServeHTTP takes what is posted; the path says what it answers.
func (t *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if t.down.Load() || err != nil {
		panic(http.ErrAbortHandler)
	}
	if status, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/")); err == nil {
		w.WriteHeader(status)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bodies = append(t.bodies, string(body))
	t.heads = append(t.heads, r.Header.Clone())
}

// taken returns the bodies that were taken.
func (t *target) taken() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string{}, t.bodies...)
}

// hookState is what the script commands of a script share.
type hookState struct {
	target   *target
	programs map[string]*program
}

func stateOf(ts *testscript.TestScript) *hookState { return ts.Value("hooks").(*hookState) }

// TestHookScripts runs the scripts about webhooks, each against a sandbox and a
// target of its own.
func TestHookScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/hooks",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			if err := setupScript(env); err != nil {
				return err
			}
			state := &hookState{startTarget(), map[string]*program{}}
			env.Values["hooks"] = state
			env.Setenv("TARGET", state.target.URL)
			env.Defer(func() {
				for _, p := range state.programs {
					p.kill()
				}
				state.target.Close()
			})
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "start": startCommand, "stop": stopCommand, "until": until, "taken": taken, "target": targetCommand, "examples": runHookExamples,
		},
	})
}

// scriptEnv returns the environment of a script.
func scriptEnv(ts *testscript.TestScript) []string {
	env := []string{"PATH=" + os.Getenv("PATH")}
	for _, name := range []string{
		platform.EnvEndpoint, platform.EnvAppKey, platform.EnvAppSecret, platform.EnvAccessToken, platform.EnvShopCipher, platform.EnvInbox, envTranscript, "XDG_CONFIG_HOME", "GORACE", "GOCOVERDIR", "WORK", "TARGET",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// startCommand is the script command "start NAME program args…": its output is
// in NAME.out and NAME.err.
func startCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start NAME program [args...]")
	}
	p, err := startProgram(ts.MkAbs("."), args[0], scriptEnv(ts), args[1:]...)
	ts.Check(err)
	stateOf(ts).programs[args[0]] = p
}

// stopCommand is the script command "stop NAME [CODE]": it interrupts a program,
// which ends with a code.
func stopCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: stop NAME [CODE]")
	}
	p := stateOf(ts).programs[args[0]]
	code, err := p.stop(os.Interrupt)
	ts.Check(err)
	if want := strings.Join(append(args, "0")[1:2], ""); strconv.Itoa(code) != want {
		ts.Fatalf("%s ended with code %d, want %s; %s", args[0], code, want, p.text())
	}
}

// until is the script command "until FILE PATTERN".
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: until FILE PATTERN")
	}
	ts.Check(says(ts.MkAbs(args[0]), args[1]))
}

// taken is the script command "taken N": the target takes so many events.
func taken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: taken N")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	target := stateOf(ts).target
	if !within(func() bool { return len(target.taken()) >= n }) || len(target.taken()) != n {
		ts.Fatalf("the target took %d events, want %d: %s", len(target.taken()), n, target.taken())
	}
}

// targetCommand is the script command "target up|down".
func targetCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: target up|down")
	}
	stateOf(ts).target.down.Store(args[0] == "down")
}

// isHook reports whether an example is about webhooks; runHookExamples runs
// those, since they need a listener.
func isHook(example string) bool {
	for _, name := range []string{"listen", "trigger", "events", "webhooks"} {
		if strings.HasPrefix(example, "ttshop "+name+" ") {
			return true
		}
	}
	return false
}

// runHookExamples is the script command "examples": every example of the
// commands about webhooks works as it stands in a shell.
func runHookExamples(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: examples")
	}
	ran := 0
	for _, example := range allExamples() {
		if !isHook(example) {
			continue
		}
		ran++
		// A program of ours that takes signed deliveries alone.
		to := "http://127.0.0.1:3000/webhook"
		if strings.Contains(example, "--forged") {
			example = strings.ReplaceAll(example, to, ts.Getenv("TARGET")+"/401")
		}
		example = strings.ReplaceAll(example, to, ts.Getenv("TARGET")+"/taken")
		if !strings.HasPrefix(example, "ttshop listen") {
			if err := ts.Exec("sh", "-c", example); err != nil {
				ts.Fatalf("example %s: %v", example, err)
			}
			continue
		}
		name := "example" + strconv.Itoa(ran)
		p, err := startProgram(ts.MkAbs("."), name, scriptEnv(ts), "sh", "-c", "exec "+example+" --addr 127.0.0.1:0 --inbox "+name)
		ts.Check(err)
		stateOf(ts).programs[name] = p
		ready := p.errOut
		if strings.Contains(example, "json") {
			ready = p.out
		}
		ts.Check(says(ready, "listening.*http://127.0.0.1:"))
		if code, err := p.stop(syscall.SIGTERM); err != nil || code != 0 {
			ts.Fatalf("example %s: code %d, %v; %s", example, code, err, p.text())
		}
	}
	if ran < 15 {
		ts.Fatalf("only %d examples found", ran)
	}
}

// hookEnv returns the environment of a program without credentials, with a home
// folder of its own.
func hookEnv(t *testing.T) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GORACE=" + fastExit, "GOCOVERDIR=" + t.TempDir()}
}

// launch starts a program and ends it with the test.
func launch(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	p, err := startProgram(t.TempDir(), "ttshop", env, append([]string{"ttshop"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// firstLine waits for the first line of output.
func (p *program) firstLine(t *testing.T) []byte {
	t.Helper()
	var line []byte
	if !within(func() bool {
		content, err := os.ReadFile(p.out)
		line, _, _ = bytes.Cut(content, []byte("\n"))
		return err == nil && bytes.Contains(content, []byte("\n"))
	}) {
		t.Fatalf("%v prints no line: %s", p.cmd.Args, p.text())
	}
	return line
}

// post sends a request to a sandbox's control.
func post(ctx context.Context, address, body string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s, %w", address, answer.Status, text, err)
	}
	return nil
}
