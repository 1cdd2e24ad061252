package trade

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// AddBuyer makes a buyer of a shop and returns the id. The buyer lives where
// another one does. The caller is alone: it is for a world that is being made.
func AddBuyer(s *world.Shop, nickname, first, last, email string) string {
	added := Of(s).Buyers[0]
	added.ID, added.Nickname = invent.FinanceID("buyer", s.ID, nickname), nickname
	if first != "" {
		added.First = first
	}
	if last != "" {
		added.Last = last
	}
	if email != "" {
		added.Email = email
	}
	Of(s).Buyers = append(Of(s).Buyers, added)
	return added.ID
}

// BuyerNamed returns the id of the buyer of a nickname, or "".
func BuyerNamed(s *world.Shop, nickname string) string {
	for i := range Of(s).Buyers {
		if Of(s).Buyers[i].Nickname == nickname {
			return Of(s).Buyers[i].ID
		}
	}
	return ""
}
