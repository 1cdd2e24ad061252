package affiliate

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// getLiveRoom shows the creator's LIVE, which is always on: that of analytics at
// this time. The words for its state are not documented.
func getLiveRoom(c *gate.Call) *gate.Failure {
	cr := acting(c)
	on := liveAt(cr.region.Location(), cr.userID, c.Now.Unix())
	c.JSON(struct {
		ID     string `json:"id"`
		Start  int64  `json:"start_time"`
		Status string `json:"status"`
		Title  string `json:"title"`
	}{on.ID, on.Start, "LIVE", "LIVE with " + cr.username})
	return nil
}

// listLive lists what the LIVE shows, as far as it is still in the showcase.
func listLive(c *gate.Call) *gate.Failure {
	cr := acting(c)
	in, all := shelfOf(c.State.World, cr), showcaseProducts(c, cr)
	list, pinned := []shelfProduct{}, ""
	for _, id := range in.Live {
		if i := slices.IndexFunc(all, func(p shelfProduct) bool { return p.ID == id }); i >= 0 {
			list = append(list, all[i])
			if id == in.Pinned {
				pinned = id
			}
		}
	}
	c.JSONAs(struct {
		Pinned   string         `json:"pinned_product_id"`
		Products []shelfProduct `json:"products"`
	}{pinned, list})
	return nil
}

// addToLive puts products of the showcase into the LIVE.
func addToLive(c *gate.Call) *gate.Failure {
	var in shelfInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	if len(in.IDs) == 0 {
		return gate.Missing("product_ids")
	}
	cr := acting(c)
	there := showcase(c, cr, func(in *shown) string { return in.product.ID })
	errors := []shelfError{}
	arrange(c.State.World, cr, func(on *shelf) {
		for _, id := range in.IDs {
			why := ""
			switch {
			case slices.Contains(on.Live, id):
			case !slices.Contains(there, id):
				why = "the product is not in the showcase"
			case len(on.Live) >= maxLive:
				why = "the LIVE has 100 products"
			default:
				on.Live = append(on.Live, id)
			}
			if why != "" {
				errors = append(errors, shelfError{gate.CodeInvalidParameter, errorDetail{id}, why})
			}
		}
	})
	return answerErrors(c, errors)
}

// arrangeLive changes the LIVE by the ids of a request, of which it must have all
// where that is asked for.
func arrangeLive(c *gate.Call, all bool, change func(on *shelf, ids []string)) *gate.Failure {
	var in shelfInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	if len(in.IDs) == 0 {
		return gate.Missing("product_ids")
	}
	var f *gate.Failure
	arrange(c.State.World, acting(c), func(on *shelf) {
		for _, id := range in.IDs {
			if all && !slices.Contains(on.Live, id) {
				f = gate.Fail(gate.CodeInvalidParameter, "'product_ids' has ", id, ", which is not in the LIVE")
				return
			}
		}
		change(on, in.IDs)
	})
	return f
}

func removeFromLive(c *gate.Call) *gate.Failure {
	return arrangeLive(c, false, func(on *shelf, ids []string) {
		if on.Live = without(on.Live, ids); slices.Contains(ids, on.Pinned) {
			on.Pinned = ""
		}
	})
}

func topLive(c *gate.Call) *gate.Failure {
	return arrangeLive(c, true, func(on *shelf, ids []string) { on.Live = first(on.Live, ids) })
}

// pin shows the card of a product in the LIVE, in the place of any other.
func pin(c *gate.Call) *gate.Failure {
	var f *gate.Failure
	arrange(c.State.World, acting(c), func(on *shelf) {
		if id := c.Param(0); slices.Contains(on.Live, id) {
			on.Pinned = id
		} else {
			f = gate.Fail(gate.CodeInvalidParameter, "'product_id' ", id, " is not in the LIVE")
		}
	})
	return f
}

func unpin(c *gate.Call) *gate.Failure {
	var f *gate.Failure
	arrange(c.State.World, acting(c), func(on *shelf) {
		if id := c.Param(0); on.Pinned == id {
			on.Pinned = ""
		} else {
			f = gate.Fail(gate.CodeInvalidParameter, "'product_id' ", id, " is not pinned")
		}
	})
	return f
}
