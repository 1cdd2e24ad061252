package sandbox_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

type categoryView struct {
	ID          string
	ParentID    string   `json:"parent_id"`
	LocalName   string   `json:"local_name"`
	IsLeaf      bool     `json:"is_leaf"`
	Permissions []string `json:"permission_statuses"`
}

func (w *world) categories(t testing.TB, region, query string) []categoryView {
	t.Helper()
	var data struct{ Categories []categoryView }
	w.call(t, region, "GET", "/product/202309/categories", query, "").into(t, &data)
	return data.Categories
}

func TestCategories(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tree := map[string]categoryView{}
	for _, c := range w.categories(t, "US", "category_version=v2") {
		tree[c.ID] = c
		if len(c.Permissions) == 0 || c.LocalName == "" {
			t.Errorf("category %+v", c)
		}
	}
	mandatory := 0
	for id, c := range tree {
		depth := 1
		for at := c; at.ParentID != "0"; depth++ {
			parent, ok := tree[at.ParentID]
			if !ok || parent.IsLeaf {
				t.Fatalf("category %s has the parent %+v", id, parent)
			}
			at = parent
		}
		path := "/product/202309/categories/" + id + "/attributes"
		if !c.IsLeaf {
			if a := w.call(t, "US", "GET", path, "", ""); a.Code != 12052024 {
				t.Errorf("attributes of %s: code %d", id, a.Code)
			}
			continue
		}
		if depth < 3 {
			t.Errorf("leaf %s has the depth %d", id, depth)
		}
		var data struct {
			Attributes []struct {
				ID, Name, Type string
				IsRequired     bool `json:"is_requried"`
				Values         []struct{ ID, Name string }
			}
		}
		w.call(t, "US", "GET", path, "", "").into(t, &data)
		for _, a := range data.Attributes {
			if len(a.Values) == 0 || a.Type != "SALES_PROPERTY" && a.Type != "PRODUCT_PROPERTY" {
				t.Errorf("attribute %+v of %s", a, id)
			}
			if a.IsRequired {
				mandatory++
			}
		}
		var rules struct {
			SizeChart struct {
				IsSupported bool `json:"is_supported"`
			} `json:"size_chart"`
		}
		w.call(t, "US", "GET", "/product/202309/categories/"+id+"/rules", "", "").into(t, &rules)
		if apparel := id == "601111" || id == "601112"; rules.SizeChart.IsSupported != apparel {
			t.Errorf("size chart in %s: %t", id, rules.SizeChart.IsSupported)
		}
	}
	if mandatory < 3 || len(tree) < 20 {
		t.Errorf("%d categories, %d mandatory attributes", len(tree), mandatory)
	}
}

func TestCategoryFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.categories(t, "VN", "keyword="+url.QueryEscape("nến")); len(got) != 1 || got[0].LocalName != "Nến thơm" {
		t.Errorf("keyword: %v", got)
	}
	if got := w.categories(t, "VN", "keyword=candle&locale=en-US"); len(got) != 1 || got[0].LocalName != "Candles" {
		t.Errorf("keyword in English: %v", got)
	}
	for query, want := range map[string]int{
		"category_version=v1": 12052217, "category_version=v3": invalid, "": 0,
		"include_prohibited_categories=perhaps": invalid, "listing_platform=EBAY": invalid,
	} {
		if a := w.call(t, "US", "GET", "/product/202309/categories", query, ""); a.Code != want {
			t.Errorf("%q: code %d, want %d", query, a.Code, want)
		}
	}
	if a := w.call(t, "US", "GET", "/product/202309/categories/9/attributes", "", ""); a.Code != 12052023 {
		t.Errorf("unknown category: code %d", a.Code)
	}
}

func TestRecommendCategory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for title, leaf := range map[string]string{
		"Heavy duty espresso cups, hand made": "600011",
		"Scented soy candle":                  "600021",
		"Laptop backpack for students":        "601122",
		"Something nobody has ever seen":      "600011",
	} {
		var got struct {
			LeafCategoryID string `json:"leaf_category_id"`
			Categories     []struct {
				ID     string
				Level  int
				IsLeaf bool `json:"is_leaf"`
			}
		}
		w.call(t, "GB", "POST", "/product/202309/categories/recommend", "", fmt.Sprintf(`{"product_title":%q}`, title)).into(t, &got)
		last := got.Categories[len(got.Categories)-1]
		if got.LeafCategoryID != leaf || last.ID != leaf || !last.IsLeaf || last.Level != 3 {
			t.Errorf("%q: %+v, want %s", title, got, leaf)
		}
	}
	for body, want := range map[string]int{
		`{}`: invalid, `{"product_title":"x","category_version":"v2"}`: 12052217, `{"product_title":"x","category_version":"v9"}`: invalid,
		`{"product_title":"x","description":"` + strings.Repeat("a", 10001) + `"}`: 12052013,
	} {
		if a := w.call(t, "GB", "POST", "/product/202309/categories/recommend", "", body); a.Code != want {
			t.Errorf("%.50s: code %d, want %d", body, a.Code, want)
		}
	}
	if a := w.call(t, "", "POST", "/product/202309/categories/recommend", "", `{"product_title":"mug"}`); a.Code != 0 {
		t.Errorf("without a shop: code %d", a.Code)
	}
}

type brandView struct {
	ID         string
	Name       string
	Authorized string `json:"authorized_status"`
	T1         bool   `json:"is_t1_brand"`
	Status     string `json:"brand_status"`
}

func (w *world) brands(t testing.TB, query string, size int) []brandView {
	t.Helper()
	var all []brandView
	for token := ""; ; {
		var page struct {
			Brands        []brandView
			NextPageToken string `json:"next_page_token"`
			TotalCount    int    `json:"total_count"`
		}
		w.call(t, "GB", "GET", "/product/202309/brands", fmt.Sprintf("page_size=%d&page_token=%s&%s", size, url.QueryEscape(token), query), "").into(t, &page)
		all = append(all, page.Brands...)
		if token = page.NextPageToken; token == "" {
			if len(all) != page.TotalCount {
				t.Fatalf("%d brands, total_count %d", len(all), page.TotalCount)
			}
			return all
		}
	}
}

func TestBrands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.brands(t, "", 100)
	if parts := w.brands(t, "", 9); !slices.Equal(all, parts) || len(all) < 50 {
		t.Errorf("%d brands on large pages, %d on small ones", len(all), len(parts))
	}
	guarded := 0
	for _, b := range all {
		if b.T1 {
			guarded++
		}
		if b.Status != "" {
			t.Errorf("brand %+v has a status without a category", b)
		}
	}
	if guarded == 0 {
		t.Error("no T1 brand")
	}
	for _, b := range w.brands(t, "is_authorized=true&category_id=600011", 50) {
		if b.Authorized != "AUTHORIZED" || b.Status != "AVAILABLE" {
			t.Errorf("brand %+v", b)
		}
	}
	if got := w.brands(t, "brand_name=lum", 50); len(got) != 1 || got[0].Name != "Lumora" {
		t.Errorf("by name: %v", got)
	}
	for query, want := range map[string]int{
		"": invalid, "page_size=0": 12019109, "page_size=101": 12019109, "page_size=5&category_id=1": 12052023, "page_size=5&is_authorized=2": invalid,
	} {
		if a := w.call(t, "GB", "GET", "/product/202309/brands", query, ""); a.Code != want {
			t.Errorf("%q: code %d, want %d", query, a.Code, want)
		}
	}
}

func TestCreateBrand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, want := range map[string]int{
		"":                      invalid,
		"A":                     12052189,
		strings.Repeat("a", 31): 12052190,
		"Wren 🎉":                12052191,
		"Wren 12345":            12052192,
		"木兰":                    12052204,
		"lumora":                12052205,
		"Wren 1234":             0,
		"Đồ gốm":                0,
	} {
		if a := w.call(t, "", "POST", "/product/202309/brands", "", fmt.Sprintf(`{"name":%q}`, name)); a.Code != want {
			t.Errorf("%q: code %d, want %d", name, a.Code, want)
		}
	}
	if got := w.brands(t, "brand_name=Wren", 10); len(got) != 1 || got[0].Authorized != "UNAUTHORIEZD" {
		t.Errorf("new brand: %v", got)
	}
}
