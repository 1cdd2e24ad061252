package stock

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Moves are the changes of a shop's stock on their way to those who are
// told.
type Moves struct {
	IDs  *invent.IDs // of changes; a snapshot keeps them with the trade
	open []stockMove // that are announced together, see together; nil in between
}

// MovesOf returns the changes of a shop's stock that are under way.
func MovesOf(s *world.Shop) *Moves { return world.RoomIn[Moves](s.Rooms) }

// NewMoves returns the place of a shop's changes of stock.
func NewMoves() *Moves { return &Moves{IDs: new(invent.IDs)} }
