package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// maxControlBody bounds the bodies that the control endpoints read.
const maxControlBody = 1 << 20

func controlBody(w http.ResponseWriter, r *http.Request, v any) bool {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		controlError(w, http.StatusBadRequest, "the body is not understood: "+err.Error())
		return false
	}
	return true
}

func controlAnswer(w http.ResponseWriter, status int, v any) {
	writeJSON(w, status, appendJSON(nil, v))
}

func controlError(w http.ResponseWriter, status int, message string) {
	controlAnswer(w, status, struct {
		Error string `json:"error"`
	}{message})
}

// steered returns the handler of a control endpoint. One that changes the state
// holds the lock of changes.
func (s *gatehouse) steered(e controlEndpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if !reads {
			defer s.news.spread() // once the lock is given back
		}
		if !reads && !e.alone {
			// The body is read before the lock is taken.
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
			if err != nil {
				controlError(w, http.StatusBadRequest, "the body cannot be read: "+err.Error())
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			s.changing.RLock()
			defer s.changing.RUnlock()
		}
		e.handle(s, w, r)
	}
}

// refused answers that the world does not work that way. A rule of the platform
// is named by its code.
func refused(w http.ResponseWriter, f *failure) {
	controlAnswer(w, http.StatusConflict, struct {
		Error string `json:"error"`
		Code  int    `json:"code,omitempty"`
	}{f.message, f.code})
}
