package sandbox

import (
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/wiring"
)

// Archived orders are found by the time of their payment, to the second.
func TestArchiveSold(t *testing.T) {
	t.Parallel()
	shops := wiring.NewWorld(wiring.NewRegistry(), 3, time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC), 0).Shops
	a := trade.OrdersOf(shops[2]).Archive // some buyers there pay in cash
	a.Count = 120
	var times []int64
	for i := range a.Count {
		times = append(times, a.Order(i).PaidTime)
	}
	for _, paid := range times {
		for _, bounds := range [][2]int64{{paid, paid + 1}, {paid - 500_000, paid}, {paid + 1, paid + 500_000}} {
			want, got := 0, 0
			for _, at := range times {
				if at >= bounds[0] && at < bounds[1] {
					want++
				}
			}
			a.Sold(bounds[0], bounds[1], func(*trade.Order) { got++ })
			if got != want {
				t.Fatalf("%d orders were paid from %d to %d, want %d", got, bounds[0], bounds[1], want)
			}
		}
	}
}
