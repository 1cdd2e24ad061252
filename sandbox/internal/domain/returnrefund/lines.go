package returnrefund

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// linePart names a line of an order, or a part of it where the line is a combined
// product. Here such a line is one unit: its parts have no ids of their own.
type linePart struct {
	Line string `json:"order_line_item_id"`
	Part string `json:"sub_order_line_item_id,omitempty"`
}

// addParts adds the lines that are named by parts.
func addParts(lines *[]string, parts []linePart) *gate.Failure {
	for _, part := range parts {
		switch {
		case part.Line == "":
			return gate.Missing("order_line_list.order_line_item_id")
		case part.Part != "":
			return gate.Fail(trade.CodeReturnParameter, "line ", part.Line, " has no part ", part.Part)
		case !slices.Contains(*lines, part.Line):
			*lines = append(*lines, part.Line)
		}
	}
	return nil
}
