package world

import (
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// Ids are numbers that grow from these bases. Shops keep clear of each other
// by IDStride. Lengths and first digits are those of the platform.
const (
	IDSellers    = 7494_000_000_000_000_000
	IDBrands     = 7082_000_000_000_000_000
	IDWarehouses = 7300_000_000_000_000_000
	IDProducts   = 1729_000_000_000_000_000
	IDOrders     = 576_400_000_000_000_000
	IDPackages   = 1152_000_000_000_000_000
	IDAfterSales = 4035_000_000_000_000_000
	IDBuyers     = 7021_000_000_000_000_000

	IDStockChanges = 7614_000_000_000_000_000
	IDStride       = 1_000_000_000_000_000 / 10
)

// MadeUpID returns the id of the thing of a kind that the shop does not know.
// It is the same wherever the thing occurs.
func (s *Shop) MadeUpID(noun string, index int) string {
	base := 7_100_000_000_000_000_000 + invent.Mix(s.World.Seed^invent.FNVOf(s.ID, noun))%300_000_000_000_000_000
	return strconv.FormatUint(base+uint64(index%invent.MadeUp)*1_048_573_777, 10)
}
