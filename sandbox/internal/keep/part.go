// Package keep has the parts that a snapshot is made of, and the checks of what is
// read back.
package keep

import (
	"encoding/json"
)

// Part is a piece of the state that takes part in snapshots under a name. What
// save returns is encoded as JSON; load gets the same JSON and replaces the
// piece. Both are called while nothing else looks at the state.
type Part struct {
	Name string
	Save func() any
	Load func(raw json.RawMessage) error
}

// Plain makes a part of a value that encoding/json reads and writes without
// loss: exported fields, no shared pointers. What is left out, indexes for
// instance, is rebuilt by restored.
func Plain[T any](name string, v *T) Part {
	return Part{name, func() any { return v }, func(raw json.RawMessage) error {
		var fresh T
		if err := Decode(raw, &fresh); err != nil {
			return err
		}
		*v = fresh
		return nil
	}}
}
