package console

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// System is what a command knows of the world around it.
type System struct {
	In     io.Reader
	Out    io.Writer
	Err    io.Writer
	Getenv func(name string) string // environment; empty counts as not set
	// Environ is all of the environment, for commands that are run; nil is none.
	Environ func() []string
	Now     func() time.Time
	Color   bool // Out takes escape sequences for colours

	Terminal Terminal
	Keyring  Keyring // nil: there is none
	// Program finds a program that comes with ttshop; nil looks along PATH.
	Program func(ctx context.Context, name string) (string, error)
	// Become replaces the process by a program; nil runs the program beside it.
	Become func(path string, args []string) error
}

// WantsColor reports whether out is a terminal whose user wants colours, by
// the convention of NO_COLOR. The console of Windows is left alone, since not
// every one takes escape sequences.
func WantsColor(out *os.File, getenv func(string) string) bool {
	if getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" || runtime.GOOS == "windows" {
		return false
	}
	info, err := out.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Warn tells people something that changes no outcome.
func (s *System) Warn(format string, args ...any) {
	fmt.Fprintf(s.Err, "ttshop: warning: "+format+"\n", args...)
}

// Keyring is the operating system's place for secrets.
type Keyring interface {
	// Get returns a secret, or an error that is platform.ErrNoSecret.
	Get(account string) (string, error)
	Set(account, secret string) error
	// Delete removes a secret, with an error as of Get where there is none.
	Delete(account string) error
}
