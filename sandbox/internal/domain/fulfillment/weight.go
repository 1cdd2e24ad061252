package fulfillment

import (
	"math"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// estimatedWeight is what a package weighs by the weights of its products while
// the seller has not measured it, nil where that is not known.
func estimatedWeight(s *world.Shop, p *trade.Parcel) *trade.MeasuredWeight {
	var lines []*trade.LineItem
	for _, part := range p.Parts {
		o := trade.OrdersOf(s).ByID[part.OrderID]
		for _, id := range part.Lines {
			lines = append(lines, o.Line(id))
		}
	}
	return weightOf(s, lines)
}

// weightOf is what lines of orders weigh by their products, in grams. It is nil
// where a product is gone or has no weight.
func weightOf(s *world.Shop, lines []*trade.LineItem) *trade.MeasuredWeight {
	grams := 0.0
	for _, line := range lines {
		sold := product.Of(s).ByID[line.ProductID]
		if sold == nil || sold.Live.Weight == nil {
			return nil
		}
		value, err := strconv.ParseFloat(sold.Live.Weight.Value, 64)
		if err != nil {
			return nil
		}
		grams += value * gramsOf[sold.Live.Weight.Unit]
	}
	if grams == 0 {
		return nil
	}
	return &trade.MeasuredWeight{Value: strconv.FormatFloat(math.Round(grams), 'f', -1, 64), Unit: "GRAM"}
}

// sizeOf is the size of the largest product among lines of orders, nil where
// none has a size.
func sizeOf(s *world.Shop, lines []*trade.LineItem) (size *trade.MeasuredSize) {
	largest := 0.0
	for _, line := range lines {
		sold := product.Of(s).ByID[line.ProductID]
		if sold == nil || sold.Live.Dimensions == nil {
			continue
		}
		d := sold.Live.Dimensions
		unit := "CM"
		if d.Unit == "INCH" {
			unit = "INCH"
		}
		own := &trade.MeasuredSize{Length: d.Length, Width: d.Width, Height: d.Height, Unit: unit}
		m, f := measure(&trade.MeasuredWeight{Value: "1", Unit: "GRAM"}, own)
		if volume := m.length * m.width * m.height; f == nil && volume > largest {
			size, largest = own, volume
		}
	}
	return size
}

// gramsOf are the units in which products are weighed.
var gramsOf = map[string]float64{"GRAM": 1, "KILOGRAM": 1000, "POUND": 453.59237}
