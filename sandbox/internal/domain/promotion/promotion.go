package promotion

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// The states of a promotion. NOT_EFFECTIVE, which the platform gives for
// reasons of its own, exists too.
const (
	activityDraft       = "DRAFT"
	activityNotStart    = "NOT_START"
	ActivityOngoing     = "ONGOING"
	activityExpired     = "EXPIRED"
	activityDeactivated = "DEACTIVATED"
)

// The kinds and levels of promotions that rules depend on.
const (
	activityFixedPrice = "FIXED_PRICE"
	activityDirect     = "DIRECT_DISCOUNT"
	activityFlashSale  = "FLASHSALE"
	activityShipping   = "SHIPPING_DISCOUNT"
	activityBuyMore    = "BUY_MORE_SAVE_MORE"

	levelProduct   = "PRODUCT"
	levelVariation = "VARIATION"
	levelShop      = "SHOP"
)

// couponRegular is the kind of coupon that everybody is shown.
const couponRegular = "REGULAR"

const (
	idActivities = 7360_000_000_000_000_000
	idCoupons    = 7361_000_000_000_000_000
)

// promotions are the promotions and coupons of a shop. The lock of the shop
// guards them.
type promotions struct {
	IDs        invent.IDs  `json:"ids"`
	Activities []*activity `json:"activities"` // in the order of their creation
	Coupons    []coupon    `json:"coupons"`
}

// activity is a promotion. Its state follows from its period, its products and
// whether it was stopped.
type activity struct {
	ID            string            `json:"id"`
	Type          string            `json:"type"`
	Title         string            `json:"title"`
	Level         string            `json:"level"`
	Begin         int64             `json:"begin"`
	End           int64             `json:"end"`
	DurationType  string            `json:"duration_type"`
	Discount      json.RawMessage   `json:"discount,omitempty"`
	Participation json.RawMessage   `json:"participation,omitempty"`
	Target        json.RawMessage   `json:"target,omitempty"`
	Created       int64             `json:"created"`
	Updated       int64             `json:"updated"`
	Stopped       bool              `json:"stopped"`
	Announced     string            `json:"announced"`      // the state that was announced last
	Next          int64             `json:"next,omitempty"` // when the state changes by itself, in Unix seconds; 0 for never
	Products      []activityProduct `json:"products"`
	Uses          []use             `json:"uses,omitempty"` // by orders
}

// activityProduct is a product in a promotion. Price and discount are those of
// the product or, at the level of variations, of each SKU.
type activityProduct struct {
	activityItem
	SKUs []activityItem `json:"skus"`
}

type activityItem struct {
	ID              string `json:"id"`
	Price           string `json:"price"`
	Discount        string `json:"discount"`
	QuantityLimit   int64  `json:"quantity_limit"`
	QuantityPerUser int64  `json:"quantity_per_user"`
}

// status is the state at a time. One whose time is over has expired, whatever is
// in it: so the platform answers the creation of one in the past. Which of DRAFT
// and NOT_START follows the creation otherwise is not documented: here a promotion
// that needs products is a draft until it has some.
func (a *activity) status(now int64) string {
	switch {
	case a.Stopped:
		return activityDeactivated
	case now >= a.End && a.DurationType != durationIndefinite:
		return activityExpired
	case a.empty():
		return activityDraft
	case now < a.Begin:
		return activityNotStart
	}
	return ActivityOngoing
}

// durationIndefinite is a promotion without an end. All others have one.
const durationIndefinite = "INDEFINITE"

// empty tells whether a promotion lacks the products that it needs.
func (a *activity) empty() bool { return len(a.Products) == 0 && a.Level != levelShop }

// next is when the state changes by itself, or zero.
func (a *activity) next(now int64) int64 {
	switch a.status(now) {
	case activityNotStart:
		return a.Begin
	case ActivityOngoing:
		if a.DurationType != durationIndefinite {
			return a.End
		}
	}
	return 0
}

// activityOrder tells which state of a promotion time leads to first.
func activityOrder(status string) int {
	return slices.Index([]string{activityDraft, activityNotStart, ActivityOngoing, activityExpired, activityDeactivated}, status)
}

type activityStatusChange struct {
	ActivityID string `json:"activity_id"`
	UpdateTime int64  `json:"update_time"`
	Type       string `json:"activity_type"`
	Level      string `json:"product_level"`
	Status     string `json:"status"`
}

// deadlineActivity is the kind of the deadline at which a promotion starts or
// ends.
const deadlineActivity = "activity"

// announceActivity tells what has become of a promotion and schedules its next
// change. Only the start, the end and the stop are announced. The caller holds
// the shop's lock.
func announceActivity(s *world.Shop, a *activity, now int64) {
	status := a.status(now)
	tell := func(status string, at int64) {
		s.Emit(int(event.TypeActivityStatusChange), activityStatusChange{a.ID, at, a.Type, a.Level, status})
	}
	// A caller who looked at the clock earlier may come later.
	if status != a.Announced && (status == activityDraft || activityOrder(status) >= activityOrder(a.Announced)) {
		switch status {
		case ActivityOngoing:
			tell(status, max(a.Begin, a.Updated))
		case activityExpired:
			if a.empty() || a.Created >= a.End {
				break // it never ran
			}
			if a.Announced != ActivityOngoing { // started and ended since
				tell(ActivityOngoing, a.Begin)
			}
			tell(status, a.End)
		case activityDeactivated:
			tell(status, a.Updated)
		}
		a.Announced = status
	}
	if next := a.next(now); next != a.Next {
		a.Next = next
		scheduleActivity(s, a)
	}
}

func scheduleActivity(s *world.Shop, a *activity) {
	if a.Next != 0 {
		s.Schedule(a.Next, deadlineActivity, a.ID)
	}
}

// turnActivity starts or ends a promotion.
func turnActivity(s *world.Shop, d world.Deadline) {
	i := slices.IndexFunc(Of(s).Activities, func(a *activity) bool { return a.ID == d.ID })
	if i < 0 {
		return
	}
	if a := Of(s).Activities[i]; a.Next == d.At { // else it was changed
		announceActivity(s, a, d.At)
	}
}

// scheduleActivities makes the promotions start and end that a snapshot of an
// earlier version has no deadlines for.
func scheduleActivities(s *world.Shop) {
	for _, a := range Of(s).Activities {
		if next := a.next(max(a.Created, a.Updated)); a.Next == 0 && next != 0 && a.Announced != activityExpired {
			a.Next = next
			scheduleActivity(s, a)
		}
	}
}

// coupon is a coupon, made in Seller Center: the API only reads them.
type coupon struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Display  string   `json:"display"`
	Code     string   `json:"code,omitempty"`
	Percent  int64    `json:"percent"`   // off; 0: Amount off
	Amount   int64    `json:"amount"`    // in the smallest unit
	MinSpend int64    `json:"min_spend"` // 0: none
	Start    int64    `json:"start"`
	End      int64    `json:"end"`
	Created  int64    `json:"created"`
	Updated  int64    `json:"updated"`
	Stopped  bool     `json:"stopped"`
	Products []string `json:"products"` // empty: the whole shop
	Limit    int64    `json:"limit"`
	Claimed  int64    `json:"claimed"`
	Redeemed int64    `json:"redeemed"`
	Buyers   []string `json:"buyers,omitempty"` // who redeemed it
}

// Status is the state of a coupon at a time.
func (c *coupon) Status(now int64) string {
	switch {
	case c.Stopped:
		return activityDeactivated
	case now < c.Start:
		return activityNotStart
	case now < c.End:
		return ActivityOngoing
	}
	return activityExpired
}

// SeedPromotions invents the coupons of a shop; promotions are left to callers.
func SeedPromotions(s *world.Shop, seed uint64, index int, now time.Time) {
	rng := invent.NewRandom(seed, invent.StreamPromotions+uint64(index))
	p := promotions{
		IDs:        invent.IDs{Next: idActivities + uint64(index)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng},
		Activities: []*activity{},
	}
	// A sequence of its own: what two share becomes two after a restore.
	draw := invent.NewRandom(seed, invent.StreamPromotions+1000+uint64(index))
	couponIDs := invent.IDs{Next: idCoupons + uint64(index)*world.IDStride + draw.Uint64N(world.IDStride/2), Random: draw}
	const day = 24 * 60 * 60
	live := slices.DeleteFunc(slices.Clone(product.Of(s).List), func(p *product.Product) bool { return p.Status != product.ProductActivate })
	for i, plan := range []struct {
		title, display string
		percent        int64
		amount         int64 // in US cents
		start, end     int64 // days from now
		stopped        bool
	}{
		{"Welcome back", "REGULAR", 10, 0, -20, 20, false},
		{"Live night", "LIVE", 0, 300, -2, 5, false},
		{"Spring preview", "REGULAR", 15, 0, 6, 20, false},
		{"Newsletter thanks", "PROMO_CODE", 0, 500, -60, -30, false},
		{"For chat customers", "CHAT", 5, 0, -10, 40, true},
	} {
		c := coupon{
			ID: couponIDs.New(), Title: plan.title, Display: plan.display, Percent: plan.percent, Stopped: plan.stopped,
			Start: now.Unix() + plan.start*day, End: now.Unix() + plan.end*day, Products: []string{}, Limit: 100 * draw.Between(1, 20),
		}
		c.Created = min(c.Start, now.Unix()) - day
		c.Updated = c.Created
		if plan.amount > 0 {
			c.Amount, c.MinSpend = product.LocalPrice(s.Market, plan.amount), product.LocalPrice(s.Market, 10*plan.amount)
		}
		if plan.display == "PROMO_CODE" {
			c.Code = draw.Text(invent.UpperDigits, 8)
		}
		if i%2 == 1 && len(live) > 1 {
			c.Products = []string{live[0].ID, live[1].ID}
		}
		if c.Start < now.Unix() {
			c.Claimed = draw.Between(0, c.Limit)
			c.Redeemed = draw.Between(0, c.Claimed)
		}
		p.Coupons = append(p.Coupons, c)
		s.World.Owners.Add(s, c.ID)
	}
	s.Rooms.Furnish(&p)
}

// Of returns the promotions of a shop. The shop's lock guards them.
func Of(s *world.Shop) *promotions { return world.RoomIn[promotions](s.Rooms) }
