package sandbox

import (
	"io"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Fault is a rule that disturbs requests: whom it hits, how often, and what
// happens then.
type Fault = gate.Fault

// FaultMatch says which requests a fault is for. Empty fields match all.
type FaultMatch = gate.FaultMatch

// FaultEffect is what a fault does.
type FaultEffect = gate.FaultEffect

// Duration is a time.Duration that JSON has in the notation of Go, such as
// "1m30s".
type Duration = gate.Duration

// Throttle is what the limiter grants, in requests per second.
type Throttle = gate.Throttle

// ThrottleRule grants the requests that it matches a rate of their own.
type ThrottleRule = gate.ThrottleRule

// ReadFaults reads a file of faults: a JSON list of what POST
// /_sandbox/faults takes.
func ReadFaults(r io.Reader) ([]Fault, error) { return gate.ReadFaults(r) }
