package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// The checks in this file hold a world that was read from a snapshot to what
// the operations rely on across its parts: what one part names another has.
// They run before anything is replaced.

var (
	errMissing = errors.New("is missing")
	errEmpty   = errors.New("is empty, want at least one")
)

// check checks a world all of whose parts are loaded.
func (w *world) check() error {
	for i, s := range w.shops {
		if err := s.check(); err != nil {
			return placed(fmt.Sprintf("shops[%d]", i), err)
		}
	}
	return placed("world", firstError(
		placed("registers", w.checkRegisters()),
		placed("images", w.images.check()),
		placed("global_products", w.checkGlobals()),
	))
}

func (s *shop) check() error {
	return firstError(
		placed("warehouses", s.checkWarehouses()),
		placed("products", s.checkProducts()),
		placed("orders", s.checkOrders()),
		placed("trade", s.checkTrade()),
		placed("promotions", s.checkPromotions()),
		placed("desk", s.checkDesk()),
		placed("affiliate", s.checkAffiliate()),
		checkKeyed("custom_ids", s.customIDs, func(string, string) error { return nil }),
	)
}

// firstError returns the first error.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkEach checks the elements of a list.
func checkEach[T any](name string, list []T, check func(v *T) error) error {
	for i := range list {
		if err := check(&list[i]); err != nil {
			return placed(fmt.Sprintf("%s[%d]", name, i), err)
		}
	}
	return nil
}

// checkKeyed checks the values of a map in the order of its keys.
func checkKeyed[T any](name string, table map[string]T, check func(key string, v T) error) error {
	if table == nil {
		return placed(name, errMissing)
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if err := check(key, table[key]); err != nil {
			return placed(name+"["+strconv.Quote(key)+"]", err)
		}
	}
	return nil
}

func checkID(name, id string) error {
	_, err := parseID(id)
	return placed(name, err)
}

// checkIDs checks ids that may not come twice.
func checkIDs[T any](list []T, id func(v *T) string) error {
	seen := make(map[string]bool, len(list))
	for i := range list {
		value := id(&list[i])
		if err := checkID(fmt.Sprintf("[%d].id", i), value); err != nil {
			return err
		}
		if seen[value] {
			return placed(fmt.Sprintf("[%d].id", i), fmt.Errorf("%s comes twice", value))
		}
		seen[value] = true
	}
	return nil
}

func checkOneOf(name, value string, known ...string) error {
	if !slices.Contains(known, value) {
		return placed(name, fmt.Errorf("is %.40q, want one of %q", value, known))
	}
	return nil
}

// checkMoney checks amounts in the currency of the market; an absent one is
// nothing.
func (r *region) checkMoney(name, amount string) error {
	if amount == "" {
		return nil
	}
	if _, ok := r.parseMoney(amount); !ok {
		return placed(name, fmt.Errorf("is %.40q, want an amount of %s", amount, r.currency))
	}
	return nil
}

func (s *shop) checkWarehouses() error {
	if len(s.salesWarehouses()) == 0 {
		return placed("list", errors.New("no warehouse that is enabled can hold stock, want at least one"))
	}
	return placed("list", checkIDs(s.warehouses, func(w *warehouse) string { return w.id }))
}

func (s *shop) checkProducts() error {
	return checkEach("list", s.products.list, func(at **product) error {
		p := *at
		if known := s.world.catalog.byID[p.live.categoryID]; p.status != productDraft && (known == nil || known.leaf == nil) {
			return placed("live.category_id", fmt.Errorf("there is no leaf category %.40q", p.live.categoryID))
		}
		return p.check()
	})
}

func (p *product) check() error {
	if err := checkEach("stock", slices.Sorted(maps.Keys(p.stock)), func(sku *string) error {
		if len(p.stock[*sku]) == 0 {
			return errEmpty
		}
		return checkID("sku", *sku)
	}); err != nil {
		return err
	}
	for _, of := range []struct {
		name string
		*content
	}{{"live", &p.live}, {"review", p.review}, {"draft", p.draft}} {
		if of.content == nil {
			continue
		}
		// A draft may lack what it will need to become live.
		if p.status != productDraft && of.name != "draft" && (len(of.skus) == 0 || len(of.images) == 0) {
			return placed(of.name, errors.New("has no SKU or no image, want at least one of each"))
		}
		if err := placed(of.name+".skus", checkIDs(of.skus, func(v *sku) string { return v.id })); err != nil {
			return err
		}
		for i := range of.skus {
			if len(of.skus[i].attributes) != len(of.skus[0].attributes) {
				return placed(fmt.Sprintf("%s.skus[%d].attributes", of.name, i), fmt.Errorf("has %d elements, the first SKU has %d", len(of.skus[i].attributes), len(of.skus[0].attributes)))
			}
		}
	}
	return nil
}

func (s *shop) checkOrders() error {
	return checkEach("", s.orders.byCreate, func(o **order) error { return placed("data", s.checkOrder(*o)) })
}

func (s *shop) checkOrder(o *order) error {
	p := &o.Payment
	return firstError(
		checkOneOf("status", o.Status, orderStatuses...),
		placed("payment", p.check(s.region)),
		placed("packages", checkIDs(o.Packages, func(p *orderPackage) string { return p.ID })),
		placed("line_items", checkIDs(o.LineItems, func(l *lineItem) string { return l.ID })),
		checkEach("line_items", o.LineItems, func(l *lineItem) error {
			if err := checkOneOf("display_status", l.DisplayStatus, orderStatuses...); err != nil {
				return err
			}
			for i := range l.ItemTax {
				if err := s.region.checkMoney(fmt.Sprintf("item_tax[%d].tax_amount", i), l.ItemTax[i].TaxAmount); err != nil {
					return err
				}
			}
			return checkAmounts(s.region, []amountField{
				{"original_price", l.OriginalPrice}, {"seller_discount", l.SellerDiscount}, {"platform_discount", l.PlatformDiscount},
				{"sale_price", l.SalePrice}, {"gift_retail_price", l.GiftRetailPrice}, {"retail_delivery_fee", l.RetailDeliveryFee},
			})
		}),
	)
}

// amountField is an amount under its name in JSON.
type amountField struct{ name, amount string }

func checkAmounts(r *region, fields []amountField) error {
	for _, f := range fields {
		if err := r.checkMoney(f.name, f.amount); err != nil {
			return err
		}
	}
	return nil
}

func (p *payment) check(r *region) error {
	return checkAmounts(r, []amountField{
		{"original_total_product_price", p.OriginalTotalProductPrice}, {"seller_discount", p.SellerDiscount},
		{"platform_discount", p.PlatformDiscount}, {"sub_total", p.SubTotal}, {"original_shipping_fee", p.OriginalShippingFee},
		{"shipping_fee_seller_discount", p.ShippingFeeSellerDiscount}, {"shipping_fee_platform_discount", p.ShippingFeePlatformDiscount},
		{"shipping_fee_cofunded_discount", p.ShippingFeeCofundedDiscount}, {"shipping_fee", p.ShippingFee}, {"tax", p.Tax},
		{"product_tax", p.ProductTax}, {"shipping_fee_tax", p.ShippingFeeTax}, {"retail_delivery_fee", p.RetailDeliveryFee},
		{"total_amount", p.TotalAmount},
	})
}

// checkLines checks that an order exists and has lines.
func (s *shop) checkLines(order string, lines []string) error {
	o := s.orders.byID[order]
	if o == nil {
		return placed("order_id", fmt.Errorf("the shop has no order %.40q", order))
	}
	if len(lines) == 0 {
		return placed("lines", errEmpty)
	}
	return checkEach("lines", lines, func(id *string) error {
		if o.line(*id) == nil {
			return fmt.Errorf("order %s has no line %.40q", order, *id)
		}
		return nil
	})
}

func (s *shop) checkTrade() error {
	t := &s.trade
	if len(t.Buyers) == 0 {
		return placed("buyers", errEmpty)
	}
	request := func(order string, lines []afterSaleLine) error {
		return s.checkLines(order, each(lines, func(l afterSaleLine) string { return l.Line }))
	}
	return firstError(
		placed("buyers", checkIDs(t.Buyers, func(b *buyer) string { return b.ID })),
		checkKeyed("holds", t.Holds, func(_ string, h hold) error {
			return firstError(checkID("product", h.Product), checkID("sku", h.SKU))
		}),
		checkKeyed("packages", t.Packages, func(id string, p *parcel) error {
			if len(p.Parts) == 0 {
				return placed("parts", errEmpty)
			}
			return firstError(checkID("id", id),
				checkOneOf("status", p.Status, packageToFulfill, packageProcessing, packageFulfilling, packageCompleted, packageCancelled),
				checkEach("parts", p.Parts, func(part *packagePart) error { return s.checkLines(part.OrderID, part.Lines) }))
		}),
		checkKeyed("cancellations", t.Cancellations, func(id string, c *cancellation) error {
			return firstError(checkID("id", id), checkOneOf("status", c.Status, cancelPending, cancelSuccess, cancelComplete, cancelCancelled), request(c.OrderID, c.Lines))
		}),
		checkKeyed("returns", t.Returns, func(id string, r *returnRequest) error {
			states := []string{returnPending, returnAwaitingShip, returnShipped, returnRejected, returnGoodsRejected, returnSuccess, returnComplete, returnCancel}
			if r.Type == returnReplacement {
				states = []string{replacementPending, replacementRejected, replacementRefund, replacementCancel, replacementComplete}
			}
			return firstError(checkID("id", id), checkOneOf("type", r.Type, returnRefund, returnGoods, returnReplacement), checkOneOf("status", r.Status, states...), request(r.OrderID, r.Lines))
		}),
		checkEach("refunds", t.Refunds, func(r *refund) error { return s.checkLines(r.OrderID, r.Lines) }),
		placed("deadlines", t.Deadlines.check()),
		checkKeyed("repeats", t.Repeats, func(string, json.RawMessage) error { return nil }),
		checkKeyed("bundles", t.Bundles, func(_ string, b bundle) error {
			return checkEach("orders", b.Orders, func(id *string) error {
				if s.orders.byID[*id] == nil {
					return fmt.Errorf("the shop has no order %.40q", *id)
				}
				return nil
			})
		}),
	)
}

// check checks the order of the queue and what stands in it.
func (d *deadlines) check() error {
	for i := range d.Queue {
		at := fmt.Sprintf("queue[%d]", i)
		if err := checkOneOf("kind", d.Queue[i].Kind, deadlinePayment, deadlineHold, deadlineShipment, deadlineCollection,
			deadlineCompletion, deadlineCancellation, deadlineReturn, deadlineChat); err != nil {
			return placed(at, err)
		}
		if i > 0 && d.Less(i, (i-1)/2) {
			return placed(at, fmt.Errorf("is due before queue[%d]: the queue is a heap", (i-1)/2))
		}
	}
	return nil
}

func (s *shop) checkPromotions() error {
	p := &s.promotions
	return firstError(
		placed("activities", checkIDs(p.Activities, func(a **activity) string { return (*a).ID })),
		placed("coupons", checkIDs(p.Coupons, func(c *coupon) string { return c.ID })),
		checkEach("activities", p.Activities, func(a **activity) error {
			return checkEach("products", (*a).Products, func(p *activityProduct) error {
				return firstError(s.checkProduct("id", p.ID), s.region.checkMoney("price", p.Price), checkEach("skus", p.SKUs, func(i *activityItem) error {
					return firstError(checkID("id", i.ID), s.region.checkMoney("price", i.Price))
				}))
			})
		}),
		checkEach("coupons", p.Coupons, func(c *coupon) error {
			if c.Amount < 0 || c.MinSpend < 0 || c.Percent < 0 || c.Percent > 100 {
				return fmt.Errorf("takes %d or %d%% off from %d on, want nothing below 0 and no more than 100%%", c.Amount, c.Percent, c.MinSpend)
			}
			return nil
		}),
	)
}

func (s *shop) checkProduct(name, id string) error {
	if s.products.byID[id] == nil {
		return placed(name, fmt.Errorf("the shop has no product %.40q", id))
	}
	return nil
}

func (s *shop) checkDesk() error {
	return firstError(
		placed("conversations", checkIDs(s.desk.Conversations, func(c **conversation) string { return (*c).ID })),
		checkEach("conversations", s.desk.Conversations, func(at **conversation) error {
			c := *at
			if s.trade.buyer(c.Buyer) == nil {
				return placed("buyer", fmt.Errorf("the shop has no buyer %.40q", c.Buyer))
			}
			if c.Read < 0 || c.Read > len(c.Messages) {
				return placed("read", fmt.Errorf("is %d of %d messages", c.Read, len(c.Messages)))
			}
			return firstError(
				placed("messages", checkIDs(c.Messages, func(m *chatMessage) string { return m.ID })),
				checkEach("messages", c.Messages, func(m *chatMessage) error {
					if !json.Valid([]byte(m.Content)) {
						return placed("content", errors.New("is not JSON"))
					}
					return firstError(checkID("index", m.Index), checkOneOf("role", m.Role, chatRoleBuyer, chatRoleShop, chatRoleAgent, chatRoleSystem))
				}))
		}))
}

func (s *shop) checkAffiliate() error {
	a := &s.affiliate
	creator := func(name, id string) error {
		if s.world.creator(s.Region, id, byUserID) == nil {
			return placed(name, fmt.Errorf("the market has no creator %.40q", id))
		}
		return nil
	}
	return firstError(
		placed("open", checkIDs(a.Open, func(o **openCollaboration) string { return (*o).ID })),
		placed("targets", checkIDs(a.Targets, func(t **targetCollaboration) string { return (*t).ID })),
		placed("applications", checkIDs(a.Applications, func(s **sampleApplication) string { return (*s).ID })),
		checkEach("open", a.Open, func(o **openCollaboration) error {
			if (*o).Removed == nil {
				return placed("removed", errMissing)
			}
			return s.checkProduct("product", (*o).Product)
		}),
		checkEach("rules", a.Rules, func(r **sampleRule) error { return s.checkProduct("product", (*r).Product) }),
		checkEach("targets", a.Targets, func(t **targetCollaboration) error {
			return firstError(
				checkEach("creators", (*t).Creators, func(i *invitation) error { return creator("creator", i.Creator) }),
				checkEach("products", (*t).Products, func(p *targetProduct) error {
					if len(p.Rates) == 0 {
						return placed("rates", errEmpty)
					}
					return s.checkProduct("id", p.ID)
				}))
		}),
		checkEach("applications", a.Applications, func(p **sampleApplication) error {
			if !slices.ContainsFunc(a.Open, func(o *openCollaboration) bool { return o.ID == (*p).Open }) {
				return placed("open", fmt.Errorf("the shop has no open collaboration %.40q", (*p).Open))
			}
			return firstError(creator("creator", (*p).Creator), s.checkProduct("product", (*p).Product))
		}))
}

func (w *world) checkRegisters() error {
	for _, owner := range []*seller{&w.seller, &w.neighbour} {
		if w.registers.sellers[owner.openID] == nil {
			return fmt.Errorf("seller %.60q has none", owner.openID)
		}
	}
	return checkKeyed("", w.registers.sellers, func(_ string, r *register) error {
		return firstError(
			placed("size_charts", checkIDs(r.SizeCharts, func(e *sizeChartEntry) string { return e.ID })),
			placed("manufacturers", checkIDs(r.Manufacturers, func(e *manufacturer) string { return e.ID })),
			placed("responsible_persons", checkIDs(r.Responsible, func(e *responsiblePerson) string { return e.ID })),
			checkEach("manufacturers", r.Manufacturers, func(e *manufacturer) error { return checkProfiles(len(e.Profiles)) }),
			checkEach("responsible_persons", r.Responsible, func(e *responsiblePerson) error { return checkProfiles(len(e.Profiles)) }))
	})
}

func checkProfiles(count int) error {
	if count == 0 {
		return placed("regional_profiles", errEmpty)
	}
	return nil
}

// check checks the sizes of images, which are drawn, and that optimized ones
// exist.
func (s *images) check() error {
	for _, uri := range slices.Sorted(maps.Keys(s.byURI)) {
		if i := s.byURI[uri]; i.width < 1 || i.height < 1 || i.width > maxImagePixels || i.height > maxImagePixels {
			return fmt.Errorf("image %.60q has %d x %d pixels, want 1 x 1 to %d x %[4]d", uri, i.width, i.height, maxImagePixels)
		}
	}
	for _, uri := range slices.Sorted(maps.Keys(s.optimized)) {
		if s.byURI[s.optimized[uri]] == nil {
			return placed("optimized["+strconv.Quote(uri)+"]", fmt.Errorf("there is no image %.60q", s.optimized[uri]))
		}
	}
	return nil
}

func (w *world) checkGlobals() error {
	return checkKeyed("", w.globals.sellers, func(_ string, g *sellerGlobals) error {
		if g.customIDs == nil {
			return placed("custom_ids", errMissing)
		}
		return checkEach("list", g.list, func(at **globalProduct) error {
			p := *at
			if err := placed("product", p.check()); err != nil {
				return err
			}
			return checkEach("locals", p.locals, func(l *globalLocal) error {
				if w.shopByID(l.Shop) == nil {
					return placed("shop", fmt.Errorf("no shop has the id %.40q", l.Shop))
				}
				return nil
			})
		})
	})
}
