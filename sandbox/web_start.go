package sandbox

import (
	"net/http"
	"net/url"
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
}

type startShop struct {
	identity
	Seller           string
	Orders, Products int
}

func (s *site) startView(r *http.Request) view {
	st := s.state.Load()
	data := startData{BaseURL: "http://" + r.Host, Users: len(st.authority.users)}
	if r.TLS != nil {
		data.BaseURL = "https://" + r.Host
	}
	app := st.authority.first()
	data.AppKey, data.ServiceID = app.Key, app.ServiceID
	data.Consent = "/open/authorize?" + url.Values{"service_id": {app.ServiceID}, "state": {"any"}}.Encode()
	for _, shop := range st.world.shops {
		shown := startShop{identity: shop.identity}
		for _, u := range st.authority.users {
			if u.openID == shop.owner {
				shown.Seller = u.name
			}
		}
		shop.mu.RLock()
		shown.Orders, shown.Products = len(ordersOf(shop).byID), len(productsOf(shop).list)
		shop.mu.RUnlock()
		data.Shops = append(data.Shops, shown)
	}
	data.Requests, _ = browse(&s.log, requestFilter{limit: 6})
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
func (s *site) chosenShop(id string) (*shop, []webShop) {
	world := s.state.Load().world
	chosen := world.shops[0]
	if id != "" {
		chosen = world.shopByID(id)
	}
	var list []webShop
	for _, shop := range world.shops {
		list = append(list, webShop{shop.ID, shop.Name, shop.Region, shop == chosen})
	}
	return chosen, list
}

// webPage is a part of a list.
type webPage struct {
	First, Last, Total int    // positions count from 1
	Newer, Older       string // links; "" where there is none
}
