package cli

import (
	"os"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// OS returns the system of the running process.
func OS() *console.System {
	return &console.System{
		In:      os.Stdin,
		Out:     os.Stdout,
		Err:     os.Stderr,
		Getenv:  os.Getenv,
		Environ: os.Environ,
		Now:     time.Now,
		Color:   console.WantsColor(os.Stdout, os.Getenv),

		Terminal: console.NewTerminal(os.Stdin, os.Stdout, os.Stderr, os.Getenv),
		Keyring:  platform.OSKeyring{Getenv: os.Getenv},
		Program:  platform.Programs{Environ: os.Environ, Err: os.Stderr}.Find,
		Become:   become,
	}
}
