// Package keep has the parts that a snapshot is made of, and the checks of what is
// read back.
package keep

import "encoding/json"

// Part is a piece of the state that takes part in snapshots under a name. What
// save returns is encoded as JSON; load gets the same JSON and replaces the
// piece. Both are called while nothing else looks at the state.
type Part struct {
	Name string
	Save func() any
	Load func(raw json.RawMessage) error

	// Later is set for a part that earlier versions did not keep: a snapshot
	// without it leaves the piece as the seed made it.
	Later bool
}

// Plain makes a part of a value that encoding/json reads and writes without
// loss: exported fields, no shared pointers. What is left out, indexes for
// instance, is rebuilt by restored.
func Plain[T any](name string, v *T) Part {
	return Part{Name: name, Save: func() any { return v }, Load: func(raw json.RawMessage) error {
		var fresh T
		if err := Decode(raw, &fresh); err != nil {
			return err
		}
		*v = fresh
		return nil
	}}
}
