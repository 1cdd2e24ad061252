package gate

import "net/http"

// Verdict is what the checks and the operation made of a request.
type Verdict struct {
	Out         []byte // the answer so far, see EnvelopeStart
	Source      string // see sourceHeader
	Status      int
	code        int
	fault       string // id of the one that hit
	signed      *bool  // the verdict on the signature, nil where none was checked
	explanation string // of a wrong one
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
	v.Status, v.code = f.status, f.Code
	v.Out = appendFailure(v.Out[:0], f, requestID)
}
