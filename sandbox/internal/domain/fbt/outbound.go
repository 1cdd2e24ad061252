package fbt

import (
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// outbound is an order of another channel that is sent from the warehouses. It is
// split into consignments some minutes after it comes.
type outbound struct {
	ID       string         `json:"id"`
	External string         `json:"external"`
	Created  int64          `json:"created"`
	Due      int64          `json:"due"` // when it moves on; 0: never
	Lines    []line         `json:"lines"`
	Parts    []*consignment `json:"parts"`
}

// consignment is what one warehouse sends of an order.
type consignment struct {
	ID        string `json:"id"`
	Warehouse string `json:"warehouse"`
	Status    string `json:"status"`
	Lines     []line `json:"lines"`
	Carrier   string `json:"carrier"` // id; "" until it has the goods
	Tracking  string `json:"tracking"`
}

// The states of consignments that come about here. Nothing gets lost or damaged.
const (
	partPending   = "PENDING"
	partHandled   = "HANDLE_BY_WAREHOUSE"
	partShipped   = "SHIPPED"
	partHandover  = "HANDOVER"
	partCompleted = "COMPLETED"
	partClosed    = "CLOSED"
)

// partSteps are the states through which a consignment goes by itself, with the
// seconds after which it leaves them. No document says how long they last.
var partSteps = map[string]struct {
	next  string
	after int64
}{
	"":           {partPending, 10 * 60},
	partPending:  {partHandled, 60 * 60},
	partHandled:  {partShipped, invent.SecondsOfDay},
	partShipped:  {partHandover, 6 * 60 * 60},
	partHandover: {partCompleted, 3 * invent.SecondsOfDay},
}

// mostPieces is the documented largest sum of quantities of an order.
const mostPieces = 50

func getMCFStatus(c *gate.Call) *gate.Failure {
	status := 0
	for _, s := range shops(c) {
		s.Mu.RLock()
		if Of(s).Onboarded {
			status = 1
		}
		s.Mu.RUnlock()
	}
	type view struct {
		On int `json:"is_mcf"`
	}
	c.JSON(struct {
		Status view `json:"mcf_status"`
	}{view{status}})
	return nil
}

// free is how much of a good can be sent, from all warehouses.
func (g *good) free() (n int64) {
	for _, h := range g.Held {
		n += h.OnHand - h.Reserved
	}
	return n
}

// searchMCFInventory tells how much of goods can be sent. Goods that nobody knows
// are left out.
func searchMCFInventory(c *gate.Call) *gate.Failure {
	var input struct {
		Goods []struct {
			ID string `json:"goods_id"`
		} `json:"goods"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	type view struct {
		Available int64  `json:"available_qty"`
		ID        string `json:"goods_id"`
	}
	views := []view{}
	for _, wanted := range input.Goods {
		for _, s := range shops(c) {
			s.Mu.RLock()
			if g := Of(s).good(wanted.ID); g != nil {
				views = append(views, view{g.free(), g.ID})
			}
			s.Mu.RUnlock()
		}
	}
	c.JSON(struct {
		List []view `json:"goods_inventory_list"`
	}{views})
	return nil
}

type outboundView struct {
	Parts    []consignmentView `json:"consign_orders,omitempty"`
	Created  int64             `json:"create_time,omitempty"`
	External string            `json:"external_order_id"`
	ID       string            `json:"mcf_order_id"`
}

type consignmentView struct {
	Carrier  string        `json:"carrier"`
	Goods    []lineView    `json:"goods"`
	ID       string        `json:"id"`
	Closed   bool          `json:"is_platform_closed"`
	Issue    string        `json:"issue"`
	Provider *providerView `json:"shipping_provider,omitempty"`
	Status   string        `json:"status"`
	Tracking string        `json:"tracking_number"`
}

type lineView struct {
	ID       string `json:"id"`
	Quantity int64  `json:"quantity"`
}

type providerView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func viewOutbound(s *world.Shop, o *outbound) outboundView {
	v := outboundView{Created: o.Created, External: o.External, ID: o.ID}
	for _, p := range o.Parts {
		shown := consignmentView{Goods: []lineView{}, ID: p.ID, Status: p.Status, Tracking: p.Tracking}
		for _, l := range p.Lines {
			shown.Goods = append(shown.Goods, lineView{l.Good, l.Quantity})
		}
		for _, carrier := range market.Carriers(s.Region) {
			if carrier.ID == p.Carrier {
				shown.Carrier, shown.Provider = carrier.Name, &providerView{carrier.ID, carrier.Name}
			}
		}
		v.Parts = append(v.Parts, shown)
	}
	return v
}

// createOutbound takes an order of another channel and reserves its goods.
func createOutbound(c *gate.Call) *gate.Failure {
	var input struct {
		External  string     `json:"external_order_id"`
		Goods     []lineView `json:"goods"`
		Consignee *struct {
			Name    string `json:"name"`
			Email   string `json:"email"`
			Phone   string `json:"phone_number"`
			Address struct {
				Line1    string `json:"address_line_1"`
				Line2    string `json:"address_line_2"`
				City     string `json:"city"`
				Country  string `json:"country_code"`
				District string `json:"district_or_county"`
				Postcode string `json:"postal_code"`
				State    string `json:"state_or_region"`
			} `json:"address"`
		} `json:"consignee"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	switch {
	case len(input.Goods) == 0:
		return gate.Missing("goods")
	case input.External == "":
		return gate.Missing("external_order_id")
	case input.Consignee == nil:
		return gate.Missing("consignee")
	case input.Consignee.Address.Line1 == "":
		return gate.Missing("consignee.address.address_line_1")
	}
	if f := withShop(c, input.Goods[0].ID); f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	own, now := Of(s), c.Now.Unix()
	if !own.Onboarded {
		return gate.Fail(codeRefused, "the seller does not take part in multi-channel fulfilment here")
	}
	o := &outbound{External: input.External, Created: now, Parts: []*consignment{}}
	wanted, pieces := map[string]int64{}, int64(0)
	for _, l := range input.Goods {
		g := own.good(l.ID)
		switch {
		case g == nil:
			return gate.Fail(codeRefused, "no goods have the id ", l.ID)
		case l.Quantity < 1 || l.Quantity > mostPieces:
			return gate.Fail(codeRefused, "'goods.quantity' must be from 1 to ", strconv.Itoa(mostPieces))
		}
		pieces += l.Quantity
		if wanted[g.ID] += l.Quantity; wanted[g.ID] > g.free() {
			return gate.Fail(codeRefused, "there are not enough of goods ", g.ID)
		}
		o.Lines = append(o.Lines, line{g.ID, l.Quantity})
	}
	if pieces > mostPieces {
		return gate.Fail(codeRefused, "an order has at most ", strconv.Itoa(mostPieces), " pieces")
	}
	for _, other := range own.Outbound {
		if other.External == o.External {
			return gate.Fail(codeRefused, "there is an order for ", o.External, " already")
		}
	}
	o.ID = own.IDs.New()
	own.Outbound = append(own.Outbound, o)
	split(s, o)
	for _, l := range o.Lines {
		announceStock(s, own.good(l.Good), now)
	}
	o.Due = now + partSteps[""].after
	s.Schedule(o.Due, deadlineOutbound, o.ID)
	c.JSON(struct {
		Order outboundView `json:"mcf_order"`
	}{outboundView{Created: o.Created, External: o.External, ID: o.ID}})
	return nil
}

// split reserves the goods of an order where they lie, the first warehouse first.
// The consignments are shown once the order was handed to the warehouses.
func split(s *world.Shop, o *outbound) {
	own := Of(s)
	left := map[string]int64{}
	for _, l := range o.Lines {
		left[l.Good] += l.Quantity
	}
	for _, w := range own.Warehouses {
		part := &consignment{Warehouse: w.ID, Lines: []line{}}
		for _, l := range o.Lines {
			h := own.good(l.Good).Held[w.ID]
			if h == nil {
				continue
			}
			if n := min(left[l.Good], h.OnHand-h.Reserved); n > 0 {
				part.Lines = append(part.Lines, line{l.Good, n})
				left[l.Good] -= n
				h.Reserved += n
			}
		}
		if len(part.Lines) > 0 {
			part.ID = own.IDs.New()
			o.Parts = append(o.Parts, part)
		}
	}
}

// outboundDue takes the next step of an order of another channel.
func outboundDue(s *world.Shop, d world.Deadline) {
	o := Of(s).outbound(d.ID)
	if o == nil || o.Due != d.At {
		return
	}
	o.Due = 0
	for _, p := range o.Parts {
		step, ok := partSteps[p.Status]
		if !ok {
			continue
		}
		p.Status = step.next
		if p.Status == partShipped {
			ship(s, p, d.At)
		}
		if after, more := partSteps[p.Status]; more {
			o.Due = d.At + after.after
		}
	}
	if o.Due > 0 {
		s.Schedule(o.Due, deadlineOutbound, o.ID)
	}
	announceOutbound(s, o)
}

// ship takes the goods of a consignment out of the warehouse.
func ship(s *world.Shop, p *consignment, now int64) {
	carrier := market.Carriers(s.Region)[0]
	p.Carrier, p.Tracking = carrier.ID, carrier.Prefix+strings.TrimLeft(p.ID, "7")
	for _, l := range p.Lines {
		g := Of(s).good(l.Good)
		g.in(p.Warehouse).Reserved -= l.Quantity
		book(s, g, p.Warehouse, kindNormal, -l.Quantity, p.ID, causeConsign, now)
		announceStock(s, g, now)
	}
}

// shown hides what is not yet split.
func (o *outbound) shown() *outbound {
	copied := *o
	if len(o.Parts) > 0 && o.Parts[0].Status == "" {
		copied.Parts = nil
	}
	return &copied
}

func announceOutbound(s *world.Shop, o *outbound) {
	s.Emit(int(event.TypeFBTMCFOrderStatus), struct {
		Order outboundView `json:"mcf_order"`
	}{viewOutbound(s, o.shown())})
}

func getOutbound(c *gate.Call) *gate.Failure {
	id := c.List("mcf_order_id")
	if len(id) == 0 {
		return gate.Missing("mcf_order_id")
	}
	if f := withShop(c, id[0]); f != nil {
		return f
	}
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	o := Of(c.Shop).outbound(id[0])
	if o == nil {
		return gate.Fail(codeRefused, "no order has the id ", id[0])
	}
	c.JSON(struct {
		Order outboundView `json:"mcf_order"`
	}{viewOutbound(c.Shop, o.shown())})
	return nil
}

// cancelOutbound closes consignments that have not left. Those that are left out
// go on; without any named all are closed.
func cancelOutbound(c *gate.Call) *gate.Failure {
	var input struct {
		Order string `json:"mcf_order_id"`
		Parts []struct {
			ID string `json:"id"`
		} `json:"consign_orders"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if input.Order == "" {
		return gate.Missing("mcf_order_id")
	}
	if f := withShop(c, input.Order); f != nil {
		return f
	}
	s := c.Shop
	s.Mu.Lock()
	defer s.Mu.Unlock()
	o := Of(s).outbound(input.Order)
	if o == nil {
		return gate.Fail(codeRefused, "no order has the id ", input.Order)
	}
	named := map[string]bool{}
	for _, p := range input.Parts {
		named[p.ID] = true
	}
	var closing []*consignment
	for _, p := range o.Parts {
		if len(named) > 0 && !named[p.ID] {
			continue
		}
		delete(named, p.ID)
		if p.Status != "" && p.Status != partPending && p.Status != partHandled {
			return gate.Fail(codeRefused, "consignment ", p.ID, " is ", p.Status, " and cannot be cancelled")
		}
		closing = append(closing, p)
	}
	if len(named) > 0 || len(closing) == 0 {
		return gate.Fail(codeRefused, "'consign_orders' names one that order ", o.ID, " does not have")
	}
	type closed struct {
		ID     string `json:"id"`
		Status string `json:"status"`
	}
	views := []closed{}
	for _, p := range closing {
		p.Status = partClosed
		for _, l := range p.Lines {
			g := Of(s).good(l.Good)
			g.in(p.Warehouse).Reserved -= l.Quantity
			announceStock(s, g, c.Now.Unix())
		}
		views = append(views, closed{p.ID, p.Status})
	}
	announceOutbound(s, o)
	type view struct {
		Parts    []closed `json:"consign_orders"`
		External string   `json:"external_order_id"`
		ID       string   `json:"mcf_order_id"`
	}
	c.JSON(struct {
		Order view `json:"mcf_order"`
	}{view{views, o.External, o.ID}})
	return nil
}
