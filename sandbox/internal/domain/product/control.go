package product

import (
	"net/http"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

const addHelp = `POST   /_sandbox/products        {"shop_id":…,"title":…,"skus":[{"seller_sku":…,"price":"9.5","stock":10}]}: a live product
`

// postProduct gives a shop a product without a review.
func postProduct(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		ShopID      string `json:"shop_id"`
		Title       string `json:"title"`
		Description string `json:"description"`
		CategoryID  string `json:"category_id"`
		SKUs        []struct {
			SellerSKU string `json:"seller_sku"`
			Name      string `json:"name"`
			Price     string `json:"price"`
			Stock     int64  `json:"stock"`
		} `json:"skus"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	world, now := s.Present()
	shop := world.ShopByID(input.ShopID)
	if shop == nil {
		gate.ControlError(w, http.StatusNotFound, "no shop has this id")
		return
	}
	wanted := Addition{Title: input.Title, Description: input.Description, Category: input.CategoryID}
	for _, sku := range input.SKUs {
		wanted.Variants = append(wanted.Variants, AddedVariant{sku.SellerSKU, sku.Name, sku.Price, sku.Stock})
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	p, err := Add(shop, wanted, now)
	if err != nil {
		gate.ControlError(w, http.StatusConflict, err.Error())
		return
	}
	gate.ControlAnswer(w, http.StatusCreated, struct {
		ID string `json:"product_id"`
	}{p.ID})
}
