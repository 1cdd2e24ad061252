package pages

import (
	"net/http"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

type promotionsData struct {
	Shops               []webShop
	Shop                world.Identity
	Activities, Coupons []promotion.Summary
}

func (s *Site) promotionsView(r *http.Request) view {
	shop, shops := s.chosenShop(r.URL.Query().Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := promotionsData{Shops: shops, Shop: shop.Identity}
	shop.Mu.RLock()
	data.Activities, data.Coupons = promotion.Summaries(shop, s.Clock.Now().Unix())
	shop.Mu.RUnlock()
	return view{template: "promotions", title: "Promotions of " + shop.Name, data: data}
}

type creatorsData struct {
	Shops []webShop
	Shop  world.Identity
	affiliate.Program
	Titles map[string]string // of products
}

func (s *Site) creatorsView(r *http.Request) view {
	shop, shops := s.chosenShop(r.URL.Query().Get("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := creatorsData{Shops: shops, Shop: shop.Identity, Titles: map[string]string{}}
	shop.Mu.RLock()
	defer shop.Mu.RUnlock()
	data.Program = affiliate.ProgramOf(shop, s.Clock.Now().Unix())
	for _, offer := range data.Offers {
		if p := product.Of(shop).ByID[offer.Product]; p != nil {
			data.Titles[offer.Product] = p.Live.Title
		}
	}
	return view{template: "creators", title: "Creators of " + shop.Name, data: data}
}
