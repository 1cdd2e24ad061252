package sqlstore_test

import (
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/tokenstore/internal/crowdtest"
	"github.com/ttshop-go/ttshop/tokenstore/sqlstore/byurl"
)

func TestMain(m *testing.M) { crowdtest.Main(m, byurl.Open) }

// startPlatform serves a sandbox and puts a grant of it into a new store.
func startPlatform(t *testing.T, rotation sandbox.Rotation, create func(testing.TB) string) *crowdtest.Platform {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{RefreshRotation: rotation, Throttle: new(0.0)})
	if err != nil {
		t.Fatal(err)
	}
	c := sb.Credentials()
	return crowdtest.Start(t, sb, crowdtest.Credentials{
		AppKey: c.AppKey, AppSecret: c.AppSecret, NewCode: func() string { return sb.Credentials().AuthCode },
	}, byurl.Open, create(t))
}

// TestManyProcesses runs one database after the other: a server has only so
// many connections.
func TestManyProcesses(t *testing.T) {
	for name, create := range databases {
		t.Run(name, func(t *testing.T) {
			crowdtest.Herd(t, startPlatform(t, sandbox.RotationStrict, create))
		})
	}
}

func TestKilled(t *testing.T) {
	t.Parallel()
	for name, create := range databases {
		for rotation, mayLose := range map[sandbox.Rotation]bool{sandbox.RotationStrict: true, sandbox.RotationLenient: false} {
			t.Run(name+"/"+string(rotation), func(t *testing.T) {
				t.Parallel()
				crowdtest.Kill(t, startPlatform(t, rotation, create), mayLose)
			})
		}
	}
}
