package sandbox

import (
	"io"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// Fault is a rule that disturbs requests, for [Config.Faults].
type Fault = control.Fault

// ReadFaults reads a file of faults: a JSON list of what POST
// /_sandbox/faults takes.
func ReadFaults(r io.Reader) ([]Fault, error) { return gate.ReadFaults(r) }
