package shape

import (
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// amount makes up an amount in the smallest unit: the price of the SKU at
// hand, or what is usual beside it.
func (s *shaper) amount(at *scope, name string) int64 {
	if name == "amount" && at.parent != nil { // of something: a price, a discount
		name = at.noun
	}
	price := product.LocalPrice(s.shop.Market, 2499)
	if at.sku != nil {
		price = at.sku.Price
	}
	switch {
	case aboutFailure(name):
		return 0
	case strings.HasPrefix(name, "min") || containsAny(name, "lowest", "floor"):
		return s.round(price * 4 / 5)
	case strings.HasPrefix(name, "max") || containsAny(name, "highest", "ceiling"):
		return s.round(price * 6 / 5)
	case containsAny(name, "list_price", "original_price"):
		if at.sku != nil && at.sku.ListPrice > 0 {
			return at.sku.ListPrice
		}
		return price
	case containsAny(name, "discount", "fee", "tax", "commission", "cost", "deduction", "subsidy", "reimbursement", "adjustment"):
		return s.round(price * int64(1+s.draw(at, name)%9) / 100)
	case containsAny(name, "gmv", "revenue", "sales"):
		return price * s.count(at, "orders")
	}
	return price
}

// round drops what the market's prices do not have.
func (s *shaper) round(amount int64) int64 {
	if s.shop.Market.Decimals == 0 {
		return amount / 100 * 100
	}
	return amount
}

// sum says which members of an object add up to which.
type sum struct {
	total      string
	plus, less []string
}

// sums are the sums of the platform's objects, the inner ones first.
var sums = []sum{
	{"sub_total", []string{"original_total_product_price"}, []string{"seller_discount", "platform_discount"}},
	{"shipping_fee", []string{"original_shipping_fee"}, []string{"shipping_fee_seller_discount", "shipping_fee_platform_discount", "shipping_fee_cofunded_discount"}},
	{"total_amount", []string{"sub_total", "shipping_fee", "tax", "retail_delivery_fee", "buyer_service_fee", "small_order_fee", "shipping_insurance_fee", "distance_shipping_fee"}, nil},
	{"refund_total", []string{"refund_subtotal", "refund_shipping_fee", "refund_tax"}, nil},
	{"est_settlement_amount", []string{"est_revenue_amount", "est_adjustment_amount"}, []string{"est_shipping_cost_amount", "est_fee_tax_amount"}},
	{"settlement_amount", []string{"revenue_amount", "adjustment_amount"}, []string{"shipping_cost_amount", "fee_amount", "fee_tax_amount"}},
	{"sku_sale_price", []string{"sku_list_price"}, []string{"subtotal_deduction_seller", "subtotal_deduction_platform"}},
	{"total_quantity", []string{"available_quantity", "reserved_quantity"}, nil},
	{"total_quantity", []string{"normal_quantity", "defective_quantity"}, nil},
	{"received_quantity", []string{"qualified_quantity", "unqualified_quantity"}, nil},
	{"final_on_hand_quantity", []string{"initial_on_hand_quantity", "changed_quantity"}, nil},
}

// balance makes the members of an object add up.
func (s *shaper) balance(o *gate.ShapeObject, at *scope) {
	for _, sum := range sums {
		old := get(o, sum.total)
		if old == nil || at.in[sum.total] != nil {
			continue
		}
		total, parts := int64(0), 0
		add := func(names []string, sign int64) {
			for _, name := range names {
				switch v := get(o, name).(type) {
				case int64:
					total += sign * v
					parts++
				case string:
					if amount, ok := s.shop.Market.ParseMoney(v); ok {
						total += sign * amount
						parts++
					}
				}
			}
		}
		add(sum.plus, 1)
		add(sum.less, -1)
		if parts < 2 {
			continue
		}
		switch old.(type) {
		case int64:
			set(o, sum.total, total)
		case string:
			set(o, sum.total, s.shop.Market.Money(total))
		}
	}
}
