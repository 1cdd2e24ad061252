package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

const productsPath = "/product/202309/products"

// productView is the part of a product that the tests look at.
type productView struct {
	ID            string
	Title         string
	Status        string
	ProductStatus string `json:"product_status"`
	CreateTime    int64  `json:"create_time"`
	UpdateTime    int64  `json:"update_time"`
	HasDraft      bool   `json:"has_draft"`
	Audit         struct{ Status string }
	SKUs          []skuView
	MainImages    []struct {
		URI           string
		Width, Height int
		URLs          []string `json:"urls"`
	} `json:"main_images"`
	Attributes []struct {
		ID     string
		Values []struct{ ID, Name string }
	} `json:"product_attributes"`
}

type skuView struct {
	ID        string
	SellerSKU string `json:"seller_sku"`
	Price     struct {
		Currency  string
		SalePrice string `json:"sale_price"`
		PreTax    string `json:"tax_exclusive_price"`
	}
	ListPrice *struct{ Amount string } `json:"list_price"`
	Inventory []struct {
		WarehouseID string `json:"warehouse_id"`
		Quantity    int64
	}
	Attributes []struct {
		ID        string
		Name      string
		ValueID   string `json:"value_id"`
		ValueName string `json:"value_name"`
	} `json:"sales_attributes"`
}

// products walks all pages of a product search.
func (w *world) products(t testing.TB, region, path, query, body string) []productView {
	t.Helper()
	var all []productView
	for token := ""; ; {
		var page struct {
			Products      []productView
			NextPageToken string `json:"next_page_token"`
			TotalCount    int    `json:"total_count"`
		}
		w.call(t, region, "POST", path, query+"&page_token="+url.QueryEscape(token), body).into(t, &page)
		all = append(all, page.Products...)
		if token = page.NextPageToken; token == "" {
			if len(all) != page.TotalCount {
				t.Fatalf("%d products, total_count %d", len(all), page.TotalCount)
			}
			return all
		}
	}
}

// withStatus returns a product in a state.
func (w *world) withStatus(t testing.TB, region, status string) productView {
	t.Helper()
	list := w.products(t, region, "/product/202502/products/search", "page_size=100", `{"status":"`+status+`"}`)
	if len(list) == 0 {
		t.Fatalf("no product is %s", status)
	}
	return list[0]
}

func (w *world) product(t testing.TB, region, id, query string) productView {
	t.Helper()
	var p productView
	w.call(t, region, "GET", productsPath+"/"+id, query, "").into(t, &p)
	return p
}

// draft is a product to create; tests bend it before they send it.
type draft map[string]any

// newDraft returns a product with two SKUs that the region's shop takes.
func (w *world) newDraft(t testing.TB, region string) draft {
	t.Helper()
	image := w.products(t, region, "/product/202309/products/search", "page_size=100", "")[0].ID
	uri := w.product(t, region, image, "").MainImages[0].URI
	warehouse := ""
	for _, wh := range w.warehouses(t, region) {
		if warehouse == "" && wh.Type == "SALES_WAREHOUSE" {
			warehouse = wh.ID
		}
	}
	currency := map[string]string{"US": "USD", "GB": "GBP", "VN": "VND", "BR": "BRL"}[region]
	sku := func(color, price string) any {
		return map[string]any{
			"sales_attributes": []any{map[string]any{"id": "100000", "value_name": color}},
			"seller_sku":       "T-" + color,
			"price":            map[string]any{"amount": price, "currency": currency},
			"inventory":        []any{map[string]any{"warehouse_id": warehouse, "quantity": 5}},
		}
	}
	return draft{
		"title": "Stoneware mug with a very long handle", "description": "<p>A mug</p>",
		"category_id": "600011", "main_images": []any{map[string]any{"uri": uri, "width": 800, "height": 800}},
		"package_weight": map[string]any{"value": "0.5", "unit": "KILOGRAM"},
		"skus":           []any{sku("Moss", "19"), sku("Rust", "21")},
	}
}

func (d draft) sku(i int) map[string]any { return d["skus"].([]any)[i].(map[string]any) }

func (d draft) json() string {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// create creates a product and returns its id.
func (w *world) create(t testing.TB, region string, d draft) string {
	t.Helper()
	var made struct {
		ProductID string `json:"product_id"`
	}
	w.call(t, region, "POST", productsPath, "", d.json()).into(t, &made)
	return made.ProductID
}

func TestCreateProduct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		id := w.create(t, region, w.newDraft(t, region))
		p := w.product(t, region, id, "")
		if p.Status != "ACTIVATE" || p.Audit.Status != "APPROVED" || len(p.SKUs) != 2 || len(p.MainImages) != 1 || p.CreateTime != start.Unix() {
			t.Errorf("%s: product %+v", region, p)
		}
		s := p.SKUs[0]
		want := map[string]string{"US": "19", "GB": "19", "VN": "19", "BR": "19"}[region]
		if s.Price.SalePrice != want || s.Inventory[0].Quantity != 5 || s.Attributes[0].ValueName != "Moss" || s.SellerSKU != "T-Moss" {
			t.Errorf("%s: SKU %+v", region, s)
		}
		if s.Attributes[0].ID != p.SKUs[1].Attributes[0].ID || s.Attributes[0].ValueID == p.SKUs[1].Attributes[0].ValueID {
			t.Errorf("%s: attributes %+v and %+v", region, s.Attributes, p.SKUs[1].Attributes)
		}
		if found := w.products(t, region, "/product/202309/products/search", "page_size=10", `{"seller_skus":["T-Rust"]}`); len(found) != 1 || found[0].ID != id {
			t.Errorf("%s: not found by its seller SKU: %+v", region, found)
		}
	}
}

func TestCreateProductDraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.newDraft(t, "US")
	d["save_mode"] = "AS_DRAFT"
	id := w.create(t, "US", d)
	if p := w.product(t, "US", id, ""); p.Status != "DRAFT" || p.Audit.Status != "NONE" {
		t.Errorf("product %+v", p)
	}
	d["save_mode"] = "LISTING"
	w.call(t, "US", "PUT", productsPath+"/"+id, "", d.json()).into(t, new(any))
	if p := w.product(t, "US", id, ""); p.Status != "ACTIVATE" {
		t.Errorf("listed draft is %s", p.Status)
	}
}

func TestCreateProductIdempotency(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.newDraft(t, "GB")
	d["idempotency_key"] = "order-of-the-day"
	first, second := w.create(t, "GB", d), w.create(t, "GB", d)
	if first != second {
		t.Error("the same key made two products")
	}
	d["idempotency_key"] = "another"
	if w.create(t, "GB", d) == first {
		t.Error("another key made no product")
	}
}

func TestAuditDelay(t *testing.T) {
	t.Parallel()
	clock := newManualClock()
	w := newWorld(t, func(c *sandbox.Config) { c.Now = clock.Now; c.AuditDelay = time.Hour })
	id := w.create(t, "US", w.newDraft(t, "US"))
	if p := w.product(t, "US", id, ""); p.Status != "PENDING" || p.ProductStatus != "INITIAL" || p.Audit.Status != "AUDITING" {
		t.Errorf("at once: %+v", p)
	}
	clock.advance(time.Hour)
	w.now = clock.Now()
	if p := w.product(t, "US", id, ""); p.Status != "ACTIVATE" || p.UpdateTime != clock.Now().Unix() {
		t.Errorf("an hour later: %+v", p)
	}
	w = newWorld(t, func(c *sandbox.Config) { c.AuditDelay = -1 })
	id = w.create(t, "US", w.newDraft(t, "US"))
	if p := w.product(t, "US", id, ""); p.Status != "PENDING" {
		t.Errorf("without a verdict: %s", p.Status)
	}
}

// TestCreateProductRules breaks one rule at a time.
func TestCreateProductRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	us := w.newDraft(t, "US").json()
	vn := w.newDraft(t, "VN").json()
	fresh := func(region string) draft {
		var d draft
		if err := json.Unmarshal([]byte(map[string]string{"US": us, "VN": vn}[region]), &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	small := w.upload(t, pngImage(t, 200, 200), "ATTRIBUTE_IMAGE")
	var smallImage struct{ URI string }
	small.into(t, &smallImage)
	var returns string
	for _, wh := range w.warehouses(t, "US") {
		if wh.Type == "RETURN_WAREHOUSE" {
			returns = wh.ID
		}
	}
	inventory := func(d draft) map[string]any { return d.sku(0)["inventory"].([]any)[0].(map[string]any) }
	price := func(d draft) map[string]any { return d.sku(0)["price"].(map[string]any) }
	sales := func(d draft) map[string]any { return d.sku(0)["sales_attributes"].([]any)[0].(map[string]any) }
	drop := func(field string) func(draft) { return func(d draft) { delete(d, field) } }
	for name, test := range map[string]struct {
		region string
		bend   func(draft)
		want   int
	}{
		"no title":             {"US", drop("title"), invalid},
		"no description":       {"US", drop("description"), invalid},
		"no category":          {"US", drop("category_id"), invalid},
		"no images":            {"US", drop("main_images"), invalid},
		"no SKUs":              {"US", drop("skus"), invalid},
		"no weight":            {"US", drop("package_weight"), invalid},
		"empty SKUs":           {"US", func(d draft) { d["skus"] = []any{} }, invalid},
		"save mode":            {"US", func(d draft) { d["save_mode"] = "LATER" }, invalid},
		"title is a number":    {"US", func(d draft) { d["title"] = 5 }, invalid},
		"quantity is text":     {"US", func(d draft) { inventory(d)["quantity"] = "5" }, invalid},
		"title too long":       {"US", func(d draft) { d["title"] = strings.Repeat("a", 256) }, 12052051},
		"title short in VN":    {"VN", func(d draft) { d["title"] = strings.Repeat("ế", 24) }, 12052051},
		"title fits VN":        {"VN", func(d draft) { d["title"] = strings.Repeat("ế", 25) }, 0},
		"title with an emoji":  {"US", func(d draft) { d["title"] = "Mug 🎉" }, 12052931},
		"title with an entity": {"US", func(d draft) { d["title"] = "Salt &amp; pepper" }, 12052931},
		"title with ampersand": {"US", func(d draft) { d["title"] = "Salt & pepper; a set" }, 0},
		"description too long": {"US", func(d draft) { d["description"] = strings.Repeat("a", 10001) }, 12052013},
		"31 pictures in text":  {"US", func(d draft) { d["description"] = strings.Repeat(`<img src="x">`, 31) }, 12052056},
		"unknown category":     {"US", func(d draft) { d["category_id"] = "1" }, 12052023},
		"category with childs": {"US", func(d draft) { d["category_id"] = "600001" }, 12052024},
		"category version":     {"US", func(d draft) { d["category_version"] = "v1" }, 12052217},
		"category version v2":  {"US", func(d draft) { d["category_version"] = "v2" }, 0},
		"mandatory attribute": {"US", func(d draft) {
			d["category_id"] = "600012"
			d["skus"] = d["skus"].([]any)[:1]
			delete(d.sku(0), "sales_attributes")
		}, 12052104},
		"draft needs none": {"US", func(d draft) {
			d["category_id"] = "600012"
			d["save_mode"] = "AS_DRAFT"
			d["skus"] = d["skus"].([]any)[:1]
			delete(d.sku(0), "sales_attributes")
		}, 0},
		"foreign attribute":     {"US", attribute("100398", map[string]any{"id": "1"}), 12052240},
		"unknown value":         {"US", attribute("100107", map[string]any{"id": "1"}), 12052529},
		"no value":              {"US", attribute("100107", map[string]any{}), 12052248},
		"own value":             {"US", attribute("100107", map[string]any{"name": "Moon dust"}), 0},
		"own value not allowed": {"US", attribute("100157", map[string]any{"name": "Moon"}), 12052247},
		"two values of one":     {"US", attribute("100157", map[string]any{"name": "a"}, map[string]any{"name": "b"}), 12052246},
		"unknown brand":         {"US", func(d draft) { d["brand_id"] = "1" }, 12052026},
		"unknown image":         {"US", func(d draft) { d["main_images"] = []any{map[string]any{"uri": "tos/x"}} }, 12052300},
		"small main image":      {"US", func(d draft) { d["main_images"] = []any{map[string]any{"uri": smallImage.URI}} }, 12052301},
		"ten images":            {"US", func(d draft) { d["main_images"] = slices.Repeat(d["main_images"].([]any), 10) }, 12052306},
		"SKU without price":     {"US", func(d draft) { delete(d.sku(0), "price") }, invalid},
		"price without unit":    {"US", func(d draft) { delete(price(d), "currency") }, invalid},
		"foreign currency":      {"US", func(d draft) { price(d)["currency"] = "GBP" }, 12052084},
		"unknown currency":      {"US", func(d draft) { price(d)["currency"] = "DOLLARS" }, 12052084},
		"price is text":         {"US", func(d draft) { price(d)["amount"] = "ten" }, 12052012},
		"three decimals":        {"US", func(d draft) { price(d)["amount"] = "1.005" }, 12052012},
		"decimals in VND":       {"VN", func(d draft) { price(d)["amount"] = "1000.50" }, 12052012},
		"price zero":            {"US", func(d draft) { price(d)["amount"] = "0" }, 12052570},
		"price at the top":      {"US", func(d draft) { price(d)["amount"] = "7600.00" }, 0},
		"price above the top":   {"US", func(d draft) { price(d)["amount"] = "7600.01" }, 12052570},
		"sale price, local":     {"US", func(d draft) { delete(price(d), "amount"); price(d)["sale_price"] = "5" }, 12052424},
		"sale price, global":    {"VN", func(d draft) { delete(price(d), "amount"); price(d)["sale_price"] = "5000" }, 0},
		"list price too high":   {"US", func(d draft) { d.sku(0)["list_price"] = map[string]any{"amount": "8000", "currency": "USD"} }, 12052383},
		"list price at the top": {"US", func(d draft) { d.sku(0)["list_price"] = map[string]any{"amount": "7600", "currency": "USD"} }, 0},
		"list price in dong":    {"VN", func(d draft) { d.sku(0)["list_price"] = map[string]any{"amount": "100000", "currency": "VND"} }, 0},
		"no inventory":          {"US", func(d draft) { delete(d.sku(0), "inventory") }, invalid},
		"no quantity":           {"US", func(d draft) { delete(inventory(d), "quantity") }, invalid},
		"quantity zero":         {"US", func(d draft) { inventory(d)["quantity"] = 0 }, 12052055},
		"quantity at the top":   {"US", func(d draft) { inventory(d)["quantity"] = 99999 }, 0},
		"quantity too high":     {"US", func(d draft) { inventory(d)["quantity"] = 100000 }, 12052055},
		"no warehouse":          {"US", func(d draft) { delete(inventory(d), "warehouse_id") }, invalid},
		"unknown warehouse":     {"US", func(d draft) { inventory(d)["warehouse_id"] = "1" }, 12052097},
		"foreign warehouse":     {"US", func(d draft) { inventory(d)["warehouse_id"] = w.warehouses(t, "GB")[0].ID }, 12052530},
		"return warehouse":      {"US", func(d draft) { inventory(d)["warehouse_id"] = returns }, 12052532},
		"seller SKU with space": {"US", func(d draft) { d.sku(0)["seller_sku"] = "A B" }, 12052054},
		"seller SKU too long":   {"US", func(d draft) { d.sku(0)["seller_sku"] = strings.Repeat("a", 51) }, 12052054},
		"no sales attributes":   {"US", func(d draft) { delete(d.sku(0), "sales_attributes") }, 12052550},
		"same combination":      {"US", func(d draft) { sales(d)["value_name"] = "Rust" }, 12052560},
		"attribute twice": {"US", func(d draft) {
			d.sku(0)["sales_attributes"] = slices.Repeat(d.sku(0)["sales_attributes"].([]any), 2)
		}, 12052560},
		"four sales attributes": {"US", func(d draft) {
			d.sku(0)["sales_attributes"] = slices.Repeat(d.sku(0)["sales_attributes"].([]any), 4)
		}, 12052525},
		"unnamed attribute":     {"US", func(d draft) { delete(sales(d), "id") }, 12052241},
		"long attribute name":   {"US", func(d draft) { delete(sales(d), "id"); sales(d)["name"] = strings.Repeat("a", 21) }, 12052242},
		"long attribute value":  {"US", func(d draft) { sales(d)["value_name"] = strings.Repeat("a", 51) }, 12052249},
		"unknown attribute":     {"US", func(d draft) { sales(d)["id"] = "5" }, 12052527},
		"unknown sales value":   {"US", func(d draft) { sales(d)["value_id"] = "5" }, 12052529},
		"unknown SKU image":     {"US", func(d draft) { sales(d)["sku_img"] = map[string]any{"uri": "tos/x"} }, 12052520},
		"301 SKUs":              {"US", func(d draft) { d["skus"] = slices.Repeat(d["skus"].([]any), 151)[:301] }, 12052558},
		"101 SKUs in VN":        {"VN", func(d draft) { d["skus"] = slices.Repeat(d["skus"].([]any), 51)[:101] }, 12052558},
		"weight zero":           {"US", weightOf("0", "KILOGRAM"), 12052181},
		"weight is text":        {"US", weightOf("light", "KILOGRAM"), 12019011},
		"four decimals":         {"US", weightOf("1.0005", "KILOGRAM"), 12019011},
		"pounds":                {"US", weightOf("1.5", "POUND"), 0},
		"pounds in VN":          {"VN", weightOf("1.5", "POUND"), 12019061},
		"stones":                {"US", weightOf("1.5", "STONE"), invalid},
		"half a centimetre":     {"US", sizeOf("0.5", "CENTIMETER"), 12052116},
		"whole centimetres":     {"US", sizeOf("5", "CENTIMETER"), 0},
		"inches with kilograms": {"US", sizeOf("5", "INCH"), 12052915},
		"inches in VN":          {"VN", sizeOf("5", "INCH"), 12019061},
		"COD where it is not": {"VN", func(d draft) {
			d["category_id"] = "602211"
			d["is_cod_allowed"] = true
			d["save_mode"] = "AS_DRAFT"
			d["skus"] = d["skus"].([]any)[:1]
			delete(d.sku(0), "sales_attributes")
		}, 12052222},
		"minimum order of 21":  {"US", func(d draft) { d["minimum_order_quantity"] = 21 }, 12052706},
		"GTIN of 13 digits":    {"US", identifier("GTIN", "1234567890123"), 12052591},
		"GTIN":                 {"US", identifier("GTIN", "12345678901231"), 0},
		"ISBN ending in X":     {"US", identifier("ISBN", "123456789X"), 0},
		"unknown code type":    {"US", identifier("QR", "1"), invalid},
		"long idempotency key": {"US", func(d draft) { d["idempotency_key"] = strings.Repeat("k", 129) }, invalid},
		"unknown fields":       {"US", func(d draft) { d["colour"] = "red" }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := fresh(test.region)
			test.bend(d)
			if a := w.call(t, test.region, "POST", productsPath, "", d.json()); a.Code != test.want {
				t.Errorf("code %d, want %d: %s", a.Code, test.want, a.Message)
			}
		})
	}
}

func attribute(id string, values ...any) func(draft) {
	return func(d draft) { d["product_attributes"] = []any{map[string]any{"id": id, "values": values}} }
}

func weightOf(value, unit string) func(draft) {
	return func(d draft) { d["package_weight"] = map[string]any{"value": value, "unit": unit} }
}

func sizeOf(side, unit string) func(draft) {
	return func(d draft) {
		d["package_dimensions"] = map[string]any{"length": side, "width": side, "height": side, "unit": unit}
	}
}

func identifier(kind, code string) func(draft) {
	return func(d draft) { d.sku(0)["identifier_code"] = map[string]any{"type": kind, "code": code} }
}

// TestProductStates tries every change of state from every state.
func TestProductStates(t *testing.T) {
	t.Parallel()
	statuses := []string{"DRAFT", "PENDING", "FAILED", "ACTIVATE", "SELLER_DEACTIVATED", "PLATFORM_DEACTIVATED", "FREEZE", "DELETED"}
	const wrongState = 12052901
	partial := func(saveMode string) func(*world, *testing.T, string) (int, int) {
		return func(w *world, t *testing.T, id string) (int, int) {
			return w.call(t, "US", "POST", "/product/202509/products/"+id+"/partial_edit", "", `{"title":"A new title","save_mode":"`+saveMode+`"}`).Code, 0
		}
	}
	batch := func(method, action string) func(*world, *testing.T, string) (int, int) {
		return func(w *world, t *testing.T, id string) (int, int) {
			a := w.call(t, "US", method, productsPath+action, "", `{"product_ids":["`+id+`"]}`)
			var data struct {
				Errors []struct {
					Code   int
					Detail struct {
						ProductID string `json:"product_id"`
					}
				}
			}
			a.into(t, &data)
			if len(data.Errors) == 0 {
				return a.Code, 0
			}
			if data.Errors[0].Detail.ProductID != id {
				t.Errorf("error about product %q, want %s", data.Errors[0].Detail.ProductID, id)
			}
			return a.Code, data.Errors[0].Code
		}
	}
	for name, change := range map[string]struct {
		do func(*world, *testing.T, string) (code, partial int)
		// next is the state that a product reaches; states that are missing
		// refuse.
		next map[string]string
		// inBatch says that the refusal is in data.errors.
		inBatch bool
	}{
		"activate":   {batch("POST", "/activate"), map[string]string{"SELLER_DEACTIVATED": "PENDING", "PLATFORM_DEACTIVATED": "PENDING"}, true},
		"deactivate": {batch("POST", "/deactivate"), map[string]string{"ACTIVATE": "SELLER_DEACTIVATED"}, true},
		"recover":    {batch("POST", "/recover"), map[string]string{"DELETED": "SELLER_DEACTIVATED"}, true},
		"delete": {batch("DELETE", ""), map[string]string{
			"DRAFT": "DELETED", "PENDING": "DELETED", "FAILED": "DELETED", "ACTIVATE": "DELETED",
			"SELLER_DEACTIVATED": "DELETED", "PLATFORM_DEACTIVATED": "DELETED", "DELETED": "DELETED",
		}, true},
		"edit": {partial("LISTING"), map[string]string{
			"DRAFT": "PENDING", "PENDING": "PENDING", "FAILED": "PENDING", "ACTIVATE": "ACTIVATE",
			"SELLER_DEACTIVATED": "SELLER_DEACTIVATED", "PLATFORM_DEACTIVATED": "PENDING",
		}, false},
		"save as draft": {partial("AS_DRAFT"), map[string]string{
			"DRAFT": "DRAFT", "FAILED": "FAILED", "ACTIVATE": "ACTIVATE",
			"SELLER_DEACTIVATED": "SELLER_DEACTIVATED", "PLATFORM_DEACTIVATED": "PLATFORM_DEACTIVATED",
		}, false},
	} {
		for _, from := range statuses {
			t.Run(name+" "+from, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, func(c *sandbox.Config) { c.AuditDelay = time.Hour })
				id := w.withStatus(t, "US", from).ID
				code, inBatch := change.do(w, t, id)
				want, legal := change.next[from], 0
				if want == "" {
					want, legal = from, wrongState
				}
				got := code
				if change.inBatch {
					got = inBatch
				}
				if got != legal {
					t.Errorf("code %d, want %d", got, legal)
				}
				if p := w.product(t, "US", id, ""); p.Status != want {
					t.Errorf("product is %s, want %s", p.Status, want)
				}
			})
		}
	}
}

func TestProductBatchLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	active, frozen := w.withStatus(t, "US", "ACTIVATE").ID, w.withStatus(t, "US", "FREEZE").ID
	foreign := w.withStatus(t, "GB", "ACTIVATE").ID
	for body, want := range map[string]int{
		`{}`:                  invalid,
		`{"product_ids":[]}`:  invalid,
		`{"product_ids":"1"}`: invalid,
		`{"product_ids":[1]}`: invalid,
		`{"product_ids":["1"],"listing_platforms":["EBAY"]}`:      invalid,
		`{"product_ids":[` + strings.Repeat(`"1",`, 20) + `"1"]}`: 12019120,
	} {
		for _, action := range []string{"POST /activate", "POST /deactivate", "POST /recover", "DELETE "} {
			method, path, _ := strings.Cut(action, " ")
			if a := w.call(t, "US", method, productsPath+path, "", body); a.Code != want {
				t.Errorf("%s %.60s: code %d, want %d", action, body, a.Code, want)
			}
		}
	}
	// The good one is done, the others are reported.
	var data struct{ Errors []struct{ Code int } }
	w.call(t, "US", "POST", productsPath+"/deactivate", "", fmt.Sprintf(`{"product_ids":[%q,%q,%q,"1",%q]}`, frozen, active, foreign, active)).into(t, &data)
	var codes []int
	for _, e := range data.Errors {
		codes = append(codes, e.Code)
	}
	if !slices.Equal(codes, []int{12052901, 12052048, 12052032}) {
		t.Errorf("errors %v", codes)
	}
	if p := w.product(t, "US", active, ""); p.Status != "SELLER_DEACTIVATED" {
		t.Errorf("the good product is %s", p.Status)
	}
}

func TestEditLiveProduct(t *testing.T) {
	t.Parallel()
	clock := newManualClock()
	w := newWorld(t, func(c *sandbox.Config) { c.Now = clock.Now; c.AuditDelay = time.Hour })
	before := w.product(t, "US", w.withStatus(t, "US", "ACTIVATE").ID, "")
	edit := func(body string) (audit string) {
		var data struct{ Audit struct{ Status string } }
		w.call(t, "US", "POST", "/product/202309/products/"+before.ID+"/partial_edit", "", body).into(t, &data)
		return data.Audit.Status
	}
	// Price and stock change at once, without a review.
	s := before.SKUs[0]
	keep := ""
	for _, other := range before.SKUs[1:] {
		keep += `,{"id":"` + other.ID + `"}`
	}
	if audit := edit(fmt.Sprintf(`{"skus":[{"id":%q,"price":{"amount":"33.10","currency":"USD"}}%s]}`, s.ID, keep)); audit != "APPROVED" {
		t.Errorf("price edit: audit %s", audit)
	}
	if p := w.product(t, "US", before.ID, ""); p.SKUs[0].Price.SalePrice != "33.1" || len(p.SKUs) != len(before.SKUs) || p.SKUs[0].Inventory[0].Quantity != s.Inventory[0].Quantity {
		t.Errorf("after the price edit: %+v", p)
	}
	// A new title is seen only after the review.
	if audit := edit(`{"title":"A title in review"}`); audit != "AUDITING" {
		t.Errorf("title edit: audit %s", audit)
	}
	if p := w.product(t, "US", before.ID, ""); p.Title != before.Title || p.Status != "ACTIVATE" || p.Audit.Status != "AUDITING" {
		t.Errorf("during the review: %+v", p)
	}
	if p := w.product(t, "US", before.ID, "return_under_review_version=true"); p.Title != "A title in review" {
		t.Errorf("the version in review has the title %q", p.Title)
	}
	clock.advance(time.Hour)
	w.now = clock.Now()
	if p := w.product(t, "US", before.ID, ""); p.Title != "A title in review" || p.Audit.Status != "APPROVED" {
		t.Errorf("after the review: %+v", p)
	}
	// A draft is kept beside the live version until it is listed.
	if audit := edit(`{"title":"A title in a draft","save_mode":"AS_DRAFT"}`); audit != "APPROVED" {
		t.Errorf("draft: audit %s", audit)
	}
	if p := w.product(t, "US", before.ID, ""); !p.HasDraft || p.Title != "A title in review" {
		t.Errorf("beside a draft: %+v", p)
	}
	if p := w.product(t, "US", before.ID, "return_draft_version=true"); p.Title != "A title in a draft" {
		t.Errorf("the draft has the title %q", p.Title)
	}
	if found := w.products(t, "US", "/product/202502/products/search", "page_size=100", `{"return_draft_version":true,"status":"ACTIVATE"}`); !slices.ContainsFunc(found, func(p productView) bool {
		return p.ID == before.ID && p.Title == "A title in a draft"
	}) {
		t.Error("the search does not show the draft")
	}
}

func TestEditSKUs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.newDraft(t, "US")
	id := w.create(t, "US", d)
	first := w.product(t, "US", id, "")
	// One SKU stays, one goes, one comes.
	d.sku(0)["id"] = first.SKUs[0].ID
	d.sku(1)["sales_attributes"] = []any{map[string]any{"id": "100000", "value_id": "1000001"}}
	d["title"] = "Stoneware mug without any handle"
	var saved struct {
		ProductID string `json:"product_id"`
		SKUs      []struct{ ID string }
	}
	w.call(t, "US", "PUT", "/product/202509/products/"+id, "", d.json()).into(t, &saved)
	p := w.product(t, "US", id, "")
	if len(p.SKUs) != 2 || p.SKUs[0].ID != first.SKUs[0].ID || p.SKUs[1].ID == first.SKUs[1].ID || p.SKUs[1].ID != saved.SKUs[1].ID {
		t.Errorf("SKUs %+v, before %+v", p.SKUs, first.SKUs)
	}
	if p.SKUs[1].Attributes[0].ValueName != "Black" || p.Title != "Stoneware mug without any handle" {
		t.Errorf("product %+v", p)
	}
	for body, want := range map[string]int{
		`{"skus":[]}`:           12052902,
		`{"skus":[{"id":"1"}]}`: 12052556,
		`{"skus":[{"id":"` + w.withStatus(t, "US", "DRAFT").SKUs[0].ID + `"}]}`:  12052557,
		`{"skus":[{"id":"` + p.SKUs[0].ID + `"},{"id":"` + p.SKUs[0].ID + `"}]}`: 12052553,
		`{"skus":[{"sales_attributes":[{"id":"100000","value_name":"Sky"}]}]}`:   invalid,
		`{"title":""}`: 12052051,
	} {
		if a := w.call(t, "US", "POST", productsPath+"/"+id+"/partial_edit", "", body); a.Code != want {
			t.Errorf("%s: code %d, want %d: %s", body, a.Code, want, a.Message)
		}
	}
	if a := w.call(t, "US", "PUT", productsPath+"/1", "", d.json()); a.Code != 12052032 {
		t.Errorf("unknown product: code %d", a.Code)
	}
}

// An edit in full that leaves the main images out keeps them; an empty list is
// none, and a creation needs some.
func TestEditWithoutMainImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.newDraft(t, "US")
	id := w.create(t, "US", d)
	before := w.product(t, "US", id, "").MainImages
	for _, version := range []string{"202309", "202509"} {
		path := "/product/" + version + "/products/" + id
		delete(d, "main_images")
		d["title"] = "Stoneware mug, edited in " + version
		w.call(t, "US", "PUT", path, "", d.json()).into(t, new(any))
		if p := w.product(t, "US", id, ""); p.Title != d["title"] || len(before) == 0 || !reflect.DeepEqual(p.MainImages, before) {
			t.Errorf("%s: title %q, images %v, before %v", version, p.Title, p.MainImages, before)
		}
		d["main_images"] = []any{}
		if a := w.call(t, "US", "PUT", path, "", d.json()); a.Code != invalid {
			t.Errorf("%s: an empty list answers %d: %s", version, a.Code, a.Message)
		}
	}
	delete(d, "main_images")
	if a := w.call(t, "US", "POST", "/product/202309/products", "", d.json()); a.Code != invalid {
		t.Errorf("a creation without images answers %d", a.Code)
	}
}

// TestEditRoundTrip sends a product back as it was read, by its ids: nothing
// changes, and nothing is reviewed.
func TestEditRoundTrip(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.AuditDelay = time.Hour })
	d := w.newDraft(t, "US")
	for i := range 2 { // an attribute of the seller's own beside a built-in one
		attributes := d.sku(i)["sales_attributes"].([]any)
		d.sku(i)["sales_attributes"] = append(attributes, map[string]any{"name": "Handle", "value_name": []string{"Left", "Right"}[i], "sku_img": d["main_images"].([]any)[0]})
	}
	d["product_attributes"] = []any{map[string]any{"id": "100107", "values": []any{map[string]any{"name": "Moon dust"}, map[string]any{"id": "1000015"}}}}
	d["brand_id"] = w.brands(t, "brand_name=Lumora", 1)[0].ID
	w.control(t, "POST", "clock", `{"freeze":true}`, nil)
	id := w.create(t, "US", d)
	w.control(t, "POST", "clock", `{"advance":"2h"}`, nil)
	w.now = w.now.Add(2 * time.Hour)
	read := w.product(t, "US", id, "")
	if read.Status != "ACTIVATE" || len(read.SKUs[0].Attributes) != 2 {
		t.Fatalf("product %+v", read)
	}
	var back []any
	for _, a := range read.Attributes {
		var values []any
		for _, v := range a.Values {
			values = append(values, map[string]any{"id": v.ID})
		}
		back = append(back, map[string]any{"id": a.ID, "values": values})
	}
	d["product_attributes"] = back
	for i, s := range read.SKUs {
		d.sku(i)["id"] = s.ID
		for j, a := range s.Attributes {
			attribute := d.sku(i)["sales_attributes"].([]any)[j].(map[string]any)
			delete(attribute, "name")
			delete(attribute, "value_name")
			attribute["id"], attribute["value_id"] = a.ID, a.ValueID
		}
	}
	d.sku(0)["price"].(map[string]any)["amount"] = "23.45"
	var saved struct{ Audit struct{ Status string } }
	w.call(t, "US", "PUT", "/product/202509/products/"+id, "", d.json()).into(t, &saved)
	if saved.Audit.Status != "APPROVED" {
		t.Errorf("audit %s", saved.Audit.Status)
	}
	again := w.product(t, "US", id, "")
	if again.SKUs[0].Price.SalePrice != "23.45" || !slices.Equal(again.SKUs[0].Attributes, read.SKUs[0].Attributes) || fmt.Sprint(again.Attributes) != fmt.Sprint(read.Attributes) {
		t.Errorf("product changed from\n%+v to\n%+v", read, again)
	}
}

func TestUpdatePrices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.withStatus(t, "US", "ACTIVATE")
	path := productsPath + "/" + p.ID + "/prices/update"
	id := p.SKUs[0].ID
	price := func(id, amount, currency string) string {
		return fmt.Sprintf(`{"skus":[{"id":%q,"price":{"amount":%q,"currency":%q},"list_price":{"amount":"99","currency":"USD"}}]}`, id, amount, currency)
	}
	a := w.call(t, "US", "POST", path, "", price(id, "12.50", "USD"))
	if a.Code != 0 || string(a.Data) != "{}" {
		t.Errorf("code %d, data %s", a.Code, a.Data)
	}
	if got := w.product(t, "US", p.ID, ""); got.SKUs[0].Price.SalePrice != "12.5" || got.SKUs[0].ListPrice.Amount != "99" || got.Status != "ACTIVATE" {
		t.Errorf("product %+v", got)
	}
	// A list price below the price is dropped.
	w.call(t, "US", "POST", path, "", price(id, "120.00", "USD")).into(t, new(any))
	if got := w.product(t, "US", p.ID, ""); got.SKUs[0].ListPrice != nil {
		t.Errorf("list price %+v", got.SKUs[0].ListPrice)
	}
	for body, want := range map[string]int{
		`{}`:                      invalid,
		`{"skus":[{"id":"1"}]}`:   invalid,
		`{"skus":[{"price":{}}]}`: invalid,
		price("1", "1", "USD"):    12052557,
		price(id, "1", "EUR"):     12052084,
		price(id, "-1", "USD"):    12052012,
		price(id, "99999", "USD"): 12052570,
		`{"skus":[{"id":"` + id + `","price":{"amount":"1","currency":"USD"}},{"id":"` + id + `","price":{"amount":"1","currency":"USD"}}]}`: 12052553,
	} {
		if a := w.call(t, "US", "POST", path, "", body); a.Code != want {
			t.Errorf("%s: code %d, want %d", body, a.Code, want)
		}
	}
	hidden := w.withStatus(t, "US", "SELLER_DEACTIVATED")
	if a := w.call(t, "US", "POST", productsPath+"/"+hidden.ID+"/prices/update", "", price(hidden.SKUs[0].ID, "1", "USD")); a.Code != 12052901 {
		t.Errorf("hidden product: code %d", a.Code)
	}
}

func TestProductSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, version := range []string{"202309", "202312", "202502"} {
		path := "/product/" + version + "/products/search"
		all := w.products(t, "US", path, "page_size=100", "")
		for _, size := range []int{1, 7, 20} {
			parts := w.products(t, "US", path, fmt.Sprintf("page_size=%d", size), "")
			if !slices.EqualFunc(all, parts, func(a, b productView) bool { return a.ID == b.ID }) {
				t.Errorf("%s: pages of %d differ", version, size)
			}
		}
		middle := all[len(all)/2]
		for body, match := range map[string]func(productView) bool{
			`{"status":"ALL"}`:   func(productView) bool { return true },
			`{"status":"DRAFT"}`: func(p productView) bool { return p.Status == "DRAFT" },
			`{"seller_skus":["` + middle.SKUs[0].SellerSKU + `"]}`:  func(p productView) bool { return p.ID == middle.ID },
			fmt.Sprintf(`{"create_time_ge":%d}`, middle.CreateTime): func(p productView) bool { return p.CreateTime >= middle.CreateTime },
			fmt.Sprintf(`{"create_time_le":%d}`, middle.CreateTime): func(p productView) bool { return p.CreateTime <= middle.CreateTime },
			fmt.Sprintf(`{"update_time_ge":%d}`, middle.UpdateTime): func(p productView) bool { return p.UpdateTime >= middle.UpdateTime },
			fmt.Sprintf(`{"update_time_le":%d}`, middle.UpdateTime): func(p productView) bool { return p.UpdateTime <= middle.UpdateTime },
		} {
			var want []string
			for _, p := range all {
				if match(p) {
					want = append(want, p.ID)
				}
			}
			var got []string
			for _, p := range w.products(t, "US", path, "page_size=9", body) {
				got = append(got, p.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %s: %d products, want %d", version, body, len(got), len(want))
			}
		}
		if got := w.products(t, "US", path, "page_size=9", `{"audit_status":["FAILED"],"sku_ids":[],"status":"FAILED"}`); len(got) == 0 {
			t.Errorf("%s: no product has failed", version)
		}
	}
	many := strings.Repeat(`"1",`, 10) + `"1"`
	for query, want := range map[string]int{
		"": invalid, "page_size=0": 12019109, "page_size=101": 12019109, "page_size=x": invalid, "page_size=10&page_token=x": invalid,
	} {
		if a := w.call(t, "US", "POST", "/product/202502/products/search", query, ""); a.Code != want {
			t.Errorf("%q: code %d, want %d", query, a.Code, want)
		}
	}
	for body, want := range map[string]int{
		`{"seller_skus":[` + many + `]}`: 12019027,
		`{"sku_ids":[` + many + `]}`:     12019087,
	} {
		if a := w.call(t, "US", "POST", "/product/202502/products/search", "page_size=10", body); a.Code != want {
			t.Errorf("%s: code %d, want %d", body, a.Code, want)
		}
	}
}

func TestGetProductOfAnotherShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.withStatus(t, "US", "ACTIVATE").ID
	if a := w.call(t, "GB", "GET", productsPath+"/"+id, "", ""); a.Code != 12052048 || a.status != 200 {
		t.Errorf("status %d, code %d", a.status, a.Code)
	}
	if a := w.call(t, "GB", "GET", productsPath+"/1", "", ""); a.Code != 12052032 {
		t.Errorf("unknown: code %d", a.Code)
	}
	if a := w.call(t, "US", "GET", productsPath+"/"+id, "return_draft_version=maybe", ""); a.Code != invalid {
		t.Errorf("bad flag: code %d", a.Code)
	}
}
