package sandbox

import (
	"encoding/json"
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
