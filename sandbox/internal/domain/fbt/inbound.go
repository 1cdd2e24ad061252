package fbt

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// The states of inbound orders.
const (
	inboundWorking   = "WORKING"
	inboundReady     = "READY_TO_SHIP"
	inboundToReceive = "TO_BE_RECEIVED"
	inboundHub       = "ARRIVED_HUB"
	inboundTransfer  = "INTERNAL_TRANSFER"
	inboundDelivered = "DELIVERED"
	inboundReceiving = "RECEIVING"
	inboundPartially = "PARTIALLY_RECEIVED"
	inboundReceived  = "RECEIVED"
	inboundCancelled = "CANCELLED"
)

// inboundSteps are the states that may follow one.
var inboundSteps = map[string][]string{
	inboundWorking:   {inboundReady, inboundCancelled},
	inboundReady:     {inboundToReceive, inboundCancelled},
	inboundToReceive: {inboundHub, inboundDelivered, inboundReceiving, inboundCancelled},
	inboundHub:       {inboundTransfer, inboundReceiving},
	inboundTransfer:  {inboundDelivered},
	inboundDelivered: {inboundReceiving},
	inboundReceiving: {inboundPartially, inboundReceived},
	inboundPartially: {inboundPartially, inboundReceived},
}

// inboundStates are all of them.
var inboundStates = []string{
	inboundWorking, inboundReady, inboundToReceive, inboundHub, inboundTransfer, inboundDelivered,
	inboundReceiving, inboundPartially, inboundReceived, inboundCancelled,
}

// inboundTold are the states of which a webhook tells, as it spells them. It has
// no name for the others.
var inboundTold = map[string]string{
	inboundToReceive: inboundToReceive, inboundHub: "ARRIVE_HUB", inboundReceiving: inboundReceiving,
	inboundPartially: inboundPartially, inboundReceived: inboundReceived, inboundCancelled: inboundCancelled,
}

// How long an inbound order stays in a state that passes by itself. No document
// says; the way to the warehouse takes until it is expected there.
const (
	inboundDoor  = invent.SecondsOfDay
	inboundCount = 2 * invent.SecondsOfDay
)

func (o *inbound) ended() bool { return o.Status == inboundReceived || o.Status == inboundCancelled }

// counted is how much of a good was counted in.
func (o *inbound) counted(good string) (n int64) {
	for _, b := range o.Batches {
		if b.Good == good {
			n += b.Normal + b.Defective
		}
	}
	return n
}

type inboundChange struct {
	ID     string `json:"inbound_order_id"`
	Status string `json:"order_status"`
	Time   int64  `json:"update_time"`
}

// moveInbound takes an inbound order to the next state and plans the one after it.
func moveInbound(s *world.Shop, o *inbound, to string, received []batch, now int64) *gate.Failure {
	if f := enterInbound(s, o, to, received, now); f != nil {
		return f
	}
	if o.Due > 0 {
		s.Schedule(o.Due, deadlineInbound, o.ID)
	}
	return nil
}

// enterInbound takes an inbound order to the next state, with what is counted in
// on the way. Everything that is left is counted in when it is received.
func enterInbound(s *world.Shop, o *inbound, to string, received []batch, now int64) *gate.Failure {
	if !slices.Contains(inboundSteps[o.Status], to) {
		return gate.Fail(codeRefused, "inbound order ", o.ID, " is ", o.Status, "; it can become ", strings.Join(inboundSteps[o.Status], ", "))
	}
	books := to == inboundPartially || to == inboundReceived
	if len(received) > 0 && !books {
		return gate.Fail(codeRefused, "goods are booked by PARTIALLY_RECEIVED and RECEIVED only")
	}
	if to == inboundPartially && len(received) == 0 {
		return gate.Missing("received")
	}
	planned := map[string]int64{}
	for _, l := range o.Lines {
		planned[l.Good] += l.Quantity
	}
	for _, b := range received {
		switch planned[b.Good] -= b.Normal + b.Defective; {
		case b.Normal < 0 || b.Defective < 0 || b.Normal+b.Defective == 0:
			return gate.Fail(codeRefused, "a part that is received has at least one good")
		case planned[b.Good] < o.counted(b.Good):
			return gate.Fail(codeRefused, "more of goods ", b.Good, " than was announced")
		}
	}
	for _, b := range received {
		countIn(s, o, b, now)
	}
	if to == inboundReceived && len(received) == 0 {
		for _, l := range o.Lines {
			if left := l.Quantity - o.counted(l.Good); left > 0 {
				countIn(s, o, batch{Good: l.Good, Normal: left}, now)
			}
		}
	}
	o.Status = to
	o.Log = append(o.Log, step{to, now})
	switch to {
	case inboundToReceive:
		o.Shipped, o.Due = now, max(o.Expected, now+1)
		o.Expected = o.Due
	case inboundDelivered:
		o.Arrived, o.Due = now, now+inboundDoor
	case inboundReceiving, inboundPartially:
		if o.Arrived == 0 {
			o.Arrived = now
		}
		o.Due = now + inboundCount
	default:
		o.Due = 0
	}
	if told := inboundTold[to]; told != "" {
		s.Emit(int(event.TypeInboundFBTOrderStatusChange), inboundChange{"IBR" + o.ID, told, now})
	}
	return nil
}

// countIn books a part of an inbound order.
func countIn(s *world.Shop, o *inbound, b batch, now int64) {
	b.ID = Of(s).IDs.New()
	o.Batches = append(o.Batches, b)
	g := Of(s).good(b.Good)
	book(s, g, o.Warehouse, kindNormal, b.Normal, o.ID, causeInbound, now)
	book(s, g, o.Warehouse, kindDefective, b.Defective, o.ID, causeInbound, now)
	if b.Normal > 0 {
		announceStock(s, g, now)
	}
}

// inboundDue takes the step that comes by itself.
func inboundDue(s *world.Shop, d world.Deadline) {
	o := Of(s).inbound(d.ID)
	if o == nil || o.Due != d.At {
		return
	}
	next := map[string]string{
		inboundToReceive: inboundDelivered, inboundDelivered: inboundReceiving,
		inboundReceiving: inboundReceived, inboundPartially: inboundReceived,
	}[o.Status]
	if f := moveInbound(s, o, next, nil, d.At); f != nil {
		panic("sandbox: " + f.Message) // the steps above are in the table
	}
}

// newInbound announces stock. Operations show its id as it is, notifications with
// IBR before it.
func newInbound(s *world.Shop, warehouse string, lines []line, now int64) *inbound {
	own := Of(s)
	o := &inbound{
		ID: own.IDs.New(), Warehouse: warehouse, Status: inboundWorking, Created: now,
		Expected: now + 7*invent.SecondsOfDay, Lines: lines, Batches: []batch{}, Log: []step{{inboundWorking, now}},
	}
	own.Inbound = append(own.Inbound, o)
	return o
}

type inboundView struct {
	Arrived   int64              `json:"actual_arrive_time,omitempty"`
	Carriers  []carrierView      `json:"carriers"`
	Created   int64              `json:"create_time"`
	Expected  int64              `json:"expect_arrive_time"`
	ID        string             `json:"id"`
	Merchant  merchantView       `json:"merchant"`
	Log       []logView          `json:"order_operation_logs"`
	Planned   []plannedView      `json:"planned_goods"`
	Batches   []batchView        `json:"received_batches"`
	Shipped   int64              `json:"ship_time,omitempty"`
	Type      string             `json:"type"`
	Warehouse shortWarehouseView `json:"warehouse"`
}

type carrierView struct {
	Name     string `json:"carrier_name"`
	Tracking string `json:"tracking_number"`
}

type merchantView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type logView struct {
	Time   int64  `json:"operate_time"`
	Status string `json:"order_status"`
}

type plannedView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Quantity  int64    `json:"quantity"`
	Reference string   `json:"reference_code"`
	SKUs      []string `json:"sku_ids"`
}

type batchView struct {
	Defective int64    `json:"defective_quantity"`
	GoodsID   string   `json:"goods_id"`
	ID        string   `json:"id"`
	Normal    int64    `json:"normal_quantity"`
	Products  []string `json:"product_ids"`
	SKUs      []string `json:"sku_ids"`
	Total     int64    `json:"total_quantity"`
}

type shortWarehouseView struct {
	ID    string   `json:"fbt_warehouse_id"`
	Name  string   `json:"name"`
	Type  string   `json:"type"`
	Shown []string `json:"warehouse_ids"`
}

func (g *good) skus() (products, skus []string) {
	products, skus = []string{}, []string{}
	for _, m := range g.SKUs {
		skus = append(skus, m.SKU)
		if !slices.Contains(products, m.Product) {
			products = append(products, m.Product)
		}
	}
	return products, skus
}

func viewInbound(s *world.Shop, o *inbound) inboundView {
	own := Of(s)
	at := own.warehouse(o.Warehouse)
	v := inboundView{
		Arrived: o.Arrived, Carriers: []carrierView{}, Created: o.Created, Expected: o.Expected, ID: o.ID, Merchant: merchantOf(s),
		Log: []logView{}, Planned: []plannedView{}, Batches: []batchView{}, Shipped: o.Shipped, Type: "REPLENISHMENT",
		Warehouse: shortWarehouseView{at.ID, at.Name, platformWarehouse, []string{at.ShownAs}},
	}
	if o.Carrier != "" {
		v.Carriers = append(v.Carriers, carrierView{o.Carrier, o.Tracking})
	}
	for _, l := range o.Log {
		v.Log = append(v.Log, logView{l.Time, l.Status})
	}
	for _, l := range o.Lines {
		g := own.good(l.Good)
		_, skus := g.skus()
		v.Planned = append(v.Planned, plannedView{g.ID, g.Name, l.Quantity, g.Reference, skus})
	}
	for _, b := range o.Batches {
		products, skus := own.good(b.Good).skus()
		v.Batches = append(v.Batches, batchView{b.Defective, b.Good, b.ID, b.Normal, products, skus, b.Normal + b.Defective})
	}
	return v
}

// getInbound shows inbound orders by id; ids that nobody knows are left out.
func getInbound(c *gate.Call) *gate.Failure {
	views := []inboundView{}
	ids := c.List("ids")
	if len(ids) == 0 {
		return gate.Missing("ids")
	}
	for _, id := range ids {
		for _, s := range shops(c) {
			s.Mu.RLock()
			if o := Of(s).inbound(id); o != nil {
				views = append(views, viewInbound(s, o))
			}
			s.Mu.RUnlock()
		}
	}
	c.JSON(struct {
		Orders []inboundView `json:"inbound_orders"`
	}{views})
	return nil
}

// owner finds the shop that has something of an id here, or nil. It locks shops in
// turn.
func owner(list []*world.Shop, id string) *world.Shop {
	for _, s := range list {
		s.Mu.RLock()
		own := Of(s)
		found := own.good(id) != nil || own.warehouse(id) != nil || own.inbound(id) != nil || own.outbound(id) != nil
		s.Mu.RUnlock()
		if found {
			return s
		}
	}
	return nil
}

// withShop finds the shop of a request that leaves it out by an id; it is the
// first one of the grant where nobody has that.
func withShop(c *gate.Call, id string) *gate.Failure {
	if c.Shop == nil {
		c.Shop = owner(c.Grant.Shops, id)
	}
	return c.WithShop("")
}

// shops are those that a request is about: its own, or all of the grant.
func shops(c *gate.Call) []*world.Shop {
	if c.Shop != nil {
		return []*world.Shop{c.Shop}
	}
	return c.Grant.Shops
}
