package pages

import (
	"net/http"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// startData is what a developer needs first.
type startData struct {
	BaseURL   string
	AppKey    string
	ServiceID string
	Consent   string // link to the page that sellers see
	Shops     []startShop
	Users     int
	Requests  []requestRow
	Pulse     pulse
	Tiles     []tile
}

type startShop struct {
	world.Identity
	Seller           string
	Orders, Products int
}

// StartView is the first page.
func (s *Site) StartView(r *http.Request) view {
	st := s.State.Load()
	data := startData{BaseURL: baseURL(r), Users: len(st.Authority.Users)}
	app := st.Authority.First()
	data.AppKey, data.ServiceID = app.Key, app.ServiceID
	data.Consent = consentLink(app.ServiceID)
	data.Pulse, data.Tiles = newPulse(&s.Log, s.Clock.Now()), s.tiles()
	for _, shop := range st.World.Shops {
		shown := startShop{Identity: shop.Identity}
		for _, u := range st.Authority.Users {
			if u.OpenID == shop.Owner {
				shown.Seller = u.Name
			}
		}
		shop.Mu.RLock()
		shown.Orders, shown.Products = len(trade.OrdersOf(shop).ByID), len(product.Of(shop).List)
		shop.Mu.RUnlock()
		data.Shops = append(data.Shops, shown)
	}
	data.Requests, _ = s.requestRows(gate.LogFilter{Limit: 6})
	return view{template: "start", title: "Overview", data: data}
}

// webShop is a shop as pages let choose it.
type webShop struct {
	ID, Name, Region string
	Current          bool
}

// chosenShop returns the shop that a page is about, the first one where the
// request names none, and all of them. It is nil where the request names one
// that does not exist.
func (s *Site) chosenShop(id string) (*world.Shop, []webShop) {
	world := s.State.Load().World
	chosen := world.Shops[0]
	if id != "" {
		chosen = world.ShopByID(id)
	}
	var list []webShop
	for _, shop := range world.Shops {
		list = append(list, webShop{shop.ID, shop.Name, shop.Region, shop == chosen})
	}
	return chosen, list
}

// webPage is a part of a list.
type webPage struct {
	First, Last, Total int    // positions count from 1
	Newer, Older       string // links; "" where there is none
}
