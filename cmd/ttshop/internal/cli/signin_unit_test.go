package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/tokenstore"
)

func TestConfigPath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{envConfig: "/x/y.json", "XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/x/y.json"},
		{map[string]string{"XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/c/ttshop/config.json"},
		{map[string]string{"HOME": "/h"}, "/h/.config/ttshop/config.json"},
		{nil, ""},
	}
	for _, tt := range tests {
		sys := &System{Getenv: func(name string) string { return tt.env[name] }}
		if got := configPath(sys); filepath.ToSlash(got) != tt.want {
			t.Errorf("%v: %q, want %q", tt.env, got, tt.want)
		}
	}
}

func TestWritePrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "file")
	if err := writePrivate(path, []byte("one"), true); err != nil {
		t.Fatal(err)
	}
	if err := writePrivate(path, []byte("two"), true); !errors.Is(err, os.ErrExist) {
		t.Errorf("a fresh file over another: %v", err)
	}
	if err := writePrivate(path, []byte("three"), false); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil || string(content) != "three" {
		t.Errorf("content %q, %v", content, err)
	}
	if err := checkPrivate(path); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestShownStore(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"file:/a/b":                          "file:/a/b",
		"sqlite:tokens.db":                   "sqlite:tokens.db",
		"postgres://u:planted@h:5432/db?x=y": "postgres://h:5432/db",
		"postgres://u@h/db?password=planted": "postgres://h/db",
		"postgres:host=h password=planted":   "postgres:…",
		"postgres://u:pla%nted@h/db":         "postgres:…",
		"postgresql:///db?host=/run&user=x":  "postgresql:…",
		"redis://:planted@h/":                "redis://h/",
	} {
		if got := shownStore(given); got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
}

func TestPlainStore(t *testing.T) {
	t.Parallel()
	here, err := filepath.Abs("x.db")
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{
		"": "", "memory:": "", "file:/a": "file:/a", "sqlite:x.db": "sqlite:" + here,
		"postgres://u@h/db?sslmode=disable":      "postgres://u@h/db?sslmode=disable",
		"postgres://u:planted@h/db":              "postgres://u@h/db",
		"postgres://u@h/db?password=planted&a=b": "postgres://u@h/db?a=b",
	} {
		got, cut, err := plainStore(given)
		if got != want || cut != strings.Contains(given, "planted") || err != nil {
			t.Errorf("%s: %s, %v, %v, want %s", given, got, cut, err, want)
		}
	}
	if _, _, err := plainStore("postgres://u:pla%nted@h"); err == nil || strings.Contains(err.Error(), "nted") {
		t.Errorf("error %v", err)
	}
	for _, pair := range [][2]string{{"sqlite:x.db", "sqlite:" + here}, {"postgres://u:planted@h/db", "postgres://u@h/db"}} {
		if !sameStore(pair[0], pair[1]) {
			t.Errorf("%q are not the same", pair)
		}
	}
	if sameStore("sqlite:x.db", "sqlite:y.db") || sameStore("file:/a", "sqlite:/a") {
		t.Error("two stores are taken for one")
	}
}

func TestFindShop(t *testing.T) {
	t.Parallel()
	shops := []tokenstore.Shop{
		{ID: "1", Cipher: "c1", Code: "GBAA", Name: "Copper Finch"},
		{ID: "2", Cipher: "c2", Code: "USBB", Name: "Copper Finch US"},
		{ID: "3", Cipher: "c3", Code: "VNCC", Name: "1"},
	}
	for word, want := range map[string]string{
		"1": "1", "c2": "2", "usbb": "2", "Copper Finch": "1", "copper finch us": "2", "finch US": "2",
	} {
		if shop, err := findShop(shops, word); err != nil || shop.ID != want {
			t.Errorf("%s: %v, %v", word, shop, err)
		}
	}
	for word, want := range map[string]string{"finch": "several shops", "x": "no shop of the grant", "": "no shop of the grant"} {
		if _, err := findShop(shops, word); err == nil || !strings.Contains(err.Error(), want) || exitCode(err) != exitUsage {
			t.Errorf("%q: %v", word, err)
		}
	}
	if _, err := findShop(nil, "x"); err == nil || !strings.Contains(err.Error(), "reaches no shop") {
		t.Errorf("no shops: %v", err)
	}
}

func TestChooseShop(t *testing.T) {
	t.Parallel()
	one, two := tokenstore.Shop{ID: "1", Cipher: "c1"}, tokenstore.Shop{ID: "2", Cipher: "c2"}
	tests := []struct {
		before string
		shops  []tokenstore.Shop
		first  bool
		want   string
	}{
		{"", nil, true, ""},
		{"", []tokenstore.Shop{one}, false, "1"},
		{"", []tokenstore.Shop{one, two}, false, ""},
		{"", []tokenstore.Shop{one, two}, true, "1"},
		{"2", []tokenstore.Shop{one, two}, true, "2"},
		{"3", []tokenstore.Shop{one, two}, false, ""},
	}
	for _, tt := range tests {
		p := &profile{ShopID: tt.before, ShopCipher: "old"}
		p.chooseShop(tt.shops, tt.first)
		if p.ShopID != tt.want || (p.ShopCipher == "") != (tt.want == "") || p.ShopCipher == "old" {
			t.Errorf("%+v: shop %q, cipher %q", tt, p.ShopID, p.ShopCipher)
		}
	}
}

// TestSecretsStayHome: neither the secret nor the token of a profile goes to
// an address that it was not made for.
func TestSecretsStayHome(t *testing.T) {
	t.Parallel()
	sys := &System{Getenv: func(string) string { return "" }}
	h := &home{config: &config{Profiles: map[string]*profile{
		"real": {AppKey: "k"}, "sand": {AppKey: "s", Endpoint: "http://127.0.0.1:8089"},
		"split": {AppKey: "t", Endpoint: "http://api:1", AuthEndpoint: "http://auth:1"},
	}}}
	sys.kept = h
	for _, tt := range []struct {
		key, address string
		want         bool
	}{
		{"k", "", true}, {"k", "https://auth.tiktok-shops.com", true}, {"k", "http://127.0.0.1:8089", false},
		{"s", "http://127.0.0.1:8089", true}, {"t", "http://auth:1", true}, {"t", "http://api:1", false}, {"x", "http://auth:1", false},
	} {
		if got := h.knowsAuth(tt.key, tt.address); got != tt.want {
			t.Errorf("secret of %s to %q: %v", tt.key, tt.address, got)
		}
	}
	if err := h.Profiles["real"].sameAddress(sys, ""); err != nil {
		t.Error(err)
	}
	err := h.Profiles["real"].sameAddress(sys, "http://127.0.0.1:8089")
	if exitCode(err) != exitNotSignedIn {
		t.Errorf("token to another address: %v", err)
	}
}

func TestDoctorClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for skew, want := range map[time.Duration]string{
		0: checkOK, -50 * time.Second: checkOK, 8 * time.Second: checkOK,
		15 * time.Second: checkWarning, -2 * time.Minute: checkWarning,
		40 * time.Second: checkFailed, -6 * time.Minute: checkFailed, 26 * time.Hour: checkFailed,
	} {
		d := &doctor{sys: &System{Now: func() time.Time { return now.Add(skew) }}, say: func(finding) {}}
		d.clock(now, 0)
		if got := d.findings[0]; got.Status != want || (got.Fix == "") != (want == checkOK) {
			t.Errorf("%v: %+v, want %s", skew, got, want)
		}
	}
	d := &doctor{sys: &System{Now: time.Now}, say: func(finding) {}}
	d.clock(time.Time{}, 0)
	if d.findings[0].Status != checkSkipped {
		t.Errorf("no date: %+v", d.findings)
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	for d, want := range map[time.Duration]string{
		-time.Second: "ended", 0: "ended", 90 * time.Second: "1 minute", 49 * time.Hour: "2 days", 400 * 24 * time.Hour: "1 year",
	} {
		if got := left(now.Add(d), now); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if got := left(time.Time{}, now); got != "unknown" {
		t.Errorf("no time: %q", got)
	}
}

func TestBrowser(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{
		"w3m": "w3m http://page", "w3m -o x=y": "w3m -o x=y http://page", "show --url=%s now": "show --url=http://page now",
	} {
		sys := &System{Getenv: func(name string) string { return map[string]string{"BROWSER": setting}[name] }}
		name, args, err := browser(sys, "http://page")
		if got := name + " " + strings.Join(args, " "); got != want || err != nil {
			t.Errorf("%s: %s, %v", setting, got, err)
		}
	}
}

func TestAskReadsOneLine(t *testing.T) {
	t.Parallel()
	var shown strings.Builder
	sys := &System{In: strings.NewReader(" first \nsecond\n\n"), Err: &shown}
	for _, want := range []string{"first", "second"} {
		if got, err := sys.ask("Label"); got != want || err != nil {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	for range 2 { // an empty line, and the end
		if _, err := sys.ask("Label"); exitCode(err) != exitNotSignedIn {
			t.Errorf("nothing: %v", err)
		}
	}
	if _, err := sys.askSecret("Secret"); err == nil {
		t.Error("a secret was read without a terminal")
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]int{"y\n": exitOK, "YES\n": exitOK, "n\n": exitFailed, "": exitFailed} {
		sys := &System{In: strings.NewReader(answer), Err: new(strings.Builder), Terminal: terminal{Ask: true}}
		if err := sys.confirm(t.Context(), "Sure?"); exitCode(err) != want {
			t.Errorf("%q: %v", answer, err)
		}
	}
	if err := (&System{}).confirm(t.Context(), "Sure?"); exitCode(err) != exitUsage {
		t.Errorf("nobody there: %v", err)
	}
}

func TestYounger(t *testing.T) {
	t.Parallel()
	at := func(end, refreshed int64) tokenstore.Grant {
		g := tokenstore.Grant{Token: ttshop.Token{AccessTokenExpiresAt: time.Unix(end, 0)}}
		if refreshed != 0 {
			g.RefreshedAt = time.Unix(refreshed, 0)
		}
		return g
	}
	for _, tt := range []struct {
		a, b tokenstore.Grant
		want bool
	}{
		{at(2, 1), at(1, 1), true}, {at(1, 9), at(2, 1), false}, {at(1, 2), at(1, 1), true},
		{at(1, 1), at(1, 1), false}, {at(1, 2), at(1, 0), false},
	} {
		if got := younger(tt.a, tt.b); got != tt.want {
			t.Errorf("%v %v: %v", tt.a.RefreshedAt, tt.b.RefreshedAt, got)
		}
	}
}
