package sandbox

import (
	"errors"
	"maps"
	"net/url"
	"slices"
)

// checkWebhookAddress refuses what no webhook can be sent to. The platform
// wants https with TLS 1.2 or newer and the name of a domain, without a port
// and at most 255 characters long; here plain http, addresses of the own
// machine and ports are welcome, since that is where receivers are developed.
func checkWebhookAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("it is no address of http or https")
	case u.User != nil || u.Fragment != "":
		return errors.New("it must not have a user or a fragment")
	case len(address) > 255:
		return errors.New("it is longer than 255 characters")
	}
	return nil
}

// updateWebhook sets where the app wants a topic of the shop. No code is documented for an
// address that the platform does not take.
func updateWebhook(c *call) *failure {
	var input struct {
		Address string `json:"address"`
		Topic   string `json:"event_type"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if err := checkWebhookAddress(input.Address); err != nil {
		return fail(codeInvalidParameter, "'address' cannot be used: ", err.Error())
	}
	h := webhooksOf(c.state.world)
	defer h.sandbox.deliverDue()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.review = 0 // find out what will be announced next
	own := h.shops[c.app.Key]
	if own == nil {
		own = shopWebhooks{}
		h.shops[c.app.Key] = own
	}
	if own[c.shop.ID] == nil {
		own[c.shop.ID] = map[string]webhookAddress{}
	}
	now := c.now.Unix()
	created := now
	if old, ok := own[c.shop.ID][input.Topic]; ok {
		created = old.CreateTime
	}
	own[c.shop.ID][input.Topic] = webhookAddress{input.Address, created, now}
	return nil
}

// deleteWebhook takes the address for the shop away; the one for all shops
// counts again. A missing one is no error.
func deleteWebhook(c *call) *failure {
	var input struct {
		Topic string `json:"event_type"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	h := webhooksOf(c.state.world)
	h.mu.Lock()
	defer h.mu.Unlock()
	own := h.shops[c.app.Key]
	delete(own[c.shop.ID], input.Topic)
	if len(own[c.shop.ID]) == 0 {
		delete(own, c.shop.ID)
	}
	if len(own) == 0 {
		delete(h.shops, c.app.Key)
	}
	return nil
}

// shopWebhook is an address in answers.
type shopWebhook struct {
	Topic string `json:"event_type"`
	webhookAddress
}

// ofShop lists the addresses of an app for a shop by topic. The lock is held.
func (h *webhooks) ofShop(appKey, id string) []shopWebhook {
	list := []shopWebhook{}
	own := h.shops[appKey][id]
	for _, topic := range slices.Sorted(maps.Keys(own)) {
		list = append(list, shopWebhook{topic, own[topic]})
	}
	return list
}

func getWebhooks(c *call) *failure {
	h := webhooksOf(c.state.world)
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.ofShop(c.app.Key, c.shop.ID)
	c.json(struct {
		TotalCount int           `json:"total_count"`
		Webhooks   []shopWebhook `json:"webhooks"`
	}{len(list), list})
	return nil
}
