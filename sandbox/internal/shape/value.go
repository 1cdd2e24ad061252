package shape

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	operations "github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// leaf makes a scalar: what the caller sent under the same name, what the
// thing has, or something that looks like its name. It returns nil where a
// field is better left out.
func (s *shaper) leaf(field *operations.Field, at *scope, name string) any {
	if value, ok := s.echo(field, at, name); ok {
		return value
	}
	switch field.Type {
	case operations.Boolean:
		return s.flagOf(name, at)
	case operations.Number:
		return float64(1+s.draw(at, name)%1000) / 10
	case operations.Integer:
		return s.integerOf(field, at, name)
	}
	if aboutFailure(name) {
		if len(field.Enum) > 0 {
			return nil
		}
		return ""
	}
	value := ""
	switch {
	case len(field.Enum) > 0:
		for _, own := range []string{s.shop.Market.Currency, s.shop.Region, s.shop.Market.Locale} {
			if slices.Contains(field.Enum, own) {
				return own
			}
		}
		values := goodValues(field.Enum)
		if name == "type" && at.arrays > 0 { // entries of a list differ in it
			return values[at.index%len(values)]
		}
		return pickBy(s.draw(at, name), values)
	case field.Kind == operations.KindDecimal:
		return s.shop.Market.Money(s.amount(at, name))
	case field.Kind == operations.KindUnix:
		return strconv.FormatInt(s.moment(at, name), 10)
	default:
		value = s.textOf(at, name)
	}
	if field.MaxLength > 0 {
		if runes := []rune(value); len(runes) > field.MaxLength {
			value = string(runes[:field.MaxLength])
		}
	}
	return value
}

// goodValues returns the values that stand for something that goes well, all
// where none does.
func goodValues(values []string) []string {
	good := slices.DeleteFunc(slices.Clone(values), func(v string) bool {
		return containsAny(v, "REJECT", "FAIL", "CANCEL", "INVALID", "LOST", "EXPIRED", "DELET", "OUT_OF", "SOLD_OUT", "UNKNOWN", "TERMINAT", "SUSPEND", "FREEZE", "DAMAGE", "DEACTIVATE", "BLOCK", "ABNORMAL", "ERROR", "DECLINE", "NOT_")
	})
	if len(good) == 0 {
		return values
	}
	return good
}

// draw returns a number that belongs to a field of a thing.
func (s *shaper) draw(at *scope, name string) uint64 { return invent.Mix(at.key ^ invent.FNVOf(name)) }

// echo returns the caller's own value of a field: that of the same object, or
// one that stands in for the whole request. In lists only what filters is
// taken over, since a name or a title would fit all entries alike.
func (s *shaper) echo(field *operations.Field, at *scope, name string) (any, bool) {
	if name == "page_token" || name == "next_page_token" {
		return nil, false
	}
	if value, ok := fits(field, at.in[name]); ok {
		return value, true
	}
	if at.arrays > 1 {
		return nil, false
	}
	if at.arrays == 1 && !filters(name) || name == "id" {
		return nil, false
	}
	if at.arrays == 0 && at.parent != nil && !filters(name) && len(at.in) == 0 {
		return nil, false
	}
	return fits(field, s.inputs[name])
}

// filters tells whether a name in a request narrows down a list.
func filters(name string) bool {
	for _, suffix := range []string{"_id", "status", "type", "region", "currency", "locale", "market"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// fits returns an input as a value of a field, if it can be one.
func fits(field *operations.Field, input any) (any, bool) {
	switch v := input.(type) {
	case string:
		if field.Type != operations.String || v == "" {
			return nil, false
		}
		if len(field.Enum) > 0 && !slices.Contains(field.Enum, v) || field.MaxLength > 0 && len([]rune(v)) > field.MaxLength {
			return nil, false
		}
		return v, true
	case bool:
		return v, field.Type == operations.Boolean
	case json.Number:
		if field.Type == operations.Integer {
			n, err := strconv.ParseInt(v.String(), 10, gate.Bits(field))
			return n, err == nil
		}
		if field.Type == operations.Number {
			n, err := v.Float64()
			return n, err == nil
		}
	}
	return nil, false
}

func (s *shaper) flagOf(name string, at *scope) bool {
	switch {
	case name == "is_leaf" && at.category != nil:
		return at.category.Leaf != nil
	case name == "has_more" || name == "more" || name == "has_next":
		return s.page.next != ""
	case aboutFailure(name) || strings.Contains(name, "deleted") || strings.Contains(name, "hidden"):
		return false
	case strings.HasPrefix(name, "can_") || strings.HasSuffix(name, "eligible") || strings.Contains(name, "availab") ||
		name == "success" || name == "matched" || name == "updated" || name == "is_visible" || name == "is_supported":
		return true
	}
	return s.draw(at, name)%2 == 0
}

// integerOf makes an integer: a time, an id, a count.
func (s *shaper) integerOf(field *operations.Field, at *scope, name string) any {
	n := int64(0)
	switch {
	case name == "total_count" || name == "total" && s.page.items != "" && at.parent == nil:
		n = int64(s.page.total)
	case field.Kind == operations.KindUnix:
		n = s.moment(at, name)
	case field.Kind == operations.KindUnixMilli:
		n = 1000 * s.moment(at, name)
	case aboutFailure(name) || name == "code" || name == "status_code":
	case strings.HasSuffix(name, "width") || strings.HasSuffix(name, "height") || name == "heigth":
		n = media.SeedImageSize
	case name == "id" || strings.HasSuffix(name, "_id"):
		n = s.numberID(s.idOf(at, name), field)
	case name == "version":
		n = 1
	case name == "level" || name == "tier" || name == "index":
		n = int64(at.index) + 1
	case name == "age":
		n = 18 + int64(s.draw(at, name)%40)
	case strings.Contains(name, "price") || strings.Contains(name, "amount") || strings.Contains(name, "gmv"):
		n = s.amount(at, name)
	case hasWord(name, "rate", "percent", "percentage"):
		n = 100 + 100*int64(s.draw(at, name)%29)
	case strings.Contains(name, "duration") || strings.Contains(name, "days") || strings.HasSuffix(name, "_time"):
		n = 1 + int64(s.draw(at, name)%14)
	case strings.Contains(name, "quantity") || strings.Contains(name, "stock") || strings.Contains(name, "inventory"):
		n = 1 + int64(s.draw(at, name)%180)
	default:
		n = s.count(at, name)
	}
	if least, ok := gate.ParseInt(field.Min); ok {
		n = max(n, least)
	}
	if most, ok := gate.ParseInt(field.Max); ok {
		n = min(n, most)
	}
	return min(n, int64(1)<<(gate.Bits(field)-1)-1)
}

// numberID returns an id as a number that fits its field.
func (s *shaper) numberID(id string, field *operations.Field) int64 {
	n, err := invent.ParseID(id)
	if err != nil || gate.Bits(field) < 64 {
		return 1 + int64(invent.FNVOf(id)%100)
	}
	return n
}

// count makes up how often something happened: more often seen than clicked,
// more often clicked than bought.
func (s *shaper) count(at *scope, name string) int64 {
	people := 2000 + invent.Mix(at.key)%6000
	switch {
	case containsAny(name, "impression", "view", "exposure", "reach", "watch"):
		return int64(people)
	case containsAny(name, "click", "visitor", "uv", "follower", "like", "recipient"):
		return int64(people / 8)
	case containsAny(name, "comment", "share", "cart", "join"):
		return int64(people / 60)
	case containsAny(name, "order", "sold", "sale", "customer", "buyer"):
		return int64(people / 90)
	case containsAny(name, "cancel", "refund", "return", "replacement"):
		return int64(people / 900)
	}
	return 1 + int64(s.draw(at, name)%20)
}

// hasWord tells whether a name has one of some words, in the singular or the
// plural.
func hasWord(name string, words ...string) bool {
	for part := range strings.SplitSeq(name, "_") {
		if slices.Contains(words, part) || slices.Contains(words, strings.TrimSuffix(part, "s")) {
			return true
		}
	}
	return false
}

func containsAny(name string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
}

// idOf returns the id that a field holds.
func (s *shaper) idOf(at *scope, name string) string {
	noun := strings.TrimSuffix(name, "_id")
	if name == "id" || noun == at.noun {
		return at.id
	}
	switch kind := kindOf(noun); {
	case kind == "product" && at.product != nil:
		return at.product.ID
	case kind == "sku" && at.sku != nil:
		return at.sku.ID
	case kind == "order" && at.order != nil:
		return at.order.ID
	case kind == "line_item" && at.line != nil:
		return at.line.ID
	case kind == "package" && at.pkg != "":
		return at.pkg
	case kind == "warehouse":
		if at.warehouse != nil {
			return at.warehouse.ID
		}
		return s.shop.Warehouses[0].ID
	case noun == "parent" && at.category != nil:
		if at.category.Parent == nil {
			return "0"
		}
		return at.category.Parent.ID
	case kind == "category" && at.category != nil:
		return at.category.ID
	case kind == "category" && at.product != nil:
		return at.product.Live.CategoryID
	case kind == "brand" && at.product != nil:
		return at.product.Live.BrandID
	case noun == "shop":
		return s.shop.ID
	case noun == "user" || noun == "buyer" || noun == "buyer_user":
		if at.order != nil {
			return at.order.UserID
		}
	case noun == "seller" || noun == "seller_open" || noun == "open":
		return s.State.World.Seller.OpenID
	case noun == "shipping_provider" || noun == "provider":
		return s.carrier(at).ID
	case things[kind]: // of the shop, though nothing around tells which one
		other := *at
		other.noun, other.id, other.in = kind, "", nil
		s.settle(&other)
		return other.id
	}
	for up := at.parent; up != nil; up = up.parent {
		if up.noun == noun {
			return up.id
		}
	}
	if id := text(s.inputs[name]); id != "" {
		return id
	}
	return s.shop.MadeUpID(noun, int(at.key%invent.MadeUp))
}

func (s *shaper) carrier(at *scope) market.Carrier {
	list := market.Carriers(s.shop.Region)
	return list[at.key%uint64(len(list))]
}

// moment returns the time of an event of a thing. The names of events tell
// their order; what lies ahead lies after the present.
func (s *shaper) moment(at *scope, name string) int64 {
	if o := at.order; o != nil && strings.HasPrefix(name, "order_create") {
		return o.CreateTime
	}
	when := at.created + rankOf(name)*at.step
	if rankOf(name) == ahead {
		when = max(at.created+ahead*at.step, s.born+7*24*60*60+int64(at.key%(20*24*60*60)))
	}
	// A list that was asked for a span of time has it.
	least, hasLeast := gate.ParseInt(text(s.inputs[name+"_ge"]))
	most, hasMost := gate.ParseInt(text(s.inputs[name+"_lt"]))
	switch {
	case hasLeast && hasMost && least < most && (when < least || when >= most):
		when = least + int64(at.key%uint64(most-least))
	case hasLeast && !hasMost && when < least:
		when = least
	case hasMost && !hasLeast && when >= most:
		when = most - 1
	}
	return when
}

// ahead is the rank of what is still to come.
const ahead = 10

// rankOf returns the place of an event among those of a thing.
func rankOf(name string) int64 {
	switch {
	case hasWord(name, "end", "due", "cut", "close", "sla", "until") || containsAny(name, "expir", "deadline", "estimated", "expect", "predict", "release", "require", "terminat"):
		return ahead
	case hasWord(name, "last", "latest", "millis") || containsAny(name, "update", "modif"):
		return 9
	case hasWord(name, "sign") || containsAny(name, "complet", "finish", "settle", "refund", "cancel"):
		return 7
	case containsAny(name, "arriv", "deliver", "receiv"):
		return 6
	case containsAny(name, "collect", "pickup", "pick_up"):
		return 5
	case containsAny(name, "ship", "rts", "operate", "handover"):
		return 4
	case containsAny(name, "approve", "review", "confirm"):
		return 2
	case hasWord(name, "paid", "payment", "pay"):
		return 1
	}
	return 0
}

// day returns a date, which lies in the span that was asked for.
func (s *shaper) day(at *scope, name string) string {
	if strings.HasPrefix(name, "latest_available") {
		return time.Unix(s.born, 0).UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	}
	if start, ok := s.askedDay("start_date_ge", "start_date"); ok {
		offset := at.index
		if strings.HasPrefix(name, "end") {
			offset++
		}
		if end, ok := s.askedDay("end_date_lt", "end_date"); ok {
			days := max(1, int(end.Sub(start)/(24*time.Hour)))
			offset = min(offset, days)
		}
		return start.AddDate(0, 0, offset).Format(time.DateOnly)
	}
	return time.Unix(s.moment(at, name), 0).UTC().Format(time.DateOnly)
}

func (s *shaper) askedDay(names ...string) (time.Time, bool) {
	for _, name := range names {
		if day, err := time.Parse(time.DateOnly, text(s.inputs[name])); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}
