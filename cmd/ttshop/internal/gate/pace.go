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
			close: func() {},
		}, nil
	case !isPostgres(asked):
		return nil, console.Usagef("--pace: use %s, %s or postgres://…", paceAuto, paceLocal)
	}
	limiter, err := pgpace.Open(ctx, url, pgpace.Config{MaxWait: maxWait, Logger: logger, Rate: rateOf})
	if err != nil {
		return nil, err
	}
	return &pace{
		calls: limiter, keys: limiter, states: limiter.States, lost: func() time.Time { return limiter.Status().Lost },
		close: limiter.Close,
	}, nil
}

// rateOf returns the rate of a key or, for operations, 0: the documented one.
func rateOf(operation string) float64 {
	if strings.Contains(operation, "@") { // names of operations have none
		return gateway.KeyRate(operation)
	}
	return 0
}

func isPostgres(url string) bool {
	scheme, _, _ := strings.Cut(url, ":")
	return scheme == "postgres" || scheme == "postgresql"
}
