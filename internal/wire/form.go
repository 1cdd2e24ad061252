package wire

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"path/filepath"
	"strings"
)

// Form is a multipart/form-data body.
type Form struct {
	Fields []Param
	Files  []FormFile

	starts []int64 // offset of each file before it was first read
}

// Replayable reports whether the body can be read a second time.
func (f *Form) Replayable() bool {
	for _, file := range f.Files {
		seeker, ok := file.Content.(io.Seeker)
		if !ok {
			return false
		}
		if _, err := seeker.Seek(0, io.SeekCurrent); err != nil {
			return false // a pipe has the method but cannot seek
		}
	}
	return true
}

// rewind returns all files to their offsets at the first call.
func (f *Form) rewind() error {
	if f.starts != nil {
		for i, file := range f.Files {
			if _, err := file.Content.(io.Seeker).Seek(f.starts[i], io.SeekStart); err != nil {
				return fmt.Errorf("rewind form file %s: %w", file.Field, err)
			}
		}
		return nil
	}
	if !f.Replayable() {
		return nil
	}
	starts := make([]int64, len(f.Files))
	for i, file := range f.Files {
		var err error
		if starts[i], err = file.Content.(io.Seeker).Seek(0, io.SeekCurrent); err != nil {
			return fmt.Errorf("measure form file %s: %w", file.Field, err)
		}
	}
	f.starts = starts
	return nil
}

// FormFile is one file of a form.
type FormFile struct {
	Field       string
	Name        string
	ContentType string // empty: application/octet-stream
	Content     io.Reader
}

// Reader returns the body as a stream that reads the files as it goes, its
// content type and its length in bytes, -1 if that of a file is unknown. A second
// call returns the body again; it requires a replayable form.
func (f *Form) Reader() (body io.Reader, contentType string, length int64, err error) {
	if err := f.rewind(); err != nil {
		return nil, "", 0, err
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, p := range f.Fields {
		if err := w.WriteField(p.Key, p.Value); err != nil {
			return nil, "", 0, fmt.Errorf("write form field %s: %w", p.Key, err)
		}
	}
	var parts []io.Reader
	flush := func() {
		b := bytes.Clone(buf.Bytes())
		buf.Reset()
		length += int64(len(b))
		parts = append(parts, bytes.NewReader(b))
	}
	known := true
	for _, file := range f.Files {
		if _, err := w.CreatePart(file.header()); err != nil {
			return nil, "", 0, fmt.Errorf("write form file %s: %w", file.Field, err)
		}
		flush()
		n, ok, err := remaining(file.Content)
		if err != nil {
			return nil, "", 0, fmt.Errorf("measure form file %s: %w", file.Field, err)
		}
		known = known && ok
		length += n
		parts = append(parts, file.Content)
	}
	if err := w.Close(); err != nil {
		return nil, "", 0, fmt.Errorf("end form: %w", err)
	}
	flush()
	if !known {
		length = -1
	}
	return io.MultiReader(parts...), w.FormDataContentType(), length, nil
}

func (file FormFile) header() textproto.MIMEHeader {
	quote := strings.NewReplacer("\\", "\\\\", `"`, "\\\"", "\r", "%0D", "\n", "%0A")
	name := file.Name
	if name == "" {
		name = file.Field
	}
	contentType := file.ContentType
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	return textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, quote.Replace(file.Field), quote.Replace(filepath.Base(name)))},
		"Content-Type":        {contentType},
	}
}

// remaining returns how many bytes r still has, or false if that cannot be known
// without reading.
func remaining(r io.Reader) (int64, bool, error) {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len()), true, nil
	case io.Seeker:
		here, err := r.Seek(0, io.SeekCurrent)
		if err == nil {
			var end int64
			if end, err = r.Seek(0, io.SeekEnd); err == nil {
				_, err = r.Seek(here, io.SeekStart)
				return end - here, true, err
			}
		}
		// A pipe has the method but cannot seek: its length is not known.
	}
	return 0, false, nil
}
