package pages

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

type newProductData struct {
	Shops    []webShop
	Shop     world.Identity
	Currency string
	Title, Description,
	SellerSKU, Price, Stock string // as they were typed
}

func (s *Site) newProductView(r *http.Request) view {
	shop, shops := s.chosenShop(r.FormValue("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	return view{template: "newproduct", title: "New product", data: newProductData{
		Shops: shops, Shop: shop.Identity, Currency: shop.Market.Currency,
		Title: r.PostFormValue("title"), Description: r.PostFormValue("description"),
		SellerSKU: r.PostFormValue("seller_sku"), Price: r.PostFormValue("price"), Stock: r.PostFormValue("stock"),
	}}
}

// addProduct gives a shop what the form describes.
func (s *Site) addProduct(r *http.Request) (string, error) {
	amount := strings.TrimSpace(r.PostFormValue("stock"))
	quantity, err := strconv.ParseInt(amount, 10, 64)
	if err != nil {
		return "", fmt.Errorf("the stock %q is not a whole number, such as 25", amount)
	}
	type sku struct {
		SellerSKU string `json:"seller_sku"`
		Price     string `json:"price"`
		Stock     int64  `json:"stock"`
	}
	answer, err := s.steer(r, http.MethodPost, "products", struct {
		ShopID      string `json:"shop_id"`
		Title       string `json:"title"`
		Description string `json:"description"`
		SKUs        []sku  `json:"skus"`
	}{
		r.PostFormValue("shop"), strings.TrimSpace(r.PostFormValue("title")), strings.TrimSpace(r.PostFormValue("description")),
		[]sku{{strings.TrimSpace(r.PostFormValue("seller_sku")), strings.TrimSpace(r.PostFormValue("price")), quantity}},
	})
	if err != nil {
		return "", err
	}
	var added struct {
		ID string `json:"product_id"`
	}
	if err := json.Unmarshal(answer, &added); err != nil {
		return "", fmt.Errorf("reading the new product: %w", err)
	}
	return webLink("products/"+added.ID, "done", "added"), nil
}
