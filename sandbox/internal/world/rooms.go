package world

import (
	"fmt"
)

// rooms is the state that the domains keep about a shop or about the world, one
// value of each type. Rooms are furnished while the world is made; later only
// what is in them changes.
type rooms []any

// Furnish adds a domain's state.
func (r *rooms) Furnish(state any) { *r = append(*r, state) }

// RoomIn returns the state of a type.
func RoomIn[T any](r rooms) *T {
	for _, state := range r {
		if found, ok := state.(*T); ok {
			return found
		}
	}
	panic(fmt.Sprintf("sandbox: nobody keeps a %T", *new(T)))
}
