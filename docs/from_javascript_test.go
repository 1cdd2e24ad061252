package docs_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/authorization"
	"github.com/ttshop-go/ttshop/api/logistics"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/api/product"
	"github.com/ttshop-go/ttshop/api/seller"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
	"github.com/ttshop-go/ttshop/sign"
)

// javaScript holds what the rows of from-javascript.md share. Every row has
// its code between a line "// NAME" and the end of its function; the guide
// shows that code, and TestFromJavaScript runs it.
type javaScript struct {
	ctx       context.Context
	client    *ttshop.Client // bound to no shop
	shop      *ttshop.Client
	app       *oauth.App
	appSecret string
	shopID    string

	categoryID, warehouseID, imageURI string
	productID, skuID, otherID         string
	code                              string
	refreshToken                      ttshop.Secret
}

func (g *javaScript) setShop(cipher string) error {
	client := g.client
	// setShop
	shop := client.Shop(cipher) // a copy: nothing is shared by accident
	// end
	_, err := shop.Call(g.ctx, "GET", "/logistics/202309/warehouses", nil, nil)
	return err
}

func (g *javaScript) getShops() (*authorization.GetAuthorizedShopsResult, *ttshop.Response, error) {
	ctx, client := g.ctx, g.client
	// getShops
	res, err := authorization.New(client).GetAuthorizedShops(ctx)
	// end
	if err != nil {
		return nil, nil, err
	}
	// getShops raw
	raw, err := client.Call(ctx, "GET", "/authorization/202309/shops", nil, nil)
	// end
	return res, raw, err
}

func (g *javaScript) getCategories() (*product.GetCategoriesResult, *ttshop.Response, error) {
	ctx, shop := g.ctx, g.shop
	// getCategories
	res, err := product.New(shop).GetCategories(ctx, &product.GetCategoriesParams{Locale: "en-US"})
	// end
	if err != nil {
		return nil, nil, err
	}
	// getCategories raw
	raw, err := shop.Call(ctx, "GET", "/product/202309/categories", url.Values{"locale": {"en-US"}}, nil)
	// end
	return res, raw, err
}

func (g *javaScript) getBrands() (*product.GetBrandsResult, *ttshop.Response, error) {
	ctx, shop, categoryID := g.ctx, g.shop, g.categoryID
	// getBrands
	res, err := product.New(shop).GetBrands(ctx, &product.GetBrandsParams{
		PageSize: 100, BrandName: "a", CategoryID: categoryID, IsAuthorized: new(false),
	})
	// end
	if err != nil {
		return nil, nil, err
	}
	// getBrands raw
	raw, err := shop.Call(ctx, "GET", "/product/202309/brands", url.Values{
		"page_size": {"100"}, "brand_name": {"a"}, "category_id": {categoryID}, "is_authorized": {"false"},
	}, nil)
	// end
	return res, raw, err
}

func (g *javaScript) addCustomBrands() (*product.CreateCustomBrandsResult, *ttshop.Response, error) {
	ctx, shop := g.ctx, g.shop
	// addCustomBrands
	res, err := product.New(shop).CreateCustomBrands(ctx, &product.CreateCustomBrandsParams{Name: "Harbour & Pine"})
	// end
	if err != nil {
		return nil, nil, err
	}
	client := g.client
	// addCustomBrands raw
	raw, err := client.Call(ctx, "POST", "/product/202309/brands", nil, map[string]any{"name": "Pine & Harbour"})
	// end
	return res, raw, err
}

func (g *javaScript) getProduct() (*product.GetResult, *ttshop.Response, error) {
	ctx, shop, productID := g.ctx, g.shop, g.productID
	// getProduct
	res, err := product.New(shop).Get(ctx, &product.GetParams{ProductID: productID})
	// end
	if err != nil {
		return nil, nil, err
	}
	// getProduct raw
	raw, err := shop.Call(ctx, "GET", "/product/202309/products/"+productID, nil, nil)
	// end
	return res, raw, err
}

func (g *javaScript) searchInventory() (*product.SearchInventoryResult, *ttshop.Response, error) {
	ctx, shop, productID := g.ctx, g.shop, g.productID
	// searchInventory
	res, err := product.New(shop).SearchInventory(ctx, &product.SearchInventoryParams{ProductIDs: []string{productID}})
	// end
	if err != nil {
		return nil, nil, err
	}
	// searchInventory raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/inventory/search", nil, map[string]any{"product_ids": []string{productID}})
	// end
	return res, raw, err
}

func (g *javaScript) addProduct() (*product.CreateResult, *ttshop.Response, error) {
	ctx, shop, categoryID, warehouseID, imageURI := g.ctx, g.shop, g.categoryID, g.warehouseID, g.imageURI
	// addProduct
	res, err := product.New(shop).Create(ctx, &product.CreateParams{
		Title:         "Enamel mug with a walnut lid, 400 ml",
		Description:   "<p>Holds heat, survives falls.</p>",
		CategoryID:    categoryID,
		MainImages:    []product.ImageURI{{URI: imageURI}},
		PackageWeight: product.Weight{Value: "0.4", Unit: "KILOGRAM"},
		SKUs: []product.SKUInput{{
			SellerSKU: "MUG-400",
			Price:     product.PriceInput{Amount: "14.90", Currency: "GBP"},
			Inventory: []product.InventoryInput{{WarehouseID: warehouseID, Quantity: new(25)}},
		}},
	})
	// end
	if err != nil {
		return nil, nil, err
	}
	productData := map[string]any{
		"title": "Enamel mug with a walnut lid, 250 ml", "description": "<p>Smaller.</p>", "category_id": categoryID,
		"main_images":    []any{map[string]any{"uri": imageURI}},
		"package_weight": map[string]any{"value": "0.3", "unit": "KILOGRAM"},
		"skus": []any{map[string]any{
			"seller_sku": "MUG-250", "price": map[string]any{"amount": "12.90", "currency": "GBP"},
			"inventory": []any{map[string]any{"warehouse_id": warehouseID, "quantity": 25}},
		}},
	}
	// addProduct raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/products", nil, productData)
	// end
	return res, raw, err
}

func (g *javaScript) getSellerShops() (*seller.GetActiveShopsResult, *ttshop.Response, error) {
	ctx, client := g.ctx, g.client
	// getSellerShops
	res, err := seller.New(client).GetActiveShops(ctx)
	// end
	if err != nil {
		return nil, nil, err
	}
	// getSellerShops raw
	raw, err := client.Call(ctx, "GET", "/seller/202309/shops", nil, nil)
	// end
	return res, raw, err
}

func (g *javaScript) recommendCategory() (*product.RecommendCategoryResult, *ttshop.Response, error) {
	ctx, shop := g.ctx, g.shop
	// recommendCategory
	res, err := product.New(shop).RecommendCategory(ctx, &product.RecommendCategoryParams{
		ProductTitle: "Enamel mug", Description: "A mug for hot drinks.",
	})
	// end
	if err != nil {
		return nil, nil, err
	}
	// recommendCategory raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/categories/recommend", nil, map[string]any{"product_title": "Enamel mug"})
	// end
	return res, raw, err
}

func (g *javaScript) updateProduct() (*product.EditResult, *ttshop.Response, error) {
	ctx, shop, productID, categoryID, warehouseID, imageURI := g.ctx, g.shop, g.otherID, g.categoryID, g.warehouseID, g.imageURI
	// updateProduct
	res, err := product.New(shop).Edit(ctx, &product.EditParams{
		ProductID:     productID,
		Title:         "Enamel mug with a beech lid, 400 ml",
		Description:   "<p>Holds heat, survives falls.</p>",
		CategoryID:    categoryID,
		MainImages:    []product.ImageURI{{URI: imageURI}},
		PackageWeight: product.Weight{Value: "0.4", Unit: "KILOGRAM"},
		SKUs: []product.EditSKU{{
			SellerSKU: "MUG-400",
			Price:     &product.PriceInput{Amount: "13.90", Currency: "GBP"},
			Inventory: []product.InventoryInput{{WarehouseID: warehouseID, Quantity: new(20)}},
		}},
	})
	// end
	if err != nil {
		return nil, nil, err
	}
	productData := map[string]any{
		"title": "Enamel mug with an oak lid, 400 ml", "description": "<p>Holds heat.</p>", "category_id": categoryID,
		"main_images":    []any{map[string]any{"uri": imageURI}},
		"package_weight": map[string]any{"value": "0.3", "unit": "KILOGRAM"},
		"skus": []any{map[string]any{
			"seller_sku": "MUG-400", "price": map[string]any{"amount": "12.90", "currency": "GBP"},
			"inventory": []any{map[string]any{"warehouse_id": warehouseID, "quantity": 25}},
		}},
	}
	// updateProduct raw
	raw, err := shop.Call(ctx, "PUT", "/product/202309/products/"+productID, nil, productData)
	// end
	return res, raw, err
}

func (g *javaScript) getWarehouses() (*logistics.ListWarehousesResult, *ttshop.Response, error) {
	ctx, shop := g.ctx, g.shop
	// getWarehouses
	res, err := logistics.New(shop).ListWarehouses(ctx)
	// end
	if err != nil {
		return nil, nil, err
	}
	// getWarehouses raw
	raw, err := shop.Call(ctx, "GET", "/logistics/202309/warehouses", nil, nil)
	// end
	return res, raw, err
}

func (g *javaScript) updateProductPrices() (*product.UpdatePriceResult, *ttshop.Response, error) {
	ctx, shop, productID, skuID := g.ctx, g.shop, g.productID, g.skuID
	// updateProductPrices
	res, err := product.New(shop).UpdatePrice(ctx, &product.UpdatePriceParams{
		ProductID: productID,
		SKUs:      []product.UpdatePriceSKU{{ID: skuID, Price: product.PriceInput{Amount: "19.99", Currency: "GBP"}}},
	})
	// end
	if err != nil {
		return nil, nil, err
	}
	skus := []any{map[string]any{"id": skuID, "price": map[string]any{"amount": "18.99", "currency": "GBP"}}}
	// updateProductPrices raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/products/"+productID+"/prices/update", nil, map[string]any{"skus": skus})
	// end
	return res, raw, err
}

func (g *javaScript) partiallyEditProduct() (*product.PartialEditResult, *ttshop.Response, error) {
	ctx, shop, productID := g.ctx, g.shop, g.productID
	// partiallyEditProduct
	res, err := product.New(shop).PartialEdit(ctx, &product.PartialEditParams{
		ProductID: productID, Title: "A title that says what is in the box",
	})
	// end
	if err != nil {
		return nil, nil, err
	}
	// partiallyEditProduct raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/products/"+productID+"/partial_edit", nil, map[string]any{"title": "Another title that says what is in the box"})
	// end
	return res, raw, err
}

func (g *javaScript) getCategoryAttributes() (*product.GetAttributesResult, *ttshop.Response, error) {
	ctx, shop, categoryID := g.ctx, g.shop, g.categoryID
	// getCategoryAttributes
	res, err := product.New(shop).GetAttributes(ctx, &product.GetAttributesParams{CategoryID: categoryID, Locale: "en-US"})
	// end
	if err != nil {
		return nil, nil, err
	}
	// getCategoryAttributes raw
	raw, err := shop.Call(ctx, "GET", "/product/202309/categories/"+categoryID+"/attributes", url.Values{"locale": {"en-US"}}, nil)
	// end
	return res, raw, err
}

func (g *javaScript) updateProductInventory() (*product.UpdateInventoryResult, *ttshop.Response, error) {
	ctx, shop, productID, skuID, warehouseID := g.ctx, g.shop, g.productID, g.skuID, g.warehouseID
	// updateProductInventory
	res, err := product.New(shop).UpdateInventory(ctx, &product.UpdateInventoryParams{
		ProductID: productID,
		SKUs: []product.UpdateInventorySKU{{
			ID:        skuID,
			Inventory: []product.InventoryInput{{WarehouseID: warehouseID, Quantity: new(0)}}, // a zero is sent
		}},
	})
	// end
	if err != nil {
		return nil, nil, err
	}
	skus := []any{map[string]any{"id": skuID, "inventory": []any{map[string]any{"warehouse_id": warehouseID, "quantity": 7}}}}
	// updateProductInventory raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/products/"+productID+"/inventory/update", nil, map[string]any{"skus": skus})
	// end
	return res, raw, err
}

func (g *javaScript) deactivateProducts() (*product.DeactivateResult, *ttshop.Response, error) {
	ctx, shop, productID, otherID := g.ctx, g.shop, g.productID, g.otherID
	// deactivateProducts
	res, err := product.New(shop).Deactivate(ctx, &product.DeactivateParams{ProductIDs: []string{productID}})
	// end
	if err != nil {
		return nil, nil, err
	}
	// deactivateProducts raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/products/deactivate", nil, map[string]any{"product_ids": []string{otherID}})
	// end
	return res, raw, err
}

func (g *javaScript) activateProducts() (*product.ActivateResult, *ttshop.Response, error) {
	ctx, shop, productID, otherID := g.ctx, g.shop, g.productID, g.otherID
	// activateProducts
	res, err := product.New(shop).Activate(ctx, &product.ActivateParams{ProductIDs: []string{productID}})
	// end
	if err != nil {
		return nil, nil, err
	}
	// activateProducts raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/products/activate", nil, map[string]any{"product_ids": []string{otherID}})
	// end
	return res, raw, err
}

func (g *javaScript) deleteProducts() (*product.DeleteResult, *ttshop.Response, error) {
	ctx, shop, productID, otherID := g.ctx, g.shop, g.productID, g.otherID
	// deleteProducts
	res, err := product.New(shop).Delete(ctx, &product.DeleteParams{ProductIDs: []string{productID}})
	// end
	if err != nil {
		return nil, nil, err
	}
	// deleteProducts raw
	raw, err := shop.Call(ctx, "DELETE", "/product/202309/products", nil, map[string]any{"product_ids": []string{otherID}})
	// end
	return res, raw, err
}

func (g *javaScript) recoverProducts() (*product.RecoverResult, *ttshop.Response, error) {
	ctx, shop, productID, otherID := g.ctx, g.shop, g.productID, g.otherID
	// recoverProducts
	res, err := product.New(shop).Recover(ctx, &product.RecoverParams{ProductIDs: []string{productID}})
	// end
	if err != nil {
		return nil, nil, err
	}
	// recoverProducts raw
	raw, err := shop.Call(ctx, "POST", "/product/202309/products/recover", nil, map[string]any{"product_ids": []string{otherID}})
	// end
	return res, raw, err
}

func (g *javaScript) addImage(name string) (*product.UploadImageResult, *ttshop.Response, error) {
	ctx, shop := g.ctx, g.shop
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	// addImage
	res, err := product.New(shop).UploadImage(ctx, &product.UploadImageParams{
		Data: ttshop.File{Name: "mug.png", Content: file}, UseCase: product.UseCaseMainImage, // streamed
	})
	// end
	if err != nil {
		return nil, nil, err
	}
	if _, err := file.Seek(0, 0); err != nil {
		return nil, nil, err
	}
	client := g.client
	// addImage raw
	raw, err := client.Call(ctx, "POST", "/product/202309/images/upload", nil, &ttshop.Form{
		Files: map[string]ttshop.File{"data": {Name: "mug.png", Content: file}},
	})
	// end
	return res, raw, err
}

func (g *javaScript) getOrders() ([]string, *ttshop.Response, error) {
	ctx, shop := g.ctx, g.shop
	var ids []string
	// getOrders
	params := &order.SearchParams{PageSize: 100, OrderStatus: order.StatusAwaitingShipment}
	for o, err := range order.New(shop).SearchAll(ctx, params) { // all pages
		if err != nil {
			return nil, nil, err
		}
		ids = append(ids, o.ID)
	}
	// end
	pageToken := ""
	// getOrders raw
	raw, err := shop.Call(ctx, "POST", "/order/202309/orders/search",
		url.Values{"page_size": {"100"}, "page_token": {pageToken}}, map[string]any{"order_status": "AWAITING_SHIPMENT"})
	// end
	return ids, raw, err
}

func (g *javaScript) signByURL(rawURL string, body []byte) (sign.Signature, error) {
	appSecret := g.appSecret
	// signByUrl
	s, err := sign.New(appSecret).SignURL(rawURL, "application/json", body, time.Now())
	// end
	return s, err
}

func (g *javaScript) signature() (sign.Signature, error) {
	appSecret, appKey, shopID := g.appSecret, g.app.Key, g.shopID
	// signature
	s, err := sign.New(appSecret).SignConfig(sign.Config{AppKey: appKey, ShopID: shopID}, "/api/orders/search", time.Now())
	// end
	return s, err
}

func (g *javaScript) authCodeToken() (ttshop.Token, error) {
	ctx, app, code := g.ctx, g.app, g.code
	// authCodeToken
	token, err := app.Exchange(ctx, code)
	// end
	return token, err
}

func (g *javaScript) generateToken() (ttshop.Token, error) {
	ctx, app, refreshToken := g.ctx, g.app, g.refreshToken
	// generateToken
	token, err := app.Refresh(ctx, refreshToken)
	// end
	return token, err
}

// TestFromJavaScript runs the rows of the guide in an order in which each finds
// what it needs.
func TestFromJavaScript(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	g := &javaScript{
		ctx: t.Context(), client: server.Client, shop: server.Shop("GB"), app: server.App, appSecret: server.Credentials.AppSecret,
		code: server.Credentials.AuthCode, refreshToken: ttshop.Secret(server.Credentials.RefreshToken),
	}
	check := func(name string, raw *ttshop.Response, err error, ok bool) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := raw.Failed(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !ok {
			t.Fatalf("%s: the answer is not the expected one; raw: %s", name, raw.Data)
		}
	}
	shops, raw, err := g.getShops()
	check("getShops", raw, err, err == nil && len(shops.Shops) >= 3)
	for _, shop := range shops.Shops {
		if shop.Region == "GB" {
			g.shopID = shop.ID
			if err := g.setShop(shop.Cipher); err != nil {
				t.Fatalf("setShop: %v", err)
			}
		}
	}
	active, raw, err := g.getSellerShops()
	check("getSellerShops", raw, err, err == nil && len(active.Shops) == len(shops.Shops))

	categories, raw, err := g.getCategories()
	check("getCategories", raw, err, err == nil && len(categories.Categories) > 3)
	suggested, raw, err := g.recommendCategory()
	check("recommendCategory", raw, err, err == nil && suggested.LeafCategoryID != "")
	g.categoryID = suggested.LeafCategoryID
	attributes, raw, err := g.getCategoryAttributes()
	check("getCategoryAttributes", raw, err, err == nil && attributes.Attributes != nil)
	_, raw, err = g.getBrands()
	check("getBrands", raw, err, true)
	brand, raw, err := g.addCustomBrands()
	check("addCustomBrands", raw, err, err == nil && brand.ID != "")
	warehouses, raw, err := g.getWarehouses()
	check("getWarehouses", raw, err, err == nil && len(warehouses.Warehouses) >= 2)
	for _, w := range warehouses.Warehouses {
		if w.Type == "SALES_WAREHOUSE" && g.warehouseID == "" {
			g.warehouseID = w.ID
		}
	}

	uploaded, raw, err := g.addImage(pngFile(t, 600, 600))
	check("addImage", raw, err, err == nil && uploaded.Width == 600 && uploaded.URI != "")
	g.imageURI = uploaded.URI
	created, raw, err := g.addProduct()
	check("addProduct", raw, err, err == nil && len(created.SKUs) == 1)
	g.productID, g.skuID = created.ProductID, created.SKUs[0].ID
	var second struct {
		ProductID string `json:"product_id"`
	}
	if err := raw.Decode(&second); err != nil || second.ProductID == "" {
		t.Fatalf("addProduct raw: %s, %v", raw.Data, err)
	}
	g.otherID = second.ProductID
	got, raw, err := g.getProduct()
	check("getProduct", raw, err, err == nil && got.Title == "Enamel mug with a walnut lid, 400 ml")
	_, raw, err = g.updateProduct()
	check("updateProduct", raw, err, true)
	_, raw, err = g.partiallyEditProduct()
	check("partiallyEditProduct", raw, err, true)
	_, raw, err = g.updateProductPrices()
	check("updateProductPrices", raw, err, true)
	_, raw, err = g.updateProductInventory()
	check("updateProductInventory", raw, err, true)
	stock, raw, err := g.searchInventory()
	check("searchInventory", raw, err, err == nil && len(stock.Inventory) == 1 && stock.Inventory[0].SKUs[0].TotalAvailableQuantity == 7)
	_, raw, err = g.deactivateProducts()
	check("deactivateProducts", raw, err, true)
	_, raw, err = g.activateProducts()
	check("activateProducts", raw, err, true)
	_, raw, err = g.deleteProducts()
	check("deleteProducts", raw, err, true)
	_, raw, err = g.recoverProducts()
	check("recoverProducts", raw, err, true)

	orders, raw, err := g.getOrders()
	var page struct {
		Orders []struct{ ID string } `json:"orders"`
	}
	check("getOrders", raw, err, err == nil && len(orders) > 0 && raw.Decode(&page) == nil && len(page.Orders) == min(100, len(orders)) && page.Orders[0].ID == orders[0])

	rawURL := "http://127.0.0.1:9000/order/202309/orders/search?app_key=k&page_token=aGk%3D%3D"
	s, err := g.signByURL(rawURL, []byte("{}"))
	if err != nil || len(s.Signature) != sign.Size || s.Timestamp == 0 {
		t.Errorf("signByUrl: %v, %v", s, err)
	}
	if s, err := g.signature(); err != nil || len(s.Signature) != sign.Size || s.Timestamp == 0 {
		t.Errorf("signature: %v, %v", s, err)
	}
	token, err := g.authCodeToken()
	if err != nil || !token.ValidAt(time.Now()) {
		t.Errorf("authCodeToken: %v, %v", token, err)
	}
	if token, err = g.generateToken(); err != nil || !token.ValidAt(time.Now()) {
		t.Errorf("generateToken: %v, %v", token, err)
	}
}

// TestFromJavaScriptShowsWhatRuns holds the Go code of the guide against the
// code of this file.
func TestFromJavaScriptShowsWhatRuns(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("from-javascript.md")
	if err != nil {
		t.Fatal(err)
	}
	want := marked(t, "from_javascript_test.go")
	shown := map[string]string{}
	for _, m := range regexp.MustCompile(`(?ms)^### (\w+)$(.*?)(?:^##|\z)`).FindAllStringSubmatch(strings.ReplaceAll(string(guide), "\n##", "\n##\n##"), -1) {
		for i, block := range regexp.MustCompile("(?ms)^```go\n(.*?)\n```$").FindAllStringSubmatch(m[2], -1) {
			shown[m[1]+[]string{"", " raw"}[i]] = block[1]
		}
	}
	seed := []string{
		"setShop", "getShops", "getCategories", "getBrands", "addCustomBrands", "getProduct", "searchInventory", "addProduct", "getSellerShops",
		"recommendCategory", "updateProduct", "getWarehouses", "updateProductPrices", "partiallyEditProduct", "getCategoryAttributes",
		"updateProductInventory", "activateProducts", "deactivateProducts", "deleteProducts", "recoverProducts", "addImage", "getOrders",
		"signByUrl", "signature", "authCodeToken", "generateToken",
	}
	for _, name := range seed {
		if shown[name] == "" {
			t.Errorf("the guide has no row for %s", name)
		}
	}
	for name, code := range want {
		if shown[name] != code {
			t.Errorf("%s: the guide shows\n%s\nand this file runs\n%s", name, shown[name], code)
		}
	}
	for name := range shown {
		if _, ok := want[name]; !ok || !slices.Contains(seed, strings.TrimSuffix(name, " raw")) {
			t.Errorf("%s: the guide shows what nothing runs", name)
		}
	}
}

// pngFile returns the name of a plain image that is deleted after the test.
func pngFile(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), fmt.Sprintf("%dx%d.png", width, height))
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
