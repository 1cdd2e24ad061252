//go:build unix

package cli

import (
	"os"
	"syscall"
)

// become replaces the process by a program, so that signals, waits and exit codes are
// those of the program.
func become(path string, args []string) error {
	return syscall.Exec(path, append([]string{path}, args...), os.Environ())
}
