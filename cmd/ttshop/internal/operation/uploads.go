package operation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// uploads opens the files that flags name and closes them after the call.
type uploads struct {
	in     *field.Inputs
	opened []*os.File
}

// open returns a file for a form; "-" is standard input. Its media type is
// taken from its first bytes.
func (u *uploads) open(flag, name string) (ttshop.File, error) {
	if name == "-" {
		content, err := u.in.File(flag, name)
		if err != nil {
			return ttshop.File{}, err
		}
		return ttshop.File{ContentType: http.DetectContentType(content), Content: bytes.NewReader(content)}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return ttshop.File{}, fmt.Errorf("%s: %w", flag, err)
	}
	u.opened = append(u.opened, f)
	contentType, err := sniff(f)
	if err != nil {
		return ttshop.File{}, fmt.Errorf("%s: %w", flag, err)
	}
	return ttshop.File{Name: filepath.Base(name), ContentType: contentType, Content: f}, nil
}

func (u *uploads) close() {
	for _, f := range u.opened {
		_ = f.Close() // only read from
	}
}

// sniff returns the media type of a file by its first bytes.
func sniff(f *os.File) (string, error) {
	head := make([]byte, 512) // as many as DetectContentType looks at
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	return http.DetectContentType(head[:n]), nil
}
