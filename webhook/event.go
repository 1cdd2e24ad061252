package webhook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/internal/wire"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// Event is one event as it came: the envelope and the data, not yet typed.
type Event struct {
	event.Envelope
	// Data is the data part as it came, the whole body of a bare delivery, and
	// nil if the body is not a JSON object.
	Data json.RawMessage
}

// EventFunc processes an event. An error, or a panic, means that the event is to be
// delivered again.
type EventFunc func(ctx context.Context, e *Event) error

// Parse reads the body of a delivery. Types that are not known are kept, and so
// is every field: Meta.Raw is the body. A body that is not a JSON object is an
// error. Parse verifies nothing, see [Handler.Verify], and sets no key, see
// [Event.SetApp].
func Parse(body []byte) (*Event, error) {
	e := new(Event)
	e.Meta.Raw = body
	if first := bytes.TrimLeft(body, " \t\r\n"); len(first) == 0 || first[0] != '{' {
		return nil, errors.New("webhook: the body is not a JSON object")
	}
	var wire struct {
		Type           event.NumberID  `json:"type"`
		NotificationID event.NumberID  `json:"tts_notification_id"`
		ShopID         event.NumberID  `json:"shop_id"`
		SellerOpenID   event.NumberID  `json:"seller_open_id"`
		CreatorOpenID  event.NumberID  `json:"creator_open_id"`
		Timestamp      event.UnixTime  `json:"timestamp"`
		Data           json.RawMessage `json:"data"`

		// Of a bare delivery.
		EventID    event.NumberID  `json:"event_id"`
		OccurredAt json.RawMessage `json:"occurred_at"`
		Snapshot   json.RawMessage `json:"quantity_snapshot_after_change"`
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return nil, fmt.Errorf("webhook: reading the envelope: %w", err)
	}
	if wire.Type != "" {
		number, err := strconv.Atoi(string(wire.Type))
		if err != nil {
			return nil, fmt.Errorf("webhook: reading the envelope: type %.40q is not a number", wire.Type)
		}
		e.Type = event.Type(number)
	}
	e.NotificationID, e.Timestamp = string(wire.NotificationID), wire.Timestamp
	e.ShopID, e.SellerOpenID, e.CreatorOpenID = string(wire.ShopID), string(wire.SellerOpenID), string(wire.CreatorOpenID)
	e.Data = wire.Data
	if e.Type == 0 && wire.Data == nil && wire.EventID != "" && wire.Snapshot != nil {
		// The documents show this topic without an envelope; recorded live
		// deliveries have one.
		e.Type, e.Data, e.Meta.Bare = event.TypeInventoryChanged, body, true
		e.Timestamp = event.UnixTime(e.Time().Unix())
	}
	return e, nil
}

// SetApp sets the app that the event was delivered to, and with it the key: the
// app key and the notification id, or a digest of the content if there is no id.
// Each attempt of the platform has its own timestamp, so the same notification
// comes with other bytes when it is repeated; the key stays. It differs by app,
// since two apps may each want the event.
func (e *Event) SetApp(appKey string) {
	e.Meta.AppKey = appKey
	if plain(e.NotificationID) {
		e.Meta.Key = appKey + ":" + e.NotificationID
		return
	}
	sum := sha256.Sum256(e.identity())
	e.Meta.Key = appKey + ":sha256:" + hex.EncodeToString(sum[:])
}

// identity returns what tells an event without a notification id from others. A
// change of address names its order and time in the data, so the stamp of the
// attempt is left out. Of other events nobody documents that the data alone is
// unique, and to take one twice is better than to lose one: it is the body.
func (e *Event) identity() []byte {
	if e.Type != event.TypeRecipientAddressUpdate {
		return e.Meta.Raw
	}
	var data event.RecipientAddressUpdateData
	if json.Unmarshal(e.Data, &data) != nil || data.OrderID == "" || data.UpdateTime == 0 {
		return e.Meta.Raw
	}
	return fmt.Appendf(nil, "%d\n%s\n%s\n%d", e.Type, e.ShopID, data.OrderID, data.UpdateTime)
}

// plain reports whether an id can stand in a key as it is.
func plain(id string) bool {
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return id != "" && len(id) <= 128
}

// Typed returns the event as its type, a pointer such as
// *[event.OrderStatusChange]. For an unknown type it returns nil and no
// error. Numbers that came as strings, strings that came as numbers and
// single objects in place of lists are accepted.
func (e *Event) Typed() (event.Typed, error) {
	typed := event.New(e.Type)
	if typed == nil {
		return nil, nil
	}
	return typed, e.Into(typed)
}

// Into decodes the event into typed, whatever the event's type is.
func (e *Event) Into(typed event.Typed) error {
	*typed.Head() = e.Envelope
	if len(e.Data) == 0 {
		return nil
	}
	data := reflect.ValueOf(typed).Elem().FieldByName("Data")
	if !data.IsValid() {
		return fmt.Errorf("webhook: %T holds no data", typed)
	}
	if err := wire.DecodeEvent(e.Data, data.Addr().Interface()); err != nil {
		return fmt.Errorf("webhook: decoding the data of event %s: %w", e.Type, err)
	}
	return nil
}

// Time returns when the change that the event reports happened: the update time in
// the data if there is one, otherwise the time of the push. It is the zero time
// for an event without either.
func (e *Event) Time() time.Time {
	var data struct {
		UpdateTime        event.UnixTime `json:"update_time"`
		RequestUpdateTime event.UnixTime `json:"aftersales_request_update_time"`
		RMAUpdateTime     event.UnixTime `json:"rma_update_time"`
		OccurredAt        event.ISOTime  `json:"occurred_at"`
	}
	if err := wire.DecodeEvent(e.Data, &data); err == nil {
		for _, t := range []event.UnixTime{data.UpdateTime, data.RequestUpdateTime, data.RMAUpdateTime} {
			if t != 0 {
				return t.Time()
			}
		}
		if at, err := data.OccurredAt.Time(); err == nil && !at.IsZero() {
			return at
		}
	}
	return e.Timestamp.Time()
}

// Object returns the id of what the event is about: the order if it names one,
// otherwise the product, the conversation and so on. It is empty if the event
// names nothing or several things.
func (e *Event) Object() string {
	var data map[string]json.RawMessage
	if len(e.Data) == 0 || json.Unmarshal(e.Data, &data) != nil {
		return ""
	}
	for _, path := range objectIDs {
		level := data
		if path.parent != "" {
			level = nil
			if json.Unmarshal(data[path.parent], &level) != nil {
				continue
			}
		}
		var id event.NumberID
		if raw, ok := level[path.name]; ok && id.UnmarshalJSON(raw) == nil && id != "" {
			return string(id)
		}
	}
	return ""
}

// objectIDs are the fields that name what an event is about, the most significant
// first: a return belongs to its order, a SKU to its product.
var objectIDs = [...]struct{ parent, name string }{
	{"", "order_id"}, {"", "aftersales_request_id"}, {"", "product_id"}, {"", "conversation_id"}, {"", "activity_id"},
	{"", "goods_id"}, {"", "package_id"}, {"", "inbound_order_id"}, {"mcf_order", "mcf_order_id"}, {"", "external_product_id"},
	{"", "source_product_id"}, {"", "global_product_id"}, {"", "combined_listing_id"}, {"translation_task", "id"},
	{"", "size_chart_template_id"}, {"", "application_id"}, {"", "precheck_task_id"}, {"", "task_id"},
}
