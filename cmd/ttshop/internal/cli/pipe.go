package cli

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// errReaderGone means that who read the output has seen enough, as head does.
// It is no failure.
var errReaderGone = errors.New("nobody reads the output any more")

// pipeOut is the output of a command. When its reader goes away, writes fail
// with errReaderGone, so that a broken connection cannot be taken for it.
type pipeOut struct{ io.Writer }

func (p pipeOut) Write(b []byte) (int, error) {
	n, err := p.Writer.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		err = errReaderGone
	}
	return n, err
}

// outlivePipe keeps the process from being ended by a reader that goes away.
func outlivePipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
