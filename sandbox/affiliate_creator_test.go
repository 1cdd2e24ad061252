package sandbox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
)

const creatorPath = "/affiliate_creator/"

// creator is somebody who authorized the app, and what that opens.
type creator struct {
	*world
	user
	token string
}

// everyCreator lets all creators among the users authorize the app.
func (w *world) everyCreator(t *testing.T) (list []creator) {
	t.Helper()
	for _, u := range w.users(t, "creator") {
		list = append(list, creator{w, u, w.give(t, map[string]any{"user": u.OpenID}).AccessToken})
	}
	return list
}

// walk lists all pages of something that a creator sees.
func (c creator) walk(t *testing.T, path, query, body, items string) (list []object) {
	t.Helper()
	seen := map[any]bool{}
	for token := ""; ; {
		page := object{}
		c.as(t, c.token, "POST", creatorPath+path, query+"&page_token="+url.QueryEscape(token), body).into(t, &page)
		for _, entry := range page[items].([]any) {
			o := entry.(object)
			if seen[o["id"]] {
				t.Fatalf("%s: %v comes twice", path, o["id"])
			}
			seen[o["id"]] = true
			list = append(list, o)
		}
		if token, _ = page["next_page_token"].(string); token == "" {
			if total, ok := page["total_count"].(float64); ok && int(total) != len(list) {
				t.Errorf("%s: %d entries, total_count %v", path, len(list), page["total_count"])
			}
			return list
		}
	}
}

// soldBy lists what sellers see of a creator's orders, with the token of each shop
// in the creator's market.
func (w *world) soldBy(t *testing.T, username, region string) map[any]object {
	t.Helper()
	all := map[any]object{}
	for _, seller := range w.users(t, "seller") {
		token := w.give(t, map[string]any{"user": seller.OpenID}).AccessToken
		for _, s := range seller.Shops {
			if s.Region != region {
				continue
			}
			for page := ""; ; {
				var data struct {
					Orders []object
					Next   string `json:"next_page_token"`
				}
				w.as(t, token, "POST", collaborations+"202410/orders/search", "page_size=100&shop_cipher="+s.Cipher+"&page_token="+url.QueryEscape(page), `{}`).into(t, &data)
				for _, o := range data.Orders {
					o["skus"] = slices.DeleteFunc(o["skus"].([]any), func(sku any) bool { return sku.(object)["creator_username"] != username })
					if len(o["skus"].([]any)) > 0 {
						all[o["id"]] = o
					}
				}
				if page = data.Next; page == "" {
					break
				}
			}
		}
	}
	return all
}

// creatorsAgree holds what creators see of their orders to what sellers see, and
// returns how many orders were compared.
func (w *world) creatorsAgree(t *testing.T) (compared int) {
	t.Helper()
	for _, c := range w.everyCreator(t) {
		sellers := w.soldBy(t, c.Name, c.Region)
		own := c.walk(t, "202410/orders/search", "page_size=40", `{}`, "orders")
		if len(own) != len(sellers) || len(c.walk(t, "202405/orders/search", "page_size=50", "", "orders")) != len(own) {
			t.Errorf("%s: %d orders, sellers know of %d", c.Name, len(own), len(sellers))
		}
		compared += len(own)
		for i, o := range own {
			theirs := sellers[o["id"]]
			if theirs == nil || i > 0 && count(o, "create_time") > count(own[i-1], "create_time") {
				t.Errorf("%s: order %v, the seller says %v", c.Name, o, theirs)
				continue
			}
			want := map[any]any{"PROCESSING": "To-SETTLE", "COMPLETED": "SETTLED", "CANCELLED": "REFUNDED"}[theirs["status"]]
			kept := int64(0)
			for i, s := range o["skus"].([]any) {
				mine, seller := s.(object), theirs["skus"].([]any)[i].(object)
				for name, other := range map[string]string{
					"actual_commission": "actual_paid_commission", "actual_commission_base": "actual_commission_base",
					"estimated_commission": "estimated_paid_commission", "estimated_commission_base": "estimated_commission_base",
					"price": "price", "content_id": "content_id", "content_type": "content_type", "quantity": "quantity", "product_id": "product_id",
					"refunded_quantity": "refunded_quantity", "returned_quantity": "returned_quantity", "open_collaboration_id": "open_collaboration_id",
					"target_collaboration_id": "target_collaboration_id",
				} {
					if fmt.Sprint(mine[name]) != fmt.Sprint(seller[other]) {
						t.Errorf("%s: order %v: %s is %v, the seller says %v", c.Name, o["id"], name, mine[name], seller[other])
					}
				}
				if fmt.Sprint(mine["commission_rate"]) != seller["commission_rate"] {
					t.Errorf("%s: order %v: the rate is %v, the seller says %v", c.Name, o["id"], mine["commission_rate"], seller["commission_rate"])
				}
				if base, ok := mine["actual_commission_base"].(object); ok {
					kept += centsOf(t, base, "amount")
				}
			}
			if want == "SETTLED" && kept == 0 {
				want = "REFUNDED"
			}
			if o["status"] != want {
				t.Errorf("%s: order %v is %v, the seller says %v", c.Name, o["id"], o["status"], theirs["status"])
			}
		}
	}
	return compared
}

// Creators see the orders that sellers say came through them, with the same money.
func TestCreatorOrdersAgree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if n := w.creatorsAgree(t); n < 5 {
		t.Errorf("%d orders came through the creators among the users", n)
	}
	c := w.everyCreator(t)[0]
	all := c.walk(t, "202410/orders/search", "page_size=100", `{}`, "orders")
	middle := 0 // the newest
	for _, o := range all {
		middle = max(middle, count(o, "create_time"))
	}
	later := c.walk(t, "202410/orders/search", "page_size=100", fmt.Sprintf(`{"create_time_ge":%d}`, middle), "orders")
	earlier := c.walk(t, "202410/orders/search", "page_size=100", fmt.Sprintf(`{"create_time_lt":%d}`, middle), "orders")
	if len(later) == 0 || len(earlier) == 0 || len(later)+len(earlier) != len(all) {
		t.Errorf("%d before, %d after, %d in all", len(earlier), len(later), len(all))
	}
	for kind, name := range map[string]string{"": "", "CREATE_TIME": "", "PAY_TIME": "", "DELIVERY_TIME": "delivery_time", "SETTLE_TIME": "SETTLED"} {
		body := fmt.Sprintf(`{"time_ge":0,"time_lt":%d000,"time_type":%q}`, w.now.Unix()+1, kind)
		if kind == "" {
			body = fmt.Sprintf(`{"time_ge":0,"time_lt":%d000}`, w.now.Unix()+1)
		}
		traced := c.walk(t, "202505/orders/trace/search", "page_size=100", body, "orders")
		want := len(all)
		if name != "" {
			want = 0
			for _, o := range all {
				if o[name] != nil || name == "SETTLED" && (o["status"] == "SETTLED" || o["status"] == "REFUNDED" && o["delivery_time"] != nil) {
					want++
				}
			}
		}
		if kind != "SETTLE_TIME" && len(traced) != want || kind == "SETTLE_TIME" && (len(traced) == 0 || len(traced) > want) {
			t.Errorf("%s: %d traced orders, want %d", kind, len(traced), want)
		}
		for _, o := range traced {
			id := strconv.FormatFloat(o["id"].(float64), 'f', 0, 64)
			if o["status"] == "To-SETTLE" || len(id) != 18 {
				t.Errorf("traced: %v", o)
			}
		}
	}
}

// A creator finds the invitations that sellers sent, as long as they hold.
func TestCreatorInvitations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.everyCreator(t)[0]
	shop := w.shop("US").ID
	search := func(keyword, kind string) []object {
		t.Helper()
		return c.walk(t, "202405/target_collaborations/search", "page_size=2", fmt.Sprintf(`{"shop_id":%q,"keyword":%q,"keyword_type":%q}`, shop, keyword, kind), "target_collaborations")
	}
	before := search("", "TARGET_COLLABORATIONS_NAME")
	id := w.invite(t, "US", `"name":"Only for you"`, fmt.Sprintf(`"creator_user_open_ids":[%q]`, c.OpenID))
	found := search("only FOR", "TARGET_COLLABORATIONS_NAME")
	if len(found) != 1 || found[0]["id"] != id || found[0]["status"] != "LIVE" || len(search("", "TARGET_COLLABORATIONS_NAME")) != len(before)+1 {
		t.Fatalf("found %v", found)
	}
	seller := w.target(t, "US", id)
	for i, p := range found[0]["products"].([]any) {
		theirs := seller["products"].([]any)[i].(object)
		mine := p.(object)
		if mine["id"] != theirs["id"] || mine["title"] != theirs["title"] || sub(mine, "commission")["rate"] != sub(theirs, "commission")["rate"] || sub(mine, "commission")["amount"] != sub(theirs, "commission")["minimum_amount"] {
			t.Errorf("the creator sees %v, the seller %v", mine, theirs)
		}
	}
	if a := w.call(t, "US", "DELETE", collaborations+"202409/target_collaborations/"+id, "", ""); a.Code != 0 {
		t.Fatal(a.Message)
	}
	gone := search(id, "TARGET_COLLABORATIONS_ID")
	if len(gone) != 1 || gone[0]["status"] != "DELETED" || len(search("only for", "TARGET_COLLABORATIONS_NAME")) != 0 {
		t.Errorf("deleted: %v", gone)
	}
	if a := w.as(t, c.token, "POST", creatorPath+"202405/target_collaborations/search", "page_size=10", `{"shop_id":"1"}`); a.Code != 36009004 {
		t.Errorf("an unknown shop: %d", a.Code)
	}
}

// What the shops of a market offer is what its creators find.
func TestCreatorOffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range w.everyCreator(t) {
		offers := c.walk(t, "202405/open_collaborations/products/search", "page_size=7&sort_field=units_sold", `{}`, "products")
		want := w.every(t, c.Region, "POST", collaborations+"202405/open_collaborations/products/search", "page_size=20", `{}`, "products", byID)
		if len(offers) != len(want) || len(offers) == 0 {
			t.Errorf("%s: %d offers, the seller finds %d", c.Region, len(offers), len(want))
		}
		var some struct{ Products []object }
		c.as(t, c.token, "POST", creatorPath+"202509/open_collaborations/products", fmt.Sprintf("product_ids=%v,%v,77", offers[0]["id"], offers[1]["id"]), "").into(t, &some)
		if len(some.Products) != 2 {
			t.Errorf("by id: %v", some.Products)
		}
	}
}

// A creator asks for a sample, the seller hears of it and decides, and both see the
// same.
func TestCreatorSamples(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.everyCreator(t)[0]
	heard := newReceiver(t, w)
	w.listenAt(t, heard, "", "56")
	asked := func(statuses string) []object {
		t.Helper()
		return c.walk(t, "202412/sample_applications/search", "page_size=2", `{"application_statuses":[`+statuses+`]}`, "sample_applications")
	}
	before := len(asked(""))
	var product, sku string
	for _, o := range w.openCollaborations(t, "US", `{}`) {
		id := sub(o, "product")["id"].(string)
		var data struct{ Label object }
		c.as(t, c.token, "GET", creatorPath+"202412/samples/labels", "product_id="+id, "").into(t, &data)
		if data.Label["can_apply"] == true {
			product, sku = id, sub(data.Label, "sample_product")["sample_sku_list"].([]any)[0].(object)["id"].(string)
			break
		}
	}
	body := fmt.Sprintf(`{"product_id":%q,"sku_id":%q}`, product, sku)
	var made struct {
		ID string `json:"application_id"`
	}
	if status := w.control(t, "POST", "samples", body, &made); status != http.StatusCreated {
		t.Fatalf("status %d", status)
	}
	hears := func(status string) {
		t.Helper()
		data := heard.next(t).Data
		if data["application_id"] != made.ID || data["new_status"] != status || fmt.Sprint(data["creator"], data["product"]) != fmt.Sprintf("map[creator_open_id:%s] map[sku_id:%s]", c.OpenID, sku) {
			t.Errorf("heard %v, want %s", data, status)
		}
	}
	hears("PENDING")
	if status := w.control(t, "POST", "samples", body, nil); status != http.StatusConflict {
		t.Errorf("asked twice: status %d", status)
	}
	if list := asked(""); len(list) != before+1 || list[len(list)-1]["id"] != made.ID || list[len(list)-1]["status"] != "PENDING" {
		t.Errorf("asked: %v", list)
	}
	var label struct{ Label object }
	c.as(t, c.token, "GET", creatorPath+"202412/samples/labels", "product_id="+product, "").into(t, &label)
	if label.Label["can_apply"] != false || label.Label["application_id"] != made.ID || label.Label["status"] != "ONGOING" {
		t.Errorf("label: %v", label.Label)
	}
	if list := w.samples(t, "US", `{"status":"PENDING","product_id":"`+product+`"}`); !slices.ContainsFunc(list, func(o object) bool { return o["id"] == made.ID && sub(o, "creator")["creator_open_id"] == c.OpenID }) {
		t.Errorf("the seller finds %v", list)
	}
	if a := w.call(t, "US", "POST", collaborations+"202507/sample_applications/"+made.ID+"/review", "", `{"review_result":"APPROVE"}`); a.Code != 0 {
		t.Fatal(a.Message)
	}
	var one struct {
		Application object `json:"sample_application"`
	}
	c.as(t, c.token, "POST", creatorPath+"202412/sample_applications/single_query", "", fmt.Sprintf(`{"application_id":%q,"application_type":"FREE_SAMPLE","product_id":%q}`, made.ID, product)).into(t, &one)
	if one.Application["status"] != "AWAITING_SHIPMENT" || sub(one.Application, "creator_fulfillment")["status"] != "PENDING" || sub(one.Application, "sample_product")["sku_id"] != sku {
		t.Errorf("after the approval: %v", one.Application)
	}
	owed := func(status string) (ids []any) {
		t.Helper()
		var data struct{ Fulfillments []object }
		c.as(t, c.token, "POST", creatorPath+"202409/sample_applications/fulfillments/search", "", `{"fulfillment_statuses":["`+status+`"]}`).into(t, &data)
		for _, o := range data.Fulfillments {
			ids = append(ids, o["application_id"])
		}
		return ids
	}
	if !slices.Contains(owed("PENDING"), any(made.ID)) {
		t.Errorf("owed: %v", owed("PENDING"))
	}
	hears("AWAITING_SHIPMENT")
	w.advance(t, strconv.Itoa(15*24)+"h")
	c.token = w.give(t, map[string]any{"user": c.OpenID}).AccessToken
	if !slices.Contains(owed("OVERDUE"), any(made.ID)) {
		t.Errorf("overdue: %v", owed("OVERDUE"))
	}
	for _, refused := range []string{
		`{"application_type":"FREE_SAMPLE","product_id":"1"}`, `{"application_id":"1","application_type":"FREE_SAMPLE","product_id":"1"}`,
	} {
		if a := c.as(t, c.token, "POST", creatorPath+"202412/sample_applications/single_query", "", refused); a.Code != 36009004 {
			t.Errorf("%s: code %d", refused, a.Code)
		}
	}
}
