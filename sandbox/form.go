package sandbox

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
)

// formValues reads the fields of a form. Of files it reads that they are there.
func (c *call) formValues() (map[string]string, *failure) {
	fields := map[string]string{}
	if len(c.body) == 0 {
		return fields, nil
	}
	_, parameters, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return nil, fail(codeInvalidParameter, "the body is not a form")
	}
	reader := multipart.NewReader(bytes.NewReader(c.body), parameters["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, nil
		}
		if err != nil {
			return nil, fail(codeInvalidParameter, "the body is not a form")
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, fail(codeInvalidParameter, "the body is not a form")
		}
		fields[part.FormName()] = ""
		if part.FileName() == "" {
			fields[part.FormName()] = string(value)
		}
	}
}
