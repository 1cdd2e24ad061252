package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign"
)

// vector is an entry of the golden vectors of package sign.
type vector struct {
	ID          string
	Kind        string
	Secret      string
	Path        string
	Query       map[string]string
	ContentType string `json:"content_type"`
	Body        string
	Sign        string
}

const tokenWarning = "ttshop: warning: the URL holds an access token, visible to other users and kept in the shell's history; it is not signed, leave it out\n"

func vectors(t *testing.T) []vector {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "sign", "testdata", "signing.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSignAndVerifyVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			query := make(url.Values)
			for key, value := range v.Query {
				query.Set(key, value)
			}
			rawURL := "http://127.0.0.1:9000" + v.Path + "?" + query.Encode()
			body := filepath.Join(t.TempDir(), "body")
			if err := os.WriteFile(body, []byte(v.Body), 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"--secret-file", "-", "--json", "--body", "@" + body, "--content-type", v.ContentType}
			if strings.HasPrefix(v.Path, "/api/") {
				args = append(args, "--legacy")
			}
			warning := ""
			if v.Query["access_token"] != "" {
				warning = tokenWarning
			}
			signed := run(t, nil, v.Secret, append([]string{"sign", rawURL}, args...)...)
			want := fmt.Sprintf("{\"signature\":%q,\"timestamp\":%s}\n", v.Sign, v.Query["timestamp"])
			_, timed := v.Query["timestamp"] // without it, sign takes the present
			if timed && signed != (outcome{console.ExitOK, want, warning}) {
				t.Errorf("sign: %+v, want %s", signed, want)
			}
			for signature, want := range map[string]outcome{
				v.Sign:                           {console.ExitOK, "{\"ok\":true}\n", warning},
				strings.ToUpper(v.Sign):          {console.ExitRefused, "{\"ok\":false}\n", warning},
				strings.Repeat("0", len(v.Sign)): {console.ExitRefused, "{\"ok\":false}\n", warning},
			} {
				query.Set("sign", signature)
				verified := run(t, nil, v.Secret+"\n", append([]string{"verify", "http://127.0.0.1:9000" + v.Path + "?" + query.Encode()}, args...)...)
				if verified != want {
					t.Errorf("verify sign=%s: %+v, want %+v", signature, verified, want)
				}
			}
		})
	}
}

// TestSignSends checks that the URL which people are told to send carries the
// signature that is told, in both forms of the command.
func TestSignSends(t *testing.T) {
	t.Parallel()
	env := map[string]string{platform.EnvAppSecret: "s3cr3t"}
	tests := [][]string{
		{"/order/202309/orders?app_key=k&ids=1%2C2"},
		{"/order/202309/orders?app_key=k&ids=1%2C2&timestamp=1699999999"},
		{"/order/202309/orders?app_key=k&sign=old&title=a+b&&page_token=aGk%3D%3D"},
		{"https://host:8080/order/202309/orders#fragment?x=1"},
		{"https://host/order/202309/orders?app_key=k", "--body", `{"a": 1}`},
		{"/api/orders/search", "--config", "--app-key", "k"},
		{"/api/orders/search?page_size=10&page_size=11&a=%26", "--config", "--app-key", "k", "--shop-id", "7", "--param", "page_size=20", "--param", "empty="},
		{"https://host/order/202309/orders?version=202309", "--config", "--app-key", "k", "--shop-cipher", "ROW_a+/=", "--timestamp", "1690000000"},
		{"/order/202309/orders?app_key=k", "--config", "--version", "202309", "--param", "title=ảnh a b"},
	}
	for _, args := range tests {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			told := run(t, env, "", append([]string{"sign"}, args...)...)
			var answer sign.Signature
			asJSON := run(t, env, "", append([]string{"sign", "--json"}, args...)...)
			if err := json.Unmarshal([]byte(asJSON.stdout), &answer); err != nil || told.code != console.ExitOK {
				t.Fatalf("%v: %+v", err, told)
			}
			send := ""
			for line := range strings.Lines(told.stdout) {
				if rest, ok := strings.CutPrefix(line, "send"); ok {
					send = strings.TrimSpace(rest)
				}
			}
			u, err := url.Parse(send)
			if err != nil {
				t.Fatal(err)
			}
			if got := u.Query(); got.Get("sign") != answer.Signature || got.Get("timestamp") != fmt.Sprint(answer.Timestamp) || len(got["sign"]) != 1 {
				t.Errorf("told to send %s, signature %+v", send, answer)
			}
			verify := []string{"verify", send}
			if i := slices.Index(args, "--body"); i > 0 {
				verify = append(verify, args[i:]...)
			}
			if got := run(t, env, "", verify...); got.code != console.ExitOK {
				t.Errorf("told to send %s, which is not signed right: %+v", send, got)
			}
		})
	}
}

func TestSignHidesAToken(t *testing.T) {
	t.Parallel()
	got := run(t, map[string]string{platform.EnvAppSecret: "s"}, "", "sign", "/p?app_key=k&access_token=planted")
	if got.code != console.ExitOK || strings.Contains(got.stdout+got.err, "planted") || !strings.Contains(got.err, "access token") {
		t.Errorf("%+v", got)
	}
}

func TestSecretSources(t *testing.T) {
	t.Parallel()
	file := func(content string) string {
		name := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	want := run(t, map[string]string{platform.EnvAppSecret: "s3cr3t"}, "", "sign", "/p?app_key=k", "--json")
	for name, got := range map[string]outcome{
		"file":               run(t, nil, "", "sign", "/p?app_key=k", "--json", "--secret-file", file("s3cr3t")),
		"file with newline":  run(t, nil, "", "sign", "/p?app_key=k", "--json", "--secret-file", file("s3cr3t\n")),
		"file with CR LF":    run(t, nil, "", "sign", "/p?app_key=k", "--json", "--secret-file", file("s3cr3t\r\n")),
		"standard input":     run(t, nil, "s3cr3t\n", "sign", "/p?app_key=k", "--json", "--secret-file", "-"),
		"file wins over env": run(t, map[string]string{platform.EnvAppSecret: "other"}, "", "sign", "/p?app_key=k", "--json", "--secret-file", file("s3cr3t")),
	} {
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	// Only the newline that ends the file is not part of the secret.
	for _, content := range []string{"s3cr3t\n\n", " s3cr3t", "s3cr3t\r"} {
		if got := run(t, nil, content, "sign", "/p?app_key=k", "--json", "--secret-file", "-"); got.stdout == want.stdout || got.code != console.ExitOK {
			t.Errorf("secret %q passes for s3cr3t: %+v", content, got)
		}
	}
	got := run(t, nil, "", "sign", "/p?app_key=k", "--json", "--secret", "s3cr3t")
	if got.stdout != want.stdout || !strings.Contains(got.err, "ttshop: warning: the app secret is on the command line") || strings.Contains(got.err, "s3cr3t") {
		t.Errorf("secret as an argument: %+v", got)
	}
}
