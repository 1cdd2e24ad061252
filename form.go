package ttshop

import (
	"io"
	"net/url"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// File is a file to upload. The content is streamed, never held in memory as a
// whole; if its length can be found out (an *os.File, a *bytes.Reader), the
// request states it.
type File struct {
	Name        string    // file name, such as front.jpg; empty: the name of the form field
	ContentType string    // media type; empty: application/octet-stream
	Content     io.Reader // nil: no file
}

// FormFile returns the parts of f.
func (f File) FormFile() (name, contentType string, content io.Reader) {
	return f.Name, f.ContentType, f.Content
}

// Form is a multipart/form-data body for [Client.Call].
type Form struct {
	Fields url.Values
	Files  map[string]File // by the name of the form field
}

func (f *Form) wire() *wire.Form {
	form := &wire.Form{Fields: wire.Values(f.Fields)}
	for _, field := range sortedKeys(f.Files) {
		if file := f.Files[field]; file.Content != nil {
			form.Files = append(form.Files, wire.FormFile{Field: field, Name: file.Name, ContentType: file.ContentType, Content: file.Content})
		}
	}
	return form
}
