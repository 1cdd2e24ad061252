//go:build unix

package broker

import (
	"os"
	"syscall"
)

func freeze(p *os.Process, on bool) error {
	if on {
		return p.Signal(syscall.SIGSTOP)
	}
	return p.Signal(syscall.SIGCONT)
}
