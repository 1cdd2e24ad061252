package trade

import (
	"encoding/json"
	"fmt"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// checkShop checks that the parts of the trade of a shop that was read from a
// snapshot fit each other: what one names another has.
func checkShop(s *world.Shop) error {
	return keep.First(
		keep.CheckEach("orders", OrdersOf(s).ByCreate, func(o **Order) error {
			return keep.Placed("data", checkAmounts(s, &(*o).OrderData))
		}),
		keep.Placed("trade", checkTrade(s)),
	)
}

// amount is an amount under its name in JSON.
type amount struct{ name, value string }

func checkAll(s *world.Shop, amounts ...amount) error {
	for _, a := range amounts {
		if err := s.Market.CheckMoney(a.value); err != nil {
			return keep.Placed(a.name, err)
		}
	}
	return nil
}

// checkAmounts checks that the amounts of an order are in the currency of the
// market.
func checkAmounts(s *world.Shop, o *OrderData) error {
	p := &o.Payment
	return keep.First(
		keep.Placed("payment", checkAll(s,
			amount{"original_total_product_price", p.OriginalTotalProductPrice},
			amount{"seller_discount", p.SellerDiscount}, amount{"platform_discount", p.PlatformDiscount},
			amount{"sub_total", p.SubTotal}, amount{"original_shipping_fee", p.OriginalShippingFee},
			amount{"shipping_fee_seller_discount", p.ShippingFeeSellerDiscount},
			amount{"shipping_fee_platform_discount", p.ShippingFeePlatformDiscount},
			amount{"shipping_fee_cofunded_discount", p.ShippingFeeCofundedDiscount},
			amount{"shipping_fee", p.ShippingFee}, amount{"tax", p.Tax}, amount{"product_tax", p.ProductTax},
			amount{"shipping_fee_tax", p.ShippingFeeTax}, amount{"retail_delivery_fee", p.RetailDeliveryFee},
			amount{"total_amount", p.TotalAmount},
		)),
		keep.CheckEach("line_items", o.LineItems, func(l *LineItem) error {
			if err := keep.CheckEach("item_tax", l.ItemTax, func(t *itemTax) error {
				return keep.Placed("tax_amount", s.Market.CheckMoney(t.TaxAmount))
			}); err != nil {
				return err
			}
			return checkAll(s,
				amount{"original_price", l.OriginalPrice}, amount{"seller_discount", l.SellerDiscount},
				amount{"platform_discount", l.PlatformDiscount}, amount{"sale_price", l.SalePrice},
				amount{"gift_retail_price", l.GiftRetailPrice}, amount{"retail_delivery_fee", l.RetailDeliveryFee},
			)
		}),
	)
}

// checkLines checks that an order exists and has lines.
func checkLines(s *world.Shop, order string, lines []string) error {
	o := OrdersOf(s).ByID[order]
	if o == nil {
		return keep.Placed("order_id", fmt.Errorf("the shop has no order %.40q", order))
	}
	if len(lines) == 0 {
		return keep.Placed("lines", keep.ErrEmpty)
	}
	return keep.CheckEach("lines", lines, func(id *string) error {
		if o.Line(*id) == nil {
			return fmt.Errorf("order %s has no line %.40q", order, *id)
		}
		return nil
	})
}

func checkRequestLines(s *world.Shop, order string, lines []AfterSaleLine) error {
	return checkLines(s, order, invent.Each(lines, func(l AfterSaleLine) string { return l.Line }))
}

// checkBuyers checks the buyers of a shop, whom other parts name.
func checkBuyers(list []buyer) error {
	if len(list) == 0 {
		return keep.Placed("buyers", keep.ErrEmpty)
	}
	return keep.CheckIDs("buyers", list, func(b *buyer) string { return b.ID })
}

func checkTrade(s *world.Shop) error {
	t := Of(s)
	return keep.First(
		keep.CheckKeyed("holds", t.Holds, func(_ string, h Hold) error {
			return keep.First(keep.CheckID("product", h.Product), keep.CheckID("sku", h.SKU),
				keep.CheckEach("parts", h.Parts, func(part *heldPart) error {
					return keep.First(keep.CheckID("product", part.Product), keep.CheckID("sku", part.SKU))
				}))
		}),
		keep.CheckKeyed("packages", t.Packages, func(id string, p *Parcel) error {
			if len(p.Parts) == 0 {
				return keep.Placed("parts", keep.ErrEmpty)
			}
			return keep.First(
				keep.CheckID("id", id),
				keep.CheckOneOf("status", p.Status, PackageToFulfill, PackageProcessing, PackageFulfilling, PackageCompleted, PackageCancelled),
				keep.CheckEach("parts", p.Parts, func(part *packagePart) error {
					if v := part.Invoice; v != nil {
						if err := keep.CheckOneOf("status", v.Status, InvoiceProcessing, InvoiceSuccess, InvoiceFailed, InvoiceInvalid); err != nil {
							return keep.Placed("invoice", err)
						}
					}
					return checkLines(s, part.OrderID, part.Lines)
				}),
			)
		}),
		keep.CheckKeyed("cancellations", t.Cancellations, func(id string, c *Cancellation) error {
			return keep.First(
				keep.CheckID("id", id),
				keep.CheckOneOf("status", c.Status, CancelPending, CancelSuccess, CancelComplete, CancelCancelled),
				checkRequestLines(s, c.OrderID, c.Lines),
			)
		}),
		keep.CheckKeyed("returns", t.Returns, func(id string, r *ReturnRequest) error {
			states := []string{ReturnPending, ReturnAwaitingShip, ReturnShipped, ReturnRejected, ReturnGoodsRejected, ReturnSuccess, ReturnComplete, ReturnCancel}
			if r.Type == ReturnReplacement {
				states = []string{ReplacementPending, ReplacementRejected, ReplacementRefund, ReplacementCancel, ReplacementComplete}
			}
			return keep.First(
				keep.CheckID("id", id),
				keep.CheckOneOf("type", r.Type, ReturnRefund, ReturnGoods, ReturnReplacement),
				keep.CheckOneOf("status", r.Status, states...),
				checkRequestLines(s, r.OrderID, r.Lines),
			)
		}),
		keep.CheckEach("refunds", t.Refunds, func(r *refund) error { return checkLines(s, r.OrderID, r.Lines) }),
		keep.CheckKeyed("repeats", t.Repeats, func(string, json.RawMessage) error { return nil }),
		keep.CheckKeyed("bundles", t.Bundles, func(_ string, b Bundle) error {
			return keep.CheckEach("orders", b.Orders, func(id *string) error {
				if OrdersOf(s).ByID[*id] == nil {
					return fmt.Errorf("the shop has no order %.40q", *id)
				}
				return nil
			})
		}),
	)
}
