package tokenstore_test

import (
	"path/filepath"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/internal/crowdtest"
)

func TestMain(m *testing.M) { crowdtest.Main(m, tokenstore.Open) }

// startPlatform serves a sandbox and puts a grant of it into a file.
func startPlatform(t *testing.T, rotation sandbox.Rotation) *crowdtest.Platform {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{RefreshRotation: rotation, Throttle: new(0.0)})
	if err != nil {
		t.Fatal(err)
	}
	c := sb.Credentials()
	return crowdtest.Start(t, sb, crowdtest.Credentials{
		AppKey: c.AppKey, AppSecret: c.AppSecret, NewCode: func() string { return sb.Credentials().AuthCode },
	}, tokenstore.Open, "file:"+filepath.Join(t.TempDir(), "store"))
}

func TestManyProcesses(t *testing.T) { crowdtest.Herd(t, startPlatform(t, sandbox.RotationStrict)) }

func TestKilled(t *testing.T) {
	t.Parallel()
	for rotation, mayLose := range map[sandbox.Rotation]bool{sandbox.RotationStrict: true, sandbox.RotationLenient: false} {
		t.Run(string(rotation), func(t *testing.T) {
			t.Parallel()
			crowdtest.Kill(t, startPlatform(t, rotation), mayLose)
		})
	}
}
