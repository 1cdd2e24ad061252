package sandbox

import (
	"time"
)

// newWorld invents a world as of now. Everything in it follows from the seed
// and the time.
func newWorld(r *registry, seed uint64, now time.Time, auditDelay time.Duration) *world {
	w := &world{seed: seed, ports: ports{deadlines: r.deadlines}}
	w.rooms.furnish(newCatalog())
	w.rooms.furnish(newFiles(seed))
	w.owners.shops = make(map[string]*shop, 4096)
	rng := newRandom(seed, streamSeller)
	w.rooms.furnish(&images{rng: newRandom(seed, streamImages), byURI: map[string]*imageInfo{}})
	w.rooms.furnish(newBrands(seed))
	label := pick(rng, []string{"Harbor & Pine", "Juniper Lane", "Saltmarsh Goods", "Copper Finch", "Northlight", "Meadow & Main"})
	w.seller = seller{
		openID:        rng.text(urlDigits, 36),
		creatorOpenID: rng.text(urlDigits, 36),
		name:          label,
		region:        "US",
		assetCipher:   "TTP_" + rng.text(urlDigits, 28),
	}
	w.neighbour = seller{
		openID:      rng.text(urlDigits, 36),
		name:        pick(rng, []string{"Thistle & Twine", "Brackenhurst", "Lantern Row", "Wren and Willow"}),
		region:      "GB",
		assetCipher: "GCP_" + rng.text(urlDigits, 28),
	}
	for i, s := range []struct {
		seller               *seller
		region, suffix, kind string
	}{
		{&w.seller, "US", "", "LOCAL"},
		{&w.seller, "GB", " UK", "CROSS_BORDER"},
		{&w.seller, "VN", " Việt Nam", "CROSS_BORDER"},
		{&w.neighbour, "GB", "", "LOCAL"},
	} {
		rng := newRandom(seed, streamShops+uint64(i))
		region := regionOf(s.region)
		code := map[string]string{"LOCAL": "LC", "CROSS_BORDER": "CB"}[s.kind]
		shopIDs := ids{idSellers + uint64(i)*idStride + rng.Uint64N(idStride/2), rng}
		shop := &shop{
			identity: identity{
				ID:         shopIDs.new(),
				Cipher:     region.prefix + rng.text(urlDigits, 28),
				Name:       s.seller.name + s.suffix,
				Region:     region.code,
				Code:       region.code + code + rng.text(upperDigits, 6),
				SellerType: s.kind,
			},
			owner:      s.seller.openID,
			world:      w,
			deadlines:  new(deadlines),
			region:     region,
			auditDelay: auditDelay,
		}
		g := &generator{random: rng, world: w, shop: shop, index: uint64(i), now: now}
		g.warehouses()
		offers := seedProducts(g)
		shop.rooms.furnish(newStockMoves())
		seedOrders(g, offers)
		w.shops = append(w.shops, shop)
	}
	w.rooms.furnish(newWebhooks(w))
	w.rooms.furnish(newCreators(w))
	for i, shop := range w.shops {
		seedPromotions(shop, seed, i, now)
		seedDesk(shop, seed, i, now)
		seedAffiliate(shop, seed, i, now)
	}
	w.rooms.furnish(&registers{sellers: newRegisters(w)})
	w.rooms.furnish(&globals{sellers: newGlobals(w, now)})
	return w
}
