package notify

import (
	"encoding/json"
	"maps"
	"regexp"
	"strconv"
	"sync"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// sampleNumber finds the numbers in a sample, quoted or not.
var sampleNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[0-9]{10,}`) })

// sampleField finds the fields of a sample that are ids or begin with one.
var sampleField = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"([a-z_]+)":\[?"?([0-9]{10,})`) })

// sampleData returns complete data for a type: that of its sample, with the
// things of the shop in place of invented ones where the shop has any, and with
// times near now. Types without a sample have empty data.
func (h *webhooks) sampleData(s *world.Shop, t event.Type, now int64) json.RawMessage {
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
	real := h.sampleIDs(s, t, sample.Data)
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
func (h *webhooks) sampleIDs(s *world.Shop, t event.Type, data json.RawMessage) map[string]string {
	s.Mu.RLock()
	defer s.Mu.RUnlock()
	own := map[string][]string{}
	for _, ids := range h.sandbox.Registry.Samples {
		maps.Copy(own, ids(s, t))
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
