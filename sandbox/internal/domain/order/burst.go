package order

import (
	"fmt"
	"net/http"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// maxBurst bounds the orders that one burst makes or changes.
const maxBurst = 20_000

// postBurst is a second in which a shop has more changes than fit on a page.
func postBurst(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input control.Burst
	if !gate.ControlBody(w, r, &input) {
		return
	}
	world, now := s.Present()
	shop := world.ShopByID(input.ShopID)
	switch {
	case shop == nil:
		gate.ControlError(w, http.StatusNotFound, "no shop has this id")
		return
	case input.Place < 0 || input.Place > maxBurst || input.Touch < 0 || input.Touch > maxBurst || input.Place+input.Touch == 0:
		gate.ControlError(w, http.StatusBadRequest, fmt.Sprintf("place and touch are from 0 to %d, and not both 0", maxBurst))
		return
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	if err := trade.Burst(shop, input.Place, input.Touch, now); err != nil {
		gate.ControlError(w, http.StatusConflict, err.Error())
		return
	}
	gate.ControlAnswer(w, http.StatusOK, control.BurstResult{Time: now.Unix(), Placed: input.Place, Touched: input.Touch})
}
