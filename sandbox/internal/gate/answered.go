package gate

import "time"

// Answered is a request that is over, and what became of it. Nothing of it is
// secret: query, headers and bodies are left out.
type Answered struct {
	Time        time.Time
	Method      string
	Path        string
	Operation   string // "" where the path is unknown
	ShopID      string
	Status      int // 0 where the connection was cut
	Code        int
	Message     string // of a refusal
	RequestID   string
	Explanation string   // which mistake made the signature wrong
	Fault       string   // id of the fault that hit
	Warnings    []string // values that no document lists
	Duration    time.Duration
}

// answered describes the call once it is over.
func (c *Call) answered(took time.Duration) Answered {
	r := c.record(took)
	a := Answered{
		Time: r.Time, Method: r.Method, Path: r.Path, Operation: r.Operation, ShopID: r.ShopID, Status: r.Status, Code: r.Code,
		Message: c.message, RequestID: r.RequestID, Explanation: c.explanation, Fault: c.fault, Warnings: c.warnings, Duration: took,
	}
	return a
}
