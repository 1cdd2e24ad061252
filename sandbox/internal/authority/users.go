package authority

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Users returns everybody who can authorize apps: the seller who owns all
// shops of the Credentials, another seller with a shop, creators and a
// partner. The first of a kind is who a link without a choice means.
func Users(w *world.World) []*User {
	first := &User{UserSeller, w.Seller.OpenID, w.Seller.Name, w.Seller.Region, nil, w.Seller.AssetCipher}
	second := &User{UserSeller, w.Neighbour.OpenID, w.Neighbour.Name, w.Neighbour.Region, nil, w.Neighbour.AssetCipher}
	for _, s := range w.Shops {
		owner := first
		if s.Owner == second.OpenID {
			owner = second
		}
		owner.Shops = append(owner.Shops, s)
	}
	rng := invent.NewRandom(w.Seed, invent.StreamUsers)
	return []*User{
		first,
		second,
		{UserType: UserCreator, OpenID: w.Seller.CreatorOpenID, Name: "sandbox.creator", Region: "US"},
		{UserType: UserCreator, OpenID: rng.Text(invent.URLDigits, 36), Name: "sandbox.creator.uk", Region: "GB"},
		{UserType: UserPartner, OpenID: rng.Text(invent.URLDigits, 36), Name: "Sandbox Partner Agency", Region: "US", AssetCipher: "TTP_" + rng.Text(invent.URLDigits, 28)},
	}
}
