package gate

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
)

// FormValues reads the fields of a form. Of files it reads that they are there.
func (w *Wire) FormValues() (map[string]string, *Failure) {
	fields := map[string]string{}
	if len(w.Body) == 0 {
		return fields, nil
	}
	_, parameters, err := mime.ParseMediaType(w.Request.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return nil, Fail(CodeInvalidParameter, "the body is not a form")
	}
	reader := multipart.NewReader(bytes.NewReader(w.Body), parameters["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, nil
		}
		if err != nil {
			return nil, Fail(CodeInvalidParameter, "the body is not a form")
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, Fail(CodeInvalidParameter, "the body is not a form")
		}
		fields[part.FormName()] = ""
		if part.FileName() == "" {
			fields[part.FormName()] = string(value)
		}
	}
}
