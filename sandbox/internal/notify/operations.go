package notify

import (
	"errors"
	"maps"
	"net/url"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// checkWebhookAddress refuses what no webhook can be sent to. The platform
// wants https with TLS 1.2 or newer and the name of a domain, without a port
// and at most 255 characters long; here plain http, local addresses
// and ports are welcome, since that is where receivers are developed.
func checkWebhookAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("want an address that starts with http:// or https://")
	case u.User != nil || u.Fragment != "":
		return errors.New("it must not have a user or a fragment")
	case len(address) > 255:
		return errors.New("it is longer than 255 characters")
	}
	return nil
}

// updateWebhook sets where the app wants a topic of the shop. No code is documented for an
// address that the platform does not take.
func updateWebhook(c *gate.Call) *gate.Failure {
	var input struct {
		Address string `json:"address"`
		Topic   string `json:"event_type"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if err := checkWebhookAddress(input.Address); err != nil {
		return gate.Fail(gate.CodeInvalidParameter, "'address' cannot be used: ", err.Error())
	}
	h := Of(c.State.World)
	defer h.sandbox.DeliverDue()
	h.Mu.Lock()
	defer h.Mu.Unlock()
	h.review = 0 // find out what will be announced next
	own := h.Shops[c.App.Key]
	if own == nil {
		own = shopWebhooks{}
		h.Shops[c.App.Key] = own
	}
	if own[c.Shop.ID] == nil {
		own[c.Shop.ID] = map[string]webhookAddress{}
	}
	now := c.Now.Unix()
	created := now
	if old, ok := own[c.Shop.ID][input.Topic]; ok {
		created = old.CreateTime
	}
	own[c.Shop.ID][input.Topic] = webhookAddress{input.Address, created, now}
	return nil
}

// deleteWebhook removes the address of the shop, so that the one for all shops
// applies again. Removing a missing address is not an error.
func deleteWebhook(c *gate.Call) *gate.Failure {
	var input struct {
		Topic string `json:"event_type"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	h := Of(c.State.World)
	h.Mu.Lock()
	defer h.Mu.Unlock()
	own := h.Shops[c.App.Key]
	delete(own[c.Shop.ID], input.Topic)
	if len(own[c.Shop.ID]) == 0 {
		delete(own, c.Shop.ID)
	}
	if len(own) == 0 {
		delete(h.Shops, c.App.Key)
	}
	return nil
}

// shopWebhook is an address in answers.
type shopWebhook struct {
	Topic string `json:"event_type"`
	webhookAddress
}

// OfShop lists the addresses of an app for a shop by topic. The lock is held.
func (h *webhooks) OfShop(appKey, id string) []shopWebhook {
	list := []shopWebhook{}
	own := h.Shops[appKey][id]
	for _, topic := range slices.Sorted(maps.Keys(own)) {
		list = append(list, shopWebhook{topic, own[topic]})
	}
	return list
}

func getWebhooks(c *gate.Call) *gate.Failure {
	h := Of(c.State.World)
	h.Mu.Lock()
	defer h.Mu.Unlock()
	list := h.OfShop(c.App.Key, c.Shop.ID)
	c.JSON(struct {
		TotalCount int           `json:"total_count"`
		Webhooks   []shopWebhook `json:"webhooks"`
	}{len(list), list})
	return nil
}
