package explain

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ParseHAR reads requests from a HAR file, as browsers and proxies save it, in
// the order of the file. It returns those that look like calls to the API, with
// a parameter sign or app_key in the URL, and an error if there are none.
func ParseHAR(text []byte) ([]Request, error) {
	var file struct {
		Log *struct {
			Entries []struct {
				Request *harRequest `json:"request"`
			} `json:"entries"`
		} `json:"log"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("explain: HAR file: %w", harError(err))
	}
	if file.Log == nil {
		return nil, errors.New("explain: HAR file: it has no log; a HAR file is a JSON object with log.entries")
	}
	var list []Request
	for i, entry := range file.Log.Entries {
		if entry.Request == nil || !entry.Request.isCall() {
			continue
		}
		r, err := entry.Request.request()
		if err != nil {
			return nil, fmt.Errorf("explain: HAR file: entry %d: %w", i+1, err)
		}
		list = append(list, r)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("explain: HAR file: none of its %d requests has a parameter sign or app_key", len(file.Log.Entries))
	}
	return list, nil
}

// harError keeps a file's contents out of an error.
func harError(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("it is not valid JSON at byte %d", syntax.Offset)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("field %s is not of type %s", wrong.Field, wrong.Type)
	}
	return err
}

type harRequest struct {
	Method  string `json:"method"`
	URL     string `json:"url"`
	Headers []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"headers"`
	PostData *struct {
		MimeType string `json:"mimeType"`
		Text     string `json:"text"`
		Encoding string `json:"encoding"`
	} `json:"postData"`
}

func (h *harRequest) isCall() bool {
	for _, p := range parseQuery(splitURL(h.URL).query) {
		if p.key == "sign" || p.key == "app_key" {
			return true
		}
	}
	return false
}

func (h *harRequest) request() (Request, error) {
	r := Request{Method: h.Method, URL: h.URL}
	if h.PostData != nil {
		r.ContentType, r.Body = h.PostData.MimeType, []byte(h.PostData.Text)
		if strings.EqualFold(h.PostData.Encoding, "base64") {
			body, err := base64.StdEncoding.DecodeString(h.PostData.Text)
			if err != nil {
				return Request{}, errors.New("its postData is not base64")
			}
			r.Body = body
		}
	}
	for _, header := range h.Headers {
		r.setHeader(header.Name, header.Value)
	}
	return r, nil
}
