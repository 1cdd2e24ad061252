package keep

import (
	"encoding/json"
	"fmt"
)

// Copy returns a copy of a value that shares nothing with it, for values that
// encoding/json reads and writes without loss.
func Copy[T any](v *T) *T {
	raw, err := json.Marshal(v)
	if err == nil {
		fresh := new(T)
		if err = json.Unmarshal(raw, fresh); err == nil {
			return fresh
		}
	}
	panic(fmt.Sprintf("sandbox: copy of a %T: %v", v, err))
}
