package sandbox

// stockMoves are the changes of a shop's stock on their way to those who are
// told.
type stockMoves struct {
	ids  *ids        // of changes; a snapshot keeps them with the trade
	open []stockMove // that are announced together, see together; nil in between
}

func stockMovesOf(s *shop) *stockMoves { return roomIn[stockMoves](s.rooms) }

func newStockMoves() *stockMoves { return &stockMoves{ids: new(ids)} }
