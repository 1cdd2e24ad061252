package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	operations "github.com/ttshop-go/ttshop/catalog"
)

// Codes of collaborations with creators. Where none is listed for an operation
// the collective one answers.
const (
	codeOpenTaken          = 16003012
	codeOpenRate           = 16003033
	codeOpenRestricted     = 16003035
	codeSampleAgency       = 16022020
	codeTargetForeign      = 16024008
	codeTargetTaken        = 16024022
	codeTargetUnknown      = 50001700
	codeTargetOver         = 50001701
	codeTargetItem         = 50001702
	codeTargetField        = codeAuthParameter // also means that a parameter is out of range
	codeCreatorUnknown     = 16901005
	codeCreatorOtherRegion = 16901006
)

// streamAffiliate and streamCreators are where the random streams of the
// collaborations and of the creators begin.
const (
	streamAffiliate = 1<<24 + 300
	streamCreators  = 1<<24 + 400
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
const terminationPeriod = secondsOfDay

// affiliate is what a shop agreed with creators. What is over is kept: orders
// came through it. The lock of the shop guards it.
type affiliate struct {
	IDs          ids                    `json:"ids"`
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
func offerOpenly(s *shop, product string, rate int64, approve bool, now int64) *openCollaboration {
	a := affiliateOf(s)
	o := &openCollaboration{ID: a.IDs.new(), Product: product, Rate: rate, Approve: approve, Start: now, Removed: map[string]int64{}}
	a.Open = append(a.Open, o)
	s.world.owners.add(s, o.ID)
	return o
}

// enroll lets live products join where the shop wants that. A product that was
// in an open collaboration before does not join again.
func enroll(s *shop, now time.Time) {
	if !affiliateOf(s).AutoAdd {
		return
	}
	known := map[string]bool{}
	for _, o := range affiliateOf(s).Open {
		known[o.Product] = true
	}
	for _, p := range productsOf(s).list {
		settleProduct(s, p, now)
		if p.status == productActivate && !known[p.id] {
			offerOpenly(s, p.id, affiliateOf(s).AutoRate, false, now.Unix())
		}
	}
}

// onAffiliate runs an operation on what the shop agreed with creators. Where
// the caller names no shop, an id that it names tells.
func onAffiliate(c *call, id string, work func(a *affiliate) *failure) *failure {
	if f := c.withShop(id); f != nil {
		return f
	}
	c.shop.mu.Lock() // a look may end a review
	defer c.shop.mu.Unlock()
	enroll(c.shop, c.now)
	return work(affiliateOf(c.shop))
}

// listAffiliate runs an operation that lists something of that, with the body
// decoded and the page read. The id tells lists of one operation apart, too.
func listAffiliate(c *call, in any, id string, work func(a *affiliate, l *financeList) *failure) *failure {
	if f := c.decode(in); f != nil {
		return f
	}
	return onAffiliate(c, id, func(a *affiliate) *failure {
		l, f := c.financeList("", "", id)
		if f != nil {
			return f
		}
		return work(a, l)
	})
}

// collaborationCodes answer for a product that creators cannot promote.
type collaborationCodes struct{ foreign, unavailable, restricted int }

// promotable returns a product that is live.
func promotable(c *call, id string, codes collaborationCodes) (*product, *failure) {
	p := productsOf(c.shop).byID[id]
	if p == nil {
		if owner := c.state.world.owners.of(id); owner != nil && owner != c.shop {
			return nil, fail(codes.foreign, "'product_id' ", id, " belongs to another shop")
		}
		return nil, fail(codes.unavailable, "'product_id' ", strconv.Quote(id), " is unknown in this shop")
	}
	settleProduct(c.shop, p, c.now)
	switch p.status {
	case productActivate:
		return p, nil
	case productPlatformDeactivated, productFreeze:
		return nil, fail(codes.restricted, "product ", id, " is ", p.status)
	}
	return nil, fail(codes.unavailable, "'product_id' ", id, " is ", p.status, ", only live products can be promoted")
}

// rateAllowed tells whether a commission rate is from 1 to 80 percent.
func rateAllowed(rate int64) bool { return rate >= minCommissionRate && rate <= maxCommissionRate }

// commissionOf is a share of an amount, rounded as fees are.
func commissionOf(base, rate int64) int64 { return (base*rate + 5000) / 10000 }

// jsonAs sets the data of the answer, less the fields that this version of the
// operation does not have.
func jsonAs(c *call, v any) {
	var data any
	if err := json.Unmarshal(appendJSON(nil, v), &data); err != nil {
		panic("sandbox: an answer does not decode: " + err.Error()) // it was written here
	}
	c.json(onlyFields(c.route.spec().Result, data))
}

// onlyFields drops the members of objects that are not listed.
func onlyFields(fields []operations.Field, data any) any {
	switch data := data.(type) {
	case []any:
		for i := range data {
			data[i] = onlyFields(fields, data[i])
		}
	case map[string]any:
		for name, value := range data {
			i := slices.IndexFunc(fields, func(f operations.Field) bool { return f.Name == name })
			if i < 0 {
				delete(data, name)
				continue
			}
			below := fields[i].Fields
			if fields[i].Items != nil {
				below = fields[i].Items.Fields
			}
			data[name] = onlyFields(below, value)
		}
	}
	return data
}

// affiliateOf returns what a shop agreed with creators. The shop's lock guards it.
func affiliateOf(s *shop) *affiliate { return roomIn[affiliate](s.rooms) }
