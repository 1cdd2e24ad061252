package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// shopWebhooks are the addresses that an app has for single shops, by shop id
// and topic.
type shopWebhooks map[string]map[string]webhookAddress

// subject is who a webhook is about: a shop, or a creator by open id.
type subject struct {
	shop    *shop
	creator string
}

// audience returns the apps that may hear of a shop: somebody who acts for it
// allowed them to, and the grant is still good. Whether the platform also asks
// for the scope of a topic is not documented; here it does not.
func audience(a *authority, s *shop, now int64) []*app {
	a.mu.RLock()
	defer a.mu.RUnlock()
	var list []*app
	for _, known := range a.apps {
		if slices.ContainsFunc(a.grants, func(g *grant) bool {
			return g.app == known && !g.revoked && g.expires > now && slices.Contains(g.shops, s)
		}) {
			list = append(list, known)
		}
	}
	return list
}

// address returns where an app wants an event: at the address that it has for
// the shop and the topic, else at the one for all shops, else nowhere. The lock
// is held.
func (h *webhooks) address(to *app, about subject, t event.Type) string {
	if about.shop != nil {
		if own := h.shops[to.Key][about.shop.ID][t.String()]; own.Address != "" {
			return own.Address
		}
	}
	if all := h.apps[to.Key]; len(all.Types) == 0 || slices.Contains(all.Types, int(t)) {
		return all.Address
	}
	return ""
}

// listening tells whether any address is set.
func (h *webhooks) listening() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.apps) > 0 || len(h.shops) > 0
}

// announce queues an event of a shop for every app that may hear of the shop
// and wants it.
func (h *webhooks) announce(s *shop, eventType int, data any) {
	if !h.listening() {
		return
	}
	raw := appendJSON(nil, data)
	for _, to := range audience(h.authority, s, h.sandbox.clock.Now().Unix()) {
		h.queueFor(to, subject{shop: s}, eventType, raw)
	}
}

// tell queues an event for one app, whatever its grants say.
func (h *webhooks) tell(to *app, about subject, eventType int, data any) {
	h.queueFor(to, about, eventType, appendJSON(nil, data))
}

func (h *webhooks) queueFor(to *app, about subject, eventType int, data json.RawMessage) {
	h.mu.Lock()
	at := h.address(to, about, event.Type(eventType))
	if at != "" {
		h.add(h.build(to, about, eventType, data, at, h.sandbox.clock.Now().Unix()))
	}
	h.mu.Unlock()
	if at != "" {
		h.sandbox.deliverDue()
	}
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
func (h *webhooks) trigger(order triggerOrder) (*delivery, chan struct{}, string) {
	now := h.sandbox.clock.Now().Unix()
	sent := now - int64(order.age/time.Second)
	about := h.world.shops[0]
	if order.shopID != "" {
		about = h.world.shopByID(order.shopID)
	}
	if about == nil {
		return nil, nil, "no shop has the id " + strconv.Quote(order.shopID)
	}
	apps := audience(h.authority, about, now)
	switch {
	case order.appKey != "":
		only := h.authority.app(order.appKey)
		if only == nil {
			return nil, nil, "no app has the key " + strconv.Quote(order.appKey)
		}
		apps = []*app{only}
	case order.address != "": // receivers know the secret of the first app
		apps = []*app{h.authority.app(h.authority.first().Key)}
	}
	if len(order.data) == 0 {
		// A type that is not known has no sample; receivers must bear it.
		order.data = h.sampleData(about, event.Type(order.eventType), sent)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var first *delivery
	for _, to := range apps {
		at := order.address
		if at == "" {
			at = h.address(to, subject{shop: about}, event.Type(order.eventType))
		}
		if at == "" {
			continue
		}
		fresh := h.build(to, subject{shop: about}, order.eventType, order.data, at, sent)
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
func (h *webhooks) build(to *app, about subject, eventType int, data json.RawMessage, address string, sent int64) delivery {
	now := h.sandbox.clock.Now().Unix()
	kind := event.Type(eventType)
	envelope := struct {
		Type           int             `json:"type"`
		NotificationID string          `json:"tts_notification_id,omitempty"`
		ShopID         string          `json:"shop_id,omitempty"`
		SellerOpenID   string          `json:"seller_open_id,omitempty"`
		CreatorOpenID  string          `json:"creator_open_id,omitempty"`
		Timestamp      int64           `json:"timestamp"`
		Data           json.RawMessage `json:"data"`
	}{Type: eventType, NotificationID: h.ids.new(), Timestamp: sent, Data: data}
	shopID := ""
	if about.shop != nil {
		shopID = about.shop.ID
	}
	switch owner := kind.Owner(); {
	case about.creator != "":
		envelope.CreatorOpenID = about.creator
	case owner == event.OwnerSeller:
		envelope.SellerOpenID = about.shop.owner
	case owner == event.OwnerCreator: // triggered by hand
		envelope.CreatorOpenID = h.world.seller.creatorOpenID
	default: // topics without a known owner are taken for the shop's
		envelope.ShopID = shopID
	}
	notification := envelope.NotificationID
	if kind == event.TypeRecipientAddressUpdate {
		envelope.NotificationID = "" // the documented sample lacks it
	}
	d := delivery{
		NotificationID: notification, Type: eventType, Topic: kind.String(), ShopID: shopID, AppKey: to.Key, Address: address,
		Status: deliveryPending, CreateTime: now, Due: now, Attempts: []deliveryAttempt{},
		Body: string(appendJSON(nil, envelope)),
	}
	if bare := h.sandbox.registry.bare[kind]; bare != nil && h.sandbox.settings.bareInventoryEvents {
		d.Body = string(appendJSON(nil, bare(data)))
	}
	return d
}

// add queues a delivery and what the injected faults make of it. The lock is
// held.
func (h *webhooks) add(d delivery) *delivery {
	switch f := h.sandbox.faults.takeWebhook(d.Type); {
	case f == nil:
	case f.Webhook == webhookLate:
		d.Due += int64(time.Duration(f.Delay) / time.Second)
	case f.Webhook == webhookDuplicate:
		h.push(d)
	case f.Webhook == webhookForged:
		// Somebody who does not know the secret is faster than the platform.
		forged := d
		forged.Forged = true
		h.push(forged)
	}
	return h.push(d)
}
