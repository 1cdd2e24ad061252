package trade

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// SKUCount names units by their SKU instead of by their lines.
type SKUCount struct {
	SKUID    string `json:"sku_id"`
	Quantity int64  `json:"quantity"`
}

// ChosenLines returns the lines that a request names by lines or by SKUs, out of
// those that are open to it. Naming none names none.
func (o *Order) ChosenLines(open []*LineItem, lines []string, skus []SKUCount) ([]string, *gate.Failure) {
	var chosen []string
	for _, id := range lines {
		if !slices.ContainsFunc(open, func(l *LineItem) bool { return l.ID == id }) {
			return nil, gate.Fail(codeLineQuantity, "line ", id, " of order ", o.ID, " is not open to this")
		}
		if !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
	}
	if len(lines) > 0 {
		return chosen, nil
	}
	for _, want := range skus {
		count := int64(0)
		for _, line := range open {
			if line.SKUID == want.SKUID && count < want.Quantity && !slices.Contains(chosen, line.ID) {
				chosen = append(chosen, line.ID)
				count++
			}
		}
		if count < want.Quantity {
			return nil, gate.Fail(codeLineQuantity, "order ", o.ID, " has fewer units of SKU ", want.SKUID)
		}
	}
	return chosen, nil
}

// CheckSKUs refuses counts of SKUs that make no request.
func CheckSKUs(skus []SKUCount) *gate.Failure {
	for _, sku := range skus {
		switch {
		case sku.SKUID == "":
			return gate.Missing("skus.sku_id")
		case sku.Quantity < 1:
			return gate.Fail(CodeReturnParameter, "'skus.quantity' must be at least 1")
		}
	}
	return nil
}
