// Package crowdtest tests stores with many processes: it starts the test binary
// again, as children that share a store and a platform.
package crowdtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Long reports whether the long form of the tests is requested.
func Long() bool { return os.Getenv("TTSHOP_LONG_TESTS") == "1" }

// refreshPath is the token endpoint whose calls are counted.
const refreshPath = "/api/v2/token/refresh"

// Open opens the store of a URL.
type Open func(ctx context.Context, url string, keys *tokenstore.Keys) (tokenstore.Store, error)

// Platform is what the processes talk to, behind a server that keeps count.
type Platform struct {
	App     *oauth.App
	OpenID  string
	URL     string
	Open    Open
	Store   string // URL of the store
	KeyText string

	newCode func() string

	mu     sync.Mutex
	chain  []string // the refresh tokens that were issued, in order
	access []string // the access tokens, likewise
	count  int      // refreshes that reached the platform
}

// Credentials are those of the platform's app, with a source of auth codes.
type Credentials struct {
	AppKey, AppSecret string
	NewCode           func() string
}

// Start serves a platform, such as the sandbox with strict rotation, and puts
// one grant into a store.
func Start(t *testing.T, platform http.Handler, credentials Credentials, open Open, storeURL string) *Platform {
	t.Helper()
	p := &Platform{Open: open, Store: storeURL, KeyText: tokenstore.GenerateKey(), newCode: credentials.NewCode}
	server := httptest.NewServer(p.counting(platform))
	t.Cleanup(server.Close)
	p.URL = server.URL
	p.App = &oauth.App{Key: credentials.AppKey, Secret: ttshop.Secret(credentials.AppSecret), Endpoint: server.URL}
	store := p.openStore(t)
	defer store.Close()
	p.authorize(t, store)
	return p
}

// counting records the refreshes and the tokens that the platform issues.
func (p *Platform) counting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/v2/token/") {
			next.ServeHTTP(w, r)
			return
		}
		// One at a time, so that the record is in the platform's order.
		p.mu.Lock()
		defer p.mu.Unlock()
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		if r.URL.Path == refreshPath {
			p.count++
		}
		var body struct {
			Data struct {
				AccessToken  string `json:"access_token"`
				RefreshToken string `json:"refresh_token"`
			}
		}
		if json.Unmarshal(answer.Body.Bytes(), &body) == nil && body.Data.RefreshToken != "" {
			p.chain, p.access = append(p.chain, body.Data.RefreshToken), append(p.access, body.Data.AccessToken)
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // the client may have been killed
	})
}

func (p *Platform) keys() (*tokenstore.Keys, error) { return tokenstore.ParseKeys(p.KeyText) }

func (p *Platform) openStore(t *testing.T) tokenstore.Store {
	t.Helper()
	keys, err := p.keys()
	if err != nil {
		t.Fatal(err)
	}
	store, err := p.Open(t.Context(), p.Store, keys)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	return store
}

func (p *Platform) fleet(store tokenstore.Store) *tokenstore.Fleet {
	return tokenstore.NewFleet(p.App, store, tokenstore.FleetConfig{ClientOptions: []ttshop.Option{ttshop.WithEndpoint(p.URL)}})
}

// authorize has the seller authorize the app.
func (p *Platform) authorize(t *testing.T, store tokenstore.Store) {
	t.Helper()
	fleet := p.fleet(store)
	grant, err := fleet.Authorize(t.Context(), p.newCode())
	if err != nil {
		t.Fatalf("authorize: %v", err)
	}
	if len(grant.Shops) == 0 {
		t.Fatal("the grant has no shops")
	}
	p.OpenID = grant.OpenID
	if err := fleet.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (p *Platform) key() tokenstore.Key { return tokenstore.Key{AppKey: p.App.Key, OpenID: p.OpenID} }

// refreshes returns how many refreshes reached the platform so far.
func (p *Platform) refreshes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

// issued returns how many refresh tokens were issued, and the position among them
// of the one with this hash, or -1.
func (p *Platform) issued(hash string) (count, position int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	position = -1
	for i, token := range p.chain {
		if digest(token) == hash {
			position = i
		}
	}
	return len(p.chain), position
}

// secrets returns everything that no output may show.
func (p *Platform) secrets() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append(append([]string{p.App.Secret.Reveal(), p.KeyText}, p.chain...), p.access...)
}

// noSecret fails if an output shows a secret.
func (p *Platform) noSecret(t *testing.T, whose, output string) {
	t.Helper()
	for _, secret := range p.secrets() {
		if strings.Contains(output, secret) {
			t.Errorf("%s shows a secret", whose)
		}
	}
}

// digest names a secret without revealing it.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:8])
}

// childConfig is what a child is told through its environment.
type childConfig struct {
	Role      string
	AppKey    string
	AppSecret string
	OpenID    string
	URL       string
	Store     string
	KeyText   string
}

// childVariable names the environment variable that makes a test binary a
// child.
const childVariable = "TTSHOP_CROWDTEST_CHILD"

// Main runs the tests of a package, or acts as a child if this process is one.
// Call it from TestMain. All output of the tests is searched for the secrets that
// they plant; the run fails if one shows.
func Main(m *testing.M, open Open) {
	text := os.Getenv(childVariable)
	if text == "" {
		os.Exit(watched(m))
	}
	var config childConfig
	err := json.Unmarshal([]byte(text), &config)
	if err == nil {
		err = runChild(config, open)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func runChild(config childConfig, open Open) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Minute)
	defer cancel()
	p := &Platform{
		App:    &oauth.App{Key: config.AppKey, Secret: ttshop.Secret(config.AppSecret), Endpoint: config.URL},
		OpenID: config.OpenID, URL: config.URL, Store: config.Store, KeyText: config.KeyText, Open: open,
	}
	keys, err := p.keys()
	if err != nil {
		return err
	}
	store, err := open(ctx, p.Store, keys)
	if err != nil {
		return err
	}
	defer store.Close()
	in := bufio.NewScanner(os.Stdin)
	switch config.Role {
	case roleHerd:
		return p.herdChild(ctx, store, in)
	case roleVictim:
		return p.victimChild(ctx, store)
	case roleKeeper:
		return p.keeperChild(ctx, store)
	}
	return fmt.Errorf("there is no role %q", config.Role)
}

// child is a process that a test started.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Scanner
	errors bytes.Buffer
}

// spawn starts a child. The test ends it.
func (p *Platform) spawn(t *testing.T, role string) *child {
	t.Helper()
	config, err := json.Marshal(childConfig{role, p.App.Key, p.App.Secret.Reveal(), p.OpenID, p.URL, p.Store, p.KeyText})
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), childVariable+"="+string(config), "GOMAXPROCS=1")
	c.cmd.Stderr = &c.errors
	var out io.ReadCloser
	if c.in, err = c.cmd.StdinPipe(); err == nil {
		if out, err = c.cmd.StdoutPipe(); err == nil {
			err = c.cmd.Start()
		}
	}
	if err != nil {
		t.Fatalf("start a child: %v", err)
	}
	c.out = bufio.NewScanner(out)
	return c
}

// read returns the child's next line.
func (c *child) read(t *testing.T) string {
	t.Helper()
	if !c.out.Scan() {
		_ = c.cmd.Wait() // so that its errors are complete
		t.Fatalf("a child ended early: %s", c.errors.String())
	}
	return c.out.Text()
}

func (c *child) write(t *testing.T, line string) {
	t.Helper()
	if _, err := io.WriteString(c.in, line+"\n"); err != nil {
		t.Fatalf("write to a child: %v", err)
	}
}
