package sandbox

import (
	"encoding/json"
	"regexp"
	"strconv"
	"sync"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// sampleNumber finds the numbers in a sample, quoted or not.
var sampleNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[0-9]{10,}`) })

// sampleField finds the fields of a sample that are ids or begin with one.
var sampleField = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"([a-z_]+)":\[?"?([0-9]{10,})`) })

// sampleData returns complete data for a type: that of its sample, with the
// things of the shop in place of invented ones where the shop has any, and with
// times near now. Types without a sample have empty data.
func (s *shop) sampleData(t event.Type, now int64) json.RawMessage {
	var sample struct {
		ShopID    string          `json:"shop_id"`
		Timestamp int64           `json:"timestamp"`
		Data      json.RawMessage `json:"data"`
	}
	raw := event.Sample(t)
	if raw == nil {
		return json.RawMessage("{}")
	}
	if err := json.Unmarshal(raw, &sample); err != nil {
		panic("sandbox: the sample of " + t.String() + ": " + err.Error()) // a test reads them all
	}
	real := s.sampleIDs(t, sample.Data)
	if sample.ShopID != "" {
		real[sample.ShopID] = s.ID
	}
	const month = 30 * 24 * 60 * 60
	return sampleNumber().ReplaceAllFunc(sample.Data, func(digits []byte) []byte {
		if id, ok := real[string(digits)]; ok {
			return []byte(id)
		}
		n, err := strconv.ParseInt(string(digits), 10, 64)
		if err == nil && n > sample.Timestamp-month && n < sample.Timestamp+2*month {
			return strconv.AppendInt(nil, now+n-sample.Timestamp, 10)
		}
		return digits
	})
}

// sampleIDs pairs the ids in the data of a sample with ids of the shop.
func (s *shop) sampleIDs(t event.Type, data json.RawMessage) map[string]string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	own := map[string][]string{}
	// Creators have conversations too, of which the shop knows nothing.
	if n := len(s.desk.Conversations); n > 0 && t.Domain() == event.TypeNewMessage.Domain() {
		c := s.desk.Conversations[n-1]
		own["conversation_id"] = []string{c.ID}
		own["im_user_id"] = []string{c.BuyerIM}
		if last := len(c.Messages); last > 0 {
			own["message_id"], own["index"] = []string{c.Messages[last-1].ID}, []string{c.Messages[last-1].Index}
		}
	}
	for i := len(s.orders.byCreate) - 1; i >= 0 && len(own["order_id"]) < 2; i-- {
		o := s.orders.byCreate[i]
		if len(o.Packages) > 0 {
			own["order_id"] = append(own["order_id"], o.ID)
			own["package_id"] = append(own["package_id"], o.Packages[0].ID)
		}
	}
	for _, p := range s.products.list {
		if p.status == productActivate && len(own["product_id"]) < 2 {
			own["product_id"] = append(own["product_id"], p.id)
			own["sku_id"] = append(own["sku_id"], p.live.skus[0].id)
			own["category_id"] = append(own["category_id"], p.live.categoryID)
		}
	}
	for _, alias := range [][2]string{{"main_order_id", "order_id"}, {"order_ids", "order_id"}, {"order_id_list", "order_id"},
		{"current_category_id", "category_id"}, {"source_product_id", "product_id"}, {"local_product_id", "product_id"}} {
		own[alias[0]] = own[alias[1]]
	}
	paired := map[string]string{}
	for _, found := range sampleField().FindAllSubmatch(data, -1) {
		name, id := string(found[1]), string(found[2])
		if left := own[name]; len(left) > 0 && paired[id] == "" {
			paired[id] = left[0]
			own[name] = append(left[1:len(left):len(left)], left[0]) // around again
		}
	}
	return paired
}
