package local

import (
	"os"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/sandbox"
)

// readFaults reads the file of --faults; no name means no faults.
func readFaults(name string) ([]sandbox.Fault, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, console.Usagef("--faults: %w", err)
	}
	defer f.Close()
	faults, err := sandbox.ReadFaults(f)
	if err != nil {
		return nil, console.Usagef("--faults %s: %w", name, err)
	}
	return faults, nil
}
