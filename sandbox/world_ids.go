package sandbox

import "strconv"

// Ids are numbers that grow from these bases. Shops keep clear of each other
// by idStride. Lengths and first digits are those of the platform.
const (
	idSellers    = 7494_000_000_000_000_000
	idBrands     = 7082_000_000_000_000_000
	idWarehouses = 7300_000_000_000_000_000
	idProducts   = 1729_000_000_000_000_000
	idOrders     = 576_400_000_000_000_000
	idPackages   = 1152_000_000_000_000_000
	idAfterSales = 4035_000_000_000_000_000
	idBuyers     = 7021_000_000_000_000_000

	idStockChanges = 7614_000_000_000_000_000
	idStride       = 1_000_000_000_000_000 / 10
)

// madeUpID returns the id of the thing of a kind that the shop does not know.
// It is the same wherever the thing occurs.
func (s *shop) madeUpID(noun string, index int) string {
	base := 7_100_000_000_000_000_000 + mix(s.world.seed^fnvOf(s.ID, noun))%300_000_000_000_000_000
	return strconv.FormatUint(base+uint64(index%madeUp)*1_048_573_777, 10)
}
