package cli

import (
	"slices"
	"testing"
)

func TestCommandEnv(t *testing.T) {
	t.Parallel()
	environ := []string{
		"PATH=/bin", envAppKey + "=k", envAppSecret + "=s", envAccessToken + "=t", envRefreshToken + "=r", envAuthCode + "=c",
		envStoreKey + "=key", envPassphrase + "=p", envOldPassphrase + "=o", envProfile + "=eu",
		envStore + "=postgres://user:word@host/db", envInbox + "=nats://token@host",
	}
	for name, tt := range map[string]struct{ passed, want []string }{
		"nothing passed": {nil, []string{"PATH=/bin", envAppKey + "=k", envProfile + "=eu"}},
		"one passed":     {[]string{envAppSecret}, []string{"PATH=/bin", envAppKey + "=k", envAppSecret + "=s", envProfile + "=eu"}},
	} {
		if got := commandEnv(environ, tt.passed); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	for _, plain := range []string{envStore + "=sqlite:/tmp/store", envInbox + "=/tmp/inbox", envInbox + "=nats://host:4222"} {
		if got := commandEnv([]string{plain}, nil); len(got) != 1 {
			t.Errorf("%s is dropped", plain)
		}
	}
	if len(environ) != 12 {
		t.Error("the environment of the process was changed")
	}
}
