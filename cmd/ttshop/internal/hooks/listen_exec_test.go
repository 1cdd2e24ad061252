package hooks

import (
	"slices"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

func TestCommandEnv(t *testing.T) {
	t.Parallel()
	environ := []string{
		"PATH=/bin", platform.EnvAppKey + "=k", platform.EnvAppSecret + "=s", platform.EnvAccessToken + "=t", platform.EnvRefreshToken + "=r", platform.EnvAuthCode + "=c",
		platform.EnvStoreKey + "=key", platform.EnvPassphrase + "=p", platform.EnvOldPassphrase + "=o", platform.EnvProfile + "=eu",
		platform.EnvStore + "=postgres://user:word@host/db", platform.EnvInbox + "=nats://token@host",
	}
	for name, tt := range map[string]struct{ passed, want []string }{
		"nothing passed": {nil, []string{"PATH=/bin", platform.EnvAppKey + "=k", platform.EnvProfile + "=eu"}},
		"one passed":     {[]string{platform.EnvAppSecret}, []string{"PATH=/bin", platform.EnvAppKey + "=k", platform.EnvAppSecret + "=s", platform.EnvProfile + "=eu"}},
	} {
		if got := commandEnv(environ, tt.passed); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	for _, plain := range []string{platform.EnvStore + "=sqlite:/tmp/store", platform.EnvInbox + "=/tmp/inbox", platform.EnvInbox + "=nats://host:4222"} {
		if got := commandEnv([]string{plain}, nil); len(got) != 1 {
			t.Errorf("%s is dropped", plain)
		}
	}
	if len(environ) != 12 {
		t.Error("the environment of the process was changed")
	}
}
