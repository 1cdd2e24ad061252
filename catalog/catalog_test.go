package catalog_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

func TestFind(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	for _, test := range []struct {
		method, path, want string
	}{
		{"POST", "/order/202309/orders/search", "order.GetOrderList"},
		{"post", "/order/202309/orders/search", "order.GetOrderList"},
		{"GET", "/order/202507/orders", "order.GetOrderDetail"},
		{"GET", "/order/202309/orders", "order.GetOrderDetailV202309"},
		{"GET", "/product/202309/products/{product_id}", "product.GetProduct"},
		{"GET", "/product/202309/products/1729592969712207008", "product.GetProduct"},
		{"GET", "/product/202309/products/a%2Fb", "product.GetProduct"},
		{"POST", "/product/202309/products/activate", "product.ActivateProduct"},
		{"GET", "/product/202309/products/", ""},
		{"GET", "/product/202309/products//", ""},
		{"GET", "/order/202309/orders/576", ""},
		{"DELETE", "/order/202309/orders", ""},
		{"GET", "/orders", ""},
		{"GET", "", ""},
		{"GET", "/", ""},
	} {
		e, ok := c.Find(test.method, test.path)
		if got := e.FullName(); ok != (test.want != "") || ok && got != test.want {
			t.Errorf("Find(%s, %s) = %s, %t, want %s", test.method, test.path, got, ok, test.want)
		}
	}
}

func TestByName(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	for _, test := range []struct {
		name, want string
	}{
		{"order.GetOrderList", "POST /order/202309/orders/search"},
		{"order.get_order_list", "POST /order/202309/orders/search"},
		{"GetOrderList", "POST /order/202309/orders/search"},
		{"customerservice.GetConversations", "GET /customer_service/202309/conversations"},
		{"customer_service.GetConversations", "GET /customer_service/202309/conversations"},
		{"order.Search", "POST /order/202309/orders/search"},
		{"affiliateseller.SearchCreators", "POST /affiliate_seller/202508/marketplace_creators/search"},
		{"order.GetV202309", "GET /order/202309/orders"},
		{"SearchInventory", ""}, // of two domains
		{"ListWarehouses", ""},
		// The name of one operation, although it is what Go calls another.
		{"gs_full_service_shipment.SearchStockupOrders", "POST /gs_full_service_shipment/202405/preview/stockup_orders/search"},
		{"GetCreatorProfile", ""}, // two domains have it
		{"order.GetNothing", ""},
		{"", ""},
	} {
		e, ok := c.ByName(test.name)
		if got := e.Method + " " + e.Path; ok != (test.want != "") || ok && got != test.want {
			t.Errorf("ByName(%s) = %s, %t, want %s", test.name, got, ok, test.want)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	for _, test := range []struct {
		query, first string
	}{
		{"GetOrderList", "order.GetOrderList"},
		{"order list", "order.GetOrderList"},
		{"order.Search", "order.GetOrderList"},
		{"search creators", "affiliate_seller.SellerSearchCreatorOnMarketplace"},
		{"upload product image", "product.UploadProductImage"},
		{"Update INVENTORY", "product.UpdateInventory"},
	} {
		hits := c.Search(test.query)
		if len(hits) == 0 || hits[0].FullName() != test.first {
			t.Errorf("Search(%s) begins with %v, want %s", test.query, hits[:min(3, len(hits))], test.first)
		}
	}
	for _, query := range []string{"", "  ", "order zzz"} {
		if hits := c.Search(query); len(hits) > 0 {
			t.Errorf("Search(%q) found %d operations, want none", query, len(hits))
		}
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	e, ok := c.ByName("order.GetOrderList")
	if !ok {
		t.Fatal("order.GetOrderList is not in the catalogue")
	}
	op, err := c.Describe(e)
	if err != nil {
		t.Fatal(err)
	}
	if op.Title != "GetOrderList" || op.ShopCipher != catalog.RuleRequired || op.Write || op.BodyType != catalog.BodyJSON || op.Version() != "202309" {
		t.Errorf("Describe(order.GetOrderList) = %+v", op)
	}
	size := op.Params[slices.IndexFunc(op.Params, func(f catalog.Field) bool { return f.Name == "page_size" })]
	if size.In != "query" || !size.Required || size.Min != "1" || size.Max != "100" || size.Default != "20" {
		t.Errorf("page_size = %+v", size)
	}
	if op.Paging == nil || op.Paging.Token != "query:page_token" || op.Paging.Items != "orders" || op.Paging.Next != "next_page_token" {
		t.Errorf("paging = %+v", op.Paging)
	}
	if i := slices.IndexFunc(op.Result, func(f catalog.Field) bool { return f.Name == "orders" }); i < 0 || op.Result[i].Items.GoType != "FoundOrder" {
		t.Errorf("the result %+v has no orders of type FoundOrder", op.Result)
	}
	op.Params[0].Name = "changed"
	if again, err := c.Describe(e); err != nil || again.Params[0].Name == "changed" {
		t.Errorf("a description is shared between callers (error %v)", err)
	}
	if _, err := c.Describe(catalog.Entry{Domain: "order", Name: "GetNothing"}); err == nil {
		t.Error("Describe of an unknown operation gave no error")
	}
	if _, err := c.Describe(catalog.Entry{Domain: "nothing"}); err == nil {
		t.Error("Describe of an unknown domain gave no error")
	}
}

// Every operation can be described, found by its path and by its name, and is
// complete.
func TestAll(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	domains := c.Domains()
	if len(domains) != 26 || !slices.IsSorted(domains) {
		t.Errorf("Domains() = %v, want 26 sorted names", domains)
	}
	all := c.Operations("")
	if len(all) != 530 {
		t.Errorf("%d operations, want 530", len(all))
	}
	official := map[string]bool{} // names that win over those of Go
	for _, e := range all {
		official[strings.ToLower(strings.ReplaceAll(e.Domain, "_", "")+"."+e.Name)] = true
	}
	for _, e := range all {
		if e.GoName == "" || e.Summary == "" || e.Version() == "" || !strings.HasPrefix(e.Path, "/"+e.Domain+"/") {
			t.Errorf("%s is incomplete: %+v", e.FullName(), e)
		}
		if found, ok := c.Find(e.Method, e.Path); !ok || found != e {
			t.Errorf("Find(%s, %s) = %v, %t", e.Method, e.Path, found, ok)
		}
		if found, ok := c.ByName(e.FullName()); !ok || found != e {
			t.Errorf("ByName(%s) = %v, %t", e.FullName(), found, ok)
		}
		if found, ok := c.ByName(e.GoFullName()); !official[strings.ToLower(e.GoFullName())] && (!ok || found != e) {
			t.Errorf("ByName(%s) = %v, %t", e.GoFullName(), found, ok)
		}
		op, err := c.Describe(e)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, f := range op.Params {
			if f.In == "path" != strings.Contains(e.Path, "{"+f.Name+"}") {
				t.Errorf("%s: parameter %s in %s", e.FullName(), f.Name, f.In)
			}
		}
		if op.Check != "" {
			check, ok := c.ByName(op.Check)
			if !ok || !op.Write {
				t.Errorf("%s is checked by %s", e.FullName(), op.Check)
			} else if reads, err := c.Describe(check); err != nil || reads.Write {
				t.Errorf("%s is checked by %s, which writes (error %v)", e.FullName(), op.Check, err)
			}
		}
		for _, s := range op.Siblings {
			if _, ok := c.ByName(e.Domain + "." + s); !ok {
				t.Errorf("%s has the unknown sibling %s", e.FullName(), s)
			}
		}
	}
	if got := c.Operations("nothing"); got != nil {
		t.Errorf("Operations of an unknown domain: %v", got)
	}
}

func TestPathValues(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	e, ok := c.Find("GET", "/customer_service/202309/conversations/{conversation_id}/messages")
	if !ok {
		t.Fatal("not found")
	}
	values, ok := e.PathValues("/customer_service/202309/conversations/576/messages")
	if !ok || values["conversation_id"] != "576" || len(values) != 1 {
		t.Errorf("PathValues = %v, %t", values, ok)
	}
	if _, ok := e.PathValues("/customer_service/202309/conversations"); ok {
		t.Error("PathValues took a path of another operation")
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var c catalog.Catalog
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, e := range c.Operations("promotion") {
				if _, err := c.Describe(e); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// Find takes paths from outside: none may make it panic.
func FuzzFind(f *testing.F) {
	var c catalog.Catalog
	f.Add("GET", "/product/202309/products/{product_id}")
	f.Add("GET", "/product//products/x")
	f.Add("", "//")
	f.Fuzz(func(t *testing.T, method, path string) {
		e, ok := c.Find(method, path)
		if !ok {
			return
		}
		if _, fits := e.PathValues(path); !fits && e.Path != path {
			t.Errorf("Find(%q, %q) = %s, whose path it is not", method, path, e.Path)
		}
	})
}
