package sandbox_test

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

var fixturesFolder = filepath.Join("..", "docs", "fixtures")

// exampleFixtures reads the example of the guide.
func exampleFixtures(t testing.TB) *sandbox.Fixtures {
	t.Helper()
	f, err := os.Open(filepath.Join(fixturesFolder, "shop.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fixtures, err := sandbox.ReadFixtures(f)
	if err != nil {
		t.Fatal(err)
	}
	return fixtures
}

// The example of the guide is what the API answers with, also after a reset.
func TestFixtures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sandbox.Config) { c.Fixtures = exampleFixtures(t) })
	for _, when := range []string{"at the start", "after a reset"} {
		var products struct {
			Products []struct {
				Title  string
				Status string
				SKUs   []struct {
					SellerSKU string `json:"seller_sku"`
					Inventory []struct{ Quantity int }
				}
			}
		}
		w.call(t, "GB", "POST", "/product/202502/products/search", "page_size=5", `{"seller_skus":["MUG-BLUE"]}`).into(t, &products)
		if len(products.Products) != 1 || products.Products[0].Title != "Stoneware mug, 350 ml" || products.Products[0].Status != "ACTIVATE" {
			t.Fatalf("%s: products %+v", when, products)
		}
		left := map[string]int{}
		for _, sku := range products.Products[0].SKUs {
			left[sku.SellerSKU] = sku.Inventory[0].Quantity
		}
		if left["MUG-BLUE"] != 38 || left["MUG-RED"] != 3 {
			t.Errorf("%s: stock %v", when, left)
		}
		var orders struct {
			Orders []struct {
				Status string
				Lines  []struct {
					SellerSKU string `json:"seller_sku"`
				} `json:"line_items"`
			}
		}
		w.call(t, "GB", "POST", searchPath, "page_size=1&sort_field=create_time&sort_order=DESC", "").into(t, &orders)
		if o := orders.Orders[0]; o.Status != "AWAITING_SHIPMENT" || len(o.Lines) != 2 || o.Lines[0].SellerSKU != "MUG-BLUE" {
			t.Errorf("%s: the newest order is %+v", when, o)
		}
		for path, want := range map[string]string{"ui/orders?q=ada.l&shop=" + w.shop("GB").ID: "1–1 of 1", "ui/creators?shop=" + w.shop("GB").ID: "@mug.and.more"} {
			if !strings.Contains(w.page(t, path), want) {
				t.Errorf("%s: %s lacks %q", when, path, want)
			}
		}
		raw := w.Snapshot()
		if err := newWorld(t).Restore(raw); err != nil {
			t.Errorf("%s: the state does not load: %v", when, err)
		}
		w.steer(t, "POST", "reset", "", http.StatusOK)
		w.credentials = w.Credentials()
	}
}

// What is wrong with a file is said with its line.
func TestFixturesRefused(t *testing.T) {
	t.Parallel()
	const mug = "{\"products\":[{\"shop\":\"GB\",\"title\":\"Mug\",\"skus\":[{\"seller_sku\":\"M\",\"price\":\"9\",\"stock\":1}]}],\n"
	for _, test := range []struct{ file, want string }{
		{"", "line 1: the file: the file ends; want an object with products, stock"},
		{"[]", "line 1: the file is a list"},
		{"{\n\"product\":[]}", `line 2: the file has no field "product"; want products, stock, buyers, orders, creators`},
		{"{\"buyers\":[\n{\"shop\":\"FR\",\"nickname\":\"x\"}]}", `line 2: buyers[0].shop is "FR"; want US, GB, VN, BR`},
		{"{\"buyers\":[\n{\"nickname\":\n\"x\"}]}", "line 2: buyers[0] lacks shop"},
		{"{\"buyers\":[\n\n{\"shop\":\"GB\",\"nickname\":7}]}", "line 3: buyers[0].nickname is the number 7; want a text"},
		{"{\"stock\":[{\"shop\":\"GB\",\"seller_sku\":\"x\",\n\"quantity\":-1}]}", "line 2: stock[0].quantity is -1; want a whole number from 0 to 99999"},
		{"{\"products\":[{\"shop\":\"GB\",\"title\":\"x\",\n\"skus\":[]}]}", "line 2: products[0].skus is empty"},
		{"{\"buyers\":[],\n\"buyers\":[]}", "line 2: the file has buyers twice"},
		{"{}\n{}", "line 2: something follows"},
		{"{\n\"buyers\":[}", "line 2: "},
		{"{\"stock\":[\n{\"shop\":\"GB\",\"seller_sku\":\"NONE\",\"quantity\":1}]}", `line 2: stock[0].seller_sku: the shop in GB has no seller SKU "NONE"`},
		{mug + "\"orders\":[{\"shop\":\"GB\",\n\"lines\":[{\"seller_sku\":\"M\",\"quantity\":2}]}]}", "line 2: orders[0]: SKU"},
		{mug + "\"orders\":[{\"shop\":\"GB\",\"lines\":[{\"seller_sku\":\"M\"}],\n\"buyer\":\"nobody\"}]}", `line 3: orders[0].buyer: the shop in GB has no buyer "nobody"`},
		{"{\"products\":[\n{\"shop\":\"GB\",\"title\":\"Mug\",\"skus\":[{\"seller_sku\":\"M\",\"price\":\"nine\"}]}]}", `line 2: products[0]: the price "nine" is not an amount of GBP`},
	} {
		fixtures, err := sandbox.ReadFixtures(strings.NewReader(test.file))
		if err == nil {
			_, err = sandbox.New(sandbox.Config{Fixtures: fixtures})
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q:\n got %v\nwant %s", test.file, err, test.want)
		}
	}
}

// The published schema is that of the parser.
func TestFixturesSchema(t *testing.T) {
	t.Parallel()
	name := filepath.Join(fixturesFolder, "schema.json")
	if *update {
		if err := os.WriteFile(name, sandbox.FixturesSchema(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	published, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(published, sandbox.FixturesSchema()) {
		t.Error("docs/fixtures/schema.json is not the schema; go test ./sandbox -run TestFixturesSchema -update writes it")
	}
}

// Whatever is in a file, it is read or refused with a line.
func FuzzReadFixtures(f *testing.F) {
	example, err := os.ReadFile(filepath.Join(fixturesFolder, "shop.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	for _, seed := range []string{"", "{", "{}", "[]", "null", "{\"buyers\":[{}]}", "{\"orders\":[{\"lines\":[", "\xff", "{\"\":1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		fixtures, err := sandbox.ReadFixtures(bytes.NewReader(raw))
		if (fixtures == nil) != (err != nil) {
			t.Fatalf("%v and %v", fixtures, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("no line: %v", err)
		}
	})
}

// A product is added on the page and can be ordered at once.
func TestAddProduct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	form := url.Values{"shop": {w.shop("GB").ID}, "title": {"Stoneware <mug>"}, "seller_sku": {"MUG-1"}, "price": {"9.5"}, "stock": {"4"}}
	page := w.submit(t, "ui/products/new", form)
	for _, want := range []string{"Stoneware &lt;mug&gt;", "MUG-1", "9.5 GBP", "ACTIVATE", "The product is added."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the product lacks %q", want)
		}
	}
	for field, value := range map[string]string{"price": "nine", "stock": "-1", "title": "", "seller_sku": "MUG-1"} {
		wrong := url.Values{"shop": form["shop"], "title": {"x"}, "seller_sku": {"NEW"}, "price": {"9"}, "stock": {"1"}}
		wrong.Set(field, value)
		if a := w.browse("ui/products/new", wrong); a.Code != http.StatusConflict || alert(a.Body.String()) == "" {
			t.Errorf("%s %q: status %d", field, value, a.Code)
		}
	}
}
