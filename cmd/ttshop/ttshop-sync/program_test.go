package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync/manifest"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/byurl"
)

// TestErrorsPass has ttshop end as ttshop-sync does, with its words and its exit code.
func TestErrorsPass(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no database", []string{"--to", "postgres://user:planted-password@127.0.0.1:1/none"}, 1, `(?s)^ttshop: open the database: .*connection refused`},
		{"no such shop", []string{"--to", w.to, "--shops", "1"}, 2, `^ttshop: --shops 1: no grant reaches this shop`},
		{"no token", []string{"--to", w.to}, 4, `^ttshop: `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env := w.env
			if tt.code == 4 {
				env = append(slices.Clone(env), platform.EnvAccessToken+"=")
			}
			cmd := exec.CommandContext(t.Context(), "ttshop", append([]string{"sync", "--watch", "--workers"}, tt.args...)...)
			cmd.Env = env
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState == nil {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != tt.code || !regexp.MustCompile(tt.says).Match(out) {
				t.Errorf("exit code %d, want %d: %s", code, tt.code, out)
			}
			if strings.Contains(string(out), "planted-password") {
				t.Errorf("it shows a password: %s", out)
			}
		})
	}
}

// TestTwoMachines has two processes with nothing in common but the databases: the grants
// are in one that they share. A shop that the grant gains is copied, one that it loses
// is not any more.
func TestTwoMachines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	storeURL, _ := newDatabase(t)
	key := tokenstore.GenerateKey()
	keys, err := tokenstore.ParseKeys(key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := byurl.Open(t.Context(), storeURL, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	c := w.Credentials
	grant := tokenstore.Grant{
		Key:     tokenstore.Key{AppKey: c.AppKey, OpenID: "seller"},
		Token:   ttshop.Token{AccessToken: ttshop.Secret(c.AccessToken), RefreshToken: ttshop.Secret(c.RefreshToken), AccessTokenExpiresAt: time.Now().Add(time.Hour), RefreshTokenExpiresAt: time.Now().Add(24 * time.Hour), OpenID: "seller"},
		ShopsAt: time.Now(),
	}
	shops := func(n int) {
		t.Helper()
		waitFor(t, patience, func() error { // a process may be changing the grant as well
			if now, err := store.Load(t.Context(), grant.Key); err == nil {
				grant = now
			}
			grant.Shops = nil
			for _, s := range c.Shops[:n] {
				grant.Shops = append(grant.Shops, tokenstore.Shop{ID: s.ID, Cipher: s.Cipher, Name: s.Name, Region: s.Region})
			}
			_, err := store.Save(t.Context(), grant)
			return err
		})
	}
	shops(2)
	var all []*process
	for range 2 {
		one := *w
		one.env = append(slices.Clone(w.env), envHurried+"=1", platform.EnvConfig+"="+filepath.Join(t.TempDir(), "config.json"), platform.EnvAccessToken+"=",
			platform.EnvStore+"="+storeURL, platform.EnvStoreKey+"="+key, platform.EnvPeopleKey+"=the same on both")
		all = append(all, startProcess(t, one.env, append(guideCommand(t, w.to), "--tables", "orders", "--interval", "1s", "--settle", "0s")...))
	}
	copies := func(n int) func() error {
		return func() error { return w.truth(t, `select count(distinct shop_id) = $1 from tiktok_shop.orders`, n) }
	}
	waitFor(t, patience, copies(2))
	shops(3)
	waitFor(t, patience, copies(3))
	shops(1)
	waitFor(t, patience, func() error {
		return w.truth(t, `select count(*) filter (where state = 'cancelled') = 2 and count(*) filter (where finalized_at is null) = 1 from tiktok_shop_workers.river_job`)
	})
	for _, p := range all {
		p.says(t, `(?m)^Sharing 2 shops of the grants in postgres://`)
		if code := p.stop(t); code != 0 {
			t.Errorf("exit code %d: %s", code, p.said())
		}
		for _, secret := range []string{c.AppSecret, c.AccessToken, c.RefreshToken, key, "the same on both"} {
			if strings.Contains(string(p.said()), secret) {
				t.Errorf("it shows a secret: %s", p.said())
			}
		}
	}
	if err := w.truth(t, `select count(*) = 0 from tiktok_shop._ttshop_state where state->>'error' is not null`); err != nil {
		t.Error(err)
	}
}

// TestLake has ttshop write Parquet files, and write them again.
func TestLake(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "ttshop", append([]string{"sync"}, args...)...)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), platform.EnvConfig+"="+filepath.Join(folder, "config.json"), "GORACE=atexit_sleep_ms=0")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("--to", "sqlite:shop.db", "--sandbox", "--tables", "orders")
	command := append(strings.Fields(guideLine(t, `export --to sqlite:shop.db --out lake --format parquet`)), "--tables", "orders,order_line_items")
	for range 2 {
		if out := run(command...); !regexp.MustCompile(`^[1-9]\d* rows of 2 tables in lake; manifest.json lists them\.\n$`).MatchString(out) {
			t.Errorf("%s", out)
		}
	}
	m, err := manifest.Read(filepath.Join(folder, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(folder, "lake", "*", "shop_id=*", "month=*", "*"))
	if err != nil || len(found) == 0 || len(found) != len(m.Files) || m.Format != "parquet" {
		t.Errorf("%d files, %d in the manifest: %v", len(found), len(m.Files), err)
	}
}

// guideCommand returns the arguments of the command for several machines, with a
// database of ours and without the inbox, which TestHintsWake has.
func guideCommand(t *testing.T, to string) []string {
	t.Helper()
	line := guideLine(t, `--to postgres://db/shops --watch --workers --inbox nats://nats`)
	line = strings.Replace(strings.TrimSuffix(line, " --inbox nats://nats"), "postgres://db/shops", to, 1)
	return append([]string{"sync"}, strings.Fields(line)...)
}

// guideLine returns what follows ttshop sync in a command that the guide has to have.
func guideLine(t *testing.T, line string) string {
	t.Helper()
	guide, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "sync.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(guide), "\nttshop sync "+line+"\n") {
		t.Fatalf("the guide does not have the command: %s", line)
	}
	return line
}
