package product

import (
	"net/http"
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

const listedHelp = `POST   /_sandbox/combined_listings {"shop_id":…,"product_ids":[…]}: live products are shown as the choices of one listing
POST   /_sandbox/combined_listings/{id} {"product_ids":[…]} or {"status":"SELLER_DEACTIVATED"}; also LIVE, DELETED
`

// postListing combines products, as in Seller Center: no operation does.
func postListing(g *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var in struct {
		Shop     string   `json:"shop_id"`
		Products []string `json:"product_ids"`
	}
	if !gate.ControlBody(w, r, &in) {
		return
	}
	known, _ := g.Present()
	s := known.ShopByID(in.Shop)
	if s == nil {
		gate.ControlError(w, http.StatusNotFound, "no shop has this id")
		return
	}
	s.Mu.Lock()
	defer s.Mu.Unlock()
	if err := checkMembers(s, nil, in.Products); err != nil {
		gate.ControlError(w, http.StatusConflict, err.Error())
		return
	}
	gate.ControlAnswer(w, http.StatusCreated, struct {
		ID string `json:"combined_listing_id"`
	}{listTogether(s, in.Products).ID})
}

// postListingChange changes a combined listing. That the seller hides it or shows it
// again is not announced: the page has no such occasion.
func postListingChange(g *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var in struct {
		Products []string `json:"product_ids"`
		Status   string   `json:"status"`
	}
	if !gate.ControlBody(w, r, &in) {
		return
	}
	if (in.Products == nil) == (in.Status == "") || in.Status != "" && !slices.Contains([]string{listingLive, listingSeller, listingDeleted}, in.Status) {
		gate.ControlError(w, http.StatusBadRequest, "wants product_ids, or a status: LIVE, SELLER_DEACTIVATED or DELETED")
		return
	}
	known, _ := g.Present()
	id := r.PathValue("id")
	s, l := findListing(known, id)
	if l == nil {
		gate.ControlError(w, http.StatusNotFound, "no combined listing has this id")
		return
	}
	s.Mu.Lock()
	defer s.Mu.Unlock()
	if l.Status == listingDeleted {
		gate.ControlError(w, http.StatusConflict, "combined listing "+id+" is deleted")
		return
	}
	members := in.Products
	if members == nil {
		members = l.Products
	}
	if in.Status == "" || in.Status == listingLive {
		if err := checkMembers(s, l, members); err != nil {
			gate.ControlError(w, http.StatusConflict, err.Error())
			return
		}
	}
	switch in.Status {
	case "":
		if l.Status == listingSystem { // there is something to choose from again
			l.Status = listingLive
		}
		l.regroup(s, members)
	case listingDeleted:
		l.Status = in.Status
		l.announce(s, "DELETE", nil, nil)
	default:
		l.Status = in.Status
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Status string `json:"status"`
	}{l.Status})
}

// findListing returns a combined listing with its shop, nil where there is none.
func findListing(w *world.World, id string) (*world.Shop, *combinedListing) {
	s := w.Owners.Of(id)
	if s == nil {
		return nil, nil
	}
	s.Mu.RLock()
	defer s.Mu.RUnlock()
	i := slices.IndexFunc(Of(s).listings, func(l *combinedListing) bool { return l.ID == id })
	if i < 0 {
		return nil, nil
	}
	return s, Of(s).listings[i]
}
