package local

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox/control"
)

// checkTime is how long a sandbox may take to say that it is well.
const checkTime = 3 * time.Second

// checkSandbox asks the sandbox at an address whether it answers.
func checkSandbox(ctx context.Context, sys *platform.Session, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return console.Usagef("--check %q is not an address; use, for example, http://127.0.0.1:8089", address)
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	health, err := control.New(u.String()).Health(ctx)
	if err == nil && health.Status != "ok" {
		err = fmt.Errorf("its status is %q", health.Status)
	}
	if err != nil {
		return fmt.Errorf("no sandbox answers at %s: %w", address, err)
	}
	fmt.Fprintln(sys.Out, "The sandbox answers.")
	return nil
}
