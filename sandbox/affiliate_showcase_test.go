package sandbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// listed lists the ids of what a creator's operation shows, and the entries by id.
func (c creator) listed(t *testing.T, path, query string) (ids []string, by map[string]object) {
	t.Helper()
	by = map[string]object{}
	for token := ""; ; {
		var page struct {
			Products []object
			Next     string `json:"next_page_token"`
			Total    int    `json:"total_count"`
		}
		c.as(t, c.token, "GET", path, query+"&page_token="+token, "").into(t, &page)
		for _, p := range page.Products {
			id := p["id"].(string)
			if by[id] != nil {
				t.Fatalf("%s: %s comes twice", path, id)
			}
			ids, by[id] = append(ids, id), p
		}
		if token = strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(page.Next); token == "" {
			if strings.Contains(path, "showcases") && page.Total != len(ids) {
				t.Errorf("%s: %d entries, total_count %d", path, len(ids), page.Total)
			}
			return ids, by
		}
	}
}

const (
	oldShowcase = "/affiliate/202309/showcases/products"
	showcase    = creatorPath + "202405/showcases/products"
)

func (c creator) showcase(t *testing.T) (ids []string, by map[string]object) {
	t.Helper()
	return c.listed(t, showcase, "page_size=3&origin=SHOWCASE")
}

// do runs an operation on products.
func (c creator) do(t *testing.T, method, path string, ids ...string) *answer {
	t.Helper()
	return c.as(t, c.token, method, path, "", `{"product_ids":["`+strings.Join(ids, `","`)+`"]}`)
}

// add puts a product into the showcase and returns what was wrong.
func (c creator) add(t *testing.T, id string) []object {
	t.Helper()
	var data struct{ Errors []object }
	c.as(t, c.token, "POST", showcase+"/add", "", fmt.Sprintf(`{"add_type":"PRODUCT_ID","product_ids":[%q]}`, id)).into(t, &data)
	return data.Errors
}

// promotes tells whether the seller finds the creator among those who promote a
// product.
func (w *world) promotes(t *testing.T, region, product, username string) bool {
	t.Helper()
	return slices.ContainsFunc(w.every(t, region, "GET", collaborations+"202508/open_collaborations/creator_content_details", "page_size=20&product_id="+product, "", "creator_content_details",
		func(o object) any { return sub(o, "creator_profile")["username"] }), func(o object) bool { return sub(o, "creator_profile")["username"] == username })
}

// A creator's showcase is what sellers see of it: in both versions, before and
// after the creator joins and leaves.
func TestShowcase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.everyCreator(t)[0]
	ids, by := c.showcase(t)
	old, oldBy := c.listed(t, oldShowcase, "")
	if len(ids) == 0 || !slices.Equal(ids, old) {
		t.Fatalf("the showcase is %v, in the older version %v", ids, old)
	}
	var open string // offered and not shown
	for _, o := range w.openCollaborations(t, "US", `{}`) {
		id := sub(o, "product")["id"].(string)
		p := by[id]
		if shown := p != nil && sub(p, "collaboration")["id"] == o["id"]; shown != w.promotes(t, "US", id, c.Name) {
			t.Errorf("product %s is shown: %v, the seller sees otherwise", id, p)
		}
		if p != nil && sub(p, "collaboration")["type"] == "1" && (fmt.Sprint(sub(p, "commission")["rate"]) != fmt.Sprint(sub(o, "current_commission")["rate"]) ||
			fmt.Sprint(sub(oldBy[id], "commission")["commission_rate"]) != fmt.Sprint(sub(p, "commission")["rate"])) {
			t.Errorf("the creator sees %v, the seller %v", p, o)
		}
		if p == nil && sub(o, "product")["status"] == "LIVE" {
			open = id
		}
	}
	if open == "" {
		t.Fatal("the creator shows all that is offered")
	}
	target, product := w.inviteTo(t, c)
	for i, id := range []string{open, product} {
		if errors := c.add(t, id); len(errors) != 0 {
			t.Fatalf("adding %s: %v", id, errors)
		}
		if errors := c.add(t, id); len(errors) != 0 {
			t.Errorf("adding %s twice: %v", id, errors)
		}
		_, by := c.showcase(t)
		if by[id] == nil || sub(by[id], "collaboration")["type"] != []string{"1", "2"}[i] {
			t.Errorf("%s is shown as %v", id, by[id])
		}
	}
	if !w.promotes(t, "US", open, c.Name) {
		t.Error("the seller does not see who joined")
	}
	accepted := func() object {
		t.Helper()
		for _, cr := range w.target(t, "US", target)["creators"].([]any) {
			if cr.(object)["username"] == c.Name {
				return cr.(object)
			}
		}
		t.Fatal("the creator is not invited")
		return nil
	}
	if cr := accepted(); count(cr, "showcase_product_count") == 0 || cr["product_effective_status"] == "EFFECTIVE_NONE" {
		t.Errorf("accepted: %v", cr)
	}

	if a := c.do(t, "POST", creatorPath+"202409/showcases/products/top", product, open); a.Code != 0 {
		t.Fatal(a.Message)
	}
	if now, _ := c.showcase(t); !slices.Equal(now[:2], []string{product, open}) || len(now) < 2+len(ids)-2 {
		t.Errorf("at the top are %v", now)
	}
	if a := c.do(t, "DELETE", creatorPath+"202409/showcases/products", product, open); a.Code != 0 {
		t.Fatal(a.Message)
	}
	if now, by := c.showcase(t); by[open] != nil || by[product] != nil || len(now) != len(ids) {
		t.Errorf("what was removed is in %v", now)
	}
	if w.promotes(t, "US", open, c.Name) || count(accepted(), "showcase_product_count") != 0 {
		t.Error("the seller sees the creator who left")
	}
	// An invitation that was dropped is gone: the product is there as the own shop's.
	errors := c.add(t, product)
	if _, by := c.showcase(t); len(errors) != 0 || by[product]["source"] != "TIKTOK_STORE" {
		t.Errorf("errors %v, shown is %v", errors, by[product])
	}
	british := w.everyCreator(t)[1]
	if errors := british.add(t, w.unpromoted(t, "GB")); len(errors) != 1 {
		t.Errorf("what is not offered: %v", errors)
	}
	for path, code := range map[string]int{creatorPath + "202409/showcases/products/top": 16015001, oldShowcase + "/top": 36009004} {
		if a := c.do(t, "POST", path, open); a.Code != code {
			t.Errorf("%s: code %d, want %d", path, a.Code, code)
		}
	}
	if errors := c.add(t, "7777777777"); len(errors) != 1 || errors[0]["detail"].(object)["product_id"] != "7777777777" {
		t.Errorf("an unknown product: %v", errors)
	}
	for _, body := range []string{`{"add_type":"PRODUCT_LINK","product_link":"https://example.com/"}`, `{"add_type":"PRODUCT_ID"}`, `{"add_type":"BY_HEART","product_ids":["1"]}`} {
		if a := c.as(t, c.token, "POST", showcase+"/add", "", body); a.Code != 36009004 {
			t.Errorf("%s: code %d", body, a.Code)
		}
	}
	var link struct{ Errors []object }
	c.as(t, c.token, "POST", showcase+"/add", "", fmt.Sprintf(`{"add_type":"PRODUCT_LINK","product_link":%q}`, oldBy[ids[0]]["detail_url"])).into(t, &link)
	if len(link.Errors) != 0 {
		t.Errorf("by link: %v", link.Errors)
	}
}

// inviteTo invites a creator to promote a product that nothing else offers, and
// returns the collaboration and the product.
func (w *world) inviteTo(t *testing.T, c creator) (target, product string) {
	t.Helper()
	product = w.unpromoted(t, c.Region)
	target = w.invite(t, c.Region, fmt.Sprintf(`"creator_user_open_ids":[%q]`, c.OpenID), fmt.Sprintf(`"products":[{"id":%q,"target_commission_rate":1500}]`, product))
	return target, product
}

// What was bought while a creator showed a product stays the creator's.
func TestShowcaseEarns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	c := w.everyCreator(t)[0]
	target, product := w.inviteTo(t, c)
	buy := func() {
		t.Helper()
		for range 10 { // some buyers come by themselves
			var placed struct {
				ID string `json:"order_id"`
			}
			sku := w.product(t, "US", product, "").SKUs[0].ID
			if status := w.control(t, "POST", "orders", fmt.Sprintf(`{"shop_id":%q,"lines":[{"sku_id":%q,"quantity":1}]}`, w.shop("US").ID, sku), &placed); status != http.StatusCreated {
				t.Fatal(status)
			}
			w.steer(t, "POST", "orders/"+placed.ID+"/move", `{"to":"AWAITING_SHIPMENT"}`, http.StatusOK)
		}
	}
	earned := func() (n int) {
		t.Helper()
		for _, o := range c.walk(t, "202410/orders/search", "page_size=100", `{}`, "orders") {
			if o["skus"].([]any)[0].(object)["target_collaboration_id"] == target {
				n++
			}
		}
		return n
	}
	if errors := c.add(t, product); len(errors) != 0 {
		t.Fatal(errors)
	}
	w.advance(t, "1m")
	buy()
	before := earned()
	if before == 0 {
		t.Fatal("nothing came through the creator")
	}
	w.advance(t, "1m")
	c.do(t, "DELETE", creatorPath+"202409/showcases/products", product)
	buy()
	if after := earned(); after != before {
		t.Errorf("%d orders while it was shown, %d later", before, after)
	}
	w.creatorsAgree(t)
}

// The LIVE shows products of the showcase, one of them pinned.
func TestLiveProducts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.everyCreator(t)[0]
	const live = "/affiliate/202309/live_rooms/products"
	shown, _ := c.showcase(t)
	var added struct{ Errors []object }
	c.do(t, "POST", live, append(slices.Clone(shown[:3]), "77")...).into(t, &added)
	if len(added.Errors) != 1 || added.Errors[0]["detail"].(object)["product_id"] != "77" {
		t.Errorf("errors %v", added.Errors)
	}
	bag := func() (ids []any, pinned any) {
		t.Helper()
		var data struct {
			Pinned   string `json:"pinned_product_id"`
			Products []object
		}
		c.as(t, c.token, "GET", live, "", "").into(t, &data)
		for _, p := range data.Products {
			ids = append(ids, p["id"])
		}
		return ids, data.Pinned
	}
	expect := func(pinned string, want ...string) {
		t.Helper()
		ids, at := bag()
		if fmt.Sprint(ids) != fmt.Sprint(want) || at != pinned {
			t.Errorf("the LIVE shows %v, pinned %v, want %v and %q", ids, at, want, pinned)
		}
	}
	expect("", shown[:3]...)
	done := func(a *answer) {
		t.Helper()
		if a.Code != 0 {
			t.Error(a.Message)
		}
	}
	done(c.do(t, "POST", live+"/top", shown[2]))
	done(c.as(t, c.token, "POST", live+"/"+shown[0]+"/pin", "", ""))
	expect(shown[0], shown[2], shown[0], shown[1])
	_, statuses := c.listed(t, oldShowcase, "origin=LIVE")
	for _, id := range shown {
		if want := map[bool]string{true: "ADDED", false: "NOT_ADDED"}[slices.Contains(shown[:3], id)]; sub(statuses[id], "status")["added_status"] != want {
			t.Errorf("%s is %v, want %s", id, statuses[id], want)
		}
	}
	done(c.as(t, c.token, "POST", live+"/"+shown[2]+"/pin", "", ""))
	done(c.do(t, "DELETE", live, shown[1]))
	expect(shown[2], shown[2], shown[0])
	for what, a := range map[string]*answer{
		"pin what is not there":   c.as(t, c.token, "POST", live+"/77/pin", "", ""),
		"unpin what is not there": c.as(t, c.token, "POST", live+"/"+shown[0]+"/unpin", "", ""),
		"top what is not there":   c.do(t, "POST", live+"/top", "77"),
		"nothing":                 c.as(t, c.token, "POST", live, "", `{}`),
	} {
		if a.Code != 36009004 {
			t.Errorf("%s: code %d", what, a.Code)
		}
	}
	done(c.as(t, c.token, "POST", live+"/"+shown[2]+"/unpin", "", ""))
	saved := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	done(c.do(t, "DELETE", creatorPath+"202409/showcases/products", shown[2]))
	expect("", shown[0])
	w.steer(t, "PUT", "snapshot", string(saved), http.StatusOK)
	expect("", shown[2], shown[0])

	var room object
	c.as(t, c.token, "GET", "/affiliate/202309/live_rooms", "", "").into(t, &room)
	if room["id"] == "" || int64(room["start_time"].(float64)) > w.now.Unix() {
		t.Errorf("the LIVE is %v", room)
	}
}

// A creator who is bound to a shop finds its products and puts them into the
// showcase, without a commission.
func TestBoundShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	creators := w.everyCreator(t)
	c := creators[0]
	for _, path := range []string{"/affiliate/202309/shop_products", creatorPath + "202509/shop_products"} {
		ids, by := c.listed(t, path, "page_size=7&sort_field=PRICE&sort_order=ASC")
		if live := w.products(t, "US", "/product/202502/products/search", "page_size=100", `{"status":"ACTIVATE"}`); len(ids) != len(live) {
			t.Errorf("%s: %d products, %d are live", path, len(ids), len(live))
		}
		for i := 1; i < len(ids); i++ {
			if centsOf(t, sub(by[ids[i]], "price"), "amount") < centsOf(t, sub(by[ids[i-1]], "price"), "amount") {
				t.Errorf("%s: %v after %v", path, by[ids[i]], by[ids[i-1]])
			}
		}
		if ids, _ := creators[1].listed(t, path, "page_size=7"); len(ids) != 0 {
			t.Errorf("%s: a creator without a shop finds %v", path, ids)
		}
	}
	own := w.unpromoted(t, "US")
	var added struct{ Errors []object }
	c.do(t, "POST", oldShowcase, own).into(t, &added)
	_, by := c.showcase(t)
	if len(added.Errors) != 0 || by[own] == nil || by[own]["source"] != "TIKTOK_STORE" || sub(by[own], "status")["review_status"] != "ZERO_COMMISSION" {
		t.Errorf("errors %v, shown is %v", added.Errors, by[own])
	}
	// The older date arranges the same showcase.
	if a := c.do(t, "POST", oldShowcase+"/top", own); a.Code != 0 {
		t.Error(a.Message)
	}
	if ids, _ := c.showcase(t); ids[0] != own {
		t.Errorf("at the top is %v", ids[0])
	}
	defer func() {
		if a := c.do(t, "DELETE", oldShowcase, own); a.Code != 0 {
			t.Error(a.Message)
		}
		if _, by := c.showcase(t); by[own] != nil {
			t.Errorf("removed, but shown is %v", by[own])
		}
	}()
	_, found := c.listed(t, creatorPath+"202509/shop_products", "page_size=100")
	if found[own]["added_status"] != "ADDED" {
		t.Errorf("found is %v", found[own])
	}
	for i, path := range []string{"/affiliate/202309/profiles", creatorPath + "202405/profiles", creatorPath + "202508/profiles"} {
		for _, c := range creators {
			var p object
			c.as(t, c.token, "GET", path, "", "").into(t, &p)
			if name := p[[]string{"user_name", "username", "username"}[i]]; name != c.Name || p["selection_region"] != c.Region || i == 2 && p["creator_user_open_id"] != c.OpenID ||
				(p["seller_type"] == nil) != (c.Region != "US") {
				t.Errorf("%s: %s is %v", path, c.Name, p)
			}
		}
	}
}
