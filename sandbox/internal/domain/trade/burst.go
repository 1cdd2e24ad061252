package trade

import (
	"fmt"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Burst makes and changes orders of a shop within one second. The new ones are
// completed or cancelled, so that they take no stock. Changed are those whose last
// change lies back furthest, the new ones excepted; archived orders do not
// change. The caller holds the lock.
func Burst(s *world.Shop, place, touch int, now time.Time) error {
	own := OrdersOf(s)
	if len(own.ByUpdate) < touch {
		return fmt.Errorf("the shop has %d orders that can change, not %d: place some first", len(own.ByUpdate), touch)
	}
	changing := own.ByUpdate[:touch:touch]
	for i, o := range append([]*Order{}, changing...) {
		o.SellerNote = "Burst " + strconv.FormatInt(now.Unix(), 10) + " " + strconv.Itoa(i)
		own.changed(o, now.Unix())
	}
	t := Of(s)
	f, g := own.Archive.Factory, *own.Archive.Factory.Generator
	g.Random, g.World, g.Shop, g.Now = t.Random, s.World, s, now
	f.Generator, f.ids, f.packages = &g, t.OrderIDs, t.PackageIDs
	for range place {
		status := invent.Pick(f.Random, []string{OrderCompleted, OrderCompleted, OrderCompleted, OrderCancelled})
		o := f.order(status, now)
		own.add(o)
		seedPackages(s, o)
		o.NeedUploadInvoice = invoiceNeed(s, o)
	}
	t.OrderIDs, t.PackageIDs = f.ids, f.packages
	return nil
}
