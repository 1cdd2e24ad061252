package login

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

const standingHelp = `POST   /_sandbox/shops/{id}      {"status":"DEACTIVATED"}: where the shop stands with the platform; ACTIVE is usual
`

// standingPart holds where a shop stands.
func standingPart(s *world.Shop) keep.Part {
	part := keep.Plain("standing", &s.Standing)
	part.Later = true
	return part
}

func checkStanding(s *world.Shop) error {
	return keep.Placed("standing", keep.CheckOneOf("status", s.Standing.Status, statuses()...))
}

func statuses() []string { return slices.Sorted(maps.Values(world.ShopStatuses)) }

// standing returns the number of a shop's status.
func standing(s *world.Shop) string {
	s.Mu.RLock()
	defer s.Mu.RUnlock()
	for number, name := range world.ShopStatuses {
		if name == s.Standing.Status {
			return number
		}
	}
	panic("sandbox: a shop is " + s.Standing.Status) // checked where it is set
}

// The numbers of the answer that nothing here changes: the seller came by itself,
// and the tax form is approved.
const (
	channelOrganic = "1"
	taxApproved    = "2"
)

// getSellerStatus tells where the seller and the shops of the grant stand. The
// seller is active while one of the shops is, else what the first one is.
func getSellerStatus(c *gate.Call) *gate.Failure {
	type shopStatus struct {
		ID     string `json:"shop_id"`
		Status string `json:"shop_status"`
	}
	type view struct {
		Channel string       `json:"partner_channel"`
		Seller  string       `json:"seller_status"`
		Shops   []shopStatus `json:"shop_statuses"`
		Tax     string       `json:"tax_form_status"`
	}
	if f := c.WithShop(""); f != nil { // creators and partners have none
		return f
	}
	v := view{Channel: channelOrganic, Shops: []shopStatus{}, Tax: taxApproved}
	for _, s := range c.Grant.Shops {
		status := standing(s)
		if v.Seller == "" || world.ShopStatuses[status] == world.ShopActive {
			v.Seller = status
		}
		v.Shops = append(v.Shops, shopStatus{s.ID, status})
	}
	c.JSON(struct {
		Data view `json:"seller_status_data"`
	}{v})
	return nil
}

// postStanding changes where a shop stands.
func postStanding(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Status string `json:"status"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	all, _ := s.Present()
	shop := all.ShopByID(r.PathValue("id"))
	switch {
	case shop == nil:
		gate.ControlError(w, http.StatusNotFound, "no shop has this id")
		return
	case !slices.Contains(statuses(), input.Status):
		gate.ControlError(w, http.StatusBadRequest, fmt.Sprintf("a shop is one of %s", strings.Join(statuses(), ", ")))
		return
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	shop.Standing.Status = input.Status
	gate.ControlAnswer(w, http.StatusOK, shop.Standing)
}
