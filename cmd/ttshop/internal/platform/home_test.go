package platform

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

func TestConfigPath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{EnvConfig: "/x/y.json", "XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/x/y.json"},
		{map[string]string{"XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/c/ttshop/config.json"},
		{map[string]string{"HOME": "/h"}, "/h/.config/ttshop/config.json"},
		{nil, ""},
	}
	for _, tt := range tests {
		sys := &console.System{Getenv: func(name string) string { return tt.env[name] }}
		if got := configPath(NewSession(sys)); filepath.ToSlash(got) != tt.want {
			t.Errorf("%v: %q, want %q", tt.env, got, tt.want)
		}
	}
}

func TestWritePrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "file")
	if err := WritePrivate(path, []byte("one"), true); err != nil {
		t.Fatal(err)
	}
	if err := WritePrivate(path, []byte("two"), true); !errors.Is(err, os.ErrExist) {
		t.Errorf("a fresh file over another: %v", err)
	}
	if err := WritePrivate(path, []byte("three"), false); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil || string(content) != "three" {
		t.Errorf("content %q, %v", content, err)
	}
	if err := CheckPrivate(path); err != nil {
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
		if got := ShownStore(given); got != want {
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
		got, cut, err := PlainStore(given)
		if got != want || cut != strings.Contains(given, "planted") || err != nil {
			t.Errorf("%s: %s, %v, %v, want %s", given, got, cut, err, want)
		}
	}
	if _, _, err := PlainStore("postgres://u:pla%nted@h"); err == nil || strings.Contains(err.Error(), "nted") {
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

// TestSecretsStayHome: neither the secret nor the token of a profile goes to
// an address that it was not made for.
func TestSecretsStayHome(t *testing.T) {
	t.Parallel()
	sys := NewSession(&console.System{Getenv: func(string) string { return "" }})
	h := &Home{Config: &Config{Profiles: map[string]*Profile{
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
	if console.ExitCode(err) != console.ExitNotSignedIn {
		t.Errorf("token to another address: %v", err)
	}
}
