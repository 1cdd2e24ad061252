package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// creators lists the creators of a shop's market.
func (w *world) creators(t *testing.T, region, body string) []object {
	t.Helper()
	return w.every(t, region, "POST", collaborations+"202508/marketplace_creators/search", "page_size=12", body, "creators",
		func(o object) any { return o["creator_open_id"] })
}

// targets lists the target collaborations of a shop in a state.
func (w *world) targets(t *testing.T, region, status string, more ...string) []object {
	t.Helper()
	body := `{"collaboration_status":"` + status + `"` + strings.Join(more, "") + `}`
	return w.every(t, region, "POST", targetPath+"/search", "page_size=20", body, "target_collaborations", byID)
}

func (w *world) target(t *testing.T, region, id string) object {
	t.Helper()
	var got struct {
		Target object `json:"target_collaboration"`
	}
	w.call(t, region, "GET", targetPath+"/"+id, "", "").into(t, &got)
	return got.Target
}

// invitation is the body of a request for a target collaboration, with fields
// put in the place of its own: the last two creators of the market for a product
// that is not promoted anywhere, for ten days.
func (w *world) invitation(t *testing.T, region string, fields ...string) string {
	t.Helper()
	all := w.creators(t, region, `{}`)
	body := object{
		"name": "Spring", "message": "Hello", "end_time": fmt.Sprint(w.now.Unix() + 10*24*3600),
		"creator_user_open_ids": []any{all[len(all)-1]["creator_open_id"], all[len(all)-2]["creator_open_id"]},
		"products":              []any{object{"id": w.unpromoted(t, region), "target_commission_rate": 1500, "shop_ads_commission_rate": 300}},
		"free_sample_rule":      object{"has_free_sample": true, "is_sample_approval_exempt": false},
		"seller_contact_info":   object{"email": "shop@example.com"},
	}
	if err := json.Unmarshal([]byte("{"+strings.Join(fields, ",")+"}"), &body); err != nil {
		t.Fatal(err)
	}
	for name, value := range body {
		if value == nil {
			delete(body, name)
		}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// invite creates a target collaboration and returns its id.
func (w *world) invite(t *testing.T, region string, fields ...string) string {
	t.Helper()
	var made struct {
		Target struct{ ID string } `json:"target_collaboration"`
	}
	w.call(t, region, "POST", targetPath, "", w.invitation(t, region, fields...)).into(t, &made)
	return made.Target.ID
}

// A target collaboration is created, found, changed, ends by the clock and is
// removed.
func TestTargetCollaboration(t *testing.T) {
	t.Parallel()
	w := newTradeWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	for _, region := range regions {
		for status, want := range map[string]int{"ONGOING": 2, "EXPIRING": 1, "VALID": 3, "COMPLETED": 1, "CANCELING": 0} {
			if got := w.targets(t, region, status); len(got) != want {
				t.Errorf("%s: a fresh shop has %d that are %s", region, len(got), status)
			}
		}
	}
	id := w.invite(t, "GB")
	is := func(status, id string, want bool) {
		t.Helper()
		got := slices.ContainsFunc(w.targets(t, "GB", status), func(o object) bool { return o["id"] == id })
		if got != want {
			t.Errorf("%s: %v", status, got)
		}
	}
	is("ONGOING", id, true)
	shown := w.target(t, "GB", id)
	creators, products := shown["creators"].([]any), shown["products"].([]any)
	commission := products[0].(object)["commission"].(object)
	if shown["name"] != "Spring" || shown["message"] != "Hello" || shown["type"] != "STANDARD" || len(creators) != 2 || shown["creator_invited_count"] != 2.0 ||
		commission["rate"] != 1500.0 || commission["shop_ads_commission_rate"] != 300.0 || shown["seller_contact_info"].(object)["email"] != "shop@example.com" {
		t.Errorf("%v", shown)
	}
	open, product := creators[0].(object)["creator_open_id"].(string), products[0].(object)["id"].(string)
	for filter, want := range map[string]int{
		`,"creator_user_open_id":"` + open + `"`:                                                                                   1,
		`,"creator_user_open_id":"nobody"`:                                                                                         0,
		`,"search_param":{"keyword":"` + product + `","keyword_type":"PRODUCT_ID"}`:                                                1,
		`,"search_param":{"keyword":"` + id + `","keyword_type":"TARGET_COLLABORATION_ID"}`:                                        1,
		`,"search_param":{"keyword":"spring","keyword_type":"TARGET_COLLABORATION_NAME"}`:                                          1,
		`,"search_param":{"keyword":"no such","keyword_type":"PRODUCT_NAME"}`:                                                      0,
		`,"search_param":{"keyword":"Spring","keyword_type":"TARGET_COLLABORATION_NAME"},"free_sample_setting":"WITH_FREE_SAMPLE"`: 1,
	} {
		got := w.targets(t, "GB", "VALID", filter)
		if got = slices.DeleteFunc(got, func(o object) bool { return o["id"] != id }); len(got) != want {
			t.Errorf("%s: %d", filter, len(got))
		}
	}

	// Older dates know creators by user id or not at all.
	var older, oldest struct {
		Target struct{ Creators []object } `json:"target_collaboration"`
	}
	w.call(t, "", "GET", collaborations+"202409/target_collaborations/"+id, "", "").into(t, &oldest)
	w.call(t, "", "GET", collaborations+"202412/target_collaborations/"+id, "", "").into(t, &older)
	user, _ := oldest.Target.Creators[0]["user_id"].(string)
	if user == "" || older.Target.Creators[0]["user_id"] != nil || older.Target.Creators[0]["username"] != oldest.Target.Creators[0]["username"] {
		t.Errorf("%v, %v", older.Target, oldest.Target)
	}
	if got := w.every(t, "GB", "POST", collaborations+"202409/target_collaborations/search", "", `{"creator_user_id":"`+user+`"}`, "target_collaborations", byID); len(got) != 1 {
		t.Errorf("by user id: %d", len(got))
	}

	var link struct{ Link string }
	w.call(t, "GB", "POST", collaborations+"202509/target_collaboration/"+id+"/link", "", "").into(t, &link)
	if !strings.Contains(link.Link, id) || len(w.fetch(t, link.Link)) == 0 {
		t.Errorf("link %q", link.Link)
	}

	// The older date changes what it names and leaves the rest.
	w.advance(t, "1h")
	w.call(t, "GB", "PUT", collaborations+"202409/target_collaborations/"+id, "", `{"name":"Summer","products":[{"id":"`+product+`","commission_rate":1800}]}`).into(t, &object{})
	changed := w.target(t, "GB", id)
	if changed["name"] != "Summer" || changed["end_time"] != shown["end_time"] || len(changed["creators"].([]any)) != 2 ||
		changed["products"].([]any)[0].(object)["commission"].(object)["rate"] != 1800.0 || changed["update_time"] != float64(w.now.Unix()) {
		t.Errorf("%v", changed)
	}
	w.call(t, "GB", "PUT", targetPath+"/"+id, "", w.invitation(t, "GB", `"creator_user_open_ids":["`+open+`"]`, `"products":[{"id":"`+product+`","commission_rate":1900}]`)).into(t, &object{})
	if changed = w.target(t, "GB", id); len(changed["creators"].([]any)) != 1 || changed["creators"].([]any)[0].(object)["creator_open_id"] != open {
		t.Errorf("%v", changed)
	}

	w.advance(t, "100h")
	is("EXPIRING", id, true)
	w.advance(t, "200h")
	is("VALID", id, false)
	is("COMPLETED", id, true)
	for name, got := range map[string]*answer{
		"update": w.call(t, "GB", "PUT", targetPath+"/"+id, "", w.invitation(t, "GB", `"products":[{"id":"`+product+`","commission_rate":1900}]`)),
		"link":   w.call(t, "GB", "POST", collaborations+"202509/target_collaboration/"+id+"/link", "", ""),
	} {
		if got.Code != 50001701 {
			t.Errorf("%s of one that is over: %d %s", name, got.Code, got.Message)
		}
	}
	w.call(t, "GB", "DELETE", collaborations+"202409/target_collaborations/"+id, "", "").into(t, &object{})
	is("COMPLETED", id, false)
	for _, region := range []string{"GB", "US"} {
		if got := w.call(t, region, "GET", targetPath+"/"+id, "", ""); got.Code != 50001700 {
			t.Errorf("%s: a removed one: %d", region, got.Code)
		}
	}
}

// What is wrong with an invitation is refused with the code of the reason, and
// nothing is created.
func TestTargetCollaborationRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	product := w.unpromoted(t, "GB")
	item := func(id string, rate, ads int) string {
		return fmt.Sprintf(`"products":[{"id":%q,"target_commission_rate":%d,"shop_ads_commission_rate":%d}]`, id, rate, ads)
	}
	creator := w.creators(t, "GB", `{}`)[5]["creator_open_id"].(string)
	running := w.target(t, "GB", w.targets(t, "GB", "ONGOING")[0]["id"].(string))
	taken := running["creators"].([]any)[0].(object)["creator_open_id"].(string)
	before := len(w.targets(t, "GB", "VALID"))
	for name, tt := range map[string]struct {
		fields []string
		code   int
	}{
		"end in the past":          {[]string{fmt.Sprintf(`"end_time":"%d"`, w.now.Unix())}, 98001004},
		"no name":                  {[]string{`"name":"  "`}, 36009004},
		"no creators":              {[]string{`"creator_user_open_ids":[]`}, 98001004},
		"no products":              {[]string{`"products":[]`}, 98001004},
		"unknown creator":          {[]string{`"creator_user_open_ids":["nobody"]`}, 50001702},
		"creator of other shop":    {[]string{`"creator_user_open_ids":["` + w.creators(t, "US", `{}`)[0]["creator_open_id"].(string) + `"]`}, 50001702},
		"creator twice":            {[]string{`"creator_user_open_ids":["` + creator + `","` + creator + `"]`}, 98001004},
		"51 creators":              {[]string{`"creator_user_open_ids":["` + strings.Repeat(creator+`","`, 50) + creator + `"]`}, 36009004},
		"product of other shop":    {[]string{item(w.unpromoted(t, "US"), 1500, 0)}, 16024008},
		"unknown product":          {[]string{item("1729000000000000001", 1500, 0)}, 50001702},
		"product not live":         {[]string{item(w.withStatus(t, "GB", "DRAFT").ID, 1500, 0)}, 50001702},
		"rate too low":             {[]string{item(product, 99, 0)}, 98001004},
		"rate too high":            {[]string{item(product, 8001, 0)}, 98001004},
		"rate for ads too high":    {[]string{item(product, 1500, 8001)}, 98001004},
		"invited already":          {[]string{`"creator_user_open_ids":["` + taken + `"]`, item(running["products"].([]any)[0].(object)["id"].(string), 1500, 0)}, 16024022},
		"end that is not a number": {[]string{`"end_time":"soon"`}, 36009004},
		"no contact information":   {[]string{`"seller_contact_info":null`}, 36009004},
	} {
		if got := w.call(t, "GB", "POST", targetPath, "", w.invitation(t, "GB", tt.fields...)); got.Code != tt.code {
			t.Errorf("%s: code %d, want %d: %s", name, got.Code, tt.code, got.Message)
		}
	}
	if after := len(w.targets(t, "GB", "VALID")); after != before {
		t.Errorf("%d collaborations, %d before", after, before)
	}
	program := slices.IndexFunc(w.targets(t, "GB", "ONGOING"), func(o object) bool { return o["type"] == "TOP_CREATOR_PROGRAM" })
	id := w.targets(t, "GB", "ONGOING")[program]["id"].(string)
	if got := w.call(t, "GB", "PUT", collaborations+"202409/target_collaborations/"+id, "", `{"name":"Mine"}`); got.Code != 98001004 {
		t.Errorf("a program of the platform was edited: %d", got.Code)
	}
	for _, size := range []string{"19", "21"} {
		if got := w.call(t, "GB", "POST", targetPath+"/search", "page_size="+size, `{"collaboration_status":"VALID"}`); got.Code != 36009004 {
			t.Errorf("page_size %s: %d", size, got.Code)
		}
	}
}

// The older date names creators by user id, and its fields are wanted too.
func TestTargetCollaborationOlder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seeded := w.targets(t, "VN", "COMPLETED")[0]["id"].(string)
	var detail struct {
		Target struct{ Creators []object } `json:"target_collaboration"`
	}
	w.call(t, "VN", "GET", collaborations+"202409/target_collaborations/"+seeded, "", "").into(t, &detail)
	users := fmt.Sprintf(`"creator_user_ids":[%q]`, detail.Target.Creators[0]["user_id"])
	create := func(fields ...string) *answer {
		body := w.invitation(t, "VN", append(fields, `"creator_user_open_ids":null`)...)
		return w.call(t, "VN", "POST", collaborations+"202405/target_collaborations", "", body)
	}
	create(users).into(t, &object{})
	for _, field := range []string{`"name":null`, `"end_time":null`, `"free_sample_rule":null`, `"seller_contact_info":null`} {
		if got := create(users, field); got.Code != 36009004 {
			t.Errorf("%s: %d", field, got.Code)
		}
	}
	if got := create(`"creator_user_ids":["` + detail.Target.Creators[0]["username"].(string) + `"]`); got.Code != 50001702 {
		t.Errorf("a user name for an id: %d", got.Code)
	}
}

// An update leaves out creators and products that are invited elsewhere, and
// names them.
func TestTargetCollaborationConflicts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.creators(t, "US", `{}`)
	first, second := all[20]["creator_open_id"].(string), all[21]["creator_open_id"].(string)
	one := w.unpromoted(t, "US")
	w.open(t, "US", one, 500).into(t, &object{})
	two := w.unpromoted(t, "US")
	body := func(rates string, creators ...string) []string {
		raw, _ := json.Marshal(creators)
		return []string{`"creator_user_open_ids":` + string(raw), `"products":[` + rates + `]`}
	}
	price := func(id, word string) string { return fmt.Sprintf(`{"id":%q,%q:1200}`, id, word) }
	w.invite(t, "US", body(price(one, "target_commission_rate"), first)...)
	id := w.invite(t, "US", body(price(two, "target_commission_rate"), second)...)

	update := func(fields ...string) (got struct {
		Conflicts []struct {
			OpenID  string `json:"creator_user_open_id"`
			Product string `json:"product_id"`
		} `json:"target_collaboration_conflicts"`
		Failed struct {
			Creators []string `json:"add_creator_open_ids"`
			Product  object   `json:"add_products"`
		} `json:"update_failed"`
	}) {
		t.Helper()
		w.call(t, "US", "PUT", targetPath+"/"+id, "", w.invitation(t, "US", fields...)).into(t, &got)
		return got
	}
	got := update(body(price(two, "commission_rate")+","+price(one, "commission_rate"), first, second)...)
	if len(got.Conflicts) != 1 || got.Conflicts[0].OpenID != first || got.Conflicts[0].Product != one || !slices.Equal(got.Failed.Creators, []string{first}) {
		t.Errorf("%+v", got)
	}
	if shown := w.target(t, "US", id); len(shown["creators"].([]any)) != 1 || len(shown["products"].([]any)) != 2 {
		t.Errorf("%v", shown)
	}
	update(body(price(two, "commission_rate"), first, second)...)
	got = update(body(price(two, "commission_rate")+","+price(one, "commission_rate"), first, second)...)
	if got.Failed.Product["id"] != one || got.Failed.Creators != nil {
		t.Errorf("%+v", got)
	}
	if shown := w.target(t, "US", id); len(shown["creators"].([]any)) != 2 || len(shown["products"].([]any)) != 1 {
		t.Errorf("%v", shown)
	}
	if got := w.call(t, "US", "PUT", targetPath+"/"+id, "", w.invitation(t, "US", body(price(two, "commission_rate"), "nobody")...)); got.Code != 50001702 {
		t.Errorf("unknown creator: %d", got.Code)
	}
}

// Creators of the marketplace, their performance, their promotions and their
// orders agree.
func TestCreatorsAgree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, region := range regions {
		names := map[any]bool{}
		for _, listed := range w.creators(t, region, `{}`) {
			id := listed["creator_open_id"].(string)
			names[listed["username"]] = true
			for _, date := range []string{"202406", "202505", "202508"} {
				var got struct{ Creator object }
				w.call(t, region, "GET", collaborations+date+"/marketplace_creators/"+id, "", "").into(t, &got)
				for _, field := range []string{"username", "nickname", "follower_count", "selection_region", "gmv", "video_gmv", "live_gmv", "avatar", "category_ids"} {
					if fmt.Sprint(got.Creator[field]) != fmt.Sprint(listed[field]) {
						t.Errorf("%s %s: %s is %v, listed %v", date, id, field, got.Creator[field], listed[field])
					}
				}
				gmv, inRange := centsOf(t, got.Creator["gmv"].(object), "amount"), got.Creator["gmv_range"].(object)
				if gmv < centsOf(t, inRange, "minimum_amount") || inRange["maximum_amount"] != nil && gmv >= centsOf(t, inRange, "maximum_amount") {
					t.Errorf("%s: sales of %d are not in %v", id, gmv, inRange)
				}
			}
		}
		if len(names) != 24 {
			t.Errorf("%s has %d creators", region, len(names))
		}
		for _, o := range w.affiliateOrders(t, region, `{}`) {
			for _, sku := range o["skus"].([]any) {
				if name := sku.(object)["creator_username"]; !names[name] {
					t.Errorf("order %v came through %v", o["id"], name)
				}
			}
		}
	}
	other := w.creators(t, "US", `{}`)[0]["creator_open_id"].(string)
	for id, code := range map[string]int{other: 16901006, "nobody": 16901005} {
		if got := w.call(t, "GB", "GET", collaborations+"202508/marketplace_creators/"+id, "", ""); got.Code != code {
			t.Errorf("%s: %d, want %d", id, got.Code, code)
		}
	}
}

// Filters of the marketplace keep to what they say.
func TestCreatorFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.creators(t, "GB", `{}`)
	gender := func(o object) object { return o["top_follower_demographics"].(object)["major_gender"].(object) }
	for body, fits := range map[string]func(object) bool{
		`{"keyword":"` + all[3]["username"].(string) + `"}`: func(o object) bool { return o["username"] == all[3]["username"] },
		`{"gmv_ranges":["GMV_RANGE_100_1000"]}`: func(o object) bool {
			return o["gmv_range"].(object)["minimum_amount"] == "80" // of 100 dollars
		},
		`{"units_sold_ranges":["UNITS_SOLD_RANGE_0_10","UNITS_SOLD_RANGE_10_100"]}`: func(o object) bool {
			return o["units_sold_range"].(object)["minimum_amount"].(float64) < 100
		},
		`{"follower_demographics":{"count_range":{"count_ge":5000,"count_le":20000}}}`: func(o object) bool {
			return o["follower_count"].(float64) >= 5000 && o["follower_count"].(float64) <= 20000
		},
		`{"follower_demographics":{"gender_distribution":{"gender":"FEMALE","percentage_ge":60}}}`: func(o object) bool {
			return gender(o)["gender"] == "FEMALE" && gender(o)["percentage"].(float64) >= 60
		},
		`{"follower_demographics":{"age_ranges":["AGE_RANGE_25_34"]}}`: func(o object) bool {
			return slices.Contains(o["top_follower_demographics"].(object)["age_ranges"].([]any), any("AGE_RANGE_25_34"))
		},
		`{"category":[{"parent_category_id":"601100"}]}`: func(o object) bool { return slices.Contains(o["category_ids"].([]any), any("601100")) },
	} {
		want := 0
		for _, o := range all {
			if fits(o) {
				want++
			}
		}
		got := w.creators(t, "GB", body)
		if len(got) != want || want == 0 || want == len(all) || slices.ContainsFunc(got, func(o object) bool { return !fits(o) }) {
			t.Errorf("%s: %d creators, want %d of %d", body, len(got), want, len(all))
		}
	}
	fresh := w.creators(t, "GB", `{"affiliate_data":{"not_invited_l90_days":true}}`)
	for _, o := range w.target(t, "GB", w.targets(t, "GB", "EXPIRING")[0]["id"].(string))["creators"].([]any) {
		if slices.ContainsFunc(fresh, func(f object) bool { return f["creator_open_id"] == o.(object)["creator_open_id"] }) {
			t.Errorf("%v was invited", o)
		}
	}
	for _, date := range []string{"202406", "202505"} {
		page := object{}
		w.call(t, "GB", "POST", collaborations+date+"/marketplace_creators/search", "page_size=20", `{}`).into(t, &page)
		if list := page["creators"].([]any); len(list) != 20 || list[0].(object)["creator_open_id"] != nil || page["search_key"] == "" {
			t.Errorf("%s: %d creators", date, len(list))
		}
	}
	if got := w.call(t, "GB", "POST", collaborations+"202508/marketplace_creators/search", "page_size=13", `{}`); got.Code != 36009004 {
		t.Errorf("page_size 13: %d", got.Code)
	}
}

// A creator who is expelled promotes no more, and earlier orders stay theirs.
func TestRemoveCreator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.openCollaborations(t, "US", `{}`)
	chosen := list[slices.IndexFunc(list, func(o object) bool { return o["showcase_creator_count"].(float64) > 2 })]
	id, product := chosen["id"].(string), chosen["product"].(object)["id"].(string)
	promoters := func(date string) (found []object) {
		for _, d := range w.every(t, "US", "GET", collaborations+date+"/open_collaborations/creator_content_details", "page_size=2&product_id="+product, "",
			"creator_content_details", func(o object) any { return o["creator_profile"].(object)["username"] }) {
			found = append(found, d["creator_profile"].(object))
		}
		return found
	}
	orders := fmt.Sprint(w.affiliateOrders(t, "US", `{}`))
	before := promoters("202508")
	if len(before) != len(promoters("202412")) || promoters("202412")[0]["creator_open_id"] != nil {
		t.Error("the dates differ")
	}
	remove := func(date, field, creator, product string) int {
		return w.call(t, "US", "POST", collaborations+date+"/open_collaborations/"+id+"/remove_creator", "", fmt.Sprintf(`{%q:%q,"product_id":%q}`, field, creator, product)).Code
	}
	gone := before[0]["creator_open_id"].(string)
	for name, tt := range map[string][2]string{
		"unknown creator": {"nobody", product},
		"other product":   {gone, list[len(list)-2]["product"].(object)["id"].(string)},
	} {
		if code := remove("202508", "creator_user_open_id", tt[0], tt[1]); code != 36009004 {
			t.Errorf("%s: %d", name, code)
		}
	}
	for i, want := range []int{0, 36009004} { // nobody is expelled twice
		if code := remove("202508", "creator_user_open_id", gone, product); code != want {
			t.Errorf("time %d: %d", i, code)
		}
	}
	after := promoters("202508")
	if len(after) != len(before)-1 || slices.ContainsFunc(after, func(o object) bool { return o["creator_open_id"] == gone }) {
		t.Errorf("%d creators, %d before", len(after), len(before))
	}
	// The older date takes the user id, which a sample application tells.
	var user, asked string
	for _, s := range w.every(t, "US", "POST", collaborations+"202507/sample_applications/search", "page_size=3", `{}`, "sample_applications", byID) {
		if s["creator"].(object)["username"] != before[0]["username"] {
			user, asked = s["creator"].(object)["user_id"].(string), s["product"].(object)["id"].(string)
		}
	}
	other := w.openCollaborations(t, "US", `{"keyword":"`+asked+`","keyword_type":"PRODUCT_ID"}`)[0]["id"].(string)
	w.call(t, "", "POST", collaborations+"202405/open_collaborations/"+other+"/remove_creator", "", fmt.Sprintf(`{"creator_user_id":%q,"product_id":%q}`, user, asked)).into(t, &object{})
	if now := fmt.Sprint(w.affiliateOrders(t, "US", `{}`)); now != orders {
		t.Error("earlier orders have changed")
	}
}
