package gateway

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLine is the length of a line of an audit up to which it is read; longer ones are
// none of ours and come back cut.
const maxLine = 64 << 10

// lines reads lines of limited length.
type lines struct{ reader *bufio.Reader }

func newLines(r io.Reader) *lines { return &lines{bufio.NewReaderSize(r, maxLine)} }

// next returns the next line, which is valid until the following call.
func (l *lines) next() ([]byte, error) {
	line, err := l.reader.ReadSlice('\n')
	for long := err; errors.Is(long, bufio.ErrBufferFull); {
		line, err = []byte("-"), nil // broken, whatever it was
		_, long = l.reader.ReadSlice('\n')
	}
	if err != nil && !(errors.Is(err, io.EOF) && len(line) > 0) {
		return nil, err
	}
	return bytes.TrimSpace(line), nil
}
