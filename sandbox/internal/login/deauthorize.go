package login

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// The data of the webhooks that tell an app that it may no longer act for
// somebody.
type (
	sellerDeauthorization struct {
		Message string `json:"message"`
	}
	creatorDeauthorization struct {
		CancelTime int64 `json:"cancel_time"` // a number in the sample, text in the table
	}
)

func tellDeauthorization(w *world.World, to *authority.App, s *world.Shop) {
	notify.Of(w).Tell(to, notify.Subject{Shop: s}, int(event.TypeSellerDeauthorization), sellerDeauthorization{
		"The seller has ended the authorization of the app.",
	})
}

// deauthorizeShop takes the shop out of the grant. The documents do not tell
// what becomes of the other shops of a grant: here they stay, and the grant,
// with its tokens, ends with its last shop.
func deauthorizeShop(c *gate.Call) *gate.Failure {
	c.State.Authority.Leave(c.Grant.ID, c.Shop)
	tellDeauthorization(c.State.World, c.App, c.Shop)
	c.JSON(struct{}{})
	return nil
}
