package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/signing"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sign"
	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
)

// What the test binary adds to the command's environment.
const (
	envTranscript = "TTSHOP_TEST_TRANSCRIPT" // folder that receives all output
	envSkew       = "TTSHOP_TEST_SKEW"       // how far the command's clock is off
)

// fastExit keeps the race detector from resting a second at the end of each
// process.
const fastExit = "atexit_sleep_ms=0"

// plantedSecret is the app secret in the scripts. No command shows it.
const plantedSecret = "planted-app-secret-3f9c27"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ttshop": commandMain, "browser": browserMain, "ttshop-inbox": inboxMain})
}

// inboxMain is the program ttshop-inbox.
func inboxMain() {
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	if err := embedded.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// commandMain is the command as the scripts run it: the real one, whose output
// is also kept for the search for secrets.
func commandMain() {
	sys := OS()
	sys.Keyring = testKeyring()
	if folder := os.Getenv(envTranscript); folder != "" {
		kind := "masked-"
		if slices.Contains(os.Args, "--show-secrets") || slices.Contains(os.Args, "print") {
			kind = "shown-"
		}
		f, err := os.CreateTemp(folder, kind)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(125)
		}
		sys.Out, sys.Err = io.MultiWriter(os.Stdout, f), io.MultiWriter(os.Stderr, f)
	}
	if text := os.Getenv(envSkew); text != "" {
		skew, err := time.ParseDuration(text)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(125)
		}
		sys.Now = func() time.Time { return time.Now().Add(skew) }
	}
	os.Exit(Main(sys, os.Args[1:]))
}

// TestScripts runs the command against a sandbox, a fresh one for each script.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setupScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"examples": runExamples,
		},
	})
}

// setupScript starts a sandbox and gives its credentials to the script.
func setupScript(env *testscript.Env) error {
	sb, err := sandbox.New(sandbox.Config{Seed: 4242, AppKey: "scriptapp", AppSecret: plantedSecret})
	if err != nil {
		return err
	}
	server := httptest.NewServer(sb)
	env.Defer(server.Close)
	c := sb.Credentials()
	for name, value := range map[string]string{
		platform.EnvEndpoint:     server.URL,
		platform.EnvAppKey:       c.AppKey,
		platform.EnvAppSecret:    c.AppSecret,
		platform.EnvAccessToken:  c.AccessToken,
		platform.EnvRefreshToken: c.RefreshToken,
		platform.EnvAuthCode:     c.AuthCode,
		platform.EnvShopCipher:   c.Shops[0].Cipher,
	} {
		env.Setenv(name, value)
	}
	const body = `{"order_status":"UNPAID"}`
	request := "/order/202309/orders/search?app_key=scriptapp&page_size=5&shop_cipher=" + c.Shops[0].Cipher
	signature, err := sign.New(c.AppSecret).SignURL(request, "", []byte(body), time.Now())
	if err != nil {
		return err
	}
	env.Setenv("URL", signing.SignedURL(request, signature))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, ".config"))
	if err := writeRecordings(env.WorkDir, server.URL+signing.SignedURL(request, signature), body); err != nil {
		return err
	}
	picture, err := photo()
	if err != nil {
		return err
	}
	for name, content := range map[string]string{
		"secret.txt":  c.AppSecret + "\n",
		"windows.txt": c.AppSecret + "\r\n",
		"token.txt":   c.AccessToken,
		"refresh.txt": c.RefreshToken + "\n",
		"code.txt":    sb.Credentials().AuthCode + "\n",
		"photo.png":   picture,
		"paste.txt": "fetch('" + server.URL + signing.SignedURL(request, signature) + `', { method: 'POST', body: '` + body +
			`', headers: { 'content-type': 'application/json', 'x-tts-access-token': process.env.TOKEN } })`,
		"body.json": body,
	} {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	transcripts := filepath.Join(env.WorkDir, ".transcripts")
	if err := os.Mkdir(transcripts, 0o700); err != nil {
		return err
	}
	env.Setenv(envTranscript, transcripts)
	env.Setenv("GORACE", fastExit)
	masked := []string{c.AccessToken, c.RefreshToken, c.AuthCode}
	env.Defer(func() {
		if err := searchSecrets(transcripts, masked); err != nil {
			env.T().Fatal(err)
		}
	})
	return nil
}

// searchSecrets fails when any output holds the app secret or, where the
// command was not told to show secrets, one of the tokens and codes.
func searchSecrets(folder string, masked []string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		output, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		secrets := []string{plantedSecret}
		if strings.HasPrefix(entry.Name(), "masked-") {
			secrets = append(secrets, masked...)
		}
		for i, secret := range secrets {
			if bytes.Contains(output, []byte(secret)) {
				return fmt.Errorf("secret number %d is shown: %s", i, output)
			}
		}
	}
	return nil
}

func TestSearchSecretsFinds(t *testing.T) {
	t.Parallel()
	for name, wantError := range map[string]bool{"masked-1": true, "shown-1": false} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, name), []byte("xx TOKEN yy"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := searchSecrets(folder, []string{"TOKEN"}); (err != nil) != wantError {
			t.Errorf("%s: error %v, want one: %v", name, err, wantError)
		}
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "shown-1"), []byte("xx "+plantedSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	if searchSecrets(folder, nil) == nil {
		t.Error("the app secret is not found where secrets are shown")
	}
}

// photo returns a picture that the platform takes as a main image.
func photo() (string, error) {
	var b strings.Builder
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 600, 600)))
	return b.String(), err
}

// exits is the script command "exits CODE program args…".
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// runExamples is the script command "examples": every example of every help
// text works as it stands in a shell.
func runExamples(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: examples")
	}
	ran := 0
	for _, example := range allExamples() {
		if isHook(example) || runsElsewhere(example) || strings.Contains(example, "--live") {
			continue // TestHookScripts, TestSandboxExamples, TestGatewayExamples, TestGatewayConsole and TestMCPExamples; the live platform is not a test's
		}
		if strings.HasPrefix(example, "ttshop sync") && (strings.Contains(example, "--watch") || strings.Contains(example, "forget")) {
			continue // sync.txtar and TestSyncWatch: these need a number, a database and an end
		}
		if needsReader(example) {
			continue // the scripts of signing in show these
		}
		ts.Check(ts.Exec("ttshop", "login", "--sandbox="+ts.Getenv(platform.EnvEndpoint)))
		example = strings.ReplaceAll(example, "login --sandbox", "login --sandbox="+ts.Getenv(platform.EnvEndpoint))
		if err := ts.Exec("sh", "-c", example); err != nil {
			ts.Fatalf("example %s: %v", example, err)
		}
		ran++
	}
	if ran < 15 {
		ts.Fatalf("only %d examples found", ran)
	}
}

// allExamples returns the examples of all commands, each a shell command.
func allExamples() []string {
	var examples []string
	for _, cmd := range commands() {
		joined := strings.ReplaceAll(cmd.Example, "\\\n", "") // the shell joins these lines
		for line := range strings.Lines(joined) {
			examples = append(examples, strings.TrimSpace(line))
		}
	}
	return examples
}

// runsElsewhere reports whether an example is of a command that does not end by
// itself, or of its group, which have tests of their own.
func runsElsewhere(example string) bool {
	for _, name := range []string{"sandbox", "gateway", "console", "mcp"} {
		if strings.HasPrefix(example, "ttshop "+name) {
			return true
		}
	}
	return false
}
