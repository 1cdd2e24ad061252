package trade

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/logistics"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The states of an order. ON_HOLD exists in the markets of region.hold.
const (
	OrderUnpaid             = "UNPAID"
	OrderOnHold             = "ON_HOLD"
	OrderAwaitingShipment   = "AWAITING_SHIPMENT"
	OrderPartiallyShipping  = "PARTIALLY_SHIPPING"
	OrderAwaitingCollection = "AWAITING_COLLECTION"
	OrderInTransit          = "IN_TRANSIT"
	OrderDelivered          = "DELIVERED"
	OrderCompleted          = "COMPLETED"
	OrderCancelled          = "CANCELLED"
)

// OrderStatuses are the states of an order as a filter takes them.
var OrderStatuses = []string{
	OrderUnpaid, OrderOnHold, OrderAwaitingShipment, OrderPartiallyShipping,
	OrderAwaitingCollection, OrderInTransit, OrderDelivered, OrderCompleted, OrderCancelled,
}

// The states of a package.
const (
	PackageToFulfill  = "TO_FULFILL"
	PackageProcessing = "PROCESSING"
	PackageFulfilling = "FULFILLING"
	PackageCompleted  = "COMPLETED"
	PackageCancelled  = "CANCELLED"
)

// The kinds of orders, by how their goods are sold.
const (
	orderNormal   = "NORMAL"
	orderPreOrder = "PRE_ORDER"
)

// The two ways of shipping: with a label of the platform or by the seller.
const (
	ShippingTikTok = "TIKTOK"
	ShippingSeller = "SELLER"
)

// Order is an order of a shop.
type Order struct {
	OrderData
	Number int64 // the id

	// The order as JSON, see encoded. Whoever changes the order forgets both.
	current, newest atomic.Pointer[encoding]
}

// OrderData is an order in the form in which the API shows it, which is the
// form in which it is kept.
type OrderData struct {
	ID                         string         `json:"id"`
	Status                     string         `json:"status"`
	OrderType                  string         `json:"order_type"`
	CreateTime                 int64          `json:"create_time"`
	UpdateTime                 int64          `json:"update_time"`
	ReleaseDate                int64          `json:"release_date,omitempty"` // of pre-orders
	PaidTime                   int64          `json:"paid_time,omitempty"`
	RTSTime                    int64          `json:"rts_time,omitempty"`
	CollectionTime             int64          `json:"collection_time,omitempty"`
	DeliveryTime               int64          `json:"delivery_time,omitempty"`
	CancelTime                 int64          `json:"cancel_time,omitempty"`
	RequestCancelTime          int64          `json:"request_cancel_time,omitempty"`
	CancelReason               string         `json:"cancel_reason,omitempty"` // the key; answers have its text
	CancellationInitiator      string         `json:"cancellation_initiator,omitempty"`
	RTSSLATime                 int64          `json:"rts_sla_time,omitempty"`
	TTSSLATime                 int64          `json:"tts_sla_time,omitempty"`
	CancelOrderSLATime         int64          `json:"cancel_order_sla_time,omitempty"`
	ShippingDueTime            int64          `json:"shipping_due_time,omitempty"`
	CollectionDueTime          int64          `json:"collection_due_time,omitempty"`
	DeliveryDueTime            int64          `json:"delivery_due_time,omitempty"`
	DeliverySLATime            int64          `json:"delivery_sla_time,omitempty"`
	PickUpCutOffTime           int64          `json:"pick_up_cut_off_time,omitempty"`
	RecommendedShippingTime    int64          `json:"recommended_shipping_time,omitempty"`
	FulfillmentPriorityLevel   int            `json:"fulfillment_priority_level,omitempty"`
	UserID                     string         `json:"user_id"`
	BuyerEmail                 string         `json:"buyer_email,omitempty"`
	BuyerNickname              string         `json:"buyer_nickname,omitempty"`
	BuyerAvatar                string         `json:"buyer_avatar,omitempty"`
	BuyerMessage               string         `json:"buyer_message"`
	SellerNote                 string         `json:"seller_note,omitempty"`
	IsCOD                      bool           `json:"is_cod"`
	IsSampleOrder              bool           `json:"is_sample_order"`
	IsOnHoldOrder              bool           `json:"is_on_hold_order"`
	IsBuyerRequestCancel       bool           `json:"is_buyer_request_cancel"`
	IsReplacementOrder         bool           `json:"is_replacement_order"`
	ReplacedOrderID            string         `json:"replaced_order_id,omitempty"`
	IsExchangeOrder            bool           `json:"is_exchange_order,omitempty"` // US and GB
	ExchangeSourceOrderID      string         `json:"exchange_source_order_id,omitempty"`
	HasUpdatedRecipientAddress bool           `json:"has_updated_recipient_address"`
	FulfillmentType            string         `json:"fulfillment_type"`
	ShippingType               string         `json:"shipping_type"`
	DeliveryType               string         `json:"delivery_type"`
	CommercePlatform           string         `json:"commerce_platform,omitempty"` // in answers only
	DeliveryOptionID           string         `json:"delivery_option_id"`
	DeliveryOptionName         string         `json:"delivery_option_name"`
	ShippingProvider           string         `json:"shipping_provider"`
	ShippingProviderID         string         `json:"shipping_provider_id"`
	TrackingNumber             string         `json:"tracking_number"`
	WarehouseID                string         `json:"warehouse_id"`
	SplitOrCombineTag          string         `json:"split_or_combine_tag,omitempty"`
	PaymentMethodName          string         `json:"payment_method_name,omitempty"`
	PaymentMethodCode          string         `json:"payment_method_code,omitempty"` // this and the next three in answers only
	PaymentCardType            string         `json:"payment_card_type,omitempty"`
	PaymentAuthCode            string         `json:"payment_auth_code,omitempty"`
	ChannelEntity              string         `json:"channel_entity_national_registry_id,omitempty"`
	CPF                        string         `json:"cpf,omitempty"`
	CPFName                    string         `json:"cpf_name,omitempty"`
	NeedUploadInvoice          string         `json:"need_upload_invoice,omitempty"` // see invoiceNeed
	Payment                    payment        `json:"payment"`
	RecipientAddress           *address       `json:"recipient_address,omitempty"`
	LineItems                  []LineItem     `json:"line_items"`
	Packages                   []orderPackage `json:"packages"`
}

// payment adds up: sub_total is original_total_product_price less the two
// product discounts, shipping_fee is original_shipping_fee less the three
// shipping discounts, and total_amount is sub_total, shipping_fee, tax and
// retail_delivery_fee together.
type payment struct {
	Currency                    string `json:"currency"`
	OriginalTotalProductPrice   string `json:"original_total_product_price"`
	SellerDiscount              string `json:"seller_discount"`
	PlatformDiscount            string `json:"platform_discount"`
	SubTotal                    string `json:"sub_total"`
	OriginalShippingFee         string `json:"original_shipping_fee"`
	ShippingFeeSellerDiscount   string `json:"shipping_fee_seller_discount"`
	ShippingFeePlatformDiscount string `json:"shipping_fee_platform_discount"`
	ShippingFeeCofundedDiscount string `json:"shipping_fee_cofunded_discount"`
	ShippingFee                 string `json:"shipping_fee"`
	Tax                         string `json:"tax"`
	ProductTax                  string `json:"product_tax,omitempty"`
	ShippingFeeTax              string `json:"shipping_fee_tax,omitempty"`
	RetailDeliveryFee           string `json:"retail_delivery_fee,omitempty"`
	TotalAmount                 string `json:"total_amount"`
}

// LineItem is one unit of one SKU: the API has no quantity here.
type LineItem struct {
	ID                   string    `json:"id"`
	ProductID            string    `json:"product_id"`
	ProductName          string    `json:"product_name"`
	SKUID                string    `json:"sku_id"`
	SKUName              string    `json:"sku_name"`
	SKUImage             string    `json:"sku_image"`
	SKUType              string    `json:"sku_type"`
	SellerSKU            string    `json:"seller_sku"`
	DisplayStatus        string    `json:"display_status"`
	Currency             string    `json:"currency"`
	OriginalPrice        string    `json:"original_price"`
	SellerDiscount       string    `json:"seller_discount"`
	PlatformDiscount     string    `json:"platform_discount"`
	SalePrice            string    `json:"sale_price"`
	GiftRetailPrice      string    `json:"gift_retail_price"`
	ItemTax              []itemTax `json:"item_tax,omitempty"`
	RetailDeliveryFee    string    `json:"retail_delivery_fee,omitempty"`
	IsGift               bool      `json:"is_gift"`
	IsDangerousGood      bool      `json:"is_dangerous_good"`
	PackageID            string    `json:"package_id,omitempty"`
	PackageStatus        string    `json:"package_status,omitempty"`
	ShippingProviderID   string    `json:"shipping_provider_id,omitempty"`
	ShippingProviderName string    `json:"shipping_provider_name,omitempty"`
	TrackingNumber       string    `json:"tracking_number,omitempty"`
	RTSTime              int64     `json:"rts_time,omitempty"`
	CancelReason         string    `json:"cancel_reason,omitempty"`
	CancelUser           string    `json:"cancel_user,omitempty"`

	CombinedListingSKUs []combinedPart `json:"combined_listing_skus,omitempty"`
}

type itemTax struct {
	TaxType   string `json:"tax_type"`
	TaxAmount string `json:"tax_amount"`
	TaxRate   string `json:"tax_rate"`
}

// address is the recipient's. Name and phone number of platform shipments are
// masked already where the order is made.
type address struct {
	RegionCode          string               `json:"region_code"`
	Name                string               `json:"name"`
	FirstName           string               `json:"first_name"`
	LastName            string               `json:"last_name"`
	PhoneNumber         string               `json:"phone_number"`
	FullAddress         string               `json:"full_address"`
	AddressDetail       string               `json:"address_detail"`
	AddressLine1        string               `json:"address_line1"`
	AddressLine2        string               `json:"address_line2"`
	AddressLine3        *string              `json:"address_line3,omitempty"` // in answers only, where both are empty
	AddressLine4        *string              `json:"address_line4,omitempty"`
	PostalCode          string               `json:"postal_code"`
	PostTown            string               `json:"post_town,omitempty"` // GB only
	DistrictInfo        []district           `json:"district_info"`
	DeliveryPreferences *deliveryPreferences `json:"delivery_preferences,omitempty"` // of buyers in the US
}

type district struct {
	AddressLevel     string `json:"address_level"` // L0 is the country
	AddressLevelName string `json:"address_level_name"`
	AddressName      string `json:"address_name"`
	ISOCode          string `json:"iso_code,omitempty"`
}

type deliveryPreferences struct {
	DropOffLocation string `json:"drop_off_location"`
}

type orderPackage struct {
	ID string `json:"id"`
}

// encoding is the JSON form of something for callers that reached the sandbox
// under one address, which stands in its links.
type encoding struct {
	base string
	json []byte
}

// Encoded returns the order as JSON, with texts in the language of the market.
// The form is kept until the order changes, since reading orders is what most
// calls do. The newest version of the operation lacks two fields and a value of the
// older one.
func (o *Order) Encoded(r *market.Region, base string, newest bool) []byte {
	kept := &o.current
	if newest {
		kept = &o.newest
	}
	if e := kept.Load(); e != nil && e.base == base {
		return e.json
	}
	view := o.view(r, base, newest)
	e := &encoding{base, gate.AppendJSON(nil, &view)}
	kept.Store(e)
	return e.json
}

// view returns the order as answers show it.
func (o *Order) view(r *market.Region, base string, newest bool) OrderData {
	view := o.OrderData
	view.CommercePlatform = "TIKTOK_SHOP"
	view.CancelReason = ReasonText(o.CancelReason, r.Locale)
	if view.RecipientAddress != nil { // as recorded, in a market without these
		to := *view.RecipientAddress
		to.AddressLine3, to.AddressLine4 = new(""), new("")
		if to.DeliveryPreferences == nil {
			to.DeliveryPreferences = &deliveryPreferences{}
		}
		view.RecipientAddress = &to
	}
	view.LineItems = slices.Clone(view.LineItems)
	if newest {
		view.FulfillmentPriorityLevel, view.RecommendedShippingTime = 0, 0
		if view.NeedUploadInvoice == invoiceChecked { // unknown to its list
			view.NeedUploadInvoice = invoiceUnknown
		}
	}
	if view.BuyerAvatar != "" {
		view.BuyerAvatar = base + media.ImagePrefix + media.FileName(view.BuyerAvatar)
	}
	for i := range view.LineItems {
		line := &view.LineItems[i]
		line.SKUImage = base + media.ImagePrefix + media.FileName(line.SKUImage)
		line.CancelReason = ReasonText(line.CancelReason, r.Locale)
	}
	return view
}

// orders are the orders of a shop, sorted in both ways that the search knows.
type orders struct {
	ByID     map[string]*Order
	ByCreate []*Order // ascending
	ByUpdate []*Order // ascending
	Archive  *archive
}

func newOrders(list []*Order) orders {
	all := orders{
		ByID:     make(map[string]*Order, len(list)),
		ByCreate: slices.Clone(list), ByUpdate: slices.Clone(list),
	}
	for _, o := range list {
		all.ByID[o.ID] = o
	}
	slices.SortFunc(all.ByCreate, CompareCreated)
	slices.SortFunc(all.ByUpdate, CompareUpdated)
	return all
}

// CompareCreated orders by creation.
func CompareCreated(a, b *Order) int {
	return cmp.Or(cmp.Compare(a.CreateTime, b.CreateTime), cmp.Compare(a.Number, b.Number))
}

// CompareUpdated orders by the last update.
func CompareUpdated(a, b *Order) int {
	return cmp.Or(cmp.Compare(a.UpdateTime, b.UpdateTime), cmp.Compare(a.Number, b.Number))
}

// add takes a new order in.
func (all *orders) add(o *Order) {
	all.ByID[o.ID] = o
	at, _ := slices.BinarySearchFunc(all.ByCreate, o, CompareCreated)
	all.ByCreate = slices.Insert(all.ByCreate, at, o)
	at, _ = slices.BinarySearchFunc(all.ByUpdate, o, CompareUpdated)
	all.ByUpdate = slices.Insert(all.ByUpdate, at, o)
}

// changed notes that an order was changed: it is encoded again and takes its
// place by the time of its update, which never runs backwards.
func (all *orders) changed(o *Order, now int64) {
	o.current.Store(nil)
	o.newest.Store(nil)
	if now <= o.UpdateTime {
		return
	}
	at, _ := slices.BinarySearchFunc(all.ByUpdate, o, CompareUpdated)
	all.ByUpdate = slices.Delete(all.ByUpdate, at, at+1)
	o.UpdateTime = now
	at, _ = slices.BinarySearchFunc(all.ByUpdate, o, CompareUpdated)
	all.ByUpdate = slices.Insert(all.ByUpdate, at, o)
}

// IsResent tells whether the order sends goods for those of another order, free
// of charge.
func (o *Order) IsResent() bool { return o.IsReplacementOrder || o.IsExchangeOrder }

// Line returns a line of the order by its id, or nil.
func (o *Order) Line(id string) *LineItem {
	for i := range o.LineItems {
		if o.LineItems[i].ID == id {
			return &o.LineItems[i]
		}
	}
	return nil
}

// LinesIn returns the lines in one of some states.
func (o *Order) LinesIn(states ...string) []*LineItem {
	var list []*LineItem
	for i := range o.LineItems {
		if line := &o.LineItems[i]; slices.Contains(states, line.DisplayStatus) {
			list = append(list, line)
		}
	}
	return list
}

// deliverBy chooses a delivery option for an order that the platform ships.
func (o *Order) deliverBy(name string) {
	if o.ShippingType == ShippingSeller {
		name = logistics.OptionSeller
	}
	for _, option := range logistics.DeliveryOptions() {
		if option.Name == name {
			o.DeliveryOptionName, o.DeliveryOptionID = option.Name, option.ID
		}
	}
}

// OrdersOf returns the orders of a shop. The shop's lock guards them.
func OrdersOf(s *world.Shop) *orders { return world.RoomIn[orders](s.Rooms) }

// keptOrder is an order in a snapshot.
type keptOrder struct {
	Data OrderData `json:"data"`
}

// ordersPart holds the orders of a shop in the order of their creation.
func ordersPart(s *world.Shop) keep.Part {
	return keep.Part{Name: "orders",
		Save: func() any {
			list := []keptOrder{}
			for _, o := range OrdersOf(s).ByCreate {
				list = append(list, keptOrder{o.OrderData})
			}
			return list
		},
		Load: func(raw json.RawMessage) error {
			var saved []keptOrder
			if err := keep.Decode(raw, &saved); err != nil {
				return err
			}
			list := make([]*Order, 0, len(saved))
			seen := make(map[int64]bool, len(saved))
			for i := range saved {
				o := &saved[i]
				at := fmt.Sprintf("[%d].data", i)
				n, err := invent.ParseID(o.Data.ID)
				if err != nil {
					return keep.Placed(at+".id", err)
				}
				if seen[n] {
					return keep.Placed(at+".id", fmt.Errorf("%s is that of another order too", o.Data.ID))
				}
				seen[n] = true
				if err := checkOrder(&o.Data); err != nil {
					return keep.Placed(at, err)
				}
				list = append(list, &Order{OrderData: o.Data, Number: n})
			}
			fresh := newOrders(list)
			fresh.Archive = OrdersOf(s).Archive // it is a part of its own
			*OrdersOf(s) = fresh
			return nil
		}}
}

// checkOrder checks what the operations on orders rely on.
func checkOrder(o *OrderData) error {
	if len(o.LineItems) == 0 {
		return keep.Placed("line_items", keep.ErrEmpty)
	}
	return keep.First(
		keep.CheckOneOf("status", o.Status, OrderStatuses...),
		keep.CheckIDs("packages", o.Packages, func(p *orderPackage) string { return p.ID }),
		keep.CheckIDs("line_items", o.LineItems, func(l *LineItem) string { return l.ID }),
		keep.CheckEach("line_items", o.LineItems, func(l *LineItem) error {
			return keep.First(
				keep.CheckID("product_id", l.ProductID),
				keep.CheckID("sku_id", l.SKUID),
				keep.CheckOneOf("display_status", l.DisplayStatus, OrderStatuses...),
			)
		}),
	)
}
