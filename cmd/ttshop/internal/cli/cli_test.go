package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// outcome is what a run of the command leaves.
type outcome struct {
	code        int
	stdout, err string
}

// testNow is the time in tests that run the command in this process.
var testNow = time.Unix(1_700_000_000, 0)

// run runs the command in this process, with the environment env.
func run(t *testing.T, env map[string]string, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	sys := &console.System{
		In: strings.NewReader(stdin), Out: &stdout, Err: &stderr,
		Getenv: func(name string) string { return env[name] },
		Now:    func() time.Time { return testNow },
	}
	code := Run(t.Context(), sys, args)
	return outcome{code, stdout.String(), stderr.String()}
}

// commands returns all commands.
func commands() []*cobra.Command {
	all := []*cobra.Command{newRootCmd(platform.NewSession(&console.System{}), nil)}
	for i := 0; i < len(all); i++ {
		all = append(all, all[i].Commands()...)
	}
	return all
}

func TestHelpFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, cmd := range commands() {
		args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
		got := run(t, nil, "", args...)
		if got.code != console.ExitOK || got.err != "" || !strings.Contains(got.stdout, "Usage:") {
			t.Errorf("%s: exit code %d, stderr %q", args, got.code, got.err)
		}
		for line := range strings.Lines(got.stdout) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > console.Width {
				t.Errorf("%s: a line has %d columns: %s", args, n, line)
			}
		}
		if !cmd.HasSubCommands() && cmd.Name() != "help" && !cmd.HasExample() {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
	}
}

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args []string
		want string // in the message
	}{
		{[]string{"verfy"}, "Did you mean this?\n\tverify"},
		{[]string{"token", "exchang", "--json"}, "Did you mean this?\n\texchange"},
		{[]string{"help", "nothing"}, `no command "nothing"`},
		{[]string{"--nothing"}, "unknown flag: --nothing"},
		{[]string{"sign"}, "takes one URL, got 0 arguments"},
		{[]string{"sign", "a", "b"}, "got 2 arguments"},
		{[]string{"sign", "/p", "--nothing"}, "unknown flag: --nothing"},
		{[]string{"sign", "order/202309"}, "must begin with"},
		{[]string{"sign", ""}, "must begin with"},
		{[]string{"sign", "https://host?app_key=k"}, "no path"},
		{[]string{"sign", "/p", "--version", "202309"}, "--version goes with --config"},
		{[]string{"sign", "/p", "--config", "--body", "{}"}, "--body cannot be used with --config"},
		{[]string{"sign", "/p", "--config", "--param", "x"}, "KEY=VALUE"},
		{[]string{"sign", "/p?timestamp=soon"}, "timestamp"},
		{[]string{"sign", "/p?ids=%zz"}, `"ids"`},
		{[]string{"sign", "/p", "--secret-file", "-", "--body", "@-"}, "cannot both read standard input"},
		{[]string{"sign", "/p", "--secret-file", "f", "--secret", "s"}, "use one"},
		{[]string{"verify", "/p?app_key=k"}, "no parameter sign"},
		{[]string{"verify", "p?sign=x"}, "must begin with"},
		{[]string{"version", "x"}, "takes no arguments"},
		{[]string{"token", "refresh", "SECRET"}, "takes no arguments"},
		{[]string{"token", "exchange", "--endpoint", "host"}, "--endpoint is not a valid address"},
		{[]string{"call", "GET"}, "takes a method and a path"},
		{[]string{"call", "FETCH", "/p"}, "not a method"},
		{[]string{"call", "GET", "https://elsewhere/p"}, "give only the path"},
		{[]string{"call", "GET", "p"}, "does not begin with one slash"},
		{[]string{"call", "GET", "/p?a=%zz"}, "cannot be read"},
		{[]string{"call", "GET", "/p", "-q", "x"}, "--query expects KEY=VALUE"},
		{[]string{"call", "GET", "/p", "-q", "ids=1", "-q", "ids=2"}, "separated by commas"},
		{[]string{"call", "GET", "/p?sign=x"}, "parameter sign"},
		{[]string{"call", "POST", "/p", "-d", "{"}, "not valid JSON"},
		{[]string{"call", "POST", "/p", "-d", "{}", "-F", "a=b"}, "use one or the other"},
		{[]string{"call", "POST", "/p", "--file", "data"}, "FIELD=@FILE"},
		{[]string{"call", "POST", "/p", "--file", "data=@-", "--file", "other=@-"}, "cannot both read"},
		{[]string{"call", "POST", "/p", "--file", "data=@/dev/null", "--file", "data=@/dev/null"}, "twice"},
		{[]string{"call", "POST", "/p", "--no-shop", "--shop-cipher", "c"}, "cannot be used together"},
		{[]string{"call", "GET", "/p", "--endpoint", "http://host/base"}, "--endpoint is not a valid address"},
		{[]string{"sandbox", "--listen", "8089"}, "use HOST:PORT"},
		{[]string{"sandbox", "--seed", "-1"}, "--seed"},
		{[]string{"sandbox", "--throttle", "-1"}, "throttle"},
		{[]string{"sandbox", "--refresh-rotation", "often"}, "often"},
		{[]string{"sandbox", "--access-token-ttl", "0s"}, "--access-token-ttl"},
		{[]string{"quickstart", "--live", "--seed", "3"}, "--seed"},
	}
	env := map[string]string{platform.EnvAppKey: "k", platform.EnvAppSecret: "planted", platform.EnvAccessToken: "planted", platform.EnvAuthCode: "planted", platform.EnvRefreshToken: "planted"}
	for _, tt := range tests {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			t.Parallel()
			got := run(t, env, "", tt.args...)
			if got.code != console.ExitUsage || got.stdout != "" {
				t.Errorf("exit code %d, stdout %q", got.code, got.stdout)
			}
			if !strings.HasPrefix(got.err, "ttshop: ") || !strings.Contains(got.err, tt.want) || !strings.Contains(got.err, "--help' for usage.") {
				t.Errorf("stderr %q, want %q in it", got.err, tt.want)
			}
			if strings.Contains(got.err, "planted") {
				t.Errorf("stderr shows a secret: %s", got.err)
			}
		})
	}
}

func TestNotSignedIn(t *testing.T) {
	t.Parallel()
	full := map[string]string{platform.EnvAppKey: "k", platform.EnvAppSecret: "s", platform.EnvAccessToken: "t", platform.EnvAuthCode: "c", platform.EnvRefreshToken: "r"}
	tests := []struct {
		args    string
		without string
	}{
		{"sign /p", platform.EnvAppSecret},
		{"verify /p?sign=x", platform.EnvAppSecret},
		{"token exchange", platform.EnvAppKey},
		{"token exchange", platform.EnvAppSecret},
		{"token exchange", platform.EnvAuthCode},
		{"token refresh", platform.EnvRefreshToken},
		{"call GET /p", platform.EnvAppKey},
		{"call GET /p", platform.EnvAppSecret},
		{"call GET /p", platform.EnvAccessToken},
		{"quickstart --live", platform.EnvAppKey},
		{"quickstart --live", platform.EnvAppSecret},
		{"quickstart --live", platform.EnvAccessToken},
	}
	for _, tt := range tests {
		env := make(map[string]string)
		for name, value := range full {
			if name != tt.without {
				env[name] = value
			}
		}
		got := run(t, env, "", strings.Fields(tt.args)...)
		if got.code != console.ExitNotSignedIn || got.stdout != "" || !strings.Contains(got.err, tt.without) {
			t.Errorf("%s without %s: %+v", tt.args, tt.without, got)
		}
	}
	empty := run(t, nil, "\n", "sign", "/p", "--secret-file", "-")
	if empty.code != console.ExitNotSignedIn || !strings.Contains(empty.err, "empty") {
		t.Errorf("empty secret file: %+v", empty)
	}
}
