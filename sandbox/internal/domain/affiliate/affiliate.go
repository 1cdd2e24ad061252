package affiliate

import (
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

const (
	idCollaborations = 7615_000_000_000_000_000
	idCreators       = 6937_000_000_000_000_000
)

// Commission rates are in hundredths of a percent. Only the update of target
// collaborations says so; the others are read alike, since they share the range
// of 1 to 80 percent.
const (
	minCommissionRate = 100
	maxCommissionRate = 8000
)

// terminationPeriod is how long an open collaboration goes on after its
// removal. The documents say that it ends later, not when.
const terminationPeriod = invent.SecondsOfDay

// affiliate is what a shop agreed with creators. What is over is kept: orders
// came through it. The lock of the shop guards it.
type affiliate struct {
	IDs          invent.IDs             `json:"ids"`
	AutoAdd      bool                   `json:"auto_add"` // live products join by themselves
	AutoRate     int64                  `json:"auto_rate"`
	Open         []*openCollaboration   `json:"open"` // in the order of their creation
	Rules        []*sampleRule          `json:"rules"`
	Targets      []*targetCollaboration `json:"targets"`
	Applications []*sampleApplication   `json:"applications"`
}

// openCollaboration offers a product to every creator.
type openCollaboration struct {
	ID      string           `json:"id"`
	Product string           `json:"product"`
	Rate    int64            `json:"rate"`
	Approve bool             `json:"approve"` // the seller looks at creators first
	Start   int64            `json:"start"`
	End     int64            `json:"end"`     // 0: not yet known
	Removed map[string]int64 `json:"removed"` // creators by user id, and when

	Stays map[string][]stay `json:"stays,omitempty"` // of creators who joined by themselves, by user id
}

// runs tells whether creators earn by the collaboration at a time.
func (o *openCollaboration) runs(at int64) bool { return o.Start <= at && (o.End == 0 || at < o.End) }

func (o *openCollaboration) status() string {
	if o.End > 0 {
		return "TERMINATING"
	}
	return "NORMAL"
}

// openFor returns the open collaboration that a product is in, or nil.
func (a *affiliate) openFor(product string, now int64) *openCollaboration {
	for _, o := range a.Open {
		if o.Product == product && o.runs(now) {
			return o
		}
	}
	return nil
}

// offerOpenly puts a product into an open collaboration.
func offerOpenly(s *world.Shop, product string, rate int64, approve bool, now int64) *openCollaboration {
	a := Of(s)
	o := &openCollaboration{ID: a.IDs.New(), Product: product, Rate: rate, Approve: approve, Start: now, Removed: map[string]int64{}}
	a.Open = append(a.Open, o)
	s.World.Owners.Add(s, o.ID)
	return o
}

// enroll lets live products join where the shop wants that. A product that was
// in an open collaboration before does not join again.
func enroll(s *world.Shop, now time.Time) {
	if !Of(s).AutoAdd {
		return
	}
	known := map[string]bool{}
	for _, o := range Of(s).Open {
		known[o.Product] = true
	}
	for _, p := range product.Of(s).List {
		if p.Status == product.ProductActivate && !known[p.ID] {
			offerOpenly(s, p.ID, Of(s).AutoRate, false, now.Unix())
		}
	}
}

// onAffiliate runs an operation on what the shop agreed with creators. Where
// the caller names no shop, an id in the request tells which it is.
func onAffiliate(c *gate.Call, id string, work func(a *affiliate) *gate.Failure) *gate.Failure {
	if f := c.WithShop(id); f != nil {
		return f
	}
	c.Shop.Mu.Lock() // products may join, see enroll
	defer c.Shop.Mu.Unlock()
	enroll(c.Shop, c.Now)
	return work(Of(c.Shop))
}

// listAffiliate runs an operation that lists something of that, with the body
// decoded and the page read. The id tells lists of one operation apart, too.
func listAffiliate(c *gate.Call, in any, id string, work func(a *affiliate, l *gate.TimedList) *gate.Failure) *gate.Failure {
	if f := c.Decode(in); f != nil {
		return f
	}
	return onAffiliate(c, id, func(a *affiliate) *gate.Failure {
		l, f := c.TimedList("", "", id)
		if f != nil {
			return f
		}
		return work(a, l)
	})
}

// collaborationCodes answer for a product that creators cannot promote.
type collaborationCodes struct{ foreign, unavailable, restricted int }

// promotable returns a product that is live.
func promotable(c *gate.Call, id string, codes collaborationCodes) (*product.Product, *gate.Failure) {
	p := product.Of(c.Shop).ByID[id]
	if p == nil {
		if owner := c.State.World.Owners.Of(id); owner != nil && owner != c.Shop {
			return nil, gate.Fail(codes.foreign, "'product_id' ", id, " belongs to another shop")
		}
		return nil, gate.Fail(codes.unavailable, "'product_id' ", strconv.Quote(id), " is unknown in this shop")
	}
	switch p.Status {
	case product.ProductActivate:
		return p, nil
	case product.ProductPlatformDeactivated, product.ProductFreeze:
		return nil, gate.Fail(codes.restricted, "product ", id, " is ", p.Status)
	}
	return nil, gate.Fail(codes.unavailable, "'product_id' ", id, " is ", p.Status, ", only live products can be promoted")
}

// rateAllowed tells whether a commission rate is from 1 to 80 percent.
func rateAllowed(rate int64) bool { return rate >= minCommissionRate && rate <= maxCommissionRate }

// commissionOf is a share of an amount, rounded as fees are.
func commissionOf(base, rate int64) int64 { return (base*rate + 5000) / 10000 }

// Of returns what a shop agreed with creators. The shop's lock guards it.
func Of(s *world.Shop) *affiliate { return world.RoomIn[affiliate](s.Rooms) }
