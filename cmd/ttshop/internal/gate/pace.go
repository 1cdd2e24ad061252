package gate

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/gateway"
	"github.com/ttshop-go/ttshop/pace/pgpace"
)

// pace is what paces calls and keys.
type pace struct {
	calls, keys ttshop.Limiter
	states      func() []ttshop.PaceState
	lost        func() time.Time // nil: the pace is this process's alone
	close       func()
	text        string // for people
}

// The values of --pace besides a URL.
const (
	paceAuto  = "auto"
	paceLocal = "local"
)

// maxWait is how long a call waits for its turn before its client is told.
const maxWait = time.Minute

// openPace returns the pace that was asked for: that of the token store's database
// where it is PostgreSQL, of another one, or of this process alone.
func openPace(ctx context.Context, asked, storeURL string, logger *slog.Logger) (*pace, error) {
	url := asked
	switch {
	case asked == paceAuto && isPostgres(storeURL):
		url = storeURL
	case asked == paceAuto || asked == paceLocal:
		pacer := ttshop.NewPacer(ttshop.PacerConfig{MaxWait: maxWait})
		return &pace{
			calls: pacer, keys: ttshop.NewPacer(ttshop.PacerConfig{Rate: gateway.KeyRate}), states: pacer.States,
			close: func() {}, text: "of this process alone",
		}, nil
	case !isPostgres(asked):
		return nil, console.Usagef("--pace: use %s, %s or postgres://…", paceAuto, paceLocal)
	}
	calls, err := pgpace.Open(ctx, url, pgpace.Config{MaxWait: maxWait, Logger: logger})
	if err != nil {
		return nil, err
	}
	keys, err := pgpace.Open(ctx, url, pgpace.Config{Rate: gateway.KeyRate, Logger: logger})
	if err != nil {
		calls.Close()
		return nil, err
	}
	return &pace{
		calls: calls, keys: keys, states: calls.States, lost: func() time.Time { return calls.Status().Lost },
		close: func() { calls.Close(); keys.Close() }, text: "shared by all gateways over the database",
	}, nil
}

func isPostgres(url string) bool {
	scheme, _, _ := strings.Cut(url, ":")
	return scheme == "postgres" || scheme == "postgresql"
}
