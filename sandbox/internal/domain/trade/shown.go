package trade

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// EncodedWith is [Order.Encoded] with the fields that only details have, without
// the address, or both. Nothing of it is kept: it follows from the order.
func (o *Order) EncodedWith(r *market.Region, base string, newest, detail, blank bool) []byte {
	view := o.view(r, base, newest)
	if detail {
		view.detail(r)
	}
	if blank && view.RecipientAddress != nil {
		view.RecipientAddress = view.RecipientAddress.blank()
	}
	return gate.AppendJSON(nil, &view)
}

// detail fills in how the buyer paid. The codes are invented: no source lists
// those of ways of paying.
func (o *OrderData) detail(r *market.Region) {
	if o.PaymentMethodName == "" {
		return
	}
	number := uint64(invent.Number(o.ID))
	o.PaymentMethodCode = map[string]string{
		"Credit card": "VISA", "PayPal": "PAYPAL", "Apple Pay": "APPLE_PAY", "Cash on delivery": "COD",
	}[o.PaymentMethodName]
	if o.PaymentMethodName == "Credit card" {
		o.PaymentCardType = []string{"Debit", "Credit", "Prepaid"}[number%3]
	}
	if r.Code == "BR" {
		dice := invent.NewRandom(number, number)
		o.PaymentAuthCode = dice.Text("0123456789", 6)
		o.ChannelEntity = dice.Text("0123456789", 14)
	}
}

// blank returns the address as old orders have it: every text but the region is
// empty.
func (a *address) blank() *address {
	return &address{
		RegionCode: a.RegionCode, AddressLine3: new(""), AddressLine4: new(""),
		DistrictInfo: []district{}, DeliveryPreferences: &deliveryPreferences{},
	}
}
