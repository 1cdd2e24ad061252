package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// The environment of the programs that scripts of signing in run.
const (
	envKeyring = "TTSHOP_TEST_KEYRING" // folder that stands for the keyring; empty: there is none
	envConsent = "BROWSER_CONSENT"     // what the browser does: approve, deny, forge, or copy to a file
	envListen  = "LISTEN"              // where ttshop login waits
)

// TestSignInScripts runs the scripts of signing in, of the token store and of
// what goes with them, each against a sandbox of its own and with a home folder
// of its own.
func TestSignInScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/signin",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setupSignIn,
		Condition: func(condition string) (bool, error) {
			switch condition {
			case "root":
				return os.Geteuid() == 0, nil
			case "windows":
				return runtime.GOOS == "windows", nil
			case "postgres":
				return havePostgres()
			}
			return false, fmt.Errorf("unknown condition %q", condition)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"control":  steer,
			"counts":   counts,
			"leaks":    leaks,
			"database": database,
		},
	})
}

// setupSignIn starts a sandbox whose tokens are searched for in all output.
// Nobody is signed in.
func setupSignIn(env *testscript.Env) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	callback := listener.Addr().String()
	if err := listener.Close(); err != nil { // ttshop login takes the port
		return err
	}
	sb, err := sandbox.New(sandbox.Config{
		Seed: 99, AppKey: "signinapp", AppSecret: plantedSecret, RedirectURL: "http://" + callback + "/done",
		RefreshRotation: sandbox.RotationStrict,
	})
	if err != nil {
		return err
	}
	issued := &issuedSecrets{next: sb}
	server := httptest.NewServer(issued)
	env.Defer(server.Close)
	c := sb.Credentials()
	transcripts := filepath.Join(env.WorkDir, ".transcripts")
	if err := os.Mkdir(transcripts, 0o700); err != nil {
		return err
	}
	env.Defer(func() {
		if err := searchSecrets(transcripts, issued.all()); err != nil {
			env.T().Fatal(err)
		}
	})
	for name, value := range map[string]string{
		"SANDBOX": server.URL, "SANDBOX_ADDRESS": strings.TrimPrefix(server.URL, "http://"), "APP_KEY": c.AppKey, "APP_SECRET": c.AppSecret, "SERVICE_ID": c.ServiceID,
		"SHOP": c.Shops[0].ID, "SHOP_CIPHER": c.Shops[0].Cipher, "SHOP_NAME": c.Shops[0].Name, "OTHER_CODE": c.Shops[1].Code, "OTHER_CIPHER": c.Shops[1].Cipher,
		"ACCESS_TOKEN": c.AccessToken, "REFRESH_TOKEN": c.RefreshToken,
		envListen: callback, "BROWSER": "browser", envConsent: "approve",
		"HOME": filepath.Join(env.WorkDir, "home"), "CONFIG": filepath.Join(env.WorkDir, "home", ".config", "ttshop"),
		envTranscript: transcripts, "GORACE": fastExit, "TMPDIR": env.WorkDir,
	} {
		env.Setenv(name, value)
	}
	return os.WriteFile(filepath.Join(env.WorkDir, "secret.txt"), []byte(c.AppSecret+"\n"), 0o600)
}

// issuedSecrets passes requests on to a sandbox and remembers the codes and
// tokens that it gives.
type issuedSecrets struct {
	next http.Handler

	mu      sync.Mutex
	secrets []string
}

func (s *issuedSecrets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	recorder := httptest.NewRecorder()
	s.next.ServeHTTP(recorder, r)
	var answer struct {
		Data struct {
			AccessToken  string `json:"access_token"`
			RefreshToken string `json:"refresh_token"`
		} `json:"data"`
	}
	body := recorder.Body.Bytes()
	if strings.HasPrefix(r.URL.Path, "/api/v2/token/") && json.Unmarshal(body, &answer) == nil {
		s.add(answer.Data.AccessToken, answer.Data.RefreshToken)
	}
	if location, err := url.Parse(recorder.Header().Get("Location")); err == nil {
		s.add(location.Query().Get("code"))
	}
	maps.Copy(w.Header(), recorder.Header())
	w.WriteHeader(recorder.Code)
	w.Write(body)
}

func (s *issuedSecrets) add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		if len(secret) > 8 { // "null" is not a code
			s.secrets = append(s.secrets, secret)
		}
	}
}

func (s *issuedSecrets) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.secrets)
}

// browserMain is the browser in the scripts: it opens the link and presses a
// button of the page.
func browserMain() {
	if err := browse(os.Args[len(os.Args)-1], os.Getenv(envConsent)); err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func browse(link, consent string) error {
	approve := "true"
	if consent == "deny" {
		approve = "false"
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(link + "&approve=" + approve)
	if err != nil {
		return err
	}
	resp.Body.Close()
	location, err := resp.Location()
	if err != nil {
		return fmt.Errorf("HTTP %d: %w", resp.StatusCode, err)
	}
	if file, ok := strings.CutPrefix(consent, "copy:"); ok {
		return os.WriteFile(file, []byte(location.String()+"\n"), 0o600)
	}
	if consent == "forge" { // first a forged redirect, then something else, then the genuine one
		forged := *location
		query := forged.Query()
		query.Set("state", "another")
		forged.RawQuery = query.Encode()
		for path, want := range map[string]int{forged.String(): http.StatusBadRequest, "http://" + location.Host + "/favicon.ico": http.StatusNotFound} {
			resp, err := client.Get(path)
			if err != nil {
				return err
			}
			resp.Body.Close()
			if resp.StatusCode != want {
				return fmt.Errorf("HTTP %d instead of %d", resp.StatusCode, want)
			}
		}
	}
	if resp, err = client.Get(location.String()); err != nil {
		return err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("<h1>")) {
		return fmt.Errorf("HTTP %d: %s: %w", resp.StatusCode, page, cmp.Or(err, io.ErrUnexpectedEOF))
	}
	return nil
}

// steer is the script command "control PATH [BODY]": a request to what
// steers the sandbox.
func steer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: control PATH [BODY]")
	}
	resp, err := http.Post(ts.Getenv("SANDBOX")+"/_sandbox/"+args[0], "application/json", strings.NewReader(strings.Join(args[1:], "")))
	ts.Check(err)
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		ts.Fatalf("control %s: HTTP %d", args[0], resp.StatusCode)
	}
}

// counts is the script command "counts PATH N": so many requests with a path
// reached the sandbox.
func counts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: counts PATH N")
	}
	resp, err := http.Get(ts.Getenv("SANDBOX") + "/_sandbox/requests?path=" + url.QueryEscape(args[0]))
	ts.Check(err)
	defer resp.Body.Close()
	var answer struct {
		Requests []json.RawMessage `json:"requests"`
	}
	ts.Check(json.NewDecoder(resp.Body).Decode(&answer))
	if got := fmt.Sprint(len(answer.Requests)); got != args[1] {
		ts.Fatalf("%s requests of %s, want %s", got, args[0], args[1])
	}
}

// leaks is the script command "leaks TEXT FILE...": a file holds a text.
func leaks(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: leaks TEXT FILE...")
	}
	found := false
	for _, name := range args[1:] {
		content, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		found = found || bytes.Contains(content, []byte(args[0]))
	}
	if found == neg {
		ts.Fatalf("the text is in the files: %v", found)
	}
}

// testPostgres is where the scripts look for PostgreSQL unless
// TTSHOP_TEST_POSTGRES names another database.
const testPostgres = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"

// havePostgres reports whether there is a PostgreSQL; CI must have one.
func havePostgres() (bool, error) {
	db, err := sql.Open("pgx", cmp.Or(os.Getenv("TTSHOP_TEST_POSTGRES"), testPostgres))
	if err != nil {
		return false, err
	}
	defer db.Close()
	if err := db.Ping(); err != nil && os.Getenv("CI") == "true" {
		return false, err
	} else if err != nil {
		return false, nil
	}
	return true, nil
}

// database is the script command "database": it makes TTSHOP_STORE an empty
// schema of PostgreSQL, which is dropped after the script.
func database(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: database")
	}
	u, err := url.Parse(cmp.Or(os.Getenv("TTSHOP_TEST_POSTGRES"), testPostgres))
	ts.Check(err)
	db, err := sql.Open("pgx", u.String())
	ts.Check(err)
	name := "ttshop_cli_" + strings.ToLower(rand.Text())
	_, err = db.Exec(`create schema "` + name + `"`)
	ts.Check(err)
	ts.Defer(func() {
		_, err := db.Exec(`drop schema "` + name + `" cascade`)
		ts.Check(errors.Join(err, db.Close()))
	})
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	ts.Setenv(platform.EnvStore, u.String())
}

// testKeyring returns the keyring of the scripts: a folder, or none.
func testKeyring() console.Keyring {
	folder := os.Getenv(envKeyring)
	if folder == "" {
		return nil
	}
	return folderKeyring(folder)
}

// folderKeyring is a keyring for tests. One whose folder does not exist is
// locked.
type folderKeyring string

func (k folderKeyring) path(account string) string {
	return filepath.Join(string(k), url.PathEscape(account))
}

func (k folderKeyring) Get(account string) (string, error) {
	if _, err := os.Stat(string(k)); err != nil {
		return "", fmt.Errorf("the keyring is locked")
	}
	secret, err := os.ReadFile(k.path(account))
	if os.IsNotExist(err) {
		return "", platform.ErrNoSecret
	}
	return string(secret), err
}

func (k folderKeyring) Set(account, secret string) error {
	return os.WriteFile(k.path(account), []byte(secret), 0o600)
}

func (k folderKeyring) Delete(account string) error {
	if _, err := k.Get(account); err != nil {
		return err
	}
	return os.Remove(k.path(account))
}

// writeRecordings writes a request with a JSON body in the forms that ttshop
// explain reads.
func writeRecordings(folder, requestURL, body string) error {
	u, err := url.Parse(requestURL)
	if err != nil {
		return err
	}
	har, err := json.Marshal(map[string]any{"log": map[string]any{"version": "1.2", "entries": []any{
		map[string]any{"request": map[string]any{
			"method": "POST", "url": requestURL,
			"headers":  []any{map[string]string{"name": "Content-Type", "value": "application/json"}, map[string]string{"name": "X-Tts-Access-Token", "value": "t"}},
			"postData": map[string]string{"mimeType": "application/json", "text": body},
		}},
	}}})
	if err != nil {
		return err
	}
	for name, content := range map[string]string{
		"command.txt": "curl -X POST '" + requestURL + "' -H 'Content-Type: application/json' -H 'x-tts-access-token: t' -d '" + body + "'\n",
		"request.txt": fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nX-Tts-Access-Token: t\r\nContent-Length: %d\r\n\r\n%s", u.RequestURI(), u.Host, len(body), body),
		"session.har": string(har),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// needsReader reports whether an example holds what only its reader has: an
// app, a shop, an open id, a database.
func needsReader(example string) bool {
	return strings.HasPrefix(example, "ttshop login") && !strings.Contains(example, "--sandbox") ||
		strings.HasPrefix(example, "ttshop use ") || strings.HasPrefix(example, "ttshop shops use ") || strings.HasPrefix(example, "ttshop tokens revoke ") ||
		strings.Contains(example, "postgres:")
}

// TestTokensKeepProcess runs a keeper as a fleet does: it answers health checks,
// does what is due, and ends cleanly.
func TestTokensKeepProcess(t *testing.T) {
	t.Parallel()
	sb, err := sandbox.New(sandbox.Config{Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sb)
	t.Cleanup(server.Close)
	c := sb.Credentials()
	granted, err := (&oauth.App{Key: c.AppKey, Secret: ttshop.Secret(c.AppSecret), Endpoint: server.URL}).Exchange(t.Context(), c.AuthCode)
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("ttshop") // put there by TestMain
	if err != nil {
		t.Fatal(err)
	}
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GORACE=" + fastExit, "GOCOVERDIR=" + t.TempDir(),
		platform.EnvEndpoint + "=" + server.URL, platform.EnvAppKey + "=" + c.AppKey, platform.EnvAppSecret + "=" + c.AppSecret,
		platform.EnvStore + "=sqlite:" + filepath.Join(t.TempDir(), "tokens.db"),
		platform.EnvStoreKey + "=" + tokenstore.GenerateKey(),
	}
	imported := exec.CommandContext(t.Context(), program, "tokens", "import", "-", "--no-shops")
	imported.Env = env
	// Long ended, so that the keeper has to refresh it.
	imported.Stdin = strings.NewReader(`{"access_token":"old","access_token_expire_in":1,"refresh_token":"` + granted.RefreshToken.Reveal() + `","refresh_token_expire_in":4000000000,"open_id":"` + granted.OpenID + `","user_type":0}`)
	if out, err := imported.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	keep := exec.CommandContext(t.Context(), program, "tokens", "keep", "--listen", "127.0.0.1:0", "--interval", "50ms", "--json")
	keep.Env = env
	var logged bytes.Buffer
	keep.Stderr = &logged
	stdout, err := keep.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := keep.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	address := ""
	for address == "" && lines.Scan() {
		_, address, _ = strings.Cut(lines.Text(), "Health is at ")
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		resp, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		var health struct {
			Status string `json:"status"`
			Grants int    `json:"grants"`
		}
		err = json.NewDecoder(resp.Body).Decode(&health)
		resp.Body.Close()
		if err == nil && health.Status == tokenstore.StatusOK && health.Grants == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("health %+v, %v", health, err)
		}
		runtime.Gosched()
	}
	if err := keep.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, stdout); err != nil {
		t.Error(err)
	}
	if err := keep.Wait(); err != nil {
		t.Errorf("end: %v, stderr %s", err, &logged)
	}
	if !strings.Contains(logged.String(), `"msg":"token refreshed"`) || strings.Contains(logged.String(), granted.RefreshToken.Reveal()) {
		t.Errorf("log: %s", &logged)
	}
}

// TestLoginInterrupted ends the wait for the browser as Ctrl-C does.
func TestLoginInterrupted(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("ttshop") // put there by TestMain
	if err != nil {
		t.Fatal(err)
	}
	login := exec.CommandContext(t.Context(), program, "login", "--no-browser", "--listen", "127.0.0.1:0", "--service-id", "7")
	login.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GORACE=" + fastExit, "GOCOVERDIR=" + t.TempDir(),
		platform.EnvAppKey + "=k", platform.EnvAppSecret + "=" + plantedSecret,
	}
	stderr, err := login.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := login.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for waiting := false; !waiting && lines.Scan(); {
		waiting = strings.HasPrefix(lines.Text(), "Waiting")
	}
	if err := login.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	last := ""
	for lines.Scan() {
		last = lines.Text()
	}
	var exit *exec.ExitError
	if err := login.Wait(); !errors.As(err, &exit) || exit.ExitCode() != console.ExitFailed || !strings.HasPrefix(last, "ttshop: interrupted") {
		t.Errorf("end: %v, last line %q", err, last)
	}
}
