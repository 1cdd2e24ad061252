package sandbox_test

import (
	"bytes"
	"encoding/json"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// order is the part of an order that the tests look at.
type order struct {
	ID            string
	Status        string
	CreateTime    int64  `json:"create_time"`
	UpdateTime    int64  `json:"update_time"`
	PaidTime      int64  `json:"paid_time"`
	RTSTime       int64  `json:"rts_time"`
	Collection    int64  `json:"collection_time"`
	Delivery      int64  `json:"delivery_time"`
	CancelTime    int64  `json:"cancel_time"`
	CancelReason  string `json:"cancel_reason"`
	UserID        string `json:"user_id"`
	BuyerEmail    string `json:"buyer_email"`
	RequestCancel bool   `json:"is_buyer_request_cancel"`
	ShippingType  string `json:"shipping_type"`
	WarehouseID   string `json:"warehouse_id"`
	Tag           string `json:"split_or_combine_tag"`
	Replaces      string `json:"replaced_order_id"`
	Exchanges     string `json:"exchange_source_order_id"`
	OrderType     string `json:"order_type"`
	IsSample      bool   `json:"is_sample_order"`
	IsCOD         bool   `json:"is_cod"`
	Held          bool   `json:"is_on_hold_order"`
	CancelledBy   string `json:"cancellation_initiator"`
	Payment       map[string]string
	Recipient     *struct {
		Name        string
		PhoneNumber string `json:"phone_number"`
		FullAddress string `json:"full_address"`
		PostTown    string `json:"post_town"`
		Districts   []struct {
			AddressLevel string `json:"address_level"`
			AddressName  string `json:"address_name"`
		} `json:"district_info"`
	} `json:"recipient_address"`
	LineItems []struct {
		ID        string
		ProductID string `json:"product_id"`
		SKUID     string `json:"sku_id"`
		IsGift    bool   `json:"is_gift"`
		Parts     []struct {
			SKUID     string `json:"sku_id"`
			Count     int64  `json:"sku_count"`
			ProductID string `json:"product_id"`
			SellerSKU string `json:"seller_sku"`
		} `json:"combined_listing_skus"`
		SKUImage         string `json:"sku_image"`
		Currency         string
		OriginalPrice    string `json:"original_price"`
		SellerDiscount   string `json:"seller_discount"`
		PlatformDiscount string `json:"platform_discount"`
		SalePrice        string `json:"sale_price"`
		RetailFee        string `json:"retail_delivery_fee"`
		DisplayStatus    string `json:"display_status"`
		PackageID        string `json:"package_id"`
		PackageStatus    string `json:"package_status"`
		TrackingNumber   string `json:"tracking_number"`
		ItemTax          []struct {
			Amount string `json:"tax_amount"`
		} `json:"item_tax"`
	} `json:"line_items"`
	Packages []struct{ ID string }
}

// orderPage is the data of the order search.
type orderPage struct {
	Orders        []order
	NextPageToken string `json:"next_page_token"`
	TotalCount    int    `json:"total_count"`
}

// walk reads all pages of the order search.
func (w *world) walk(t testing.TB, region, query, body string) []order {
	t.Helper()
	var all []order
	for token := ""; ; {
		q := query
		if token != "" {
			q += "&page_token=" + url.QueryEscape(token)
		}
		var page orderPage
		w.call(t, region, "POST", searchPath, q, body).into(t, &page)
		all = append(all, page.Orders...)
		if page.NextPageToken == "" {
			if len(all) != page.TotalCount {
				t.Fatalf("%d orders, total_count %d", len(all), page.TotalCount)
			}
			return all
		}
		if page.NextPageToken == token || len(all) > page.TotalCount {
			t.Fatalf("the pages do not end: %d orders of %d", len(all), page.TotalCount)
		}
		token = page.NextPageToken
	}
}

var regions = []string{"US", "GB", "VN", "BR"}

func TestSeedIsDeterministic(t *testing.T) {
	t.Parallel()
	answers := func(seed uint64) []byte {
		w := newWorld(t, func(c *sandbox.Config) { c.Seed = seed })
		var all bytes.Buffer
		encoded, err := json.Marshal(w.credentials)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(encoded)
		for _, region := range regions {
			all.Write(w.call(t, region, "POST", searchPath, "page_size=100", "").body)
			all.Write(w.call(t, region, "POST", "/product/202502/products/search", "page_size=100", "").body)
			all.Write(w.call(t, region, "GET", "/logistics/202309/warehouses", "", "").body)
			all.Write(w.call(t, region, "GET", "/product/202309/brands", "page_size=100", "").body)
		}
		all.Write(w.exchange(t, w.credentials.AuthCode).body)
		return all.Bytes()
	}
	first := answers(1)
	if !bytes.Equal(first, answers(1)) {
		t.Error("the same seed gives other bytes")
	}
	if bytes.Equal(first, answers(2)) {
		t.Error("another seed gives the same bytes")
	}
}

func TestSeedShops(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		w := newWorld(t, func(c *sandbox.Config) { c.Seed = seed })
		var got struct {
			Shops []sandbox.Shop
		}
		w.call(t, "", "GET", "/authorization/202309/shops", "", "").into(t, &got)
		if !slices.Equal(got.Shops, w.credentials.Shops) || len(got.Shops) < 3 {
			t.Fatalf("shops %v, credentials have %v", got.Shops, w.credentials.Shops)
		}
		for _, shop := range got.Shops {
			prefix := map[string]string{"US": "TTP_", "GB": "GCP_", "VN": "ROW_", "BR": "ROW_"}[shop.Region]
			if !strings.HasPrefix(shop.Cipher, prefix) || len(shop.ID) != 19 || shop.Name == "" || shop.Code == "" {
				t.Errorf("shop %+v", shop)
			}
		}
		if w.credentials.ServiceID == "" || w.credentials.AppKey == "" || w.credentials.BaseURL != "" {
			t.Errorf("credentials %+v", w.credentials)
		}
	}
}

func TestSeedOrders(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`^\d{18,19}$`)
	for _, region := range regions {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			orders := w.walk(t, region, "page_size=100", "")
			if len(orders) < 300 {
				t.Errorf("%d orders", len(orders))
			}
			states := map[string]int{}
			for _, o := range orders {
				states[o.Status]++
				if !id.MatchString(o.ID) || !id.MatchString(o.UserID) || len(o.LineItems) == 0 {
					t.Errorf("order %s of buyer %s has %d lines", o.ID, o.UserID, len(o.LineItems))
				}
				checkTimes(t, o, start.Unix())
				checkMoney(t, region, o)
				checkPackages(t, region, o)
				checkRecipient(t, region, o)
			}
			want := []string{"UNPAID", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED", "ON_HOLD"}
			if len(states) != len(want) {
				t.Errorf("states %v, want %v", states, want)
			}
			for _, status := range want {
				if states[status] < 5 {
					t.Errorf("%d orders are %s", states[status], status)
				}
			}
		})
	}
}

// checkTimes holds the events of an order against their order.
func checkTimes(t *testing.T, o order, now int64) {
	t.Helper()
	last := int64(0)
	for name, at := range map[string]int64{"paid": o.PaidTime, "rts": o.RTSTime, "collection": o.Collection, "delivery": o.Delivery, "cancel": o.CancelTime} {
		if at != 0 && (at < o.CreateTime || at > o.UpdateTime) {
			t.Errorf("order %s: %s at %d is not between %d and %d", o.ID, name, at, o.CreateTime, o.UpdateTime)
		}
	}
	for _, at := range []int64{o.CreateTime, o.PaidTime, o.RTSTime, o.Collection, o.Delivery, o.UpdateTime, now} {
		if at == 0 || o.IsCOD && at == o.PaidTime {
			continue
		}
		if at < last {
			t.Errorf("order %s (%s): events out of order", o.ID, o.Status)
		}
		last = at
	}
	has := map[string]bool{
		"paid": o.PaidTime > 0, "rts": o.RTSTime > 0, "collection": o.Collection > 0, "delivery": o.Delivery > 0, "cancel": o.CancelTime > 0,
	}
	want := map[string][]string{
		"UNPAID": {}, "ON_HOLD": {"paid"}, "AWAITING_SHIPMENT": {"paid"},
		"PARTIALLY_SHIPPING": {"paid", "rts"}, "AWAITING_COLLECTION": {"paid", "rts"},
		"IN_TRANSIT": {"paid", "rts", "collection"}, "DELIVERED": {"paid", "rts", "collection", "delivery"},
		"COMPLETED": {"paid", "rts", "collection", "delivery"},
	}[o.Status]
	if o.Status == "CANCELLED" {
		if !has["cancel"] || o.CancelReason == "" || has["rts"] {
			t.Errorf("cancelled order %s: %v, reason %q", o.ID, has, o.CancelReason)
		}
		return
	}
	if o.IsCOD { // paid on delivery
		if has["paid"] != has["delivery"] || o.PaidTime != o.Delivery {
			t.Errorf("order %s in cash is paid at %d, delivered at %d", o.ID, o.PaidTime, o.Delivery)
		}
		delete(has, "paid")
		want = slices.DeleteFunc(want, func(name string) bool { return name == "paid" })
	}
	for name, is := range has {
		if is != slices.Contains(want, name) {
			t.Errorf("order %s (%s): has %s time: %t", o.ID, o.Status, name, is)
		}
	}
}

// amount reads a decimal string exactly.
func amount(t *testing.T, text string) *big.Rat {
	t.Helper()
	if text == "" {
		return new(big.Rat)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("amount %q", text)
	}
	return r
}

// checkMoney adds up an order to the smallest unit.
func checkMoney(t *testing.T, region string, o order) {
	t.Helper()
	money := regexp.MustCompile(map[string]string{"VN": `^\d+$`}[region] + map[bool]string{true: `^\d+(\.\d?[1-9])?$`}[region != "VN"])
	currency := map[string]string{"US": "USD", "GB": "GBP", "VN": "VND", "BR": "BRL"}[region]
	sum := func(sign int64, to *big.Rat, text string) {
		if text != "" && !money.MatchString(text) {
			t.Errorf("order %s: amount %q of %s", o.ID, text, currency)
		}
		to.Add(to, new(big.Rat).Mul(big.NewRat(sign, 1), amount(t, text)))
	}
	p := o.Payment
	var original, seller, platform, sale, itemTax, retail big.Rat
	for _, line := range o.LineItems {
		if line.Currency != currency {
			t.Errorf("order %s: line in %q", o.ID, line.Currency)
		}
		var due big.Rat
		sum(1, &due, line.OriginalPrice)
		sum(-1, &due, line.SellerDiscount)
		sum(-1, &due, line.PlatformDiscount)
		if due.Cmp(amount(t, line.SalePrice)) != 0 || due.Sign() < 0 || (due.Sign() == 0) != (o.IsSample || line.IsGift || o.Exchanges != "") {
			t.Errorf("order %s: line costs %s, should %s", o.ID, line.SalePrice, due.FloatString(2))
		}
		sum(1, &original, line.OriginalPrice)
		sum(1, &seller, line.SellerDiscount)
		sum(1, &platform, line.PlatformDiscount)
		sum(1, &sale, line.SalePrice)
		sum(1, &retail, line.RetailFee)
		for _, tax := range line.ItemTax {
			sum(1, &itemTax, tax.Amount)
		}
	}
	equal := func(name string, want *big.Rat) {
		t.Helper()
		if got := amount(t, p[name]); got.Cmp(want) != 0 {
			t.Errorf("order %s: %s is %s, should be %s", o.ID, name, p[name], want.FloatString(2))
		}
	}
	equal("original_total_product_price", &original)
	equal("seller_discount", &seller)
	equal("platform_discount", &platform)
	equal("sub_total", &sale)
	equal("product_tax", &itemTax)
	equal("retail_delivery_fee", &retail)
	var fee big.Rat
	sum(1, &fee, p["original_shipping_fee"])
	sum(-1, &fee, p["shipping_fee_seller_discount"])
	sum(-1, &fee, p["shipping_fee_platform_discount"])
	sum(-1, &fee, p["shipping_fee_cofunded_discount"])
	equal("shipping_fee", &fee)
	tax := new(big.Rat).Add(&itemTax, amount(t, p["shipping_fee_tax"]))
	equal("tax", tax)
	total := new(big.Rat).Add(&sale, &fee)
	total.Add(total, tax).Add(total, &retail)
	equal("total_amount", total)
	if p["currency"] != currency {
		t.Errorf("order %s: paid in %q", o.ID, p["currency"])
	}
}

func checkPackages(t *testing.T, region string, o order) {
	t.Helper()
	packages := map[string]bool{}
	for _, p := range o.Packages {
		packages[p.ID] = true
	}
	lineStates := map[string]int{}
	for _, line := range o.LineItems {
		lineStates[line.DisplayStatus]++
		if (line.PackageID == "") != (line.PackageStatus == "") || line.PackageID != "" && !packages[line.PackageID] {
			t.Errorf("order %s: line in package %q with status %q", o.ID, line.PackageID, line.PackageStatus)
		}
		if shipped := line.PackageStatus != "" && line.PackageStatus != "TO_FULFILL"; shipped != (line.TrackingNumber != "") {
			t.Errorf("order %s: package %s, tracking number %q", o.ID, line.PackageStatus, line.TrackingNumber)
		}
		if line.DisplayStatus == "ON_HOLD" || line.DisplayStatus == "PARTIALLY_SHIPPING" {
			t.Errorf("order %s: line is %s", o.ID, line.DisplayStatus)
		}
	}
	switch o.Status {
	case "UNPAID", "ON_HOLD", "CANCELLED":
		if len(packages) != 0 {
			t.Errorf("order %s (%s) has packages", o.ID, o.Status)
		}
	case "AWAITING_SHIPMENT":
		if (len(packages) == 0) != (region == "US") {
			t.Errorf("order %s: %d packages before shipping in %s", o.ID, len(packages), region)
		}
	case "PARTIALLY_SHIPPING":
		if lineStates["AWAITING_COLLECTION"] == 0 || lineStates["AWAITING_SHIPMENT"] == 0 {
			t.Errorf("order %s: lines %v", o.ID, lineStates)
		}
	default:
		if len(packages) == 0 || lineStates[o.Status] != len(o.LineItems) {
			t.Errorf("order %s (%s): %d packages, lines %v", o.ID, o.Status, len(packages), lineStates)
		}
	}
}

func checkRecipient(t *testing.T, region string, o order) {
	t.Helper()
	if hidden := o.Status == "UNPAID" || o.Status == "ON_HOLD"; hidden != (o.Recipient == nil) {
		t.Errorf("order %s (%s): recipient %v", o.ID, o.Status, o.Recipient)
	}
	if o.Status == "ON_HOLD" && o.BuyerEmail != "" {
		t.Errorf("order %s shows its buyer during the hold", o.ID)
	}
	if o.Recipient == nil {
		return
	}
	masked := strings.Contains(o.Recipient.Name, "*") && strings.Contains(o.Recipient.PhoneNumber, "*")
	plain := !strings.Contains(o.Recipient.Name+o.Recipient.PhoneNumber, "*")
	if o.ShippingType == "TIKTOK" && !masked || o.ShippingType == "SELLER" && !plain {
		t.Errorf("order %s shipped by %s: name %q, phone %q", o.ID, o.ShippingType, o.Recipient.Name, o.Recipient.PhoneNumber)
	}
	if (o.Recipient.PostTown != "") != (region == "GB") || len(o.Recipient.Districts) < 3 || o.Recipient.Districts[0].AddressLevel != "L0" || o.Recipient.FullAddress == "" {
		t.Errorf("order %s: address %+v", o.ID, o.Recipient)
	}
}

func TestSeedProducts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := map[string]bool{}
	for _, region := range regions {
		states := map[string]int{}
		list := w.products(t, region, "/product/202502/products/search", "page_size=30", "")
		if len(list) < 40 {
			t.Errorf("%s: %d products", region, len(list))
		}
		for _, p := range list {
			states[p.Status]++
			if ids[p.ID] || len(p.ID) != 19 || p.CreateTime > p.UpdateTime || p.UpdateTime > start.Unix() {
				t.Errorf("%s: product %+v", region, p)
			}
			ids[p.ID] = true
			if n := len([]rune(p.Title)); region == "VN" && n < 25 || n > 255 {
				t.Errorf("%s: title %q", region, p.Title)
			}
			for _, s := range p.SKUs {
				if ids[s.ID] || len(s.Inventory) == 0 || s.SellerSKU == "" {
					t.Errorf("%s: SKU %+v", region, s)
				}
				ids[s.ID] = true
			}
			var detail struct {
				Status     string
				Brand      struct{ Name string }
				Audit      struct{ Status string }
				Failed     []any `json:"audit_failed_reasons"`
				Categories []struct {
					ParentID string `json:"parent_id"`
					IsLeaf   bool   `json:"is_leaf"`
				} `json:"category_chains"`
				Images []struct {
					URLs []string `json:"urls"`
				} `json:"main_images"`
			}
			w.call(t, region, "GET", "/product/202309/products/"+p.ID, "", "").into(t, &detail)
			if detail.Status != p.Status || detail.Brand.Name == "" || len(detail.Images) == 0 || len(detail.Categories) < 3 ||
				detail.Categories[0].ParentID != "0" || !detail.Categories[len(detail.Categories)-1].IsLeaf {
				t.Errorf("%s: product %s: %+v", region, p.ID, detail)
			}
			audit := map[string]string{"ACTIVATE": "APPROVED", "PENDING": "AUDITING", "FAILED": "FAILED"}[p.Status]
			if audit == "" {
				audit = "NONE"
			}
			if detail.Audit.Status != audit || (len(detail.Failed) > 0) != (p.Status == "FAILED") {
				t.Errorf("%s: product %s is %s with audit %s", region, p.ID, p.Status, detail.Audit.Status)
			}
		}
		for _, status := range []string{"DRAFT", "PENDING", "FAILED", "ACTIVATE", "SELLER_DEACTIVATED", "PLATFORM_DEACTIVATED", "FREEZE", "DELETED"} {
			if states[status] == 0 {
				t.Errorf("%s: no product is %s", region, status)
			}
		}
	}
}

// TestSeedOrdersReferToProducts follows every line to its product.
func TestSeedOrdersReferToProducts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		skus := map[string]string{}
		for _, p := range w.products(t, region, "/product/202309/products/search", "page_size=100", "") {
			for _, s := range p.SKUs {
				skus[s.ID] = p.ID
			}
		}
		warehouses := map[string]bool{}
		for _, wh := range w.warehouses(t, region) {
			warehouses[wh.ID] = wh.Type == "SALES_WAREHOUSE"
		}
		for _, o := range w.walk(t, region, "page_size=100", "") {
			if !warehouses[o.WarehouseID] {
				t.Errorf("order %s ships from %s", o.ID, o.WarehouseID)
			}
			for _, line := range o.LineItems {
				if skus[line.SKUID] != line.ProductID {
					t.Errorf("order %s: SKU %s of product %s", o.ID, line.SKUID, line.ProductID)
				}
			}
		}
	}
}

// TestSeedReservesStock adds up what open orders hold.
func TestSeedReservesStock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := map[string]int64{}
	for _, o := range w.walk(t, "GB", "page_size=100", "") {
		for _, line := range o.LineItems {
			switch line.DisplayStatus {
			case "UNPAID", "AWAITING_SHIPMENT":
				for _, part := range line.Parts {
					open[part.SKUID] += part.Count
				}
				if len(line.Parts) == 0 {
					open[line.SKUID]++
				}
			}
		}
	}
	if len(open) < 10 {
		t.Fatalf("open orders hold %d SKUs", len(open))
	}
	for id, want := range open {
		got := w.inventory(t, "GB", `{"sku_ids":["`+id+`"]}`)
		if got[id].Committed != want {
			t.Errorf("SKU %s: %d committed, orders hold %d", id, got[id].Committed, want)
		}
	}
}

func TestWarehouses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		kinds := map[string]int{}
		for _, wh := range w.warehouses(t, region) {
			kinds[wh.Type]++
			if len(wh.ID) != 19 || wh.EntityID == "" || wh.Address.RegionCode != region || wh.EffectStatus != "ENABLED" {
				t.Errorf("%s: warehouse %+v", region, wh)
			}
		}
		if kinds["SALES_WAREHOUSE"] == 0 || kinds["RETURN_WAREHOUSE"] == 0 {
			t.Errorf("%s: warehouses %v", region, kinds)
		}
	}
}

type warehouseView struct {
	ID           string
	EntityID     string `json:"entity_id"`
	Type         string
	EffectStatus string `json:"effect_status"`
	Address      struct {
		RegionCode string `json:"region_code"`
	}
}

func (w *world) warehouses(t testing.TB, region string) []warehouseView {
	t.Helper()
	var data struct{ Warehouses []warehouseView }
	w.call(t, region, "GET", "/logistics/202309/warehouses", "", "").into(t, &data)
	return data.Warehouses
}
