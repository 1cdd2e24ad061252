package notify

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// shopWebhooks are the addresses that an app has for single shops, by shop id
// and topic.
type shopWebhooks map[string]map[string]webhookAddress

// Subject is who a webhook is about: a shop, or a creator by open id.
type Subject struct {
	Shop    *world.Shop
	Creator string
}

// audience returns the apps that may hear of a shop: somebody who acts for it
// allowed them to, and the grant is still good. Whether the platform also asks
// for the scope of a topic is not documented; here it does not.
func audience(a *authority.Authority, s *world.Shop, now int64) []*authority.App {
	a.Mu.RLock()
	defer a.Mu.RUnlock()
	var list []*authority.App
	for _, known := range a.Apps {
		if slices.ContainsFunc(a.Grants, func(g *authority.Grant) bool {
			return g.App == known && !g.Revoked && g.Expires > now && slices.Contains(g.Shops, s)
		}) {
			list = append(list, known)
		}
	}
	return list
}

// address returns where an app wants an event: at the address that it has for
// the shop and the topic, else at the one for all shops, else nowhere. The lock
// is held.
func (h *webhooks) address(to *authority.App, about Subject, t event.Type) string {
	if about.Shop != nil {
		if own := h.Shops[to.Key][about.Shop.ID][t.String()]; own.Address != "" {
			return own.Address
		}
	}
	if all := h.Apps[to.Key]; len(all.Types) == 0 || slices.Contains(all.Types, int(t)) {
		return all.Address
	}
	return ""
}

// listening tells whether any address is set.
func (h *webhooks) listening() bool {
	h.Mu.Lock()
	defer h.Mu.Unlock()
	return len(h.Apps) > 0 || len(h.Shops) > 0
}

// announce queues an event of a shop for every app that may hear of the shop
// and wants it.
func (h *webhooks) announce(s *world.Shop, eventType int, data any) {
	if !h.listening() {
		return
	}
	raw := gate.AppendJSON(nil, data)
	for _, to := range audience(h.authority, s, h.sandbox.Clock.Now().Unix()) {
		h.queueFor(to, Subject{Shop: s}, eventType, raw)
	}
}

// Tell queues an event for one app, whatever its grants say.
func (h *webhooks) Tell(to *authority.App, about Subject, eventType int, data any) {
	h.queueFor(to, about, eventType, gate.AppendJSON(nil, data))
}

func (h *webhooks) queueFor(to *authority.App, about Subject, eventType int, data json.RawMessage) {
	h.Mu.Lock()
	at := h.address(to, about, event.Type(eventType))
	if at != "" {
		d := h.build(to, about, eventType, data, at, h.sandbox.Clock.Now().Unix())
		d.Due += h.holdUp()
		h.add(d)
	}
	h.Mu.Unlock()
	if at != "" {
		h.sandbox.DeliverDue()
	}
}

// longestHoldUp is how many seconds a delivery is held up at most where they are
// shuffled.
const longestHoldUp = 5

// holdUp returns for how many seconds the next delivery waits, so that others
// overtake it where they are to be shuffled. It follows from the seed and the
// number of the delivery. The lock is held.
func (h *webhooks) holdUp() int64 {
	if !h.sandbox.Settings.ShuffledWebhooks {
		return 0
	}
	return int64(invent.Mix(h.world.Seed+uint64(h.last+1)) % (longestHoldUp + 1))
}

// triggerOrder is a webhook to raise by hand.
type triggerOrder struct {
	eventType       int
	shopID          string // empty means the first shop
	appKey, address string
	data            json.RawMessage // nil means a sample
	age             time.Duration   // how long ago it says that it was sent
	forged          bool
}

// trigger queues a webhook by hand: at an address, or where none is given for
// every app that may hear of the shop and wants it. With a key only that app is
// told. It returns the first delivery and what watches it, or what is wrong.
func (h *webhooks) trigger(order triggerOrder) (*Delivery, chan struct{}, string) {
	now := h.sandbox.Clock.Now().Unix()
	sent := now - int64(order.age/time.Second)
	about := h.world.Shops[0]
	if order.shopID != "" {
		about = h.world.ShopByID(order.shopID)
	}
	if about == nil {
		return nil, nil, "no shop has the id " + strconv.Quote(order.shopID)
	}
	apps := audience(h.authority, about, now)
	switch {
	case order.appKey != "":
		only := h.authority.App(order.appKey)
		if only == nil {
			return nil, nil, "no app has the key " + strconv.Quote(order.appKey)
		}
		apps = []*authority.App{only}
	case order.address != "": // receivers know the secret of the first app
		apps = []*authority.App{h.authority.App(h.authority.First().Key)}
	}
	if len(order.data) == 0 {
		// A type that is not known has no sample; receivers must bear it.
		order.data = h.sampleData(about, event.Type(order.eventType), sent)
	}
	h.Mu.Lock()
	defer h.Mu.Unlock()
	var first *Delivery
	for _, to := range apps {
		at := order.address
		if at == "" {
			at = h.address(to, Subject{Shop: about}, event.Type(order.eventType))
		}
		if at == "" {
			continue
		}
		fresh := h.build(to, Subject{Shop: about}, order.eventType, order.data, at, sent)
		fresh.Forged = order.forged
		queue := h.add
		if fresh.Forged {
			queue = h.push // it is what a fault would make of another
		}
		if d := queue(fresh); first == nil {
			first = d
		}
	}
	if first == nil {
		return nil, nil, "no app that may hear of this shop has an address for this type, give one in to"
	}
	return first, h.watch(first), ""
}

// build returns a delivery that is due now and says that it was sent at a time.
// The lock is held.
func (h *webhooks) build(to *authority.App, about Subject, eventType int, data json.RawMessage, address string, sent int64) Delivery {
	now := h.sandbox.Clock.Now().Unix()
	kind := event.Type(eventType)
	content := envelope{Type: eventType, NotificationID: h.ids.New(), Timestamp: sent, Data: data}
	shopID := ""
	if about.Shop != nil {
		shopID = about.Shop.ID
	}
	switch owner := kind.Owner(); {
	case about.Creator != "":
		content.CreatorOpenID = about.Creator
	case owner == event.OwnerSeller:
		content.SellerOpenID = about.Shop.Owner
	case owner == event.OwnerCreator: // triggered by hand
		content.CreatorOpenID = h.world.Seller.CreatorOpenID
	default: // topics without a known owner are taken for the shop's
		content.ShopID = shopID
	}
	notification := content.NotificationID
	if kind == event.TypeRecipientAddressUpdate {
		content.NotificationID = "" // the documented sample lacks it
	}
	d := Delivery{
		NotificationID: notification, Type: eventType, Topic: kind.String(), ShopID: shopID, AppKey: to.Key, Address: address,
		Status: DeliveryPending, CreateTime: now, Due: now, Attempts: []DeliveryAttempt{},
		Body: string(gate.AppendJSON(nil, content)),
	}
	if bare := h.sandbox.Registry.Bare[kind]; bare != nil && h.sandbox.Settings.BareInventoryEvents {
		d.Body = string(gate.AppendJSON(nil, bare(data)))
	}
	return d
}

// add queues a delivery and what the injected faults make of it. The lock is
// held.
func (h *webhooks) add(d Delivery) *Delivery {
	switch f := h.sandbox.Faults.TakeWebhook(d.Type); {
	case f == nil:
	case f.Webhook == gate.WebhookLate:
		d.Due += int64(f.Delay / time.Second)
	case f.Webhook == gate.WebhookDuplicate:
		h.push(d)
	case f.Webhook == gate.WebhookForged:
		// Somebody who does not know the secret is faster than the platform.
		forged := d
		forged.Forged = true
		h.push(forged)
	}
	return h.push(d)
}
