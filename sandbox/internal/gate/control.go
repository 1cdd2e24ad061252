package gate

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// MaxControlBody bounds the bodies that the control endpoints read.
const MaxControlBody = 1 << 20

// ControlBody decodes the body of a control request strictly. Where that fails
// it answers and returns false.
func ControlBody(w http.ResponseWriter, r *http.Request, v any) bool {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		ControlError(w, http.StatusBadRequest, "the body is not understood: "+err.Error())
		return false
	}
	return true
}

// ControlAnswer answers a control request with JSON.
func ControlAnswer(w http.ResponseWriter, status int, v any) {
	WriteJSON(w, status, AppendJSON(nil, v))
}

// ControlError answers a control request with what is wrong.
func ControlError(w http.ResponseWriter, status int, message string) {
	ControlAnswer(w, status, struct {
		Error string `json:"error"`
	}{message})
}

// Steered returns the handler of a control endpoint. One that changes the state
// holds the lock of changes.
func (s *Gate) Steered(e ControlEndpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if !reads {
			defer s.News.Spread() // once the lock is given back
		}
		if !reads && !e.Alone {
			// The body is read before the lock is taken.
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxControlBody))
			if err != nil {
				ControlError(w, http.StatusBadRequest, "the body cannot be read: "+err.Error())
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			s.Changing.RLock()
			defer s.Changing.RUnlock()
		}
		e.Handle(s, w, r)
	}
}

// Refused answers that the world does not work that way. A rule of the platform
// is named by its code.
func Refused(w http.ResponseWriter, f *Failure) {
	ControlAnswer(w, http.StatusConflict, struct {
		Error string `json:"error"`
		Code  int    `json:"code,omitempty"`
	}{f.Message, f.Code})
}
