package replica

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/manifest"
)

// heavyProgram is the same command with all its extras linked into it.
const heavyProgram = "ttshop-sync"

// Extras are what is too heavy for ttshop itself. A command without one starts the
// program ttshop-sync, which has it, with the same arguments.
type Extras struct {
	// Share opens the sharing of shops among processes, on a PostgreSQL database.
	Share func(ctx context.Context, url string, work Work) (Sharer, error)
	// Parquet writes tables of a copy as Parquet files.
	Parquet func(ctx context.Context, from sync.Inspector, lake Lake) (*manifest.Manifest, error)

	// Turn and Lease are those of shops that are shared; zero means the usual ones.
	Turn, Lease time.Duration
}

// Lake is what is written as Parquet files, and where.
type Lake struct {
	Tables  []*sync.Table
	Folder  string
	Deleted bool // rows that are deleted, too
	Made    time.Time
	Schema  int // version of the layout of tables
}

// Work is what processes share.
type Work struct {
	// Shops returns the ids of the shops that there are now.
	Shops func(ctx context.Context) ([]string, error)
	// Turn makes a turn of a shop, and returns how long the next one can wait, and
	// whether the shop is there at all.
	Turn func(ctx context.Context, shop string) (wait time.Duration, there bool)
	// AtOnce is how many turns a process makes at a time.
	AtOnce int
	Logger *slog.Logger
}

// A Sharer makes turns of the shops that fall to this process.
type Sharer interface {
	// Run makes turns until the context ends.
	Run(ctx context.Context) error
	// Wake makes the next turn of a shop due at once, whichever process makes it.
	Wake(ctx context.Context, shop string)
	// Close ends what was opened.
	Close()
}

// become carries on as the program that has the extras: with the same arguments and
// environment, in the place of this process where that is possible.
func become(ctx context.Context, sys *platform.Session) error {
	path, err := sys.FindProgram(ctx, heavyProgram)
	if err != nil {
		return err
	}
	if sys.Become != nil {
		return fmt.Errorf("start %s: %w", path, sys.Become(path, sys.Args))
	}
	cmd := exec.CommandContext(ctx, path, sys.Args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = sys.In, sys.Out, sys.Err
	if sys.Environ != nil {
		cmd.Env = sys.Environ()
	}
	cmd.Cancel = func() error {
		err := cmd.Process.Signal(os.Interrupt)
		if err != nil && !errors.Is(err, os.ErrProcessDone) {
			return nil // where nothing can be signalled, the terminal has told it as well
		}
		return err
	}
	cmd.WaitDelay = stopTime
	err = cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() >= 0 {
		return &console.ExitError{Code: exit.ExitCode()} // it has said why
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("run %s: %w", path, err)
	}
	return nil
}

// stopTime is how long the program may take to end its turns.
const stopTime = 30 * time.Second
