package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/hooks"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// hostile is a text that would steer a terminal: its title, its screen, its
// lines, the colour and the direction of what follows.
const hostile = "a\x1b]0;owned\x07b\x1b[2J\x1b[31mc\u009b2Jd\re\x7ff\u202eg\u2066h"

// harm returns what a terminal would act on beside sequences of ours.
func harm(shown string, own ...string) string {
	for _, sequence := range own {
		shown = strings.ReplaceAll(shown, sequence, "")
	}
	for _, r := range shown {
		if r != '\n' && r != '\t' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069) {
			return fmt.Sprintf("%U", r)
		}
	}
	return ""
}

// hostilePlatform answers with hostile data, and refuses calls below /refused/
// with a hostile message.
func hostilePlatform(t *testing.T) string {
	t.Helper()
	word, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Word", "a\u009b2J\u202eb")
		if strings.HasPrefix(r.URL.Path, "/refused/") {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"code":36009004,"message":%s,"request_id":%s}`, word, word)
			return
		}
		fmt.Fprintf(w, `{"code":0,"message":"","request_id":%[1]s,"data":{"orders":[{"id":%[1]s,"status":%[1]s}],"shops":[{"id":%[1]s,"name":%[1]s,"cipher":%[1]s,"code":%[1]s,"region":%[1]s}]}}`, word)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestHostileData holds that nothing out of data steers the terminal, whichever
// way it is shown, and that filters give it whole to a pipe.
func TestHostileData(t *testing.T) {
	t.Parallel()
	url := hostilePlatform(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "config.json")
	write := func(path string, value any) {
		content, err := json.Marshal(value)
		if err == nil {
			err = os.WriteFile(path, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write(file, &platform.Config{Version: 1, Current: hostile, Profiles: map[string]*platform.Profile{hostile: {
		AppKey: "k", Endpoint: url, OpenID: hostile, ShopID: hostile, ShopCipher: hostile,
	}}})
	grant := filepath.Join(folder, "grant.json")
	write(grant, map[string]any{
		"access_token": "planted-access", "refresh_token": "planted-refresh", "open_id": hostile, "seller_name": hostile, "seller_base_region": hostile,
		"access_token_expire_in": time.Now().Add(time.Hour).Unix(), "refresh_token_expire_in": time.Now().Add(time.Hour).Unix(), "granted_scopes": []string{hostile},
	})
	direct := map[string]string{
		platform.EnvConfig: filepath.Join(folder, "none.json"), "TTSHOP_ENDPOINT": url, "TTSHOP_APP_KEY": "k", "TTSHOP_APP_SECRET": "planted-secret", "TTSHOP_ACCESS_TOKEN": "planted-token",
	}
	signedIn := map[string]string{platform.EnvConfig: file, "TTSHOP_APP_SECRET": "planted-secret"}
	call := func(path string, flags ...string) []string {
		return append([]string{"call", "GET", path, "--no-shop"}, flags...)
	}
	list := func(flags ...string) []string {
		return append([]string{"order", "get-order-list", "--shop-cipher", "c"}, flags...)
	}
	tests := []struct {
		name string
		env  map[string]string
		args []string
		pipe bool // it passes to a pipe as it is
	}{
		{"jq", direct, list("--jq", ".orders[].id"), true},
		{"template", direct, list("--template", "{{range .orders}}{{.id}}{{end}}"), true},
		{"json", direct, call("/x", "--json"), false},
		{"indented", direct, call("/x"), false},
		{"raw and headers", direct, call("/x", "--raw", "-i"), false},
		{"refused", direct, call("/refused/x"), false},
		{"refused raw", direct, call("/refused/x", "--raw"), false},
		{"refused json", direct, call("/refused/x", "--json"), false},
		{"verbose", direct, call("/refused/x", "-v"), false},
		{"trace", direct, call("/refused/x", "--trace", "-"), false},
		{"dry run", direct, call("/x?a="+"%1b%5B2J%c2%9b", "--dry-run"), false},
		{"table", direct, list("--table"), false},
		{"usage", direct, []string{hostile}, false},
		{"import", signedIn, []string{"tokens", "import", grant, "--no-shops"}, false},
		{"tokens", signedIn, []string{"tokens", "list"}, false},
		{"profiles", signedIn, []string{"profiles", "list"}, false},
		{"status", signedIn, []string{"status"}, false},
		{"shops", signedIn, []string{"shops", "--refresh"}, false},
		{"doctor", signedIn, []string{"doctor"}, false},
		{"use", signedIn, []string{"use", hostile}, false},
		{"explain", direct, []string{"explain", "/x?app_key=k&timestamp=1&sign=0&a=%1b%5B2J%c2%9b%0d"}, false},
	}
	for _, tt := range tests {
		for _, shown := range []bool{true, false} {
			if !shown && !tt.pipe {
				continue
			}
			var out, errs bytes.Buffer
			sys := &console.System{
				In: strings.NewReader(""), Out: &out, Err: &errs, Now: time.Now, Color: shown,
				Getenv:   func(name string) string { return tt.env[name] },
				Terminal: console.Terminal{Shown: shown, ErrShown: shown},
			}
			Run(t.Context(), sys, tt.args)
			switch {
			case out.Len()+errs.Len() == 0:
				t.Errorf("%s: nothing is shown", tt.name)
			case !shown:
				if out.String() != hostile+"\n" {
					t.Errorf("%s: a pipe gets %q, %s", tt.name, out.String(), errs.String())
				}
			default:
				if r := harm(out.String(), console.OwnColours...); r != "" {
					t.Errorf("%s: the terminal gets %s: %q", tt.name, r, out.String())
				}
				if r := harm(errs.String()); r != "" {
					t.Errorf("%s: the terminal gets %s as an error: %q", tt.name, r, errs.String())
				}
				if tt.pipe && strings.Contains(out.String(), "\x1b") {
					t.Errorf("%s: a colour of the data: %q", tt.name, out.String())
				}
				t.Logf("%s: %q %q", tt.name, out.String(), errs.String())
			}
		}
	}
}

// TestHostileLines feeds what only shows up while something runs: events, what
// packages log, warnings, questions and progress.
func TestHostileLines(t *testing.T) {
	t.Parallel()
	for name, show := range map[string]func(*console.System){
		"event": func(s *console.System) {
			fmt.Fprintln(s.Out, hooks.EventLine{Topic: hostile, Account: hostile, Object: hostile, Summary: hostile})
		},
		"warning": func(s *console.System) { s.Warn("%s", hostile) },
		"question": func(s *console.System) {
			if _, err := s.Ask(hostile); err == nil {
				t.Error("an answer out of nothing")
			}
		},
		"split": func(s *console.System) {
			for i := range len(hostile) { // also within characters
				_, _ = io.WriteString(s.Err, hostile[i:i+1])
			}
		},
	} {
		var shown bytes.Buffer
		sys := &console.System{In: strings.NewReader(""), Out: &shown, Err: &shown, Color: true, Terminal: console.Terminal{Shown: true, ErrShown: true}}
		sys.Guard()
		show(sys)
		if shown.Len() == 0 {
			t.Errorf("%s: nothing is shown", name)
		}
		if r := harm(shown.String(), console.OwnColours...); r != "" {
			t.Errorf("%s: the terminal gets %s: %q", name, r, shown.String())
		}
	}
}

func TestTame(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"plain\tสวัสดี 👩‍🔧\n":      "plain\tสวัสดี 👩‍🔧\n",
		"\x1b[1mbold\x1b[0m":       "\x1b[1mbold\x1b[0m",
		"\x1b[1;5m":                "\\u001b[1;5m",
		"{\"a\":\"\u009b\u202e\"}": `{"a":"\u009b\u202e"}`,
		"\xff\U000e0041":           `\xff\udb40\udc41`,
	} {
		if got := console.Tame(given, console.OwnColours); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
