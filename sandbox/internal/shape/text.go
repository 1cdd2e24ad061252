package shape

import (
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// textOf makes the text of a field from its name.
func (s *shaper) textOf(at *scope, name string) string {
	digits := func(n int) string {
		text := strconv.FormatUint(1e18+s.draw(at, name)%9e18, 10)
		return text[len(text)-n:]
	}
	number := func(most uint64) string { return strconv.FormatUint(1+s.draw(at, name)%most, 10) }
	switch {
	case name == "next_page_token":
		return s.page.next
	case name == "id" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_uid"):
		return s.idOf(at, name)
	case strings.HasSuffix(name, "request_id"):
		return s.Call.ID
	case name == "cipher":
		return s.shop.Cipher
	case name == "uri" || strings.HasSuffix(name, "_uri"):
		return s.imageOf(at)
	case aboutImage(name) || name == "url" && (aboutImage(at.noun) || containsAny(at.noun, "chart", "thumb")):
		return media.ImageURL(s.Call, s.imageOf(at))
	case strings.Contains(name, "url") || strings.HasSuffix(name, "link") || name == "linked_tiktok_video":
		return s.linkOf(at, name)
	case name == "currency" || strings.HasSuffix(name, "_currency"):
		return s.shop.Market.Currency
	case strings.Contains(name, "region") || name == "market" || name == "target_market" || strings.HasSuffix(name, "country_code") || name == "regions":
		return s.shop.Region
	case name == "locale" || name == "language":
		return s.shop.Market.Locale
	case strings.Contains(name, "email"):
		return "person-" + digits(6) + "@example.com"
	case strings.Contains(name, "phone") || containsAny(name, "whatsapp", "viber", "zalo"):
		if strings.HasSuffix(name, "code") {
			return "+" + s.shop.Market.Dialling
		}
		return s.address(at).PhoneNumber
	case strings.HasSuffix(name, "_date") || name == "date":
		return s.day(at, name)
	case name == "open_time":
		return "09:00"
	case name == "close_time":
		return "18:00"
	case strings.HasSuffix(name, "_time"):
		return time.Unix(s.moment(at, name), 0).UTC().Format(time.DateTime)
	}
	if value, ok := s.nameOf(at, name); ok {
		return value
	}
	if value, ok := s.placeOf(at, name); ok {
		return value
	}
	switch {
	case containsAny(name, "tracking_number", "waybill"):
		if at.line != nil && at.line.TrackingNumber != "" {
			return at.line.TrackingNumber
		}
		return s.carrier(at).Prefix + digits(12)
	case name == "seller_sku" || strings.HasSuffix(name, "external_sku_code"):
		if at.sku != nil {
			return at.sku.SellerSKU
		}
		return "SKU-" + digits(6)
	case containsAny(name, "barcode", "ean"):
		return digits(12) + "0"
	case name == "md5":
		return strconv.FormatUint(s.draw(at, name)|1<<63, 16) + strconv.FormatUint(invent.Mix(s.draw(at, name))|1<<63, 16)
	case name == "formatted_range":
		return "1-5"
	case hasWord(name, "rate", "ctr", "percent", "percentage", "ctor"):
		return "0.0" + strconv.FormatUint(100+s.draw(at, name)%900, 10)
	case hasWord(name[strings.LastIndex(name, "_")+1:], "price", "amount", "fee", "tax", "commission", "gmv", "gpm", "subtotal", "total", "discount", "iva", "isr", "deduction", "payment"):
		return s.shop.Market.Money(s.amount(at, name))
	case strings.HasSuffix(name, "_num") || strings.HasSuffix(name, "count") || hasWord(name, "quantity", "score", "rating", "inventory", "limit"):
		return strconv.FormatInt(s.count(at, name), 10)
	case hasWord(name, "weight", "width", "height", "length", "value", "duration", "mins", "size", "days", "age"):
		return number(40)
	case name == "unit" || strings.HasSuffix(name, "_unit"):
		return "KILOGRAM"
	case strings.HasSuffix(name, "code"):
		return strings.ToUpper(strings.ReplaceAll(strings.TrimSuffix(name, "_code"), "_", "-")) + "-" + digits(5)
	case hasWord(name, "token", "ticket", "key"):
		return "sbx" + strconv.FormatUint(s.draw(at, name), 36) + strconv.FormatUint(invent.Mix(s.draw(at, name)), 36)
	case containsAny(name, "latitude", "longitude"):
		return "0.0"
	case name == "version":
		return "v1"
	case strings.HasSuffix(name, "status"):
		return "ACTIVE"
	case hasWord(name, "description", "message", "content", "text", "detail", "note", "remark", "tips", "suggestion", "bio"):
		return "A " + words(name) + " of the sandbox."
	}
	return capital(words(name)) + " " + number(9)
}

// nameOf returns names of things and people.
func (s *shaper) nameOf(at *scope, name string) (string, bool) {
	kind := kindOf(at.noun)
	switch name {
	case "title", "local_name", "name_en", "name_zh", "name_cn":
		name = "name"
	}
	if noun, ok := strings.CutSuffix(name, "_name"); ok {
		kind = kindOf(noun)
	}
	switch {
	case containsAny(name, "first_name"):
		return pickBy(at.key, trade.FirstNames(s.shop.Region)), true
	case containsAny(name, "last_name", "middle_name"):
		return pickBy(invent.Mix(at.key), trade.LastNames(s.shop.Region)), true
	case containsAny(name, "username", "user_name", "nickname", "nick_name"):
		return strings.ToLower(strings.ReplaceAll(pickBy(at.key, trade.FirstNames(s.shop.Region)), " ", "")) + "." + strconv.FormatUint(100+at.key%900, 10), true
	case containsAny(name, "contact_name", "contact_person", "recipient", "creator_name", "rp_name"):
		return pickBy(at.key, trade.FirstNames(s.shop.Region)) + " " + pickBy(invent.Mix(at.key), trade.LastNames(s.shop.Region)), true
	}
	if name != "name" && name != "product_title" && !strings.HasSuffix(name, "_name") {
		return "", false
	}
	switch {
	case (kind == "product" || kind == "sku" || kind == "line_item") && at.product != nil:
		if kind == "sku" && at.sku != nil && len(at.sku.Attributes) > 0 {
			return at.sku.Attributes[0].Value, true
		}
		return at.product.Live.Title, true
	case kind == "warehouse":
		if at.warehouse != nil {
			return at.warehouse.Name, true
		}
		return s.shop.Warehouses[0].Name, true
	case kind == "category":
		if at.category != nil {
			return at.category.Name.In(s.shop.Market.Locale), true
		}
	case kind == "brand":
		if at.product != nil {
			if b := category.BrandsOf(s.State.World).Get(at.product.Live.BrandID); b != nil {
				return b.Name, true
			}
		}
	case kind == "shop" || kind == "seller":
		return s.shop.Name, true
	case kind == "shipping_provider" || kind == "provider" || kind == "carrier":
		return s.carrier(at).Name, true
	case kind == "creator" || kind == "user" || kind == "buyer" || kind == "person" || kind == "responsible_person":
		return pickBy(at.key, trade.FirstNames(s.shop.Region)) + " " + pickBy(invent.Mix(at.key), trade.LastNames(s.shop.Region)), true
	case containsAny(kind, "country", "province", "state", "city", "district", "town"):
		value, ok := s.placeOf(at, kind)
		return value, ok
	}
	return capital(words(kind)) + " " + strconv.FormatUint(1+at.key%900, 10), true
}

// address returns the address that is at hand: that of the warehouse.
func (s *shaper) address(at *scope) world.WarehouseAddress {
	if at.warehouse != nil {
		return at.warehouse.Address
	}
	return s.shop.Warehouses[0].Address
}

// placeOf returns the parts of addresses.
func (s *shaper) placeOf(at *scope, name string) (string, bool) {
	a := s.address(at)
	switch {
	case strings.HasPrefix(name, "postal_code") || strings.HasPrefix(name, "zip"):
		return a.PostalCode, true
	case name == "full_address" || name == "address" || name == "address_detail":
		return a.FullAddress, true
	case containsAny(name, "address_line1", "address_line_1", "street"):
		if strings.HasSuffix(name, "2") {
			return "", true
		}
		return a.AddressLine1, true
	case containsAny(name, "address_line"):
		return "", true
	case name == "country":
		return a.Region, true
	case name == "state" || name == "province":
		return a.State, true
	case name == "city":
		return a.City, true
	case name == "district" || name == "distict" || name == "town" || name == "post_town":
		return a.District, true
	}
	return "", false
}

func aboutImage(name string) bool {
	return containsAny(name, "image", "img", "avatar", "thumb", "cover", "logo", "icon", "photo", "picture")
}

// imageOf returns the URI of an image that belongs to a thing.
func (s *shaper) imageOf(at *scope) string {
	p := at.product
	if p == nil && len(s.products) > 0 {
		p = s.products[at.key%uint64(len(s.products))]
	}
	if p == nil || len(p.Live.Images) == 0 {
		return ""
	}
	return p.Live.Images[at.key%uint64(len(p.Live.Images))]
}

// linkOf returns the address of a page or a file of the sandbox.
func (s *shaper) linkOf(at *scope, name string) string {
	extension := ".html"
	if containsAny(name, "document", "doc_url", "file", "download", "pdf", "label") || containsAny(at.noun, "document", "file") {
		extension = ".txt"
	}
	stem := strings.ReplaceAll(name, "_", "-")
	return s.BaseURL() + world.FilePrefix + stem + "-" + strconv.FormatUint(s.draw(at, name)%1e9, 36) + extension
}

func pickBy(key uint64, list []string) string { return list[key%uint64(len(list))] }

// words returns a name as words.
func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

func capital(s string) string {
	if s == "" {
		return "Item"
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
