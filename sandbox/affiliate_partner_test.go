package sandbox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const campaignsPath = "/affiliate_partner/202405/campaigns"

// partner is an affiliate partner who authorized the app, and what that opens.
type partner struct {
	*world
	token, cipher string
}

// partner lets the partner among the users authorize the app.
func (w *world) partner(t *testing.T) partner {
	t.Helper()
	u := w.users(t, "partner")[0]
	g := w.give(t, map[string]any{"user": u.OpenID})
	var assets struct {
		Assets []struct{ Cipher string } `json:"category_assets"`
	}
	w.as(t, g.AccessToken, "GET", "/authorization/202405/category_assets", "", "").into(t, &assets)
	return partner{w, g.AccessToken, assets.Assets[0].Cipher}
}

func (p partner) ask(t *testing.T, method, path, query, body string) *answer {
	t.Helper()
	return p.as(t, p.token, method, path, query+"&category_asset_cipher="+url.QueryEscape(p.cipher), body)
}

// listed lists all pages of something of the partner's.
func (p partner) listed(t *testing.T, path, query, items string) (list []object) {
	t.Helper()
	for token := ""; ; {
		page := object{}
		p.ask(t, "GET", path, query+"&page_token="+url.QueryEscape(token), "").into(t, &page)
		for _, o := range page[items].([]any) {
			list = append(list, o.(object))
		}
		if token, _ = page["next_page_token"].(string); token == "" {
			if count(page, "total_count") != len(list) {
				t.Errorf("%s: %d entries, total_count %v", path, len(list), page["total_count"])
			}
			return list
		}
	}
}

func (p partner) campaign(t *testing.T, id string) (o object) {
	t.Helper()
	p.ask(t, "GET", campaignsPath+"/"+id, "", "").into(t, &o)
	return o
}

// campaignBody is a request for a campaign that begins in two days.
func campaignBody(now time.Time, replace ...string) string {
	at := func(days int) int64 { return now.AddDate(0, 0, days).Unix() }
	body := fmt.Sprintf(`{"name":"Autumn","description":"Warm things","commission_rate":2000,"contact_info":{"email":"a@example.com"},"target_seller_types":["LOCAL"],"campaign_start_time":%d,"campaign_end_time":%d,"registration_start_time":%d,"registration_end_time":%d}`,
		at(2), at(30), at(0), at(20))
	return strings.NewReplacer(replace...).Replace(body)
}

// A partner prepares a campaign, publishes it, decides about the products that
// sellers enter, and makes links.
func TestCampaign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steer(t, "POST", "clock", `{"freeze":true}`, http.StatusOK)
	p := w.partner(t)
	var made struct {
		ID string `json:"campaign_id"`
	}
	p.ask(t, "POST", campaignsPath, "", campaignBody(w.now)).into(t, &made)
	path := campaignsPath + "/" + made.ID
	if c := p.campaign(t, made.ID); c["status"] != "READY" || c["name"] != "Autumn" || count(c, "commission_rate") != 2000 || c["region"] != "US" || sub(c, "contact_info")["email"] != "a@example.com" {
		t.Fatalf("made %v", c)
	}
	product := w.products(t, "US", "/product/202502/products/search", "page_size=3", `{"status":"ACTIVATE"}`)[0].ID
	enter := func(status int) {
		t.Helper()
		w.steer(t, "POST", "campaign_products", fmt.Sprintf(`{"campaign_id":%q,"product_id":%q,"commission_rate":2500,"sample_quota":7}`, made.ID, product), status)
	}
	code := func(what string, a *answer, want int) {
		t.Helper()
		if a.Code != want {
			t.Errorf("%s: code %d %s, want %d", what, a.Code, a.Message, want)
		}
	}
	review := func(product, body string) *answer {
		t.Helper()
		return p.ask(t, "POST", path+"/products/"+product+"/review", "", body)
	}
	link := func(rate int) *answer {
		t.Helper()
		return p.ask(t, "POST", path+"/products/"+product+"/promotion_link/generate", "", fmt.Sprintf(`{"creator_commission_rate":%d}`, rate))
	}
	enter(http.StatusConflict)
	code("review before it is published", review(product, `{"review_result":"APPROVE"}`), 16032009)
	code("rename", p.ask(t, "POST", path+"/partial_edit", "", `{"name":"Late autumn"}`), 0)
	code("publish", p.ask(t, "POST", path+"/publish", "", ""), 0)
	code("publish twice", p.ask(t, "POST", path+"/publish", "", ""), 16032008)
	if c := p.campaign(t, made.ID); c["status"] != "UPCOMING" || c["name"] != "Late autumn" || c["description"] != "Warm things" {
		t.Errorf("published %v", c)
	}
	enter(http.StatusCreated)
	enter(http.StatusConflict)
	entered := func() object {
		t.Helper()
		list := p.listed(t, path+"/products", "page_size=10&product_id="+product, "products")
		if len(list) != 1 {
			t.Fatalf("entered: %v", list)
		}
		return list[0]
	}
	if e := entered(); e["review_status"] != "PENDING" || count(e, "total_commission_rate") != 2500 || count(e, "sample_quota") != 7 || e["is_available"] != false || len(e["sku_information_list"].([]any)) == 0 {
		t.Errorf("entered %v", e)
	}
	code("link before the approval", link(900), 16032010)
	code("reject without a reason", review(product, `{"review_result":"REJECT"}`), 36009004)
	code("reject", review(product, `{"review_result":"REJECT","reject_reasons":["COMMISSION_TOO_LOW"]}`), 0)
	enter(http.StatusCreated)
	code("approve", review(product, `{"review_result":"APPROVE"}`), 0)
	code("approve twice", review(product, `{"review_result":"APPROVE"}`), 36009004)
	code("approve what is not there", review("77", `{"review_result":"APPROVE"}`), 36009004)
	code("more than the seller gives", link(2501), 36009004)
	var linked struct {
		Link string `json:"product_promotion_link"`
	}
	link(900).into(t, &linked)
	if e := entered(); e["is_available"] != true || count(e, "creator_commission_rate") != 900 || count(e, "partner_commission_rate") != 1600 || !strings.HasPrefix(linked.Link, "http") {
		t.Errorf("linked %q: %v", linked.Link, e)
	}
	var links struct {
		Failed []string `json:"failed_product_ids"`
		Links  []object `json:"product_promotion_links"`
	}
	p.ask(t, "POST", "/affiliate_partner/202505/campaigns/"+made.ID+"/products/promotion_links/generate_batch", "", fmt.Sprintf(`{"product_ids":[%q,"77"]}`, product)).into(t, &links)
	if !slices.Equal(links.Failed, []string{"77"}) || len(links.Links) != 1 || links.Links[0]["link"] != linked.Link {
		t.Errorf("links %v", links)
	}
	seen := entered()
	open := 0
	for _, o := range w.openCollaborations(t, "US", `{}`) {
		if sub(o, "product")["id"] == product {
			open = count(sub(o, "current_commission"), "rate")
		}
	}
	if count(seen, "open_collaboration_commission_rate") != open {
		t.Errorf("the open collaboration pays %d, here is %v", open, seen)
	}

	saved, then := w.steer(t, "GET", "snapshot", "", http.StatusOK), w.now
	w.advance(t, "72h")
	if c := p.campaign(t, made.ID); c["status"] != "ONGOING" {
		t.Errorf("two days later: %v", c)
	}
	code("begin later", p.ask(t, "POST", path+"/partial_edit", "", fmt.Sprintf(`{"campaign_start_time":%d}`, w.now.Unix()+1e6)), 16032008)
	code("end later", p.ask(t, "POST", path+"/partial_edit", "", fmt.Sprintf(`{"campaign_end_time":%d}`, w.now.AddDate(0, 0, 60).Unix())), 0)
	w.advance(t, "1500h")
	p.token = w.give(t, map[string]any{"user": w.users(t, "partner")[0].OpenID}).AccessToken
	if c := p.campaign(t, made.ID); c["status"] != "CLOSED" || entered()["review_status"] != "CLOSED" {
		t.Errorf("in the end: %v, %v", c, entered())
	}
	code("edit what is closed", p.ask(t, "POST", path+"/partial_edit", "", `{"name":"x"}`), 16032008)
	code("a link when it is closed", link(900), 16032009)
	w.steer(t, "PUT", "snapshot", string(saved), http.StatusOK)
	w.now = then
	if p = w.partner(t); fmt.Sprint(entered()) != fmt.Sprint(seen) {
		t.Errorf("restored %v, want %v", entered(), seen)
	}
}

func TestCampaignsOfPartners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.partner(t)
	all := p.listed(t, campaignsPath, "page_size=2", "campaigns")
	byStatus := 0
	for _, status := range []string{"READY", "UPCOMING", "ONGOING", "CLOSED"} {
		for _, c := range p.listed(t, campaignsPath, "page_size=2&status="+status, "campaigns") {
			if byStatus++; c["status"] != status || p.campaign(t, c["id"].(string))["status"] != status {
				t.Errorf("%s: %v", status, c)
			}
		}
	}
	if len(all) < 3 || byStatus != len(all) || len(p.listed(t, campaignsPath, "page_size=2&type=SELLER_CAMPAIGNS", "campaigns")) != 0 {
		t.Errorf("campaigns %v", all)
	}
	running := p.listed(t, campaignsPath, "page_size=2&status=ONGOING", "campaigns")[0]["id"].(string)
	products := p.listed(t, campaignsPath+"/"+running+"/products", "page_size=1", "products")
	pending := p.listed(t, campaignsPath+"/"+running+"/products", "page_size=10&review_status=PENDING", "products")
	if len(products) < 2 || len(pending) == 0 || len(pending) == len(products) {
		t.Errorf("%d products, %d of them pending", len(products), len(pending))
	}
	// The seller has campaigns of its own.
	foreign := partner{w, w.credentials.AccessToken, ""}
	var assets struct {
		Assets []struct{ Cipher string } `json:"category_assets"`
	}
	w.call(t, "", "GET", "/authorization/202405/category_assets", "", "").into(t, &assets)
	foreign.cipher = assets.Assets[0].Cipher
	own := foreign.listed(t, campaignsPath, "page_size=10", "campaigns")
	if slices.ContainsFunc(own, func(c object) bool { return c["id"] == running }) || len(own) == 0 {
		t.Errorf("the seller finds %v", own)
	}
	now := w.now
	at := func(days int) string { return fmt.Sprint(now.AddDate(0, 0, days).Unix()) }
	for what, c := range map[string]struct {
		a    *answer
		code int
	}{
		"a foreign campaign":  {foreign.ask(t, "GET", campaignsPath+"/"+running, "", ""), 16032007},
		"no campaign":         {p.ask(t, "GET", campaignsPath+"/77", "", ""), 16032005},
		"it has begun":        {p.ask(t, "POST", campaignsPath, "", campaignBody(now, `"campaign_start_time":`+at(2), `"campaign_start_time":`+at(-1))), 16032002},
		"it ends first":       {p.ask(t, "POST", campaignsPath, "", campaignBody(now, `"campaign_end_time":`+at(30), `"campaign_end_time":`+at(1))), 16032002},
		"it lasts a year":     {p.ask(t, "POST", campaignsPath, "", campaignBody(now, `"campaign_end_time":`+at(30), `"campaign_end_time":`+at(362))), 16032002},
		"registration ends":   {p.ask(t, "POST", campaignsPath, "", campaignBody(now, `"registration_end_time":`+at(20), `"registration_end_time":`+at(31))), 16032003},
		"registration begins": {p.ask(t, "POST", campaignsPath, "", campaignBody(now, `"registration_start_time":`+at(0), `"registration_start_time":`+at(21))), 16032003},
		"for nobody":          {p.ask(t, "POST", campaignsPath, "", campaignBody(now, `["LOCAL"]`, `[]`)), 16032004},
		"for an unknown shop": {p.ask(t, "POST", campaignsPath, "", campaignBody(now, `"target_seller_types":["LOCAL"]`, `"target_shop_codes":["USLCNOBODY"]`)), 16032004},
		"no rate":             {p.ask(t, "POST", campaignsPath, "", campaignBody(now, `"commission_rate":2000`, `"commission_rate":100`)), 36009004},
	} {
		if c.a.Code != c.code {
			t.Errorf("%s: code %d %s, want %d", what, c.a.Code, c.a.Message, c.code)
		}
	}
}
