package sandbox

import "slices"

// skuCount names units by their SKU instead of by their lines.
type skuCount struct {
	SKUID    string `json:"sku_id"`
	Quantity int64  `json:"quantity"`
}

// chosenLines returns the lines that a request names by lines or by SKUs, out of
// those that are open to it. Naming none names none.
func (o *order) chosenLines(open []*lineItem, lines []string, skus []skuCount) ([]string, *failure) {
	var chosen []string
	for _, id := range lines {
		if !slices.ContainsFunc(open, func(l *lineItem) bool { return l.ID == id }) {
			return nil, fail(codeLineQuantity, "line ", id, " of order ", o.ID, " is not open to this")
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
			return nil, fail(codeLineQuantity, "order ", o.ID, " has fewer units of SKU ", want.SKUID)
		}
	}
	return chosen, nil
}

func checkSKUs(skus []skuCount) *failure {
	for _, sku := range skus {
		switch {
		case sku.SKUID == "":
			return missing("skus.sku_id")
		case sku.Quantity < 1:
			return fail(codeReturnParameter, "'skus.quantity' must be at least 1")
		}
	}
	return nil
}
