package gate

import (
	"net/http"
	"slices"
	"strconv"
)

// Verdict is what the checks and the operation made of a request.
type Verdict struct {
	Out         []byte // the answer so far, see EnvelopeStart
	Source      string // see sourceHeader
	Status      int
	code        int
	message     string // of a refusal
	fault       string // id of the one that hit
	signed      *bool  // the verdict on the signature, nil where none was checked
	explanation string // of a wrong one
	warnings    []string
}

// JSON sets the data of the answer.
func (v *Verdict) JSON(data any) { v.Out = AppendJSON(v.Out, data) }

// succeed closes an answer.
func (v *Verdict) succeed(message, requestID string) {
	v.Status = http.StatusOK
	v.Out = closeEnvelope(v.Out, message, requestID)
}

// refuse replaces what was answered so far with a failure.
func (v *Verdict) refuse(f *Failure, requestID string) {
	v.Status, v.code, v.message = f.status, f.Code, f.Message
	v.Out = appendFailure(v.Out[:0], f, requestID)
}

// maxWarnings is how many values of one request are warned of.
const maxWarnings = 8

// warn notes a value that the documents do not list for a field.
func (v *Verdict) warn(field, value string) {
	if len(v.warnings) == maxWarnings {
		return
	}
	if len(value) > 64 {
		value = value[:64] + "..."
	}
	warning := field + ": " + strconv.QuoteToASCII(value) + " is not a documented value"
	if !slices.Contains(v.warnings, warning) {
		v.warnings = append(v.warnings, warning)
	}
}
