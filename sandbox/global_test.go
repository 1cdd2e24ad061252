package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

const globalPath = "/product/202309/global_products"

// globalView is a global product as the tests look at it.
type globalView struct {
	ID     string
	Title  string
	Status string
	SKUs   []struct {
		ID        string
		SellerSKU string `json:"seller_sku"`
		Price     struct{ Amount, Currency string }
		Inventory []struct {
			Warehouse string `json:"global_warehouse_id"`
			Quantity  int64
		}
	}
	Products []struct {
		ID, Region string
		SKUs       []struct {
			Global     string `json:"global_sku_id"`
			Local      string `json:"local_sku_id"`
			Attributes []struct {
				Global string `json:"global_value_id"`
				Local  string `json:"local_value_id"`
			} `json:"sales_attribute_mappings"`
		} `json:"sku_mappings"`
	}
}

// globalSaved answers creations and edits.
type globalSaved struct {
	ID      string                `json:"global_product_id"`
	SKUs    []struct{ ID string } `json:"global_skus"`
	Results []publishOutcome      `json:"publish_results"`
}

type publishOutcome struct {
	Region, Status string
	Reasons        []struct{ Message string } `json:"fail_reasons"`
}

// published answers a publication.
type published struct {
	Products []struct {
		ID, Region string
		ShopID     string `json:"shop_id"`
		SKUs       []struct {
			ID     string
			Global string `json:"related_global_sku_id"`
		}
	}
	Results []publishOutcome `json:"publish_result"`
}

// globalWarehouses are the ids of the seller's global warehouses.
func (w *world) globalWarehouses(t testing.TB) (ids []string) {
	t.Helper()
	var answer struct {
		Warehouses []struct{ ID string } `json:"global_warehouses"`
	}
	w.call(t, "", "GET", "/logistics/202309/global_warehouses", "", "").into(t, &answer)
	for _, g := range answer.Warehouses {
		ids = append(ids, g.ID)
	}
	return ids
}

// newGlobal returns a global product with two SKUs that lie in every global
// warehouse.
func (w *world) newGlobal(t testing.TB) draft {
	t.Helper()
	d := w.newDraft(t, "US")
	var stock []any
	for _, id := range w.globalWarehouses(t) {
		stock = append(stock, map[string]any{"global_warehouse_id": id, "quantity": 7})
	}
	for i := range 2 {
		d.sku(i)["inventory"] = stock
	}
	return d
}

func (w *world) createGlobal(t testing.TB, d draft) (saved globalSaved) {
	t.Helper()
	w.call(t, "", "POST", globalPath, "", d.json()).into(t, &saved)
	return saved
}

func (w *world) global(t testing.TB, id string) (v globalView) {
	t.Helper()
	w.call(t, "", "GET", globalPath+"/"+id, "", "").into(t, &v)
	return v
}

// target asks for the SKUs of a global product in a market, for a price.
func target(region, price string, saved globalSaved) map[string]any {
	currency := map[string]string{"US": "USD", "GB": "GBP", "VN": "VND", "BR": "BRL"}[region]
	var skus []any
	for _, s := range saved.SKUs {
		skus = append(skus, map[string]any{"related_global_sku_id": s.ID, "price": map[string]any{"sale_price": price, "amount": price, "currency": currency}})
	}
	return map[string]any{"region": region, "skus": skus}
}

func publishBody(targets ...any) string {
	return draft{"publish_target": targets}.json()
}

// A global product becomes a product of each market, and the two know each
// other.
func TestGlobalPublish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	saved := w.createGlobal(t, w.newGlobal(t))
	if v := w.global(t, saved.ID); len(v.SKUs) != 2 || v.SKUs[0].Price.Amount != "19" || v.SKUs[0].Price.Currency != "USD" || len(v.Products) != 0 {
		t.Errorf("%+v", v)
	}
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[16,52]}`, r.URL), http.StatusOK)
	var p published
	path := globalPath + "/" + saved.ID + "/publish"
	w.call(t, "", "POST", path, "", publishBody(target("GB", "15.50", saved), target("VN", "450000", saved))).into(t, &p)
	if len(p.Products) != 2 || p.Results[0].Status != "SUCCESS" || p.Results[1].Status != "SUCCESS" {
		t.Fatalf("%+v", p)
	}
	announced := map[int]int{}
	for range 3 {
		got := r.next(t)
		announced[got.Type]++
		if got.Type == 52 && (got.Data["global_product_id"] != saved.ID || len(got.Data["local_product_id"].([]any)) != 2 || got.Data["listing_method"] != "GLOBAL_PUBLISHING") {
			t.Errorf("announced %v", got.Data)
		}
	}
	if !maps.Equal(announced, map[int]int{16: 2, 52: 1}) {
		t.Errorf("announced %v", announced)
	}
	v := w.global(t, saved.ID)
	for i, region := range []string{"GB", "VN"} {
		made := p.Products[i]
		local := w.product(t, region, made.ID, "")
		if local.Status != "ACTIVATE" || local.Title != v.Title || made.ShopID != w.shop(region).ID || local.SKUs[0].ID != made.SKUs[0].ID || local.SKUs[0].Inventory[0].Quantity != 14 {
			t.Errorf("%s: %+v", region, local)
		}
		tie := v.Products[i]
		if tie.ID != made.ID || tie.Region != region || tie.SKUs[1].Global != saved.SKUs[1].ID || tie.SKUs[1].Local != made.SKUs[1].ID || tie.SKUs[1].Attributes[0].Local != local.SKUs[1].Attributes[0].ValueID {
			t.Errorf("%s: %+v", region, tie)
		}
		var association struct {
			To struct {
				ID   string     `json:"global_product_id"`
				SKUs []struct{} `json:"sku_mappings"`
			} `json:"global_product_association"`
		}
		w.call(t, region, "GET", productsPath+"/"+made.ID, "", "").into(t, &association)
		if association.To.ID != saved.ID || len(association.To.SKUs) != 2 {
			t.Errorf("%s: %+v", region, association)
		}
	}
	if a := w.call(t, "", "POST", path, "", publishBody(target("GB", "15.50", saved))); a.Code != 12019212 {
		t.Errorf("once more: %d", a.Code)
	}
	// What the seller does later about the stock of the global product leaves
	// the local ones alone.
	stock := fmt.Sprintf(`{"global_skus":[{"id":%q,"inventory":[%s]}]}`, saved.SKUs[0].ID, w.stockOf(t, 3))
	w.call(t, "", "POST", globalPath+"/"+saved.ID+"/inventory/update", "", stock).into(t, &struct{}{})
	if v := w.global(t, saved.ID); v.SKUs[0].Inventory[0].Quantity != 3 || v.SKUs[1].Inventory[0].Quantity != 7 {
		t.Errorf("%+v", v.SKUs)
	}
	if local := w.product(t, "GB", p.Products[0].ID, ""); local.SKUs[0].Inventory[0].Quantity != 14 {
		t.Errorf("%+v", local.SKUs[0])
	}
}

// stockOf is the same stock in every global warehouse.
func (w *world) stockOf(t testing.TB, quantity int) string {
	t.Helper()
	var list []string
	for _, id := range w.globalWarehouses(t) {
		list = append(list, fmt.Sprintf(`{"global_warehouse_id":%q,"quantity":%d}`, id, quantity))
	}
	return strings.Join(list, ",")
}

// A market that objects to the content gets a draft, one that objects to the
// price gets nothing, and the others go ahead.
func TestGlobalPublishPartly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.newGlobal(t)
	d["title"] = "Stoneware mug" // too short for Vietnam
	saved := w.createGlobal(t, d)
	var p published
	w.call(t, "", "POST", globalPath+"/"+saved.ID+"/publish", "",
		publishBody(target("US", "7601", saved), target("GB", "15", saved), target("VN", "450000", saved))).into(t, &p)
	want := []string{"US FAILED 1", "GB SUCCESS 0", "VN DRAFT 1"}
	var got []string
	for _, r := range p.Results {
		got = append(got, fmt.Sprint(r.Region, " ", r.Status, " ", len(r.Reasons)))
	}
	if !slices.Equal(got, want) || len(p.Products) != 2 {
		t.Fatalf("%v, %+v", got, p)
	}
	if local := w.product(t, "VN", p.Products[1].ID, ""); local.Status != "DRAFT" {
		t.Errorf("%+v", local)
	}
	w.call(t, "", "POST", globalPath+"/"+saved.ID+"/publish", "", publishBody(target("US", "76", saved))).into(t, &p)
	if p.Results[0].Status != "SUCCESS" {
		t.Errorf("%+v", p)
	}
	// A better title reaches all of them and lists the draft.
	var edited globalSaved
	w.call(t, "", "PUT", "/product/202509/global_products/"+saved.ID+"/partial_edit", "", `{"title":"Stoneware mug with a long handle"}`).into(t, &edited)
	if len(edited.Results) != 3 || edited.Results[1].Status != "SUCCESS" {
		t.Errorf("%+v", edited)
	}
	for _, l := range w.global(t, saved.ID).Products {
		if local := w.product(t, l.Region, l.ID, ""); local.Title != "Stoneware mug with a long handle" || local.Status != "ACTIVATE" {
			t.Errorf("%s: %+v", l.Region, local)
		}
	}
}

// An edit overwrites the local products: what it leaves out goes, what it
// prices in a market comes, and prices and stock of the market stay.
func TestGlobalEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.newGlobal(t)
	saved := w.createGlobal(t, d)
	var p published
	w.call(t, "", "POST", globalPath+"/"+saved.ID+"/publish", "", publishBody(target("GB", "15.50", saved), target("VN", "450000", saved))).into(t, &p)
	d.sku(0)["id"] = saved.SKUs[0].ID
	d.sku(0)["seller_sku"] = "NEW-CODE"
	third := maps.Clone(d.sku(1))
	third["seller_sku"] = "T-Chalk"
	third["sales_attributes"] = []any{map[string]any{"id": "100000", "value_name": "Chalk"}}
	third["sale_prices"] = []any{map[string]any{"region": "GB", "amount": "17"}}
	d["skus"] = []any{d.sku(0), third}
	var edited globalSaved
	w.call(t, "", "PUT", globalPath+"/"+saved.ID, "", d.json()).into(t, &edited)
	if len(edited.SKUs) != 2 || edited.SKUs[0].ID != saved.SKUs[0].ID || edited.SKUs[1].ID == saved.SKUs[1].ID || len(edited.Results) != 2 {
		t.Fatalf("%+v", edited)
	}
	british, vietnamese := w.product(t, "GB", p.Products[0].ID, ""), w.product(t, "VN", p.Products[1].ID, "")
	if len(british.SKUs) != 2 || british.SKUs[0].SellerSKU != "NEW-CODE" || british.SKUs[0].Price.SalePrice != "15.5" || british.SKUs[0].ID != p.Products[0].SKUs[0].ID ||
		british.SKUs[1].Price.SalePrice != "17" || british.SKUs[1].Attributes[0].ValueName != "Chalk" || british.SKUs[1].Inventory[0].Quantity != 14 {
		t.Errorf("%+v", british)
	}
	if len(vietnamese.SKUs) != 1 || vietnamese.SKUs[0].Price.SalePrice != "450000" {
		t.Errorf("%+v", vietnamese)
	}
	// One that was deleted cannot follow, nor can one without any SKU left.
	w.call(t, "GB", "DELETE", productsPath, "", fmt.Sprintf(`{"product_ids":[%q]}`, british.ID)).into(t, &struct{}{})
	d["skus"] = []any{third}
	third["id"] = edited.SKUs[1].ID
	w.call(t, "", "PUT", globalPath+"/"+saved.ID, "", d.json()).into(t, &edited)
	for _, r := range edited.Results {
		if r.Status != "FAILED" || len(r.Reasons) != 1 {
			t.Errorf("%+v", r)
		}
	}
	if v := w.global(t, saved.ID); len(v.Products) != 1 || v.Products[0].Region != "VN" {
		t.Errorf("%+v", v.Products)
	}
}

func TestGlobalRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		bend func(d draft)
		code int
	}{
		"category unknown":   {func(d draft) { d["category_id"] = "1" }, 12052023},
		"category with more": {func(d draft) { d["category_id"] = "600001" }, 12052024},
		"title too long":     {func(d draft) { d["title"] = strings.Repeat("a", 256) }, 12052051},
		"Chinese title":      {func(d draft) { d["title"] = "陶瓷杯" }, 12052262},
		"Chinese text":       {func(d draft) { d["description"] = "陶瓷杯" }, 12052346},
		"Chinese value": {func(d draft) {
			d.sku(0)["sales_attributes"] = []any{map[string]any{"id": "100000", "value_name": "红"}}
		}, 12052250},
		"Chinese attribute": {func(d draft) {
			d.sku(0)["sales_attributes"] = []any{map[string]any{"name": "颜色", "value_name": "a"}}
		}, 12052243},
		"image unknown":       {func(d draft) { d["main_images"] = []any{map[string]any{"uri": "nowhere"}} }, 12052300},
		"brand unknown":       {func(d draft) { d["brand_id"] = "1" }, 12052026},
		"mandatory attribute": {func(d draft) { d["category_id"] = "603312" }, 12052104},
		"two currencies":      {func(d draft) { d.sku(1)["price"] = map[string]any{"amount": "9", "currency": "EUR"} }, 12052084},
		"price out of range":  {func(d draft) { d.sku(0)["price"] = map[string]any{"amount": "100000000", "currency": "USD"} }, 12052570},
		"price in words":      {func(d draft) { d.sku(0)["price"] = map[string]any{"amount": "ten", "currency": "USD"} }, 12052012},
		"foreign warehouse": {func(d draft) {
			d.sku(0)["inventory"] = []any{map[string]any{"global_warehouse_id": "1", "quantity": 1}}
		}, 12052530},
		"other warehouses":  {func(d draft) { d.sku(0)["inventory"] = d.sku(0)["inventory"].([]any)[:1] }, 12052143},
		"quantity":          {func(d draft) { d.sku(0)["inventory"].([]any)[0].(map[string]any)["quantity"] = 100000 }, 12052055},
		"codes without one": {func(d draft) { d.sku(0)["extra_identifier_codes"] = []any{"EAN"} }, 12052293},
		"video unknown":     {func(d draft) { d["video"] = map[string]any{"id": "1"} }, 12052360},
		"maker unknown":     {func(d draft) { d["manufacturer_ids"] = []any{"1"} }, 12052284},
		"no stock":          {func(d draft) { delete(d.sku(0), "inventory"); delete(d.sku(1), "inventory") }, 0},
	} {
		d := w.newGlobal(t)
		test.bend(d)
		if a := w.call(t, "", "POST", globalPath, "", d.json()); a.Code != test.code {
			t.Errorf("%s: code %d (%s), want %d", name, a.Code, a.Message, test.code)
		}
		var check struct {
			Result  string                     `json:"check_result"`
			Reasons []struct{ Message string } `json:"fail_reasons"`
		}
		w.call(t, "", "POST", "/product/202404/global_products/listing_check", "", d.json()).into(t, &check)
		if (check.Result == "PASS") != (test.code == 0) || (len(check.Reasons) == 0) != (test.code == 0) {
			t.Errorf("%s: check %+v", name, check)
		}
	}
}

func TestGlobalPublishRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	saved := w.createGlobal(t, w.newGlobal(t))
	d := w.newGlobal(t)
	for i := range 2 {
		delete(d.sku(i), "inventory")
	}
	bare := w.createGlobal(t, d)
	path := globalPath + "/" + saved.ID
	first := func(bend func(sku map[string]any)) string {
		at := target("GB", "15", saved)
		bend(at["skus"].([]any)[0].(map[string]any))
		return publishBody(at)
	}
	vietnamese, returns := "", ""
	for _, p := range w.warehouses(t, "VN") {
		vietnamese = p.ID
	}
	for _, p := range w.warehouses(t, "GB") {
		if p.Type == "RETURN_WAREHOUSE" {
			returns = p.ID
		}
	}
	in := func(warehouse string) string {
		return first(func(s map[string]any) { s["inventory"] = map[string]any{"warehouse_id": warehouse, "quantity": 5} })
	}
	var drafts struct {
		Products []struct{ ID string } `json:"global_products"`
	}
	w.call(t, "", "POST", "/product/202312/global_products/search", "page_size=5", `{"status":"DRAFT"}`).into(t, &drafts)
	for name, test := range map[string]struct {
		path, body string
		code       int
	}{
		"unknown":           {globalPath + "/1/publish", publishBody(target("GB", "15", saved)), 12052260},
		"draft":             {globalPath + "/" + drafts.Products[0].ID + "/publish", publishBody(target("GB", "15", saved)), 12052901},
		"no shop there":     {path + "/publish", publishBody(map[string]any{"region": "FR", "skus": target("GB", "15", saved)["skus"]}), 12052903},
		"region twice":      {path + "/publish", publishBody(target("GB", "15", saved), target("GB", "15", saved)), 12052910},
		"SKU unknown":       {path + "/publish", publishBody(target("GB", "15", bare)), 12052556},
		"SKU twice":         {path + "/publish", first(func(s map[string]any) { s["related_global_sku_id"] = saved.SKUs[1].ID }), 12052910},
		"no price":          {path + "/publish", first(func(s map[string]any) { delete(s, "price") }), 12052424},
		"no amount":         {path + "/publish", first(func(s map[string]any) { s["price"] = map[string]any{"currency": "GBP"} }), 12052424},
		"currency":          {path + "/publish", first(func(s map[string]any) { s["price"] = map[string]any{"amount": "1", "currency": "EUR"} }), 12052084},
		"price in words":    {path + "/publish", first(func(s map[string]any) { s["price"] = map[string]any{"amount": "x", "currency": "GBP"} }), 12019010},
		"warehouse abroad":  {path + "/publish", in(vietnamese), 12052379},
		"warehouse unknown": {path + "/publish", in("1"), 12019016},
		"takes returns":     {path + "/publish", in(returns), 12019016},
		"quantity":          {path + "/publish", first(func(s map[string]any) { s["inventory"] = map[string]any{"quantity": 100000} }), 12052055},
		"no stock":          {globalPath + "/" + bare.ID + "/publish", publishBody(target("GB", "15", bare)), 12019016},
		"maker unknown":     {path + "/publish", publishBody(map[string]any{"region": "GB", "skus": target("GB", "15", saved)["skus"], "manufacturer_ids": []string{"1"}}), 12052284},

		"stock of none":      {path + "/inventory/update", `{"global_skus":[]}`, 12052902},
		"stock, SKU unknown": {path + "/inventory/update", `{"global_skus":[{"id":"1","inventory":[` + w.stockOf(t, 1) + `]}]}`, 12052556},
		"stock elsewhere":    {path + "/inventory/update", fmt.Sprintf(`{"global_skus":[{"id":%q,"inventory":[{"global_warehouse_id":"1","quantity":1}]}]}`, saved.SKUs[0].ID), 12052530},
		"stock in one":       {path + "/inventory/update", fmt.Sprintf(`{"global_skus":[{"id":%q,"inventory":[{"global_warehouse_id":%q,"quantity":1}]}]}`, saved.SKUs[0].ID, w.globalWarehouses(t)[0]), 12052533},
		"stock too large":    {path + "/inventory/update", fmt.Sprintf(`{"global_skus":[{"id":%q,"inventory":[%s]}]}`, saved.SKUs[0].ID, w.stockOf(t, 100000)), 12052055},
		"stock of unknown":   {globalPath + "/1/inventory/update", `{"global_skus":[{"id":"1","inventory":[]}]}`, 12052260},
	} {
		if a := w.call(t, "", "POST", test.path, "", test.body); a.Code != test.code {
			t.Errorf("%s: code %d (%s), want %d", name, a.Code, a.Message, test.code)
		}
	}
	if v := w.global(t, saved.ID); len(v.Products) != 0 {
		t.Errorf("a refused publication left its mark: %+v", v.Products)
	}
	local := w.withStatus(t, "GB", "ACTIVATE").ID
	var bound struct {
		Results []struct {
			Status  string
			Reasons []struct{ Code int } `json:"fail_reasons"`
		} `json:"bind_results"`
	}
	w.call(t, "", "POST", "/product/202503/global_products/"+saved.ID+"/bind_local_products", "", fmt.Sprintf(`{"local_products":[{"id":%q},{"id":"1"}]}`, local)).into(t, &bound)
	if fmt.Sprint(bound.Results) != "[{FAILED [{12052910}]} {FAILED [{12052032}]}]" {
		t.Errorf("bound %+v", bound)
	}
	// Others see nothing of it: they may have no global products, or not these.
	other := w.give(t, map[string]any{"user": w.users(t, "seller")[1].Name})
	if a := w.as(t, other.AccessToken, "GET", path, "", ""); a.Code != 12019114 {
		t.Errorf("a seller with one shop: %d", a.Code)
	}
	var permissions struct{ Permissions []string }
	w.as(t, other.AccessToken, "GET", "/seller/202309/permissions", "", "").into(t, &permissions)
	if len(permissions.Permissions) != 0 {
		t.Errorf("%v", permissions)
	}
}

func TestGlobalSearchAndDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type found struct {
		Products []globalView `json:"global_products"`
		Total    int          `json:"total_count"`
		Next     string       `json:"next_page_token"`
	}
	search := func(version, query, body string) (f found) {
		t.Helper()
		w.call(t, "", "POST", "/product/"+version+"/global_products/search", query, body).into(t, &f)
		return f
	}
	all := search("202312", "page_size=3", `{}`)
	rest := search("202312", "page_size=3&page_token="+url.QueryEscape(all.Next), `{}`)
	if all.Total != 4 || len(all.Products) != 3 || len(rest.Products) != 1 || rest.Next != "" {
		t.Fatalf("%+v, %+v", all, rest)
	}
	seeded := w.global(t, rest.Products[0].ID)
	if len(seeded.Products) != 1 || len(seeded.Products[0].SKUs) != len(seeded.SKUs) {
		t.Errorf("%+v", seeded)
	}
	saved := w.createGlobal(t, w.newGlobal(t))
	one := search("202309", "page_size=5", `{"seller_skus":["T-Moss"],"status":"UNPUBLISHED"}`)
	if one.Total != 1 || one.Products[0].ID != saved.ID || one.Products[0].Status != "UNPUBLISHED" {
		t.Errorf("%+v", one)
	}
	if f := search("202312", "page_size=5", fmt.Sprintf(`{"create_time_ge":%d}`, w.now.Unix())); f.Total != 1 {
		t.Errorf("%+v", f)
	}
	for body, code := range map[string]int{
		`{"create_time_ge":2,"create_time_le":1}`: 12019118, `{"update_time_ge":2,"update_time_le":1}`: 12019119,
	} {
		if a := w.call(t, "", "POST", "/product/202309/global_products/search", "page_size=5", body); a.Code != code {
			t.Errorf("%s: %d", body, a.Code)
		}
	}
	var problems struct {
		Errors []struct {
			Code   int
			Detail struct {
				ID string `json:"global_product_id"`
			}
		}
	}
	w.call(t, "", "DELETE", globalPath, "", fmt.Sprintf(`{"global_product_ids":[%q,"1"]}`, saved.ID)).into(t, &problems)
	if len(problems.Errors) != 1 || problems.Errors[0].Code != 12019150 || problems.Errors[0].Detail.ID != "1" {
		t.Errorf("%+v", problems)
	}
	if a := w.call(t, "", "GET", globalPath+"/"+saved.ID, "", ""); a.Code != 12052260 {
		t.Errorf("a deleted one: %d", a.Code)
	}
	if f := search("202312", "page_size=5", `{"status":"DELETED"}`); f.Total != 1 || f.Products[0].ID != saved.ID {
		t.Errorf("%+v", f)
	}
}

// Copies in other markets know where they come from, and the source hears how
// it went.
func TestReplicate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := newReceiver(t, w)
	id := w.create(t, "US", w.newDraft(t, "US"))
	source := w.product(t, "US", id, "")
	w.steer(t, "PUT", "webhooks", fmt.Sprintf(`{"address":%q,"types":[51]}`, r.URL), http.StatusOK)
	warehouse := map[string]string{}
	for _, region := range []string{"GB", "VN"} {
		for _, p := range w.warehouses(t, region) {
			if p.Type == "SALES_WAREHOUSE" {
				warehouse[region] = p.ID
			}
		}
	}
	to := func(region, currency, price, sku string) string {
		return fmt.Sprintf(`{"region":%q,"skus":[{"source_sku_id":%q,"price":{"currency":%q,"sale_price":%q},"inventory":[{"warehouse_id":%q,"quantity":200000}]}]}`,
			region, sku, currency, price, warehouse[region])
	}
	path := "/product/202507/products/" + id + "/global_replicate"
	moss := source.SKUs[0].ID
	type errors struct {
		Errors []struct {
			Code   int
			Detail struct{ Region string }
		}
	}
	var e errors
	w.call(t, "US", "POST", path, "", `{"replicate_target":[`+strings.Join([]string{
		to("GB", "GBP", "15", moss), to("VN", "VND", "1", "1"), to("FR", "EUR", "1", moss), to("US", "USD", "1", moss),
	}, ",")+`]}`).into(t, &e)
	if got := fmt.Sprint(e.Errors); got != "[{12052556 {VN}} {12052903 {FR}} {12052910 {US}}]" {
		t.Errorf("%s", got)
	}
	if got := r.next(t); got.Data["source_product_id"] != id || got.Data["replicated_product"].(map[string]any)["result"] != "SUCCESS" {
		t.Errorf("announced %v", got.Data)
	}
	var copies struct {
		Products []struct {
			ID     string `json:"product_id"`
			Status string `json:"product_status"`
			Region string
		} `json:"replicated_products"`
	}
	w.call(t, "US", "GET", "/product/202507/products/"+id+"/replicated_products", "", "").into(t, &copies)
	if len(copies.Products) != 1 || copies.Products[0].Region != "GB" || copies.Products[0].Status != "ACTIVATE" {
		t.Fatalf("%+v", copies)
	}
	var replica struct {
		Replicated bool `json:"is_replicated"`
		SKUs       []struct {
			Policy struct {
				Source struct {
					SKU string `json:"sku_id"`
				} `json:"replicate_source"`
			} `json:"global_listing_policy"`
		}
	}
	w.call(t, "GB", "GET", productsPath+"/"+copies.Products[0].ID, "", "").into(t, &replica)
	if !replica.Replicated || len(replica.SKUs) != 1 || replica.SKUs[0].Policy.Source.SKU != moss {
		t.Errorf("%+v", replica)
	}
	for name, test := range map[string]struct {
		body string
		code int
	}{
		"again":    {to("GB", "GBP", "15", moss), 12019212},
		"currency": {to("VN", "USD", "15", moss), 12052084},
		"range":    {to("VN", "VND", "0", moss), 12052570},
	} {
		e = errors{}
		w.call(t, "US", "POST", path, "", `{"replicate_target":[`+test.body+`]}`).into(t, &e)
		if len(e.Errors) != 1 || e.Errors[0].Code != test.code {
			t.Errorf("%s: %+v, want %d", name, e, test.code)
		}
	}
	hidden := w.withStatus(t, "US", "DRAFT")
	if a := w.call(t, "US", "POST", "/product/202507/products/"+hidden.ID+"/global_replicate", "", `{"replicate_target":[`+to("GB", "GBP", "15", moss)+`]}`); a.Code != 12052901 {
		t.Errorf("a draft: %d", a.Code)
	}
	var rules struct {
		Inventory []struct {
			Mode string `json:"allocation_mode"`
		} `json:"inventory_rules"`
		Methods []string `json:"listing_methods"`
	}
	w.call(t, "VN", "GET", "/product/202507/global_listing_rules", "", "").into(t, &rules)
	if len(rules.Inventory) != 2 || rules.Inventory[0].Mode != "MANUAL" || len(rules.Methods) != 2 {
		t.Errorf("%+v", rules)
	}
}

func TestGlobalCategories(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var tree struct {
		Categories []struct {
			ID   string
			Name string `json:"local_name"`
		}
	}
	w.call(t, "", "GET", "/product/202309/global_categories", "keyword=mugs", "").into(t, &tree)
	if len(tree.Categories) != 1 || tree.Categories[0].ID != "600011" {
		t.Errorf("%+v", tree)
	}
	w.call(t, "", "GET", "/product/202309/global_categories", "locale=vi-VN", "").into(t, &tree)
	if tree.Categories[0].Name != "Đồ gia dụng" {
		t.Errorf("%+v", tree.Categories[0])
	}
	var attributes struct {
		Attributes []struct {
			ID       string
			Required []string `json:"required_regions"`
			Optional []string `json:"optional_regions"`
		}
	}
	w.call(t, "", "GET", "/product/202309/categories/600012/global_attributes", "", "").into(t, &attributes)
	for _, a := range attributes.Attributes {
		if everywhere := []string{"GB", "US", "VN"}; (a.ID == "100107") != slices.Equal(a.Required, everywhere) || (a.ID == "100107") == slices.Equal(a.Optional, everywhere) {
			t.Errorf("%+v", a)
		}
	}
	var rules struct {
		SizeChart struct {
			Supported bool `json:"is_supported"`
		} `json:"size_chart"`
	}
	w.call(t, "", "GET", "/product/202309/categories/601111/global_rules", "", "").into(t, &rules)
	if !rules.SizeChart.Supported {
		t.Errorf("%+v", rules)
	}
	var best struct {
		Leaf string `json:"leaf_category_id"`
	}
	w.call(t, "", "POST", "/product/202309/global_categories/recommend", "", `{"product_title":"Scented candle"}`).into(t, &best)
	if best.Leaf != "600021" {
		t.Errorf("%+v", best)
	}
	for path, code := range map[string]int{"600001/global_attributes": 12052024, "1/global_rules": 12052023} {
		if a := w.call(t, "", "GET", "/product/202309/categories/"+path, "", ""); a.Code != code {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	for body, code := range map[string]int{`{"product_title":"杯"}`: 12052262, `{"product_title":"mug","images":[{"uri":"nowhere"}]}`: 12052722} {
		if a := w.call(t, "", "POST", "/product/202309/global_categories/recommend", "", body); a.Code != code {
			t.Errorf("%s: %d", body, a.Code)
		}
	}
}

// A snapshot keeps all of it, in another sandbox too, and both go on alike.
func TestGlobalSnapshot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	saved := w.createGlobal(t, w.newGlobal(t))
	w.call(t, "", "POST", globalPath+"/"+saved.ID+"/publish", "", publishBody(target("GB", "15.50", saved))).into(t, &struct{}{})
	w.file(t, "a.pdf", []byte("%PDF-"))
	w.call(t, "", "POST", compliancePath+"manufacturers", "", maker).into(t, &struct{}{})
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	other := newWorld(t, func(c *sandbox.Config) { c.Seed = 99 })
	other.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	if after := other.steer(t, "GET", "snapshot", "", http.StatusOK); string(after) != string(taken) {
		t.Fatalf("a restored snapshot differs: %s", firstDifference(taken, after))
	}
	other.credentials = w.credentials
	var ends [2]string
	for i, at := range []*world{w, other} {
		d := at.newGlobal(t)
		next := at.createGlobal(t, d)
		at.call(t, "", "POST", globalPath+"/"+next.ID+"/publish", "", publishBody(target("VN", "450000", next))).into(t, &struct{}{})
		at.file(t, "b.pdf", []byte("%PDF-"))
		at.call(t, "", "POST", compliancePath+"responsible_persons", "", answerer).into(t, &struct{}{})
		ends[i] = fmt.Sprint(at.global(t, next.ID), at.global(t, saved.ID))
	}
	if ends[0] != ends[1] {
		t.Errorf("the sandboxes do not go on alike:\n%s\n%s", ends[0], ends[1])
	}
}

// Many callers at once, for the race detector: global products, their local
// ones and copies are changed from both sides, and each market gets one only.
func TestGlobalConcurrency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.Throttle = new(1e6) })
	d := w.newGlobal(t)
	saved := w.createGlobal(t, d)
	us := w.create(t, "US", w.newDraft(t, "US"))
	var body any
	if err := json.Unmarshal([]byte(d.json()), &body); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	made := 0
	var group sync.WaitGroup
	for caller := range 6 {
		group.Go(func() {
			a := w.call(t, "", "POST", globalPath+"/"+saved.ID+"/publish", "", publishBody(target([]string{"GB", "VN"}[caller%2], "450", saved)))
			switch a.Code {
			case 0:
				mu.Lock()
				made++
				mu.Unlock()
			case 12019212:
			default:
				t.Errorf("publish: %d %s", a.Code, a.Message)
			}
			for round := range 4 {
				title := fmt.Sprintf("Stoneware mug with handle number %d of %d", caller, round)
				w.call(t, "", "PUT", "/product/202509/global_products/"+saved.ID+"/partial_edit", "", `{"title":"`+title+`"}`).into(t, &struct{}{})
				for _, l := range w.global(t, saved.ID).Products {
					w.call(t, l.Region, "GET", productsPath+"/"+l.ID, "", "").into(t, &struct{}{})
					w.call(t, l.Region, "POST", "/product/202509/products/"+l.ID+"/partial_edit", "", `{"description":"<p>Another mug</p>"}`).into(t, &struct{}{})
				}
				w.call(t, "US", "GET", "/product/202507/products/"+us+"/replicated_products", "", "").into(t, &struct{}{})
				w.file(t, "a.pdf", []byte("%PDF-"))
				w.call(t, "", "POST", compliancePath+"manufacturers", "", maker).into(t, &struct{}{})
			}
		})
	}
	group.Wait()
	if made != 2 || len(w.global(t, saved.ID).Products) != 2 {
		t.Errorf("%d publications, %+v", made, w.global(t, saved.ID).Products)
	}
}
