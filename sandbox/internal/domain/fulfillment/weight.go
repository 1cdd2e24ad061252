package fulfillment

import (
	"math"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// estimatedWeight is what a package weighs by the weights of its products, in
// grams, while the seller has not measured it. It is nil where a product is gone
// or has no weight.
func estimatedWeight(s *world.Shop, p *trade.Parcel) *trade.MeasuredWeight {
	grams := 0.0
	for _, part := range p.Parts {
		o := trade.OrdersOf(s).ByID[part.OrderID]
		for _, id := range part.Lines {
			sold := product.Of(s).ByID[o.Line(id).ProductID]
			if sold == nil || sold.Live.Weight == nil {
				return nil
			}
			value, err := strconv.ParseFloat(sold.Live.Weight.Value, 64)
			if err != nil {
				return nil
			}
			grams += value * gramsOf[sold.Live.Weight.Unit]
		}
	}
	if grams == 0 {
		return nil
	}
	return &trade.MeasuredWeight{Value: strconv.FormatFloat(math.Round(grams), 'f', -1, 64), Unit: "GRAM"}
}

// gramsOf are the units in which products are weighed.
var gramsOf = map[string]float64{"GRAM": 1, "KILOGRAM": 1000, "POUND": 453.59237}
