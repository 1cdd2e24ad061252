package cli

import (
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

	Terminal terminal
	Keyring  Keyring // nil: there is none

	kept *home        // what is kept on this machine, once it has been read
	sent *sentRequest // the last request of the run

	trace *traceFile // nil: nothing is traced
}

// OS returns the system of the running process.
func OS() *System {
	return &System{
		In:      os.Stdin,
		Out:     os.Stdout,
		Err:     os.Stderr,
		Getenv:  os.Getenv,
		Environ: os.Environ,
		Now:     time.Now,
		Color:   wantsColor(os.Stdout, os.Getenv),

		Terminal: newTerminal(os.Stdin, os.Stdout, os.Stderr, os.Getenv),
		Keyring:  osKeyring{os.Getenv},
	}
}

// wantsColor reports whether out is a terminal whose user wants colours, by
// the convention of NO_COLOR. The console of Windows is left alone, since not
// every one takes escape sequences.
func wantsColor(out *os.File, getenv func(string) string) bool {
	if getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" || runtime.GOOS == "windows" {
		return false
	}
	info, err := out.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// warn tells people something that changes no outcome.
func (s *System) warn(format string, args ...any) {
	fmt.Fprintf(s.Err, "ttshop: warning: "+format+"\n", args...)
}
