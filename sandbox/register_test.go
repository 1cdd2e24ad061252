package sandbox_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// shops are those that a grant opens.
func (g given) shops(t *testing.T, w *world) []sandbox.Shop {
	t.Helper()
	var answer struct{ Shops []sandbox.Shop }
	w.as(t, g.AccessToken, "GET", "/authorization/202309/shops", "", "").into(t, &answer)
	return answer.Shops
}

const compliancePath = "/product/202409/compliance/"

// profile is the profile of a manufacturer or a responsible person.
type profile struct {
	Locale, Name, Email string
	TradeName           string `json:"registered_trade_name"`
	Phone               struct {
		Availability string
		Country      string `json:"country_code"`
		Local        string `json:"local_number"`
	} `json:"phone_number"`
}

// registered is an answer of the searches.
type registered struct {
	Manufacturers []struct {
		ID       string
		Name     string
		Profiles []profile `json:"regional_profiles"`
	}
	Responsible []struct {
		ID       string
		Name     string
		Profiles []profile `json:"regional_profiles"`
	} `json:"responsible_persons"`
	Total int    `json:"total_count"`
	Next  string `json:"next_page_token"`
}

const (
	maker    = `{"name":"Kiln & Co","email":"kiln@example.com","address":"Werkhof 4, Berlin","phone_number":{"country_code":"+49","local_number":"30 555 0142"}}`
	answerer = `{"name":"Ada Roe","email":"ada@example.com","phone_number":{"country_code":"+353","local_number":"15550142"},"address":{"street_address_line1":"14 Quay","postal_code":"D02","country":"IE"}}`
)

func TestManufacturers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made struct {
		ID string `json:"manufacturer_id"`
	}
	w.call(t, "", "POST", compliancePath+"manufacturers", "", maker).into(t, &made)
	w.call(t, "", "POST", compliancePath+"manufacturers/"+made.ID+"/partial_edit", "", `{"locale":"de-DE","name":"Ofen & Co","phone_number":{"availability":"UNAVAILABLE"}}`).into(t, &struct{}{})
	var found registered
	w.call(t, "", "POST", "/product/202501/compliance/manufacturers/search", "page_size=5", `{"keyword":"ofen","locales":["de-DE","en-IE"]}`).into(t, &found)
	if found.Total != 1 || found.Manufacturers[0].ID != made.ID || len(found.Manufacturers[0].Profiles) != 2 {
		t.Fatalf("%+v", found)
	}
	german, english := found.Manufacturers[0].Profiles[0], found.Manufacturers[0].Profiles[1]
	if german.Name != "Ofen & Co" || german.Phone.Availability != "UNAVAILABLE" || german.Email != "kiln@example.com" || english.Name != "Kiln & Co" || english.Phone.Local != "30 555 0142" {
		t.Errorf("%+v and %+v", german, english)
	}
	var old registered
	w.call(t, "", "POST", compliancePath+"manufacturers/search", "page_size=1", ``).into(t, &old)
	if old.Total != 2 || old.Manufacturers[0].Name != "Kiln & Co" || old.Next == "" {
		t.Errorf("%+v", old)
	}
	var rest registered
	w.call(t, "", "POST", compliancePath+"manufacturers/search", "page_size=1&page_token="+url.QueryEscape(old.Next), ``).into(t, &rest)
	if rest.Next != "" || rest.Manufacturers[0].ID == made.ID {
		t.Errorf("%+v", rest)
	}
	taken := w.steer(t, "GET", "snapshot", "", http.StatusOK)
	w.steer(t, "PUT", "snapshot", string(taken), http.StatusOK)
	d := w.newDraft(t, "US")
	d["manufacturer_ids"] = []string{made.ID}
	w.create(t, "US", d)
	d["manufacturer_ids"] = []string{made.ID, made.ID}
	if a := w.call(t, "US", "POST", productsPath, "", d.json()); a.Code != 12052295 {
		t.Errorf("twice: %d", a.Code)
	}
}

func TestResponsiblePersons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made struct {
		ID string `json:"responsible_person_id"`
	}
	w.call(t, "", "POST", compliancePath+"responsible_persons", "", answerer).into(t, &made)
	w.call(t, "", "POST", compliancePath+"responsible_persons/"+made.ID+"/partial_edit", "", `{"locale":"fr-FR","email":"fr@example.com"}`).into(t, &struct{}{})
	var found registered
	w.call(t, "", "POST", "/product/202501/compliance/responsible_persons/search", "page_size=5", fmt.Sprintf(`{"responsible_person_ids":[%q],"locales":["fr-FR"]}`, made.ID)).into(t, &found)
	if found.Total != 1 || len(found.Responsible[0].Profiles) != 1 || found.Responsible[0].Profiles[0].Email != "fr@example.com" {
		t.Fatalf("%+v", found)
	}
	var old registered
	w.call(t, "", "POST", compliancePath+"responsible_persons/search", "page_size=5", `{"keyword":"ada roe"}`).into(t, &old)
	if old.Total != 1 || old.Responsible[0].Name != "Ada Roe" {
		t.Errorf("%+v", old)
	}
	d := w.newDraft(t, "GB")
	d["responsible_person_ids"] = []string{made.ID}
	w.create(t, "GB", d)
}

// What the registers refuse, and that sellers do not see those of others.
func TestRegistersRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made struct {
		Maker  string `json:"manufacturer_id"`
		Person string `json:"responsible_person_id"`
	}
	w.call(t, "", "POST", compliancePath+"manufacturers", "", maker).into(t, &made)
	w.call(t, "", "POST", compliancePath+"responsible_persons", "", answerer).into(t, &made)
	manufacturers, persons := compliancePath+"manufacturers", compliancePath+"responsible_persons"
	makers := manufacturers + "/" + made.Maker + "/partial_edit"
	people := persons + "/" + made.Person + "/partial_edit"
	for name, test := range map[string]struct {
		path, query, body string
		code              int
	}{
		"email":               {makers, "", `{"email":"nobody"}`, 38023042},
		"prefix":              {makers, "", `{"phone_number":{"country_code":"49","local_number":"5550142"}}`, 38023046},
		"number":              {makers, "", `{"phone_number":{"country_code":"+49","local_number":"1"}}`, 38023041},
		"unknown":             {manufacturers + "/1/partial_edit", "", `{}`, 38023051},
		"country":             {people, "", `{"address":{"street_address_line1":"1","postal_code":"1","country":"GB"}}`, 38023026},
		"foreign prefix":      {people, "", `{"phone_number":{"country_code":"+44","local_number":"5550142"}}`, 38023028},
		"broken prefix":       {people, "", `{"phone_number":{"country_code":"353","local_number":"5550142"}}`, 38023028},
		"short number":        {people, "", `{"phone_number":{"country_code":"+353","local_number":"12"}}`, 38023041},
		"unknown person":      {persons + "/1/partial_edit", "", `{}`, 38023051},
		"more ids than fit":   {manufacturers + "/search", "page_size=1", `{"manufacturer_ids":["1","2"]}`, 38023049},
		"page size":           {manufacturers + "/search", "page_size=101", ``, 38023047},
		"page token":          {persons + "/search", "page_size=1&page_token=x", ``, 38023048},
		"size chart page":     {"/product/202407/sizecharts/search", "page_size=0", ``, 12019109},
		"name":                {manufacturers, "", `{"email":"kiln@example.com","address":"x","phone_number":{}}`, invalid},
		"a product's foreign": {makers, "", `{"name":"Kept"}`, 0},
	} {
		if a := w.call(t, "", "POST", test.path, test.query, test.body); a.Code != test.code {
			t.Errorf("%s: code %d (%s), want %d", name, a.Code, a.Message, test.code)
		}
	}
	other := w.give(t, map[string]any{"user": w.users(t, "seller")[1].Name})
	for path, code := range map[string]int{makers: 38023052, people: 38023052} {
		if a := w.as(t, other.AccessToken, "POST", path, "", `{}`); a.Code != code {
			t.Errorf("%s by another seller: %d", path, a.Code)
		}
	}
	d := w.newDraft(t, "GB")
	cipher := "shop_cipher=" + url.QueryEscape(other.shops(t, w)[0].Cipher)
	var places struct {
		Warehouses []struct{ ID, Type string }
	}
	w.as(t, other.AccessToken, "GET", "/logistics/202309/warehouses", cipher, "").into(t, &places)
	for i := range 2 {
		d.sku(i)["inventory"] = []any{map[string]any{"quantity": 1, "warehouse_id": places.Warehouses[0].ID}}
	}
	clip := w.file(t, "a.mp4", video("isom", 720, 720))
	for field, want := range map[string]int{"manufacturer_ids": 12052285, "responsible_person_ids": 12052290, "video": 12052360} {
		bent := draft{}
		maps.Copy(bent, d)
		bent[field] = map[string]any{
			"manufacturer_ids": []string{made.Maker}, "responsible_person_ids": []string{made.Person}, "video": map[string]string{"id": clip.ID},
		}[field]
		if a := w.as(t, other.AccessToken, "POST", productsPath, cipher, bent.json()); a.Code != want {
			t.Errorf("%s of another seller: %d (%s), want %d", field, a.Code, a.Message, want)
		}
	}
}

func TestSizeCharts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type charts struct {
		Charts []struct {
			ID     string                              `json:"template_id"`
			Name   string                              `json:"template_name"`
			Images []struct{ Locale, URI, URL string } `json:"images"`
		} `json:"size_chart"`
		Total int    `json:"total_count"`
		Next  string `json:"next_page_token"`
	}
	const path = "/product/202407/sizecharts/search"
	var all, tops, one charts
	w.call(t, "", "POST", path, "page_size=2", ``).into(t, &all)
	w.call(t, "", "POST", path, "page_size=5&locales=en-GB", `{"keyword":"TOPS"}`).into(t, &tops)
	if all.Total != 3 || len(all.Charts) != 2 || all.Next == "" || tops.Total != 1 || len(tops.Charts[0].Images) != 1 || tops.Charts[0].Images[0].Locale != "en-GB" {
		t.Fatalf("%+v, %+v", all, tops)
	}
	w.fetch(t, tops.Charts[0].Images[0].URL)
	w.call(t, "", "POST", path, "page_size=5", fmt.Sprintf(`{"ids":[%q,"1"]}`, tops.Charts[0].ID)).into(t, &one)
	if one.Total != 1 || one.Charts[0].ID != tops.Charts[0].ID {
		t.Errorf("%+v", one)
	}
	d := w.newDraft(t, "GB")
	d["category_id"] = "601112" // has size charts
	d["size_chart"] = map[string]any{"template": map[string]any{"id": one.Charts[0].ID}}
	id := w.create(t, "GB", d)
	var p struct {
		Chart struct{ Template struct{ ID string } } `json:"size_chart"`
	}
	w.call(t, "GB", "GET", productsPath+"/"+id, "", "").into(t, &p)
	if p.Chart.Template.ID != one.Charts[0].ID {
		t.Errorf("%+v", p)
	}
}
