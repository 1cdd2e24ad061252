package cli

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// machine is a folder for what the command keeps, and a sandbox to sign in at.
type machine struct {
	config, sandbox string
	ring            *memoryRing // nil: there is none
}

func newMachine(t *testing.T) machine {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sb)
	t.Cleanup(server.Close)
	return machine{config: filepath.Join(t.TempDir(), "ttshop", "config.json"), sandbox: server.URL}
}

// run runs the command as a process of its own would: nothing but the files and
// the keyring is shared with other runs.
func (m machine) run(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	sys := &console.System{
		In: &bytes.Buffer{}, Out: &out, Err: &errs, Now: time.Now,
		Getenv: func(name string) string { return map[string]string{platform.EnvConfig: m.config}[name] },
	}
	if m.ring != nil {
		sys.Keyring = m.ring
	}
	if code := Run(t.Context(), sys, args); code != 0 {
		t.Errorf("ttshop %q: exit code %d: %s", args, code, errs.String())
	}
	return out.String()
}

// atOnce runs something n times side by side.
func atOnce(n int, run func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { run(i) })
	}
	all.Wait()
}

// profiles returns the profiles in the configuration file.
func (m machine) profiles(t *testing.T) map[string]*platform.Profile {
	t.Helper()
	c, err := platform.LoadConfig(platform.NewSession(&console.System{Getenv: func(name string) string { return map[string]string{platform.EnvConfig: m.config}[name] }}))
	if err != nil {
		t.Fatal(err)
	}
	return c.Profiles
}

// memoryRing is a keyring.
type memoryRing struct {
	mu      sync.Mutex
	secrets map[string]string
}

func (r *memoryRing) Get(account string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if secret, ok := r.secrets[account]; ok {
		return secret, nil
	}
	return "", platform.ErrNoSecret
}

func (r *memoryRing) Set(account, secret string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets[account] = secret
	return nil
}

func (r *memoryRing) Delete(account string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.secrets[account]; !ok {
		return platform.ErrNoSecret
	}
	delete(r.secrets, account)
	return nil
}

// TestParallelChanges holds that of changes side by side none is lost: not the
// profiles of twelve first sign-ins, nor what later commands change of each.
func TestParallelChanges(t *testing.T) {
	t.Parallel()
	const n = 12
	for _, ring := range []bool{false, true} {
		t.Run(fmt.Sprintf("keyring=%t", ring), func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			if ring {
				m.ring = &memoryRing{secrets: make(map[string]string)}
			}
			name := func(i int) string { return fmt.Sprintf("p%d", i) }
			atOnce(n, func(i int) { m.run(t, "login", "--sandbox="+m.sandbox, "--profile", name(i)) })
			signedIn := m.profiles(t)
			if len(signedIn) != n {
				t.Fatalf("%d sign-ins side by side left %d profiles", n, len(signedIn))
			}
			atOnce(n, func(i int) { // a third signs out, a third forgets, a third chooses a profile
				switch i % 3 {
				case 0:
					m.run(t, "logout", "--profile", name(i))
				case 1:
					m.run(t, "logout", "--forget", "--profile", name(i))
				default:
					m.run(t, "profiles", "use", name(i))
				}
			})
			for i := range n {
				p := m.profiles(t)[name(i)]
				if want := i%3 != 1; (p != nil) != want {
					t.Errorf("profile %d is there: %t, want %t", i, p != nil, want)
				} else if want = i%3 == 2; p != nil && (p.OpenID != "") != want {
					t.Errorf("profile %d is signed in: %t, want %t", i, p.OpenID != "", want)
				}
			}
			// The secret and the grant that those left share can still be read.
			m.run(t, "status", "--profile", name(2))
			if left, err := filepath.Glob(m.config + "*lock*"); err != nil || len(left) > 0 {
				t.Errorf("locks left behind: %v, %v", left, err)
			}
		})
	}
}

// TestParallelSecrets holds that secrets of several apps kept side by side are
// all kept.
func TestParallelSecrets(t *testing.T) {
	t.Parallel()
	const n = 12
	config := filepath.Join(t.TempDir(), "config.json")
	open := func() *platform.Home {
		sys := platform.NewSession(&console.System{Getenv: func(name string) string { return map[string]string{platform.EnvConfig: config}[name] }})
		h, err := sys.Home()
		if err != nil {
			t.Error(err)
		}
		return h
	}
	atOnce(n, func(i int) {
		h := open()
		err := h.Change(t.Context(), func() error {
			h.Vault.Choose(false)
			return h.Vault.SetAppSecret(fmt.Sprint("app", i), "planted")
		})
		if err != nil {
			t.Error(err)
		}
	})
	secrets, err := open().Vault.ReadFile()
	if err != nil || len(secrets) != n {
		t.Errorf("%d secrets kept side by side left %d, %v", n, len(secrets), err)
	}
}

// TestLinkedConfig holds that links to the configuration file and to its folder
// stay links, and that two names of one file have one lock.
func TestLinkedConfig(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a right of their own on Windows")
	}
	m := newMachine(t)
	folder := t.TempDir()
	real := filepath.Join(folder, "dotfiles", "ttshop.json")
	for _, dir := range []string{filepath.Dir(real), filepath.Join(folder, "kept")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(folder, "link")
	if err := os.Symlink("kept", link); err != nil {
		t.Fatal(err)
	}
	m.config = filepath.Join(link, "config.json")
	if err := os.Symlink("../dotfiles/ttshop.json", m.config); err != nil { // leads nowhere yet
		t.Fatal(err)
	}
	direct := m
	direct.config = filepath.Join(folder, "kept", "config.json")
	atOnce(6, func(i int) {
		[]machine{m, direct}[i%2].run(t, "login", "--sandbox="+m.sandbox, "--profile", fmt.Sprint("p", i))
	})
	for _, path := range []string{link, m.config} {
		if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no longer a link: %v", path, err)
		}
	}
	if info, err := os.Lstat(real); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the file that the link leads to: %v, %v", info, err)
	}
	if got := len(m.profiles(t)); got != 6 {
		t.Errorf("6 sign-ins by two names of one file left %d profiles", got)
	}
}
