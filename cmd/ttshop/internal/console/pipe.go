package console

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// ErrReaderGone means that the reader of the output has seen enough, as head does.
// It is not a failure.
var ErrReaderGone = errors.New("nothing reads the output any more")

// PipeOut is the output of a command. When its reader goes away, writes fail
// with ErrReaderGone, so that a broken connection cannot be taken for it.
type PipeOut struct{ io.Writer }

// Write implements io.Writer.
func (p PipeOut) Write(b []byte) (int, error) {
	n, err := p.Writer.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		err = ErrReaderGone
	}
	return n, err
}

// OutlivePipe keeps the process from being ended by a reader that goes away.
func OutlivePipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
